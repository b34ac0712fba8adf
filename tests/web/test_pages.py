"""The web app in a real browser."""

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="the tests of pages need playwright")
pytest.importorskip("uvicorn", reason="the extra web is not installed")

import uvicorn
from playwright.sync_api import Page, expect

from agent.outcomes import Outcome
from agent.runs import outcomes
from agent.settings import Settings
from agent.web.app import make_app
from tests.browser import PHONE, serious
from tests.conftest import FEED
from tests.report.samples import HOSTILE, HOSTILE_TITLE, PAPERS


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a web app that is listening."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(make_app(Settings(engine="rules")), log_level="error", ws="none"))
        thread = threading.Thread(target=lambda: server.run(sockets=[listener]))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


def paste(page: Page, site: str, text: str) -> None:
    page.goto(site)
    page.get_by_label("Abstract").fill(text)
    page.get_by_role("button", name="Find claims").click()
    expect(page.locator("#result")).to_be_visible()


def test_a_pasted_abstract_shows_its_evidence_and_who_answered(page: Page, site: str) -> None:
    title, abstract = PAPERS[0]
    paste(page, site, f"{title}\n\n{abstract}")
    expect(page.locator("#result h2")).to_have_text(title)
    expect(page.locator("#result .headline")).to_contain_text("up to 2.5× over cuBLAS")
    expect(page.locator("#result .mark.hardware")).to_have_text("NVIDIA A100 GPUs")
    expect(page.locator("#engine")).to_have_text("local rules, no model")
    expect(page.locator("#result .provenance")).to_contain_text("answered by rules")


def test_what_is_pasted_is_shown_and_never_run(page: Page, site: str) -> None:
    paste(page, site, f"{HOSTILE_TITLE}\n\n{HOSTILE}")
    assert "<script>alert(1)</script> </script><svg onload=alert(2)>" in page.locator(".passage").last.inner_text()
    assert page.locator("main img, main script, main svg").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_pasted_text_that_cannot_be_used_is_answered_with_the_reason(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_label("Abstract").fill("x" * 30_000)
    with page.expect_response("**/api/summarize") as answer:
        page.get_by_role("button", name="Find claims").click()
    assert answer.value.status == 400
    expect(page.locator("#said")).to_contain_text("30,000 characters")


def test_a_feed_is_dropped_in_followed_through_a_reload_and_downloaded(
    page: Page, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    async def halting(*given: Any) -> AsyncGenerator[Outcome[Any], None]:
        count = 0
        async for outcome in outcomes(*given):
            count += 1
            while count > 120 and not released.is_set():
                time.sleep(0.01)
            yield outcome

    monkeypatch.setattr("agent.web.jobs.outcomes", halting)
    page.goto(site)
    page.locator("#feed").set_input_files(FEED)
    for _ in range(2):
        expect(page.locator("#state")).to_have_text("running 120 of 203")
        expect(page.locator("#found")).to_contain_text("120 papers")
        page.reload()
    released.set()
    expect(page.locator("#found")).to_contain_text("203 papers")
    expect(page.locator("#state")).to_have_text("done")
    page.get_by_label("Search").fill("nerf")
    assert 0 < page.locator("tr.paper").count() < 60
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON Lines").click()
    assert len(download.value.path().read_text().splitlines()) == 203


def test_axe_finds_nothing_serious_in_a_pasted_abstract(page: Page, site: str) -> None:
    paste(page, site, "\n\n".join(PAPERS[0]))
    assert serious(page) == []


@pytest.mark.parametrize("page", [{"viewport": PHONE, "color_scheme": "dark"}], indirect=True)
def test_axe_finds_nothing_serious_in_a_feed(page: Page, site: str, tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps({"title": title, "abstract": text}) + "\n" for title, text in PAPERS))
    page.goto(site)
    page.locator("#feed").set_input_files(feed)
    expect(page.locator("#state")).to_have_text("done")
    page.locator("tr.paper button").first.click()
    assert serious(page) == []


def test_the_command_says_where_it_listens_and_ends_at_an_interrupt(page: Page) -> None:
    command = [sys.executable, "-m", "agent", "serve", "--engine", "rules", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as served:
        assert served.stderr is not None
        said = served.stderr.readline()
        address = re.fullmatch(r"perfclaims: (http://127\.0\.0\.1:\d+) \(Ctrl-C ends it\)\n", said)
        assert address, said
        page.goto(address[1])
        expect(page.get_by_label("Abstract")).to_be_visible()
        page.goto("about:blank")
        served.send_signal(signal.SIGINT)
        rest = served.stderr.read()
    assert "Traceback" not in rest
    assert served.returncode == 130
