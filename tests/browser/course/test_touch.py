import pytest

# How each hold of a point ended: by the finger, or taken away from it.
HEAR = """e => {
    e.ends = [];
    for (const kind of ["pointerup", "pointercancel"]) e.addEventListener(kind, () => e.ends.push(kind));
}"""
POINTS = [(1, 0), (1, 1), (3, 0), (5, 0), (8, 0), (8, 1)]


class Finger:
    """A finger on a phone, of the browser itself: what it does may scroll the page."""

    def __init__(self, section):
        self.page = section.page
        self.send = section.page.context.new_cdp_session(section.page).send

    def at(self, kind, *place):
        points = [{"x": place[0], "y": place[1]}] if place else []
        self.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        self.page.wait_for_timeout(30)

    def drag(self, x, y, right, down, steps=8):
        self.at("touchStart", x, y)
        for k in range(1, steps + 1):
            self.at("touchMove", x + right * k / steps, y + down * k / steps)
        self.at("touchEnd")
        self.page.wait_for_timeout(150)


@pytest.fixture
def phone(lesson):
    """A section on a phone, one of its points in the middle of the screen, where that is, and a finger."""

    def call(number, point):
        section = lesson(number, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
        place = section.page.locator(f"#s{number} .handle").nth(point)
        place.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
        section.page.wait_for_timeout(100)
        box = place.bounding_box()
        return section, place, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), Finger(section)

    return call


@pytest.mark.parametrize(("number", "point"), POINTS)
@pytest.mark.parametrize(("right", "down"), [(48, 0), (0, 48), (40, -20)])
def test_a_point_follows_a_finger_all_the_way_and_the_page_stays(phone, number, point, right, down):
    section, place, (x, y), finger = phone(number, point)
    place.evaluate(HEAR)
    before, (start, scrolled) = place.get_attribute("transform"), (place.bounding_box(), scroll(section))
    finger.drag(x, y, right, down)
    assert place.evaluate("e => e.ends") == ["pointerup"]
    assert scroll(section) == scrolled
    end = place.bounding_box()
    moved = [round(end[axis] - start[axis]) for axis in "xy"]
    # A point on a curve, or on a line, goes with the finger in the direction in which it is free.
    free = {1: "x" if point == 0 else "xy", 3: "x", 5: "y", 8: "xy"}[number]
    for axis, way, by in zip("xy", (right, down), moved, strict=True):
        if axis in free:
            assert by == pytest.approx(way, abs=15)
    assert (place.get_attribute("transform") != before) == any(
        way for axis, way in zip("xy", (right, down), strict=True) if axis in free
    )


@pytest.mark.parametrize(("number", "point"), POINTS)
def test_a_finger_beside_the_point_scrolls_the_page(phone, number, point):
    section, place, (x, y), finger = phone(number, point)
    right = place.evaluate("e => e.ownerSVGElement.getBoundingClientRect().right")
    beside = x + 60 if x + 60 < right else x - 60
    touched = section.page.evaluate_handle("([x, y]) => document.elementFromPoint(x, y)", [beside, y])
    assert touched.evaluate("e => e.closest('svg') && !e.closest('.handle')")
    before, scrolled = place.get_attribute("transform"), scroll(section)
    finger.drag(beside, y, 0, -80)
    assert scroll(section) > scrolled + 40
    assert place.get_attribute("transform") == before


def scroll(section):
    return section.page.evaluate("scrollY")
