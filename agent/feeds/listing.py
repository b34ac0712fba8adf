"""The text of a paper-listing page, saved or pasted: a title line, then an abstract line, and so on.

A title is short and does not end in a full stop; an abstract is long, or at least ends in a full stop. Where the lines
do not alternate by this rule, the line is named and reading goes on with the next title; a title is never paired with
a text that does not follow it.
"""

from collections.abc import Iterator
from importlib.resources import files

from agent.feeds.entries import read_entry
from agent.feeds.streams import Feed, Line
from agent.papers import Paper, Skipped

LONGEST_TITLE = 300
"""Characters; a longer line is no title."""
GLUED = "Subscribe"
"""The button that page text has before the first title, with no space between."""
RESIDUE = frozenset(files(__package__).joinpath("residue.txt").read_text(encoding="utf-8").split("\n")) - {""}
"""Lines that listing pages put around their papers; they hold no paper, so that leaving them out loses nothing."""


def could_be_title(line: Line) -> bool:
    """Whether a line is short enough for a title and does not end as a sentence does."""
    return len(line.text) <= LONGEST_TITLE and not line.text.endswith(".")


def read_listing(feed: Feed) -> Iterator[Paper | Skipped]:
    """The papers of a listing page, each under the line of its title, and what breaks the alternation."""
    title: Line | None = None
    blank: int | None = None
    first = True
    for line in _written_lines(feed):
        if not line.text:
            blank = blank or line.number
            continue
        if title is None:
            if len(line.text) > LONGEST_TITLE:
                yield Skipped(feed.name, line.number, "a text without a title: a title line was expected here")
            else:
                title = line._replace(text=_unglued(line.text)) if first else line
                first = False
        elif could_be_title(line):
            yield _without_abstract(feed, title, blank or line.number)
            title = line
        else:
            if blank is not None:
                reason = f"a blank line between a title (line {title.number}) and its abstract (line {line.number})"
                yield Skipped(feed.name, blank, reason, lost=False)
            yield from _pair(feed, title, line)
            title = None
        blank = None
    if title is not None:
        yield _without_abstract(feed, title, None)


def _written_lines(feed: Feed) -> Iterator[Line]:
    for line in feed.lines():
        text = line.text.strip()
        if text not in RESIDUE:
            yield line._replace(text=text)


def _pair(feed: Feed, title: Line, abstract: Line) -> Iterator[Paper | Skipped]:
    yield from read_entry(feed.name, title.number, title.text, abstract.text)


def _without_abstract(feed: Feed, title: Line, here: int | None) -> Skipped:
    where = "the feed ends" if here is None else f"line {here} is not one"
    shown = title.text if len(title.text) <= 60 else f"{title.text[:57]}..."
    return Skipped(
        feed.name, title.number, f'no abstract follows "{shown}" ({where}): a heading, or an abstract is missing'
    )


def _unglued(title: str) -> str:
    rest = title.removeprefix(GLUED)
    return rest if rest and not (rest[0].islower() or rest[0].isspace()) else title
