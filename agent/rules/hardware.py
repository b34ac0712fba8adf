"""The devices of a page: every mention is found, judged, and joined with the others of the same device."""

import re
from dataclasses import dataclass, replace
from itertools import islice

from agent.claims import Claim
from agent.rules.hardware_counts import count_of, memory_of
from agent.rules.hardware_general import general_devices, title_device
from agent.rules.hardware_names import Mention, mentions_in
from agent.rules.hardware_own import own_machines
from agent.rules.hardware_roles import role_of
from agent.rules.hardware_runs import names_a_device
from agent.rules.hardware_setting import Setting
from agent.rules.page import Page, Sentence
from schemas import HardwareAnswer
from schemas.vocabulary import HardwareKind, Role

_RANK: dict[Role, int] = {"evaluated": 0, "baseline": 1, "target": 2}
_CUSTOM: frozenset[HardwareKind] = frozenset({"fpga", "asic"})
_MACHINES = re.compile(
    r"\b(?:super-?computer|exascale|petascale|[Pp]eta[Ff]lop|HPC|nodes|cores|GPUs|MPI|processors|leadership)",
    re.IGNORECASE,
)
_CHIPS = re.compile(r"\b(?:GPUs?|NVIDIA|Nvidia|CUDA|GPGPUs?|graphics|Apple|TPUs?|Jetson|FPGAs?|CPUs?)\b")
_ON = re.compile(
    r"(?:\b(?:on|using|with|and|or|for|than|over|single|of|the|an?|at|both|to|vs\.?|versus)|[(,/]"
    r"|\d(?:x|times)?|\btimes\$?)[ $]*$"
)
_ON_MACHINE = re.compile(
    r"(?:\b(?:on|using|of|at|and|supercomputers?|OLCF's|system|machine|cluster|supercomputer,"
    r"|computers?)(?: the)?|,|\() ?$"
)
_CLASSES = frozenset(
    [
        "desktop",
        "laptop",
        "cloud",
        "edge",
        "server",
        "consumer",
        "center",
        "centre",
        "datacenter",
        "integrated",
        "discrete",
    ]
)
_UNITS = frozenset({"CPU", "DSP", "NPU", "GPU"})
_PARTS = frozenset({"gpu", "cpu", "phone", "device", "smartphone", "tablet"})
_ALIAS = re.compile(r"(?:Phi|[Pp]rocessors?|Coprocessors?)(?: \w{2,6})? \($")
_NEEDED = re.compile(
    r"\b(?:requir(?:e|es|ed|ing)|needs?|needed|demands?)(?: (?:at least|about|up to|over))?(?: [\d,]+)? $"
)
_NEED_HINTS = ("requir", "need", "demand")
_CONJUNCTION = re.compile(r"(?:'s| ?[,/]| and| or|,? and|, or) ?(?:an? |the )?(?:\d[\d,]* )?")


_LEADERSHIP = re.compile(r"[Ss]uper-?computer|\bnodes\b|Oak Ridge|OLCF|[Ll]eadership|Cray|[Pp]etascale")
_PART_COUNT = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:,\d{3})*|\d{4,6})-GPUs? (?:scale|runs?|training|setups?|configurations?|jobs?)\b"
)
_OWN_CLASS = re.compile(r"(?:laptop|workstation|desktop|PC|personal computer|notebook)s?$")
_MOST = 200
"""No abstract names devices more often; the comparison of all with all ends here for hostile text."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A mention that counts, with all that its place in the text says."""

    mention: Mention
    rule: str
    kind: HardwareKind
    count: int | None
    memory: float | None
    role: Role


def find_hardware(page: Page) -> list[Claim[HardwareAnswer]]:
    """Find the devices that a page's own results belong to, in the order of the text, title last."""
    setting = Setting(page)
    read = [s for s in page.sentences if names_a_device(s) and (not setting.is_background(s) or setting.has_number(s))]
    mentions = list(islice((mention for sentence in read for mention in mentions_in(sentence)), _MOST))
    titled = mentions_in(page.title_sentence)[:_MOST] if names_a_device(page.title_sentence) else []
    precise = [(m, kind) for m, kind in _with_kinds(mentions + titled) if _is_precise(m, page, setting)]
    places = frozenset(m.place for m, _ in precise if not m.sentence.in_title)
    found = general_devices(mentions, titled, setting, precise=places)
    ours = [*precise, *((m, m.kind) for m, rule in found if rule != "compared")]
    evaluated = {kind for m, kind in ours if role_of(m) != "baseline"}
    own = list(own_machines(setting, frozenset(evaluated), frozenset(m.name for m, _ in precise)))
    built = any(claim.item.kind == "asic" for claim in own)
    if built:
        found = general_devices(mentions, titled, setting, built=True)
    general = [(m, rule) for m, rule in found if not any(_is_named_by(m, other, kind) for other, kind in precise)]
    kept = [(m, kind, f"family:{m.family}") for m, kind in precise] + [
        (m, m.kind, f"general:{rule}") for m, rule in general
    ]
    if not kept and not own and (device := title_device(titled, setting)) is not None:
        kept = [(device, device.kind, "title")]
    custom = built or any(kind in _CUSTOM and role_of(m) == "evaluated" for m, kind, _ in kept)
    sightings = [_sighting(m, kind, rule, custom=custom) for m, kind, rule in kept]
    claims = _with_counts([_claim(same) for same in _devices(sightings)], [*titled, *(m for m, _ in found)], read)
    return sorted([*claims, *own], key=lambda claim: (claim.in_title, claim.start))


def _with_kinds(mentions: list[Mention]) -> list[tuple[Mention, HardwareKind]]:
    """Devices joined by "and" share the machine that the last one names: "A100 and H100 DGX systems"."""
    kinds: list[HardwareKind] = [m.kind for m in mentions]
    for at, mention in enumerate(mentions):
        if mention.name == "Titan" and _LEADERSHIP.search(mention.sentence.text):
            kinds[at] = "system"
    for at in range(len(mentions) - 2, -1, -1):
        one, two = mentions[at], mentions[at + 1]
        if one.sentence is two.sentence and one.precision == two.precision == "model" and kinds[at + 1] == "system":
            between = one.sentence.text[one.run[1] : two.run[0]]
            if one.family == two.family and _CONJUNCTION.fullmatch(between) and not one.family.startswith("super"):
                kinds[at] = "system"
    return list(zip(mentions, kinds, strict=True))


def _is_precise(mention: Mention, page: Page, setting: Setting) -> bool:
    if mention.precision != "model":
        return False
    if setting.is_background(mention.sentence) and not setting.is_result(mention.sentence):
        return False
    if mention.doubtful and (mention.sentence.in_title or mention.name in setting.own_names):
        return False
    if setting.is_motivation(mention.sentence) and not setting.has_number(mention.sentence):
        return False
    before = mention.before
    if any(hint in before for hint in _NEED_HINTS) and _NEEDED.search(before) and not setting.is_own(mention.sentence):
        return False
    if mention.family.startswith("intel") and _ALIAS.search(before):
        return False
    if not mention.doubtful:
        return True
    if mention.family == "supercomputer":
        return bool(_ON_MACHINE.search(before) and _MACHINES.search(page.abstract))
    return bool(_ON.search(before) and _CHIPS.search(page.abstract + page.title))


def _is_named_by(mention: Mention, other: Mention, kind: HardwareKind) -> bool:
    """Whether `other`, of this kind, is the more precise name of the same device."""
    near = other.sentence is mention.sentence
    if near and kind != mention.kind and _joined(mention, other):
        return False
    if mention.precision == "vendor" and not _same_maker(mention, other):
        return False
    part = mention.key.upper().removesuffix("S")
    if part in _UNITS and mention.kind != "gpu" and (mention.kind == "mobile" or kind != mention.kind):
        return part in other.name
    if kind == mention.kind:
        count, its_count = count_of(mention), count_of(other)
        if mention.kind == "system":
            if _OWN_CLASS.search(mention.name):
                apart = max(other.run[0] - mention.end, mention.start - other.end)
                return other.family == "apple_mac" or (near and apart < 14)
            return mention.precision != "vendor" and (near or role_of(mention) == role_of(other))
        return not (count and count > 1 and count != its_count and (its_count == 1 if not near else its_count))
    if mention.kind in ("system", "other", "mobile", "edge_board") and near:
        return mention.precision != "vendor"
    if mention.kind in ("other", "mobile"):
        return kind in ("edge_board", "mobile", "microcontroller")
    if mention.name.lower() == "cores":
        return kind in ("cpu", "gpu", "system")
    return mention.kind == "gpu" and near and kind in ("edge_board", "system") and not count_of(mention)


def _same_maker(mention: Mention, other: Mention) -> bool:
    """Whether a device known by its maker alone can be the one that a model names."""
    maker = mention.name.split()[0].lower()
    return maker in other.name.lower() or other.family.startswith(mention.family.split("_")[0])


def _sighting(mention: Mention, kind: HardwareKind, rule: str, *, custom: bool) -> Sighting:
    special = custom and kind not in _CUSTOM
    return Sighting(mention, rule, kind, count_of(mention), memory_of(mention), role_of(mention, custom=special))


def _devices(sightings: list[Sighting]) -> list[list[Sighting]]:
    """The sightings by device: a key that is part of another of the same family is the same device."""
    groups: list[list[Sighting]] = []
    for sighting in sorted(sightings, key=lambda s: -len(s.mention.key.split())):
        home = next((group for group in groups if _same(group[0], sighting)), None)
        if home is None:
            groups.append([sighting])
        else:
            home.append(sighting)
    return groups


def _shortens(short: str, long: str) -> bool:
    """Whether a key leaves out the beginning or the end of another; a model number alone is complete at its end."""
    return long.endswith(f" {short}") or (long.startswith(f"{short} ") and not any(c.isdigit() for c in short))


def _classes(mention: Mention) -> frozenset[str]:
    """The classes of device that a general name tells apart: "desktop GPU", "cloud GPU"."""
    words = mention.name.lower().replace("-", " ").split()
    return (_CLASSES | _PARTS if mention.kind == "mobile" else _CLASSES).intersection(
        word.rstrip("s") for word in words
    )


def _with_counts(
    claims: list[Claim[HardwareAnswer]], mentions: list[Mention], read: list[Sentence]
) -> list[Claim[HardwareAnswer]]:
    """A lone device takes its count from where it is named in general: "on a single GPU"."""
    counted: dict[HardwareKind, int] = {}
    for mention in mentions:
        if mention.precision != "model" and (count := count_of(mention)) is not None:
            counted[mention.kind] = max(count, counted.get(mention.kind, 0))
    for sentence in read:
        for match in _PART_COUNT.finditer(sentence.text) if "-GPU" in sentence.text else ():
            counted["gpu"] = max(int(match[1].replace(",", "")), counted.get("gpu", 0))
    kinds = [claim.item.kind for claim in claims]
    return [
        replace(claim, item=claim.item.model_copy(update={"count": counted[claim.item.kind]}))
        if claim.item.count != 1
        and counted.get(claim.item.kind, 0) > (claim.item.count or 0)
        and kinds.count(claim.item.kind) == 1
        else claim
        for claim in claims
    ]


def _joined(one: Mention, two: Mention) -> bool:
    """Whether a conjunction sets two devices beside each other: "GPU, CPU, and ARM processors"."""
    if one.sentence is not two.sentence:
        return False
    first, second = sorted((one.run, two.run))
    return _CONJUNCTION.fullmatch(one.sentence.text, first[1], second[0]) is not None


def _same(one: Sighting, two: Sighting) -> bool:
    a, b = one.mention, two.mention
    if a.precision == b.precision == "general" and _classes(a) != _classes(b) and _classes(a) and _classes(b):
        return False
    if a.precision == "model" and b.precision == "model":
        return a.key == b.key or (a.family == b.family and _shortens(b.key, a.key))
    if _joined(a, b):
        return False
    if a.precision == "model" or b.precision == "model" or one.kind != two.kind:
        return False
    if one.kind == "system":
        return a.key == b.key
    return not (a.precision == b.precision == "vendor" and a.name.split()[0].lower() != b.name.split()[0].lower())


def _claim(same: list[Sighting]) -> Claim[HardwareAnswer]:
    role = min((s.role for s in same), key=_RANK.__getitem__)
    best = max(
        same,
        key=lambda s: (
            s.mention.precision == "vendor",
            _fullness(s),
            not s.mention.sentence.in_title,
            -s.mention.place,
        ),
    )
    counts = [s.count for s in same if s.count is not None]
    memories = [s.memory for s in same if s.memory is not None]
    item = HardwareAnswer(
        name=best.mention.name,
        kind=best.kind,
        count=max(counts) if counts else None,
        memory_gb=max(memories) if memories else None,
        role=role,
    )
    return Claim(item, f"hardware.{best.rule}", best.mention.place, best.mention.sentence.in_title)


def _fullness(sighting: Sighting) -> tuple[bool, int, bool]:
    name = sighting.mention.name
    return (
        sighting.count is not None and sighting.mention.precision != "model",
        len(name.replace("-", " ").split()),
        name.endswith("s"),
    )
