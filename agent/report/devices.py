"""Devices as the page groups them: the vendor that a name belongs to, and a short name that spellings share."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from schemas import Hardware

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_MEMORY = re.compile(r"\d+G(?:i?B)?", re.IGNORECASE)
_GAMING = re.compile(r"([1-5]0[5-9]0)(Ti)?", re.IGNORECASE)
_PLURAL_MODEL = re.compile(r"([A-Z]+\d+)s")
LONGEST = 60
"""Characters of a short name."""


class Device(NamedTuple):
    """What the page files a piece of hardware under; `vendor` is empty where the name tells none."""

    short: str
    vendor: str


class _Words(NamedTuple):
    vendors: dict[str, str]
    names: dict[str, str]
    generic: frozenset[str]
    prefixes: frozenset[str]


@cache
def _words() -> _Words:
    table = tomllib.loads(files("agent.report").joinpath("devices.toml").read_text(encoding="utf-8"))
    vendors = {word: vendor for vendor, words in table["vendors"].items() for word in words}
    names = {vendor.lower(): vendor for vendor in table["vendors"]} | {"xilinx": "Xilinx"}
    return _Words(vendors, names, frozenset(table["generic"]), frozenset(table["prefixes"]))


@cache
def device(name: str, kind: str) -> Device:
    """The short name and vendor of a device of this name and kind.

    >>> device("NVIDIA A100 40GB GPUs", "gpu")
    Device(short='A100', vendor='NVIDIA')
    >>> device("Nvidia 4090 GPU", "gpu").short, device("mobile GPUs", "mobile").short
    ('RTX 4090', 'mobile GPU')
    """
    words = _words()
    found = _WORD.findall(name.replace("'s", ""))
    parts = [part for word in found for part in word.split("-") if part]
    vendor = next((known for part in parts if (known := _vendor(part))), "")
    kept = [part for part in parts if not _is_left_out(part, words)]
    if not any(_vendor(part) for part in kept):
        kept = [words.names.get(word.lower(), word) for word in found]
    short = _singular(" ".join(kept) or name)
    bare = re.sub(r"^(?:RTX|GTX)|\s", "", short, flags=re.IGNORECASE)
    if kind == "gpu" and (gaming := _GAMING.fullmatch(bare)):
        short = f"{'GTX' if gaming[1] < '2000' else 'RTX'} {gaming[1]}{' Ti' if gaming[2] else ''}"
    return Device(short[:LONGEST], vendor)


def device_of(hardware: Hardware) -> Device:
    """The device that an entry of a record is filed under."""
    return device(hardware.name, hardware.kind)


def _vendor(word: str) -> str | None:
    vendors = _words().vendors
    lower = word.lower()
    return vendors.get(lower) or vendors.get(lower.rstrip("0123456789"))


def _is_left_out(word: str, words: _Words) -> bool:
    lower = word.lower()
    return lower in words.names or lower in words.generic or lower in words.prefixes or bool(_MEMORY.fullmatch(word))


def _singular(short: str) -> str:
    *before, last = short.split(" ")
    if plural := _PLURAL_MODEL.fullmatch(last):
        last = plural[1]
    elif last.endswith("s") and last[:-1].lower() in _words().generic:
        last = last[:-1]
    return " ".join([*before, last])
