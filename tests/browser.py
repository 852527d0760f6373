"""A real browser for tests: Debian's Chromium, driven by Playwright; console errors and axe violations are failures.

The fixtures `browser` and `page` are for test modules to import: ``from tests.browser import browser, page``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once for a module; its tests are skipped where it, or what drives it, is not installed."""
    sync_api = pytest.importorskip("playwright.sync_api", reason='needs Playwright: pip install "extractor[dev]"')
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs a browser: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty page that is cut off from any network; what it complains of fails the test in the end."""
    context = browser.new_context(viewport={"width": 1360, "height": 860}, reduced_motion="reduce", offline=True)
    opened = context.new_page()
    complaints = watch(opened)
    yield opened
    context.close()
    assert complaints == []


def expect(locator: Locator) -> Any:
    """Claim something of a part of the page, and wait until it is so: a page answers a key a moment later."""
    from playwright.sync_api import expect as expected

    return expected(locator)


def watch(page: Page) -> list[str]:
    """Return a list that grows with every error of the page: exceptions, violated policies, what cannot be loaded."""
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong for people who cannot see well, or use no mouse: rule and place, one a line."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason='needs axe: pip install "extractor[dev]"')
    found = axe.Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]})
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]
