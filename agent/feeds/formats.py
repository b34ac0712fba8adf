"""Which format a feed has, by what stands in it; the suffix of its name is not asked."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from agent.errors import InputError
from agent.feeds.bibtex import BEGINNING, read_bibtex
from agent.feeds.jsondocument import read_json_document
from agent.feeds.jsonlines import read_json_lines
from agent.feeds.listing import RESIDUE, could_be_title, read_listing
from agent.feeds.streams import Feed, Line
from agent.feeds.tables import delimiter_of, read_table
from agent.papers import Paper, Skipped

Reader = Callable[[Feed], Iterator[Paper | Skipped]]

KNOWN = "a saved listing page, JSON Lines, JSON, CSV, TSV, Atom, RSS or BibTeX"
OTHER_FILES: Mapping[bytes, tuple[str, str]] = {
    b"%PDF": ("a PDF", "copy its title and abstract into a text file"),
    b"PK\x03\x04": ("a ZIP archive or an Office file", "unpack it, or export it as CSV"),
    b"PAR1": ("a Parquet file", "convert it to JSON Lines"),
    b"SQLite format 3": ("an SQLite database", "export it as CSV"),
    b"BZh": ("packed with bzip2", "unpack it first, or pack it with gzip or zstd"),
    b"\xfd7zXZ": ("packed with xz", "unpack it first, or pack it with gzip or zstd"),
    b"\x1f\x8b": ("packed twice", "unpack it once"),
    b"\x28\xb5\x2f\xfd": ("packed twice", "unpack it once"),
}
"""What begins files that are no feeds: what they are, and the remedy."""
MOST_CONTROL, MOST_UNDECODED = 0.05, 0.25
"""The shares of control characters, and of bytes that are not UTF-8, above which a file is taken as no text."""
LINES_TRIED = 20
"""Lines at the head of a feed of which half must be JSON objects to make it JSON Lines."""

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UNDECODED = re.compile("[\ud800-\udfff]")
_JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[\]{"])')
_HTML = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|div)\b", re.IGNORECASE)
_XML = re.compile(r"\s*<(?:\?xml\b|!--|feed\b|rss\b|rdf:RDF\b)", re.IGNORECASE)


def reader_of(feed: Feed) -> Reader:
    """The reader of a feed's format; InputError if it is empty, binary or of no format that is known."""
    text = feed.sample.decode("utf-8", "surrogateescape")
    if feed.broken and text.count("\n") < 2:
        raise InputError(f"{feed.name}: {feed.notices[0].reason.partition(':')[0]}; pack or copy it anew")
    _refuse_what_is_no_text(feed, text)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    objects = [_is_object(line) for line in lines[:LINES_TRIED]]
    if objects[0] or 2 * sum(objects) >= len(objects):
        return read_json_lines
    if _JSON.match(text):
        return read_json_document
    if _HTML.match(text):
        raise InputError(f"{feed.name}: is an HTML page; open it in a browser, select all, and save that as text")
    if _XML.match(text):
        from agent.feeds.atom import read_atom  # html.parser adds to every start

        return read_atom
    if any(BEGINNING.match(line) for line in lines):
        return read_bibtex
    if delimiter_of(lines[0]):
        return read_table
    _refuse_what_is_no_listing(feed, lines)
    return read_listing


def _refuse_what_is_no_text(feed: Feed, text: str) -> None:
    for beginning, (what, remedy) in OTHER_FILES.items():
        if feed.sample.startswith(beginning):
            raise InputError(f"{feed.name}: is {what}; {remedy}")
    if not text.strip():
        raise InputError(f"{feed.name}: is empty; a feed holds {KNOWN}")
    if len(_CONTROL.findall(text)) > MOST_CONTROL * len(text):
        raise InputError(f"{feed.name}: is binary, not text in UTF-8; a feed holds {KNOWN}")
    if len(_UNDECODED.findall(text)) > MOST_UNDECODED * len(text):
        raise InputError(f"{feed.name}: is not in UTF-8; save it as UTF-8 (or as UTF-16 with a byte order mark)")


def _refuse_what_is_no_listing(feed: Feed, lines: list[str]) -> None:
    written = [Line(number, line) for number, line in enumerate(lines) if line not in RESIDUE]
    if len(lines) == 1:
        raise InputError(
            f"{feed.name}: holds one line only; a listing has a line for the title and one for the abstract of each "
            "paper (for a single abstract: perfclaims summarize)"
        )
    titles = [could_be_title(line) for line in written]
    if not any(title and not after for title, after in pairwise(titles)):
        raise InputError(f"{feed.name}: is of no known format; a feed holds {KNOWN}")


def _is_object(line: str) -> bool:
    if not (line.startswith("{") and line.endswith("}")):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
