"""`perfclaims batch`: structure a whole feed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.grouped import grouped
from agent.commands.options import CacheOptions, EngineOptions, SamplingOptions, SpendingOptions, settings_of
from agent.commands.screen import say

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
) -> None:
    """Structure a whole feed, a record for each abstract."""
    import asyncio

    from agent.batch import write_records
    from agent.commands.progress import Progress
    from agent.ledger import Ledger

    settings = settings_of(engine, cache, sampling, spending)
    ledger = Ledger(spending.price_in, spending.price_out)
    with Progress() as progress:
        asyncio.run(
            write_records(
                feeds,
                output.output,
                settings,
                ledger=ledger,
                notice=say,
                wide=output.wide,
                watch=lambda outcome: progress.advance(),
            )
        )
    say(ledger.closing_line())
    if ledger.failed:
        raise typer.Exit(SOME_FAILED)
