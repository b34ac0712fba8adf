"""The role of a device, from the words before it: ran on it, compared with it, or meant for it."""

import re
from functools import lru_cache

from agent.rules.hardware_names import Mention
from agent.rules.hardware_places import matches_at
from agent.rules.hardware_setting import has_number
from agent.rules.hardware_words import words_of
from schemas.vocabulary import Role

_AGAINST = re.compile(
    r"(?:\b(?:(?:than|over|to) (?:that|those|its|the ones?)(?: \w+)? (?:of|on|by)|than (?:when )?(?:on"
    r"|with|using|running on|in|for)"
    r"|than|[Vv]ersus|vs\.?|against|[Rr]elative to|[Cc]ompar(?:e|es|ed|ing) (?:[\w-]+ ){0,4}?(?:to|with"
    r"|against)|[Ii]n comparison (?:to|with)"
    r"|[Cc]omparison (?:to|with)|comparable (?:to|with)|competitive with|similar to|close to"
    r"|approximating|matching|exceed(?:s|ing)?"
    r"|[Oo]utperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|beat(?:s|ing)?|as (?:fast|good) as|on par with"
    r"|baseline of|with respect to"
    r"|[Rr]ather than|[Ii]nstead of|[Rr]eplacing|(?:comparable|similar|equivalent) performance to"
    r"|(?:speed[- ]?ups?|[Ii]mprovements?|faster|gains?|higher|better|lower|efficiency|acceleration"
    r"|throughput|savings?|reductions?"
    r"|performance|latency|respectively|[Ss]peed|advantage)\W+(?:[\w.%]+[ ,]+){0,7}?over)|(?<=[\dx$%] )over)(?![\w-])",
)
_AGAINST_WORDS, _GAIN_WORDS = words_of("against"), words_of("gain")
_PHRASES = {
    "fast": "as fast as",
    "good": "as good as",
    "par": "on par with",
    "respect": "with respect to",
    "that": "to that",
    "those": "to those",
    "its": "to its",
    "one": "to the one",
    "ones": "to the one",
}
_BREAK = re.compile(
    r"\b(?:on|using|with|when|while|which|that|requir\w+|needs?|uses?|in|by|running|executed|deployed"
    r"|for|within|where|through|via|achiev\w+|but|across|at)\b|[;:(]|\d[\d.]*(?:x|X|×|times|\$?\\times)"
)
_FITS = re.compile(
    r"\b(?:feasible|possible|suitable|suited|fits?|fitting|can be (?:\w+ )?(?:used|trained|run"
    r"|deployed|executed|fine-?tuned)|can run|can (?:also )?fit|able to (?:run|fit|be)|enabl\w+"
    r"|allow\w*|"
    r"designed|tailored|targeted|targeting|made for|intended|aimed|optimi[sz]ed|accessible|deployable"
    r"|deployment (?:on|of)|applicable|portable|ready|support(?:s|ed|ing)?|opening|paving|paves"
    r"|potential|future|possibility|friendly|amenable|easily)\b"
)
_POSSIBLE = ("feasible", "possible", "suitable", "deployable", "accessible")
_POSSIBLE_ON = re.compile(
    rf"(?:{'|'.join(_POSSIBLE)}) (?:to run |for (?:\w+ )?)?(?:on|for|to) [^,;]{{0,60}}$",
)
_CLAUSE_MARKS = (";", ":", ", and ", ", but ", ", while ", ", which ")
_FIT_WORDS = words_of("fit")
_RAN = re.compile(
    r"\b(?:[Ee]xperiment\w*|[Ee]valuat\w+|[Mm]easur\w+|benchmark\w*|tested|ran|prototyp\w+|[Rr]esults?|achiev\w+"
    r"|simulat\w+|implemented|demonstrat\w+|outperform\w*|sustain\w*|attain\w*|show[sn]?|profil\w+"
    r"|obtain\w*|report|(?:performance|throughput|speed) of)\b",
)


@lru_cache(maxsize=256)
def role_of(mention: Mention, *, custom: bool = False) -> Role:
    """The role of a device at one place of the text.

    `custom`: the paper's own results belong to other, special hardware, so that whatever a comparison names runs on
    the baseline, also where it says "than X on a CPU".
    """
    if mention.sentence.in_title and mention.kind == "other":
        return "target"
    before = mention.before
    words = mention.sentence.words
    if _compared(before, words, custom=custom and mention.kind in ("cpu", "gpu", "system")):
        return "baseline"
    clause = _clause(before)
    if (
        not _FIT_WORDS.isdisjoint(words)
        and _fits(clause)
        and not _RAN.search(clause)
        and not has_number(_around(mention))
    ):
        return "target"
    if ("ible" in before or "able" in before) and _POSSIBLE_ON.search(before):
        return "evaluated" if has_number(mention.after) else "target"
    return "evaluated"


def _clause(before: str) -> str:
    ends = [before.rfind(mark) + len(mark) for mark in _CLAUSE_MARKS if mark in before]
    return before[max(ends) :] if ends else before


def _fits(clause: str) -> bool:
    return (
        not _FIT_WORDS.isdisjoint(clause.replace(",", " ").replace("(", " ").replace("-", " ").split())
        and _FITS.search(clause) is not None
    )


def _around(mention: Mention) -> str:
    """The clause of the mention: what a number must stand in to be tied to it."""
    text = mention.sentence.text
    return text[max(0, mention.start - 110) : mention.run[1] + 70]


def _compared(before: str, words: list[str], *, custom: bool) -> bool:
    """Whether a comparison reaches the end of `before`: "than a", "over Intel CPU, NVIDIA GPU and"."""
    hits = _AGAINST_WORDS.intersection(words)
    if not hits:
        return False
    if "over" in hits:
        hits |= _GAIN_WORDS.intersection(words)
    near = before[-110:]
    found = list(matches_at([_PHRASES.get(hit, hit) for hit in hits], _AGAINST, near))
    if not found:
        return False
    last = found[-1]
    between = near[last.end() :]
    if last.group().endswith("over") and re.fullmatch(r" (?:\d[\d,]*|up to \d+)(?: and [\d,]+)? ", between):
        return False
    if custom:
        return re.search(r"[;:]|\b(?:while|when|but|which)\b", between) is None
    return _BREAK.search(between) is None and between.count(",") <= 6
