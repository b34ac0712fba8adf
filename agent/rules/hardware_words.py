"""The vocabulary of devices as data: what each word of `words/device*.txt` may be in the name of a device."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, cast, get_args

from schemas.vocabulary import HardwareKind

Part = Literal[
    "vendor",
    "series",
    "maybe",
    "model",
    "generation",
    "code",
    "maybecode",
    "noun",
    "machine",
    "holder",
    "ending",
    "modifier",
    "number",
    "memory",
]
KINDS = frozenset(get_args(HardwareKind))
_WORDS = Path(__file__).with_name("words")
WORD = re.compile(r"\d+(?:times|x|X)(?=[A-Z])|[A-Za-z0-9]+(?:\+|'s\b)?")
MEMORY = re.compile(r"(\d{1,4}(?:\.\d+)?)(?:[ -]|\\,|~)?G(?:i?B)?\b(?!/s|ps)")
UNKNOWN_CODE = re.compile(r"[A-Z]{1,4}\d{2,5}[A-Za-z]{0,2}|\d{4,5}[A-Z]{1,2}")
_NUMBER_FORMAT = re.compile(
    r"(?:FP|INT|BF|TF|NF|MX|UINT|FLOAT|SM|AVX|SSE|SVE|CIFAR|ISO|IEEE|AES|SHA|HDR|MD|BLS|RS|UTF|JPEG|MP|H26)\d+\w*"
)
_SYMBOL = re.compile(r"[LEQWKNMRSTXC]\d+\w*")


class Entry(NamedTuple):
    """What a word may be: its part in a name, its family, the kind it gives, and whether a bare number may follow."""

    part: Part
    family: str = ""
    kind: HardwareKind | None = None
    numbered: bool = False


class Vocabulary(NamedTuple):
    """All words by their text, codes by their shape, and the first words that make a sentence worth reading."""

    names: dict[str, Entry]
    models: frozenset[str]
    codes: tuple[tuple[re.Pattern[str], Entry], ...]
    triggers: frozenset[str]
    lengths: dict[str, int]

    def code(self, word: str) -> Entry | None:
        """The entry of a model number that a family lists by its shape."""
        return next((entry for shape, entry in self.codes if shape.fullmatch(word)), None)


def looks_like_a_code(word: str, *, made: bool = False) -> bool:
    """Whether a word has the shape of a model number that no list knows, and is no number format or norm.

    `made`: a maker stands before it, which leaves no doubt about a single letter with a number.
    """
    if UNKNOWN_CODE.fullmatch(word) is None or _NUMBER_FORMAT.fullmatch(word):
        return False
    return made or _SYMBOL.fullmatch(word) is None


def lines_of(name: str) -> Iterator[tuple[list[str], list[str]]]:
    """The lines of a word file: the head words before the colon, and the entries after it."""
    for line in (_WORDS / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            head, _, rest = line.partition(":")
            yield head.split(), [entry.strip() for entry in rest.split(", ")]


@cache
def vocabulary() -> Vocabulary:
    """Read the device words once."""
    names: dict[str, Entry] = {}
    models: set[str] = set()
    codes: list[tuple[re.Pattern[str], Entry]] = []
    for head, words in (*lines_of("devices.txt"), *lines_of("device_nouns.txt")):
        part, family, kind = cast(Part, head[0]), head[1], _kind(head[-1])
        if part in ("code", "maybecode"):
            codes.append((re.compile("|".join(words)), Entry(part, family, kind, numbered=kind == "tpu")))
            continue
        for word in words:
            entry = Entry(part, family, kind, word.endswith("#"))
            spellings = _spellings(word.rstrip("#"), part)
            if part == "model":
                models.update(spellings)
            else:
                names.update((spelling, entry) for spelling in spellings if spelling not in names)
    triggers = set()
    for name, entry in names.items():
        if entry.part not in ("modifier", "ending"):
            last = name.rsplit(" ", 1)[-1]
            triggers.add(last if " " in name and last in names else name.split(" ", 1)[0])
    lengths: dict[str, int] = {}
    for name in names:
        start = name.split(" ", 1)[0]
        lengths[start] = max(lengths.get(start, 0), name.count(" ") + 1)
    return Vocabulary(names, frozenset(models), tuple(codes), frozenset(triggers), lengths)


def _kind(word: str) -> HardwareKind | None:
    return cast(HardwareKind, word) if word in KINDS else None


def _spellings(word: str, part: Part) -> set[str]:
    key = " ".join(WORD.findall(word))
    plain = key.lower() == key
    spellings = {key, key[:1].upper() + key[1:], key.title()} if plain else {key}
    if part not in ("model", "modifier", "ending") and max(map(len, key.split())) >= 5:
        spellings.add(key.upper())
    return spellings
