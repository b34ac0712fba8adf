"""The words that compare, and what must stand before them for a comparison of results."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BETTER = re.compile(
    r"(?i)speed-?\s?ups?\b|\bspeed|faster|improv|\bgains?\b|reduc|advantage|performance|better|superior|supremacy|margin|increas|benefit|saving"
    r"|higher|lower|accelerat|boost|prefer|efficien|decreas|\bwin|enhance|progress|advance|orders? of magnitude|\bfold\b"
    r"|\d\s*(?:x|X|×|%|\\%|times|-?fold|\$?\\?\(?\\?times)|\bleads?\b|jump|slowdown|more\b|less\b|fewer|\btimes\b"
)
_JUDGED = re.compile(
    r"(?i)compar|evaluat|assess|benchmark|speed|faster|improv|gain|test|measur|\bwin|validat|\d\s?(?:x|×|%|times)"
)
_GUARD = re.compile(r"(?i)robust|attack|defen[dcs]|protect|resilien|guard|secure|match|align|fight")
_NOT_THAN = re.compile(r"(?i)\b(?:rather|other)\s+$")
_OF_OTHERS = re.compile(r"\w+s\s+(?:that|which)\s+(?:are|were)\s+(?:[A-Za-z]+\s+){1,3}$")
_IMPROVED = re.compile(r"(?i)\bimprov\w*(?:\s+\w+){0,3}\s+$")
_GAP = r"(?:\s+(?!such\b|well\b|over\b|on\b|than\b|in\b|for\b|while\b|at\b|of\b|as\b)[\w./\\%-]+){1,6}?\s+"

_CUE = re.compile(
    r"(?i)\b(?:"
    r"(?P<than>than)"
    r"|(?P<compared>(?:compar(?:ed|ing|es?)(?:\s+(?:\w+ly))?|(?:in|by)\s+comparison|comparisons?|contrasted)\s+(?:to|with|against)"
    r"|relative\s+to|in\s+relation\s+to|versus|vs\b\.?|compar(?:e|es|ed|ing)(?:\s+[\w'-]+){1,8}?\s+(?:to|with|against)(?!\s+respect))"
    r"|(?P<against>against)"
    r"|(?P<over>over|upon)"
    r"|(?P<respect>with\s+respect\s+to|w\.r\.t\.?)"
    r"|(?P<beats>(?:out-?perform|surpass|exceed|out-?pac|outstrip|out-?rank|outclass|out-?scal)(?:e|es|s|ed|ing)?|beat(?:s|ing)?|overtak(?:es|ing))"
    r"|(?P<par>on[- ]par(?:\s+\w+)?\s+(?:with|to)|comparable\s+(?:to|with)|equivalent\s+to(?=\s+(?:that|those|the|a|an|\d))|competitive\s+(?:to|with)|(?:superior|inferior|preferable)\s+to"
    r"|(?:closely\s+)?rival(?:s|ing)?(?:\s+that\s+of)?|approximating|close\s+to\s+(?:that|those)\s+of)"
    r"|(?P<like>(?:[Ss]imilar|comparable|equivalent|equal|identical|competitive|same|superior|on[- ]par|close)"
    + _GAP
    + r"(?:to|with|as))"
    r"|(?P<level>similarly\s+to|(?:performance|accuracy|quality|speed|throughput)\s+(?:\w+\s+)?similar\s+to|perform\w*\s+(?:as\s+well\s+as|similar\s+to|as\s+good\s+as)|impossible\s+(?:with|for|in)"
    r"|(?:performance|accuracy|quality|speed|throughput|efficiency)(?:\s+(?:very|is|that|are))*\s+close\s+to|(?:clos(?:e|er)\s+to|approach(?:es|ing))\s+(?:the\s+(?:\w+\s+){1,2}of|that\s+of|those\s+of))"
    r"|(?P<faster>accelerat(?:e|es|ing)|speed(?:s|ing)?\s+up)|(?P<improves>(?:improv|advanc|push|rais)(?:e|es|ed|ing)\s+(?:on\b|(?=the\s+(?:\w+\s+)?(?:sota|state[- ]of))))|(?P<contrast>while|whereas)|(?P<asas>as\s+(?:fast|accurate|good|efficient|effective|small|slow|quick|quickly)\s+as)"
    r"|(?P<matches>(?<!-)match(?:es|ing|ed)?)"
    r"|(?P<share>(?:times|twice|half|third|quarter|fraction|\d\s?x|%)\s+(?:of\s+)?the\s+(?:[\w-]+\s+){0,2}?"
    r"(?:speed|time|cost|performance|throughput|latency|accuracy|memory|energy|runtime|quality|compute|level)s?\s+of)"
    r")(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A comparing word: its family, where it begins, and where what it governs begins."""

    family: str
    start: int
    end: int


def cues_in(text: str) -> Iterator[Cue]:
    """The comparing words of a sentence that compare results, in order."""
    for match in _CUE.finditer(text):
        family = match.lastgroup or ""
        if _compares(family, text, match.start(), match.end()):
            yield Cue(family, match.start(), match.end())


def _compares(family: str, text: str, start: int, end: int) -> bool:
    left = text[max(0, start - 140) : start]
    if family == "than":
        just = text[end : end + 8].split()[:1] in (["just"], ["simply"], ["merely"], ["double"], ["half"])
        return not just and not _NOT_THAN.search(left) and not _OF_OTHERS.search(left)
    if family == "over" and text[start : start + 4].lower() == "upon":
        return bool(_IMPROVED.search(left))
    if family == "over":
        return bool(_BETTER.search(left))
    if family == "respect":
        return bool(_BETTER.search(left))
    if family == "against":
        return bool(_JUDGED.search(left)) and not _GUARD.search(left)
    return True
