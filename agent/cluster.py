"""A feed on many machines, by Ray Data: read into parts, each structured and written by a task of its own.

A part is a JSON Lines file of `PART` abstracts, named by its place, so that the parts in the order of their names are
what one machine would have written. A task whose machine is lost is done again elsewhere, and gives the same part.
"""

import asyncio
import json
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from agent.batch import papers_after
from agent.errors import InputError, PerfclaimsError, ServiceRefused, UsageError
from agent.exports import Sink
from agent.exports.export import json_line
from agent.exports.unfinished import read_unfinished
from agent.feeds import read_feed
from agent.outcomes import Outcome
from agent.papers import Paper
from agent.runs import outcomes
from agent.settings import Settings

PART = 1_000
"""Abstracts in a part: the most that is done again where a machine is lost. The rules do so many in one process."""
READERS = 4
"""Feeds that are read at a time; a reader takes no core, as it keeps dozens of them at work."""

Row = dict[str, Any]
Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """What came of a part: its outcomes without their records, what was said, how many entries it lost and held.

    `outcomes` is empty for a part that was there already.
    """

    outcomes: list[Outcome[str]]
    notices: list[str]
    skipped: int
    papers: int


@dataclass(frozen=True, slots=True)
class ClusterRun:
    """A run of feeds into a folder of parts.

    `address` is "local" for a cluster of this machine alone, "auto" for the one that it belongs to, or the address of
    one. All machines must see the feeds and the folder under the same paths, and take the key of the service from their
    own environment. Raises UsageError, when made, for what cannot be done on many machines.
    """

    feeds: list[str]
    folder: Path
    settings: Settings
    address: str
    resume: bool = False

    def __post_init__(self) -> None:
        if "-" in self.feeds:
            raise UsageError("--ray reads files, which all machines see: name them instead of -")
        if self.settings.max_requests is not None or self.settings.max_tokens_total is not None:
            raise UsageError("--max-requests and --max-tokens-total count in one process: run without --ray")
        if self.folder.exists() and not self.folder.is_dir():
            raise UsageError(f"{self.folder}: is a file; with --ray the output is a folder of parts")

    def parts(self) -> Iterator[Part]:
        """Do the run; what came of each part, in order.

        Raises InputError if Ray, a feed, the folder or the cluster cannot be used, and ServiceRefused if the service
        will answer no request.
        """
        ray = _ray()
        feeds = [{"number": number, "name": feed, "path": _seen(feed)} for number, feed in enumerate(self.feeds)]
        self._make_folder()
        _connect(ray, self.address)
        try:
            context = ray.data.DataContext.get_current()
            context.enable_progress_bars = False
            context.target_max_block_size = 1  # a block for each part, or Ray would gather a hundred parts in one task
            context.execution_options.preserve_order = True
            for row in self._rows(ray, feeds):
                if row["fault"]:
                    raise _error_of(row["fault"])
                yield Part([Outcome(**fields) for fields in json.loads(row["outcomes"])], *json.loads(row["counts"]))
        except ray.exceptions.RayError as error:
            cause = str(error).strip().splitlines()[-1][:200]
            raise InputError(
                f"the cluster gave up ({cause}); --resume goes on with the parts that are there"
            ) from error
        finally:
            ray.shutdown()

    def _rows(self, ray: Any, feeds: list[Row]) -> Iterator[Row]:
        tasks = max(1, int(ray.cluster_resources().get("CPU", 1)))
        settings = replace(self.settings, engine="rules", api_key=None)
        if self.settings.asks_a_model:
            tasks = min(tasks, self.settings.concurrency)
            settings = share_of(self.settings, tasks)
        work = partial(structured, folder=str(self.folder.resolve()), settings=settings, resume=self.resume)
        # The two steps ask for different shares of a core, without which Ray would make one of them: one task a feed.
        read = ray.data.from_items(feeds).map_batches(
            cut, batch_size=1, batch_format="pyarrow", num_cpus=0, concurrency=min(READERS, len(feeds))
        )
        rows: Iterator[Row] = read.map(work, num_cpus=1, concurrency=tasks).iter_rows()
        return rows

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self.resume and any(self.folder.glob("part-*")):
                raise InputError(f"{self.folder}: holds parts already; choose another folder, or go on with --resume")
        except OSError as error:
            raise InputError(f"{self.folder}: cannot be written ({error.strerror}); choose another place") from error


def share_of(settings: Settings, tasks: int) -> Settings:
    """The settings of one of so many tasks at a time, which together keep to those of the whole run.

    Without the key: it would be kept by the cluster; a task takes that of its own machine.
    """
    rate, tokens = settings.requests_per_second, settings.tokens_per_minute
    return replace(
        settings,
        engine="llm",
        api_key=None,
        concurrency=max(1, settings.concurrency // tasks),
        rate=None if rate is None else f"{rate * 86400 / tasks:.6f}/day",
        tokens_per_minute=None if tokens is None else max(1, tokens // tasks),
    )


def cut(feeds: Any) -> Iterator[Any]:
    """The parts of feeds (a table of number, name and path), each as a table of one row."""
    import pyarrow

    for feed in feeds.to_pylist():
        for row in _parts_of(feed["number"], feed["name"], feed["path"]):
            yield pyarrow.Table.from_pylist([row])


def _parts_of(feed: int, name: str, path: str) -> Iterator[Row]:
    papers: list[Paper] = []
    notices: list[str] = []
    number = skipped = 0

    def part() -> Row:
        row = {"name": f"part-{feed:05}-{number:06}.jsonl", "papers": json.dumps(papers), "fault": ""}
        return row | {"said": json.dumps([notices, skipped])}

    try:
        for entry in read_feed(path, name):
            if isinstance(entry, Paper):
                papers.append(entry)
            else:
                notices.append(str(entry))
                skipped += entry.lost
            if len(papers) == PART:
                yield part()
                number, papers, notices, skipped = number + 1, [], [], 0
    except PerfclaimsError as error:
        yield part()
        yield {"name": "", "papers": "[]", "said": "[[], 0]", "fault": _fault_of(error)}
        return
    if papers or notices:
        yield part()


def structured(part: Row, *, folder: str, settings: Settings, resume: bool) -> Row:
    """Structure a part and write its file, unless it is there already; gives what the run is to know of it."""
    papers = [Paper(*fields) for fields in json.loads(part["papers"])]
    notices, skipped = json.loads(part["said"])
    found: list[Outcome[str]] = []
    fault = part["fault"]
    if papers and not fault:
        try:
            path = Path(folder, part["name"])
            if resume and path.exists():
                _compare(papers, path, settings)
            else:
                found = asyncio.run(_written(papers, path, settings, notices.append))
        except PerfclaimsError as error:
            fault = _fault_of(error)
    lean = [asdict(replace(outcome, id="", title="", view=None, headline="")) for outcome in found]
    counts = json.dumps([notices, skipped, len(papers)])
    return {"outcomes": json.dumps(lean), "counts": counts, "fault": fault}


async def _written(papers: list[Paper], path: Path, settings: Settings, notice: Notice) -> list[Outcome[str]]:
    if settings.asks_a_model:
        settings = replace(settings, api_key=os.environ.get("OPENAI_API_KEY") or None)
    found = []
    with Sink(path) as sink:
        async with aclosing(outcomes(papers, settings, json_line, notice)) as stream:
            async for outcome in stream:
                found.append(outcome)
                if outcome.view is None:
                    notice(f"{outcome.place}: {outcome.failure}")
                else:
                    sink.write(outcome.view)
    return found


def _compare(papers: list[Paper], path: Path, settings: Settings) -> None:
    ids = read_unfinished(path, None).ids
    left = sum(1 for _ in papers_after(papers, ids, gaps=settings.strict))
    if left and not settings.strict:
        raise InputError(f"{path}: {left} records are missing from it; remove it, and run again with --resume")


def _fault_of(error: PerfclaimsError) -> str:
    return json.dumps([isinstance(error, ServiceRefused), str(error)])


def _error_of(fault: str) -> PerfclaimsError:
    refused, message = json.loads(fault)
    return (ServiceRefused if refused else InputError)(message)


def _seen(feed: str) -> str:
    next(read_feed(feed), None)  # what is no feed at all is said before anything is started
    return str(Path(feed).resolve())


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray.data
    except ImportError as error:
        raise InputError(f"--ray needs {error.name}; pip install 'perfclaims[ray]'") from error
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"ray\b")
    return ray


def _connect(ray: Any, address: str) -> None:
    own: dict[str, Any] = {"include_dashboard": False} if address == "local" else {}
    try:
        ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False, **own)
    except (ConnectionError, ValueError, RuntimeError) as error:
        cause = " ".join(str(error).split())[:200]
        raise InputError(
            f"--ray {address}: no cluster ({cause}); start one with 'ray start --head', or use --ray local"
        ) from error
