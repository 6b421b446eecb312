import numpy as np
import pytest

import equipoise as eq

X = np.array([[3, 3, 1], [2, 2, -2], [1, 1.2, 1], [-1, -0.8, 1], [-2, -2, -2], [-3, -3, 1]])
MOVED = np.arange(-1, 3.1, 0.25)
L1 = [0.5, 1, 2, 8, 32]
L2 = [0, 0.1, 1, 5]


def response(moved):
    return np.array([3.2, 1.9, moved, -1.1, -2.1, -2.9])


def coef(moved, l1, l2):
    return eq.fit(X, response(moved), l1=l1, l2=l2, intercept=False).coef


def check(section, moved, l1, l2):
    shown = []
    for name, second in (("lasso", 0), ("net", l2)):
        w = coef(moved, l1, second)
        shown += [section.read(f"{name}-w{j}") for j in (1, 2, 3)]
        assert shown[-3:] == pytest.approx(list(w), abs=1e-6)
        assert section.read(f"{name}-sum") == pytest.approx(w[0] + w[1], abs=1e-6)
        assert section.text(f"{name}-zeros") == f"{sum(w == 0)} of 3"
    for j in range(3):
        others = [k for k in range(3) if k != j]
        partial = X[:, j] @ (response(moved) - X[:, others] @ w[others])
        assert section.read(f"partial{j + 1}") == pytest.approx(partial, abs=1e-6)
        assert section.read(f"square{j + 1}") == pytest.approx(X[:, j] @ X[:, j])
        update = np.sign(partial) * max(abs(partial) - l1, 0) / (X[:, j] @ X[:, j] + 2 * l2)
        assert section.read(f"update{j + 1}") == pytest.approx(update, abs=1e-6)
        assert update == pytest.approx(w[j], abs=1e-9)
    assert (section.read("l1"), section.read("l2")) == (l1, l2)
    return tuple(shown)


@pytest.mark.parametrize(
    ("control", "places"),
    [
        ("row", {"first": -1, 8: 1, 10: 1.5, "last": 3}),
        ("l1", {"first": 0.5, 2: 2, 3: 8, "last": 32}),
        ("l2", {"first": 0, 1: 0.1, 2: 1, "last": 5}),
    ],
)
def test_every_number_is_the_librarys_at_every_slider(lesson, control, places):
    section = lesson(15)
    seen = set()
    for place, value in places.items():
        section.slide(control, place)
        seen.add(
            check(
                section,
                **({"moved": 1, "l1": 2, "l2": 1} | {"moved" if control == "row" else control: value}),
            )
        )
    assert len(seen) == len(places)


def test_the_lasso_flips_and_the_elastic_net_shares(lesson):
    section = lesson(15)
    section.slide("l1", 2)
    section.slide("l2", 2)
    section.slide("row", 8)
    # x1ᵀx2 = x1ᵀx1 = 28 and x1ᵀx3 = 0: alone w1 = (28.4 - 2)/28, and x2 is pulled by 28.38 - 26.4 < 2.
    assert [section.read(f"lasso-w{j}") for j in (1, 2, 3)] == pytest.approx([26.4 / 28, 0, 0], abs=1e-9)
    assert "The lasso gives all to x1. The elastic net shares between x1 and x2." in section.text("verdict")
    section.slide("row", 10)
    assert section.read("lasso-w1") == 0
    assert "The lasso gives all to x2. The elastic net shares" in section.text("verdict")
    for name, l2 in (("lasso", 0), ("net", 1)):
        path = np.array([coef(moved, 2, l2) for moved in MOVED])
        assert section.read(f"{name}-jump") == pytest.approx(abs(np.diff(path, axis=0)).max(), abs=1e-6)
    assert section.read("lasso-jump") > 20 * section.read("net-jump")


def test_without_l2_it_is_the_lasso_and_l1_kills_in_both(lesson):
    section = lesson(15)
    section.slide("l2", "first")
    for place in range(5):
        section.slide("l1", place)
        assert [section.read(f"net-w{j}") for j in (1, 2, 3)] == [
            section.read(f"lasso-w{j}") for j in (1, 2, 3)
        ]
        assert "the elastic net is the lasso" in section.text("verdict")
    section.slide("l2", "last")
    assert section.text("net-zeros") == section.text("lasso-zeros") == "3 of 3"


def test_on_a_phone_nothing_scrolls_sideways(lesson):
    section = lesson(15, viewport={"width": 390, "height": 800}, has_touch=True)
    assert section.page.evaluate("document.documentElement.scrollWidth") == 390
    assert section.page.locator("#s15 .wide").first.evaluate("e => e.scrollWidth <= e.clientWidth")
