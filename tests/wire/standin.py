"""A stand-in for an OpenAI-compatible service: a fixed latency, seeded or scripted faults, and counters.

`python -m tests.wire.standin --port 8900 --latency 0.2 --rate-limit 0.1` serves it by itself; tests have it in a
thread (`standing_in`). Its answers are annotations, not the output of a model: a request about an annotated abstract
gets the lists of tests/gold/dev.jsonl, any other gets empty lists. They test the path and its speed, and never an
accuracy. A re-ask counts as the same prompt as the request that it follows.

POST /v1/chat/completions    GET /v1/models    GET /stats    POST /reset
"""

import argparse
import asyncio
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from schemas import BaselineAnswer, CaveatAnswer, HardwareAnswer, SpeedupAnswer

GOLD = Path(__file__).parents[1] / "gold" / "dev.jsonl"
LISTS: dict[str, type[BaseModel]] = {
    "hardware": HardwareAnswer,
    "baselines": BaselineAnswer,
    "speedups": SpeedupAnswer,
    "caveats": CaveatAnswer,
}
FAULTS = ("rate_limit", "error", "reset", "hang", "malformed", "truncate", "refuse", "filter", "ungrounded", "html")
"""429 at once; 500; the connection closed within an answer; no answer; JSON cut off; the same with finish_reason
length; a refusal; finish_reason content_filter; a name and a quote that stand nowhere; a page of HTML as an answer."""
MARK = "Quux 9000 "
SECRETS = {
    "openai-organization": "org-planted",
    "set-cookie": "session=planted",
    "x-request-id": "req-planted",
}
"""Headers that every response carries, so that a test can see that no cassette keeps them."""


@dataclass(frozen=True)
class Behaviour:
    """How the stand-in answers.

    `faults` are fractions of the requests, drawn from `seed` in the order of arrival; `script` names the faults of the
    first requests instead ("ok" for none). `status` and `code` answer every request with that error, from the request
    number `after` on. `retry_after` is in seconds, as are `latency` and `hang`.
    """

    latency: float = 0.0
    faults: dict[str, float] = field(default_factory=dict)
    script: tuple[str, ...] = ()
    seed: int = 0
    retry_after: float = 1.0
    hang: float = 600.0
    status: int | None = None
    code: str = "stand_in"
    after: int = 0


@dataclass
class Counts:
    """What the stand-in saw: `sent` by prompt, and the waits from a 429 to the next request of its prompt."""

    kinds: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    answered: set[str] = field(default_factory=set)
    limited: dict[str, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    first: float = 0.0
    last: float = 0.0

    def report(self) -> dict[str, Any]:
        """The counts as JSON."""
        return {
            "requests": self.sent.total(),
            "prompts": len(self.sent),
            "prompts_answered": len(self.answered),
            "most_for_one_prompt": max(self.sent.values(), default=0),
            "most_in_flight": self.most_in_flight,
            "kinds": dict(self.kinds),
            "seconds": self.last - self.first,
            "shortest_wait_after_429": min(self.waits, default=None),
        }


class StandIn:
    """The service: `app` is what a server runs."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.counts = Counts()
        self._random = random.Random(behaviour.seed)
        self.app = Starlette(
            routes=[
                Route("/v1/chat/completions", self._chat, methods=["POST"]),
                Route("/v1/models", self._models),
                Route("/stats", self._stats),
                Route("/reset", self._reset, methods=["POST"]),
            ]
        )

    async def _chat(self, request: Request) -> Response:
        body = json.loads(await request.body())
        asked = _asked(body)
        counts, now = self.counts, time.monotonic()
        counts.first = counts.first or now
        fault = self._fault()
        counts.sent[asked] += 1
        counts.kinds[fault] += 1
        if (limited := counts.limited.pop(asked, None)) is not None:
            counts.waits.append(now - limited)
        if fault == "rate_limit":
            counts.limited[asked] = now
        counts.in_flight += 1
        counts.most_in_flight = max(counts.most_in_flight, counts.in_flight)
        try:
            response = await self._respond(fault, body, asked)
        finally:
            counts.in_flight -= 1
            counts.last = time.monotonic()
        response.headers.update(SECRETS)
        return response

    def _fault(self) -> str:
        place = self.counts.sent.total()
        if self.behaviour.status is not None and place >= self.behaviour.after:
            return "status"
        if place < len(self.behaviour.script):
            return self.behaviour.script[place]
        drawn, bound = self._random.random(), 0.0
        for fault in FAULTS:
            bound += self.behaviour.faults.get(fault, 0.0)
            if drawn < bound:
                return fault
        return "ok"

    async def _respond(self, fault: str, body: dict[str, Any], asked: str) -> Response:
        behaviour = self.behaviour
        if fault == "status" and behaviour.status is not None:
            return _error(behaviour.status, behaviour.code)
        if fault == "rate_limit":
            return _error(429, "rate_limit_exceeded", behaviour.retry_after)
        await asyncio.sleep(behaviour.hang if fault == "hang" else behaviour.latency)
        if fault == "error":
            return _error(500, "server_error", behaviour.retry_after if behaviour.retry_after < 0.1 else None)
        if fault == "reset":
            return _Cut()
        if fault == "html":
            return HTMLResponse("<html><body>Bad gateway</body></html>")
        if fault in ("ok", "hang"):
            self.counts.answered.add(asked)
        return JSONResponse(completion(fault, body))

    async def _models(self, _: Request) -> Response:
        model = {"id": "annotations", "object": "model", "created": 0, "owned_by": "nobody"}
        return JSONResponse({"object": "list", "data": [model]})

    async def _stats(self, _: Request) -> Response:
        return JSONResponse(self.counts.report())

    async def _reset(self, _: Request) -> Response:
        self.counts = Counts()
        self._random = random.Random(self.behaviour.seed)
        return JSONResponse({})


class _Cut(Response):
    """An answer whose connection is closed in its middle."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4096")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise ConnectionResetError


def _error(status: int, code: str, retry_after: float | None = None) -> Response:
    headers = {} if retry_after is None else {"retry-after-ms": f"{retry_after * 1000:.0f}"}
    if retry_after is not None and retry_after >= 1:
        headers = {"retry-after": f"{retry_after:.0f}"}
    error = {"message": f"The stand-in answers {status}.", "type": code, "param": None, "code": code}
    return JSONResponse({"error": error}, status, headers)


def completion(fault: str, body: dict[str, Any]) -> dict[str, Any]:
    """The body of a response to a request; `fault` is one of those that leave it a completion, or "ok"."""
    asked = _asked(body)
    answer = next((answer for abstract, answer in annotations() if abstract in asked), dict.fromkeys(LISTS, ()))
    text, refusal, reason = json.dumps(answer, ensure_ascii=False), None, "stop"
    if fault == "ungrounded":
        text = text.replace('"name": "', f'"name": "{MARK}', 1).replace('"quote": "', f'"quote": "{MARK}', 1)
    elif fault in ("malformed", "truncate"):
        text, reason = text[: 2 * len(text) // 3], "stop" if fault == "malformed" else "length"
    elif fault == "refuse":
        text, refusal = "", "I can't help with that."
    elif fault == "filter":
        text, reason = "", "content_filter"
    message = {"role": "assistant", "content": text, "refusal": refusal}
    used = sum(len(_text(message)) for message in body["messages"]) // 4, len(text) // 4
    return {
        "id": "chatcmpl-0",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reason, "logprobs": None}],
        "usage": {"prompt_tokens": used[0], "completion_tokens": used[1], "total_tokens": sum(used)},
    }


@cache
def annotations() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Each annotated abstract, and its annotations in the shape of an answer."""
    abstracts = {paper["id"]: paper["abstract"] for paper in _lines(GOLD.with_suffix(".abstracts.jsonl"))}
    return tuple((abstracts[row["id"]], _answer(row)) for row in _lines(GOLD))


def _answer(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [{member: item[member] for member in model.model_fields} for item in row[name]]
        for name, model in LISTS.items()
    }


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _asked(body: dict[str, Any]) -> str:
    return next(_text(message) for message in body["messages"] if message["role"] == "user")


def _text(message: dict[str, Any]) -> str:
    return str(message.get("content") or "")


@contextmanager
def standing_in(behaviour: Behaviour | None = None) -> Iterator[tuple[str, Counts]]:
    """The base URL of a stand-in in a thread of this process, and what it counts."""
    stand_in = StandIn(behaviour or Behaviour())
    with serving_in_thread(stand_in) as base_url:
        yield base_url, stand_in.counts


@contextmanager
def serving_in_thread(stand_in: StandIn) -> Iterator[str]:
    """The base URL of this stand-in, whose `behaviour` and `counts` may be changed as it runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = _server(stand_in.app)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(timeout=5)
        listener.close()


def _server(app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> uvicorn.Server:
    return uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))


def main() -> None:
    """Serve until interrupted."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=8900)
    for name, default in (("latency", 0.2), ("retry-after", 1.0), ("hang-seconds", 600.0)):
        options.add_argument(f"--{name}", type=float, default=default, metavar="SECONDS")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--status", type=int)
    for fault in FAULTS:
        options.add_argument(f"--{fault.replace('_', '-')}", type=float, default=0.0, metavar="FRACTION")
    given = options.parse_args()
    behaviour = Behaviour(
        latency=given.latency,
        faults={fault: getattr(given, fault) for fault in FAULTS},
        seed=given.seed,
        retry_after=given.retry_after,
        hang=given.hang_seconds,
        status=given.status,
    )
    annotations()
    _server(StandIn(behaviour).app).run([socket.create_server(("127.0.0.1", given.port))])


if __name__ == "__main__":
    main()
