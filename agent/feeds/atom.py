"""Atom and RSS, such as the arXiv API's answer: read whole, up to a limit, by feedparser.

A description in HTML becomes its text. Of arXiv's own feeds, the announcement before an abstract ("arXiv:... Announce
Type: new Abstract:") is taken off, and the id is the arXiv id without its version.
"""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from agent.errors import InputError
from agent.feeds.entries import read_entry, shortened
from agent.feeds.streams import Feed
from agent.papers import LONGEST_ABSTRACT, Paper, Skipped

LIMIT = 64 << 20
"""Bytes."""
LONGEST_HTML = 3 * LONGEST_ABSTRACT
"""Characters; a longer description is too long for an abstract with its marks and without them."""
_ENTRY = re.compile(rb"<(?:[A-Za-z]\w*:)?(?:entry|item)[\s>]")
_ENTRY_END = re.compile(rb".*</(?:[A-Za-z]\w*:)?(?:entry|item)\s*>", re.DOTALL)
_ANNOUNCEMENT = re.compile(r"arXiv:\S{1,40}\s+Announce Type:\s+\S{1,40}\s+Abstract:\s+")
_ARXIV = re.compile(r"(?:.*\barxiv\.org/abs/|oai:arXiv\.org:)(\S+?)(?:v\d+)?", re.IGNORECASE)
_BREAKING = frozenset(["p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "tr", "table", "blockquote"])
_UNSEEN = ("script", "style")


def read_atom(feed: Feed) -> Iterator[Paper | Skipped]:
    """The papers of an Atom or RSS feed, each under the line where its entry begins."""
    import feedparser  # type: ignore[import-untyped]

    data = feed.whole(LIMIT, "an Atom or RSS feed")
    if feed.broken:
        ended = _ENTRY_END.match(data)
        data = data[: ended.end()] if ended else data
    try:
        # The bytes go in as a file, for a string would be taken for an address to open.
        parsed = feedparser.parse(BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
    except Exception as fault:  # hostile XML makes the parser raise whatever it comes upon
        cause = f"{type(fault).__name__}: {shortened(str(fault))}"
        raise InputError(f"{feed.name}: cannot be read as Atom or RSS ({cause}); get it anew") from fault
    if not parsed.version and not parsed.entries:
        raise InputError(
            f"{feed.name}: is XML, but no Atom or RSS feed; convert it to JSON Lines with title and abstract"
        )
    starts = [found.start() for found in _ENTRY.finditer(data)]
    lines = _lines_at(data, starts) if len(starts) == len(parsed.entries) else [1] * len(parsed.entries)
    for line, entry in zip(lines, parsed.entries, strict=True):
        yield from _read(feed.name, line, entry)
    if malformed := _fault(parsed, len(starts)):
        line, reason = malformed
        yield Skipped(feed.name, line, reason, lost=len(parsed.entries) < len(starts))


def text_of_html(html: str) -> str:
    """The text of a piece of HTML; where a block begins or a line breaks, so does the text.

    AssertionError (from the standard library's parser) if a marked section such as `<![CD` is malformed.
    """
    page = _Text()
    page.feed(html)
    page.close()
    return "".join(page.parts)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen = tag
        if tag in _BREAKING:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        if tag in _BREAKING:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def _read(source: str, line: int, entry: Mapping[str, Any]) -> Iterator[Paper | Skipped]:
    details: Mapping[str, Any] = entry.get("summary_detail") or next(iter(entry.get("content", ())), {})
    identity = str(entry.get("id", ""))
    arxiv = _ARXIV.fullmatch(identity)
    try:
        title, text = _plain(entry.get("title_detail", {})), _plain(details)
    except AssertionError as fault:
        yield Skipped(source, line, f"its HTML cannot be read ({shortened(str(fault))})")
        return
    abstract = _ANNOUNCEMENT.sub("", text.lstrip(), count=1)
    yield from read_entry(source, line, title, abstract, arxiv[1] if arxiv else identity)


def _plain(details: Mapping[str, Any]) -> str:
    value = str(details.get("value", ""))
    marked_up = "html" in str(details.get("type", "")) and len(value) <= LONGEST_HTML
    return text_of_html(value) if marked_up else value


def _lines_at(data: bytes, places: list[int]) -> list[int]:
    lines, line, before = [], 1, 0
    for place in places:
        line += data.count(b"\n", before, place)
        before = place
        lines.append(line)
    return lines


def _fault(parsed: Mapping[str, Any], started: int) -> tuple[int, str] | None:
    """Where and why the XML is not well-formed, if it is not."""
    from xml.sax import SAXParseException

    cause = parsed.get("bozo_exception")
    missing = started - len(parsed["entries"])
    if not isinstance(cause, SAXParseException) and missing <= 0:
        return None
    line = (cause.getLineNumber() or 1) if isinstance(cause, SAXParseException) else 1
    what = f"not well-formed XML ({cause.getMessage()})" if isinstance(cause, SAXParseException) else "XML"
    then = f"{missing} of {started} entries could not be read" if missing > 0 else "read as far as it can be"
    return line, f"{what}; {then}"
