"""A service and a clock for tests: nothing goes over a network and nothing sleeps."""

import asyncio
import heapq
import itertools
import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx2
from openai import AsyncOpenAI

from agent.model.budget import Budget
from agent.model.request import ModelOptions
from agent.model.transport import Transport

Result = TypeVar("Result")
Answering = Callable[[int, dict[str, Any]], httpx2.Response | Exception]


class VirtualTime:
    """Time that stands still while anything can run and then leaps to the next sleeper."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + max(seconds, 0), next(self._count), waking))
        await waking

    async def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do the work to its end, however long it sleeps."""
        task = asyncio.ensure_future(work)
        while not task.done():
            for _ in range(40):
                await asyncio.sleep(0)
            if self._sleepers and not task.done():
                self.now, _, waking = heapq.heappop(self._sleepers)
                if not waking.done():
                    waking.set_result(None)
            else:
                await asyncio.sleep(0.0005)
        return await task


@dataclass
class Service:
    """Answers each request as `answering` says, `latency` seconds after it came; keeps when and what was sent."""

    answering: Answering
    time: VirtualTime = field(default_factory=VirtualTime)
    latency: float = 0.2
    bodies: list[dict[str, Any]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    jitter: float = 0.5

    def transport(self, options: ModelOptions | None = None, budget: Budget | None = None) -> Transport:
        """A transport whose client ends in this service."""
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self._handle))
        client = AsyncOpenAI(api_key="sk-secret", base_url="http://service/v1", max_retries=0, http_client=http)
        return Transport(
            options or ModelOptions(model="m"),
            budget=budget,
            client=client,
            clock=self.time.clock,
            sleep=self.time.sleep,
            jitter=lambda: self.jitter,
            today=lambda: 1_800_000_000 + self.time.now,
        )

    async def _handle(self, request: httpx2.Request) -> httpx2.Response:
        self.times.append(self.time.now)
        self.bodies.append(json.loads(request.content))
        place = len(self.bodies) - 1
        await self.time.sleep(self.latency)
        response = self.answering(place, self.bodies[place])
        if isinstance(response, Exception):
            raise response
        return response


def completion(text: str | None, finish_reason: str = "stop", refusal: str | None = None) -> httpx2.Response:
    """A chat completion of 100 tokens in and 10 out."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text, "refusal": refusal}}
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    whole = {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice | {"finish_reason": finish_reason}],
        "usage": usage,
    }
    return httpx2.Response(200, content=json.dumps(whole), headers={"content-type": "application/json"})


def refused(
    status: int, code: str = "", message: str = "no", param: str | None = None, **headers: str
) -> httpx2.Response:
    """An error in the form of the OpenAI API."""
    error = {"message": message, "type": code, "code": code, "param": param}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, json={"error": error}, headers=named)


def in_turn(*responses: httpx2.Response | Exception) -> Answering:
    """Give these in turn, the last one for ever."""
    return lambda place, _: responses[min(place, len(responses) - 1)]


async def gathered(*work: Awaitable[Result]) -> list[Result | BaseException]:
    """The results of all, or their exceptions."""
    return await asyncio.gather(*work, return_exceptions=True)
