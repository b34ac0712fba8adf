"""Which baseline and which device a claim belongs to: from its sentence, then from the one before."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from agent.claims import Claim
from agent.rules.page import Page
from schemas import BaselineAnswer, HardwareAnswer

_COMPARATOR = re.compile(
    r"\b(?:than|over|compar\w+ (?:to|with|against)|comparison (?:to|with)|relative to|versus|vs\.?|against|"
    r"with respect to|in relation to|w\.r\.t\.?|outperform\w*|surpass\w*|beat\w*|exceed\w*|from|baseline|"
    r"(?:that|those) (?:of|for|with))(?=\W|$)",
    re.I,
)
_COMPARED_TO = re.compile(
    r"\b(?:compar\w+ (?:to|with|against)|relative to|than|over|versus|against|outperform\w*|surpass\w*)\b", re.I
)
_OWN_COMPARAND = re.compile(
    r"[^,;()]{0,60}?\b(?:than|over|compared (?:to|with)|relative to|versus)\s+(?P<name>[^,;.()]{3,60}?)"
    r"(?=[,;.()]|$|\s(?:and|on|in|for|with|while|when|at|by|using)\b)",
    re.I,
)
_SAME_SUBJECT = re.compile(
    r"(?:while|and|,)\s+(?:also )?(?:being|running|runs|is|are|achieving|achieves|getting|offering|delivering|with)\b",
    re.I,
)
_ARTICLES = frozenset({"the", "a", "an", "its", "our", "existing"})
_LOOSE = 0.6
_BEHIND_PAIR = 30
_LONGEST_GAP = 40
_PLACED = re.compile(r"\b(?:on|using|with|for|via|across|in|at|by|of)\s(?:[\w-]+\s){0,4}[$(]*$", re.I)
_SEPARATOR = re.compile(
    r"[\s'’s]{0,4}(?:,|/|;|&|and|or|, and|, or|and the|, the|over|than|and over|and than)?[\s$(]{0,4}"
    r"(?:(?:the|an?|both|existing) ){0,2}"
)
_GENERIC_TAIL = re.compile(
    r"[\s-]+(?:GPUs?|CPUs?|FPGAs?|TPUs?|NPUs?|chips?|cards?|processors?|servers?|nodes?|systems?|boards?|platforms?|"
    r"accelerators?|devices?|framework|library|method|model|baseline)$",
    re.I,
)
_VENDOR = re.compile(
    r"^(?:NVIDIA|AMD|Intel|Google|Apple|Qualcomm|Xilinx|Huawei|ARM|IBM|Tesla|GeForce)(?:['’]s)?[\s-]+", re.I
)
_BRACKETED = re.compile(r"([^()]+?)\s*\(([^()]+)\)")
_MODEL = re.compile(r"(?<![\w-])(?=[\w-]{3})(?!\d+[GT]B?\b)[A-Za-z]*-?\d\w*(?:-\w+)?(?![\w-])")
_SHORTEST_ALIAS = 3
_SHORTEST_PLURAL = 4


class Mention(NamedTuple):
    """A name of the lists in a sentence: which one, and its place in characters of the sentence."""

    name: str
    start: int
    end: int


class Named:
    """The names of one list and where they stand in a sentence; `names` is without repeats, as given."""

    def __init__(self, names: Sequence[str], aliases_by_kind: Mapping[str, str] | None = None, own: str = "") -> None:
        self._own = own.lower() if own not in names else ""
        self.names = list(dict.fromkeys(names))
        aliases: dict[str, str] = dict(aliases_by_kind or {})
        for name in self.names:
            for alias in _aliases(name):
                aliases.setdefault(alias.lower(), name)
        for name in self.names:
            aliases[name.lower()] = name
        self._aliases = sorted(aliases.items(), key=lambda item: len(item[0]), reverse=True)
        self._last: tuple[str, list[Mention]] = ("", [])

    def mentions(self, text: str) -> list[Mention]:
        """Every mention, in order and without overlap, the longer name first."""
        if self._last[0] != text:
            self._last = (text, self._find(text))
        return self._last[1]

    def _find(self, text: str) -> list[Mention]:
        low = text.lower()
        if len(low) != len(text):
            low = text  # a letter whose lower case is longer would shift the places
        found: list[Mention] = []
        taken = bytearray(len(low))
        start = low.find(self._own) if self._own else -1
        while start >= 0:  # "Fast R-CNN" is no mention of "R-CNN"
            end = start + len(self._own)
            taken[start:end] = b"\1" * (end - start)
            start = low.find(self._own, end)
        for alias, name in self._aliases:
            start = low.find(alias)
            while start >= 0:
                end = start + len(alias)
                stop = end + (low[end : end + 1] == "s")
                if _is_whole(low, start, end, stop) and not any(taken[start:end]):
                    taken[start:stop] = b"\1" * (stop - start)
                    found.append(Mention(name, start, stop if not low[stop : stop + 1].isalnum() else end))
                start = low.find(alias, end)
        return sorted(found, key=lambda mention: mention.start)


def _is_whole(text: str, start: int, end: int, stop: int) -> bool:
    """Whether [start, end) is no part of a longer word, a plural aside."""
    before, after = text[start - 1 : start], text[stop : stop + 1]
    return not (before.isalnum() or before == "_") and not (after.isalnum() or after == "_") and end <= stop


def _aliases(name: str) -> list[str]:
    found = [name]
    if "(" in name and (bracketed := _BRACKETED.fullmatch(name)):
        found += [part for part in bracketed.groups() if len(part) >= _SHORTEST_ALIAS]
    if " " not in name and "-" not in name:
        return [*found, name[:-1]] if name.endswith("s") and len(name) > _SHORTEST_PLURAL else found
    product = _VENDOR.sub("", name)
    for shorter in (product, _GENERIC_TAIL.sub("", name), _GENERIC_TAIL.sub("", product)):
        if len(shorter) >= _SHORTEST_ALIAS and not _GENERIC_TAIL.match(" " + shorter):
            found.append(shorter)
    return [
        alias.removesuffix("s") if alias.endswith("s") and len(alias) > _SHORTEST_PLURAL else alias for alias in found
    ] + found


class Reach(NamedTuple):
    """Where a list of `size` numbers stands in a sentence, and the ends of its neighbours' numbers."""

    start: int
    end: int
    size: int
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
        self._claimed = (hardware, baselines)
        self._own = page.title.partition(":")[0].strip()
        self._page = page

    @cached_property
    def _baselines(self) -> Named:
        return Named([claim.item.name for claim in self._claimed[1]], own=self._own)

    @cached_property
    def _evaluated(self) -> list[HardwareAnswer]:
        return [claim.item for claim in self._claimed[0] if claim.item.role == "evaluated"]

    @cached_property
    def _hardware(self) -> Named:
        used = self._evaluated or [claim.item for claim in self._claimed[0] if claim.item.role == "target"]
        return Named([item.name for item in used], _only_of_kind(used) | _models(used))

    def baselines_of(self, text: str, reach: Reach) -> list[Link]:
        """The baseline of each number of a list."""
        if not self._claimed[1]:
            return [_NO_LINK] * reach.size
        runs = _runs(self._baselines.mentions(text), text)
        begin, stop = text.rfind(";", 0, reach.start) + 1, _end_of_part(text, reach.end)
        compared = [
            run for run in runs if run[0].start >= reach.end and _COMPARATOR.search(text, reach.end, run[0].start)
        ]
        near = [run for run in compared if run[0].start < min(stop, reach.right)]
        left = [run for run in runs if max(begin, reach.left) <= run[0].start and run[-1].end <= reach.start]
        left = [run for run in left if not _is_of_another(text, run, reach)]
        led = [run for run in left if _COMPARED_TO.search(text, 0, run[0].start)]
        far = [run for run in compared if run[0].start < stop]
        earlier = [run for run in runs if begin <= run[0].start and run[-1].end <= reach.left]
        if reach.behind_by:
            order = [left[-1:], near[:1], earlier[-1:], far[:1]]
            if reach.left and left and _COMPARED_TO.search(text, reach.left, left[-1][0].start):
                order = [near[:1], *order]  # "... compared to A and by 2x compared to B"
        elif not near and (named := self._loosely_named(text, reach)) is not None:
            order = [named]
        else:
            order = [near[:1], led[-1:], far[:1], left[-1:], earlier[-1:], compared[:1]]
        chosen = next((runs[0] for runs in order if runs), None)
        return _shared_out(chosen, reach.size) if chosen else [_NO_LINK] * reach.size

    def baseline_of_pair(self, text: str, start: int, end: int) -> Link:
        """The baseline of two amounts at [start, end): named between them or right behind, else as for one number."""
        for run in _runs(self._baselines.mentions(text), text):
            if start <= run[0].start <= end + _BEHIND_PAIR:
                return _shared_out(run, 1)[0]
        return self.baselines_of(text, Reach(start, start, 1, 0, len(text), behind_by=False))[0]

    def _loosely_named(self, text: str, reach: Reach) -> list[list[Mention]] | None:
        """Where words right behind "than" or "over" name no entry as it stands: the entry that shares most of them.

        None where nothing stands behind the number's own "than", an empty list where no entry is near it.
        """
        match = _OWN_COMPARAND.match(text, reach.end, min(len(text), reach.right))
        if match is None:
            return None
        said = set(re.findall(r"[\w.+]+", match["name"].lower())) - _ARTICLES
        if not said:
            return None
        best, shared = "", 0.0
        for name in self._baselines.names:
            words = set(re.findall(r"[\w.+]+", name.lower()))
            overlap = 2 * len(words & said) / (len(words) + len(said))
            best, shared = (name, overlap) if overlap > shared else (best, shared)
        return [[Mention(best, *match.span("name"))]] if shared >= _LOOSE else []

    def hardware_of(self, text: str, place: int, reach: Reach) -> list[Link]:
        """The device of each number of a list; `place` is the number of its sentence in the abstract."""
        if not self._claimed[0]:
            return [_NO_LINK] * reach.size
        runs = _runs(self._hardware.mentions(text), text)
        behind = [run for run in runs if reach.end <= run[0].start]
        placed = [run for run in behind if _PLACED.search(text, max(reach.end, run[0].start - 50), run[0].start)]
        near = [run for run in placed if run[0].start < reach.right]
        left = [run for run in runs if reach.left <= run[0].start and run[-1].end <= reach.start]
        far = [run for run in placed if run[0].start >= reach.right and _is_for_all(text, run, reach)]
        earlier = [run for run in runs if run[-1].end <= reach.left]
        unplaced = [run for run in behind if run not in placed]
        for chosen in (near[:1], _joined(left, text, reach), far[:1], earlier[-1:], unplaced[:1]):
            if chosen:
                return _shared_out(chosen[0], reach.size)
        return [self._hardware_before(place)] * reach.size

    def _hardware_before(self, place: int) -> Link:
        """The device that the sentence before names, else the one device of the paper if it was named earlier."""
        if place in self._naming_next:
            names = self._naming_next[place]
            return Link(next(iter(names))) if len(names) == 1 else _NO_LINK
        names = {item.name for item in self._evaluated}
        if len(names) == 1 and place > min(self._naming_next, default=place):
            return Link(names.pop())
        return _NO_LINK

    @cached_property
    def _naming_next(self) -> dict[int, set[str]]:
        """For each sentence that follows one which names devices, the devices."""
        named: dict[int, set[str]] = {}
        begins = [part.start for part in self._page.sentences]
        for mention in self._hardware.mentions(self._page.abstract):
            named.setdefault(bisect_right(begins, mention.start), set()).add(mention.name)
        return named


def _only_of_kind(used: list[HardwareAnswer]) -> dict[str, str]:
    """What "the GPU" and "the CPU" stand for where there is one of them."""
    aliases = {}
    for kind in ("gpu", "cpu", "fpga", "tpu", "npu"):
        names = {item.name for item in used if item.kind == kind}
        if len(names) == 1:
            aliases[kind] = names.pop()
    return aliases


def _models(used: list[HardwareAnswer]) -> dict[str, str]:
    """The model or core that only one of the devices has in its name: "ARM64" for "embedded ARM64 systems"."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for item in used:
        for model in {match.group().lower() for match in _MODEL.finditer(item.name)}:
            if found.setdefault(model, item.name) != item.name:
                shared.add(model)
    return {model: name for model, name in found.items() if model not in shared}


def _is_of_another(text: str, run: list[Mention], reach: Reach) -> bool:
    """Whether a mention left of a number belongs to the number before: "2x faster than A, and 3x smaller"."""
    if reach.left == 0 or not _COMPARATOR.search(text, reach.left, run[0].start):
        return False
    between = text[run[-1].end : reach.start]
    return re.search(r"[,;]|\bwhile\b", between) is not None and not _SAME_SUBJECT.search(between)


def _is_for_all(text: str, run: list[Mention], reach: Reach) -> bool:
    """Whether a device behind later numbers is that of this one too: set off by a comma, or this one has none."""
    before = text[max(reach.end, run[0].start - 30) : run[0].start]
    return "," in before or not re.search(r"\b(?:on|for)\s", text[reach.end : reach.right])


def _joined(left: list[list[Mention]], text: str, reach: Reach) -> list[list[Mention]]:
    """Everything named left of a number as one list, so that several devices make no link; its own clause first."""
    comma = text.rfind(", ", reach.left, reach.start)
    own = [run for run in left if run[0].start > comma] if reach.left else []
    return [[mention for run in own or left for mention in run]] if left else []


def _runs(mentions: list[Mention], text: str) -> list[list[Mention]]:
    """Mentions that stand in one list, together."""
    runs: list[list[Mention]] = []
    for mention in mentions:
        last = runs[-1][-1] if runs else None
        gap = mention.start - last.end if last else _LONGEST_GAP + 1
        if last and gap <= _LONGEST_GAP and _SEPARATOR.fullmatch(text, last.end, mention.start):
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
