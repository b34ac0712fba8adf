"""A pasted abstract: a text, with or without its title in front, becomes a paper."""

from collections.abc import Callable

from agent.errors import InputError
from agent.feeds.entries import read_entry
from agent.feeds.streams import Source, open_feed
from agent.papers import Paper, Skipped

LONGEST_TITLE = 250
"""Characters; a longer first line begins the abstract."""
SHORTEST_LINE = 200
"""Characters; a second line this long is a whole abstract, while hard-wrapped text has shorter ones."""
_LARGEST = 1 << 22


def read_pasted(source: Source, title: str, notice: Callable[[str], None]) -> Paper:
    """The paper in a file, in standard input ("-") or in the bytes given; `notice` is told what was made of it.

    Raises InputError if there is no text, or none that can be an abstract.
    """
    feed = open_feed(source)
    text = feed.whole(_LARGEST, "an abstract").decode("utf-8", "surrogateescape").strip()
    if not title:
        title, text = _split(text)
        if title:
            notice(f'the first line is taken for the title, "{title[:60]}"; --title says otherwise')
    return paper_from(title, text, feed.name, notice)


def paper_from(title: str, abstract: str, source: str, notice: Callable[[str], None]) -> Paper:
    """The paper of a title (which may be empty) and an abstract, cleaned as those of a feed are.

    Raises InputError if the abstract is empty or too long.
    """
    for entry in read_entry(source, 1, title, abstract):
        if isinstance(entry, Paper):
            return entry
        if entry.lost:
            raise InputError(f"{entry.source}: {entry.reason}; give the text of one abstract")
        notice(_without_line(entry))
    raise InputError(f"{source}: holds no abstract; give the text of one")


def _split(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    first, second = first.strip(), rest.lstrip(" \t").partition("\n")[0]
    apart = not second or len(second) >= SHORTEST_LINE
    if rest.strip() and apart and len(first) <= LONGEST_TITLE and not first.endswith((".", ":")):
        return first, rest
    return "", text


def _without_line(entry: Skipped) -> str:
    return f"{entry.source}: {entry.reason}"
