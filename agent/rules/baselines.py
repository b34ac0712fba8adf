"""The baselines of a paper: what its own results are compared with, by the grammar of comparison."""

import re
from collections.abc import Iterator

from agent.claims import Claim
from agent.rules.baselines_cues import BY_NUMBER, CUE_STEMS, Cue, cues_in
from agent.rules.baselines_kinds import named
from agent.rules.baselines_lists import phrases_in
from agent.rules.baselines_names import NAME_STEMS, own_names
from agent.rules.baselines_phrases import Phrase
from agent.rules.baselines_stems import stem_places, stem_scan
from agent.rules.baselines_tokens import Tokens
from agent.rules.baselines_words import DEVICES, GENERIC, HEADS, MARKED, SETTING, is_size, lowered, openings, words
from agent.rules.page import Page, Sentence
from schemas import BaselineAnswer, HardwareAnswer

_TITLE_SCAN = stem_scan(CUE_STEMS)
_OWN = openings("own_marks")
_SCAN = stem_scan((*CUE_STEMS, *NAME_STEMS, *_OWN))
_OTHERS = openings("others_begin")
_OTHERS_YET = (*_OTHERS, *openings("others_begin_yet"))
_YET = openings("yet")
_ADDS_NOTHING = frozenset(word.rstrip("s") for word in HEADS | GENERIC)
_EQUALS = frozenset({"instead", "against", "relative", "compared", "like", "asas", "par", "level"})
_FALLS_SHORT = frozenset(
    {"only", "fails", "achieves", "takes", "requires", "needs", "reaches", "failed", "took", "required"}
)
_BY_NUMBER = re.compile(BY_NUMBER)
_BY_OR_FROM = re.compile(r"[^.;,]{0,40}?\b(?:by|from)\b[^.;,]{0,25}?\d")
_STATED = re.compile(
    r"(?i)\d|speed-?\s?up|improve|faster|gain|advantage|accelerat|reduction|outperform|superior|better"
)


def find_baselines(page: Page, hardware: list[Claim[HardwareAnswer]]) -> list[Claim[BaselineAnswer]]:
    """Find what a page's own results are compared with, each once, in the order of the abstract and then the title."""
    low = lowered(page.abstract)
    places = stem_places(_SCAN, low)
    title = lowered(page.title)
    in_title = cues_in(page.title, title, stem_places(_TITLE_SCAN, title), [(0, len(title))])
    cues = cues_in(page.abstract, low, places, [(s.start, s.end) for s in page.sentences])
    if not cues and not in_title:
        return []
    own = own_names(page, low, places)
    ours = frozenset(s.end for s in _own_sentences(page, own, low, places))
    cues = [cue for cue in cues if cue.bound in ours]
    devices = frozenset(claim.item.name.lower() for claim in hardware)
    found: list[Claim[BaselineAnswer]] = []
    seen: list[frozenset[str]] = []
    for text, cued, titled in ((page.abstract, cues, False), (page.title, in_title, True)):
        for claim, alias in _behind(text, cued, titled, own, devices):
            key = _key(claim.item.name)
            if not any(key <= old or (old < key and all(map(_adds_nothing, key - old))) for old in seen):
                seen.extend([key, _key(alias)] if alias else [key])
                found.append(claim)
    return found


def _own_sentences(page: Page, own: frozenset[str], low: str, places: list[tuple[str, int]]) -> list[Sentence]:
    """The sentences on the paper's own results.

    These are the sentences from the first that says "we" or an own name on, less those that begin with what others do.
    Where no sentence says so, all are taken to speak of the paper itself.
    """
    marks = [at for _, at in places if low.startswith(_OWN, at)]
    begin = min([*marks[:1], *(at for at in map(low.find, own) if at >= 0)], default=0)
    return [
        s
        for s in page.sentences
        if s.start + len(s.text) > begin
        and (
            not _of_others(low, s.start)
            or any(s.start <= at < s.end for at in marks)
            or any(low.find(name, s.start, s.end) >= 0 for name in own)
        )
    ]


def _of_others(low: str, start: int) -> bool:
    """Whether the sentence that starts there begins with what others do."""
    if low.startswith(_YET, start):
        yet = next(word for word in _YET if low.startswith(word, start))
        return low.startswith(_OTHERS_YET, start + len(yet))
    return low.startswith(_OTHERS, start)


def _behind(
    text: str, cues: list[Cue], in_title: bool, own: frozenset[str], devices: frozenset[str]
) -> Iterator[tuple[Claim[BaselineAnswer], str]]:
    """The baselines behind some comparing words of a text, each with the abbreviation that stands behind it."""
    for cue in cues:
        tokens = Tokens(text, cue.end, cue.bound)
        for phrase in phrases_in(tokens, amounts=cue.family in _EQUALS):
            what = named(phrase, own, devices) if _fits(text, cue, phrase, tokens) else None
            if what:
                item = BaselineAnswer(name=text[what.first.start : what.last.end], kind=what.kind)
                yield Claim(item, f"baselines.{cue.family}", what.first.start, in_title), phrase.alias


def _fits(text: str, cue: Cue, phrase: Phrase, tokens: Tokens) -> bool:
    """Whether a phrase is what its comparing word asks for: "matches" a rival, "while" one that only reaches less."""
    if cue.family == "matches":
        verb = text[cue.start : cue.end].lower() != "matching"
        return phrase.proper or any(verb and t.low in MARKED for t in phrase.tokens)
    if cue.family == "contrast":
        last = phrase.tokens[-1].text
        return last[:-1] != last[:-1].lower() and tokens[phrase.after].low in _FALLS_SHORT
    if cue.family == "instead":
        return phrase.proper or phrase.head in DEVICES
    if cue.family == "faster":
        named_alone = phrase.proper and len(phrase.tokens) == 1
        return (named_alone or phrase.tokens[0].low in SETTING) and bool(_BY_NUMBER.match(text, phrase.tokens[-1].end))
    if cue.family == "improves":
        stated = text[cue.start : cue.end].endswith("on") or _BY_OR_FROM.match(text, phrase.tokens[-1].end)
        return bool(stated) and any(t.low in GENERIC for t in phrase.tokens)
    if cue.family == "over" and len(phrase.tokens) == 1 and phrase.head in words("carriers"):
        return False
    if cue.family == "over" and not phrase.proper and not any(t.low in MARKED for t in phrase.tokens):
        return bool(_STATED.search(text, max(0, cue.start - 50), cue.start))
    return phrase.tokens[0].low != "one" or cue.family == "compared"


def _adds_nothing(word: str) -> bool:
    """A word that makes no other thing of a name: "GPT-3 175B" and "the GPT-3 model" are GPT-3."""
    return word in _ADDS_NOTHING or is_size(word)


def _key(name: str) -> frozenset[str]:
    return frozenset(word.rstrip("s") for word in re.findall(r"[a-z0-9.+]+", name.lower()))
