"""`perfclaims batch --ray`: structure a feed on many machines."""

from pathlib import Path

import typer

from agent.commands.screen import say
from agent.commands.statuses import INTERRUPTED, SOME_FAILED
from agent.errors import InputError, UsageError
from agent.ledger import Ledger
from agent.settings import Settings


def run_on_cluster(
    feeds: list[str], folder: Path | None, settings: Settings, ledger: Ledger, address: str, *, resume: bool
) -> None:
    """Write the records of feeds into a folder of parts, with progress and a closing line, as `run_batch` does."""
    from agent.cluster import ClusterRun
    from agent.commands.progress import Progress

    if folder is None:
        raise UsageError("--ray writes a folder of parts: name it with -o")
    run = ClusterRun(feeds, folder, settings, address, resume)
    if settings.engine == "auto" and not settings.asks_a_model:
        say("no key and no base URL, so rules answer; OPENAI_API_KEY or --base-url asks a model")
    papers = 0
    try:
        with Progress() as progress:
            for part in run.parts():
                papers += part.papers
                ledger.skipped += part.skipped
                for notice in part.notices:
                    say(notice)
                for outcome in part.outcomes:
                    ledger.enter(outcome)
                    progress.advance()
    except KeyboardInterrupt:
        say(f"interrupted: {ledger.closing_line()}; the parts are in {folder}, and --resume goes on from there")
        raise typer.Exit(INTERRUPTED) from None
    if not papers:
        raise InputError(f"{', '.join(feeds)}: no abstract in it can be used; see the reasons above")
    say(ledger.closing_line())
    if ledger.failed:
        raise typer.Exit(SOME_FAILED)
