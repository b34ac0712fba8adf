"""An export, and which suffix asks for which."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agent.errors import InputError, UsageError
from agent.exports import bibtex, markdown, tables
from agent.exports.frames import PACKINGS
from agent.exports.sink import Sink
from schemas import Record


@dataclass(frozen=True, slots=True)
class Export:
    """A file format: `head`, then `row` of each record, then `tail`. `row` can be sent to another process."""

    row: Callable[[Record], str]
    head: str = ""
    tail: str = ""
    sink: type[Sink] = Sink
    """What the texts are written by."""


def json_line(record: Record) -> str:
    """The record as one line of JSON."""
    return record.to_json() + "\n"


def _html() -> Export:
    from agent.report import line
    from agent.report.page import report_frame

    return Export(line, *report_frame())


def _parquet() -> Export:
    try:
        from agent.exports.parquet import ParquetSink
    except ImportError as error:
        raise InputError(f"a .parquet file needs {error.name}; pip install 'perfclaims[parquet]'") from error
    return Export(json_line, sink=ParquetSink)


EXPORTS: dict[str, Callable[[], Export]] = {
    ".jsonl": lambda: Export(json_line),
    ".csv": lambda: Export(tables.claim_rows, head=tables.CLAIMS_HEAD),
    ".parquet": _parquet,
    ".md": lambda: Export(markdown.row, head=markdown.HEAD),
    ".html": _html,
    ".bib": lambda: Export(bibtex.entry),
}
_WIDE: dict[str, Callable[[], Export]] = {".csv": lambda: Export(tables.paper_row, head=tables.PAPERS_HEAD)}


def format_of(path: Path) -> str:
    """The suffix that names the format, also before one that says how the file is packed."""
    suffix = path.suffix.lower()
    return path.with_suffix("").suffix.lower() if suffix in PACKINGS else suffix


def export_for(path: Path | None, *, wide: bool = False) -> Export:
    """The export that a file's suffix asks for; JSON Lines where there is no file.

    Raises UsageError for a suffix that is none of them, and for `wide` with another format than CSV; InputError where
    a library that the format needs is not installed.
    """
    suffix = ".jsonl" if path is None else format_of(path)
    if suffix not in EXPORTS:
        wrong, right = suffix or "a file without suffix", ", ".join(EXPORTS)
        raise UsageError(
            f"{path}: cannot write {wrong}; use one of {right}, with {' or '.join(PACKINGS)} behind to pack"
        )
    if path is not None and suffix == ".parquet" and path.suffix.lower() in PACKINGS:
        raise UsageError(f"{path}: Parquet is packed within; leave {path.suffix} out")
    if wide and suffix not in _WIDE:
        raise UsageError(f"--wide is for {', '.join(_WIDE)}, not for {suffix}")
    return (_WIDE if wide else EXPORTS)[suffix]()
