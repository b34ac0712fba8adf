"""CSV and TSV with a header row that names a column of abstracts.

Quotation is taken strictly: a row whose quotation marks do not add up is reported, with the lines that it seems to
take up, instead of guessed at. If a quotation is never closed, the line where it opens is given up alone.
"""

import csv
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from agent.errors import InputError
from agent.feeds.entries import FIELDS, field_name, read_entry, shortened
from agent.feeds.streams import LONGEST_LINE, Feed, Line
from agent.papers import Paper, Skipped

DELIMITERS = ",\t;|"
LONGEST_ROW = 1 << 20
"""Characters over which a row may spread in several lines."""


class Row(NamedTuple):
    """The cells of a row, or the fault for which it has none, and the line where it begins."""

    line: int
    cells: list[str]
    fault: str = ""


def delimiter_of(header: str) -> str | None:
    """The delimiter of a table, if this line is its header: two or more cells, one named for a title or abstract."""
    for delimiter in DELIMITERS:
        names = [field_name(cell) for cell in next(csv.reader([header], delimiter=delimiter), [])]
        if len(names) > 1 and not {"title", *FIELDS["abstract"]}.isdisjoint(names):
            return delimiter
    return None


def read_table(feed: Feed) -> Iterator[Paper | Skipped]:
    """The papers of a table, each under the line where its row begins."""
    rows = _rows(feed)
    header = next(rows, None)
    if header is None:
        return
    if header.fault:
        raise InputError(f"{feed.name}: line {header.line}: {header.fault}; mend the header row")
    names = [field_name(cell) for cell in header.cells]
    places = {field: _place(names, field) for field in FIELDS}
    if places["abstract"] is None:
        shown = ", ".join(shortened(cell) for cell in header.cells)[:200]
        raise InputError(f'{feed.name}: no column is named "abstract" (there are: {shown}); name it so')
    for row in rows:
        if row.fault:
            yield Skipped(feed.name, row.line, row.fault)
        elif len(row.cells) < len(names) or any(row.cells[len(names) :]):
            reason = f"{len(row.cells)} cells where the header has {len(names)}"
            yield Skipped(feed.name, row.line, reason)
        else:
            cells = {field: None if place is None else row.cells[place] for field, place in places.items()}
            yield from read_entry(feed.name, row.line, cells["title"], cells["abstract"], cells["id"])


def _place(names: list[str], field: str) -> int | None:
    return next((names.index(name) for name in FIELDS[field] if name in names), None)


def _rows(feed: Feed) -> Iterator[Row]:
    """The rows that are not empty; see the module for what becomes of a row that cannot be read."""
    csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST_LINE))
    delimiter: str | None = None
    lines = _Lines(feed.lines())
    while True:
        if delimiter is None:
            delimiter = lines.delimiter_of_header()
        reader = csv.reader(lines.of_rows(), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                if any(cells):
                    yield Row(lines.row[0].number, cells)
                lines.end_row()
        except csv.Error as fault:
            yield Row(lines.row[0].number, [], lines.give_up(str(fault)))
        else:
            return


class _Lines:
    """The lines of a table, and of them those that belong to the row in hand."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self._size = 0
        self._ended = False
        self.row: list[Line] = []

    def delimiter_of_header(self) -> str:
        """The delimiter, from the first line that is not blank; lines before it are let go."""
        for line in self._lines:
            if line.text.strip():
                self._again.append(line)
                return delimiter_of(line.text) or ","
        return ","

    def of_rows(self) -> Iterator[str]:
        """The text of the lines, with line ends, up to the end or until a row has grown too long."""
        while self._size <= LONGEST_ROW:
            line = self._again.popleft() if self._again else next(self._lines, None)
            if line is None:
                break
            self.row.append(line)
            self._size += len(line.text)
            yield line.text + "\n"
        self._ended = True

    def end_row(self) -> None:
        """The row in hand has been read."""
        self.row.clear()
        self._size = 0

    def give_up(self, fault: str) -> str:
        """Let go of the row in hand, or, if a quotation was not closed, of its first line alone; the reason."""
        first, last = self.row[0].number, self.row[-1].number
        if self._ended:
            self._again.extendleft(reversed(self.row[1:]))
            reason = "a quotation mark opens in this row and is not closed"
        elif last > first:
            reason = f"from here to line {last} no row of the table: a quotation mark in it is not doubled ({fault})"
        else:
            reason = f"not a row of the table: a quotation mark in it is not doubled ({fault})"
        self._ended = False
        self.end_row()
        return reason
