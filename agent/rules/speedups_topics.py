"""What a quantity is about: speed (and which measure of it) or something else."""

import re
from typing import Literal, NamedTuple

from agent.rules.speedups_quantities import Quantity
from agent.rules.speedups_surroundings import Surroundings, surroundings_of
from agent.rules.speedups_words import SPEED, TIMES, Term, Terms

Standing = Literal["speed", "weak", "gain", "other", "slower", "none"]

_PREPOSITIONS = (
    "in|of|for|on|over|than|compared|when|with|without|while|using|by|at|to|across|from|as|via|relative|versus|vs|against|"
    "after|due|through|under|within|during|where|which|that|is|are|was|were|if|because"
)
_VERBS = (
    r"(?:increases|reduces|improves|achieves|provides|outperforms|delivers|lowers|boosts|enables|yields|shows|accelerates|"
    r"runs|gives|requires)(?!\s(?:in|of|over)\b)|can|could|we|has|have"
)
BREAK = re.compile(
    r";|(?<![\w-])(?:while|whereas|but|without|which|and also|as well as)(?![\w-])|,\s|:\s|\)(?=[\s,.])"
    r"|\band(?= [a-z]+(?:s|ing)\b)",
    re.I,
)
_PHRASE_END = re.compile(rf"[,;:()]|(?<![\w-])(?:{_PREPOSITIONS}|{_VERBS}|and|or)(?![\w-])", re.I)
_OBJECT_END = re.compile(rf"[,;:()]|(?<![\w-])(?:{_PREPOSITIONS}|{_VERBS})(?![\w-])", re.I)
_LISTED_END = re.compile(rf"[;:()]|(?<![\w-])(?:{_PREPOSITIONS}|{_VERBS})(?![\w-])", re.I)
_MEASURED_IN = re.compile(r"\bin(?: terms of)?\s", re.I)
_OF_WHAT = re.compile(r"\s*(?:in(?: terms of)?|of|(?P<loose>on|for))\s", re.I)
_WITHIN = re.compile(r"\bwithin\s+(?:about |around |roughly |an? )*[$~\\(]*$", re.I)
_JOINED = re.compile(r"(?:,|\band|\bor)\s*$", re.I)
_SHARE = re.compile(r"\s*\$?\s*of\b", re.I)
_COPULAS = frozenset({"is", "are", "was", "were", "be", "being"})
_COMPARAND = re.compile(
    r"\b(?:than (?:the|its|a)|compared (?:to|with)(?: the)?|versus|vs\.?(?: the)?)\s+[$\\(]*$", re.I
)
_OVER = re.compile(r"\s*\$?\s*(?:over|compared (?:to|with)|relative to|versus|vs)\b", re.I)
_HAS_WORD = re.compile(r"[A-Za-z]{4,}")
_ONE_PHRASE = re.compile(r"(?:(?!\b(?:and|or)\b)[\w\s-])*")
_AS_FAST = re.compile(r"\s*as\s+\w+", re.I)
_CLOSING = re.compile(r"[)\s$\\]*(?:(?:on average|at most|at best|average|maximum|max|mean|median)\s?)?\)", re.I)
_ACHIEVES = re.compile(r"\b(?:achiev|attain|reach|obtain|yield|deliver|get)(?:e|es|s|ed|ing|ting)?\s*$", re.I)
_ENDS_HERE = re.compile(
    r"\s*\$?\s*(?:[,;.()]|$|(?:on|for|in|with|across|when|over|and|compared|using|at|while)\b)", re.I
)
_SIZED = re.compile(r"\b(?:HBM|DRAM|memory|network|bus|link|PCIe|device|peak|storage|disk)\s+$", re.I)
_ONLY = re.compile(r"\b(?:only|just|merely)\b", re.I)
_OF_UNKNOWN = re.compile(r"\W*(?:higher|lower|more|less|greater)\s+(?!or\b|by\b)[a-z]{3,}", re.I)
_FALLS = frozenset({"drop", "drops", "degradation", "degradations", "loss", "losses", "decline", "decrease"})
_NEAR = 60


class Topic(NamedTuple):
    """What a quantity is about, and the word that says so."""

    standing: Standing
    term: Term | None = None
    inherited: bool = False

    @property
    def is_time(self) -> bool:
        """Whether less of it is faster."""
        term = self.term
        return term is not None and term.kind in TIMES and not term.text.endswith(("performance", "speed"))


NOTHING = Topic("none")
OTHER = Topic("other")


def topics_of_all(text: str, terms: Terms, groups: list[list[Quantity]]) -> list[tuple[Surroundings, list[Topic]]]:
    """Each list of quantities of a sentence with the topic of each of its members.

    A number of which nothing is said takes the topic of the one before, else of the one right behind it ("signing is
    3 times and verification 2 times faster").
    """
    read: list[tuple[Surroundings, list[Topic]]] = []
    topic = NOTHING
    for number in range(len(groups)):
        around = surroundings_of(text, terms, groups, number)
        topics = topics_of(around, topic)
        topic = topics[-1]
        read.append((around, topics))
    for number in range(len(read) - 2, -1, -1):
        (around, topics), (next_around, behind) = read[number], read[number + 1]
        is_like = around.group[0].kind == next_around.group[0].kind
        is_near = is_like and around.right - around.end <= _NEAR and ";" not in text[around.end : around.right]
        if topics[0].standing == "none" and behind[0].standing == "speed" and is_near:
            read[number] = (around, [behind[0]._replace(inherited=True)] * len(topics))
    return read


def topics_of(around: Surroundings, before: Topic) -> list[Topic]:
    """The topic of each quantity of a list; where nothing near says it, that of the quantity before in the sentence."""
    count = len(around.group)
    if _is_no_change(around):
        return [OTHER] * count
    lead, preposition = around.lead, around.preposition
    right = _after(around) if not is_rest(around) else []
    if preposition == "by":
        found = _measured(around, right) or _governed(around) or right
    elif _has_speed(right) or (preposition == "(" and right):
        found = right
    elif preposition in _COPULAS:
        found = right if _says(right) else _subject(around, lead) or right
    elif preposition:
        left = _before(around)
        found = (_measured(around, right) if not _has_speed(left) else []) or left or right
    else:
        found = right or _before(around)
        if not right and found and before.standing != "none" and _JOINED.search(around.text, around.left, lead):
            found = [topic._replace(inherited=True) for topic in found]
    if not found and before.standing != "none":
        return [before._replace(inherited=True)] * count
    return _spread(found or _anywhere(around) or _gain(around), count)


def _gain(around: Surroundings) -> list[Topic]:
    """A gain of nothing that is named ("an additional 2.1x improvement", "a solid 3x over Heron")."""
    if around.group[0].kind == "ratio" and _OVER.match(around.text, around.end):
        return [Topic("weak")]
    if around.group[0].kind == "ratio" and _is_achieved(around):
        return [Topic("gain")]
    near = _within(around.terms.directions, around.end, min(around.right, around.end + 20))
    return [Topic("gain")] if any(term.kind == "better" for term in near) else []


def _is_achieved(around: Surroundings) -> bool:
    """Whether a number stands alone as what is achieved: "which attains 7.8x on our system"."""
    achieves = _ACHIEVES.search(around.text, max(0, around.lead - 12), around.lead)
    return achieves is not None and _ENDS_HERE.match(around.text, around.end) is not None


def is_rest(around: Surroundings) -> bool:
    """Whether a percentage is what is left of a time: "only 68% of that of Heron", "reduced to 25% of"."""
    if around.group[0].kind != "percent" or not _SHARE.match(around.text, around.end):
        return False
    if around.preposition == "to":
        return _is_saved(around)
    return around.preposition in _COPULAS and _ONLY.search(around.text, around.lead, around.start) is not None


def _is_no_change(around: Surroundings) -> bool:
    """Whether a number is a share ("60% of the peak") or what the claim is compared with ("than the 42.1%")."""
    if is_rest(around):
        return False
    nearby = around.text[max(0, around.start - 20) : around.start]
    if _COMPARAND.search(nearby) or _WITHIN.search(nearby):
        return True
    share = around.group[0].kind == "percent" and _SHARE.match(around.text, around.end)
    return bool(share) and not _is_saved(around)


def _says(topics: list[Topic]) -> bool:
    return any(topic.standing in ("speed", "slower", "other") for topic in topics)


def _subject(around: Surroundings, lead: int) -> list[Topic]:
    """The topics of the subject of "is" ("the throughput of small models is 39% higher")."""
    start = _clause_start(around)
    directions = _directions_behind(around)
    place = start
    while place < lead:
        stop = _OBJECT_END.search(around.text, place, lead)
        limit = stop.start() if stop else lead
        if named := _heads(_within(around.terms.topics, place, limit), around.text):
            return [_topic(term, directions) for term in named]
        place = stop.end() if stop else lead
    return []


def _directions_behind(around: Surroundings) -> list[Term]:
    """The words of direction right behind a quantity, in its clause ("18% lower than")."""
    stop = BREAK.search(around.text, around.end, around.right)
    limit = min(stop.start() if stop else around.right, around.end + 25)
    return _within(around.terms.directions, around.end, limit)


def _spread(topics: list[Topic], count: int) -> list[Topic]:
    """One topic for each of `count` quantities: in order where there are as many, else speed before anything else."""
    if not topics:
        return [NOTHING] * count
    if len(topics) == count:
        return topics
    order: tuple[Standing, ...] = ("speed", "slower", "weak", "gain", "other", "none")
    return [min(topics, key=lambda topic: order.index(topic.standing))] * count


def _has_speed(topics: list[Topic]) -> bool:
    return any(topic.standing == "speed" for topic in topics)


def _topic(term: Term, directions: list[Term]) -> Topic:
    kinds = {direction.kind for direction in directions}
    texts = {direction.text for direction in directions}
    if term.kind not in SPEED:
        if term.kind == "weak" and ("slower" in kinds or "down" in kinds):
            return Topic("slower", term)
        return Topic("weak" if term.kind == "weak" else "other", term)
    if term.text == "bandwidth":
        return Topic("other" if "down" in kinds else "speed", term)
    if "slower" in kinds or ("overhead" in term.text and not {"down", "better"} & kinds):
        return Topic("slower", term)
    time = term.kind in TIMES and not term.text.endswith(("performance", "speed"))
    if time and ({"up", "added"} & kinds or "larger" in texts) and not {"down", "better"} & kinds:
        return Topic("slower", term)
    if not time and (term.kind == "throughput" or term.text == "speed") and "down" in kinds and "up" not in kinds:
        return Topic("slower", term)
    return Topic("speed", term)


def _within(terms: list[Term], start: int, end: int) -> list[Term]:
    return [term for term in terms if start <= term.start and term.end <= end]


def _heads(terms: list[Term], text: str) -> list[Term]:
    """The last topic word of each conjunct: "memory access latency and energy" gives latency and energy."""
    heads: list[Term] = []
    for term in terms:
        if term.kind == "job":
            continue
        if heads and _ONE_PHRASE.fullmatch(text, heads[-1].end, term.start):
            heads[-1] = _stronger(heads[-1], term)
        else:
            heads.append(term)
    return heads


def _stronger(first: Term, second: Term) -> Term:
    """Of two words in one noun phrase the last is the head, but "faster" before it decides and "better" yields."""
    if first.kind == "fast" and first.text != "speed":
        return first
    return first if second.kind == "weak" and first.kind != "weak" else second


def _after(around: Surroundings) -> list[Topic]:
    """The topics that the noun phrase right after a quantity names ("2x lower latency", "2x gain in latency")."""
    text, end = around.text, around.end
    if closing := _CLOSING.match(text, end, around.right):
        end = closing.end() if around.preposition == "(" or "(" in text[around.start : end] else end
    as_fast = _AS_FAST.match(text, end, around.right)
    stop = _PHRASE_END.search(text, as_fast.end() if as_fast else end, around.right)
    limit = stop.start() if stop else around.right
    directions = _within(around.terms.directions, end, limit)
    found = _heads(_within(around.terms.topics, end, limit), text)
    topics = [_topic(term, directions) for term in found]
    if found and found[-1].text == "bandwidth" and not directions and _SIZED.search(text, end, found[-1].start):
        return [OTHER]
    if any(topic.standing in ("speed", "slower", "other") for topic in topics):
        return topics + _listed_behind(around, stop, directions, len(topics))
    if any(direction.kind == "slower" for direction in directions):
        return [Topic("slower")]
    if (of_what := _OF_WHAT.match(text, limit, around.right)) and (directions or not text[end:limit].strip(" $")):
        ends = _OBJECT_END.search(text, of_what.end(), around.right)
        phrase = (of_what.end(), ends.start() if ends else around.right)
        named = _heads(_within(around.terms.topics, *phrase), text)
        is_said = of_what["loose"] is None or (named and _is_all_of(named, text, *phrase))
        if is_said and (strong := [_topic(term, directions) for term in named if term.kind != "weak"]):
            return strong
        if named and not topics and of_what["loose"] is None:
            topics = [_topic(term, directions) for term in named]
    if not topics and any(direction.text in _FALLS for direction in directions):
        return [OTHER]
    if any(direction.kind == "amount" for direction in directions) or (not topics and _is_of_unknown(text[end:limit])):
        return [OTHER]
    return topics


def _listed_behind(around: Surroundings, stop: re.Match[str] | None, directions: list[Term], count: int) -> list[Topic]:
    """The further topics of a list ("2x and 3x better throughput and latency", "... in A, B and C")."""
    if stop is None or len(around.group) <= 1 or stop.group() not in ("and", "or", ","):
        return []
    commas = _LISTED_END if stop.group() == "," else _OBJECT_END
    further = commas.search(around.text, stop.end(), around.right)
    more = _within(around.terms.topics, stop.start(), further.start() if further else around.right)
    found = [_topic(term, directions) for term in _heads(more, around.text)]
    return found if stop.group() != "," or count + len(found) == len(around.group) else []


def _is_all_of(named: list[Term], text: str, start: int, end: int) -> bool:
    """Whether topic words are the whole of a phrase: "on model size", but not "on memory-rich state space models"."""
    return not text[start : named[0].start].strip() and not text[named[-1].end : end].strip(" .$")


def _is_of_unknown(phrase: str) -> bool:
    """Whether a phrase is about more or less of something that no list knows ("3x higher load")."""
    return _OF_UNKNOWN.match(phrase) is not None


def _measured(around: Surroundings, right: list[Topic]) -> list[Topic]:
    """The topics behind "in" ("by 2x in latency", "improvement over A in terms of throughput")."""
    text = around.text
    if _has_speed(right):
        return right
    stop = BREAK.search(text, around.end, around.right)
    limit = stop.start() if stop else around.right
    for marker in _MEASURED_IN.finditer(text, around.end, limit):
        ends = _OBJECT_END.search(text, marker.end(), around.right)
        named = _heads(_within(around.terms.topics, marker.end(), ends.start() if ends else around.right), text)
        if strong := [_topic(term, []) for term in named if term.kind != "weak"]:
            return strong
    return []


def _clause_start(around: Surroundings) -> int:
    breaks = [match.end() for match in BREAK.finditer(around.text, around.left, around.start)]
    return breaks[-1] if breaks else around.left


def _governed(around: Surroundings) -> list[Topic]:
    """The topics that the verb before "by" changes: its object, else its subject, else the verb itself."""
    start = _clause_start(around)
    topics = _within(around.terms.topics, start, around.start)
    directions = _within(around.terms.directions, start, around.start)
    verbs = [term for term in directions if term.kind not in ("amount", "bound")]
    verbs += [term for term in topics if term.kind == "fast" and term.text.startswith(("accelerat", "speed", "sped"))]
    if not verbs:
        return _before(around)
    verb = max(verbs, key=lambda term: term.start)
    if verb.kind == "fast":
        return [_topic(verb, [])]
    if verb.text.startswith(("outperform", "surpass", "exceed", "beat")):
        return [Topic("weak", verb)]
    ends = _OBJECT_END.search(around.text, verb.end, around.start)
    limit = ends.start() if ends else around.start
    named = _heads(_within(around.terms.topics, verb.end, limit), around.text)
    if not named:
        named = _heads(_within(around.terms.topics, start, verb.start), around.text)[-len(around.group) :]
    if not named and limit < around.start:
        named = _heads(_within(around.terms.topics, limit, around.start), around.text)[:1]
    if named:
        return [_topic(term, [verb]) for term in named]
    if verb.kind == "slower":
        return [Topic("slower", verb)]
    is_unknown = verb.kind in ("up", "down") and _HAS_WORD.search(around.text, verb.end, limit) is not None
    return [OTHER] if is_unknown else []


def _before(around: Surroundings) -> list[Topic]:
    """The nearest topics to the left in the clause ("a speedup of 2x", "latency reductions up to 2x")."""
    start = _clause_start(around)
    found = _heads(_within(around.terms.topics, start, around.start), around.text)
    if not found:
        return []
    if len(around.group) > 1 and len(found) >= len(around.group):
        found = found[-len(around.group) :]
    else:
        strong = [term for term in found if term.kind != "weak"]
        found = (strong or found)[-1:]
    directions = _within(around.terms.directions, max(start, found[0].start - 30), around.start)
    directions = directions or _directions_behind(around)
    return [_topic(term, directions) for term in found]


def _anywhere(around: Surroundings) -> list[Topic]:
    """The nearest word for speed to the left in the sentence, else behind a later "in"."""
    if any(term.kind in ("up", "down") for term in _directions_behind(around)):
        return []
    found = [
        term
        for term in _within(around.terms.topics, around.left, around.start)
        if term.kind in SPEED or term.kind == "weak"
    ]
    if found:
        return [_topic(found[-1], _directions_behind(around))]
    return _measured(around, [])


def _is_saved(around: Surroundings) -> bool:
    near = _within(around.terms.directions, max(around.left, around.start - 40), around.start)
    return any(term.kind == "down" for term in near)
