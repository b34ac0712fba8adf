"""A machine that the paper itself builds: "X, a hardware accelerator for …", where results are given for it."""

import re

from agent.claims import Claim
from agent.rules.hardware_setting import Setting, has_number
from schemas import HardwareAnswer
from schemas.vocabulary import HardwareKind

_BUILT: frozenset[HardwareKind] = frozenset({"fpga", "asic"})
_KIND_OF_MACHINE = (
    r"(?:accelerators?\b(?! ?-|design)|co-?processor|ASIC\b|chip\b|hardware architecture|processing-in-memory|in-memory|PIM\b|processor\b|microarchitecture|"
    r"hardware (?:design|engine|unit)|(?:near|in)-\w+ (?:accelerator|architecture)|hardware/software co-design|algorithm-hardware co-design)"
)
_HARDWARE = re.compile(
    r"\b(?:die area|silicon|synthesi[sz]ed|\d+ ?nm\b|RTL|cycle-accurate|area overhead|energy (?:efficien\w+|consumption|savings?|reduction)|mm\^?2|hardware|ASIC|PIM)\b"
)


def own_accelerator(setting: Setting, kinds: frozenset[HardwareKind]) -> Claim[HardwareAnswer] | None:
    """The paper's own accelerator, unless its results are given for an FPGA or chip that is named."""
    text = setting.page.abstract
    if _BUILT & kinds or not _HARDWARE.search(text) or not has_number(text):
        return None
    for name in setting.own_names:
        built = re.compile(
            rf"\b{re.escape(name)}\b(?:(?:, (?:which is )?| is | as |: )(?:an? |the )(?:[\w/-]+,? ){{0,9}}?{_KIND_OF_MACHINE}| (?:accelerator|chip|processor|architecture)\b)"
        )
        if (match := built.search(text)) or (
            match := re.search(
                rf"\b{_KIND_OF_MACHINE}(?:,)? (?:called |named |dubbed |namely )?{re.escape(name)}\b", text
            )
        ):
            shown = f"{name} accelerator" if f"{name} accelerator" in text else name
            start = text.find(shown)
            del match
            return Claim(
                HardwareAnswer(name=shown, kind="asic", count=None, memory_gb=None, role="evaluated"),
                "hardware.own",
                start,
            )
    return None
