"""The web app's JSON API, and what it refuses."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the extra web is not installed")

from starlette.testclient import TestClient

from agent.commands.app import run
from agent.door import summarize_paper
from agent.errors import ServiceRefused
from agent.model.usage import Usage
from agent.outcomes import Outcome, failed
from agent.papers import Paper
from agent.settings import Settings
from agent.web import jobs
from agent.web.app import FORMATS, make_app
from agent.web.guard import host_of
from schemas import Record
from tests.conftest import ABSTRACT, FEED

HERE = "http://127.0.0.1"
RULES = Settings(engine="rules")


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(make_app(RULES, largest_feed=400_000), base_url=HERE) as client:
        yield client


def feed_of(papers: int) -> bytes:
    return b"".join(json.dumps({"id": str(n), "abstract": ABSTRACT}).encode() + b"\n" for n in range(papers))


def give(client: TestClient, feed: bytes, name: str = "feed.txt") -> dict[str, Any]:
    """The status of a feed when nothing more will come."""
    status: dict[str, Any] = client.post("/api/jobs", params={"name": name}, content=feed).json()
    deadline = time.monotonic() + 20
    while status["state"] in ("waiting", "running") and time.monotonic() < deadline:
        status = client.get(f"/api/jobs/{status['id']}").json()
    return status


def test_an_abstract_gives_its_record(client: TestClient) -> None:
    answer = client.post("/api/summarize", json={"abstract": ABSTRACT, "title": "Tiles"})
    record = Record.model_validate_json(answer.content)
    assert record.title == "Tiles"
    assert record.headline.startswith("up to 2.5x over cuBLAS")


def test_a_feed_gives_all_its_records_in_every_format(client: TestClient) -> None:
    status = give(client, FEED.read_bytes(), "papers.txt")
    assert (status["state"], status["done"], status["total"], status["name"]) == ("done", 203, 203, "papers.txt")
    files = {form: client.get(f"/api/jobs/{status['id']}/records.{form}") for form in FORMATS}
    assert all(Record.model_validate_json(line) for line in files["jsonl"].text.splitlines())
    assert len(files["jsonl"].text.splitlines()) == 203
    assert files["csv"].text.startswith("id,title,field")
    assert files["md"].text.count("\n") == 205
    assert files["html"].text.count('{"record":') == 203
    for form, answer in files.items():
        assert answer.headers["content-disposition"] == f'attachment; filename="claims.{form}"'
    assert client.get(f"/api/jobs/{status['id']}/records.csv?wide=1").text.startswith("id,title,headline")
    assert client.get(f"/api/jobs/{status['id']}/records.exe").status_code == 404


def test_lines_for_the_page_are_given_in_portions_from_any_place(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.web.app.LINES_AT_ONCE", 3)
    status = give(client, feed_of(5))
    portions = [client.get(f"/api/jobs/{status['id']}/lines?from={first}").text for first in (0, 3, 5)]
    ids = [[json.loads(line)["record"]["id"] for line in portion.splitlines()] for portion in portions]
    assert ids == [["0", "1", "2"], ["3", "4"], []]
    assert client.get(f"/api/jobs/{status['id']}/lines?from=-1").status_code == 400


def test_what_cannot_be_used_in_a_feed_is_told_by_its_line(client: TestClient) -> None:
    feed = json.dumps({"abstract": ABSTRACT}) + "\n" + json.dumps({"title": "None"}) + "\n"
    status = give(client, feed.encode(), "two.jsonl")
    assert (status["state"], status["records"], status["skipped"]) == ("done", 1, 1)
    assert status["notices"] == ['two.jsonl:2: no abstract for "None"']


@pytest.mark.parametrize("feed", [b"", b"%PDF-1.7", b'{"title": "nothing else"}\n'])
def test_a_feed_without_any_abstract_fails_with_the_reason(client: TestClient, feed: bytes) -> None:
    status = give(client, feed, "bad")
    assert status["state"] == "failed"
    assert status["message"].startswith("bad: ")


def test_a_removed_feed_is_gone(client: TestClient) -> None:
    status = give(client, feed_of(1))
    assert client.delete(f"/api/jobs/{status['id']}").status_code == 204
    assert client.get(f"/api/jobs/{status['id']}").status_code == 404
    assert client.get(f"/jobs/{status['id']}").status_code == 404


def test_the_oldest_feed_makes_room(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_KEPT", 2)
    first, second, third = (give(client, feed_of(1))["id"] for _ in range(3))
    assert [client.get(f"/api/jobs/{job}").status_code for job in (first, second, third)] == [404, 200, 200]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"abstract": 1}', "application/json", 400),
        (b'{"abstract": ""}', "application/json", 400),
        (b'{"title": "only"}', "application/json", 400),
        (json.dumps({"abstract": "x" * 30_000}).encode(), "application/json", 400),
        (b'{"abstract": "We win."}', "text/plain", 415),
        (b'{"abstract": "' + b"x" * (1 << 20) + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_with_the_reason(
    client: TestClient, body: bytes, kind: str, status: int
) -> None:
    answer = client.post("/api/summarize", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert answer.json()["error"]


def test_a_feed_over_the_limit_is_refused_whether_its_size_is_announced_or_not(client: TestClient) -> None:
    def unannounced() -> Iterator[bytes]:
        for _ in range(50):
            yield b"x" * 10_000

    for body in (b"x" * 500_000, unannounced()):
        assert client.post("/api/jobs", content=body).status_code == 413


def test_a_lone_surrogate_is_no_fault_of_the_server(client: TestClient) -> None:
    answer = client.post(
        "/api/summarize", content=b'{"abstract": "2x \\ud800"}', headers={"content-type": "application/json"}
    )
    assert answer.json()["abstract"].startswith("2x ")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", ""])
def test_another_host_name_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "--allow-host" in answer.json()["error"]


def test_loopback_has_three_names_and_any_port() -> None:
    assert [host_of(name) for name in ("localhost:9", "127.0.0.1", "[::1]:80")] == ["localhost", "127.0.0.1", "::1"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/summarize"), ("POST", "/api/jobs"), ("DELETE", "/api/jobs/x")]
)
def test_a_page_of_another_site_can_change_nothing(
    client: TestClient, method: str, path: str, headers: dict[str, str]
) -> None:
    assert client.request(method, path, headers=headers).status_code == 403


def test_the_own_page_may_post(client: TestClient) -> None:
    headers = {"origin": HERE, "sec-fetch-site": "same-origin"}
    assert client.post("/api/summarize", json={"abstract": ABSTRACT}, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/", "/home.js", "/nothing", "/api/jobs/none", "/api/openapi.json"])
def test_every_answer_carries_the_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_no_key_reaches_a_page_or_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(paper: Paper, settings: Settings, notice: object) -> Record:
        raise ServiceRefused(f"the key {settings.api_key} is wrong")

    monkeypatch.setattr("agent.web.app.summarize_paper", refuse)
    settings = Settings(api_key="very-secret-key", model="some-model")
    with TestClient(make_app(settings), base_url=HERE) as client:
        answers = [client.get(path) for path in ("/", "/home.js", "/job.js", "/api/openapi.json", "/jobs/x")]
        answers.append(client.post("/api/summarize", json={"abstract": ABSTRACT}))
    assert answers[-1].status_code == 502
    assert "model some-model" in answers[0].text
    assert not [answer.url for answer in answers if "very-secret-key" in answer.text]


def test_two_users_do_not_wait_for_each_other(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, begun, released = summarize_paper, threading.Event(), threading.Event()

    def slowly(paper: Paper, settings: Settings, notice: Any) -> Record:
        if paper.abstract.startswith("Slow"):
            begun.set()
            assert released.wait(20)
        return whole(paper, settings, notice)

    monkeypatch.setattr("agent.web.app.summarize_paper", slowly)
    answers: list[int] = []
    slow = threading.Thread(
        target=lambda: answers.append(client.post("/api/summarize", json={"abstract": "Slow. We win."}).status_code)
    )
    slow.start()
    assert begun.wait(20)
    assert client.post("/api/summarize", json={"abstract": ABSTRACT}).status_code == 200
    assert answers == []
    released.set()
    slow.join(20)
    assert answers == [200]


def test_the_description_names_every_route_of_the_api(client: TestClient) -> None:
    description = client.get("/api/openapi.json").json()
    assert description["openapi"] == "3.1.0"
    routes = {getattr(route, "path", "") for route in make_app(RULES).routes}
    internal = {"/api/openapi.json", "/api/record.schema.json", "/api/jobs/{id}/lines"}
    assert set(description["paths"]) == {path for path in routes if path.startswith("/api/")} - internal
    status = give(client, feed_of(1))
    assert set(description["components"]["schemas"]["Job"]["required"]) == set(status)
    assert client.get("/api/record.schema.json").json()["title"] == "Record"


def test_serve_without_its_extra_names_the_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "agent.web.app", None)
    assert run(["serve"]) == 1
    assert "pip install 'perfclaims[web]'" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["serve", "--port", str(port)]) == 1
    assert f"127.0.0.1 port {port}: cannot be listened on" in capsys.readouterr().err


def test_a_feed_that_waits_for_a_model_is_stopped_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    async def waiting(*given: Any) -> AsyncGenerator[Outcome[Any], None]:
        begun.set()
        await asyncio.sleep(3600)
        yield failed(Paper("", "", ""), "", Usage())

    monkeypatch.setattr("agent.web.jobs.outcomes", waiting)
    with TestClient(make_app(RULES), base_url=HERE) as client:
        client.post("/api/jobs", content=feed_of(1))
        assert begun.wait(20)
        before = time.monotonic()
    assert time.monotonic() - before < 10
