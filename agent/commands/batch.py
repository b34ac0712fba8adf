"""`perfclaims batch`: structure a whole feed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.grouped import grouped
from agent.commands.options import CacheOptions, EngineOptions, SamplingOptions, SpendingOptions, settings_of
from agent.commands.screen import say
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.ledger import Ledger
    from agent.model.service import Source

SOME_FAILED = 3


@dataclass(frozen=True)
class OutputOptions:
    """Where the records go."""

    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="A .jsonl, .csv or .md file; else JSON Lines on standard output."),
    ] = None
    wide: Annotated[bool, typer.Option("--wide", help="CSV with one row a paper instead of one row a claim.")] = False


@grouped
def batch(
    feeds: Annotated[list[str], typer.Argument(metavar="FEED", help="Files, or - for standard input.")],
    output: OutputOptions,
    engine: EngineOptions,
    cache: CacheOptions,
    sampling: SamplingOptions,
    spending: SpendingOptions,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many requests and tokens a run would send; send none.")
    ] = False,
) -> None:
    """Structure a whole feed, a record for each abstract."""
    from agent.ledger import Ledger

    settings = settings_of(engine, cache, sampling, spending)
    ledger = Ledger(spending.price_in, spending.price_out)
    if dry_run:
        from agent.batch import FeedPapers
        from agent.estimate import estimate

        say(str(estimate(FeedPapers(feeds, ledger, say), settings, ledger, say)))
        return
    run_batch(feeds, output, settings, ledger)


def run_batch(
    feeds: list[str],
    output: OutputOptions,
    settings: Settings,
    ledger: "Ledger",
    open_source: "Callable[[], Source | None]" = lambda: None,
) -> None:
    """Write the records of feeds with progress and a closing line; exit status 3 if some failed."""
    import asyncio

    from agent.batch import FeedPapers, write_records
    from agent.commands.progress import Progress
    from agent.exports import Sink, export_for
    from agent.outcomes import Outcome

    export = export_for(output.output, wide=output.wide)
    papers = FeedPapers(feeds, ledger, say)
    with Progress() as progress, Sink(output.output) as sink:

        def watch(outcome: Outcome[str]) -> None:
            ledger.enter(outcome)
            progress.advance()

        asyncio.run(write_records(papers, sink, export, settings, say, source=open_source(), watch=watch))
    say(ledger.closing_line())
    if ledger.failed:
        raise typer.Exit(SOME_FAILED)
