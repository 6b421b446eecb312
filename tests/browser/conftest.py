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
