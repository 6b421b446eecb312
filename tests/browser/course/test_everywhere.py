import re

import pytest

from equipoise.course.contents import SECTIONS

# Of these the rounding is the subject: the finite differences of the derivation.
ROUNDING = {"forward", "central", "forward-off", "central-off"}

# Every place with a number, those of pictures too, and every sentence with one.
TOLD = """(n) => [...document.querySelectorAll(`#s${n} .play *`)]
    .filter((e) => e.dataset.value !== undefined)
    .map((e) => [e.dataset.show ?? "", e.dataset.value, e.textContent])"""
WORDS = """(n) => [...document.querySelectorAll(`#s${n} .play, #s${n} .play svg`)].flatMap((e) => [
    e.innerText ?? e.textContent,
    ...[...e.querySelectorAll("[aria-valuetext]")].map((c) => c.getAttribute("aria-valuetext"))])"""


def places(section):
    """Stops with every control at both of its ends, every button pressed, every choice made."""
    page, here = section.page, f"#s{section.number}"
    for more in page.locator(f"{here} .play summary").all():
        more.click()
    yield
    sliders = page.locator(f"{here} input[type=range], {here} .handle")
    buttons = page.locator(f"{here} .play button:not([data-show]):not(table button):not([id$=play])")
    for box in [None, *page.locator(f"{here} input[type=radio]").all()]:
        if box is not None:
            box.check()
        for key in ("Home", "End"):
            for k in range(sliders.count()):
                if sliders.nth(k).is_visible():
                    sliders.nth(k).focus()
                    page.keyboard.press(key)
                    yield
            for k in range(buttons.count()):
                if buttons.nth(k).is_visible():
                    buttons.nth(k).click()
                    yield


@pytest.mark.parametrize("one", SECTIONS, ids=lambda section: section.name)
def test_no_number_is_rounding_and_all_are_written_alike(lesson, one):
    section = lesson(one.number)
    stops = 0
    for _ in places(section):
        stops += 1
        for name, value, text in section.page.evaluate(TOLD, one.number):
            assert name in ROUNDING or value == "0" or abs(float(value)) > 1e-9, (name, value)
            assert "-" not in text, (name, text)
            # Four digits, but for those before the point; seven where the sums are to be true.
            digits = re.sub(r"e.*|\D", "", text).lstrip("0")
            most = 7 if one.name == "three_rows" or name in ROUNDING else 4
            if "." in text:
                assert len(digits) <= most, (name, text)
        for text in section.page.evaluate(WORDS, one.number):
            assert "NaN" not in text
            assert not re.search(r"(?<![\w.])-\d", text), text
            if one.name not in ("derivation", "three_rows"):
                assert not re.search(r"\de[−\d]", text), text
    assert stops > 3


@pytest.mark.parametrize("one", SECTIONS, ids=lambda section: section.name)
def test_what_a_control_stands_at_is_said_from_the_start(lesson, one):
    said = """(n) => [...document.querySelectorAll(`#s${n} input[type=range], #s${n} [role=slider]`)]
        .map((e) => [e.id, e.getAttribute("aria-valuetext")])"""
    for control, text in lesson(one.number).page.evaluate(said, one.number):
        assert text, control


# Words of the pictures that stand on one another, or outside of what they belong to.
COLLIDING = """(n) => [...document.querySelectorAll(`#s${n} .play svg`)].flatMap((svg) => {
    const field = svg.closest(".play").getBoundingClientRect();
    const words = [...svg.querySelectorAll("text")]
        .filter((e) => e.textContent.trim() && getComputedStyle(e).visibility !== "hidden")
        .map((e) => [e.textContent, e.getBoundingClientRect()]).filter(([, box]) => box.width);
    const outside = ([, b]) => Math.min(b.left - field.left, field.right - b.right, b.top - field.top) < 0;
    const meet = ([, a], [, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
    const pairs = words.flatMap((one, i) => words.slice(i + 1).map((other) => [one, other]));
    return [...words.filter(outside), ...pairs.filter(([a, b]) => meet(a, b))].map(String);
})"""


@pytest.mark.parametrize("one", SECTIONS, ids=lambda section: section.name)
def test_no_words_of_a_picture_collide_on_a_phone(lesson, one):
    section = lesson(one.number, viewport={"width": 390, "height": 800})
    for _ in places(section):
        assert section.page.evaluate(COLLIDING, one.number) == []
        assert section.page.evaluate("document.documentElement.scrollWidth") <= 390
