"""From the fields of an entry, whatever its format, to a paper: what is normalised and what is refused.

The title's runs of white space become one space. In the abstract a line break with the white space around it becomes
one space (the arXiv metadata wraps its lines) and both ends are trimmed; all else stays as written, for spans count in
it. A character that is not text (a byte that is not UTF-8, a lone surrogate, NUL) becomes U+FFFD, which is reported
with its position, and the entry is used.
"""

import re
from collections.abc import Iterator, Mapping

from agent.papers import LONGEST_ABSTRACT, Paper, Skipped, paper_id

FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "arxiv_id", "arxivid", "arxiv", "paper_id", "paperid", "doi", "key", "_id", "uid"),
    "title": ("title", "paper_title", "article_title", "name"),
    "abstract": ("abstract", "summary", "abstract_text", "paper_abstract", "abstractnote", "description"),
}
"""The names under which feeds keep a field, the surest first; compared in lower case, `_` for space and hyphen."""

_NOT_TEXT = re.compile("[\ud800-\udfff\x00]")
_ESCAPED_BYTES = range(0xDC80, 0xDD00)


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
    for name, text in (("title", title), ("abstract", abstract)):
        if damage := _damage(text):
            yield Skipped(source, line, f"{name}: {damage}", lost=False)
    title, abstract = _NOT_TEXT.sub("\ufffd", title), _NOT_TEXT.sub("\ufffd", abstract)
    yield Paper(_identity(identity) or paper_id(title, abstract), title, abstract, source, line)


def _identity(given: object) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int):
        return ""
    return _NOT_TEXT.sub("\ufffd", " ".join(str(given).split()))


def _damage(text: str) -> str:
    found = _NOT_TEXT.search(text)
    if found is None:
        return ""
    code = ord(found[0])
    what = f"the byte 0x{code - 0xDC00:02X}, which is not UTF-8," if code in _ESCAPED_BYTES else f"U+{code:04X}"
    more = len(_NOT_TEXT.findall(text)) - 1
    others = f" (and {more} more)" if more else ""
    return f"character {found.start() + 1}{others} is not text: {what} is replaced by U+FFFD"


def _titled(title: object) -> str:
    if not isinstance(title, str) or not title.strip():
        return ""
    shown = _NOT_TEXT.sub("\ufffd", " ".join(title[:200].split()))
    return f' for "{shown[:57]}..."' if len(shown) > 60 else f' for "{shown}"'
