"""The names that a paper gives to its own work, so that it is never compared with itself."""

import re
from itertools import takewhile

from agent.rules.baselines_tokens import Token, tokens_of
from agent.rules.baselines_words import is_proper, is_shaped
from agent.rules.page import Page

_TITLE = re.compile(r"^\s*[\"“'`]?([^:\s]+(?: [^:\s]+){0,4}?)\s*[\"”'`]?(?::| - | -- | — | – )")
_NAMED = re.compile(
    r"\b(?:propos|present|introduc|develop|describ|design|releas|call|nam|dub|dubb|term|termed|denot|creat"
    r"|refer|abbreviat|presenting)(?:e|es|ed|ing|s)?\s+(?:(?:as|to|it|them|this|here|in|short|our|method|system|framework"
    r"|model|approach|the|a|an|new|novel|and|namely|by|as)\s+){0,4}"
)
_ACRONYM = re.compile(r"\(\s*(?:called |dubbed |named |or |i\.e\.,? )?([A-Za-z][\w.+-]{1,24}s?)\s*\)")
_OWN_VERB = re.compile(
    r"\b(?:[Ww]e|[Pp]aper|[Ww]ork|[Hh]ere|study|article)\b[^.]{0,60}?\b(?:propose|present|introduce|develop|describe|design|build|release|devise|name|call|term)s?\b"
)
_OURS = re.compile(
    r"\b(?:[Oo]ur|[Tt]he proposed|[Tt]he resulting)\s+(?:(?:new|novel|proposed|method|methods|system|approach|model|framework|algorithm|tool|library|accelerator|design|architecture|code"
    r"|engine|solver|compiler|network|scheme|technique),?\s+){0,2}([A-Z][\w.+-]*)(?! (?:implementation|baseline|code|version|port|kernel|simulat|counterpart))"
)


def own_names(page: Page) -> frozenset[str]:
    """The paper's own names in lower case: from "X: …" in the title, "we propose X", "called X", "(X)" behind these."""
    found: set[str] = set()
    title = _TITLE.match(page.title)
    if title:
        found.update(_title_name(title.group(1)))
    for sentence in page.sentences:
        text = sentence.text
        for match in _NAMED.finditer(text):
            found.update(_name_at(text, match.end()))
        verb = _OWN_VERB.search(text)
        if verb:
            acronym = _ACRONYM.search(text, verb.end(), verb.end() + 170)
            if acronym and is_proper(acronym.group(1)):
                found.add(acronym.group(1).lower())
        found.update(m.group(1).lower() for m in _OURS.finditer(text) if is_proper(m.group(1)))
    return frozenset(name for name in found if len(name) > 1)


def _title_name(text: str) -> set[str]:
    """The name before a title's colon; a phrase there ("Accelerating BERT: …") is none."""
    words_of = text.split()
    if len(words_of) > 1 and (words_of[0].endswith("ing") or any(w[0].islower() for w in words_of)):
        return set()
    return _names(tokens_of(text, 0))


def _name_at(text: str, at: int) -> set[str]:
    run = list(takewhile(lambda t: is_proper(t.text), tokens_of(text, at, 80)[:4]))
    return _names(run)


def _names(run: list[Token]) -> set[str]:
    """One word is a name as it stands; of several only those that no other paper would write."""
    proper = [t for t in run if is_proper(t.text)]
    if len(run) == 1:
        return {t.low.removesuffix("'s") for t in proper}
    return {t.low.removesuffix("'s") for t in proper if is_shaped(t.text)}


def is_own(word: str, own: frozenset[str]) -> bool:
    """Whether a token is one of the own names or a variant of one: "TinyNet-S" where the paper's own is "TinyNet"."""
    low = word.lower()
    return (
        low in own
        or low.rstrip("s") in own
        or any(low.startswith((name + "-", name + "+", name + "'")) for name in own)
    )
