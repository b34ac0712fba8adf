"""A Markdown table for notes, one row a paper; whatever comes from a paper is escaped."""

import re

from agent.headline import written
from schemas import Record

HEAD = "| paper | speedup | over | on | caveats |\n|---|---|---|---|---|\n"
_ACTIVE = re.compile(r"([\\`*_{}\[\]()#+!|~$-])")


def row(record: Record) -> str:
    """The record as a row: title, speedups, baselines, hardware, caveats."""
    cells = (
        [record.title],
        [written(item) for item in record.speedups],
        [item.name for item in record.baselines],
        [item.name for item in record.hardware],
        [item.quote for item in record.caveats],
    )
    return "| " + " | ".join(escaped("; ".join(cell)) for cell in cells) + " |\n"


def escaped(text: str) -> str:
    """A text on one line that Markdown shows as it is: no markup, no HTML, no link."""
    line = " ".join(text.split())
    line = _ACTIVE.sub(r"\\\1", line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return line.replace("://", "&#58;//")
