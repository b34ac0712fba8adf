"""Absolute speeds or times before and after, in one unit: "from 10 hours to 2 hours", "156 TFLOPS, while A has 45"."""

import re
from typing import NamedTuple

from agent.numbers import PLAIN, WORDS, value_of
from agent.rules.speedups_signs import has_pair_cue
from schemas.vocabulary import Metric

_SECONDS = {
    "ns": 1e-9, "nanosecond": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "microsecond": 1e-6, "ms": 1e-3, "msec": 1e-3,
    "millisecond": 1e-3, "s": 1.0, "sec": 1.0, "second": 1.0, "min": 60.0, "minute": 60.0, "h": 3600.0, "hr": 3600.0,
    "hour": 3600.0, "day": 86400.0, "week": 604800.0, "month": 2629800.0, "year": 31557600.0,
}  # fmt: skip
_FLOPS = {
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "E": 1e18,
    "mega": 1e6,
    "giga": 1e9,
    "tera": 1e12,
    "peta": 1e15,
    "exa": 1e18,
}
_TIME = "|".join(sorted(_SECONDS, key=len, reverse=True))
_UNIT = (
    rf"(?P<device>(?:GPU|TPU|CPU|core|node|V100|A100)[\s-])?(?P<time>{_TIME})s?(?![\w/-])"
    r"|(?P<rate>(?:[a-z-]+\s)?(?:FPS|fps|frames?\s?(?:per|/)\s?s(?:ec(?:ond)?)?|(?:tokens?|images?|samples?|queries|requests?|"
    r"items|words|steps|iterations|sequences|reads|transactions|operations|ops|sentences|videos|points|graphs)\s?(?:per|/)\s?"
    r"(?:s|sec|second|minute|min|hour|day)|QPS|IOPS|Hz|kHz|tok/s|it/s))(?![\w])"
    r"|(?P<flops>(?P<scale>[MGTPE]|[Mm]ega|[Gg]iga|[Tt]era|[Pp]eta|[Ee]xa)\s?-?[Ff](?:LOPS?|lops?|LOP/s|lop/s|LOPs)?(?:/s|/GPU|ps)?)(?![\w])"
)
_AMOUNT = re.compile(
    rf"(?<![\w.^-])(?P<num>{PLAIN}|(?i:{WORDS}))[\s~-]?(?:\$\s?)?(?:\\[,; ])?(?:\\(?:mathrm|text)\{{)?(?:{_UNIT})?"
)
_FROM = re.compile(r"\bfrom\s+(?:about|around|over|nearly|almost|roughly|approximately|more than|[~$\s])*$", re.I)
_TO = re.compile(
    r"\s*(?:\([^()]{0,60}\)\s*)?(?:(?:on|with|for|using|in|by)\s[^,;.()]{1,50}\s)?(?:down |up )?to "
    r"(?:(?:just|only|about|around|under|less than|nearly|roughly|over|more than|as little as)\s|[~$\s])*",
    re.I,
)
_AFTER_TO = re.compile(
    r"\bto\s+(?:(?:just|only|about|around|under|less than|nearly|roughly|approximately|over)\s|[~$\s])*$", re.I
)
_BACK_FROM = re.compile(r"[^.;]{0,40}?\bfrom\s+(?:(?:about|around|over|nearly|more than)\s|[~$\s])*", re.I)
_UP_OR_DOWN = re.compile(r"\b(?:down|up) from\b", re.I)
_AGAINST = re.compile(
    r"\b(?:compared (?:to|with)|versus|vs\.?|against|instead of|rather than|as opposed to|in contrast to|relative to|"
    r"whereas|while|unlike|previously|(?:faster|shorter|lower|higher) than)\b",
    re.I,
)
_SHARED_UNIT = re.compile(r"\s?(?:vs\.?|versus|against|compared (?:to|with)|instead of|rather than)\s", re.I)
_COMPARED_FIRST = re.compile(r"\b(?:compared (?:to|with)|whereas|while|unlike|instead of|rather than|versus)\b", re.I)
_CHANGE = re.compile(
    r"\b(?:reduc|cut|short|decreas|speed|sped|improv|accelerat|boost|increas|rais|bring|brought|drop|lower|went|go|down|"
    r"slash|shrink|shrunk|driv|sav|enhanc|push|scal)\w*",
    re.I,
)
_SPREAD = re.compile(r"\b(?:rang\w+|vary\w*|varie\w+|spann?\w*|between)\s+(?:\w+\s+){0,2}from\b", re.I)
_NAMED_RATE = re.compile(r"\b(?:FPS|throughput|frame ?rates?|speed|tokens per second)\b[^,;.]{0,40}$", re.I)
_NAMED_TIME = re.compile(
    r"\b(?:latency|run-?time|execution time|training time|inference time|GPU[- ](?:days|hours))\b[^,;.]{0,40}$", re.I
)
_JOB_SECONDS = 60.0
_LIMIT = 160
_NEAR = 90


class Pair(NamedTuple):
    """Two amounts in one unit; `start` and `end` are the place of both in characters of the sentence."""

    start: int
    end: int
    low: float
    high: float
    metric: Metric


class _Amount(NamedTuple):
    start: int
    end: int
    value: float
    unit: str
    scale: float

    @property
    def size(self) -> float:
        return self.value * self.scale


def pairs_in(text: str, starts: list[int]) -> list[Pair]:
    """The pairs of a sentence that show a gain: a time that falls, a rate that rises.

    `starts` are the places where a number may begin.
    """
    amounts = _amounts(text, starts) if len(starts) > 1 and has_pair_cue(text) else []
    pairs: list[Pair] = []
    place = 0
    while place + 1 < len(amounts):
        pair = _pair(text, amounts[place], amounts[place + 1]) or _across(text, amounts, place)
        if pair:
            pairs.append(pair)
            place += 1
        place += 1
    return pairs


def _amounts(text: str, starts: list[int]) -> list[_Amount]:
    amounts: list[_Amount] = []
    reached = 0
    for start in starts:
        if start >= reached and (match := _AMOUNT.match(text, start)):
            reached = match.end()
            if value := value_of(match["num"]):
                amounts.append(_amount(match, value))
    return amounts


def _amount(match: re.Match[str], value: float) -> _Amount:
    start, end = match.start(), match.end()
    if match["time"]:
        return _Amount(
            start, end, value, f"{(match['device'] or '').strip(' -').lower()} time", _SECONDS[match["time"]]
        )
    if match["rate"]:
        unit = re.sub(r"\s|per|/", "", match["rate"].lower())
        return _Amount(start, end, value, unit, 1.0)
    if match["flops"]:
        scale = match["scale"]
        return _Amount(start, end, value, "flops", _FLOPS[scale if len(scale) == 1 else scale.lower()])
    return _Amount(start, end, value, "", 1.0)


def _pair(text: str, first: _Amount, second: _Amount) -> Pair | None:
    """A pair of neighbours: "from X to Y", "to Y from X", "X against Y"."""
    between = text[first.end : second.start]
    if len(between) > _LIMIT:
        return None
    before = text[max(0, first.start - _NEAR) : first.start]
    if _FROM.search(before) and _TO.fullmatch(between):
        unit = first.unit or second.unit or _named_unit(before)
        if unit and second.unit in ("", unit) and _CHANGE.search(before) and not _SPREAD.search(before):
            scale = first.scale if first.unit else second.scale
            return _gain(first._replace(unit=unit, scale=scale), second._replace(unit=unit, scale=second.scale), second)
        return None
    if first.unit == second.unit != "" and _BACK_FROM.fullmatch(between):
        is_change = _UP_OR_DOWN.search(between) or (_AFTER_TO.search(before) and _CHANGE.search(before))
        return _gain(second, first, first) if is_change else None
    if second.unit.strip() and not first.unit and _SHARED_UNIT.fullmatch(between):
        first = first._replace(unit=second.unit, scale=second.scale)
    return _contrast(before, between, first, second)


def _contrast(before: str, between: str, first: _Amount, second: _Amount) -> Pair | None:
    if first.unit != second.unit or not first.unit or (first.unit == "flops" and first.scale != second.scale):
        return None
    if _AGAINST.search(between):
        return _gain(second, first, first)
    return _gain(first, second, second) if _COMPARED_FIRST.search(before) and "," in between else None


def _across(text: str, amounts: list[_Amount], place: int) -> Pair | None:
    """A contrast over numbers that have no unit of speed ("40 TFlops for a 10B model compared to 30TF")."""
    first = amounts[place]
    if not first.unit:
        return None
    for second in amounts[place + 2 : place + 4]:
        between = text[first.end : second.start]
        if (
            len(between) <= _LIMIT
            and (second.unit, second.scale) == (first.unit, first.scale)
            and _AGAINST.search(between)
        ):
            return _gain(second, first, first)
    return None


def _named_unit(before: str) -> str:
    if _NAMED_RATE.search(before):
        return "rate"
    return " time" if _NAMED_TIME.search(before) else ""


def _gain(slow: _Amount, fast: _Amount, shown: _Amount) -> Pair | None:
    """The pair if `fast` is the faster of the two, with both values in the unit of `shown`."""
    is_time = slow.unit.endswith("time")
    if (fast.size >= slow.size) if is_time else (fast.size <= slow.size):
        return None
    low, high = sorted((slow.size / shown.scale, fast.size / shown.scale))
    if is_time:
        metric: Metric = "runtime" if slow.size >= _JOB_SECONDS else "latency"
    else:
        metric = "throughput"
    start, end = min(slow.start, fast.start), max(slow.end, fast.end)
    return Pair(start, end, round(low, 6), round(high, 6), metric)
