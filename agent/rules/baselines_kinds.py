"""From a noun phrase to a baseline: the words that identify it, and which of the four kinds it is."""

from collections.abc import Callable
from dataclasses import dataclass

from agent.rules.baselines_names import is_own
from agent.rules.baselines_phrases import Phrase
from agent.rules.baselines_tokens import Token
from agent.rules.baselines_words import (
    DATA,
    DEVICES,
    GENERIC,
    HEADS,
    METRICS,
    OPENERS,
    SETTING,
    TOPICS,
    VENDORS,
    is_precision,
    is_proper,
    words,
)
from schemas.vocabulary import BaselineKind

_METHOD_HEADS = {"algorithm", "method", "model", "algorithms", "methods", "models"}
_USUAL_OR_BASELINE = words("usual") | {"baseline"}
_USUAL_OR_FAST = words("usual") | words("made_fast")
_ALONE = {"single", "one"}


@dataclass(frozen=True, slots=True)
class Named:
    """What a phrase comes to: its first and last token, and the kind."""

    first: Token
    last: Token
    kind: BaselineKind


def named(phrase: Phrase, own: frozenset[str], devices: frozenset[str]) -> Named | None:
    """The baseline that a phrase names, or None where it names none (a quantity, a data set, the paper's own work)."""
    tokens = phrase.tokens
    ours = any(is_own(t.text, own) or t.low == "proposed" for t in tokens)
    if ours and tokens[0].low not in words("before_change"):
        return None
    if phrase.owned and not any(is_proper(t.text) or t.low in SETTING or t.low in GENERIC for t in tokens):
        return None
    if tokens[-1].low in words("reached_by_devices") and len(tokens) > 1 and tokens[-2].low in DEVICES:
        tokens = tokens[:-1]
    if not phrase.tailed and _is_no_rival(tokens):
        return None
    device = _device(tokens, devices)
    if device:
        return device
    if phrase.tailed:
        return _with_tail(tokens)
    proper = [k for k, t in enumerate(tokens) if is_proper(t.text) and t.low not in VENDORS]
    return _of_names(phrase, proper) if proper else _of_words(phrase)


def _is_no_rival(tokens: tuple[Token, ...]) -> bool:
    last = tokens[-1].low
    if all(t.low in GENERIC or t.low in OPENERS for t in tokens) and last not in words("rivals_alone"):
        return True
    if len(tokens) == 1 and last in SETTING and last in words("no_rivals_alone"):
        return True
    if last in DATA:
        return not any(is_proper(t.text) and t.low not in DATA for t in tokens)
    if last in {"result", "results"} and any(t.low in GENERIC for t in tokens):
        return False
    if last in METRICS:
        return not _is_activity(tokens) and not any(
            is_proper(t.text) or t.low in {"human", "sota", "state-of-the-art"} for t in tokens
        )
    version = last.isdigit() and len(tokens) > 1 and is_proper(tokens[-2].text)
    return len(last) < 2 and not version and not tokens[-1].text.isupper()


def _is_activity(tokens: tuple[Token, ...]) -> bool:
    """A way of doing something, not its quantity: "greedy decoding", "cloud-only execution"."""
    plain = METRICS | TOPICS | OPENERS
    return tokens[-1].low in words("activities") and any(
        t.low not in plain or is_precision(t.text) for t in tokens[:-1]
    )


def _device(tokens: tuple[Token, ...], devices: frozenset[str]) -> Named | None:
    """A device, where one is the head, or stands before "baseline" or "implementation" with its maker or model."""
    body = tokens
    while len(body) > 1 and body[-1].low in HEADS and body[-1].low not in DEVICES:
        body = body[:-1]
    cut = len(body) < len(tokens)
    is_device = body[-1].low in DEVICES or any(body[-1].low in name.split() for name in devices)
    if not is_device:
        return None
    maker = any(_is_maker(t) or is_proper(t.text) for t in body)
    if any(t.low.endswith(("-only", "-based")) for t in tokens) or (cut and any(t.low in _ALONE for t in tokens)):
        return Named(tokens[0], tokens[-1], "setting")
    if cut and not maker and tokens[-1].low not in {"baseline", "baselines"}:
        generic = any(t.low in GENERIC for t in tokens)
        return Named(tokens[0], tokens[-1], "generic" if generic else "setting")
    if not maker and body[-1].low.endswith("s") and any(t.low in words("rival_devices") for t in body):
        return Named(tokens[0], tokens[-1], "generic")
    if tokens[0].low in _ALONE and not maker and not body[-1].low.endswith("s"):
        return Named(tokens[0], tokens[-1], "setting")
    counted = len(body) > 1 and body[0].low in {"core", "cores"}
    first = next((t for t in body if _is_maker(t) or _is_model(t)), body[counted])
    return Named(first, body[-1], "hardware")


def _is_maker(token: Token) -> bool:
    """A vendor's name: "Intel Core", not the "core" of a processor."""
    return token.low in VENDORS and token.text != token.low


def _is_model(token: Token) -> bool:
    """A device's model ("A100", "Zynq"), not a plain device in capitals ("PC")."""
    return is_proper(token.text) and (token.low not in DEVICES or any(c.isdigit() for c in token.text))


def _of_names(phrase: Phrase, proper: list[int]) -> Named | None:
    tokens = phrase.tokens
    first, last = proper[0], proper[-1]
    while last + 1 < len(tokens) and tokens[last + 1].text[0].isdigit():
        last += 1
    lead, tail = tokens[:first], tokens[last + 1 :]
    plural = tokens[last].text.endswith("s") and tokens[last].text[:-1] != tokens[last].text[:-1].lower()
    classed = next((k for k, t in enumerate(lead) if t.low in GENERIC), None)
    short = tokens[last].text.isupper() and len(tokens[last].text) <= 6
    if plural and not tail and lead and lead[-1].low.endswith("-based"):
        return Named(lead[-1], tokens[-1], "generic")
    if classed is not None and ((tail and (short or tail[-1].low.endswith("s"))) or (plural and not tail)):
        return Named(tokens[classed], tokens[-1], "generic")
    setting = next((k for k, t in enumerate(lead) if t.low in SETTING or is_precision(t.text)), None)
    if any(t.low not in HEADS for t in tail) or tokens[last].low.endswith(("'s", "’s")):
        last = len(tokens) - 1
    kind: BaselineKind = "method"
    if phrase.owned or (setting is not None and tokens[setting].low not in words("reference")):
        kind = "setting"
        last = len(tokens) - 1
    return Named(tokens[first if setting is None else setting], tokens[last], kind)


def _with_tail(tokens: tuple[Token, ...]) -> Named:
    """The whole phrase with its tail: a device by its head, a method by its name, else a setting or a class."""
    kind: BaselineKind = "generic"
    if tokens[0].low in DEVICES:
        kind = "hardware"
    elif is_proper(tokens[0].text):
        kind = "method"
    elif tokens[0].low in {"code", "codes"} or any(
        _sets(t) or t.low in {"with", "without", "from"} or t.low in words("versions") for t in tokens
    ):
        kind = "setting"
    return Named(tokens[0], tokens[-1], kind)


def _sets(token: Token) -> bool:
    low = token.low
    return low in SETTING or is_precision(low) or low.startswith(("un-", "non-")) or low.endswith(("-only", "-free"))


def _of_words(phrase: Phrase) -> Named | None:
    """A phrase without a name: a class ("existing methods"), a setting ("dense model"), a method ("greedy search")."""
    tokens = phrase.tokens
    head = tokens[-1].low
    classed = [k for k, t in enumerate(tokens) if t.low in GENERIC]
    setting = [k for k, t in enumerate(tokens) if _sets(t)]
    whole = head in {"baseline", "baselines"} and not classed
    first = tokens[0 if whole else min([*classed, *setting], default=0)]
    last = tokens[-2] if head in METRICS and head not in words("activities") and len(tokens) > 1 else tokens[-1]
    topic = next((t for t in reversed(tokens) if t.low in TOPICS and t.text[:-1] != t.low[:-1]), None)
    reference = any(t.low in words("reference") or t.low == "conventional" for t in tokens)
    named_at = tokens[-2] if head in _METHOD_HEADS and len(tokens) > 1 else tokens[-1]
    if reference and topic is named_at and not is_precision(topic.low):
        return Named(first, topic, "method")
    return Named(first, last, _kind_of_words(tokens, bool(classed), bool(setting)))


def _kind_of_words(tokens: tuple[Token, ...], classed: bool, setting: bool) -> BaselineKind:
    """The first row of the table that holds, else a class where it says or shows one, else a method."""
    head = tokens[-1].low
    kind = next((kind for kind, holds in _KINDS if holds(tokens, head, classed)), None)
    if kind is not None:
        return kind
    if classed or (head in words("rivals_alone") and head != "one"):
        return "generic"
    if setting or head == "baseline":
        return "setting"
    plural = head.endswith("s") and (head in HEADS or head in TOPICS)
    return "generic" if plural or head in words("class_nouns") or (head in HEADS and len(tokens) == 1) else "method"


def _is_precise(tokens: tuple[Token, ...], head: str, classed: bool) -> bool:
    return head == "alone" or any(is_precision(t.low) for t in tokens)


def _is_version(tokens: tuple[Token, ...], head: str, classed: bool) -> bool:
    if head == "code":
        return any(t.low in words("own_before") or (not classed and t.low in TOPICS) for t in tokens)
    return head in words("versions") or (head in {"implementation", "counterpart"} and not classed)


def _is_one_of_a_class(tokens: tuple[Token, ...], head: str, classed: bool) -> bool:
    """ "standard approach", "baseline method": nothing says which approach it is."""
    return len(tokens) == 2 and tokens[0].low in _USUAL_OR_BASELINE and head in words("ways")


def _is_technique(tokens: tuple[Token, ...], head: str, classed: bool) -> bool:
    """ "parallel sweeping method", "standard attention": the words behind the usual adjectives name a technique."""
    said = [t for t in tokens if _sets(t) or t.low in GENERIC]
    told = [t for t in tokens if t not in said]
    if not said or len(said) == len(tokens) or any(t.low not in _USUAL_OR_FAST for t in said):
        return False
    if head in words("ways"):
        return len(told) > 1
    plain = head not in HEADS and head not in DATA and head not in TOPICS and not head.endswith("s")
    return plain and all(t.low in words("usual") for t in said)


def _is_class_of_fast(tokens: tuple[Token, ...], head: str, classed: bool) -> bool:
    """ "hand-tuned heuristics", "CPU-based solutions", "baseline models": many, and not the paper's own work undone."""
    if head not in HEADS or not head.endswith("s"):
        return False
    if "baseline" in {t.low for t in tokens[:-1]} or "baselines" in {t.low for t in tokens[:-1]}:
        return True
    said = [t.low for t in tokens[:-1] if _sets(t)]
    return bool(said) and all(low in words("made_fast") or low.endswith("-based") for low in said)


_KINDS: tuple[tuple[BaselineKind, Callable[[tuple[Token, ...], str, bool], bool]], ...] = (
    ("setting", _is_precise),
    ("setting", _is_version),
    ("generic", _is_one_of_a_class),
    ("method", _is_technique),
    ("generic", _is_class_of_fast),
)
"""What settles the kind of a phrase without a name, the first that holds."""
