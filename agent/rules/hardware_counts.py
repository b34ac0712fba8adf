"""How many of a device were used, and how much memory each has, from the words next to its name."""

import re
from functools import lru_cache

from agent.numbers import value_of
from agent.rules.hardware_names import Mention
from agent.rules.hardware_words import MEMORY

_DIGITS = r"\d{1,3}(?:,\d{3})+|\d{1,6}"
_WORDS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|twenty|"
    r"twenty-four|thirty|thirty-two|forty-eight|sixty-four|hundred|thousand"
)
_NUMERALS = frozenset(_WORDS.replace("-", "|").split("|")) | {
    "single",
    "Single",
    "dual",
    "Dual",
    "One",
    "Two",
    "Four",
    "Eight",
}
_DIGIT = re.compile(r"[0-9]|[^\x00-\x7f]")
_TIMES = r"(?: ?(?:times|x|X|×|\*)| ?\$?\\(?:!\\)?times\$?|\$\\times\$)"
_COUNT = re.compile(
    rf"(?:(?<![\w.,/-])(?P<digits>{_DIGITS})(?P<kilo>[kK])?(?P<times>{_TIMES})?|\b(?P<word>{_WORDS}"
    rf"|[Ss]ingle|[Dd]ual|One|Two|Four|Eight)\b)"
    r"[ ~-]?(?P<between>(?:(?:[A-Za-z]+(?:-[a-z]+)?|\d{1,4} ?GB|\d{1,4}-core)[ -]){0,2})[\"']?$"
)
_EARLIER = re.compile(
    rf"(?<![\w.])(?P<digits>{_DIGITS})(?: ?(?:,|,? (?:and|or|to)|-|--|–|to|~) ?)$"
    rf"|\b(?P<word>{_WORDS}) (?:and|or|to) $"
)
_WORDS_OF_COUNT = {"single": 1.0, "dual": 2.0}
_AFTER = re.compile(
    r"^(?: GPUs?)? ?\(? ?(?:[x×]|\$?\\times\$?) ?(?P<digits>\d{1,5})\b(?! ?(?:faster|speed|higher|lower|less|more))"
)
_SHARED = re.compile(r"\b(?:single|one) (?:[\w-]+ ){1,4}or (?:an? )?$")
_MACHINE_END = re.compile(r"(?:machine|node|server|box|system|instance|workstation)s?$")
_NOT_BETWEEN = frozenset(
    [
        "times",
        "x",
        "faster",
        "slower",
        "fold",
        "percent",
        "on",
        "of",
        "over",
        "than",
        "with",
        "to",
        "in",
        "by",
        "for",
        "and",
        "the",
        "a",
        "an",
        "per",
        "from",
        "at",
        "using",
        "seconds",
        "hours",
        "ms",
        "minutes",
        "days",
        "fps",
        "hz",
        "gb",
        "fp",
        "int",
        "bit",
        "bits",
        "gpus",
        "gpu",
        "cpus",
        "cpu",
        "different",
        "various",
        "platforms",
        "devices",
        "boards",
        "machines",
        "servers",
        "nodes",
        "kinds",
        "types",
        "generations",
        "tokens",
        "images",
        "frames",
        "flops",
        "tflops",
        "watts",
        "nm",
        "million",
        "billion",
    ]
)
_MEMORY_AFTER = re.compile(
    r"^s?[ -]?\(? ?(?:with |having |of |equipped with )?(?:only |just |a |an |limited |up to )?"
    r"(?P<gb>\d{1,4}(?:\.\d+)?)[ -]?G(?:i?B)?\b(?!/s|ps)"
)
_MEMORY_BEFORE = re.compile(r"(\d{1,4})[ -]?G(?:i?B)?[ -](?:of )?(?:VRAM |memory )?$")
_LOOK_BACK = 60


@lru_cache(maxsize=256)
def count_of(mention: Mention) -> int | None:
    """How many of the device this place of the text says were used; the largest of several counts.

    >>> from agent.rules.hardware_names import mentions_in
    >>> from agent.rules.page import Sentence
    >>> [count_of(m) for m in mentions_in(Sentence("on 16 and 2,048 A100 GPUs and a single TPU", 0))]
    [2048, 1]
    """
    text = mention.sentence.text
    start = mention.run[0]
    before = text[max(0, start - _LOOK_BACK) : start]
    if after := _AFTER.match(text[mention.run[1] : mention.run[1] + 16]):
        return _number(after)
    if before.endswith(("or ", "or a ", "or an ")) and _SHARED.search(before):
        return 1
    if _DIGIT.search(before) is None and _NUMERALS.isdisjoint(before.replace("-", " ").split()):
        return None
    match = _COUNT.search(before)
    if match is None or not _plain(match["between"]):
        return None
    if mention.kind == "system" and match["times"] and _MACHINE_END.search(mention.name):
        return count_before(before[: match.start()])
    if match["digits"] and not match["times"] and not _counts_devices(mention, match):
        return None
    number = _number(match)
    earlier = _EARLIER.search(before[: match.start()])
    if number is not None and earlier and (other := _number(earlier)) is not None:
        return max(number, other)
    return number


def count_before(before: str) -> int | None:
    """The count of machines that are named after their parts: "a single 8x A100 machine"."""
    match = _COUNT.search(before)
    return _number(match) if match and _plain(match["between"]) else None


def memory_of(mention: Mention) -> float | None:
    """The memory of one device in GB where it stands in the name or next to it."""
    text = mention.sentence.text
    start, end = mention.run
    name = text[start:end]
    if "G" in name and (inside := MEMORY.search(name)):
        return value_of(inside[1])
    if mention.kind == "cpu":
        return None
    if "G" in (following := text[end : end + 50]) and (after := _MEMORY_AFTER.match(following)):
        return value_of(after["gb"])
    near = text[max(0, start - 24) : start]
    before = _MEMORY_BEFORE.search(near) if "G" in near else None
    return value_of(before[1]) if before else None


def _plain(between: str) -> bool:
    return _NOT_BETWEEN.isdisjoint(between.lower().replace("-", " ").split())


def _counts_devices(mention: Mention, match: re.Match[str]) -> bool:
    """A number before a singular name is part of it ("the 3 GPU"), unless it counts one."""
    last = mention.sentence.text[mention.start : mention.end]
    return last.endswith("s") or match["digits"] == "1" or mention.precision == "model"


def _number(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if word := groups.get("word"):
        value = _WORDS_OF_COUNT.get(word.lower()) or value_of(word)
    else:
        value = value_of(groups["digits"])
        if value is not None and groups.get("kilo"):
            value *= 1000
    return int(value) if value is not None and value >= 1 else None
