import re

import pytest

import equipoise as eq
from equipoise.course.contents import SECTIONS


@pytest.fixture(scope="module")
def whole():
    return eq.learn()


@pytest.fixture
def course(open_file, whole):
    """Open the whole course."""
    return lambda **options: open_file(whole, f"#{SECTIONS[-1].anchor} .play svg", **options)


@pytest.mark.parametrize("width", [1400, 768, 390])
def test_nothing_scrolls_sideways_and_every_section_moves(course, width):
    page = course(viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for section in SECTIONS:
        place = page.locator(f"#{section.anchor}")
        assert place.locator(".play svg").count() > 0
        assert place.locator("input, [role=slider], button").count() > 0
    text = page.locator("main").inner_text()
    assert "NaN" not in text
    assert "undefined" not in text


def test_a_minus_sign_is_no_hyphen(course):
    page = course()
    page.evaluate("document.querySelectorAll('pre, code').forEach((e) => e.remove())")
    text = page.locator("main").evaluate("e => e.textContent")
    assert len(re.findall(r"−\d", text)) > 100
    assert re.findall(r".{20}(?<!\w)-[\d.].{20}|\de-\d", text) == []


def test_ids_are_those_of_one_element_and_every_control_has_a_name(course):
    page = course()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    controls = page.locator("main input, main button, main [role=slider], main [role=img]")
    nameless = controls.evaluate_all(
        """all => all.filter(e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim()))
        .map(e => e.outerHTML)"""
    )
    assert nameless == []


def test_from_section_to_section_by_the_keyboard(course):
    page = course()
    first, second = SECTIONS[0].anchor, SECTIONS[1].anchor
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == f"#{first}"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.locator("nav.onward a.on").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == f"#{second}"
    assert abs(page.locator(f"#{second}").bounding_box()["y"]) < 60
    page.locator("nav.onward a.up").nth(1).click()
    assert page.locator("#contents").bounding_box()["y"] >= 0


def test_links_can_be_hit_with_a_finger(course):
    page = course(viewport={"width": 390, "height": 800}, has_touch=True)
    links = page.locator(".contents a, .onward a")
    heights = links.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert len(heights) >= 2 * len(SECTIONS)
    assert min(heights) >= 40


def test_paper_has_no_links_to_press(course):
    page = course()
    page.emulate_media(media="print")
    assert not page.locator("nav.onward").first.is_visible()
    assert page.locator("#contents").is_visible()
    assert page.locator("h1").is_visible()


def test_of_a_control_paper_has_its_name_and_value(course):
    page = course()
    page.emulate_media(media="print")
    controls = page.locator("main input[type=range], main input[type=radio], main button, main summary")
    # The numbers of the walkthrough are buttons, and stay as numbers.
    left = controls.evaluate_all(
        "all => all.filter((e) => e.offsetParent && !e.dataset.value).map((e) => e.id)"
    )
    assert left == []
    assert page.locator("label[for=s4-limit]").inner_text().split("\n") == [
        "λ, the most the penalty holds",
        "6",
    ]
    assert page.locator("#s1-along").inner_text().split() == ["change", "only", "w₁"]
    walk = page.locator(".stepping:has(#s2-walk)")
    assert walk.inner_text() == "0 of 40"
    name = walk.evaluate("(e) => getComputedStyle(e, '::before').content")
    assert name.replace('" "', "") == '"steps downhill:"'


def test_without_a_script_the_words_are_there(browser, whole, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(whole, "utf-8")
    page = browser.new_page(java_script_enabled=False)
    page.goto(file.as_uri())
    assert page.locator("noscript").inner_text().startswith("What moves needs JavaScript")
    assert page.locator("main h2").count() == len(SECTIONS)
    page.close()


def test_a_section_that_fails_says_so_and_leaves_the_others_alone(browser, whole, tmp_path):
    file = tmp_path / "page.html"
    # Its numbers are not there.
    file.write_text(re.sub(r'"s4": ?\{"x"', '"s4":{"gone"', whole), "utf-8")
    page, errors = browser.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector(f"#{SECTIONS[-1].anchor} .play svg")
    failed = page.locator(".failed")
    assert failed.count() == 1
    assert page.locator("#s4 .failed").inner_text().startswith("What moves in this section failed")
    assert len(errors) == 1  # the browser hears of it
    for section in SECTIONS:
        values = page.locator(f"#{section.anchor} [data-value]").count()
        assert (values > 0) == (section.number != 4)
    page.close()
