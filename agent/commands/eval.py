"""`perfclaims eval`: score records, or an engine, against annotated records."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.commands.grouped import grouped
from agent.commands.options import CacheOptions, EngineOptions, SamplingOptions, SpendingOptions, settings_of
from agent.commands.screen import say
from agent.commands.statuses import SOME_FAILED
from agent.errors import UsageError

if TYPE_CHECKING:
    from agent.commands.printout import Printout
    from agent.evaluation.evaluation import Evaluation, Gold
    from agent.evaluation.records import RecordFile
    from agent.evaluation.scores import Scores
    from agent.settings import Settings
    from schemas.vocabulary import Field

BELOW_MINIMUM = 1


@dataclass(frozen=True)
class ScoreOptions:
    """What is shown of the scores, and what is asked of them."""

    misses: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="Show what was missed and what is extra, in its sentence; repeatable."),
    ] = None
    against: Annotated[
        str | None,
        typer.Option(metavar="OTHER", help="Score these records too, and show what one gets that the other does not."),
    ] = None
    minimum: Annotated[
        list[str] | None,
        typer.Option("--min", metavar="FIELD=F1", help="Exit with 1 below this F1 (a field or macro); repeatable."),
    ] = None
    json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False


@grouped
def evaluate(
    gold: Annotated[str, typer.Argument(metavar="GOLD", help="Annotated records; their abstracts lie beside them.")],
    options: ScoreOptions,
    engine: EngineOptions,
    cache: CacheOptions,
    sampling: SamplingOptions,
    spending: SpendingOptions,
    predicted: Annotated[
        str | None,
        typer.Argument(metavar="PREDICTED", help="Records, or -; without it the engine answers GOLD's abstracts."),
    ] = None,
) -> None:
    """Score records, or an engine, against annotated records.

    For each field: precision, recall, F1, and the share of matched items that agree in further details.
    """
    from agent.commands.printout import Printout
    from agent.evaluation.evaluation import evaluate as matched
    from agent.evaluation.evaluation import read_gold
    from agent.evaluation.records import read_records
    from agent.evaluation.scores import score

    minima, fields = _minima(options.minimum or []), _fields(options.misses or [])
    if predicted is not None and engine.engine != "auto":
        raise UsageError(f"--engine {engine.engine} makes the records itself; leave out {predicted}, or the option")
    if predicted == options.against == "-":
        raise UsageError("only one of PREDICTED and OTHER can be standard input")
    annotated = read_gold(gold, say)
    failed = 0
    if predicted is None:
        records, failed = _extracted(annotated, settings_of(engine, cache, sampling, spending), spending)
    else:
        records = read_records(predicted, say)
    one = matched(annotated, records, say)
    other = matched(annotated, read_records(options.against, say), say) if options.against else None
    scores = score(one)
    if options.json:
        _print_json(scores, one, other, fields)
    else:
        _print(Printout(), scores, one, other, fields)
    if below := _below(scores, minima):
        say(f"{records.name}: {'; '.join(below)}")
        raise typer.Exit(BELOW_MINIMUM)
    if failed:
        raise typer.Exit(SOME_FAILED)


def _fields(given: list[str]) -> "list[Field]":
    from agent.evaluation.records import FIELDS

    if unknown := [name for name in given if name not in FIELDS]:
        raise UsageError(f"--misses {unknown[0]}: needs one of {', '.join(FIELDS)}")
    return [field for field in FIELDS if field in given]


def _minima(given: list[str]) -> dict[str, float]:
    from agent.evaluation.records import FIELDS

    minima = {}
    for text in given:
        name, _, number = text.partition("=")
        try:
            minimum = float(number)
        except ValueError:
            minimum = -1
        if name not in (*FIELDS, "macro") or not 0 <= minimum <= 1:
            raise UsageError(f"--min {text}: needs one of {', '.join(FIELDS)}, macro, and an F1 from 0 to 1: macro=0.9")
        minima[name] = minimum
    return minima


def _below(scores: "Scores", minima: dict[str, float]) -> list[str]:
    return [
        f"{name} F1 is {scores.f1_of(name):.4f}, below the {minimum:g} asked for"
        for name, minimum in minima.items()
        if scores.f1_of(name) < minimum
    ]


def _extracted(gold: "Gold", settings: "Settings", spending: SpendingOptions) -> "tuple[RecordFile, int]":
    from agent.commands.progress import Progress
    from agent.evaluation.extraction import engine_of, extract
    from agent.ledger import Ledger

    say(f"structuring the abstracts of {gold.abstracts_file} by {engine_of(settings)}")
    ledger = Ledger(spending.price_in, spending.price_out)
    with Progress() as progress:
        records = extract(gold, settings, ledger=ledger, notice=say, watch=lambda outcome: progress.advance())
    say(ledger.closing_line())
    return records, ledger.failed


def _print_json(scores: "Scores", one: "Evaluation", other: "Evaluation | None", fields: "list[Field]") -> None:
    import json

    from agent.evaluation.evidence import differences, misses
    from agent.evaluation.scores import score

    shown: dict[str, Any] = scores.as_json()
    if fields:
        shown["misses"] = {field: [paper.as_json() for paper in misses(one, field)] for field in fields}
    if other is not None:
        shown["against"] = score(other).as_json()
        shown["differences"] = [paper.as_json() for paper in differences(one, other)]
    typer.echo(json.dumps(shown))


def _print(
    out: "Printout", scores: "Scores", one: "Evaluation", other: "Evaluation | None", fields: "list[Field]"
) -> None:
    from agent.evaluation.evidence import differences, misses
    from agent.evaluation.scores import score

    for field in fields:
        out.papers(misses(one, field), with_field=len(fields) > 1)
    if other is None:
        _print_scores(out, scores)
        return
    out.papers(differences(one, other), with_field=True)
    rest = score(other)
    for name, figures in ((one.name, scores), (other.name, rest)):
        out.line((name, "bold"))
        _print_scores(out, figures)
    gains = (f"{name} {scores.f1_of(name) - rest.f1_of(name):+.4f}" for name in (*scores.fields, "macro"))
    out.line(f"F1 of {one.name} less that of {other.name}: {', '.join(gains)}")


def _print_scores(out: "Printout", scores: "Scores") -> None:
    rows = [
        (
            field,
            *(f"{figure:.3f}" for figure in (each.precision, each.recall, each.f1)),
            str(each.gold),
            str(each.predicted),
            "  ".join(f"{key} {'-' if share is None else f'{share:.3f}'}" for key, share in each.agree.items()),
        )
        for field, each in scores.fields.items()
    ]
    out.table(("field", "P", "R", "F1", "gold", "pred", "agreement on matched items"), rows)
    low, high = scores.macro_f1_95
    out.line(
        f"macro F1 {scores.macro_f1:.3f} (95 % {low:.3f} to {high:.3f}), "
        f"records with all speedups right {scores.speedups_exact_records:.3f}, verbatim {scores.verbatim:.3f}, "
        f"{scores.records} records, {scores.absent} absent"
    )
