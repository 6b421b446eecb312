import os
import shutil

import pytest

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
