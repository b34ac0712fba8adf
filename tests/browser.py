"""A real Chromium for the tests of pages: one for the whole session, in a thread of its own.

The thread is there because Playwright keeps an event loop running, beside which no other test could run one.
"""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import pytest

pytest.importorskip("playwright", reason="the tests of pages need playwright")
pytest.importorskip("axe_playwright_python", reason="the tests of pages need axe-playwright-python")

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, ViewportSize, sync_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
_thread = ThreadPoolExecutor(1, thread_name_prefix="browser")
_closing: list[Callable[[], None]] = []


@cache
def _browser() -> Browser:
    playwright = sync_playwright().start()
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    _closing.extend((browser.close, playwright.stop))
    return browser


def pytest_unconfigure() -> None:
    """Close the browser at the end of the session."""
    while _closing:
        _thread.submit(_closing.pop(0)).result()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that takes a page in the thread of the browser."""
    if "page" not in pyfuncitem.fixturenames:
        return None
    names = pyfuncitem._fixtureinfo.argnames
    _thread.submit(pyfuncitem.obj, **{name: pyfuncitem.funcargs[name] for name in names}).result()
    return True


class Watched:
    """A page, and all that it complained of: errors, and what its policy forbade."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dismiss)

    def _listen(self, message: ConsoleMessage) -> None:
        # The browser itself writes such a line for every answer that is a refusal, whatever the page makes of it.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.complaints.append(message.text)

    def _dismiss(self, dialog: Dialog) -> None:
        self.complaints.append(f"a dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of the size of a desk, or as `indirect` parameters of a context say; it must not complain."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine; apt-get install chromium")
    options: dict[str, Any] = {"viewport": DESK} | getattr(request, "param", {})
    context = _thread.submit(lambda: _browser().new_context(**options)).result()
    watched = _thread.submit(lambda: Watched(context.new_page())).result()
    yield watched.page
    _thread.submit(context.close).result()
    assert watched.complaints == []


def serious(page: Page) -> list[str]:
    """What axe finds that is serious or worse, with the first element that shows it."""
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]}"
        for each in Axe().run(page).response["violations"]
        if each["impact"] in ("serious", "critical")
    ]
