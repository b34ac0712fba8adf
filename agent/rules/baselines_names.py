"""The names that a paper gives to its own work, so that it is never compared with itself."""

import re
from collections.abc import Sequence
from itertools import takewhile

from agent.rules.baselines_tokens import Token, Tokens
from agent.rules.baselines_words import is_proper, is_shaped
from agent.rules.page import Page

_TITLE = re.compile(r"\s*[\"“'`]?([^:\s]+(?: [^:\s]+){0,4}?)\s*[\"”'`]?(?::| - | -- | — | – )")
_SHOWING = ("propos", "present", "introduc", "develop", "describ", "design", "releas")
_NAMING = (*_SHOWING, "call", "nam", "dub", "term", "denot", "creat", "refer", "abbreviat")
_BY_OTHERS = ("recently ", "previously ", "originally ", "earlier ", "existing ", "commonly ", "widely ")
_OWNERS = ("our ", "the proposed", "the resulting ")
NAME_STEMS = (*_NAMING, *_OWNERS)
"""What the words begin with that give the paper's own work a name."""
_NAMED = re.compile(
    r"[A-Za-z]{3,14}\s+(?:(?:as|to|it|them|this|here|in|short|our|method|system|framework|model|approach|the|a|an|new"
    r"|novel|and|namely|by)\s+){0,4}"
)
_REACH = 160
_ACRONYM = re.compile(r"[^.]{0,160}?\(\s*(?:called |dubbed |named |or |i\.e\.,? )?([A-Za-z][\w.+-]{1,24})\s*\)")
_SPEAKER = re.compile(r"\b(?:we|paper|work|here|study|article)\b[^.]*$")
_OURS = re.compile(
    r"(?i:our|the proposed|the resulting)\s+"
    r"(?:(?:new|novel|proposed|methods?|system|approach|model|framework|algorithm|tool|library|accelerator|design"
    r"|architecture|code|engine|solver|compiler|network|scheme|technique),?\s+){0,2}"
    r"([A-Z][\w.+-]*)(?! (?:implementation|baseline|code|version|port|kernel|simulat|counterpart))"
)


def own_names(page: Page, low: str, places: Sequence[tuple[str, int]]) -> frozenset[str]:
    """The paper's own names in lower case: from "X: …" in the title, "we propose X", "called X", "(X)" behind these.

    The abstract is given also in lower case and by the places of its stems.
    """
    text = page.abstract
    found: set[str] = set()
    title = _TITLE.match(page.title)
    if title:
        found.update(_title_name(title.group(1)))
    for stem, at in places:
        if stem in _NAMING:
            found.update(_presented(text, low, at, acronym=stem in _SHOWING))
        elif stem in _OWNERS:
            ours = _OURS.match(text, at)
            if ours and is_proper(ours.group(1)):
                found.add(ours.group(1).lower())
    return frozenset(name for name in found if len(name) > 1)


def _presented(text: str, low: str, at: int, acronym: bool) -> set[str]:
    """The name that follows "propose" or "called", and the abbreviation in brackets behind "we propose …"."""
    verb = _NAMED.match(text, at, at + 80)
    if not verb or low.endswith(_BY_OTHERS, 0, at):
        return set()
    word = text[verb.end() : verb.end() + 30].split(" ", 1)[0]
    found: set[str] = set()
    if not word.islower() or is_proper(word.rstrip(",.:;")):
        found = _names(list(takewhile(lambda t: is_proper(t.text), _first(text, verb.end()))))
    bracketed = acronym and text.find("(", verb.end(), verb.end() + _REACH) >= 0
    if bracketed and _SPEAKER.search(low, max(0, at - 70), at):
        short = _ACRONYM.match(text, verb.end())
        if short and is_proper(short.group(1)):
            found.add(short.group(1).lower())
    return found


def _first(text: str, at: int) -> tuple[Token, ...]:
    return Tokens(text, at, min(len(text), at + 80)).span(0, 4)


def _title_name(text: str) -> set[str]:
    """The name before a title's colon; a phrase there ("Accelerating BERT: …") is none."""
    parts = text.split()
    if parts[0].lower() in {"the", "a", "an"}:
        return set()
    if len(parts) > 1 and (parts[0].endswith("ing") or any(part[0].islower() for part in parts)):
        return set()
    return _names(Tokens(text, 0, len(text)).span(0, 8))


def _names(run: Sequence[Token]) -> set[str]:
    """One word is a name as it stands; of several only those that no other paper would write."""
    if len(run) == 1:
        return {t.without_owner().low for t in run if is_proper(t.text)}
    return {t.without_owner().low for t in run if is_shaped(t.text)}


def is_own(word: str, own: frozenset[str]) -> bool:
    """Whether a token is one of the own names or a variant of one: "TinyNet-S" where the paper's own is "TinyNet"."""
    low = word.lower()
    if low in own or low.rstrip("s") in own:
        return True
    return any(low.startswith(name) and low[len(name)] in "-+'’" for name in own if len(low) > len(name))
