"""From a noun phrase to a baseline: the words that identify it, and which of the four kinds it is."""

from dataclasses import dataclass

from agent.rules.baselines_names import is_own
from agent.rules.baselines_phrases import Phrase
from agent.rules.baselines_tokens import Token
from agent.rules.baselines_words import is_precision, is_proper, words
from schemas.vocabulary import BaselineKind

_REFERENCE = {
    "original",
    "standard",
    "baseline",
    "base-line",
    "default",
    "reference",
    "regular",
    "native",
    "ordinary",
    "optimized",
    "optimised",
    "stock",
    "full",
    "pure",
}
_PLAIN = {
    "baselines",
    "alternatives",
    "competitors",
    "counterparts",
    "competition",
    "others",
    "rivals",
    "sota",
    "state-of-the-art",
    "state-of-the-arts",
    "prior",
    "competitor",
    "predecessors",
}
_ALONE = {"single", "one"}
_BARE = {"state-of-the-art", "sota", "state-of-the-arts", "competitor", "counterparts"}


@dataclass(frozen=True, slots=True)
class Named:
    """What a phrase comes to: its first and last token, and the kind."""

    first: Token
    last: Token
    kind: BaselineKind


def named(phrase: Phrase, own: frozenset[str], devices: frozenset[str]) -> Named | None:
    """The baseline that a phrase names, or None where it names none (a quantity, a data set, the paper's own work)."""
    tokens = phrase.tokens
    if any(is_own(t.text, own) or t.low == "proposed" for t in tokens):
        return None
    if phrase.owned and not any(
        is_proper(t.text) or t.low in words("setting") or t.low in words("generic") for t in tokens
    ):
        return None
    if _is_no_rival(tokens):
        return None
    device = _device(tokens, devices)
    if device:
        return device
    proper = [k for k, t in enumerate(tokens) if is_proper(t.text) and t.low not in words("vendors")]
    return _of_names(phrase, proper) if proper else _of_words(phrase)


def _is_no_rival(tokens: tuple[Token, ...]) -> bool:
    last = tokens[-1].low
    if all(t.low in words("generic") or t.low in words("openers") for t in tokens) and last not in _BARE:
        return True
    if last in words("data"):
        return not any(is_proper(t.text) and t.low not in words("data") for t in tokens)
    if last in words("metrics"):
        active = last in words("activities") and any(t.low in words("setting") or t.low in words("generic") for t in tokens)
        return not active and not any(is_proper(t.text) or t.low in {"human", "sota", "state-of-the-art"} for t in tokens)
    return len(last) < 2 and not last.isupper()


def _device(tokens: tuple[Token, ...], devices: frozenset[str]) -> Named | None:
    """A device, where one is the head, or stands before "baseline" or "implementation" with its maker or model."""
    body = tokens
    while len(body) > 1 and body[-1].low in words("heads") and body[-1].low not in words("devices"):
        body = body[:-1]
    cut = len(body) < len(tokens)
    is_device = body[-1].low in words("devices") or any(body[-1].low in name.split() for name in devices)
    if not is_device:
        return None
    maker = any(t.low in words("vendors") or is_proper(t.text) for t in body)
    if any(t.low.endswith(("-only", "-based")) for t in tokens) or (cut and any(t.low in _ALONE for t in tokens)):
        return Named(tokens[0], tokens[-1], "setting")
    if cut and not maker and tokens[-1].low not in {"baseline", "baselines"}:
        generic = any(t.low in words("generic") for t in tokens)
        return Named(tokens[0], tokens[-1], "generic" if generic else "setting")
    return Named(body[0], body[-1], "hardware")


def _of_names(phrase: Phrase, proper: list[int]) -> Named | None:
    tokens = phrase.tokens
    first, last = proper[0], proper[-1]
    while last + 1 < len(tokens) and tokens[last + 1].text[0].isdigit():
        last += 1
    lead, tail = tokens[:first], tokens[last + 1 :]
    plural = tokens[last].text.endswith("s") and tokens[last].text[:-1] != tokens[last].text[:-1].lower()
    classed = next((k for k, t in enumerate(lead) if t.low in words("generic")), None)
    short = tokens[last].text.isupper() and len(tokens[last].text) <= 6
    if classed is not None and ((tail and (short or tail[-1].low.endswith("s"))) or (plural and not tail)):
        return Named(tokens[classed], tokens[-1], "generic")
    setting = next((k for k, t in enumerate(lead) if t.low in words("setting") or is_precision(t.text)), None)
    if any(t.low not in words("heads") for t in tail):
        last = len(tokens) - 1
    kind: BaselineKind = "method"
    if setting is not None and tokens[setting].low not in _REFERENCE:
        kind = "setting"
        last = len(tokens) - 1
    return Named(tokens[first if setting is None else setting], tokens[last], kind)


def _of_words(phrase: Phrase) -> Named | None:
    tokens = phrase.tokens
    start = next(
        (
            k
            for k, t in enumerate(tokens)
            if t.low in words("generic") or t.low in words("setting") or is_precision(t.text)
        ),
        0,
    )
    generic = any(t.low in words("generic") for t in tokens)
    cut = tokens if tokens[-1].low in {"baseline", "baselines"} and not generic else tokens[start:]
    if generic or tokens[-1].low in _PLAIN:
        return Named(cut[0], cut[-1], "generic")
    if any(
        t.low in words("setting")
        or is_precision(t.text)
        or t.low.startswith(("un-", "non-"))
        or t.low.endswith("-only")
        for t in tokens
    ):
        return Named(cut[0], cut[-1], "setting")
    if tokens[-1].low in words("heads") and len(tokens) == 1:
        return Named(tokens[0], tokens[-1], "generic")
    return Named(tokens[0], tokens[-1], "method")
