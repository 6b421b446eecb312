from fractions import Fraction

import pytest

import equipoise as eq

X, Y = [[1], [1], [0]], [3, 2, 1]


@pytest.mark.parametrize(
    ("place", "limit"), [("first", 0), (8, 2), (19, 4.75), (20, 5), (24, 6), ("last", 8)]
)
def test_l1_gives_exactly_zero_from_the_pull_on(lesson, place, limit):
    section = lesson(11)
    section.slide("l1", place)
    w = max(Fraction(0), (5 - Fraction(limit)) / 2)
    assert section.read("lasso") == pytest.approx(float(w), abs=1e-6)
    assert section.read("lasso") == pytest.approx(eq.fit(X, Y, l1=limit, intercept=False).coef[0], abs=1e-6)
    assert (section.read("lasso") == 0) == (limit >= 5)
    assert ("killed" in section.text("verdict-l1")) == (limit >= 5)
    assert (section.read("low"), section.read("high")) == (-limit, limit)
    assert section.read("left-l1") == pytest.approx(max(0, 5 - limit))


@pytest.mark.parametrize(
    ("place", "l2"),
    [("first", 0), (1, Fraction(1, 100)), (5, 1), (7, 10), (9, 100), (16, 300_000), ("last", 1_000_000)],
)
def test_l2_never_gives_zero(lesson, place, l2):
    section = lesson(11)
    section.slide("l2", place)
    w = Fraction(5) / (2 + 2 * Fraction(l2))
    assert section.read("ridge") == pytest.approx(float(w), rel=1e-6)
    fit = eq.fit(X, Y, l1=0, l2=float(l2), intercept=False)
    assert section.read("ridge") == pytest.approx(fit.coef[0], rel=1e-6)
    shown = section.text("ridge")
    assert "e" not in shown  # in full
    assert float(shown) == pytest.approx(float(w), rel=5e-4)
    assert float(shown) > 0
    if l2:
        part = section.text("verdict-l2").split("1/")[1].split()[0]
        assert float(part) == pytest.approx(float(1 + Fraction(l2)), rel=5e-4)


@pytest.mark.parametrize(("zoom", "times"), [("first", 1), (3, 1000), ("last", 1_000_000)])
def test_whatever_the_zoom_the_lowest_point_of_l1_is_the_kink(lesson, zoom, times):
    section = lesson(11)
    section.slide("l1", 24)
    section.slide("l2", "last")
    section.slide("zoom", zoom)
    zero, l1, l2 = (
        float(section.page.locator(f"#s11 {place}").first.get_attribute(name))
        for place, name in [
            ("[data-at='near-l1'] line.zero", "x1"),
            ("[data-at='near-l1'] circle", "cx"),
            ("[data-at='near-l2'] circle", "cx"),
        ]
    )
    assert l1 == pytest.approx(zero, abs=0.01)
    unit = (360 - 48 - 14) / 4
    assert l2 - zero == pytest.approx(5 / 2_000_002 * times * unit, abs=0.01)
    for penalty in ("l1", "l2"):  # the total's curve is lowest there
        line = section.page.locator(f"#s11 [data-at='near-{penalty}'] .curve.total").get_attribute("points")
        points = [tuple(map(float, pair.split(","))) for pair in line.split()]
        lowest = max(points, key=lambda point: point[1])[0]
        assert lowest == pytest.approx(l1 if penalty == "l1" else l2, abs=unit / 25)
