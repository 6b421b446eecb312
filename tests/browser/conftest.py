import os
import shutil

import pytest

import equipoise as eq

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
REQUIRED = "EQUIPOISE_BROWSER_REQUIRED"  # set where a missing browser is a failure, not a reason to skip


def _missing(what):
    if os.environ.get(REQUIRED):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium, the machine's own."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("needs playwright: pip install playwright")
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        _missing("needs Chromium: apt-get install chromium")
    with sync_playwright() as driver:
        # Without a sandbox of its own it also runs as root, in a container.
        found = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def tab(browser):
    """The tab in which most pages are opened, one after the other: a new one for each takes much longer."""
    return browser.new_page()


@pytest.fixture
def show(open_file):
    """Open a report from its file and wait until it is drawn."""
    return lambda html, **options: open_file(html, "#sheet tbody tr", **options)


@pytest.fixture
def open_file(browser, tab, tmp_path):
    """Open a page from its file; whatever it asks of the network, complains of or pops up is a failure."""
    trouble, opened = [], []

    def call(html, ready, **options):
        file = tmp_path / f"page{len(opened)}.html"
        file.write_text(html, "utf-8")
        page = browser.new_page(**options) if options or opened else tab
        hear = {
            "console": lambda message: trouble.append(f"{message.type}: {message.text}"),
            "pageerror": lambda error: trouble.append(str(error)),
            "dialog": lambda dialog: (trouble.append(f"dialog {dialog.message}"), dialog.dismiss()),
            "request": lambda request: request.url == file.as_uri() or trouble.append(request.url),
        }
        for event, heard in hear.items():
            page.on(event, heard)
        opened.append((page, hear))
        page.goto(file.as_uri())
        page.wait_for_selector(ready)
        return page

    yield call
    for page, hear in opened:
        if page is not tab:
            page.close()
            continue
        page.goto("about:blank")  # nothing of it plays on
        page.emulate_media(media="null", color_scheme="null", reduced_motion="null")
        for event, heard in hear.items():
            page.remove_listener(event, heard)
    assert trouble == []


def number(text):
    """A number as the course writes it: with a minus sign, never with a hyphen."""
    assert "-" not in text
    return float(text.replace("−", "-"))


class Lesson:
    """A section of the course in a browser: its controls are moved, its numbers read."""

    def __init__(self, page, number):
        self.page, self.number = page, number

    def slide(self, control, value):
        """Move a slider to a value, or to "first" or "last" by its keys."""
        place = self.page.locator(f"#s{self.number}-{control}")
        if value in ("first", "last"):
            place.focus()
            self.page.keyboard.press("Home" if value == "first" else "End")
            return
        place.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", str(value))

    def press(self, button):
        """Press a button of the section, by the end of its id."""
        self.page.locator(f"#s{self.number}-{button}").click()

    def keys(self, point, *keys):
        """Press keys at one of the points to drag, counted from 0."""
        self.page.locator(f"#s{self.number} .handle").nth(point).focus()
        for key in keys:
            self.page.keyboard.press(key)

    def drag(self, point, right, down):
        """Drag one of the points with the mouse, so many pixels."""
        place = self.page.locator(f"#s{self.number} .handle").nth(point)
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + right, y + down, steps=4)
        self.page.mouse.up()

    def read(self, name, **near):
        """A number that the section shows, with all its digits; printed it is to four digits, or as near."""
        place = self.page.locator(f"#s{self.number} [data-show='{name}']").first
        exact = float(place.get_attribute("data-value"))
        assert number(place.text_content()) == pytest.approx(exact, **(near or {"rel": 5e-4, "abs": 1e-12}))
        return exact

    def text(self, name):
        """A text that the section shows."""
        return self.page.locator(f"#s{self.number} [data-show='{name}']").first.text_content()


@pytest.fixture
def lesson(open_file):
    """Open one section of the course, alone on its page."""

    def call(number, **options):
        return Lesson(open_file(eq.learn(section=number), f"#s{number} .play svg", **options), number)

    return call
