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


@pytest.fixture
def page(browser):
    """A new page of it."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def open_file(browser, tmp_path):
    """Open a page from its file; whatever it asks of the network, complains of or pops up is a failure."""
    trouble, contexts = [], []

    def call(html, ready, **options):
        file = tmp_path / f"page{len(contexts)}.html"
        file.write_text(html, "utf-8")
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: trouble.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: (trouble.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: request.url == file.as_uri() or trouble.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_selector(ready)
        return page

    yield call
    for context in contexts:
        context.close()
    assert trouble == []
