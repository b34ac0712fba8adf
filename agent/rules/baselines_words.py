"""The words of the grammar of comparison, and the part that a token plays inside a noun phrase."""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

_LONGEST = 60
_SHAPED = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}|[A-Z][a-z]*\d|[A-Z]\+|[a-z]\d")
_PRECISION = re.compile(r"(?i)(?:fp|bf|tf|int|w)\d{1,2}(?:a\d{1,2})?(?:kv\d)?$|\d{1,2}-?bits?$")
_SIZE = re.compile(r"v?\d[\d.,]*(?:[BMKbmk]|GB|gb|p)?$|\d[\d.]*[A-Z]\w*$")
_LOWER_SHAPE = re.compile(r"[a-z]{2,10}\d{1,3}$")
_NUMBER = re.compile(
    r"[~≈±]?\d[\d.,]*(?:/\d[\d.,]*)?(?:x|X|×|k|K|%|th|st|nd|rd|-fold|fold|times|[kMGT]B|[kMGT]bps|[GTPM]?FLOPS?|[GTPM]?FLOPs|TF|[mun]?s"
    r"|ms|us|fps|FPS|GHz|MHz|W|nm|px|hours|bits?)?(?:/s)?$"
)


@cache
def words(part: str) -> frozenset[str]:
    """The words that play one part (`openers`, `generic`, `heads`, …), in lower case."""
    return frozenset(str(_table()[part]).split())


def openings(part: str) -> tuple[str, ...]:
    """The phrases of one list (`own_marks`, `better`, …), in lower case, spaces and all."""
    listed = _table()[part]
    return tuple(listed) if isinstance(listed, list) else ()


@cache
def _table() -> dict[str, str | list[str]]:
    source = files("agent.rules.words").joinpath("baselines.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


OPENERS = words("openers")
GENERIC = words("generic")
SETTING = words("setting")
HEADS = words("heads")
METRICS = words("metrics")
STOPS = words("stops")
DATA = words("data")
TOPICS = words("topics")
DEVICES = words("devices")
FINITE = words("finite")
VENDORS = words("vendors")
MODIFIERS = GENERIC | SETTING | OPENERS
MARKED = GENERIC | SETTING | HEADS | DEVICES | TOPICS
"""Words that mark a phrase without a name as a rival."""


@lru_cache(maxsize=4096)
def is_number(word: str) -> bool:
    """A bare number or ratio: "8", "2.5x", "10,000"."""
    return word[:1] in "0123456789~≈±" and bool(_NUMBER.match(word))


def is_size(word: str) -> bool:
    """A version or size that may follow a name: "v4.0", "175B", "2"."""
    return bool(_SIZE.match(word))


@lru_cache(maxsize=4096)
def is_precision(word: str) -> bool:
    """A number format: "FP16", "4-bit", "W4A16"."""
    return bool(_PRECISION.match(word))


@lru_cache(maxsize=4096)
def _known_proper(word: str) -> bool:
    low = word.lower()
    if low in words("lowercase_names"):
        return True
    if low in TOPICS or is_precision(word) or is_number(word):
        return False
    if not any(c.isupper() for c in word):
        return bool(_LOWER_SHAPE.match(word))
    parts = [part for part in re.split(r"[-/+]", low) if part]
    return len(parts) == 1 or not all(part in TOPICS or part in words("plain_parts") for part in parts)


def is_proper(word: str) -> bool:
    """A token that can be the name of a system: "FlashAttention", "cuBLAS", "Orca", not "GPU" or "LLMs"."""
    return len(word) <= _LONGEST and _known_proper(word)


def is_shaped(word: str) -> bool:
    """A token whose shape alone marks a name, wherever it stands: an inner capital or a digit ("vLLM", "GPT-4")."""
    return is_proper(word) and (bool(_SHAPED.search(word)) or word.lower() in words("lowercase_names"))


def lowered(text: str) -> str:
    """A text in lower case, its lines joined, character for character, so that places in both are the same."""
    low = text.lower()
    low = low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.replace("\n", " ")
