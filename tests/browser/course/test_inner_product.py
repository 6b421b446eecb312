import math

import numpy as np
import pytest

from equipoise.course.patients import NAMES, column

# Where the points of the persons, their lines and their numbers stand in the picture.
DRAWN = """(svg) => [["circle.person", "cx cy"], ["line.lead", "x1 y1 x2 y2"], ["text", "x y"]]
    .map(([kind, places]) =>
    [...svg.querySelectorAll(`:scope > ${kind}`)]
        .filter((e) => kind !== "text" || /^[0-9]+$/.test(e.textContent))
        .map((e) => places.split(" ").map((place) => Number(e.getAttribute(place)))))"""
START = {"a": (3.0, 1.0), "b": (2.0, 3.0)}


def agrees(section, a, b):
    product = float(np.dot(a, b))
    lengths = [float(np.linalg.norm(v)) for v in (a, b)]
    assert section.read("product") == pytest.approx(product, abs=1e-6)
    assert section.read("aligned") == pytest.approx(product, abs=1e-6)
    assert [section.read("length-a"), section.read("length-b")] == pytest.approx(lengths)
    bars = section.page.locator("#s8 [data-at='products'] [data-value]")
    shown = [float(bars.nth(k).get_attribute("data-value")) for k in range(3)]
    assert shown == pytest.approx([a[0] * b[0], a[1] * b[1], product])
    if all(lengths):
        angle = math.degrees(abs(math.atan2(a[0] * b[1] - a[1] * b[0], product)))
        assert section.read("angle") == pytest.approx(angle, abs=1e-6)
    zero = "right angle" if all(lengths) else "no direction"
    assert {1: "Above", -1: "Below", 0: zero}[np.sign(product)] in section.text("verdict")
    return product


@pytest.mark.parametrize("name", ["a", "b"])
def test_tips_follow_the_keys_to_both_ends(lesson, name):
    section = lesson(8)
    seen = [agrees(section, *START.values())]
    x, y = START[name]
    moves = [("ArrowLeft", (x - 0.5, y)), ("ArrowUp", (x - 0.5, y + 0.5)), ("Home", (-6, y + 0.5))]
    moves += [("PageDown", (-6, -4)), ("End", (6, -4)), ("PageUp", (6, 4))]
    section.page.locator(f"#s8-{name}").focus()
    for key, tip in moves:
        section.page.keyboard.press(key)
        seen.append(agrees(section, *{**START, name: tip}.values()))
    assert len(set(seen)) == len(seen)


def test_a_tip_follows_the_mouse_also_to_a_right_angle_and_to_nothing(lesson):
    section = lesson(8)
    unit = (
        section.page.locator("#s8 [data-at='vectors'] svg").bounding_box()["width"]
        / 360
        * (360 - 48 - 14)
        / 14
    )
    section.drag(1, -3 * unit, 0)
    assert agrees(section, (3, 1), (-1, 3)) == 0
    section.drag(1, -2 * unit, 4 * unit)
    agrees(section, (3, 1), (-3, -1))
    assert section.read("angle") == pytest.approx(180)
    section.drag(1, 3 * unit, -unit)
    agrees(section, (3, 1), (0, 0))
    assert not section.page.locator("#s8 [data-show='angle']").is_visible()  # there is none
    section.keys(1, "ArrowUp")
    assert section.page.locator("#s8 [data-show='angle']").is_visible()


def test_the_inner_product_over_n_is_the_correlation(lesson):
    section = lesson(8)
    table = np.column_stack([column(name) for name in NAMES])
    seen = []
    for k, name in enumerate(NAMES[:-1]):
        section.press(f"feature-{k}")
        correlation = np.corrcoef(table[:, k], table[:, -1])[0, 1]
        assert section.read("correlation") == pytest.approx(correlation, abs=1e-6)
        assert section.read("inner") == pytest.approx(12 * correlation, abs=1e-6)
        assert section.read("above") + section.read("below") == pytest.approx(12 * correlation, abs=1e-6)
        assert ("higher " + name in section.text("says")) == (correlation > 0)
        bars = section.page.locator("#s8 [data-at='people'] [data-value]")
        z = (table - table.mean(axis=0)) / table.std(axis=0)
        each = [float(bars.nth(i).get_attribute("data-value")) for i in range(12)]
        assert each == pytest.approx((z[:, k] * z[:, -1]).tolist(), abs=1e-6)
        seen.append(correlation)
    assert min(seen) < 0 < max(seen)


@pytest.mark.parametrize("k", range(len(NAMES) - 1))
def test_the_number_of_a_person_is_nearest_to_its_own_point_or_tied_to_it_by_a_line(lesson, k):
    section = lesson(8, viewport={"width": 390, "height": 800})
    section.press(f"feature-{k}")
    drawn = section.page.locator("#s8 [data-at='scatter'] svg").evaluate(DRAWN)
    points, lines, numbers = map(np.array, drawn)
    assert len(points) == len(lines) == len(numbers) == 12
    for i, (x, y) in enumerate(numbers):
        middle = np.array([x, y - 4])
        assert lines[i][:2] == pytest.approx(points[i])
        if np.hypot(*(lines[i][2:] - points[i])) > 12:
            assert np.hypot(*(middle - lines[i][2:])) < 10
        else:
            far = np.linalg.norm(points - middle, axis=1)
            assert np.argmin(far) == i
            assert sorted(far)[1] > far[i] + 1
