import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openai import AsyncOpenAI

from agent.errors import ServiceError, ServiceRefused
from agent.model import providerbatch
from agent.model.batchfile import answered_keys
from agent.model.batchstate import BatchState
from agent.model.providerbatch import ProviderBatches, Request

pytestmark = pytest.mark.anyio


def answer(key: str) -> dict[str, Any]:
    body = {"choices": [{"finish_reason": "stop", "message": {"content": "{}"}}], "usage": {}}
    return {"custom_id": key, "response": {"status_code": 200, "body": body}, "error": None}


def refusal(key: str) -> dict[str, Any]:
    return {"custom_id": key, "response": None, "error": {"code": "server_error", "message": "try again"}}


def missing(key: str) -> None:
    return None


class Ended(BaseException):
    """The program was killed here."""


@dataclass
class Provider:
    """Batches that are done at the second look; `says` gives the line of answers for a key, or none."""

    says: Callable[[str], dict[str, Any] | None] = answer
    ends_as: str = "completed"
    lists: bool = True
    dies_at: str = ""
    files: dict[str, list[str]] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def client(self) -> AsyncOpenAI:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self.handle))
        return AsyncOpenAI(api_key="sk-secret", base_url="http://service/v1", max_retries=0, http_client=http)

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        what = f"{request.method} {request.url.path.removeprefix('/v1')}"
        self.calls.append(what)
        match what.split("/"):
            case ["POST ", "files"]:
                lines = request.content.decode().split("\r\n\r\n")[-1].split("\r\n--")[0]
                keys = [json.loads(line)["custom_id"] for line in lines.splitlines() if line.startswith("{")]
                name = f"file-{len(self.files)}"
                self.files[name] = keys
                reply: dict[str, Any] = {"id": name, "object": "file"}
            case ["POST ", "batches"]:
                made = json.loads(request.content)
                name = f"batch-{len(self.batches)}"
                self.batches[name] = {**made, "id": name, "looks": 0}
                reply = self.seen(name)
                if self.dies_at == "batch made":
                    raise Ended
            case ["GET ", "batches"]:
                if not self.lists:
                    return httpx2.Response(404, json={"error": {"message": "no such page"}})
                reply = {"object": "list", "data": [self.seen(name) for name in self.batches]}
            case ["GET ", "batches", name]:
                self.batches[name]["looks"] += 1
                reply = self.seen(name)
            case ["GET ", "files", name, "content"]:
                return httpx2.Response(200, text=self.outputs[name])
            case _:
                return httpx2.Response(404, json={"error": {"message": what}})
        return httpx2.Response(200, json=reply)

    def seen(self, name: str) -> dict[str, Any]:
        batch = self.batches[name]
        seen: dict[str, Any] = {key: batch.get(key) for key in ("id", "metadata", "endpoint", "input_file_id")}
        seen |= {"object": "batch", "completion_window": "24h", "created_at": 0, "status": "in_progress"}
        if batch["looks"] >= 2:
            lines = [self.says(key) for key in self.files[batch["input_file_id"]]]
            self.outputs[f"{name}-out"] = "".join(json.dumps(line) + "\n" for line in lines if line)
            seen |= {"status": self.ends_as, "output_file_id": f"{name}-out" if self.outputs[f"{name}-out"] else None}
        return seen


@dataclass
class Run:
    provider: Provider
    folder: Path
    keys: tuple[str, ...] = ("a", "b", "c")
    said: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    async def gather(self) -> list[str]:
        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)
            if self.provider.dies_at == "wait":
                raise Ended
            await asyncio.sleep(0)

        state = BatchState(self.folder, self.said.append)
        batches = ProviderBatches(self.provider.client(), state, "m", self.said.append, poll=4, sleep=sleep)
        files = await batches.gather(self.requests)
        return sorted(key for file in files for key in answered_keys(file))

    def requests(self) -> Iterable[Request]:
        return ((key, {"model": "m", "messages": []}) for key in self.keys)

    def sent(self) -> list[list[str]]:
        return list(self.provider.files.values())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "batches"


async def test_every_request_is_answered_once(folder: Path) -> None:
    run = Run(Provider(), folder)
    assert await run.gather() == ["a", "b", "c"]
    assert run.sent() == [["a", "b", "c"]]
    assert max(run.waits) <= 4


async def test_a_feed_over_the_providers_limits_goes_in_parts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providerbatch, "MOST_REQUESTS", 2)
    run = Run(Provider(), folder, keys=("a", "b", "c", "d", "e"))
    assert await run.gather() == ["a", "b", "c", "d", "e"]
    assert run.sent() == [["a", "b"], ["c", "d"], ["e"]]


@pytest.mark.parametrize("says", [refusal, missing])
async def test_what_failed_or_is_missing_is_sent_again_once_and_not_for_ever(
    says: Callable[[str], dict[str, Any] | None], folder: Path
) -> None:
    run = Run(Provider(says=lambda key: answer(key) if key == "a" else says(key)), folder)
    assert await run.gather() == ["a"]
    assert run.sent() == [["a", "b", "c"], ["b", "c"]]


async def test_what_an_expired_batch_has_answered_is_taken(folder: Path) -> None:
    run = Run(Provider(ends_as="expired", says=lambda key: answer(key) if key < "c" else None), folder)
    assert await run.gather() == ["a", "b"]
    assert run.sent() == [["a", "b", "c"], ["c"]]
    assert any("ended as expired" in line for line in run.said)


@pytest.mark.parametrize("moment", ["wait", "batch made"])
async def test_a_run_that_was_killed_is_taken_up_without_paying_twice(moment: str, folder: Path) -> None:
    provider = Provider(dies_at=moment)
    with pytest.raises(Ended):
        await Run(provider, folder).gather()
    provider.dies_at = ""
    again = Run(provider, folder)
    assert await again.gather() == ["a", "b", "c"]
    assert len(provider.batches) == 1


async def test_where_the_service_lists_no_batches_an_interrupted_sending_is_said_and_done_again(folder: Path) -> None:
    provider = Provider(dies_at="batch made", lists=False)
    with pytest.raises(Ended):
        await Run(provider, folder).gather()
    provider.dies_at = ""
    again = Run(provider, folder)
    assert await again.gather() == ["a", "b", "c"]
    assert any("is sent again" in line for line in again.said)


async def test_a_second_run_with_more_papers_sends_only_those(folder: Path) -> None:
    provider = Provider()
    await Run(provider, folder).gather()
    more = Run(provider, folder, keys=("a", "b", "c", "d"))
    assert await more.gather() == ["a", "b", "c", "d"]
    assert more.sent() == [["a", "b", "c"], ["d"]]


async def test_a_damaged_state_is_set_aside_and_said(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "state.json").write_text("{")
    run = Run(Provider(), folder)
    assert await run.gather() == ["a", "b", "c"]
    assert "renamed to state.damaged" in run.said[0]
    assert (folder / "state.damaged").read_text() == "{"


async def test_a_service_without_batches_is_named(folder: Path) -> None:
    provider = Provider()
    provider.handle = lambda request: httpx2.Response(404, json={"error": {"message": "nothing here"}})  # type: ignore[method-assign]
    with pytest.raises(ServiceError, match="no batches"):
        await Run(provider, folder).gather()


async def test_a_wrong_key_stops_at_once(folder: Path) -> None:
    provider = Provider()
    provider.handle = lambda request: httpx2.Response(401, json={"error": {"message": "bad key"}})  # type: ignore[method-assign]
    run = Run(provider, folder)
    with pytest.raises(ServiceRefused):
        await run.gather()
    assert run.waits == []


async def test_the_state_is_for_its_owner_alone(folder: Path) -> None:
    await Run(Provider(), folder).gather()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    assert (folder / "state.json").stat().st_mode & 0o777 == 0o600
