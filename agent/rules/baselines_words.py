"""The words of the grammar of comparison, and the part that a token plays inside a noun phrase."""

import re
import tomllib
from functools import cache
from importlib.resources import files

_SHAPED = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}|[A-Z][a-z]*\d|[A-Z]\+|[a-z]\d")
_PRECISION = re.compile(r"(?i)(?:fp|bf|tf|int|w)\d{1,2}(?:a\d{1,2})?(?:kv\d)?$|\d{1,2}-?bits?$")
_SIZE = re.compile(r"v?\d[\d.,]*(?:[BMKbmk]|GB|gb|p)?$|\d[\d.]*[A-Z]\w*$")
_LOWER_SHAPE = re.compile(r"[a-z]{2,10}\d{1,3}$")
_NUMBER = re.compile(
    r"[~≈±]?\d[\d.,]*(?:x|X|×|k|K|%|th|st|nd|rd|-fold|fold|times|[kMGT]B|[kMGT]bps|[GTPM]?FLOPS?|[GTPM]?FLOPs|TF|[mun]?s|ms|us"
    r"|fps|FPS|GHz|MHz|W|nm|px|hours|bits?)?(?:/s)?$"
)


@cache
def words(part: str) -> frozenset[str]:
    """The words that play one part (`openers`, `generic`, `heads`, …), in lower case."""
    return _table()[part]


@cache
def _table() -> dict[str, frozenset[str]]:
    source = files("agent.rules.words").joinpath("baselines.toml").read_text(encoding="utf-8")
    return {part: frozenset(str(text).split()) for part, text in tomllib.loads(source).items()}


def is_number(word: str) -> bool:
    """A bare number or ratio: "8", "2.5x", "10,000"."""
    return bool(_NUMBER.match(word))


def is_size(word: str) -> bool:
    """A version or size that may follow a name: "v4.0", "175B", "2"."""
    return bool(_SIZE.match(word))


def is_precision(word: str) -> bool:
    """A number format: "FP16", "4-bit", "W4A16"."""
    return bool(_PRECISION.match(word))


@cache
def _known_proper(word: str) -> bool:
    low = word.lower()
    if low in words("lowercase_names"):
        return True
    if low in words("topics") or is_precision(word) or is_number(word):
        return False
    if not any(c.isupper() for c in word):
        return bool(_LOWER_SHAPE.match(word))
    parts = [part for part in re.split(r"[-/+]", low) if part]
    if len(parts) == 1:
        return low not in words("topics")
    return not all(part in words("topics") or part in words("plain_parts") for part in parts)


def is_proper(word: str) -> bool:
    """A token that can be the name of a system: "FlashAttention", "cuBLAS", "Orca", not "GPU" or "LLMs"."""
    return _known_proper(word) if len(word) <= 60 else False


def is_shaped(word: str) -> bool:
    """A token whose shape alone marks a name, wherever it stands: an inner capital or a digit ("vLLM", "GPT-4")."""
    return is_proper(word) and (bool(_SHAPED.search(word)) or word.lower() in words("lowercase_names"))
