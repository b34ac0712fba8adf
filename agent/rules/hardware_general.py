"""General devices ("a mobile device", "128 GPUs"): which of them the paper's own results are tied to."""

import re
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from agent.rules.hardware_counts import count_of, memory_of
from agent.rules.hardware_names import Mention
from agent.rules.hardware_roles import role_of
from agent.rules.hardware_setting import Setting, has_experiment
from agent.rules.hardware_words import lines_of
from schemas.vocabulary import HardwareKind

_FILLERS = (
    r"(?: (?:a|an|the|single|one|only|just|both|its|our|any|real|actual|common|various|different"
    r"|multiple|several|two|three|four|"
    r"up to|same|target|all|diverse|typical|given|current|recent|state-of-the-art|real-world|popular"
    r"|regular|generic|of|optimi[sz]ed|modest|"
    r"serial|parallel|original|today's|\d[\d,]*(?:GB| GB|k|K)?|powerful)){0,6} ?\(?$"
)
_PLACED = re.compile(
    r"\b(?:[Oo]n|onto|at|compare[sd]?|comparing|[Uu]sing|[Ww]ith|[Oo]ver|[Aa]cross|than|to|[Ii]n|[Bb]y"
    r"|[Ff]or|hardware|platforms"
    r"|devices|processors|architectures|such as|"
    r"including|like|versus|vs\.?|both|of|outperform\w*)" + _FILLERS,
)
_LOCATED = re.compile(r"\b(?:[Oo]n|[Uu]sing|[Ww]ith|[Aa]cross|[Oo]ver|[Ii]n)(?: [\w-]+){0,3} ?$")
_ACTS = re.compile(
    r" (?:are|is|was|were|achieves?|achieved|outperforms?|provides?|provided|offers?|delivers?|shows?"
    r"|reach(?:es)?|performs?|runs?|gives?|yields?|takes?)\b"
)
_MOVED = re.compile(
    r"\b(?:between|from|offload\w*|transfer\w*|communicat\w*|mov(?:e|es|ed|ing)|cop(?:y|ies|ied|ying)"
    r"|swap\w*|host|through)\b[^,;]{0,50}$"
)
_MOVE_HINTS = ("between", "from", "offload", "transfer", "communicat", "mov", "cop", "swap", "host", "through")
_TESTED = re.compile(r"\b(?:[Ee]xperiment|[Ee]valuat|[Mm]easure|[Bb]enchmark|[Tt]ested|[Pp]rofil)")
_AFTER_WORD = re.compile(r"(?:/[\w ]{0,8})? ?\(?([A-Za-z]+)")
_VAGUE = re.compile(
    r"\b(?:thousands|hundreds|tens|dozens|many|more|fewer|numerous|number|amount|generation|all|each"
    r"|per|every|individual|"
    r"other|these|between|such|most|those|additional|idle|unlike|without)(?: of)?(?: \w+)?(?: of)? $",
)
_TITLE_PLACE = re.compile(
    r"\b(?:on|for|using|with|in|to|by|via|at|and|harnessing|leveraging|exploiting|utilizing)\b[^:?]{0,50}$"
    r"|^(?:a |an |the )?$",
    re.IGNORECASE,
)
_TITLE_END = re.compile(
    r"\s*(?:$|[:,;.?)(]|\b(?:with|for|using|via|by|and|in|to|through|under|from|without|at|or|within|is|are|of)\b)"
)
_CRAFT = re.compile(
    r"[- ](?:based|accelerated|dedicated|enabled|efficient|optimi[sz]ed|powered|resident|specialized)\b", re.IGNORECASE
)
_DETAIL = re.compile(r"\d|core|socket|node|thread|server|cluster|PC\b|desktop|laptop|mobile")
_OTHERS_CODE = re.compile(
    r"(?:,? (?:and|or) (?:\w+ )?(?:GPU|CPU|FPGA|ASIC|TPU)s?|/(?:GPU|CPU"
    r"|FPGA)s?)?(?:-based)? (?:\w+ )?(?:implementations?|solutions?|versions?|counterparts?|methods?"
    r"|approaches|accelerators?|libraries|designs?)\b"
)
_PAIRED = re.compile(r"[A-Za-z]-(?:GPU|CPU|FPGA)|(?:GPU|CPU|FPGA|SSD)-[A-Za-z]")
_SLASHED = re.compile(r"(?:CPU|GPU|TPU|FPGA|NPU)s?/$")
_COORDINATED = re.compile(
    r"(?:'s| ?[,/]| and| or|,? and|, or| as well as| \() ?(?:\([\w ]{1,40}\) )?(?:an? |the )?(?:\d[\d,]* )?"
)


_WEAK = frozenset({"title", "made"})


_SMALL: frozenset[HardwareKind] = frozenset({"mobile", "microcontroller", "edge_board", "npu", "fpga"})
_MODEST = re.compile(
    r"consumer|commodity|low-end|desktop|laptop|mobile|edge|off-the-shelf|affordable|low-cost|smartphone"
)
_FOLLOWS = re.compile(r"(?:This|These|It|Thus|Hence|Therefore|As a result|In this way|Thereby)\b")
_EQUIPPED = re.compile(r" ?(?:\(\w+\) )?(?:equipped|fitted|outfitted) with\b")
_INTERNAL = re.compile(r"\bthe CPUs?$")
_PARTS = frozenset({"cpu", "gpu", "dsp", "npu"})
_ONLY_COUNTED = frozenset({"node", "nodes", "cores", "instance", "instances", "computer", "computers"})
_MADE_FOR = re.compile(
    r"\b(?:designed|tuned|tailored|optimi[sz]ed|targeted|targeting|target|made|deploy\w*|compil\w+|suitable|suited"
    r"|intended|specialized) (?:\w+ )?(?:for|to|at|towards?)?(?: [\w-]+){0,3} ?$"
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


def general_devices(
    mentions: list[Mention],
    titled: list[Mention],
    setting: Setting,
    *,
    precise: frozenset[int] = frozenset(),
    built: bool = False,
) -> list[tuple[Mention, str]]:
    """The general devices of the abstract that results are tied to, each with the rule that says so.

    `precise` are the places of the devices known by their model. `built`: the paper builds its own chip, so that
    general devices are only what that is compared with.
    """
    kinds = frozenset(mention.kind for mention in titled if _is_aim(mention))
    judge = _compared_with_chip if built else rule_for
    rules = [judge(mention, setting, kinds) for mention in mentions]
    for at in (*range(1, len(mentions)), *range(len(mentions) - 2, -1, -1)):
        for near in (at - 1, at + 1):
            if not 0 <= near < len(mentions):
                continue
            known = "precise" if not built and mentions[near].place in precise else rules[near]
            if rules[at] is None and known not in (None, *_WEAK) and _coordinated(mentions[at], mentions[near]):
                rules[at] = "joined"
    mentions = _sharing_mobile(mentions)
    return [(mention, rule) for mention, rule in zip(mentions, rules, strict=True) if rule]


def _sharing_mobile(mentions: list[Mention]) -> list[Mention]:
    """Parts of one phone share its kind: GPU and DSP in "mobile CPU/GPU/DSP"."""
    shared = mentions[:1]
    for one in mentions[1:]:
        last = shared[-1]
        part = last.kind == "mobile" and last.precision != "model" and last.key in _PARTS and " " not in one.name
        mobile = part and one.key in _PARTS and _coordinated(one, last)
        shared.append(replace(one, kind="mobile") if mobile else one)
    return shared


def _compared_with_chip(mention: Mention, setting: Setting, _: frozenset[HardwareKind]) -> str | None:
    if mention.precision == "model" or _is_topic(mention) or setting.is_background(mention.sentence):
        return None
    compared = role_of(mention, custom=True) == "baseline" and mention.kind != "asic"
    return "compared" if compared and setting.has_number(mention.sentence) else None


def title_device(titled: list[Mention], setting: Setting) -> Mention | None:
    """The device that a title says the work is for: "… on GPUs", "GPU-accelerated …"."""
    for mention in titled:
        crafted = _CRAFT.match(mention.after) is not None
        if not mention.doubtful and _is_aim(mention) and (setting.claims_speed or not crafted):
            return mention
    return None


def rule_for(mention: Mention, setting: Setting, title_kinds: frozenset[HardwareKind]) -> str | None:
    """The name of the rule by which a general device belongs to the paper's own results, or None.

    `title_kinds` are the kinds of device that the title says the work is for.
    """
    sentence, before = mention.sentence, mention.before
    if mention.precision == "model" or setting.is_background(sentence):
        return None
    if _is_topic(mention) and not (mention.kind == "fpga" and _CRAFT.match(mention.after)):
        return None
    if _VAGUE.search(before[-60:]) or setting.is_motivation(sentence):
        return None
    measured = setting.has_number(sentence)
    if mention.name.lower() in _ONLY_COUNTED and not count_of(mention):
        return None
    if role_of(mention) == "baseline":
        return "compared" if not _is_code_of_others(mention) and (measured or has_experiment(before)) else None
    placed = _PLACED.search(before[-90:]) is not None
    if placed and count_of(mention) and (measured or setting.has_experiment(sentence)):
        return "counted"
    near = before[-70:]
    if any(hint in near for hint in _MOVE_HINTS) and _MOVED.search(near):
        return None
    located = _LOCATED.search(before[-60:]) is not None
    subject = _ACTS.match(mention.after) is not None
    if (placed or located or subject or _form(mention)) and (measured or memory_of(mention)):
        return "measured"
    if placed and _TESTED.search(before):
        return "tested"
    return _weaker(mention, setting, title_kinds, placed=placed, located=located)


def _weaker(
    mention: Mention, setting: Setting, title_kinds: frozenset[HardwareKind], *, placed: bool, located: bool
) -> str | None:
    sentence, before = mention.sentence, mention.before
    own = setting.is_own(sentence)
    meant = mention.kind in _SMALL or _MODEST.search(mention.name) is not None
    if meant and (own or _FOLLOWS.match(sentence.text)):
        aimed = located and (mention.kind in _SMALL or role_of(mention) == "target")
        if aimed or (own and _MADE_FOR.search(before)):
            return "made for"
    if not own:
        return None
    if placed and located and setting.about_speed and not _is_internal(mention):
        return "placed"
    if mention.precision == "vendor" and (placed or located):
        return "maker"
    if mention.kind in title_kinds and setting.about_speed and (placed or _form(mention)):
        return "title"
    if mention.kind == "fpga" and _CRAFT.match(mention.after):
        return "crafted" if setting.claims_speed else None
    return "made" if _form(mention) and setting.claims_speed and mention.kind != "system" else None


def _is_internal(mention: Mention) -> bool:
    """Whether a device is part of another one: "the CPU", "a host equipped with"."""
    if "CPU" in mention.name and _INTERNAL.search(mention.before + mention.name):
        return True
    return _EQUIPPED.match(mention.after) is not None


def _is_code_of_others(mention: Mention) -> bool:
    """Whether a bare device only says what kind of program is compared: "over CPU and GPU implementations"."""
    return (
        mention.precision == "general" and not _DETAIL.search(mention.name) and bool(_OTHERS_CODE.match(mention.after))
    )


def _is_aim(mention: Mention) -> bool:
    text = mention.sentence.text
    if _CRAFT.match(text, mention.run[1]):
        return True
    placed = _TITLE_PLACE.search(mention.before) is not None and _TITLE_END.match(mention.after) is not None
    return placed and not _is_topic(mention)


def _coordinated(one: Mention, two: Mention) -> bool:
    if one.sentence is not two.sentence or one.precision == "model" or _is_topic(one):
        return False
    first, second = sorted((one.run, two.run))
    return _COORDINATED.fullmatch(one.sentence.text, first[1], second[0]) is not None


def _is_topic(mention: Mention) -> bool:
    text, (start, end) = mention.sentence.text, mention.run
    if text[start - 1 : start] == "-" or _PAIRED.search(mention.name):
        return True
    if text[start - 1 : start] == "/" and not _SLASHED.search(mention.before):
        return True
    if (
        mention.name.endswith("'s")
        or text[end : end + 2] == "'s"
        or (text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha() and text[end + 1].isascii())
    ):
        return True
    follower = _AFTER_WORD.match(text, end)
    if mention.kind == "asic" and _form(mention):
        return True
    if follower is None or text[end : end + 2] == " (":
        return False
    return follower[1] in following().topic and not (mention.precision == "vendor" and follower[1].startswith("archit"))


def _form(mention: Mention) -> bool:
    follower = _AFTER_WORD.match(mention.sentence.text, mention.run[1])
    return follower is not None and follower[1] in following().form
