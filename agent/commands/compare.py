"""`perfclaims compare`: two files of records without annotation, the least agreeing papers first."""

from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.screen import say

if TYPE_CHECKING:
    from agent.evaluation.agreement import Comparison


def compare(
    left: Annotated[str, typer.Argument(metavar="A", help="Records, as batch writes them to a .jsonl file.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Records of the same papers, by another engine or model.")],
    as_json: Annotated[bool, typer.Option("--json", help="The comparison as JSON.")] = False,
) -> None:
    """Show where two files of records differ, item by item, the least agreeing papers first.

    A paper's agreement is the mean over the four fields of the F1 between its two records, by the matching of eval.
    """
    from agent.errors import UsageError
    from agent.evaluation.agreement import compare as compared
    from agent.evaluation.records import read_records

    if left == right == "-":
        raise UsageError("only one of A and B can be standard input")
    comparison = compared(read_records(left, say), read_records(right, say), say)
    if as_json:
        import json

        typer.echo(json.dumps(comparison.as_json()))
    else:
        _print(comparison)


def _print(comparison: "Comparison") -> None:
    from agent.commands.printout import Printout

    out = Printout()
    for paper in comparison.papers:
        if paper.shown.evidence:
            out.line((f"{paper.agreement:.2f}  {paper.shown.title or paper.shown.id}", "bold"))
            for evidence in paper.shown.evidence:
                out.evidence(evidence, with_field=True)
    out.table(
        ("field", "F1", "both", f"only {comparison.left}", f"only {comparison.right}"),
        [
            (field, f"{sums.f1:.3f}", str(sums.both), str(sums.only_left), str(sums.only_right))
            for field, sums in comparison.fields.items()
        ],
    )
    out.line(
        f"agreement {comparison.agreement:.3f} over {len(comparison.papers)} papers, {comparison.alike} of them alike; "
        f"{comparison.only_left} only in {comparison.left}, {comparison.only_right} only in {comparison.right}"
    )
