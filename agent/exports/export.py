"""An export, and which suffix asks for which."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agent.errors import UsageError
from agent.exports import markdown, tables
from agent.exports.frames import PACKINGS
from schemas import Record


@dataclass(frozen=True, slots=True)
class Export:
    """A file format: `head`, then `row` of each record, then `tail`. `row` can be sent to another process."""

    row: Callable[[Record], str]
    head: str = ""
    tail: str = ""


def json_line(record: Record) -> str:
    """The record as one line of JSON."""
    return record.to_json() + "\n"


EXPORTS: dict[str, Export] = {
    ".jsonl": Export(json_line),
    ".csv": Export(tables.claim_rows, head=tables.CLAIMS_HEAD),
    ".md": Export(markdown.row, head=markdown.HEAD),
}
_WIDE: dict[str, Export] = {".csv": Export(tables.paper_row, head=tables.PAPERS_HEAD)}


def format_of(path: Path) -> str:
    """The suffix that names the format, also before one that says how the file is packed."""
    suffix = path.suffix.lower()
    return path.with_suffix("").suffix.lower() if suffix in PACKINGS else suffix


def export_for(path: Path | None, *, wide: bool = False) -> Export:
    """The export that a file's suffix asks for; JSON Lines where there is no file.

    Raises UsageError for a suffix that is none of them, and for `wide` with another format than CSV.
    """
    suffix = ".jsonl" if path is None else format_of(path)
    if suffix not in EXPORTS:
        wrong, right = suffix or "a file without suffix", ", ".join(EXPORTS)
        raise UsageError(
            f"{path}: cannot write {wrong}; use one of {right}, with {' or '.join(PACKINGS)} behind to pack"
        )
    if wide and suffix not in _WIDE:
        raise UsageError(f"--wide is for {', '.join(_WIDE)}, not for {suffix}")
    return (_WIDE if wide else EXPORTS)[suffix]
