"""`perfclaims batch`: structure a whole feed."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agent.commands.grouped import grouped
from agent.commands.options import CacheOptions, EngineOptions, SamplingOptions, SpendingOptions, settings_of
from agent.commands.screen import say
from agent.commands.statuses import INTERRUPTED, SOME_FAILED
from agent.errors import UsageError
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.exports import Sink
    from agent.ledger import Ledger
    from agent.model.service import Source


@dataclass(frozen=True)
class OutputOptions:
    """Where the records go."""

    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="A .jsonl, .csv, .parquet, .md, .html or .bib file, packed if it ends in .gz or .zst; "
            "else JSON Lines on standard output.",
        ),
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
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the .part that an interrupted run left beside the output.")
    ] = False,
    via: Annotated[
        Literal["openai-batch"] | None,
        typer.Option(help="Send the requests through the provider's batch service, and wait for it."),
    ] = None,
    poll: Annotated[float, typer.Option(min=0.1, help="With --via: seconds between two looks, at most.")] = 30.0,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="auto|local|ADDRESS",
            help="Run on a Ray cluster (its address; auto: the one of this machine; local: start one here), "
            "with -o as a folder of parts.",
        ),
    ] = None,
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
    if ray is not None:
        from agent.commands.cluster import run_on_cluster

        if via is not None or output.wide:
            raise UsageError("--ray writes JSON Lines and asks the service itself: leave --via and --wide out")
        run_on_cluster(feeds, output.output, settings, ledger, ray, resume=resume)
    elif via is None:
        run_batch(feeds, output, settings, ledger, resume=resume)
    else:
        _run_via_provider(feeds, output, settings, ledger, poll)


def _run_via_provider(
    feeds: list[str], output: OutputOptions, settings: Settings, ledger: "Ledger", poll: float
) -> None:
    import asyncio

    from agent.batch import FeedPapers
    from agent.ledger import Ledger
    from agent.providerrun import ProviderRun

    if "-" in feeds or not settings.use_cache:
        raise UsageError("--via reads the feed twice and keeps its state in the cache: name files, and keep the cache")
    if not settings.asks_a_model:
        raise UsageError("--via asks a model: set OPENAI_API_KEY, or name a service with --base-url")
    run = ProviderRun(lambda: FeedPapers(feeds, Ledger(), lambda _: None), settings, say, poll)
    try:
        answers = asyncio.run(run.answers())
    except KeyboardInterrupt:
        say("interrupted; what is under way goes on at the provider, and the same command takes it up again")
        raise typer.Exit(INTERRUPTED) from None
    run_batch(feeds, output, settings if answers else replace(settings, offline=True), ledger, source=answers)
    run.forget()


def run_batch(
    feeds: list[str],
    output: OutputOptions,
    settings: Settings,
    ledger: "Ledger",
    *,
    source: "Source | None" = None,
    resume: bool = False,
) -> None:
    """Write the records of feeds with progress and a closing line; exit status 3 if some failed."""
    import asyncio

    from agent.batch import FeedPapers, papers_after, write_records
    from agent.commands.progress import Progress
    from agent.commands.strongest import Strongest
    from agent.exports import export_for, format_of
    from agent.outcomes import Outcome

    export = export_for(output.output, wide=output.wide)
    if resume and (output.output is None or format_of(output.output) != ".jsonl"):
        raise UsageError("--resume goes on with a .jsonl file, packed or not; name it with -o")
    feed = FeedPapers(feeds, ledger, say)
    sink, strongest = export.sink(output.output, resume=resume), Strongest()
    try:
        with Progress() as progress, sink:

            def watch(outcome: Outcome[str]) -> None:
                ledger.enter(outcome)
                strongest.enter(outcome)
                progress.advance()

            papers = papers_after(feed, sink.resumed, gaps=settings.strict)
            asyncio.run(write_records(papers, sink, export, settings, say, source=source, watch=watch))
    except KeyboardInterrupt:
        say(_how_to_go_on(ledger, sink))
        raise typer.Exit(INTERRUPTED) from None
    strongest.show()
    say(ledger.closing_line())
    if ledger.failed:
        raise typer.Exit(SOME_FAILED)


def _how_to_go_on(ledger: "Ledger", sink: "Sink") -> str:
    done = f"interrupted: {ledger.closing_line()}"
    if sink.part is None or not sink.part.exists():
        return done
    resumable = ".jsonl" in sink.part.suffixes
    return f"{done}; they are in {sink.part}" + (", and --resume goes on from there" if resumable else "")
