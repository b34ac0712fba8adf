"""General devices ("a mobile device", "128 GPUs"): which of them the paper's own results are tied to."""

import re
from functools import cache
from typing import NamedTuple

from agent.rules.hardware_counts import count_of
from agent.rules.hardware_names import Mention
from agent.rules.hardware_roles import role_of
from agent.rules.hardware_setting import Setting, has_experiment, has_number
from agent.rules.hardware_words import lines_of

_PLACED = re.compile(
    r"\b(?:on|using|with|over|across|than|to|against|in|by|for|versus|vs\.?|and|or|both|of|including|outperform\w*|into|from|between|via|,|per)"
    r"(?: (?:a|an|the|single|one|only|just|both|its|our|any|real|actual|common|various|different|multiple|several|two|three|four|up to|same|target|all|diverse|typical|given|current|recent|real-world|popular|regular|generic|of|as little as|optimi[sz]ed|modest|serial|parallel|original|today's|\d[\d,]*(?:GB| GB|k|K)?|powerful))*"
    r" ?\(?$",
    re.IGNORECASE,
)
_LOCATED = re.compile(
    r"\b(?:on|using|with|across|over|in)(?: (?:a|an|the|single|one|both|our|up to|same|real|actual|various|different|several|multiple|only|target|\d[\d,]*|[\w-]+(?:ly)?))?(?: (?:[\w-]+))? ?$",
    re.IGNORECASE,
)
_AFTER_WORD = re.compile(r"(?:/[\w ]{0,8})? ?\(?([A-Za-z]+)")
_VAGUE_COUNT = re.compile(
    r"\b(?:thousands|hundreds|tens|dozens|many|more|fewer|numerous|number|amount|generation|all|each|per|every|individual|other|these|between|such) (?:of )?(?:\w+ )?(?:of )?$",
    re.IGNORECASE,
)
_TITLE_DEVICE = re.compile(
    r"\b(?:on|for|using|with|in|to|by|via|at|and)\b[^:?]{0,50}$|^(?:a |an |the )?$", re.IGNORECASE
)
_CRAFT = re.compile(
    r"-(?:based|accelerated|dedicated|enabled|efficient|optimi[sz]ed|powered|resident|friendly|specialized)\b",
    re.IGNORECASE,
)


class Following(NamedTuple):
    """The words that may follow a device noun, by what they make of it."""

    topic: frozenset[str]
    form: frozenset[str]


@cache
def following() -> Following:
    """Read the following words once."""
    lists = {head[0]: frozenset(words) for head, words in lines_of("device_topics.txt")}
    return Following(lists["topic"], lists["form"])


def rule_for(mention: Mention, setting: Setting, title_kinds: frozenset[str]) -> str | None:
    """The name of the rule by which a general device belongs to the paper's own results, or None.

    `title_kinds` are the kinds of device that the title says the work is for.
    """
    if mention.sentence.in_title or _is_topic(mention):
        return None
    sentence = mention.sentence
    if setting.is_background(sentence) or setting.is_motivation(sentence):
        return None
    text = sentence.text
    before = text[: mention.run[0]]
    if _VAGUE_COUNT.search(before):
        return None
    if role_of(mention) == "baseline" and (has_number(text) or re.search(r"compar|outperform|faster|better", text)):
        return "compared"
    counted = count_of(mention)
    placed = _PLACED.search(before) is not None
    if counted and (has_number(text) or has_experiment(text)) and placed:
        return "counted"
    if placed and has_number(text):
        return "measured"
    if _form(mention) and has_number(text):
        return "measured"
    if placed and _LOCATED.search(before) and has_experiment(text) and setting.is_own(sentence) and setting.about_speed:
        return "placed"
    if mention.kind in title_kinds and setting.is_own(sentence) and setting.about_speed and (placed or _form(mention)):
        return "title"
    return None


def title_kinds(mentions: list[Mention]) -> frozenset[str]:
    """The kinds of general device that a title says the work is for: "… on GPUs", "GPU-accelerated …"."""
    kept = set()
    for mention in mentions:
        text = mention.sentence.text
        crafted = _CRAFT.match(text, mention.run[1])
        if (crafted or _TITLE_DEVICE.search(text[: mention.run[0]])) and (crafted or not _is_topic(mention)):
            kept.add(mention.kind)
    return frozenset(kept)


def _is_topic(mention: Mention) -> bool:
    text, (start, end) = mention.sentence.text, mention.run
    if text[start - 1 : start] in ("-", "/") or mention.name.endswith("'s"):
        return text[start - 1 : start] == "-" or not re.search(r"(?:CPU|GPU|TPU|FPGA|NPU)/$", text[:start])
    if text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha():
        return True
    if text[end : end + 2] == "'s":
        return True
    follower = _AFTER_WORD.match(text, end)
    return follower is not None and follower[1] in following().topic and text[end : end + 2] != " ("


def _form(mention: Mention) -> bool:
    follower = _AFTER_WORD.match(mention.sentence.text, mention.run[1])
    return follower is not None and follower[1] in following().form
