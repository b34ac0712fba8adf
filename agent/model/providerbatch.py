"""The model by way of a provider's batch service: uploaded in parts, waited for, collected, taken up again if ended.

The service is OpenAI's Batch API (files and batches), or any that speaks it. Its limits are those that OpenAI names:
50,000 requests and 200 MB a file.
"""

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from openai import AsyncOpenAI, NotFoundError, OpenAIError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from agent.cache.key import same_url
from agent.errors import ServiceError, UnansweredError
from agent.model.batchfile import URL, answered_keys, request_line
from agent.model.batchstate import Batch, BatchState
from agent.model.faults import Fault, fault_of
from agent.model.gate import Sleep

MOST_REQUESTS = 50_000
MOST_BYTES = 150 << 20
TRIES = 2
"""How often a request is sent in a batch at most, the first time included."""
CALLS = 6
"""How often one call to the service is tried."""
_OVER = {"completed", "failed", "expired", "cancelled"}
Result = TypeVar("Result")
Request = tuple[str, dict[str, Any]]


class ProviderBatches:
    """Gets the answers to requests through batches; what is under way or here already is never sent again.

    `poll` is the longest pause, in seconds, between two looks at what is under way.
    """

    def __init__(
        self,
        client: AsyncOpenAI,
        state: BatchState,
        model: str,
        notice: Callable[[str], None],
        *,
        poll: float = 30.0,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client, self._state, self._model, self._notice = client, state, model, notice
        self._poll, self._sleep = poll, sleep
        self._service = same_url(str(client.base_url))

    @property
    def mine(self) -> list[Batch]:
        """The batches of this service."""
        return [batch for batch in self._state.batches if batch.service == self._service]

    async def gather(self, requests: Callable[[], Iterable[Request]]) -> list[Path]:
        """Have every request answered that can be, and give the files of answers.

        `requests` gives (cache key, body) of all that is to be answered, each time anew. Raises ServiceRefused if
        the service takes no batches from this key, and ServiceError if it cannot be reached.
        """
        await self._find_intended()
        for _ in range(TRIES):
            if not await self._submit(requests()):
                break
            await self._wait()
        await self._wait()
        wanted = {key for key, _ in requests()}
        return [self._state.folder / name for batch in self.mine if wanted & set(batch.keys) for name in batch.answers]

    def forget(self) -> None:
        """Drop what is over and done with, once its answers are in the cache."""
        self._state.forget([batch for batch in self.mine if batch.status in ("done", "failed")])

    async def _submit(self, requests: Iterable[Request]) -> bool:
        sent = Counter(key for batch in self.mine for key in batch.keys)
        settled = self._settled()
        open_ones = {key for batch in self.mine if batch.status in ("intended", "under_way") for key in batch.keys}
        due = (r for r in requests if r[0] not in settled and r[0] not in open_ones and sent[r[0]] < TRIES)
        submitted = False
        for keys, data in _parts(due):
            submitted = True
            again = sum(sent[key] > 0 for key in keys)
            self._notice(f"batch of {len(keys)} requests" + (f", {again} of them again" if again else ""))
            mark = hashlib.sha256(data).hexdigest()[:32]
            batch = Batch(mark=mark, service=self._service, keys=keys)
            self._state.add(batch)
            await self._create(batch, data)
        return submitted

    async def _create(self, batch: Batch, data: bytes) -> None:
        uploaded = await self._call(lambda: self._client.files.create(file=("requests.jsonl", data), purpose="batch"))
        made = await self._call(
            lambda: self._client.batches.create(
                input_file_id=uploaded.id,
                endpoint=URL,
                completion_window="24h",
                metadata={"perfclaims": batch.mark},
            )
        )
        batch.id, batch.status = made.id, "under_way"
        self._state.save()

    async def _find_intended(self) -> None:
        """A run that ended between creating a batch and noting its id: ask the service whether it has it."""
        intended = [batch for batch in self.mine if batch.status == "intended"]
        if not intended:
            return
        known: dict[str, str] = {}
        try:
            listed = await self._call(lambda: self._client.batches.list(limit=100))
            known = {(made.metadata or {}).get("perfclaims", ""): made.id for made in listed.data}
        except UnansweredError:
            self._notice("the service lists no batches, so one whose sending was interrupted is sent again")
        for batch in intended:
            batch.id = known.get(batch.mark)
            batch.status = "under_way" if batch.id else "failed"
        self._state.forget([batch for batch in intended if batch.id is None])

    async def _wait(self) -> None:
        began, pause = time.monotonic(), 0.5
        while under_way := [batch for batch in self.mine if batch.status == "under_way"]:
            done = 0
            for batch in under_way:
                done += await self._look_at(batch)
            if not any(batch.status == "under_way" for batch in under_way):
                return
            waited = time.monotonic() - began
            self._notice(f"{done} answers so far, {len(under_way)} batches under way for {waited:.0f} s")
            pause = min(self._poll, pause * 2)
            await self._sleep(pause)

    async def _look_at(self, batch: Batch) -> int:
        seen = await self._call(lambda: self._client.batches.retrieve(str(batch.id)))
        if seen.status not in _OVER:
            return seen.request_counts.completed if seen.request_counts else 0
        for file in (seen.output_file_id, seen.error_file_id):
            if file is not None:
                await self._download(batch, file)
        batch.status = "done" if batch.answers else "failed"
        batch.reason = "" if seen.status == "completed" else f"the batch ended as {seen.status}"
        if batch.reason:
            self._notice(f"{batch.reason}; what it has answered is taken")
        self._state.save()
        return len(batch.keys)

    async def _download(self, batch: Batch, file: str) -> None:
        content = await self._call(lambda: self._client.files.content(file))
        name = f"{hashlib.sha256(f'{batch.mark} {file}'.encode()).hexdigest()[:32]}.jsonl"
        self._state.keep(batch, name, content.content)

    def _settled(self) -> set[str]:
        return {
            key for batch in self.mine for name in batch.answers for key in answered_keys(self._state.folder / name)
        }

    async def _call(self, call: Callable[[], Awaitable[Result]]) -> Result:
        async def once() -> Result:
            try:
                return await call()
            except NotFoundError as error:
                raise ServiceError(f"the service has no batches ({error.message[:100]}); leave out --via") from error
            except OpenAIError as error:
                raise fault_of(error, self._model, time.time()) from error

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Fault),
            wait=_pause,
            stop=stop_after_attempt(CALLS),
            sleep=self._sleep,
            reraise=True,
        )
        return await retrying(once)


def _pause(state: RetryCallState) -> float:
    fault = state.outcome.exception() if state.outcome else None
    asked = fault.wait if isinstance(fault, Fault) else None
    return min(60.0, asked if asked is not None else 0.5 * 2.0**state.attempt_number)


def _parts(requests: Iterable[Request]) -> Iterator[tuple[list[str], bytes]]:
    keys: list[str] = []
    lines: list[bytes] = []
    size = 0
    for key, body in requests:
        line = request_line(key, body).encode()
        if keys and (len(keys) >= MOST_REQUESTS or size + len(line) > MOST_BYTES):
            yield keys, b"".join(lines)
            keys, lines, size = [], [], 0
        keys.append(key)
        lines.append(line)
        size += len(line)
    if keys:
        yield keys, b"".join(lines)
