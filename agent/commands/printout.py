"""Figures and evidence on standard output: in colours in a terminal, as plain aligned text in a pipe or a file."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from agent.commands.screen import plain

if TYPE_CHECKING:
    import rich.console

    from agent.evaluation.evidence import Evidence, PaperEvidence

_STYLES = {
    "missed": "red",
    "extra": "yellow",
    "found": "green",
    "wrong": "yellow",
    "only": "magenta",
    "differs": "cyan",
}
_LABELS = {"found": "found only by", "wrong": "wrong only in", "only": "only in"}
_INDENT = 4


class Printout:
    """Writes lines and tables; `in_terminal` says whether they are coloured."""

    def __init__(self) -> None:
        self.in_terminal = sys.stdout.isatty()
        self._console: rich.console.Console | None = None
        if self.in_terminal:
            from rich.console import Console

            self._console = Console(highlight=False)

    def line(self, *parts: str | tuple[str, str]) -> None:
        """Write a line made of texts, some of them with a style that a terminal shows."""
        styled = [(_text(part), "") if isinstance(part, str) else (_text(part[0]), part[1]) for part in parts]
        if self._console is None:
            sys.stdout.write("".join(text for text, _ in styled).rstrip() + "\n")
        else:
            from rich.text import Text

            self._console.print(Text.assemble(*styled), soft_wrap=True)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a table; columns whose cells are all numbers are set to the right."""
        cells = [tuple(map(_text, row)) for row in rows]
        numeric = [all(_is_number(row[column]) for row in cells) for column in range(len(head))]
        if self._console is None:
            self._plain_table(head, cells, numeric)
        else:
            self._rich_table(head, cells, numeric)

    def papers(self, papers: "Iterable[PaperEvidence]", *, with_field: bool) -> None:
        """Write the evidence of papers under their titles, with the passages shown in their sentences."""
        for paper in papers:
            self.line((paper.title or paper.id, "bold"))
            for evidence in paper.evidence:
                self.evidence(evidence, with_field=with_field)

    def evidence(self, evidence: "Evidence", *, with_field: bool) -> None:
        """Write one item: what of it, its passage, and its sentence with the passage in it."""
        label = f"{_LABELS.get(evidence.what, evidence.what)} {evidence.side}".rstrip()
        field = f"{evidence.field}  " if with_field else ""
        detail = f"  [{evidence.detail}]" if evidence.detail else ""
        style = _STYLES[evidence.what]
        self.line("  ", (label, style), "  ", field, (evidence.passage or "(no passage)", style), detail)
        if evidence.sentence is None:
            self.line(" " * _INDENT, ("not in the abstract or the title", "dim"))
            return
        before, passage, after, in_title = evidence.sentence
        shown = passage if self.in_terminal else f"«{passage}»"
        self.line(" " * _INDENT, ("title: " if in_title else "", "dim"), before, (shown, f"bold {style}"), after)

    def _plain_table(self, head: Sequence[str], cells: list[tuple[str, ...]], numeric: list[bool]) -> None:
        widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
        for row in (head, *cells):
            aligned = (
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(row, widths, numeric, strict=True)
            )
            self.line("  ".join(aligned))

    def _rich_table(self, head: Sequence[str], cells: list[tuple[str, ...]], numeric: list[bool]) -> None:
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, padding=(0, 2, 0, 0))
        for name, right in zip(head, numeric, strict=True):
            table.add_column(name, justify="right" if right else "left", header_style="bold")
        for row in cells:
            table.add_row(*map(Text, row))
        if self._console is not None:
            self._console.print(table)


def _text(text: str) -> str:
    """A text that can be written: nothing in it that steers a terminal, no lone surrogate."""
    return plain(text).encode("utf-8", "backslashreplace").decode()


def _is_number(cell: str) -> bool:
    return cell.lstrip("+-").replace(".", "", 1).isdigit()
