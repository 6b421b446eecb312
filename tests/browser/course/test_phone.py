import pytest

from equipoise.course.contents import SECTIONS

TARGETS = ".play button, .play summary, .play input[type=range], .options label"
SMALL = """(targets) => [...document.querySelectorAll(targets)]
    .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 39.5)
    .map((one) => one.outerHTML)"""


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_a_section_fits_a_phone_and_a_finger(lesson, section):
    page = lesson(section.number, viewport={"width": 390, "height": 800}).page
    for more in page.locator(".play summary").all():
        more.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(SMALL, TARGETS) == []
