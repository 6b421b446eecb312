import numpy as np
import pytest

import equipoise as eq

X, Y = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]), np.array([3.0, 2.0, 1.0])


def test_the_slope_along_one_weight(lesson):
    section = lesson(1)
    slopes = []
    for keys in [["Home"], ["ArrowRight"] * 13, ["End"]]:
        section.keys(0, *keys)
        w = section.read("w")
        residual = Y - w * X[:, 0]
        assert section.read("loss") == pytest.approx(0.5 * residual @ residual, abs=1e-6)
        assert section.read("slope") == pytest.approx(2 * w - 5, abs=1e-6)
        assert section.read("slope") == pytest.approx(
            -eq.audit(X[:, :1], Y, [w], None, l1=0).pull[0], abs=1e-6
        )
        # (w + 0.01)² − 5(w + 0.01) − (w² − 5w)
        assert section.read("change") == pytest.approx(0.01 * (2 * w - 5) + 0.0001, abs=1e-9)
        assert section.read("promised") == pytest.approx(0.01 * (2 * w - 5), abs=1e-9)
        assert section.read("rise") == section.read("slope")
        assert section.text("sign") == ("Positive:" if w > 2.5 else "Negative:")
        slopes.append((w, section.read("slope")))
    assert slopes == [(0, -5), (pytest.approx(1.3), pytest.approx(-2.4)), (5, 5)]


def test_the_slope_is_zero_where_the_fit_is(lesson):
    section = lesson(1)
    section.keys(0, "Home", *["ArrowRight"] * 25)
    assert section.read("w") == pytest.approx(eq.fit(X[:, :1], Y, l1=0, intercept=False).coef[0], abs=1e-6)
    assert section.read("slope") == 0
    assert section.text("sign") == "Zero:"


@pytest.mark.parametrize(
    ("keys", "w"),
    [
        (["Home", "PageDown"], (0, -1)),
        (["ArrowRight", "ArrowUp", "ArrowUp"], (0.6, 0.2)),
        (["End", "PageUp"], (4, 3)),
    ],
)
def test_the_gradient_along_two_weights(lesson, keys, w):
    section = lesson(1)
    section.keys(1, *keys)
    residual = Y - X @ w
    assert [section.read("w1"), section.read("w2")] == pytest.approx(w)
    assert section.read("loss2") == pytest.approx(0.5 * residual @ residual, abs=1e-6)
    slopes = [section.read("slope1"), section.read("slope2")]
    assert slopes == pytest.approx([2 * w[0] + w[1] - 5, w[0] + 2 * w[1] - 4], abs=1e-6)
    assert slopes == pytest.approx(-eq.audit(X, Y, w, None, l1=0).pull, abs=1e-6)
    for name, slope in zip(("part1", "part2"), slopes, strict=True):
        assert section.read(name) == slope
    words = {1.0: "rises", -1.0: "falls", 0.0: "stays"}
    assert [section.text("way1"), section.text("way2")] == [words[float(np.sign(slope))] for slope in slopes]


def test_the_gradient_is_zero_where_the_fit_is(lesson):
    section = lesson(1)
    section.keys(1, "Home", "PageDown", *["ArrowRight"] * 20, *["ArrowUp"] * 20)
    fit = eq.fit(X, Y, l1=0, intercept=False)
    assert [section.read("w1"), section.read("w2")] == pytest.approx(fit.coef, abs=1e-6)
    assert [section.read("slope1"), section.read("slope2"), section.read("loss2")] == [0, 0, 0]
    assert "no small step" in section.text("flat")


def test_points_follow_the_mouse(lesson):
    section = lesson(1)
    section.drag(0, 60, 0)
    assert section.read("w") > 1.5
    assert section.read("slope") == pytest.approx(2 * section.read("w") - 5, abs=1e-6)
    section.drag(1, 80, -40)
    assert section.read("w1") > 1
    assert section.read("w2") > 0.3
    assert section.read("slope1") == pytest.approx(2 * section.read("w1") + section.read("w2") - 5, abs=1e-6)


@pytest.mark.parametrize(("option", "axis"), [(0, "w₁, while w₂ stays 0"), (1, "w₂, while w₁ stays 0.5")])
def test_the_cut_is_along_the_weight_that_is_chosen(lesson, option, axis):
    section = lesson(1)
    section.press(f"along-{1 - option}")
    section.press(f"along-{option}")
    assert section.text("axis") == axis
    # A parabola with leading coefficient 1 either way: its second difference over equal steps d is 2d².
    points = section.page.locator("#s1 [data-at='cut'] .curve.data").get_attribute("points").split()
    xy = np.array([point.split(",") for point in points], dtype=float)
    unit_x, unit_y = (360 - 14 - 48) / 8, (352 - 38 - 16) / 19
    bend = np.polyfit(xy[:, 0] / unit_x, -xy[:, 1] / unit_y, 2)[0]
    assert bend == pytest.approx(1, abs=1e-3)
    lowest = xy[:, 0][np.argmax(xy[:, 1])]
    # 2 w1 + w2 = 5 along w1, and w1 + 2 w2 = 4 along w2.
    assert lowest == pytest.approx(48 + unit_x * (2.5 + (2.5 if option == 0 else 1.75)), abs=unit_x * 8 / 140)
