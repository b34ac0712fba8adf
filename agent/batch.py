"""A whole feed, from its papers to a file of records."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import aclosing
from pathlib import Path

from agent.errors import InputError
from agent.exports import Sink, export_for
from agent.feeds import read_feed
from agent.ledger import Ledger
from agent.outcomes import Outcome
from agent.papers import Paper, Skipped
from agent.runs import outcomes
from agent.settings import Settings

Watcher = Callable[[Outcome[str]], None]


async def write_records(
    feeds: Iterable[str],
    output: Path | None,
    settings: Settings,
    *,
    ledger: Ledger,
    notice: Callable[[str], None],
    wide: bool = False,
    watch: Watcher = lambda outcome: None,
) -> None:
    """Structure feeds (paths, or "-" for standard input) one after the other into `output`, or standard output.

    Every outcome is entered in the `ledger` and shown to `watch`; `notice` is told what was skipped and what failed.
    Raises InputError if a feed cannot be read, if none holds a usable abstract, or if the output cannot be written,
    and ServiceRefused if the service will answer no request.
    """
    names = list(feeds)
    export = export_for(output, wide=wide)
    papers = _papers([read_feed(feed) for feed in names], ledger, notice)
    with Sink(output) as sink:
        sink.write(export.head)
        async with aclosing(outcomes(papers, settings, export.row, notice)) as stream:
            async for outcome in stream:
                ledger.enter(outcome)
                watch(outcome)
                if outcome.view is None:
                    notice(f"{outcome.place}: {outcome.failure}")
                else:
                    sink.write(outcome.view)
        if not ledger.records and not ledger.failed:
            raise InputError(f"{', '.join(names)}: no abstract in it can be used; see the reasons above")
        sink.write(export.tail)


def _papers(feeds: list[Iterator[Paper | Skipped]], ledger: Ledger, notice: Callable[[str], None]) -> Iterator[Paper]:
    for feed in feeds:
        for entry in feed:
            if isinstance(entry, Paper):
                yield entry
            else:
                ledger.skipped += entry.lost
                notice(str(entry))
