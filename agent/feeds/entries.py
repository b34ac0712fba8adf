"""From the fields of an entry, whatever its format, to a paper: what is normalised and what is refused.

The title's runs of white space become one space. In the abstract a line break with the white space around it becomes
one space (the arXiv metadata wraps its lines) and both ends are trimmed; all else stays as written, for spans count in
it. A character that is not text (a byte that is not UTF-8, a lone surrogate, NUL) becomes U+FFFD, which is reported
with its position, and the entry is used.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from agent.papers import LONGEST_ABSTRACT, Paper, Skipped, paper_id

FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "arxiv_id", "arxivid", "arxiv", "paper_id", "paperid", "doi", "key", "_id", "uid"),
    "title": ("title", "paper_title", "article_title", "name"),
    "abstract": (
        "abstract",
        "summary",
        "abstract_text",
        "paper_abstract",
        "abstract_note",
        "abstractnote",
        "description",
    ),
}
"""The names under which feeds keep a field, the surest first; compared in lower case, `_` for space and hyphen."""

_NOT_TEXT = re.compile("[\ud800-\udfff\x00]")
_ESCAPED_BYTES = range(0xDC80, 0xDD00)


@lru_cache(maxsize=1024)
def field_name(written: str) -> str:
    """The name of a field or column as `FIELDS` writes it."""
    return written.strip().lower().replace(" ", "_").replace("-", "_")


def read_entry(
    source: str, line: int, title: object, abstract: object, identity: object = None
) -> Iterator[Paper | Skipped]:
    """The paper of an entry, after a notice for each damaged field, or why there is none: one `Skipped`."""
    if abstract is None or (isinstance(abstract, str) and not abstract.strip()):
        yield Skipped(source, line, f"no abstract{_titled(title)}")
    elif not isinstance(abstract, str):
        yield Skipped(source, line, f"the abstract is not text but {type(abstract).__name__}{_titled(title)}")
    elif not isinstance(title, str | None):
        yield Skipped(source, line, f"the title is not text but {type(title).__name__}")
    else:
        yield from _paper(source, line, " ".join((title or "").split()), one_line(abstract), identity)


def one_line(text: str) -> str:
    """Text with its line breaks, and the white space around them, made one space each; trimmed at both ends."""
    parts = (part.strip() for part in text.splitlines())
    return " ".join(part for part in parts if part)


def _paper(source: str, line: int, title: str, abstract: str, identity: object) -> Iterator[Paper | Skipped]:
    if len(abstract) > LONGEST_ABSTRACT:
        size = f"{len(abstract):,} characters, over the {LONGEST_ABSTRACT:,} of an abstract"
        yield Skipped(source, line, f"the text has {size}{_titled(title)}")
        return
    if len(title) > LONGEST_ABSTRACT:
        yield Skipped(
            source, line, f"the title has {len(title):,} characters, over the {LONGEST_ABSTRACT:,} of any text"
        )
        return
    for name, text in (("title", title), ("abstract", abstract)):
        if not _is_text(text):
            yield Skipped(source, line, f"{name}: {_damage(text)}", lost=False)
    title, abstract = _mended(title), _mended(abstract)
    yield Paper(_identity(identity) or paper_id(title, abstract), title, abstract, source, line)


def _identity(given: object) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int):
        return ""
    return _mended(" ".join(str(given).split()))


def _is_text(text: str) -> bool:
    return "\0" not in text and (text.isascii() or _NOT_TEXT.search(text) is None)


def _mended(text: str) -> str:
    return text if _is_text(text) else _NOT_TEXT.sub("\ufffd", text)


def _damage(text: str) -> str:
    places = [found.start() for found in _NOT_TEXT.finditer(text)]
    code = ord(text[places[0]])
    what = f"the byte 0x{code - 0xDC00:02X}, which is not UTF-8," if code in _ESCAPED_BYTES else f"U+{code:04X}"
    others = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
    return f"character {places[0] + 1}{others} is not text: {what} is replaced by U+FFFD"


def _titled(title: object) -> str:
    return f' for "{shortened(title)}"' if isinstance(title, str) and title.strip() else ""


def shortened(text: str) -> str:
    """As much of a text as a message shows, on one line."""
    shown = _NOT_TEXT.sub("\ufffd", " ".join(text[:200].split()))
    return f"{shown[:57]}..." if len(shown) > 60 else shown
