import re

import pytest

import equipoise as eq


@pytest.mark.parametrize(
    ("limit", "weight", "penalty", "slope"),
    [(2, "first", 4, -2), (2, 0.5, 1, 2), ("last", "last", 8, 4), ("first", "last", 0, 0)],
)
def test_away_from_zero_the_slope_is_the_limit_with_the_sign_of_w(lesson, limit, weight, penalty, slope):
    section = lesson(5)
    section.slide("limit", limit)
    section.slide("weight", weight)
    assert section.read("penalty") == pytest.approx(penalty)
    assert section.read("slope") == pytest.approx(slope)


def test_at_zero_it_is_a_whole_interval(lesson):
    section = lesson(5)
    section.slide("weight", 0)
    assert section.text("slope") == "any number from −2 to 2"
    section.slide("limit", 3)
    assert section.text("slope") == "any number from −3 to 3"
    section.slide("limit", "first")
    assert section.read("slope") == 0


@pytest.mark.parametrize(
    ("keys", "slope", "below"),
    [(["Home"], -5, False), (["End"], 5, False), (["ArrowUp"] * 4, 2, True), (["ArrowUp"] * 5, 2.25, False)],
)
def test_a_line_within_the_interval_stays_below_the_curve(lesson, keys, slope, below):
    section = lesson(5)  # λ is 2, the line starts with slope 1
    section.page.locator("#s5-slope").focus()
    for key in keys:
        section.page.keyboard.press(key)
    assert section.read("line") == slope
    spoken = section.page.locator("#s5-slope")
    told = [float(spoken.get_attribute(f"aria-value{name}")) for name in ("min", "now", "max")]
    assert told == [-5, slope, 5]
    above = [w for w in (-2, -1, -0.1, 0.1, 1, 2) if slope * w > 2 * abs(w)]
    assert bool(above) is not below
    assert ("No subgradient" in section.text("fits")) is not below
    corners = section.page.locator("#s5 .over").get_attribute("points")
    assert bool(corners) is not below  # where the line is above is marked
    if above:
        assert f"for every w {'>' if above[0] > 0 else '<'} 0" in section.text("fits")


def test_the_line_follows_the_mouse(lesson):
    section = lesson(5)
    pixels = section.page.locator("#s5 [data-at='fan'] svg").bounding_box()["width"] / 360
    unit = (270 - 38 - 16) / 14 * pixels
    section.drag(0, 0, -2 * unit)
    assert section.read("line") == 3
    section.drag(0, 0, 4 * unit)
    assert section.read("line") == -1
    section.drag(0, 0, 20 * unit)
    assert section.read("line") == -5


# Of one feature w is the pull less the limit, over xᵀx = 2; 0 if the pull lies within the limit.
@pytest.mark.parametrize(
    ("price", "limit", "first", "y1"),
    [
        *[("first", 0, 11, 3), (12, 6, 11, 3), (10, 5, 11, 3), (4, 2, 11, 3)],
        *[(4, 2, "first", -8), ("last", 7, "last", 4), (2, 1, "last", 4), (0, 0, 6, -2)],
    ],
)
def test_a_pull_in_the_interval_is_killed(lesson, price, limit, first, y1):
    section = lesson(5)
    section.slide("price", price)
    section.slide("first", first)
    pull = y1 + 2
    w = 0 if abs(pull) <= limit else (pull - limit * (1 if pull > 0 else -1)) / 2
    assert section.read("pull") == pytest.approx(pull)
    assert (section.read("low"), section.read("high")) == (-limit, limit)
    assert section.read("rest") == pytest.approx(w, abs=1e-6)
    fit = eq.fit([[1], [1], [0]], [y1, 2, 1], l1=limit, intercept=False)
    assert section.read("rest") == pytest.approx(fit.coef[0], abs=1e-6)
    assert section.read("left") == pytest.approx(fit.explain()["x1"].pull, abs=1e-6)
    assert ("killed" in section.text("verdict")) == (abs(pull) <= limit != 0)
    assert ("nothing holds it" in section.text("verdict")) == (pull == limit == 0)
    if w:
        outside = re.search(r"by (\S+): kept", section.text("verdict"))
        assert float(outside[1]) == abs(pull) - limit
