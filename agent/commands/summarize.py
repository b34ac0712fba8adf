"""`perfclaims summarize`: one pasted abstract."""

import sys
from dataclasses import dataclass
from typing import Annotated

import typer

from agent.commands.grouped import grouped
from agent.commands.options import CacheOptions, EngineOptions, SamplingOptions, settings_of
from agent.commands.screen import say


@dataclass(frozen=True)
class CardOptions:
    """How the record is shown."""

    title: Annotated[str, typer.Option(help="The paper's title, if you have it.", show_default=False)] = ""
    json: Annotated[bool, typer.Option("--json", help="JSON, as in a pipe.")] = False
    explain: Annotated[bool, typer.Option("--explain", help="The rule and span behind each item of the rules.")] = False


@grouped
def summarize(
    card: CardOptions,
    engine: EngineOptions,
    cache: CacheOptions,
    sampling: SamplingOptions,
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="A file; else standard input.")] = "-",
) -> None:
    """Structure one pasted abstract."""
    from agent.door import summarize_paper
    from agent.pasted import read_pasted

    settings = settings_of(engine, cache, sampling)
    if file == "-" and sys.stdin.isatty():
        say("paste the abstract, then press Ctrl-D on a line of its own")
    paper = read_pasted(file, card.title, say)
    record = summarize_paper(paper, settings, say)
    if record.provenance.fallback:
        say(f"answered by rules: {record.provenance.fallback}")
    if card.json or not sys.stdout.isatty():
        typer.echo(record.to_json())
    else:
        from agent.commands.card import show

        show(record)
    if card.explain:
        from agent.explanation import explained

        for line in explained(paper):
            typer.echo(line, err=True)
