"""Feeds: from a file, standard input or an upload to papers, as a stream, in any of the formats that are known."""

from collections.abc import Iterator

from agent.errors import InputError
from agent.feeds.formats import reader_of
from agent.feeds.streams import Feed, Source, open_feed
from agent.papers import Paper, Skipped

__all__ = ["Source", "read_feed"]


def read_feed(source: Source, name: str | None = None) -> Iterator[Paper | Skipped]:
    """The papers of a feed in their order, and between them what could not be used, by line and with the reason.

    `source` is a path, `-` for standard input, the bytes of an upload or a file opened in binary mode; `name` is what
    `Paper.source` and messages call it (else the path, "standard input", ...). The format is told by the content:
    the text of a listing page, JSON Lines or JSON, CSV or TSV, Atom or RSS, BibTeX, each also packed with gzip or zstd.
    InputError, at the call, if the feed cannot be read as a whole; from the iterator, if reading stops half-way.
    """
    feed = open_feed(source, name)
    return _with_notices(feed, reader_of(feed)(feed))


def _with_notices(feed: Feed, found: Iterator[Paper | Skipped]) -> Iterator[Paper | Skipped]:
    nothing = True
    for entry in found:
        nothing = False
        yield entry
    yield from feed.notices
    if nothing and not feed.notices:
        raise InputError(f"{feed.name}: holds no entry; a feed holds at least one title and abstract")
