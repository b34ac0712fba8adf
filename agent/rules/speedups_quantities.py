"""The numbers of a sentence that could say how much faster: ratios, percentages, orders of magnitude, words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from agent.numbers import DIGITS, NUMBER_WORDS, SCALES, WORDS, value_of
from agent.rules.speedups_signs import has_mark

_LONGEST_LIST = 12
"""Quantities; more of them in one list are a table or no text at all."""
_LONGEST_GAP = 40

Kind = Literal["ratio", "percent", "orders", "word", "plain"]

_TIMES = (
    r"(?:\+|\))?(?:\s|~|-)?(?:\$\s?)?(?:\\\(\s?)?\{?\s?(?:\\[!,;: ]?)?"
    r"(?:\\times(?![a-z])|\\texttimes(?:\{\})?|times(?![a-z])|times(?=faster|speed|higher|lower|less|improve)|[x×](?![\w])|X(?![\w]))"
    r"(?!\s?\$?\d)(?:\s?(?:\\\)|\$|\})){0,2}\+?"
)
_PERCENT = r"\+?\s?\$?(?:\\?%|\\\\%|(?:percent|per cent|pct)(?![\w]))\$?(?!\s*(?:-|\s)?points?\b)"
_ORDERS = r"[\s-]+orders?[\s-]+of[\s-]+magnitudes?"
_FOLD = r"\+?[\s‐‑–-]?folds?(?![a-z])(?![\s-](?:cross|CV\b))"
_LEFT = r"(?:(?<![\w.\\])|(?<=sim)|(?<=approx)|(?<=geq)|(?<=\d\))|(?<=times))"
_MARK = rf"(?:(?P<ratio>{_TIMES}|{_FOLD})|(?P<percent>{_PERCENT})|(?P<orders>{_ORDERS}))?"
_LEADS_TO_HALF = (
    "by",
    "by more than",
    "by over",
    "by nearly",
    "by almost",
    "by about",
    "by around",
    "by roughly",
    "in",
)
_HALF_OF_ALL = "|".join(rf"(?<=\b{lead} )half\b(?! (?:an?|of)\b)" for lead in _LEADS_TO_HALF)
_MULTIPLES = (
    r"\b(?:doubl|tripl|quadrupl)(?:es|ed|ing|e(?= (?:the|its|their|that|our)))\b"
    r"(?![- ](?:precision|buffer|float|quanti|descent|sided|layer|blind|pipelin|dqn|q\b))"
)
_PREFIXED = (
    r"(?<![\w.])(?<!\d )(?:x\d+(?:\.\d+)?(?= (?:speed|faster|accel|higher|lower|improve|throughput|reduc))"
    r"|(?<!\b[a-z] )(?:×|\\times ?)\d+(?:\.\d+)?(?!\s?[x×]|\.?\w|%))"
)
_IN_DIGITS = re.compile(
    r"(?P<share>(?<![\w./])1/\d{1,3}(?:th|rd)?(?= (?:of )?(?:the|its|that)\b))"
    rf"|(?P<prefix>{_PREFIXED})|(?P<num>{_LEFT}(?:{DIGITS})){_MARK}",
    re.I,
)
_IN_WORDS = re.compile(
    r"(?P<one_order>\border[\s-]of[\s-]magnitudes?)"
    r"|(?P<twice>\b(?:twice|thrice)\b)"
    rf"|(?P<multiple>{_MULTIPLES})"
    rf"|(?P<half>{_HALF_OF_ALL}|\bhalf(?= (?:of )?(?:the|its|their|that|as)\b)|\bhalv(?:es?|ed|ing)\b)"
    r"|(?P<part>(?:\bone[ -]|(?<=\ba ))(?:third|quarter|fifth|tenth|hundredth)\b(?= (?:of )?(?:the|its|that)\b))"
    rf"|(?P<num>{WORDS}){_MARK}",
    re.I,
)
_KINDS: dict[str, Kind] = {
    "num": "plain", "ratio": "ratio", "percent": "percent", "orders": "orders", "one_order": "orders",
    "prefix": "ratio",
}  # fmt: skip
"""The kind of what is found, by the last group of the match; all else are words."""
_DIGIT = re.compile(r"by\s+(?:[a-z]+\s){0,3}\$?\d")
_LETTERS = re.compile(r"[a-z]+")
_STARTS_IN_DIGITS = re.compile(r"[0-9.xX×\\](?:(?<=[0-9])[0-9]*|(?<=\.)[0-9]|(?<=[xX])(?=[0-9])|(?<=×)|(?<=\\)times)")
_FIRST_OF_DIGITS = "0123456789.xX×\\"
_OPENS = re.compile(r"(?:(?:about|around|roughly|nearly|almost|over|more than|up to|at least|approximately)\s)?", re.I)
_OPENING = 30
_FOR = re.compile(r"\bfor $")
_VAGUE_ENDS = "lwyLWY"
_VAGUE = re.compile(r"\b(?:several|few|many)\s$", re.I)
_FIRST_WORDS = frozenset(
    (*NUMBER_WORDS, "order", *(f"{word}{end}" for word in NUMBER_WORDS for end in ("fold", "folds")))
)
_VALUES = {"twice": 2.0, "thrice": 3.0, "doubl": 2.0, "tripl": 3.0, "quadr": 4.0}
_PARTS = {"third": 3.0, "quarter": 4.0, "fifth": 5.0, "tenth": 10.0, "hundredth": 100.0}

_RANGE = re.compile(
    r"\s*\$?\s*(?:\\?-{1,3}|–|—|−|~|∼|\\sim|sim|\\\(\\sim\\\)|-?\s?(?:up )?to-?|\\text\{-\})\s*(?:\$|\\\()?\s*", re.I
)
_BETWEEN = re.compile(r"\b(?:between|from)\s+\$?$")
_BOUND_WORDS = (
    r"up to|over|more than|at least|nearly|almost|about|around|roughly|approximately|an average of|average|"
    r"max(?:imum)?|mean|on average|averaging|avg\.?|geomean|median|peak|~|>|\\sim"
)
_LIST = re.compile(
    r"[\s$)]*(?:,|/|;|&|\(|and|or|,\s*(?:and|or|\()|as well as)[\s$]*(?:(?:by|of|an?|on|with)\s+)?"
    rf"(?:(?:{_BOUND_WORDS})\s*)?[\s$]*(?:\\\()?",
    re.I,
)
_FACTOR = re.compile(r"\bfactors?\s+(?:of|by|up to)?\s*(?:[a-z]+\s){0,3}[~\s$\\(]*(?:sim\s?\$?)?$", re.I)
_SPEEDUP_OF = re.compile(
    r"\b(?:speed[\s-]?ups?|accelerations?|speed[\s-]gains?)\s*(?:factors?|ratios?|rates?)?\s*"
    r"(?:of|by|is|are|was|to|as|=|:|in|\(|reaching|ranging|excess|high|much|close|nearly|from|between|exceeding|over|up|on|average|a|at|least|about|nearly|around|approximately|more|than|\s){1,9}[~$\\(\s]*(?:sim\s?\$?)?$",
    re.I,
)
_SPEEDUP_NEXT = re.compile(r"\s?\$?\s(?:speed-?ups?|speed up|acceleration|faster)\b", re.I)
_BARE_SIGNS = ("factor", "speed", "accel", "faster", "by ")
"""One of these at least makes a number without a mark a ratio."""
_BY = re.compile(
    r"\bby\s+(?:(?:up to|about|around|nearly|almost|over|more than|at least|roughly|an average of)\s)?\$?$", re.I
)
_AFTER_BARE = re.compile(
    r"\s*\$?\s*(?:[,.;()±]|\+/-|\\pm|:(?!\d)|$|(?:and|or|are|is|was|were|can|could|has|have|respectively|over|compared|relative|versus|vs|when|with|on|for|in|using|against|while|than|"
    r"respectively|to|across|without|at)\b)",
    re.I,
)
_DEVICE_NEXT = re.compile(
    r"\s?-?(?:NVIDIA|Nvidia|AMD|RTX|GTX|GeForce|Tesla|TITAN|Titan|Xeon|Jetson|MI\d|[AHVPLTKB]\d{1,3}\b|TPUv?\d|A100|H100|V100)"
)


@dataclass(slots=True)
class Quantity:
    """A number or range of a sentence with its mark: values as written, place in characters of the sentence.

    `bare` tells a ratio that has no mark of its own ("a speedup of 3.4"), `plus` one that is written "3x+".
    """

    start: int
    end: int
    low: float
    high: float
    kind: Kind
    bare: bool = False
    plus: bool = False

    def rest(self) -> "Quantity":
        """What a percentage leaves of the whole: 32 for 68."""
        return replace(self, low=100 - self.high, high=100 - self.low)


def quantities_in(text: str, starts: list[int]) -> list[Quantity]:
    """The quantities of a sentence in order; elided marks ("2 and 3 times") filled in, ranges joined.

    `starts` are the places where a number may begin, of `starts_of`.
    """
    if not has_mark(text):
        return []
    tokens: list[Quantity] = []
    for match in _numbers_of(text, starts):
        if not _is_part_of_a_name(text, match, tokens) and (token := _read(match)):
            tokens.append(token)
    if not tokens:
        return []
    _fill_elided_marks(tokens, text)
    _mark_bare_ratios(tokens, text)
    joined = _join_ranges([token for token in tokens if token.kind != "plain"], text)
    return [quantity for quantity in joined if not _DEVICE_NEXT.match(text, quantity.end)]


def groups_of(quantities: list[Quantity], text: str) -> list[list[Quantity]]:
    """Quantities that stand in one list, together: "2x, 3x and up to 4x"."""
    groups: list[list[Quantity]] = []
    for quantity in quantities:
        last = groups[-1][-1] if groups else None
        if last and last.kind == quantity.kind != "word" and _is_list(text, last.end, quantity.start):
            groups[-1].append(quantity)
        else:
            groups.append([quantity])
    return [group for group in groups if len(group) <= _LONGEST_LIST]


def _is_list(text: str, start: int, end: int) -> bool:
    return end - start <= _LONGEST_GAP and _LIST.fullmatch(text, start, end) is not None


def _is_range(text: str, start: int, end: int) -> bool:
    return end - start <= _LONGEST_GAP and _RANGE.fullmatch(text, start, end) is not None


def _numbers_of(text: str, starts: list[int]) -> Iterator[re.Match[str]]:
    """The numbers of a text in order; tried only where a digit or a word of the tables begins."""
    reached = 0
    for begin in starts:
        if begin < reached:
            continue
        scan = _IN_DIGITS if text[begin] in _FIRST_OF_DIGITS else _IN_WORDS
        if match := scan.match(text, begin):
            reached = match.end()
            is_vague = text[begin - 2 : begin - 1] in _VAGUE_ENDS and _VAGUE.search(text, max(0, begin - 10), begin)
            if not is_vague:
                yield match


def starts_of(text: str) -> list[int]:
    """Where in a text a number may begin: at its digits and its words for numbers."""
    starts = [match.start() for match in _STARTS_IN_DIGITS.finditer(text)]
    low = text.lower()
    words = _FIRST_WORDS.intersection(_LETTERS.findall(low))
    if not words or len(low) != len(text):
        return starts
    for word in words:
        place = low.find(word)
        while place >= 0:
            if not low[place - 1 : place].isalpha():
                starts.append(place - _article_before(low, place) if word in SCALES else place)
            place = low.find(word, place + len(word))
    return sorted(starts)


def _article_before(low: str, place: int) -> int:
    """How many characters "a " or "an " before a place takes, where it stands there."""
    for article in ("a ", "an "):
        if low.startswith(article, place - len(article)) and not low[: place - len(article)][-1:].isalnum():
            return len(article)
    return 0


def _is_part_of_a_name(text: str, match: re.Match[str], tokens: list[Quantity]) -> bool:
    """Whether the number ends a name ("ResNet-50"), which a hyphen after a quantity ("2x-3x") does not make it."""
    start, found = match.start(), match.lastgroup
    if found == "ratio" and "fold" in match["ratio"] and _FOR.search(text, max(0, start - 6), start):
        return True  # "16-fold" names a set-up
    if found in ("half", "part", "share") and _OPENS.fullmatch(text, max(0, start - 30), start):
        return start < _OPENING  # "half of the latency is spent on copies"
    if text[start - 1 : start] != "-" or not text[start - 2 : start - 1].isalpha():
        return False
    if text[max(0, start - 4) : start] == "-to-":
        return False
    return not (tokens and tokens[-1].end == start - 1)


def _read(match: re.Match[str]) -> Quantity | None:
    (start, end), written, found = match.span(), match.group(), str(match.lastgroup)
    value: float | None
    match found:
        case "num" | "ratio" | "percent" | "orders":
            value = value_of(match["num"])
        case "one_order":
            value = 1.0
        case "prefix":
            value = float(re.sub(r"[^\d.]", "", written))
        case "share":
            value = float(re.sub(r"\D", "", written[2:]))
        case "part":
            value = _PARTS[re.split(r"[ -]", written.lower())[-1]]
        case _:
            value = _VALUES.get(written.lower()[:5], _VALUES.get(written.lower(), 2.0))
    if value is None:
        return None
    is_marked = found in ("num", "ratio", "percent", "orders")
    return Quantity(start, end, value, value, _KINDS.get(found, "word"), plus=is_marked and "+" in written)


def _fill_elided_marks(tokens: list[Quantity], text: str) -> None:
    for token, following in zip(reversed(tokens[:-1]), reversed(tokens[1:]), strict=True):
        if token.kind == "plain" and following.kind in ("ratio", "percent", "orders"):
            gap = (text, token.end, following.start)
            if _is_range(*gap) or _is_list(*gap) or _is_between(text, token, following):
                token.kind = following.kind


def _is_between(text: str, token: Quantity, following: Quantity) -> bool:
    if following.start - token.end > _LONGEST_GAP or text[token.end : following.start].strip(" $") != "and":
        return False
    return _BETWEEN.search(text, max(0, token.start - 12), token.start) is not None


def _mark_bare_ratios(tokens: list[Quantity], text: str) -> None:
    chained = False
    may_be_bare = any(map(text.lower().__contains__, _BARE_SIGNS))
    for place, token in enumerate(tokens if may_be_bare else ()):
        if token.kind != "plain":
            chained = False
            continue
        before = text[max(0, token.start - 80) : token.start]
        chained = _is_bare_ratio(before, tokens, place, text, chained)
        if chained:
            token.kind, token.bare = "ratio", True


def _is_bare_ratio(before: str, tokens: list[Quantity], place: int, text: str, chained: bool) -> bool:
    low = before.lower()
    if ("factor" in low and _FACTOR.search(before)) or _SPEEDUP_NEXT.match(text, tokens[place].end):
        return True
    if not chained and "by " not in low and "speed" not in low and "accel" not in low:
        return False
    led = chained or _BY.search(before[-40:]) or _SPEEDUP_OF.search(before)
    return bool(led) and _is_bare_end(tokens, place, text)


def _is_bare_end(tokens: list[Quantity], place: int, text: str) -> bool:
    token = tokens[place]
    if _AFTER_BARE.match(text, token.end):
        return True
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    return following is not None and _is_range(text, token.end, following.start)


def _join_ranges(tokens: list[Quantity], text: str) -> list[Quantity]:
    joined: list[Quantity] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if last and last.kind == token.kind != "word" and last.low == last.high < token.high:
            gap = (text, last.end, token.start)
            either = token.kind == "orders" and text[last.end : token.start].strip() == "or"
            if _is_range(*gap) or _is_between(text, last, token) or either:
                joined[-1] = Quantity(last.start, token.end, last.low, token.high, token.kind, last.bare, token.plus)
                continue
        joined.append(token)
    return joined
