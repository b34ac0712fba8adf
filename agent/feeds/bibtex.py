"""BibTeX with `abstract` fields, entry by entry.

LaTeX stays as it is written (`\\%`, `$2\\times$`, `\\emph{fast}`), but for braces that only protect case or group
words: `{NVIDIA} {GPUs}` is read as `NVIDIA GPUs`. Braces in mathematics and around the argument of a command stay.
"""

import logging
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from agent.feeds.entries import field_name, read_entry
from agent.feeds.streams import Feed
from agent.papers import Paper, Skipped

if TYPE_CHECKING:
    from bibtexparser.bparser import BibTexParser  # type: ignore[import-untyped]

LONGEST_ENTRY = 1 << 16
"""Characters."""
BEGINNING = re.compile(r"\s*@\s*(\w+)\s*[{(]")
_PIECE = re.compile(r"\\[A-Za-z]+|\\.|\{(?=\\)[^{}]*\}|[^\\{}$]+|.", re.DOTALL)
_ACCENTS = "\"'`^~=."


class _Part(NamedTuple):
    line: int
    kind: str
    text: str
    overlong: bool


def read_bibtex(feed: Feed) -> Iterator[Paper | Skipped]:
    """The papers of a bibliography, each under its key and the line where it begins."""
    parser = _parser()
    for part in _parts(feed):
        if part.overlong and part.kind != "comment":
            yield Skipped(feed.name, part.line, f"an entry of over {LONGEST_ENTRY:,} characters is not read")
            continue
        if part.kind in ("comment", "preamble"):
            continue
        entries, fault = _entries(parser, part.text)
        for entry in entries:
            fields = {field_name(name): value for name, value in entry.items()}
            title, abstract = (unprotected(fields.get(name, "")) for name in ("title", "abstract"))
            yield from read_entry(feed.name, part.line, title, abstract, entry.get("ID"))
        if fault:
            yield Skipped(feed.name, part.line, f"not a BibTeX entry: {fault}")


def unprotected(text: str) -> str:
    """A field without the braces that only protect case or group words."""
    kept: list[str] = []
    open_braces: list[bool] = []
    mathematics = argument = False
    for piece in _PIECE.findall(text):
        if piece == "{":
            drop = not mathematics and not argument
            open_braces.append(drop)
            kept.append("" if drop else piece)
            argument = False
        elif piece == "}":
            drop = open_braces.pop() if open_braces else False
            kept.append("" if drop else piece)
            argument = not drop
        else:
            mathematics = mathematics != (piece == "$")
            argument = len(piece) > 1 and piece[0] == "\\" and (piece[1].isalpha() or piece[1] in _ACCENTS)
            kept.append(piece)
    return "".join(kept)


def _parser() -> "BibTexParser":
    from bibtexparser.bparser import BibTexParser

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it logs what is reported here by line
    parser = BibTexParser(ignore_nonstandard_types=False, common_strings=True)
    parser.expect_multiple_parse = True
    return parser


def _entries(parser: "BibTexParser", text: str) -> tuple[list[dict[str, str]], str]:
    """The entries that the parser finds in a text, and what is wrong with it; the parser keeps the abbreviations."""
    from bibtexparser.bibdatabase import UndefinedString  # type: ignore[import-untyped]
    from pyparsing import ParseBaseException

    fault = ""
    database = parser.bib_database
    try:
        parser.parse(text, partial=False)
    except UndefinedString as name:
        fault = f"it uses the abbreviation {name}, which no @string defines"
    except (ParseBaseException, RecursionError) as cause:
        nested = isinstance(cause, RecursionError)
        fault = "its braces are nested too deeply" if nested else "the parser does not understand it"
    if any(BEGINNING.match(comment) for comment in database.comments):
        fault = fault or "its braces, quotation marks or commas do not add up"
    entries = list(database.entries)
    database.entries.clear()
    database.comments.clear()
    return entries, fault


def _parts(feed: Feed) -> Iterator[_Part]:
    """The text cut where a line begins an entry; what stands before the first one is comment by BibTeX's rules."""
    held: list[str] = []
    begun, kind, size = 0, "comment", 0
    for line in feed.lines():
        beginning = BEGINNING.match(line.text)
        if beginning:
            yield _Part(begun, kind, "\n".join(held), size > LONGEST_ENTRY)
            begun, kind, size = line.number, beginning[1].lower(), 0
            held.clear()
        size += len(line.text) + 1
        if size <= LONGEST_ENTRY:
            held.append(line.text)
    yield _Part(begun, kind, "\n".join(held), size > LONGEST_ENTRY)
