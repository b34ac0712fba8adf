"""Feeds that were given to the web app: each is read and answered in a thread of its own, and keeps what it found."""

import asyncio
import itertools
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from agent.errors import InputError, PerfclaimsError
from agent.feeds import read_feed
from agent.ledger import Ledger
from agent.outcomes import Outcome
from agent.papers import Paper
from agent.report import line
from agent.runs import outcomes
from agent.settings import Settings
from agent.workers import LARGE
from schemas import Record

MOST_PAPERS = 100_000
"""Papers of one feed that are answered; the rest is named as not read."""
MOST_AT_ONCE = 4
"""Feeds that are under way at a time; others wait."""
MOST_KEPT = 32
"""Feeds that are kept; after that the oldest one that has ended makes room."""
MOST_NOTICES = 200

State = Literal["waiting", "running", "done", "failed", "stopped"]
Views = tuple[str, str]


@dataclass
class Job:
    """A feed under way, or ended. `records` holds the records so far as JSON Lines, `lines` what the page shows."""

    id: str
    name: str
    folder: Path
    state: State = "waiting"
    total: int | None = None
    message: str = ""
    notices: list[str] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    offsets: list[int] = field(default_factory=lambda: [0])
    stopping: threading.Event = field(default_factory=threading.Event)
    interrupt: Callable[[], object] = lambda: None

    @property
    def feed(self) -> Path:
        """The feed as it was given."""
        return self.folder / "feed"

    @property
    def records(self) -> Path:
        """The file of records."""
        return self.folder / "records.jsonl"

    @property
    def lines(self) -> Path:
        """The file of lines for the page."""
        return self.folder / "lines.jsonl"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "failed", "stopped")

    def stop(self) -> None:
        """Let nothing more come; a request that is under way is not waited for."""
        self.stopping.set()
        with suppress(RuntimeError):  # its event loop may just have ended
            self.interrupt()

    def note(self, message: str) -> None:
        """Keep a line that concerns the feed as a whole or one of its entries."""
        if len(self.notices) < MOST_NOTICES:
            self.notices.append(message)

    def lines_from(self, first: int, most: int) -> str:
        """At most so many lines for the page, from the one at `first` on."""
        last = min(len(self.offsets) - 1, first + most)
        if not 0 <= first < last:
            return ""
        with self.lines.open("rb") as file:
            file.seek(self.offsets[first])
            return file.read(self.offsets[last] - self.offsets[first]).decode()

    def status(self) -> dict[str, Any]:
        """What there is to say of it, as JSON."""
        ledger = self.ledger
        counts = {
            name: getattr(ledger, name)
            for name in ("records", "by_rules", "from_cache", "fallen_back", "dropped", "failed", "skipped")
        }
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "total": self.total,
            "done": ledger.records + ledger.failed,
            "message": self.message,
            "notices": self.notices,
            **counts,
            "input_tokens": ledger.input_tokens,
            "output_tokens": ledger.output_tokens,
        }


class Jobs:
    """All feeds of a web app; what they hold is gone when the app ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = tempfile.TemporaryDirectory(prefix="perfclaims-", ignore_cleanup_errors=True)
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="feed")
        self._jobs: dict[str, Job] = {}

    def get(self, identity: str) -> Job | None:
        """The job of this id, if it is there."""
        return self._jobs.get(identity)

    def new(self, name: str) -> Job:
        """A job without its feed, under an id that nobody can guess. Raises InputError if too many are under way."""
        while len(self._jobs) >= MOST_KEPT:
            oldest = next((job for job in self._jobs.values() if job.has_ended), None)
            if oldest is None:
                raise InputError(f"{MOST_KEPT} feeds are under way; wait until one is done")
            self.forget(oldest)
        identity = secrets.token_urlsafe(16)
        folder = Path(self._folder.name) / identity
        folder.mkdir()
        job = Job(identity, name, folder)
        job.records.touch()
        self._jobs[identity] = job
        return job

    def start(self, job: Job) -> None:
        """Answer the feed, which now stands in `job.feed`."""
        self._threads.submit(self._run, job)

    def forget(self, job: Job) -> None:
        """Stop a job and remove what it holds."""
        job.stop()
        self._jobs.pop(job.id, None)
        for path in (job.feed, job.records, job.lines):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Stop them all."""
        for job in self._jobs.values():
            job.stop()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._folder.cleanup()

    def _run(self, job: Job) -> None:
        job.state = "running"
        try:
            job.total = min(MOST_PAPERS, sum(1 for _ in _papers(job, job.note)))
            if not job.total:
                raise InputError(f"{job.name}: no abstract in it can be used")
            with suppress(asyncio.CancelledError):
                asyncio.run(self._answer(job))
            job.state = "stopped" if job.stopping.is_set() else "done"
        except PerfclaimsError as error:
            job.state, job.message = "failed", without_key(str(error), self._settings)
        except Exception as error:
            job.state, job.message = "failed", f"internal error, {type(error).__name__}"
            raise

    async def _answer(self, job: Job) -> None:
        if (task := asyncio.current_task()) is not None:
            job.interrupt = partial(asyncio.get_running_loop().call_soon_threadsafe, task.cancel)
        papers = itertools.islice(_papers(job), MOST_PAPERS)
        with job.records.open("a", encoding="utf-8") as records, job.lines.open("a", encoding="utf-8") as lines:
            for some in self._in_parts(papers):
                async with aclosing(outcomes(some, self._settings, _views, job.note)) as stream:
                    async for outcome in stream:
                        if job.stopping.is_set():
                            return
                        _keep(job, outcome, records, lines)

    def _in_parts(self, papers: Iterator[Paper]) -> Iterator[Iterable[Paper]]:
        """A feed for the model whole; for the rules in parts that they answer without starting processes."""
        if self._settings.asks_a_model:
            yield papers
            return
        while part := list(itertools.islice(papers, LARGE // 2)):
            yield part


def without_key(text: str, settings: Settings) -> str:
    """A text in which the key, should a service have repeated it, is not to be read."""
    return text.replace(settings.api_key, "[key]") if settings.api_key else text


def _papers(job: Job, notice: Any = None) -> Iterator[Paper]:
    for entry in read_feed(job.feed, job.name):
        if job.stopping.is_set():
            return
        if isinstance(entry, Paper):
            yield entry
        elif notice is not None:
            job.ledger.skipped += entry.lost
            notice(str(entry))


def _views(record: Record) -> Views:
    return record.to_json() + "\n", line(record)


def _keep(job: Job, outcome: Outcome[Views], records: Any, lines: Any) -> None:
    if outcome.view is None:
        job.note(f"{outcome.place}: {outcome.failure}")
    else:
        for file, text in zip((records, lines), outcome.view, strict=True):
            file.write(text)
            file.flush()
        job.offsets.append(job.offsets[-1] + len(outcome.view[1].encode()))
    job.ledger.enter(outcome)
