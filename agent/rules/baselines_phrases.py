"""The noun phrase cutter: from the words behind "than" or "over" to the phrase that names the thing compared."""

from dataclasses import dataclass

from agent.rules.baselines_tokens import Token, Tokens
from agent.rules.baselines_words import (
    DEVICES,
    GENERIC,
    HEADS,
    METRICS,
    MODIFIERS,
    OPENERS,
    SETTING,
    STOPS,
    TOPICS,
    is_number,
    is_precision,
    is_proper,
    is_size,
    words,
)

_LONGEST = 10
_NOUNS_IN_LY = frozenset({"family", "assembly", "supply", "anomaly"})
_NAMES_TOO = frozenset({"accelerate", "scale", "beat", "reach"})
_BY_MANY = frozenset(
    {"used", "known", "adopted", "available", "deployed", "accepted", "employed", "cited"}
    | {"proposed", "introduced", "published", "released", "presented", "developed", "reported"}
)
_NEVER_LAST = OPENERS | {"and", "or"}
_ARTICLES = frozenset({"a", "an", "the"})
_BRACKETS = {"(": 1, ")": -1}
_ADJECTIVE_ENDS = ("al", "ic", "ous", "ive", "able", "ible", "ful", "less")
_QUOTES = frozenset("\"'`“”{}")
_JOINING_PARTS = ("-based", "-aware", "-driven", "-forward", "-free", "-only", "-centric", "-parallel", "-level")


@dataclass(frozen=True, slots=True)
class Phrase:
    """The tokens of one noun phrase without what opens it, and the place of the token behind it.

    `owned` says that "our" opens it; `alias` is the abbreviation that stands behind it in brackets,
    `tailed` that a tail such as "with unoptimized shapes" is part of it.
    """

    tokens: tuple[Token, ...]
    after: int
    owned: bool = False
    alias: str = ""
    tailed: bool = False

    @property
    def proper(self) -> bool:
        """Whether a token of it can be the name of a system."""
        return any(is_proper(t.text) for t in self.tokens)

    @property
    def head(self) -> str:
        """The last word, in lower case."""
        return self.tokens[-1].low


def phrase_at(tokens: Tokens, i: int) -> Phrase | None:
    """The noun phrase that begins at a place, or None where none begins."""
    begun, owned = i, False
    while _opens(tokens, i) or tokens[i].text in _QUOTES:
        owned = owned or tokens[i].low == "our"
        i += 1
    if i > begun and tokens[i - 1].low == "one" and not tokens[i].low.isalnum():
        return Phrase((tokens[i - 1],), i)
    i += 2 * _is_first_adjective(tokens, i)
    j = i
    while j - i < _LONGEST and (_goes_on(tokens, i, j) or _joins(tokens, i, j)):
        j += 1
    kept = _trimmed(list(tokens.span(i, j)))
    if not kept:
        return None
    return _with_alias(tokens, Phrase(tuple(kept), j, owned))


def _is_first_adjective(tokens: Tokens, i: int) -> bool:
    """Whether an adjective stands there that a comma parts from a further one: "a hypothetical, ideal GPU"."""
    if tokens[i + 1].low != "," or i == 0 or tokens[i - 1].low not in _ARTICLES:
        return False
    word, nxt = tokens[i], tokens[i + 2]
    return word.low.endswith(_ADJECTIVE_ENDS) and nxt.text.islower() and nxt.low not in STOPS and nxt.low not in OPENERS


def _is_adverb(token: Token) -> bool:
    low = token.text
    return low.endswith("ly") and low.islower() and not low.endswith("-only") and low not in _NOUNS_IN_LY


def _opens(tokens: Tokens, i: int) -> bool:
    low = tokens[i].low
    if low.endswith("ly") and low not in GENERIC and tokens[i + 1].low in _BY_MANY:
        return True
    if low in _BY_MANY and i > 0 and tokens[i - 1].low.endswith("ly"):
        return True
    if low in {"more", "less"}:
        return not is_number(tokens[i + 1].low) and tokens[i + 1].low not in STOPS
    if is_number(low) and not is_precision(low) and i > 0 and tokens[i - 1].low in _ARTICLES:
        return tokens[i + 1].low in DEVICES
    return low in OPENERS


def _goes_on(tokens: Tokens, i: int, j: int) -> bool:
    """Whether a token belongs to the phrase that began at `i`."""
    token = tokens[j]
    low = token.low
    if " et al" in token.text:
        return i == j
    if low in _BRACKETS:
        return j > i and tokens[j + _BRACKETS[low]].low == "sota"
    if not token.is_word or low in {"e.g.", "i.e.", "etc", "etc."} or (j > i and " et al" in tokens[j - 1].text):
        return False
    if low in OPENERS:
        return j > i and all(is_modifier(t) for t in tokens.span(i, j))
    if low in STOPS:
        return _stop_goes_on(tokens, i, j)
    if is_number(token.text) and not is_precision(token.text):
        return j > i and is_size(token.text) and is_proper(tokens[j - 1].text)
    if j > i and _is_adverb(token):
        return all(is_modifier(t) for t in tokens.span(i, j))
    return j == i or (low != "present" and not is_told_on(tokens[j - 1], token))


def is_told_on(head: Token, token: Token) -> bool:
    """Whether a participle behind a plain noun begins what is told of it: "code optimized without", "tools reading"."""
    low = token.text
    if not (low.isalpha() and low.islower()):
        return False
    several = head.low.endswith("s") and not head.low.endswith(("ous", "ss", "us", "is")) and head.text[1:].islower()
    if low.endswith("ing"):
        return several and low not in METRICS and low not in HEADS
    return (several or head.low in HEADS) and low.endswith("ed") and not low.endswith("eed")


def _stop_goes_on(tokens: Tokens, i: int, j: int) -> bool:
    """A stop word goes on a phrase as a name ("Faster Transformer") or as a modifier ("recently proposed")."""
    token, nxt = tokens[j], tokens[j + 1]
    if is_modifier(token):
        return all(is_modifier(t) for t in tokens.span(i, j))
    if token.low in {"run", "runs"} and j > i:
        return tokens[j - 1].low in words("of_runs")
    if (
        (token.low.endswith("ed") or token.low in {"done", "built", "known", "made"})
        and j > i
        and tokens[j - 1].low.endswith("ly")
    ):
        return True
    if not token.text[0].isupper():
        return False
    shaped = token.text[1:] != token.text[1:].lower()
    return shaped or token.low in _NAMES_TOO or (nxt.text[:1].isupper() and is_proper(nxt.text))


def _joins(tokens: Tokens, i: int, j: int) -> bool:
    """ "and" inside a phrase joins modifiers: "state-of-the-art CPU and GPU implementations"."""
    if j == i or tokens[j].low not in {"and", "or"} or not tokens[j + 1].is_word:
        return False
    last, nxt = tokens[j - 1].low, tokens[j + 1].low
    if not any(t.low in GENERIC for t in tokens.span(i, j)) or nxt in STOPS or nxt in OPENERS:
        return False
    if last.endswith(_JOINING_PARTS) or (last in GENERIC and nxt in GENERIC):
        return True
    if tokens[j + 1].low in HEADS or not any(t.low in HEADS for t in tokens.span(j + 2, j + 4)):
        return False
    if nxt in SETTING and last.isalpha() and last not in HEADS and not last.endswith("s"):
        return tokens[j + 2].is_word
    plain = (
        last.isalpha() and last not in HEADS and not is_proper(tokens[j - 1].text) and not is_proper(tokens[j + 1].text)
    )
    return (last in TOPICS and nxt in TOPICS) or (
        plain and not is_modifier(tokens[j - 1]) and not is_modifier(tokens[j + 1])
    )


def is_modifier(token: Token) -> bool:
    """A word that opens a phrase or makes it a class or a setting: "all", "existing", "vanilla"."""
    return token.low in MODIFIERS


def _trimmed(kept: list[Token]) -> list[Token]:
    while kept and (_is_bracketed(kept) or kept[-1].low in _NEVER_LAST or _is_adverb(kept[-1])):
        kept = kept[:-1]
    return _past_owner(kept)


def _is_bracketed(kept: list[Token]) -> bool:
    """Whether a phrase ends in "(SOTA)" or a part of that."""
    return not kept[-1].is_word or (len(kept) > 1 and not kept[-2].is_word and kept[-1].low == "sota")


def _past_owner(kept: list[Token]) -> list[Token]:
    """ "NVIDIA's CUTLASS" is CUTLASS; "GPT-4's accuracy" is GPT-4."""
    for k, token in enumerate(kept[:-1]):
        if token.low.endswith(("'s", "’s")):
            rest = kept[k + 1 :]
            if rest[0].low in METRICS:
                return [*kept[:k], token.without_owner()]
            if any(is_proper(t.text) for t in rest):
                return rest
    return [*kept[:-1], kept[-1].without_owner()] if kept else kept


def _with_alias(tokens: Tokens, whole: Phrase) -> Phrase:
    """An abbreviation in brackets belongs to its phrase, and names it where the phrase itself is no name."""
    i = whole.after
    if tokens[i].low == "of":
        return _spelt_out(tokens, whole)
    if tokens[i].low != "(" or tokens[i + 2].low != ")" or not _abbreviates(tokens[i + 1], whole):
        return whole
    short = tokens[i + 1]
    after = i + 3
    while tokens[after].low in HEADS:
        after += 1
    if not whole.proper and is_proper(short.text):
        return Phrase((short,), after, whole.owned, whole.tokens[-1].low)
    return Phrase(whole.tokens, after, whole.owned, short.low)


def _spelt_out(tokens: Tokens, whole: Phrase) -> Phrase:
    """A phrase whose first letters make the abbreviation in brackets behind it: "mixture of agents (MoA)"."""
    stop = next((j for j in range(whole.after + 1, whole.after + 5) if not tokens[j].is_word), 0)
    short = tokens[stop + 1]
    if tokens[stop].low != "(" or tokens[stop + 2].low != ")" or not is_proper(short.text):
        return whole
    spelt = (*whole.tokens, *tokens.span(whole.after, stop))
    if "".join(t.low[0] for t in spelt) != short.low.rstrip("s"):
        return whole
    return Phrase(spelt, stop + 3, whole.owned, short.low)


def _abbreviates(short: Token, whole: Phrase) -> bool:
    letters = [c for c in short.low if c.isalpha()]
    if len(letters) < 2 or not any(c.isupper() for c in short.text):
        return False
    text = "".join(t.low for t in whole.tokens)
    return letters[0] in text and sum(c in text for c in letters) >= len(letters) - 1
