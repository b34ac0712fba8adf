"""Which format a feed has, by what stands in it; the suffix of its name is not asked."""

from collections.abc import Callable, Iterator

from agent.errors import InputError
from agent.feeds.jsonlines import read_json_lines
from agent.feeds.listing import read_listing
from agent.feeds.streams import Feed
from agent.papers import Paper, Skipped

Reader = Callable[[Feed], Iterator[Paper | Skipped]]


def reader_of(feed: Feed) -> Reader:
    """The reader of a feed's format; InputError if it is empty, binary or of no format that is known."""
    text = feed.sample.decode("utf-8", "surrogateescape")
    if not text.strip():
        raise InputError(f"{feed.name}: is empty; a feed holds at least one title and abstract")
    if text.lstrip().startswith("{"):
        return read_json_lines
    return read_listing
