"""The one raw call: sent again while a fault may pass, slowed for all where the service asks, and given up in time."""

import asyncio
import random
import time
from typing import TYPE_CHECKING, Any

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from agent.errors import InputError, ServiceError, ServiceRefused
from agent.masking import masked_page
from agent.model.budget import Budget
from agent.model.faults import Fault, Rejected, fault_of
from agent.model.gate import FAILURES, Clock, Gate, Jitter, Sleep
from agent.model.pace import Pace
from agent.model.replies import Reply, reply_of
from agent.model.request import ModelOptions

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI = "https://api.openai.com/v1"
TRIES = 6
"""How often one request is sent at most."""
FIRST_TRIES = 3
"""The same where nobody takes the connection and nobody ever did: the address is more likely wrong than busy."""
PATIENCE = 180.0
"""Seconds from the first try of a request to its last."""
TIMEOUT = 90.0
"""Seconds that one try may take."""
LONGEST_BACKOFF = 20.0


class Transport:
    """A connection to one service that all requests of a run share.

    Only tenacity sends a request again; the client's own retries are off. `clock`, `sleep` and `jitter` are those of
    the gate, `today` is the time of day in seconds since 1970.
    """

    def __init__(
        self,
        options: ModelOptions,
        api_key: str | None = None,
        *,
        timeout: float = TIMEOUT,
        pace: Pace | None = None,
        budget: Budget | None = None,
        client: "AsyncOpenAI | None" = None,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        jitter: Jitter = random.random,
        today: Clock = time.time,
    ) -> None:
        self.model = options.model
        self.gate = Gate(clock, sleep, jitter)
        self._client = client or connect(options, api_key, timeout)
        self._timeout = timeout
        self._pace = pace or Pace(clock=clock, sleep=sleep)
        self._budget = budget or Budget()
        self._clock, self._sleep, self._jitter, self._today = clock, sleep, jitter, today
        self._rejected: int | None = 0

    async def post(self, body: dict[str, Any]) -> Reply:
        """Send a chat completion request and give back what the service said.

        Raises ServiceError when it said nothing, however often it was asked, or when the budget is spent;
        ServiceRefused when it will answer none of this run's requests; ModelError when it will not answer this one.
        """
        began = self._clock()

        def is_over(state: RetryCallState) -> bool:
            due = self._clock() - began + state.upcoming_sleep
            fault = state.outcome.exception() if state.outcome else None
            nobody = isinstance(fault, Fault) and fault.unreachable and not self.gate.has_answered
            tries = FIRST_TRIES if nobody else TRIES
            return state.attempt_number >= tries or due > PATIENCE or self.gate.shut is not None

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Fault), wait=self._wait, stop=is_over, sleep=self._sleep, reraise=True
        )
        try:
            return await retrying(self._try, body)
        except Fault as fault:
            self.gate.gave_up(str(fault))
            tries = retrying.statistics["attempt_number"]
            reason = self.gate.shut or f"no answer from the service: {fault}, tried {tries} times"
            raise ServiceError(reason) from fault

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _send(self, body: dict[str, Any]) -> bytes:
        """Send as it is: `chat.completions.create` costs 0.4 s to import and 1.5 ms a request to walk the schema."""
        page = await self._client.post("/chat/completions", cast_to=bytes, body=body)
        return masked_page(page, self._client.api_key)

    async def _try(self, body: dict[str, Any]) -> Reply:
        from openai import OpenAIError

        reckoned = await self._pace.turn(body)
        probe = await self.gate.enter()
        try:
            self._budget.take()
            async with asyncio.timeout(self._timeout):
                reply = reply_of(await self._send(body))
        except Fault as fault:
            self.gate.failed(probe, str(fault))
            raise
        except (OpenAIError, TimeoutError) as error:
            fault_ = fault_of(error, self.model, self._today())
            raise self._noted(fault_, probe) from error
        else:
            self.gate.answered()
            self._pace.settle(reckoned, reply.usage)
            self._budget.pay(reply.usage)
            self._rejected = None
            return reply
        finally:
            self.gate.leave(probe)

    def _noted(self, error: Exception, probe: bool) -> Exception:
        if isinstance(error, Rejected) and self._rejected is not None:
            self._rejected += 1
            if self._rejected >= FAILURES:
                error = ServiceRefused(f"{error}, nor any before it; change --model or --base-url")
        if isinstance(error, ServiceRefused):
            self.gate.close(error)
        elif not isinstance(error, Fault):
            self.gate.answered()
        elif not error.limited:
            self.gate.failed(probe, str(error))
        elif (error.wait or 0) > PATIENCE:
            self.gate.close(ServiceError(f"the service asks to wait {error.wait:.0f} s ({error})"))
        else:
            self.gate.pause(error.wait or self._backoff(1))
        return error

    def _wait(self, state: RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        if isinstance(fault, Fault) and fault.wait:
            return fault.wait + self._jitter() * min(1.0, fault.wait / 10)
        return self._backoff(state.attempt_number)

    def _backoff(self, attempt: int) -> float:
        return min(LONGEST_BACKOFF, 0.5 * 2.0 ** (attempt - 1)) * (0.5 + self._jitter() / 2)


def connect(options: ModelOptions, api_key: str | None, timeout: float) -> "AsyncOpenAI":
    """A client for the service that the options name; a local server needs no key.

    It follows no redirect: abstracts and key go to the address that was named, and to no other. Raises InputError where
    a key is needed and none is given, and for one that no header can hold.
    """
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    key = (api_key or "").strip()
    if not key and options.is_openai:
        raise InputError("no key for OpenAI: set OPENAI_API_KEY, or name another server with --base-url")
    if not (key.isascii() and key.isprintable()):
        raise InputError("the key has a character that no key has, such as a line break; set OPENAI_API_KEY anew")
    return AsyncOpenAI(
        api_key=key or "none",
        base_url=options.base_url or OPENAI,
        timeout=timeout,
        max_retries=0,
        http_client=DefaultAsyncHttpxClient(follow_redirects=False),
    )
