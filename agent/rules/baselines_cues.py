"""The words that compare, and what must stand before them for a comparison of results."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from agent.rules.baselines_words import METRICS, openings, words

_LEFT = 140
_GAP = r"(?:\s+(?!(?:such|well|over|on|than|in|for|while|at|of|as|to|with)\b)[\w./\\%-]+){1,6}?\s+"
BY_NUMBER = r"[^.;]{0,70}?\bby (?:[a-z]+ ){0,4}[~$]?\d"
"""A number behind "by", near enough to belong to the verb."""
_METRIC = (
    "speed time cost performance throughput latency accuracy memory energy runtime quality compute level map score rate"
    " bandwidth efficiency size power throughputs parameters flops"
)
_SPEAKS_OF_METRIC = re.compile(
    r"(?:performance|accuracy|quality|speed|throughput|efficiency|latency)(?:\s+\w{1,12}){0,2}\s+$"
)


class Cue(NamedTuple):
    """A comparing word: its family, where it begins and ends, and where its sentence ends."""

    family: str
    start: int
    end: int
    bound: int


_Row = tuple[str, tuple[str, ...], re.Pattern[str]]


def _row(family: str, stems: str, pattern: str) -> _Row:
    """A family of cues: what they begin with, parted by bars, and the pattern that they must match from there on."""
    return family, tuple(stems.split("|")), re.compile(rf"(?i)(?:{pattern})(?!\w)")


_CUES = (
    _row("than", "than", r"than"),
    _row(
        "compared",
        "compar|contrasted",
        r"(?:compar(?:ed|ing|es?)|comparisons?|contrasted)(?:\s+\w+ly)?\s+(?:to|with|against)"
        r"|compar(?:e|es|ed|ing)(?:\s+[\w'-]+){1,12}?\s+(?:to|with|against)(?!\s+respect)",
    ),
    _row("compared", "versus|vs", r"versus|vs\b\.?"),
    _row("relative", "relative to|relation to", r"relative\s+to|relation\s+to"),
    _row("against", "against", r"against"),
    _row("over", "over|upon", r"over|upon"),
    _row("respect", "respect to|w.r.t", r"respect\s+to|w\.r\.t\.?"),
    _row(
        "beats",
        "outperform|out-perform|surpass|exceed|outpac|outstrip|outrank|outclass|beat|overtak",
        r"(?:out-?perform|surpass|exceed|outpac|outstrip|outrank|outclass|beat|overtak)(?:e|es|s|ed|ing)?",
    ),
    _row("par", "on par|on-par", r"on[- ]par(?:\s+\w+)?\s+(?:with|to)"),
    _row("par", "comparable|competitive", r"(?:comparable|competitive)\s+(?:to|with)"),
    _row("par", "superior|inferior|preferable", r"(?:superior|inferior|preferable)\s+to"),
    _row("par", "short of|lag", r"short\s+of|lag(?:s|ged|ging)?\s+behind"),
    _row("par", "equivalent to", r"equivalent\s+to(?=\s+(?:that|those|the|a|an|\d))"),
    _row("par", "rival|approximating", r"rival(?:s|ing)?(?:\s+that\s+of)?|approximating"),
    _row(
        "like",
        "similar|comparable|equivalent|equal|identical|competitive|same|superior|close",
        rf"(?:similar|comparable|equivalent|equal|identical|competitive|same|superior|close){_GAP}(?:to|with|as)",
    ),
    _row(
        "like",
        "comparable in|similar in|equal in|equivalent in|superior in|identical in",
        r"\w+\s+in\s+\w+(?:\s+and\s+\w+)?\s+to",
    ),
    _row("like", "on par|on-par", rf"on[- ]par{_GAP}(?:to|with)"),
    _row("level", "similarly to|impossible", r"similarly\s+to|impossible\s+(?:with|for|in)"),
    _row(
        "level",
        "preferred to|within",
        r"preferred\s+to|within\s+(?:[a-z]+\s+){0,2}[\d.]+\s*(?:\\?%|\w+)(?:\s+points?)?\s+of",
    ),
    _row("level", "perform as|performs as|performed as|performing as", r"perform\w*\s+as\s+\w+\s+as"),
    _row(
        "level",
        "close|approaches th|approaching th",
        r"(?:clos(?:e|er)\s+to|approach(?:es|ing))\s+(?:the\s+(?:\w+\s+){1,2}of|(?:that|those)\s+of)",
    ),
    _row("metric", "similar to|close to|equal to|identical to", r"(?:similar|close|equal|identical)\s+to"),
    _row(
        "asas",
        "fast as|accurate as|good as|efficient as|effective as|small as|slow as|quick as|quickly as",
        r"\w+\s+as",
    ),
    _row("matches", "match", r"match(?:es|ing|ed)?"),
    _row(
        "faster",
        "accelerate|accelerating|speed up|speeds up|speeding up",
        rf"(?:accelerat(?:e|es|ing)|speed(?:s|ing)?\s+up)(?={BY_NUMBER})",
    ),
    _row(
        "improves",
        "improv|push|rais",
        r"(?:improv|push|rais)(?:e|es|ed|ing)"
        r"(?:\s+on\b|(?=\s+the\s+(?:\w+\s+)?(?:sota|state[- ]of|previous|prior|best)))",
    ),
    _row("improves", "advanc", r"advanc(?:e|es|ed|ing)(?=\s+the\s+(?:\w+\s+)?(?:sota|state[- ]of))"),
    _row(
        "contrast",
        "while|whereas",
        r"(?:while|whereas)(?=[^.;]{4,80}?\b(?:only|fail|achieve|take|took|require|need|reach))",
    ),
    _row(
        "contrast", "in contrast,|by contrast,|in comparison,|by comparison,", r"(?:in|by)\s+(?:contrast|comparison),"
    ),
    _row(
        "instead",
        "rather than|instead of|opposed to",
        r"(?:rather\s+than|instead\s+of|opposed\s+to)(?:\s+the)?(?=\s+~?\d)",
    ),
    _row("instead", "from", r"from(?=\s+~?\d[\w.,]*(?:\s+[a-z%\\]+)?\s+(?:with|using|for)\s+[^.;]{2,60}?\sto\s)"),
    _row("share", "|".join(f"{metric} of" for metric in _METRIC.split()) + "|that of|those of", r"\w+\s+of"),
)
CUE_STEMS = tuple(stem for _, stems, _ in _CUES for stem in stems)
"""What the comparing words begin with."""
_ROWS = {stem: tuple(row for row in _CUES if any(own.startswith(stem) for own in row[1])) for stem in CUE_STEMS}
"""The families that a word with a stem can belong to."""
_BETTER = openings("better")
_BY_FACTOR = re.compile(r"\d\s*(?:[xX×%]|\\%|times|-?fold|\$?\\?\(?\\?times)")
_JUDGED = openings("judged")
_DIGIT = re.compile(r"\d")
_GUARD = openings("guards")
_OF_OTHERS = re.compile(r"\ws\s+(?:that|which)\s+(?:are|were)\s+(?:[A-Za-z]+\s+){1,3}$")
_IMPROVED = re.compile(r"\bimprov\w*(?:\s+\w+){0,3}\s+$")
_SHARE = re.compile(
    r"(?:(?:\d\s?x|/\d[\d,]*(?:th)?|%|\\%|times|twice|half|third|quarter|fraction|double|triple)\s+(?:of\s+)?(?:the\s+(?:[\w-]+\s+){0,2})?"
    r"|(?:achiev|reach|deliver|attain)\w*\s+the\s+(?:[\w-]+\s+){0,3}|(?:below|above|beyond)\s+)$"
)
_ALIKE = ("same", "similar", "equal", "equivalent", "identical", "close")
_WORD = re.compile(r"[\w-]+")
_ROOM = re.compile(r"\b(?:memory|capacity|limits?|size|length|budget|window|bandwidth)\b")
_ROOM_REACH = 40
_COUNTS = ("one ", "a single", "single", "two ", "three ", "half")
_JUST = ("just", "simply", "merely", "double", "half")


def cues_in(text: str, low: str, places: Sequence[tuple[str, int]], spans: Sequence[tuple[int, int]]) -> list[Cue]:
    """The comparing words within the spans (sentences, in order) of a text.

    The text is given also in lower case and by the places of its stems. The cues come in order, none inside another.
    """
    if not spans:
        return []
    starts = [start for start, _ in spans]
    found: list[Cue] = []
    for stem, at in places:
        rows = _ROWS.get(stem, ())
        start, stop = spans[bisect_right(starts, at) - 1] if rows else (0, 0)
        for family, stems, pattern in rows if start <= at < stop else ():
            match = pattern.match(text, at, stop) if low.startswith(stems, at) else None
            if match and _compares(family, low, start, at, match.end()):
                found.append(Cue(family, at, match.end(), stop))
    found.sort(key=lambda cue: (cue.start, -cue.end))
    return [cue for k, cue in enumerate(found) if k == 0 or cue.start >= max(c.end for c in found[max(0, k - 3) : k])]


def _compares(family: str, low: str, bound: int, start: int, end: int) -> bool:
    """Whether a comparing word compares results, by what stands around it in its sentence."""
    check = _CHECKS.get(family)
    return check is None or check(low[max(bound, start - _LEFT) : start], low[start:end], low[end : end + _ROOM_REACH])


def _is_than(left: str, cue: str, right: str) -> bool:
    barred = left.endswith(("rather ", "other ")) or right.lstrip().startswith(_JUST)
    if left.endswith(("more ", "less ", "fewer ")) and right.lstrip().startswith(_COUNTS):
        return False
    return not barred and not _OF_OTHERS.search(left[-60:])


def _is_over(left: str, cue: str, right: str) -> bool:
    if cue == "upon":
        return bool(_IMPROVED.search(left[-60:]))
    if left.rpartition(" ")[0].rpartition(" ")[2] in words("not_over"):
        return False
    if not left:
        return True
    return any(word in left for word in _BETTER) or bool(_BY_FACTOR.search(left))


def _is_against(left: str, cue: str, right: str) -> bool:
    judged = not left or any(word in left for word in _JUDGED) or bool(_BY_FACTOR.search(left))
    return judged and not any(word in left for word in _GUARD)


def _is_beating(left: str, cue: str, right: str) -> bool:
    return not (cue.startswith("exceed") and _ROOM.search(right))


def _is_likeness(left: str, cue: str, right: str) -> bool:
    return not cue.startswith(_ALIKE) or any(word in METRICS for word in _WORD.findall(cue))


def _is_par(left: str, cue: str, right: str) -> bool:
    return not cue.startswith("short") or left.endswith(("fall ", "falls ", "falling ", "fell "))


_CHECKS: dict[str, Callable[[str, str, str], bool]] = {
    "than": _is_than,
    "relative": lambda left, cue, right: not left or any(word in left for word in _BETTER) or bool(_DIGIT.search(left)),
    "over": _is_over,
    "respect": lambda left, cue, right: _is_over(left[-80:], cue, right),
    "against": _is_against,
    "beats": _is_beating,
    "like": _is_likeness,
    "par": _is_par,
    "metric": lambda left, cue, right: bool(_SPEAKS_OF_METRIC.search(left[-50:])),
    "share": lambda left, cue, right: bool(_SHARE.search(left[-60:])),
    "asas": lambda left, cue, right: left.endswith("as "),
    "matches": lambda left, cue, right: not left.endswith("-"),
}
"""What a family of cues asks of the words before it, of itself, and of the words behind it, all in lower case."""
