"""Machines that the paper itself builds: "X, a hardware accelerator for …", "X is a supercomputer"."""

import re
from collections.abc import Iterator

from agent.claims import Claim
from agent.rules.hardware_setting import Setting, has_number
from agent.rules.page import Sentence
from schemas import HardwareAnswer
from schemas.vocabulary import HardwareKind, Role

_CHIP = (
    r"(?:accelerators?|co-?processors?|ASIC|micro-?architecture|hardware architecture|processing-in-memory|in-memory|"
    r"processing-in-\w+|near-data|in-storage|PIM|hardware design|hardware engine"
    r"|hardware-software co-?design|hardware/software co-?design|algorithm-hardware co-?design"
    r"|systolic array)"
)
_TITLE_CHIP = re.compile(
    r"\b(?:[Aa]ccelerator|[Cc]o-?[Pp]rocessor|ASIC|[Mm]icroarchitecture|[Ii]n-[Mm]emory [Aa]\w+"
    r"|[Pp]rocessing-[Ii]n-[Mm]emory|PIM)\b"
)
_CHIP_HINTS = (
    "accelerator",
    "coprocessor",
    "co-processor",
    "ASIC",
    "microarchitecture",
    "micro-architecture",
    "hardware",
    "in-memory",
    "processing-in-",
    "PIM",
    "near-data",
    "in-storage",
    "systolic array",
)
_SPEAKERS = frozenset({"we", "We", "paper", "Paper", "work", "Work", "article", "Article", "here", "Here"})
_CHIP_WORD = re.compile(_CHIP)
_PROPOSED = re.compile(
    rf"\b(?:[Ww]e|[Pp]aper|[Ww]ork|[Aa]rticle|[Hh]ere)\b.{{0,60}}?\b(?:propos|present|introduc|design"
    rf"|develop|describ|build|explor)\w*\b.{{0,120}}?\b{_CHIP}\b"
)
_HARDWARE = re.compile(
    r"\b(?:hardware|ASIC|silicon|synthesi[sz]ed|\d+ ?nm\b|RTL|cycle-accurate|area|mm\^?2|energy"
    r"|in-memory|PIM|memristor\w*|FHE|power)\b"
)
_SHOWN = (
    r"(?:'s \w+)?,? (?:\w+ ){0,2}?(?:achieves?|provides?|delivers?|outperforms?|improves?|reduces?"
    r"|offers?|attains?|accelerates?|speeds?|is|employs?|occupies|utilizes|uses|features|consumes"
    r"|exploits|leverages|integrates|supports|enables|contains|includes|runs|yields?|surpass\w*"
    r"|obtains?|gains?|demonstrates?|can|reaches?|shows?|accelerator)\b"
)
_SOFTWARE = (
    r"(?:framework|simulator|library|compiler|tool|tool-?chain|toolkit|software|language|methodology"
    r"|algorithm|scheduler|runtime|model|benchmark)"
)
_BUILT: frozenset[HardwareKind] = frozenset({"fpga", "asic", "system"})
_MACHINE = r"(?:super-?computers?|[Ss]upercomputer|cluster|HPC system|[Ss]upercomputing system|computer)"
_TITLE_MACHINE = re.compile(
    r"^(?P<name>[A-Z][\w-]*(?: \d+)?)(?::|,) .*\b(?:Super-?[Cc]omputer|[Cc]luster|HPC [Ss]ystem)\b"
)
_MACHINE_HINTS = ("uper-computer", "upercomput", "luster", "HPC", "omputer named", "omputer called")
_NAMED_MACHINE = re.compile(
    rf"\b(?:{_MACHINE},? (?:called|named|dubbed) (?P<called>[A-Z][\w-]*(?: \d+)?)"
    rf"|(?:on|deployed|built|using|at) (?:the |our )?(?P<placed>[A-Z][\w-]*(?: \d)?) {_MACHINE}s?\b)"
)
_WITH_PARTS = re.compile(r"the (?<!\wthe )(?P<called>[A-Z][\w-]*(?: \d)?)(?P<placed>) with \d[\d,]* [\w ]{0,20}GPUs")
_NO_NAME = frozenset(
    [
        "A",
        "An",
        "The",
        "Our",
        "Intel",
        "AMD",
        "NVIDIA",
        "Nvidia",
        "ARM",
        "Arm",
        "IBM",
        "Cray",
        "Google",
        "AWS",
        "Amazon",
        "Azure",
        "Apple",
        "Linux",
        "Beowulf",
        "Hadoop",
        "Spark",
        "GPU",
        "CPU",
        "FPGA",
        "HPC",
        "MPI",
        "Kubernetes",
        "Slurm",
        "Dell",
        "HPE",
        "Xeon",
        "Exascale",
        "Top500",
        "TOP500",
        "US",
        "U",
        "DOE",
        "InfiniBand",
        "Ethernet",
        "European",
        "Cloud",
        "LLM",
        "AI",
        "CUDA",
        "Hadoop",
    ]
)


def own_machines(
    setting: Setting, kinds: frozenset[HardwareKind], known: frozenset[str]
) -> Iterator[Claim[HardwareAnswer]]:
    """The accelerator that a paper builds, where no built device is named for it, and machines known by name only.

    `kinds` are the kinds of device that are evaluated already, `known` the names that are already found.
    """
    if not _BUILT & kinds and (claim := _accelerator(setting)) is not None:
        yield claim
    yield from _machines(setting, known)


def _accelerator(setting: Setting) -> Claim[HardwareAnswer] | None:
    text = setting.page.abstract
    if not setting.own_names or not any(hint in text for hint in _CHIP_HINTS):
        return None
    titled = _TITLE_CHIP.search(setting.page.title) is not None
    if not titled and not any(map(_proposes_a_chip, setting.page.sentences)):
        return None
    if not (_CHIP_WORD.search(text) and _HARDWARE.search(text) and has_number(text)):
        return None
    for name in setting.own_names:
        longer = f"{name} accelerator"
        if longer in text:
            return _claim(longer, text, "asic", "evaluated", "own")
        if _is_shown(name, text, titled=titled and setting.page.title.startswith(name)) and not _is_software(
            name, text
        ):
            return _claim(name, text, "asic", "evaluated", "own")
    return None


def _is_shown(name: str, text: str, *, titled: bool) -> bool:
    """Whether the text says what the machine does; where the title is on an accelerator it need only name it."""
    place = rf"(?<![\w-]){re.escape(name)}"
    return re.search(place + (r"(?![\w-])" if titled else _SHOWN), text) is not None


def _proposes_a_chip(sentence: Sentence) -> bool:
    text = sentence.text
    if _SPEAKERS.isdisjoint(sentence.words):
        return False
    return any(hint in text for hint in _CHIP_HINTS) and _PROPOSED.search(text) is not None


def _is_software(name: str, text: str) -> bool:
    called = re.search(rf"(?<![\w-]){re.escape(name)}, (?:\w+ )?(?:[\w/-]+,? ){{0,8}}?{_SOFTWARE}\b", text)
    return called is not None


def _machines(setting: Setting, known: frozenset[str]) -> Iterator[Claim[HardwareAnswer]]:
    text = setting.page.abstract
    found = [*(_NAMED_MACHINE.finditer(text) if any(hint in text for hint in _MACHINE_HINTS) else ())]
    if "GPUs" in text:
        found += _WITH_PARTS.finditer(text)
    names = [m["called"] or m["placed"] for m in found]
    titled = _TITLE_MACHINE.match(setting.page.title)
    for name in dict.fromkeys([*([titled["name"]] if titled else []), *names]):
        if name not in _NO_NAME and name in text and not any(name in other for other in known):
            yield _claim(name, text, "system", "evaluated" if has_number(text) else "target", "machine")


def _claim(name: str, text: str, kind: HardwareKind, role: Role, rule: str) -> Claim[HardwareAnswer]:
    item = HardwareAnswer(name=name, kind=kind, count=None, memory_gb=None, role=role)
    return Claim(item, f"hardware.{rule}", text.find(name))
