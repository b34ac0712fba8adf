"""Stated numbers by which a paper's own result is faster than something."""

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from agent.claims import Claim
from agent.rules.page import Page, Sentence
from agent.rules.speedups_bounds import bound_after, bound_before, bounds_in_turn
from agent.rules.speedups_links import Link, Links, Reach
from agent.rules.speedups_metrics import form_of, is_change, metric_of, metric_of_pair
from agent.rules.speedups_pairs import Pair, pairs_in
from agent.rules.speedups_quantities import Quantity, groups_of, quantities_in, starts_of
from agent.rules.speedups_quotes import quote_of
from agent.rules.speedups_signs import places_of_signs
from agent.rules.speedups_surroundings import Surroundings
from agent.rules.speedups_topics import Topic, is_rest, topics_of_all
from agent.rules.speedups_words import Terms, terms_in
from schemas import BaselineAnswer, HardwareAnswer, SpeedupAnswer, factor
from schemas.vocabulary import Bound, Metric

_OWN_WORDS = frozenset({"we", "our", "ours", "us", "we've", "(we", "ourselves"})
_OWN_PAIRS = frozenset(
    (lead, noun)
    for lead, nouns in {
        "this": "paper work article study thesis report letter survey approach method",
        "the": "proposed present",
        "is": "presented proposed introduced described developed implemented reported demonstrated investigated",
        "are": "presented proposed introduced described developed implemented reported demonstrated investigated",
        "was": "developed implemented ported obtained achieved",
        "been": "developed implemented ported designed",
        "results": "show demonstrate indicate reveal",
        "experiments": "show demonstrate indicate",
    }.items()
    for noun in nouns.split()
)
_OWN_NOUNS = frozenset(noun for _, noun in _OWN_PAIRS)
_PRIOR_SUBJECT = re.compile(
    r"(?:(?:however|while|although|yet|moreover|furthermore|unfortunately|recently|nevertheless|thus),?\s+)?"
    r"(?:the |many |most |some )?"
    r"(?:existing|previous|prior|recent|earlier|traditional|conventional|today's|popular|modern|"
    r"current(?! (?:implementation|version|work|results|prototype|study|paper|code)))\b",
    re.I,
)
_TWO = 2
_BEFORE_ALL = -1
"""The place of the title among the sentences."""
_THAN = re.compile(r"\s(?:faster|quicker|higher|lower)(?:\s[\w-]+){0,2}?\sthan\s", re.I)
_OURS = re.compile(r"(?:ours|our (?:method|approach|system|implementation|solution|kernel|model))\b")
_LONGEST = 1500
"""Characters of a sentence that are read together."""
_NO_TERMS = Terms([], [], [])
_JOINED = re.compile(r"[^,;.()]*\band\s+(?:an?\s)?[$(]*")
_GOES_ON = re.compile(r"(?:this|these|it|such)\b", re.I)
_CONTEXT = re.compile(
    r"speed-?ups?|latency|throughput|faster|execution time|run-?time|hardware|processor|compiler|cache|kernel|"
    r"accelerat|parallel|GPU|FPGA",
    re.I,
)
_SCORES = re.compile(
    r"\b(?:accurac|BLEU|mAP|F1|recall|precision|perplexity|PSNR|FID|benchmark score|AUC|success rate|quality|score)\w*",
    re.I,
)


class _Found(NamedTuple):
    claim: Claim[SpeedupAnswer]
    factor: tuple[float, float]
    sentence: int


def find_speedups(
    page: Page, hardware: list[Claim[HardwareAnswer]], baselines: list[Claim[BaselineAnswer]]
) -> list[Claim[SpeedupAnswer]]:
    """The speed claims of an abstract, in order; `baseline` and `hardware` of each are names of the claims given.

    Every claim's quote stands at its `start` in the abstract (in the title where `in_title`), and its `rule` says how
    the number is written and whether the word for speed was taken from the number before.
    """
    found: list[_Found] = []
    said: set[tuple[object, ...]] = set()
    places = places_of_signs(page.abstract, [(part.start, part.start + len(part.text)) for part in page.sentences])
    in_title = places_of_signs(page.title, [(0, len(page.title))])
    if not places and not in_title:
        return []
    links = Links(page, hardware, baselines)
    own_from = _first_own(page)
    for place in places:
        sentence = page.sentences[place]
        if not _is_own(page, sentence, place, own_from):
            continue
        claims = [item for piece in _pieces(sentence) for item in _claims_of(page, piece, place, links, found)]
        found += [item for item in claims if item.claim.item.baseline is None or _said(item) not in said]
        said.update(map(_said, claims))
    if in_title:
        found += _only_in_title(page, links, found)
    return [item.claim for item in found]


def _only_in_title(page: Page, links: Links, found: list[_Found]) -> list[_Found]:
    """The gains that the title states and no claim of the abstract."""
    pieces = _pieces(page.title_sentence)
    claims = [item for piece in pieces for item in _claims_of(page, piece, _BEFORE_ALL, links, [])]
    known = [item.factor[1] for item in found]
    return [item for item in claims if not any(math.isclose(item.factor[1], one, rel_tol=0.05) for one in known)]


def _pieces(sentence: Sentence) -> Iterator[Sentence]:
    """A sentence, in pieces where it is too long for one, so that the work stays in proportion to the text."""
    if 0 < len(sentence.text) <= _LONGEST:
        yield sentence
        return
    start = 0
    while start < len(sentence.text):
        stop = min(len(sentence.text), start + _LONGEST)
        if stop < len(sentence.text):
            blank = sentence.text.rfind(" ", start, stop)
            stop = blank if blank > start else stop
        yield Sentence(sentence.text[start:stop], sentence.start + start, sentence.in_title)
        start = stop


def _first_own(page: Page) -> int:
    """The number of the first sentence that speaks of the paper itself; 0 where none does."""
    system = _system(page)
    return next((place for place, sentence in enumerate(page.sentences) if _is_of_paper(sentence.text, system)), 0)


def _is_of_paper(text: str, system: str) -> bool:
    """Whether a sentence says "we", "this paper" and the like, or the name that the title gives the system."""
    words = text.lower().replace(",", " ").replace(".", " ").split()
    if not _OWN_WORDS.isdisjoint(words) or (system and system in text):
        return True
    return not _OWN_NOUNS.isdisjoint(words) and not _OWN_PAIRS.isdisjoint(pairwise(words))


def _system(page: Page) -> str:
    """The name that a title gives before its colon, or nothing."""
    name, colon, _ = page.title.partition(":")
    return name.strip() if colon and len(name.strip()) > 2 else ""


def _is_own(page: Page, sentence: Sentence, place: int, own_from: int) -> bool:
    """Whether a sentence speaks of the paper's results, not of its motivation or of prior work."""
    system = _system(page)
    if system and system in sentence.text:
        return True
    if place < own_from:
        return False
    return not _PRIOR_SUBJECT.match(sentence.text) or _is_of_paper(sentence.text, "")


def _claims_of(page: Page, sentence: Sentence, place: int, links: Links, found: list[_Found]) -> Iterator[_Found]:
    text = sentence.text
    starts = starts_of(text)
    if not starts:
        return
    groups = groups_of(quantities_in(text, starts), text)
    terms = terms_in(text) if groups else _NO_TERMS
    bound: Bound | None = None
    metric: Metric = "unspecified"
    factors: list[float] = []
    carried = _carried(sentence, place, found)
    read = topics_of_all(text, terms, groups)
    for number, (around, topics) in enumerate(read):
        group = around.group
        bounds = _bounds(around, bound if topics[0].inherited and around.preposition != "by" else None)
        if number + 1 < len(groups) and bounds[-1] == "exact":
            bounds = _average_of_both(around, groups[number + 1], bounds)
        bound = bounds[-1]
        kept = [
            _counts(page, quantity, said, around, bool(found)) for quantity, said in zip(group, topics, strict=True)
        ]
        if not any(kept) or _is_of_rival(page, around):
            continue
        reach = Reach(around.start, around.end, len(group), around.left, around.right, around.preposition == "by")
        compared = [link if link.name or link.place else carried for link in links.baselines_of(text, reach)]
        linked = zip(compared, links.hardware_of(text, place, reach), strict=True)
        for quantity, said, held, (baseline, device), keep in zip(group, topics, bounds, linked, kept, strict=True):
            metric = metric_of(said, around, metric)
            if keep and is_rest(around):
                quantity, keep = quantity.rest(), said.is_time
            if keep and (item := _item(sentence, place, quantity, said, held, metric, baseline, device)):
                factors.append(item.factor[0])
                yield item
    for pair in pairs_in(text, starts):
        if not any(math.isclose(pair.high / pair.low, known, rel_tol=0.05) for known in factors):
            yield _pair_item(sentence, place, pair, links)


def _carried(sentence: Sentence, place: int, found: list[_Found]) -> Link:
    """The baseline of the claim in the sentence before, where this one goes on from it ("This yields ...")."""
    if found and found[-1].sentence == place - 1 and _GOES_ON.match(sentence.text):
        return Link(found[-1].claim.item.baseline)
    return Link(None)


def _counts(page: Page, quantity: Quantity, topic: Topic, around: Surroundings, has_claims: bool) -> bool:
    """Whether a quantity with its topic is a speedup: the topic is speed, or could be and nothing speaks against it."""
    if quantity.kind == "ratio" and quantity.high <= 1:
        return False
    if topic.standing == "speed":
        if quantity.kind == "word":
            return not topic.inherited
        return quantity.kind != "percent" or is_rest(around) or is_change(around, topic)
    if topic.standing == "gain":
        return has_claims and quantity.kind == "ratio"
    if topic.standing != "weak" or quantity.kind == "word":
        return False
    if quantity.kind == "percent":
        return _is_systems_work(page) and not _SCORES.search(around.text) and is_change(around, topic)
    return True


def _is_of_rival(page: Page, around: Surroundings) -> bool:
    """Whether it is the paper's own system that is outdone: "native code is 2x faster than ours"."""
    match = _THAN.match(around.text, around.end, around.right)
    if match is None:
        return False
    own = _system(page)
    return _OURS.match(around.text, match.end()) is not None or bool(own and around.text.startswith(own, match.end()))


def _is_systems_work(page: Page) -> bool:
    """Whether "performance" in an abstract can mean speed: it speaks of speed or of hardware somewhere."""
    return _CONTEXT.search(page.abstract) is not None


def _bounds(around: Surroundings, inherited: Bound | None) -> list[Bound]:
    """The bound of each quantity of a list: its own, else that of the one before in the list."""
    text, group = around.text, around.group
    if len(group) == _TWO and (in_turn := bounds_in_turn(text, around.left, around.start)):
        return in_turn
    bounds: list[Bound] = []
    shared = inherited
    after_last = bound_after(text, around.end, around.right)
    for place, quantity in enumerate(group):
        left = group[place - 1].end if place else around.left
        own = bound_before(text, around.terms.bounds, quantity.start, left) or ("at_least" if quantity.plus else None)
        own = own or (bound_after(text, quantity.end, group[place + 1].start) if place + 1 < len(group) else after_last)
        shared = own or shared
        bounds.append(shared or after_last or "exact")
    return bounds


def _average_of_both(around: Surroundings, following: list[Quantity], bounds: list[Bound]) -> list[Bound]:
    """The bounds, "average" where it stands behind the second of two: "2x faster and 3x smaller on average"."""
    text = around.text
    joined = _JOINED.fullmatch(text[around.end : following[0].start])
    if joined and bound_after(text, following[-1].end, len(text)) == "average":
        return ["average"] * len(bounds)
    return bounds


def _item(
    sentence: Sentence,
    place: int,
    quantity: Quantity,
    topic: Topic,
    bound: Bound,
    metric: Metric,
    baseline: Link,
    device: Link,
) -> _Found | None:
    form = form_of(quantity, topic)
    try:
        factors = factor(form, quantity.low, quantity.high)
    except ValueError:
        return None
    anchors = [link.place for link in (baseline, device) if link.place]
    begin, stop = quote_of(sentence.text, quantity.start, quantity.end, anchors)
    answer = SpeedupAnswer(
        quote=sentence.text[begin:stop],
        low=quantity.low,
        high=quantity.high,
        form=form,
        bound=bound,
        metric=metric,
        baseline=baseline.name,
        hardware=device.name,
    )
    rule = f"speedups.{'bare' if quantity.bare else quantity.kind}:{topic.term.kind if topic.term else topic.standing}"
    rule += ".inherited" if topic.inherited else ""
    return _Found(Claim(answer, rule, sentence.start + begin, sentence.in_title), factors, place)


def _pair_item(sentence: Sentence, place: int, pair: Pair, links: Links) -> _Found:
    text = sentence.text
    reach = Reach(pair.start, pair.end, 1, 0, len(text), behind_by=False)
    inside = Reach(pair.start, pair.start, 1, 0, len(text), behind_by=False)
    baseline = links.baseline_of_pair(text, pair.start, pair.end)
    device = links.hardware_of(text, place, inside)[0]
    anchors = [link.place for link in (baseline, device) if link.place]
    begin, stop = quote_of(text, reach.start, reach.end, anchors)
    answer = SpeedupAnswer(
        quote=text[begin:stop],
        low=pair.low,
        high=pair.high,
        form="before_after",
        bound="exact",
        metric=metric_of_pair(pair, terms_in(text)),
        baseline=baseline.name,
        hardware=device.name,
    )
    claim = Claim(answer, "speedups.before_after", sentence.start + begin, sentence.in_title)
    return _Found(claim, (pair.high / pair.low,) * 2, place)


def _said(item: _Found) -> tuple[object, ...]:
    """What makes a claim the same as another: a number that is repeated for one claim is listed once."""
    answer = item.claim.item
    return (
        *(float(f"{end:.3g}") for end in item.factor),
        answer.bound,
        answer.metric,
        answer.baseline,
        answer.hardware,
    )
