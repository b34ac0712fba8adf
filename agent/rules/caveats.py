"""Caveats: the passages in which an abstract limits its own results."""

import re

from agent.claims import Claim
from agent.rules.caveats_context import Context
from agent.rules.caveats_cues import Cue, cues
from agent.rules.page import Page, Sentence
from schemas import CaveatAnswer

__all__ = ["find_caveats"]

_NEAR = 60
_LONGEST = 200
_END = re.compile(
    r"[;:]\s|,\s|\s(?:while|whereas|although|but|which|thereby|making|compared|and (?:thus|can|achieves?|outperforms?"
    r"|is|are|we|has|have|demonstrates?|shows?))\b|\s--|\s—|\s–\s"
)
_GOES_ON = re.compile(r"\s(?:that|which|with|where|whose|of|and|or|having|containing)\b")
_LEAD = re.compile(
    r"\b(?:(?:with|for|at|by|despite|incurring|incurs|causing|adding|adds|while|maintaining|keeping|using|in|on"
    r"|through|via|from|are|is) )?(?:(?:only|just|about|around|approximately|roughly|nearly|a|an|the|our|both|extensive"
    r"|relative|absolute|average|maximum|accuracy|quality|performance|model|[~$]?\d[\d.,]{0,8}\s?(?:x|times|\$?\\times\$?|\\?%"
    r"|percent)) ){0,4}$"
)
_Passage = tuple[int, int, Cue]


def find_caveats(page: Page) -> list[Claim[CaveatAnswer]]:
    """The caveats of an abstract in the order of the text, none overlapping another.

    Each comes with the cue that made it (`caveats.<kind>: <cue>`) and begins where its quote does.
    """
    context = Context(page, _lowered(page.abstract))
    claims: list[Claim[CaveatAnswer]] = []
    end, simulated = 0, -1
    for index in range(context.own_from, len(page.sentences)):
        passages = _passages(context, page.sentences[index], index)
        for start, stop, cue in sorted(passages, key=lambda passage: (passage[0], passage[2].rank)):
            if start >= end and not (cue.kind == "simulation" and simulated == index):
                answer = CaveatAnswer(quote=page.abstract[start:stop], kind=cue.kind)
                claims.append(Claim(answer, f"caveats.{cue.kind}: {cue.name}", start))
                end = stop
                simulated = index if cue.kind == "simulation" else simulated
    return claims


def _lowered(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _passages(context: Context, sentence: Sentence, index: int) -> list[_Passage]:
    spoken = sentence.plain.lower().split(" ")
    due = _due(set(spoken))
    if not due:
        return []
    text, passages, after, stop = context.lower, [], sentence.start, sentence.end
    for word in spoken:
        at, after = after, after + len(word) + 1
        for cue in due.get(word, ()):
            match = cue.pattern.match(text, at, stop)
            if match and _holds(context, cue, index, at):
                start = _start(text, cue, sentence, at)
                passages.append((start, _end(text, cue, sentence, match.end()), cue))
    return passages


def _due(words: set[str]) -> dict[str, list[Cue]]:
    """The cues to try in a sentence of these words, by trigger word."""
    alone, accompanied = cues()
    due = {word: list(alone[word]) for word in words & alone.keys()}
    for cue in {cue for word in words & accompanied.keys() for cue in accompanied[word]}:
        for trigger in cue.triggers & words:
            due.setdefault(trigger, []).append(cue)
    return due


def _holds(context: Context, cue: Cue, index: int, at: int) -> bool:
    sentence = context.page.sentences[index]
    near = context.lower[max(sentence.start, at - _NEAR) : at]
    if cue.requires and not cue.requires.search(near):
        return False
    if cue.not_after and cue.not_after.search(near):
        return False
    if cue.unless and cue.unless.search(context.clause_before(sentence, at)):
        return False
    if cue.kind == "trade_off" and context.lessened(sentence, at):
        return False
    return context.fits(cue.needs, index) and not context.speaks_of_others(sentence, at)


def _start(text: str, cue: Cue, sentence: Sentence, at: int) -> int:
    if not cue.takes_lead:
        return at
    floor = max(sentence.start, at - _NEAR)
    required = cue.requires.search(text[floor:at]) if cue.requires else None
    at = floor + required.start() if required else at
    lead = _LEAD.search(text[floor:at])
    at = floor + lead.start() if lead else at
    return at + len(text[at : at + 2]) - len(text[at : at + 2].lstrip())


def _end(text: str, cue: Cue, sentence: Sentence, at: int) -> int:
    ceiling = min(sentence.end, at + _LONGEST)
    if cue.reach == "match" or (cue.reach == "phrase" and not _GOES_ON.match(text, at, ceiling)):
        return at
    brk = _END.search(text, at + 1 if cue.reach == "phrase" else at, ceiling)
    end = brk.start() if brk else ceiling
    return at + len(text[at:end].rstrip(" .,;:!?\n"))
