"""What stands between a comparing word and the thing compared: "that of", "when using", "the accuracy achieved by"."""

from agent.rules.baselines_phrases import phrase_at
from agent.rules.baselines_tokens import Tokens
from agent.rules.baselines_words import DEVICES, GENERIC, METRICS, OPENERS, SETTING, is_number, is_proper, words

_POINTERS = frozenset({"that", "those", "the", "what", "ones", "results"})
_MARKS = frozenset({":", '"', "“", "`", "{", "$", "(", "."})
_MOST = 8
_ARTICLES = frozenset({"a", "an", "the"})
_USE = frozenset({"use", "usage", "application"})
_MANY = frozenset({"range", "variety", "number", "set", "suite", "collection", "host", "series", "couple", "array"})


def past_fillers(tokens: Tokens, amounts: bool) -> int:
    """The place of the first token that can begin the noun phrase itself."""
    i = 0
    for _ in range(6):
        j = _past_one(tokens, i, amounts)
        if j == i:
            break
        i = j
    return i


def _past_one(tokens: Tokens, i: int, amounts: bool) -> int:
    first, second, third = tokens[i].low, tokens[i + 1].low, tokens[i + 2].low
    if i == 0 and first == "," and second not in words("leading_on"):
        return 1
    if first in OPENERS and second in _USE and third == "of":
        return i + 3
    if first in _POINTERS and second in words("leading_on"):
        return i + 2
    if first in _POINTERS and second in words("reached") and third in words("leading_on"):
        return i + 3
    if first == "when" and second in words("doing"):
        return i + 2
    if (
        first in words("doing")
        or first in _MARKS
        or first in words("leading_on")
        or first == "for"
        or first[:1] == "\\"
    ):
        return i + 1
    if first and is_number(first):
        return _past_amount(tokens, i, amounts)
    return (first in _ARTICLES and _past_range(tokens, i)) or _past_metric(tokens, i)


def _past_range(tokens: Tokens, i: int) -> int:
    """Behind "a wide range of", where rivals follow and not the data of an experiment; 0 where they do not."""
    for j in range(i, i + 4):
        if tokens[j].low in _MANY and tokens[j + 1].low == "of":
            rival = tokens[j + 2]
            return j + 2 if rival.low in GENERIC or rival.low in SETTING or is_proper(rival.text) else 0
    return 0


def _past_amount(tokens: Tokens, i: int, amounts: bool) -> int:
    """Behind "30TF using" and "42.1% we achieve using", where an amount leads on to the thing that reached it."""
    counted = phrase_at(tokens, i + 1) if amounts else None
    if counted is not None and counted.head in DEVICES:
        return i + 1
    for j in range(i + 1, i + _MOST):
        low = tokens[j].low
        if low in {"using", "by"} or (amounts and low in {"for", "with", "of", "on"}):
            return j + 1
        if not low[:1].isalnum() and low not in {"%", "\\", "$"}:
            break
    return i


def _past_metric(tokens: Tokens, i: int) -> int:
    """Behind a quantity and what leads on from it: "the best accuracy achieved by"."""
    j = i
    while j < i + _MOST and _is_quantity(tokens[j].low):
        j += 1
    if j == i or tokens[j - 1].low not in METRICS:
        return i
    low = tokens[j].low
    if low == "from" and tokens[j + 1].low == "scratch":
        return i
    if low in words("leading_on"):
        return j + 1
    if low in words("reached") and tokens[j + 1].low in words("leading_on"):
        return j + 2
    return i


def _is_quantity(low: str) -> bool:
    return low in METRICS or low in OPENERS or low in {"and", "or", "reported", "overall", "original"}
