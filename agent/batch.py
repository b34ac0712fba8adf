"""A whole feed, from its papers to a file of records."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING

from agent.errors import InputError
from agent.exports import Export, Sink
from agent.feeds import read_feed
from agent.ledger import Ledger
from agent.outcomes import Outcome
from agent.papers import Paper, Skipped
from agent.runs import outcomes
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.model.service import Source

Notice = Callable[[str], None]


async def write_records(
    papers: Iterable[Paper],
    sink: Sink,
    export: Export,
    settings: Settings,
    notice: Notice,
    *,
    source: "Source | None" = None,
    watch: Callable[[Outcome[str]], None],
) -> None:
    """Structure papers into an open sink, one after the other as they are done.

    Every outcome is shown to `watch`; `notice` is told what failed and what concerns the whole run. `source` answers
    in place of the service. Raises InputError if the output cannot be written, and ServiceRefused if the service will
    answer no request.
    """
    sink.write(export.head)
    async with aclosing(outcomes(papers, settings, export.row, notice, source)) as stream:
        async for outcome in stream:
            watch(outcome)
            if outcome.view is None:
                notice(f"{outcome.place}: {outcome.failure}")
            else:
                sink.write(outcome.view)
    sink.write(export.tail)


class FeedPapers:
    """The papers of feeds, one feed after the other; what cannot be used is told and counted as it comes.

    `feeds` are paths, or "-" for standard input. Raises InputError, when made, if a feed cannot be read, and at the
    end if none of them held a paper.
    """

    def __init__(self, feeds: Iterable[str], ledger: Ledger, notice: Notice) -> None:
        self._names = list(feeds)
        self._readers: list[Iterator[Paper | Skipped]] = [read_feed(feed) for feed in self._names]
        self._ledger, self._notice = ledger, notice

    def __iter__(self) -> Iterator[Paper]:
        found = False
        for reader in self._readers:
            for entry in reader:
                if isinstance(entry, Paper):
                    found = True
                    yield entry
                else:
                    self._ledger.skipped += entry.lost
                    self._notice(str(entry))
        if not found:
            raise InputError(f"{', '.join(self._names)}: no abstract in it can be used; see the reasons above")


def papers_after(papers: Iterable[Paper], done: list[str], *, gaps: bool) -> Iterator[Paper]:
    """The papers of a feed that come after those whose records are there, by their ids.

    With `gaps`, a paper before the last of them may have no record, as after a strict run; it is not tried again.
    Raises InputError if the records are not those of this feed.
    """
    stream = iter(papers)
    for identity in done:
        paper = next(stream, None)
        while gaps and paper is not None and paper.id != identity:
            paper = next(stream, None)
        if paper is None or paper.id != identity:
            raise InputError(f"a record of {identity!r} is there, which is not the feed's next; run without --resume")
    yield from stream
