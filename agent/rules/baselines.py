"""The baselines of a paper: what its own results are compared with, by the grammar of comparison."""

import re
from functools import cache

from agent.claims import Claim
from agent.rules.baselines_cues import Cue, cues_in
from agent.rules.baselines_kinds import Named, named
from agent.rules.baselines_lists import phrases_in
from agent.rules.baselines_names import own_names
from agent.rules.baselines_phrases import Phrase
from agent.rules.baselines_tokens import Token, low_at, tokens_of
from agent.rules.baselines_words import words
from agent.rules.page import Page, Sentence
from schemas import BaselineAnswer, HardwareAnswer

_OWN = re.compile(
    r"\b(?:[Ww]e|[Oo]urs?|(?:[Tt]his|[Pp]resent) (?:paper|work|study|article|thesis|letter|report|research)|[Hh]ere,? we"
    r"|[Tt]he proposed|[Ee]xperiment(?:s|al)|[Ee]valuations?|[Rr]esults (?:show|demonstrate|indicate)|is (?:proposed|presented|introduced))\b"
)
_OTHERS = re.compile(
    r"(?:However,? |While |Although |Despite |Unfortunately, )?(?:Existing|existing|Previous|previous|Prior|prior|Current|current|Traditional|traditional|Conventional|these|such|most|many|Recent|Many|Most|Unlike|Different from|In contrast to)\b"
)
_EQUALS = frozenset({"compared", "like", "asas", "par", "level"})
_FALLS_SHORT = frozenset(
    {"only", "fails", "achieves", "takes", "requires", "needs", "reaches", "failed", "took", "required"}
)
_BY_NUMBER = re.compile(r"[^.;]{0,70}?\bby (?:[a-z]+ ){0,4}[~$]?\d")
_STATED = re.compile(
    r"(?i)\d|speed-?\s?up|improve|faster|gain|advantage|accelerat|reduction|outperform|superior|better"
)


def find_baselines(page: Page, hardware: list[Claim[HardwareAnswer]]) -> list[Claim[BaselineAnswer]]:
    """Find what a page's own results are compared with, each once, in the order of the abstract and then the title."""
    own = own_names(page)
    devices = frozenset(claim.item.name.lower() for claim in hardware)
    found: list[Claim[BaselineAnswer]] = []
    seen: list[frozenset[str]] = []
    for sentence in (*_own_sentences(page, own), page.title_sentence):
        for claim, alias in _in_sentence(sentence, own, devices):
            key = _key(claim.item.name)
            if not any(key <= old or (old < key and len(old) > 1) for old in seen):
                seen.extend([key, _key(alias)] if alias else [key])
                found.append(claim)
    return found


def _own_sentences(page: Page, own: frozenset[str]) -> list[Sentence]:
    """The sentences that speak of the paper's own results: those from the first "we" or own name on, less the background."""
    kept: list[Sentence] = []
    begun = not any(_OWN.search(s.text) for s in page.sentences)
    for sentence in page.sentences:
        speaks = bool(_OWN.search(sentence.text)) or any(name in sentence.text.lower() for name in own)
        begun = begun or speaks
        if begun and (speaks or not _OTHERS.match(sentence.text)):
            kept.append(sentence)
    return kept


def _in_sentence(
    sentence: Sentence, own: frozenset[str], devices: frozenset[str]
) -> list[tuple[Claim[BaselineAnswer], str]]:
    """The baselines of a sentence, each with the abbreviation that stands behind it."""
    found: list[tuple[Claim[BaselineAnswer], str]] = []
    for cue in cues_in(sentence.text):
        tokens = tokens_of(sentence.text, cue.end)
        for phrase in phrases_in(tokens, amounts=cue.family in _EQUALS):
            if not _fits(sentence, cue, phrase, tokens):
                continue
            what = named(phrase, own, devices)
            if what:
                found.append((_claim(sentence, what, cue.family), phrase.alias))
    return found


def _fits(sentence: Sentence, cue: Cue, phrase: Phrase, tokens: list[Token]) -> bool:
    """Whether a phrase is what its comparing word asks for: "matches" a rival, "while" a rival that only reaches less."""
    if cue.family == "matches":
        verb = sentence.text[cue.start : cue.end].lower() != "matching"
        return phrase.proper or any(verb and t.low in _marked() for t in phrase.tokens)
    if cue.family == "contrast":
        last = phrase.tokens[-1].text
        return last[:-1] != last[:-1].lower() and low_at(tokens, phrase.after) in _FALLS_SHORT
    if cue.family == "faster":
        named_alone = phrase.proper and len(phrase.tokens) == 1
        return (named_alone or phrase.tokens[0].low in words("setting")) and bool(
            _BY_NUMBER.match(sentence.text, phrase.tokens[-1].end)
        )
    if cue.family == "improves":
        return any(t.low in words("generic") for t in phrase.tokens)
    if cue.family == "over" and not phrase.proper and not any(t.low in _marked() for t in phrase.tokens):
        return bool(_STATED.search(sentence.text, max(0, cue.start - 50), cue.start))
    return phrase.tokens[0].low != "one" or cue.family == "compared"


@cache
def _marked() -> frozenset[str]:
    """Words that mark a phrase without a name as a rival."""
    return words("generic") | words("setting") | words("heads") | words("devices") | words("topics")


def _claim(sentence: Sentence, what: Named, family: str) -> Claim[BaselineAnswer]:
    text = sentence.text[what.first.start : what.last.end]
    return Claim(
        BaselineAnswer(name=text, kind=what.kind),
        f"baselines.{family}",
        sentence.start + what.first.start,
        sentence.in_title,
    )


def _key(name: str) -> frozenset[str]:
    return frozenset(word.rstrip("s") for word in re.findall(r"[a-z0-9.+]+", name.lower()))
