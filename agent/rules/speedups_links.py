"""Which baseline and which device a claim belongs to: from its sentence, then from the one before."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agent.claims import Claim
from agent.rules.page import Page, Sentence
from schemas import BaselineAnswer, HardwareAnswer

_COMPARATOR = re.compile(
    r"\b(?:than|over|compar\w+ (?:to|with|against)|comparison (?:to|with)|relative to|versus|vs\.?|against|with respect to|"
    r"in relation to|w\.r\.t\.?|outperform\w*|surpass\w*|beat\w*|exceed\w*|from|baseline)(?=\W|$)",
    re.I,
)
_SEPARATOR = re.compile(
    r"[\s'’s]*(?:,|/|;|&|and|or|, and|, or|and the|, the|over|than|and over|and than)?[\s$(]*(?:the |an? |both |existing )*"
)
_GENERIC_TAIL = re.compile(
    r"[\s-]+(?:GPUs?|CPUs?|FPGAs?|TPUs?|NPUs?|chips?|cards?|processors?|servers?|nodes?|systems?|boards?|platforms?|accelerators?|devices?|framework|library|method|model|baseline)$",
    re.I,
)
_VENDOR = re.compile(
    r"^(?:NVIDIA|AMD|Intel|Google|Apple|Qualcomm|Xilinx|Huawei|ARM|IBM|Tesla|GeForce)(?:['’]s)?[\s-]+", re.I
)
_SHORTEST_ALIAS = 3


class Mention(NamedTuple):
    """A name of the lists in a sentence: which one, and its place in characters of the sentence."""

    name: str
    start: int
    end: int


class Named:
    """The names of one list and where they stand in a sentence; `names` is without repeats, as given."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(dict.fromkeys(names))
        aliases: dict[str, str] = {}
        for name in self.names:
            for alias in _aliases(name):
                aliases.setdefault(alias.lower(), name)
        for name in self.names:
            aliases[name.lower()] = name
        self._aliases = aliases
        ordered = sorted(aliases, key=len, reverse=True)
        self._pattern = (
            re.compile("|".join(rf"(?<!\w){re.escape(alias)}(?:s\b|(?!\w))" for alias in ordered), re.I)
            if ordered
            else None
        )

    def mentions(self, text: str) -> list[Mention]:
        """Every mention, in order, the longer name first where two begin together."""
        if self._pattern is None:
            return []
        found = []
        for match in self._pattern.finditer(text):
            said = match.group().lower()
            name = self._aliases.get(said) or self._aliases.get(said.removesuffix("s"))
            if name:
                found.append(Mention(name, match.start(), match.end()))
        return found


def _aliases(name: str) -> list[str]:
    found = [name]
    for shorter in (_VENDOR.sub("", name), _GENERIC_TAIL.sub("", name), _GENERIC_TAIL.sub("", _VENDOR.sub("", name))):
        if len(shorter) >= _SHORTEST_ALIAS and not _GENERIC_TAIL.match(" " + shorter):
            found.append(shorter)
    return [alias.removesuffix("s") if alias.endswith("s") and len(alias) > 4 else alias for alias in found] + found


class Reach(NamedTuple):
    """Where a list of `count` numbers stands in a sentence, and the ends of its neighbours' numbers."""

    start: int
    end: int
    count: int
    left: int
    right: int
    behind_by: bool


class Link(NamedTuple):
    """The entry that a number belongs to, or none, and where the sentence names it."""

    name: str | None
    place: tuple[int, int] | None = None


_NO_LINK = Link(None)


class Links:
    """The baselines and devices of a page, and which of them a number belongs to."""

    def __init__(
        self, page: Page, hardware: list[Claim[HardwareAnswer]], baselines: list[Claim[BaselineAnswer]]
    ) -> None:
        self._baselines = Named([claim.item.name for claim in baselines])
        used = [claim.item.name for claim in hardware if claim.item.role == "evaluated"]
        self._hardware = Named(used or [claim.item.name for claim in hardware if claim.item.role == "target"])
        self._sentences = page.sentences

    def baselines_of(self, text: str, reach: Reach) -> list[Link]:
        """The baseline of each number of a list."""
        runs = _runs(self._baselines.mentions(text), text)
        stop = _end_of_part(text, reach.end)
        begin = _start_of_part(text, reach.start)
        left = [run for run in runs if reach.left <= run[0].start and run[-1].end <= reach.start]
        right = [run for run in runs if reach.end <= run[0].start < min(stop, reach.right)]
        right = [run for run in right if _COMPARATOR.search(text, reach.end, run[0].start)]
        far_right = [run for run in runs if reach.right <= run[0].start < stop]
        far_right = [run for run in far_right if _COMPARATOR.search(text, reach.end, run[0].start)]
        far_left = [run for run in runs if begin <= run[0].start and run[-1].end <= reach.left]
        order = [left[-1:], right[:1]] if reach.behind_by else [right[:1], left[-1:]]
        for chosen in (*order, far_right[:1], far_left[-1:]):
            if chosen:
                return _shared_out(chosen[0], reach.count)
        return [_NO_LINK] * reach.count

    def hardware_of(self, text: str, place: int, reach: Reach) -> list[Link]:
        """The device of each number of a list; `place` is the number of its sentence in the abstract."""
        runs = _runs(self._hardware.mentions(text), text)
        left = [run for run in runs if reach.left <= run[0].start and run[-1].end <= reach.start]
        right = [run for run in runs if reach.end <= run[0].start < reach.right]
        far_right = [run for run in runs if reach.right <= run[0].start]
        far_left = [run for run in runs if run[-1].end <= reach.left]
        for chosen in (right[:1], left[-1:], far_right[:1], far_left[-1:]):
            if chosen:
                return _shared_out(chosen[0], reach.count)
        return [self._hardware_before(place)] * reach.count

    def _hardware_before(self, place: int) -> Link:
        if place > 0:
            named = {mention.name for mention in self._hardware.mentions(self._sentences[place - 1].text)}
            if named:
                return Link(named.pop()) if len(named) == 1 else _NO_LINK
        return Link(self._hardware.names[0]) if len(self._hardware.names) == 1 else _NO_LINK


def _runs(mentions: list[Mention], text: str) -> list[list[Mention]]:
    """Mentions that stand in one list, together."""
    runs: list[list[Mention]] = []
    for mention in mentions:
        last = runs[-1][-1] if runs else None
        if last and _SEPARATOR.fullmatch(text, last.end, mention.start):
            runs[-1].append(mention)
        else:
            runs.append([mention])
    return runs


def _shared_out(run: list[Mention], count: int) -> list[Link]:
    links = [Link(mention.name, (mention.start, mention.end)) for mention in run]
    if len(links) == count:
        return links
    if len({link.name for link in links}) == 1:
        return links[:1] * count
    return [Link(None, links[-1].place)] * count


def _end_of_part(text: str, place: int) -> int:
    stop = text.find(";", place)
    return stop if stop >= 0 else len(text)


def _start_of_part(text: str, place: int) -> int:
    return text.rfind(";", 0, place) + 1
