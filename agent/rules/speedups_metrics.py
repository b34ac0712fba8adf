"""Which measure of speed a claim is about, and whether a percentage is of time saved or of speed won."""

from agent.rules.speedups_quantities import Quantity
from agent.rules.speedups_topics import BREAK, Surroundings, Topic
from agent.rules.speedups_words import Term
from schemas.vocabulary import Form, Metric

_MEASURES: dict[str, Metric] = {
    "latency": "latency",
    "throughput": "throughput",
    "runtime": "runtime",
    "job": "runtime",
}


def metric_of(topic: Topic, around: Surroundings) -> Metric:
    """The measure that the topic names, else the nearest measure in the clause of the number."""
    term = topic.term
    if term is not None and term.kind in _MEASURES:
        return _MEASURES[term.kind]
    start, end = clause_of(around)
    named = [word for word in around.terms.topics if word.kind in _MEASURES and start <= word.start and word.end <= end]
    if not named:
        return "unspecified"
    return _MEASURES[min(named, key=lambda word: _distance(word, around)).kind]


def clause_of(around: Surroundings) -> tuple[int, int]:
    """[start, end) of the clause round a list of quantities, in characters of the sentence."""
    breaks = [match.end() for match in BREAK.finditer(around.text, around.left, around.start)]
    stop = BREAK.search(around.text, around.end, around.right)
    return (breaks[-1] if breaks else around.left), (stop.start() if stop else around.right)


def _distance(word: Term, around: Surroundings) -> int:
    return word.start - around.end if word.start >= around.end else around.start - word.end


def form_of(quantity: Quantity, topic: Topic) -> Form:
    """The form of a claim: what kind of number it is, and of what."""
    if quantity.kind == "orders":
        return "orders_of_magnitude"
    if quantity.kind == "percent":
        return "percent_less_time" if topic.is_time and quantity.high < 100 else "percent_faster"
    return "ratio"
