"""A planted key is searched for in everything that a run leaves behind, and nobody but the service named gets it."""

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from agent.commands.app import run
from agent.masking import masked
from tests.conftest import ABSTRACT

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])

KEYS = ("sk-planted-0123456789abcdefghij", "planted.Zx81/QL4848+spectrum==")
PASSWORD = "planted-password-17"
Answer = tuple[int, Any, dict[str, str]]


@dataclass
class Echo:
    """A service that gives back what it was sent, key and all, as `answering` makes of it."""

    answering: Callable[[str], Answer]
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @contextmanager
    def served(self) -> Iterator[str]:
        """Its address."""
        echo = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                echo.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                status, page, headers = echo.answering(self.headers.get("authorization", "").removeprefix("Bearer "))
                data = json.dumps(page).encode()
                self.send_response(status)
                for name, value in {"content-type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """A client that has gone is no news."""

        with Server(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()


def error(status: int, **headers: str) -> Callable[[str], Answer]:
    def answer(key: str) -> Answer:
        message = f"Incorrect API key provided: {key}, or was it Bearer {key}?"
        return status, {"error": {"message": message, "code": key, "type": key, "param": None}}, headers

    return answer


def completion(**message: str) -> Callable[[str], Answer]:
    def answer(key: str) -> Answer:
        said = {name: text.replace("KEY", key) for name, text in message.items()}
        return 200, {"choices": [{"finish_reason": "stop", "message": said}], "usage": {"prompt_tokens": 1}}, {}

    return answer


LISTS: dict[str, list[Any]] = {"hardware": [], "baselines": [], "speedups": [], "caveats": []}
NAMED = json.dumps(LISTS | {"baselines": [{"name": "KEY", "kind": "method"}, {"name": "cuBLAS", "kind": "method"}]})
ECHOES = {
    "refused key": error(401),
    "denied access": error(403),
    "unknown model": error(404),
    "wrong request": error(400),
    "overload": error(500, **{"retry-after-ms": "1"}),
    "limit": error(429, **{"retry-after-ms": "1"}),
    "redirect": lambda key: (307, {}, {"location": f"http://127.0.0.1:9/{key}"}),
    "refusal": completion(content="", refusal="I will not tell KEY."),
    "item": completion(content=NAMED),
    "no JSON": completion(content="KEY KEY"),
    "sound": completion(content=json.dumps(LISTS)),
}


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(json.dumps({"title": f"T{n}", "abstract": f"{ABSTRACT} {n}"}) + "\n" for n in range(2)))
    return path


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.model.transport.LONGEST_BACKOFF", 0.0)
    monkeypatch.setattr("agent.model.gate.LONGEST_PAUSE", 0.0)


def left_behind(folder: Path, secret: str) -> list[str]:
    """The files under a folder that hold a secret, as it is or in base64, in their bytes or in their names."""
    forms = [secret.encode(), base64.b64encode(secret.encode()).rstrip(b"=")]
    paths = [path for path in folder.rglob("*") if path.is_file()]
    assert paths
    return [str(path) for path in paths if any(form in path.read_bytes() + str(path).encode() for form in forms)]


def test_a_secret_that_is_left_behind_is_found(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"key={KEYS[0]}")
    assert left_behind(tmp_path, KEYS[0]) == [str(tmp_path / "log")]
    assert left_behind(tmp_path, KEYS[1]) == []


@pytest.mark.parametrize(("key", "debug"), [(KEYS[0], ""), (KEYS[1], "1")])
@pytest.mark.parametrize("echo", ECHOES)
def test_a_key_that_the_service_gives_back_is_nowhere(
    echo: str, key: str, debug: str, feed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    monkeypatch.setenv("PERFCLAIMS_DEBUG", debug)
    service = Echo(ECHOES[echo])
    with service.served() as url:
        asked = ["--base-url", f"{url}/v1", "--model", "m"]
        statuses = {
            run(["batch", str(feed), "-o", str(feed.with_name(name)), *asked]) for name in ("a.jsonl", "b.html")
        }
        run(["batch", str(feed), *asked, "--strict", "--explain-misses"])
    assert statuses <= {0, 1}
    assert service.seen
    assert {headers["authorization"] for _, headers in service.seen} == {f"Bearer {key}"}
    said = capsys.readouterr()
    assert key not in said.out + said.err
    assert left_behind(feed.parent, key) == []


@pytest.mark.parametrize("key", KEYS)
def test_what_sends_nothing_shows_no_key(
    key: str, feed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    assert run(["batch", str(feed), "--dry-run"]) == 0
    assert run(["requests", str(feed), "-o", str(feed.with_name("requests.jsonl"))]) == 0
    assert run(["batch", str(feed), "--offline", "-o", str(feed.with_name("a.jsonl"))]) == 0
    assert run(["report", str(feed.with_name("a.jsonl")), "-o", str(feed.with_name("a.html"))]) == 0
    assert run(["cache", "info"]) == 0
    said = capsys.readouterr()
    assert key not in said.out + said.err
    assert left_behind(feed.parent, key) == []


def test_the_batches_that_are_kept_hold_neither_key_nor_password(
    feed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEYS[0])
    service = Echo(
        lambda key: (200, {"id": "file-1", "object": "file"}, {}) if len(service.seen) == 1 else error(401)(key)
    )
    with service.served() as url:
        address = url.replace("//", f"//someone:{PASSWORD}@")
        assert run(["batch", str(feed), "--via", "openai-batch", "--base-url", f"{address}/v1"]) == 1
    assert [path for path, _ in service.seen] == ["/v1/files", "/v1/batches"]
    assert list(feed.parent.glob("cache/batches/state.json"))
    said = capsys.readouterr()
    for secret in (KEYS[0], PASSWORD):
        assert secret not in said.out + said.err
        assert left_behind(feed.parent, secret) == []


@pytest.mark.parametrize("address", [f"ftp://someone:{PASSWORD}@host/v1", f"//someone:{PASSWORD}@host/v1"])
def test_a_password_in_an_address_that_is_none_is_not_repeated(
    address: str, feed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["batch", str(feed), "--base-url", address]) == 1
    said = capsys.readouterr().err
    assert "is no address" in said
    assert PASSWORD not in said


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:99999/v1", "http://127.0.0.1:0/v1", "http://a\nb/v1", "http://a b/v1", "http://[::1"]
)
def test_an_address_that_is_none_is_named_before_anything_is_sent(
    address: str, feed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["batch", str(feed), "--base-url", address]) == 1
    assert capsys.readouterr().err.startswith(f"perfclaims: base URL {address!r} is no address")


def test_the_logs_of_libraries_show_no_key(feed: Path) -> None:
    service = Echo(ECHOES["refused key"])
    with service.served() as url:
        environ = os.environ | {"OPENAI_API_KEY": KEYS[1], "OPENAI_LOG": "debug", "PERFCLAIMS_DEBUG": "1"}
        command = [sys.executable, "-m", "agent", "batch", str(feed), "--base-url", f"{url}/v1"]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "DEBUG" in done.stderr
    assert KEYS[1] not in done.stdout + done.stderr


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_remedy_is_said(
    status: int, feed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEYS[0])
    elsewhere = Echo(ECHOES["sound"])
    with elsewhere.served() as other, Echo(lambda _: (status, {}, {"location": f"{other}/v1"})).served() as url:
        assert run(["batch", str(feed), "--base-url", f"{url}/v1"]) == 1
    assert elsewhere.seen == []
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"sends on to {other}/v1 ({status}), which is not followed; set --base-url to it" in said


def test_requests_go_to_the_base_url_alone_with_no_key_but_the_one_for_it(
    feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEYS[0])
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "admin-planted-0123456789")
    service = Echo(ECHOES["sound"])
    with service.served() as url:
        assert run(["batch", str(feed), "--base-url", f"{url}/some/v1"]) == 0
    assert {path for path, _ in service.seen} == {"/some/v1/chat/completions"}
    assert not any("admin-planted" in value for _, headers in service.seen for value in headers.values())


@pytest.mark.parametrize(("bypass", "used"), [("", True), ("*", False)])
def test_a_proxy_of_the_environment_is_used_as_everywhere_else(
    bypass: str, used: bool, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, service = Echo(ECHOES["sound"]), Echo(ECHOES["sound"])
    with proxy.served() as way, service.served() as url:
        monkeypatch.setenv("HTTP_PROXY", way)
        monkeypatch.setenv("NO_PROXY", bypass)
        assert run(["batch", str(feed), "--base-url", f"{url}/v1"]) == 0
    assert (bool(proxy.seen), bool(service.seen)) == (used, not used)


@pytest.mark.parametrize("key", [f"{KEYS[0]}\n{KEYS[1]}", f"{KEYS[0]}…", f"\x00{KEYS[0]}"])
def test_a_key_that_no_header_can_hold_is_refused_without_being_shown(
    key: str, feed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from agent.model.request import ModelOptions
    from agent.model.transport import connect

    if "\x00" not in key:  # which no environment can hold
        monkeypatch.setenv("OPENAI_API_KEY", key)
        assert run(["batch", str(feed)]) == 1
        said = capsys.readouterr().err
        assert "set OPENAI_API_KEY anew" in said
        assert KEYS[0] not in said
    with pytest.raises(Exception, match="has a character that no key has"):
        connect(ModelOptions(), key, 1.0)


def test_white_space_around_a_key_is_no_part_of_it(feed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f" {KEYS[0]}\r\n")
    service = Echo(ECHOES["sound"])
    with service.served() as url:
        assert run(["batch", str(feed), "--base-url", f"{url}/v1"]) == 0
    assert {headers["authorization"] for _, headers in service.seen} == {f"Bearer {KEYS[0]}"}


def test_a_short_key_is_a_word_like_any_other() -> None:
    assert masked("none of the servers", "none") == "none of the servers"
