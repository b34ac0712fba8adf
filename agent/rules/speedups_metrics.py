"""Which measure of speed a claim is about, and whether a percentage is of time saved or of speed won."""

import re

from agent.rules.speedups_pairs import Pair
from agent.rules.speedups_quantities import Quantity
from agent.rules.speedups_surroundings import Surroundings
from agent.rules.speedups_topics import BREAK, Topic
from agent.rules.speedups_words import TIMES, Term, Terms
from schemas.vocabulary import Form, Metric

_WHICH = re.compile(r"which\s+(?:is|are|was|were|makes|make|runs?)\b", re.I)
_AND = re.compile(r"(?:,|\band)\s*$")
_IN = re.compile(r"\s*\$?\s*in\s", re.I)
_APPOSITION = re.compile(r",\s*(?:being|making it|which is|that is|i\.e\.,?|or|a|an|it is|and is|even)?\s*", re.I)
_AMOUNT_BEFORE = re.compile(r"\d\s?$")
_ITEMS = frozenset({"requests", "queries", "transactions"})
"""They name a rate only where there are more of them."""
_MEASURES: dict[str, Metric] = {
    "latency": "latency",
    "throughput": "throughput",
    "runtime": "runtime",
    "job": "runtime",
}


def metric_of(topic: Topic, around: Surroundings, before: Metric) -> Metric:
    """The measure that the topic names, else the nearest in the clause, else that of the number `before` it.

    Only a number whose own words say nothing of what got faster takes the measure of the one before.
    """
    term = topic.term
    if term is not None and term.kind in _MEASURES:
        return _MEASURES[term.kind]
    start, end = clause_of(around)
    named = [
        word
        for word in around.terms.topics
        if word.kind in _MEASURES and start <= word.start and word.end <= end and word.text not in _ITEMS
    ]
    if not named and (_is_of_a_rate(around) or _is_beside_a_rate(topic, around)):
        return "throughput"
    if not named:
        goes_on = topic.inherited or topic.standing == "weak" or _is_second_of_two(around, topic)
        return before if goes_on else "unspecified"
    return _MEASURES[min(named, key=lambda word: _distance(word, around)).kind]


def _is_second_of_two(around: Surroundings, topic: Topic) -> bool:
    """Whether the clause only repeats the word of the one before: "which is 2x faster than A and 3x faster than B"."""
    if (
        topic.term is None
        or not around.left
        or around.preposition
        or not _AND.search(around.text, around.left, around.lead)
    ):
        return False
    words = [term.text for term in around.terms.topics if term.kind == "fast" and term.end <= around.start]
    return bool(words) and words[-1] == topic.term.text


def _is_beside_a_rate(topic: Topic, around: Surroundings) -> bool:
    """Whether "speed" is said where the sentence gives a rate: "A (9 FPS) is outdone by 5x in speed"."""
    if topic.term is None or topic.term.text != "speed":
        return False
    return any(term.kind == "throughput" and term.text not in _ITEMS for term in around.terms.topics)


def _is_of_a_rate(around: Surroundings) -> bool:
    """Whether the number says how a rate that was just stated compares: "at 550 tokens/s, 7.9x faster than"."""
    comma = around.text.rfind(",", 0, around.start)
    if comma < 0 or not _APPOSITION.fullmatch(around.text, comma, around.lead):
        return False
    rates = [term for term in around.terms.topics if term.kind == "throughput" and term.end <= comma]
    return bool(rates) and _AMOUNT_BEFORE.search(around.text, max(0, rates[-1].start - 12), rates[-1].start) is not None


def clause_of(around: Surroundings) -> tuple[int, int]:
    """[start, end) of the clause round a list of quantities, in characters of the sentence."""
    breaks = [match.end() for match in BREAK.finditer(around.text, around.left, around.start)]
    stop = BREAK.search(around.text, around.end, around.right)
    if breaks and _WHICH.search(around.text, breaks[-1] - 6, around.start):
        return around.text.rfind(";", 0, breaks[-1]) + 1, (stop.start() if stop else around.right)
    return (breaks[-1] if breaks else around.left), (stop.start() if stop else around.right)


def metric_of_pair(pair: Pair, terms: Terms) -> Metric:
    """The measure of two amounts: the last one named before them, else what their unit says."""
    named = [word for word in terms.topics if word.kind in TIMES and word.end <= pair.start]
    return _MEASURES[named[-1].kind] if named and pair.metric != "throughput" else pair.metric


def _distance(word: Term, around: Surroundings) -> int:
    return word.start - around.end if word.start >= around.end else around.start - word.end


def form_of(quantity: Quantity, topic: Topic) -> Form:
    """The form of a claim: what kind of number it is, and of what."""
    if quantity.kind == "orders":
        return "orders_of_magnitude"
    if quantity.kind == "percent":
        return "percent_less_time" if topic.is_time and quantity.high < 100 else "percent_faster"
    return "ratio"


def is_change(around: Surroundings, topic: Topic) -> bool:
    """Whether a percentage near a measure of speed is a change of it, not a level ("55% utilization")."""
    if (
        topic.inherited
        or around.preposition == "by"
        or (topic.term is not None and topic.term.kind == "fast" and topic.term.text != "speed")
    ):
        return True
    start, end = clause_of(around)
    if _IN.match(around.text, around.end):
        start = 0
    return any(
        word.kind in ("up", "down", "better", "amount") and start <= word.start and word.end <= end
        for word in around.terms.directions
    )
