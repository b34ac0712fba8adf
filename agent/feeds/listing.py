"""The text of a paper-listing page, saved or pasted: a title line, then an abstract line, and so on.

A title is short and does not end in a full stop; an abstract is long, or at least ends in a full stop. Where the lines
do not alternate by this rule, the line is named and reading goes on with the next title; a title is never paired with
a text that does not follow it.
"""

from collections.abc import Iterator
from importlib.resources import files

from agent.feeds.entries import read_entry, shortened
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
    gaps = _Gaps()
    for line in _written_lines(feed):
        if not line.text:
            gaps.blank = gaps.blank or line.number
        elif title is None and len(line.text) > LONGEST_TITLE:
            yield Skipped(feed.name, line.number, "a text without a title: a title line was expected here")
            gaps.blank = None
        elif title is None:
            if blank := gaps.before_paper():
                reason = (
                    "a blank line between two papers, where the page has none elsewhere; nothing is left out for it"
                )
                yield Skipped(feed.name, blank, reason, lost=False)
            title = line
        elif could_be_title(line):
            yield _without_abstract(feed, title, gaps.blank or line.number)
            title, gaps.blank = line, None
        else:
            if gaps.blank:
                reason = f"a blank line between a title (line {title.number}) and its abstract (line {line.number})"
                yield Skipped(feed.name, gaps.blank, reason, lost=False)
            yield from read_entry(feed.name, title.number, title.text, line.text)
            title, gaps.blank = None, None
    if title is not None:
        yield _without_abstract(feed, title, None)


class _Gaps:
    """The blank lines between papers: the gap before the second paper shows whether the page has them by rule."""

    def __init__(self) -> None:
        self.blank: int | None = None
        self._seen = 0
        self._spaced = False

    def before_paper(self) -> int | None:
        """The first blank line of the gap before this paper, if the page has no such gaps by rule; ends the gap."""
        blank, self.blank = self.blank, None
        self._seen += 1
        if self._seen == 2:
            self._spaced = blank is not None
        return blank if self._seen > 2 and not self._spaced else None


def _written_lines(feed: Feed) -> Iterator[Line]:
    """The lines but for residue, trimmed, and the first one that is not blank without the button."""
    first = True
    for line in feed.lines():
        text = line.text.strip()
        if text in RESIDUE:
            continue
        yield line._replace(text=_unglued(text) if first else text)
        first = first and not text


def _without_abstract(feed: Feed, title: Line, here: int | None) -> Skipped:
    where = "the feed ends" if here is None else f"line {here} is not one"
    return Skipped(
        feed.name,
        title.number,
        f'no abstract follows "{shortened(title.text)}" ({where}): a heading, or an abstract is missing',
    )


def _unglued(title: str) -> str:
    rest = title.removeprefix(GLUED)
    return rest if rest and not (rest[0].islower() or rest[0].isspace()) else title
