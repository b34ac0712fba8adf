"""What stands behind a head that identifies nothing: "models with unoptimized shapes", "a cluster with 16 CPUs"."""

from agent.rules.baselines_phrases import Phrase, is_told_on, phrase_at
from agent.rules.baselines_tokens import Tokens
from agent.rules.baselines_words import DEVICES, HEADS, METRICS, SETTING, TOPICS, is_number, is_precision, is_proper

_LONGEST = 14
_ARTICLES = frozenset({"the", "a", "an", "all", "each", "every", "its", "their"})
_PLAIN = frozenset({"implementation", "open-source", "public", "available", "published", "official"})
_VERSIONS = frozenset({"version", "versions", "variant", "variants", "release"})
_MADE = frozenset(
    {"trained", "implemented", "run", "running", "executed", "served", "computed", "generated", "written", "produced"}
    | {"obtained", "provided", "built", "compiled", "found", "created", "solved", "tuned", "optimized", "parallelized"}
)
_WITH = frozenset({"with", "using", "by", "in", "via", "through"})
_TELLING = frozenset(
    {"with", "without", "that", "using", "which", "of", "based", "trained", "deployed", "made", "having"}
)


def with_tail(tokens: Tokens, phrase: Phrase) -> Phrase:
    """The phrase with the tail that identifies it, where it needs one; else the phrase as it is."""
    nxt = tokens[phrase.after].low
    if phrase.head == "implementation" and nxt == "of" and all(t.low in _PLAIN for t in phrase.tokens):
        whole = phrase_at(tokens, phrase.after + 1)
        return whole if whole is not None and whole.proper else phrase
    if _is_bare(phrase):
        tool = _tool(tokens, phrase)
        if tool is not None:
            return tool
        if nxt in _TELLING or is_told_on(phrase.tokens[0], tokens[phrase.after]):
            return _reach_on(tokens, phrase)
    if phrase.head in _VERSIONS and nxt == "of":
        whole = phrase_at(tokens, phrase.after + 1)
        return _longer(tokens, phrase, whole.after) if whole is not None and whole.proper else phrase
    if len(phrase.tokens) == 1 and phrase.head.endswith("ing") and nxt in _ARTICLES:
        return _reach_on(tokens, phrase)
    if nxt in {"with", "without"} and tokens[phrase.after + 1].low not in _ARTICLES:
        part = phrase_at(tokens, phrase.after + 1)
        if part is not None and _identifies(phrase, part):
            return _longer(tokens, phrase, part.after)
    if nxt == "from" and tokens[phrase.after + 1].low == "scratch":
        return _longer(tokens, phrase, phrase.after + 2)
    return phrase


def _tool(tokens: Tokens, phrase: Phrase) -> Phrase | None:
    """The named tool that made what only a plain head names: "models trained with the Foo library" is Foo."""
    if tokens[phrase.after].low not in _MADE or tokens[phrase.after + 1].low not in _WITH:
        return None
    tool = phrase_at(tokens, phrase.after + 2)
    return tool if tool is not None and tool.proper and tool.head not in DEVICES else None


def _is_bare(phrase: Phrase) -> bool:
    head = phrase.head
    known = head in HEADS or head in DEVICES or head in TOPICS
    return len(phrase.tokens) == 1 and known and not phrase.proper


def _identifies(phrase: Phrase, part: Phrase) -> bool:
    if part.head in METRICS:
        return False
    if phrase.proper:
        return any(is_proper(t.text) for t in part.tokens)
    return any(t.low in SETTING or is_precision(t.text) for t in part.tokens[:1])


def _reach_on(tokens: Tokens, phrase: Phrase) -> Phrase:
    stop = phrase.after
    while stop - phrase.after < _LONGEST:
        low = tokens[stop].low
        if not low[:1].isalnum() or low in {
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
        if low == "and" and is_number(tokens[stop + 1].low):
            break
        stop += 1
    if tokens[stop].low == "(" and tokens[stop + 2].low == ")" and is_proper(tokens[stop + 1].text):
        return Phrase((tokens[stop + 1],), stop + 3, phrase.owned)
    return _longer(tokens, phrase, stop)


def _longer(tokens: Tokens, phrase: Phrase, stop: int) -> Phrase:
    return Phrase((*phrase.tokens, *tokens.span(phrase.after, stop)), stop, phrase.owned, phrase.alias, tailed=True)
