"""CSV: one row a claim, or one row a paper. A cell that a spreadsheet would run as a formula is defused."""

import csv
import io
import re
from collections.abc import Iterable

from agent.headline import written
from schemas import Baseline, Caveat, Hardware, Record, Speedup

_CLAIM_COLUMNS = (
    *("id", "title", "field", "passage", "kind", "role", "count", "memory_gb", "low", "high", "form", "bound"),
    *("metric", "baseline", "hardware", "factor_low", "factor_high", "start", "end", "in", "engine"),
)
_PAPER_COLUMNS = ("id", "title", "headline", "hardware", "baselines", "speedups", "caveats", "engine", "fallback")
# What spreadsheets take for the start of a formula, after any white space (OWASP, "CSV Injection").
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def claim_rows(record: Record) -> str:
    """A row for each claim of the record; one row with the field "none" where it claims nothing."""
    items: tuple[Hardware | Baseline | Speedup | Caveat, ...]
    items = (*record.hardware, *record.baselines, *record.speedups, *record.caveats)
    common: dict[str, object] = {"id": record.id, "title": record.title, "engine": record.provenance.engine}
    rows = [common | _cells(item) for item in items] or [common | {"field": "none"}]
    return "".join(_line(row.get(column) for column in _CLAIM_COLUMNS) for row in rows)


def paper_row(record: Record) -> str:
    """One row for the record, its lists joined by semicolons."""
    return _line(
        (
            record.id,
            record.title,
            record.headline,
            "; ".join(item.name for item in record.hardware),
            "; ".join(item.name for item in record.baselines),
            "; ".join(written(item) for item in record.speedups),
            "; ".join(item.quote for item in record.caveats),
            record.provenance.engine,
            record.provenance.fallback,
        )
    )


def _cells(item: Hardware | Baseline | Speedup | Caveat) -> dict[str, object]:
    cells = item.model_dump(by_alias=True)
    field = {Hardware: "hardware", Baseline: "baselines", Speedup: "speedups", Caveat: "caveats"}[type(item)]
    start, end = item.span
    cells |= {"field": field, "passage": item.passage, "start": start, "end": end, "in": item.in_ or "abstract"}
    if isinstance(item, Speedup):
        cells["factor_low"], cells["factor_high"] = item.factor
    return cells


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_defused(cell) for cell in cells])
    return line.getvalue()


def _defused(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


CLAIMS_HEAD = _line(_CLAIM_COLUMNS)
PAPERS_HEAD = _line(_PAPER_COLUMNS)
