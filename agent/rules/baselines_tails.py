"""What stands behind a head that alone identifies nothing: "models with unoptimized shapes", "a cluster with 16 CPUs"."""

from agent.rules.baselines_phrases import Phrase, phrase_at
from agent.rules.baselines_tokens import Token, low_at
from agent.rules.baselines_words import is_precision, is_proper, words

_LONGEST = 14
_ARTICLES = frozenset({"the", "a", "an", "all", "each", "every", "its", "their"})
_TELLING = frozenset(
    {"with", "without", "that", "using", "which", "of", "based", "trained", "deployed", "made", "having"}
)


def with_tail(tokens: list[Token], phrase: Phrase) -> Phrase:
    """The phrase with the tail that identifies it, where it needs one; else the phrase as it is."""
    nxt = low_at(tokens, phrase.after)
    if _is_bare(phrase) and nxt in _TELLING:
        return _reach_on(tokens, phrase)
    if len(phrase.tokens) == 1 and phrase.head.endswith("ing") and nxt in _ARTICLES:
        return _reach_on(tokens, phrase)
    if nxt in {"with", "without"}:
        part = phrase_at(tokens, phrase.after + 1)
        if part is not None and _identifies(phrase, part):
            return _longer(tokens, phrase, part.after)
    if nxt == "from" and low_at(tokens, phrase.after + 1) == "scratch":
        return _longer(tokens, phrase, phrase.after + 2)
    return phrase


def _is_bare(phrase: Phrase) -> bool:
    head = phrase.head
    known = head in words("heads") or head in words("devices") or head in words("topics")
    return len(phrase.tokens) == 1 and known and not phrase.proper


def _identifies(phrase: Phrase, part: Phrase) -> bool:
    if part.head in words("metrics"):
        return False
    if phrase.proper:
        return any(is_proper(t.text) for t in part.tokens)
    return any(t.low in words("setting") or is_precision(t.text) for t in part.tokens[:1])


def _reach_on(tokens: list[Token], phrase: Phrase) -> Phrase:
    stop = phrase.after
    while stop < len(tokens) and stop - phrase.after < _LONGEST:
        low = tokens[stop].low
        if not low[0].isalnum() or low in {
            "by",
            "for",
            "than",
            "while",
            "when",
            "at",
            "on",
            "respectively",
            "across",
            "in",
        }:
            break
        stop += 1
    if low_at(tokens, stop) == "(" and low_at(tokens, stop + 2) == ")" and is_proper(tokens[stop + 1].text):
        return Phrase((tokens[stop + 1],), stop + 3, phrase.owned)
    return _longer(tokens, phrase, stop)


def _longer(tokens: list[Token], phrase: Phrase, stop: int) -> Phrase:
    return Phrase((*phrase.tokens, *tokens[phrase.after : stop]), stop, phrase.owned, phrase.alias, tailed=True)
