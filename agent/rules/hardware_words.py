"""The vocabulary of devices as data: what each word of `words/device*.txt` may be in the name of a device."""

import re
from collections import defaultdict
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
_KEY = re.compile(r"[A-Za-z0-9]+\+?")
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
    """All words by their text, codes by their shape, and the words without which a sentence names no device.

    `code_shape` matches any model number that a family lists by its shape, in the group `c3` for `coded[3]`; `alone`
    are the names of one word, `partners` the second words of the longer names by their first, `marked` both; `lengths`
    counts the words of the longest name by its first word, and `seconds` are the second words that may follow, those
    of modifiers among them; `firsts` are the first words of all names.
    """

    names: dict[str, Entry]
    models: frozenset[str]
    code_shape: re.Pattern[str]
    coded: tuple[Entry, ...]
    alone: frozenset[str]
    partners: dict[str, frozenset[str]]
    marked: frozenset[str]
    lengths: dict[str, int]
    seconds: dict[str, frozenset[str]]
    firsts: frozenset[str]

    def code(self, word: str) -> Entry | None:
        """The entry of a model number that a family lists by its shape."""
        match = self.code_shape.fullmatch(word)
        return self.coded[int(match.lastgroup[1:])] if match and match.lastgroup else None

    def is_named_among(self, words: list[str]) -> bool:
        """Whether a name of a device may be among the words of a sentence."""
        if not self.alone.isdisjoint(words):
            return True
        partners = self.partners
        return any(not partners[hit].isdisjoint(words) for hit in self.marked.intersection(words))


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
def _hints() -> dict[str, frozenset[str]]:
    return {head[0]: frozenset(words) for head, words in lines_of("device_hints.txt")}


def words_of(pattern: str) -> frozenset[str]:
    """The words without which a pattern of the device rules cannot match."""
    return _hints()[pattern]


@cache
def vocabulary() -> Vocabulary:
    """Read the device words once."""
    names: dict[str, Entry] = {}
    models: set[str] = set()
    shapes: list[str] = []
    coded: list[Entry] = []
    for head, words in (*lines_of("devices.txt"), *lines_of("device_nouns.txt")):
        part, family, kind = cast(Part, head[0]), head[1], _kind(head[-1])
        if part in ("code", "maybecode"):
            shapes.append(f"(?P<c{len(coded)}>{'|'.join(words)})")
            coded.append(Entry(part, family, kind, numbered=kind == "tpu"))
            continue
        for word in words:
            entry = Entry(part, family, kind, word.endswith("#"))
            spellings = _spellings(word.rstrip("#"), part)
            if part == "model":
                models.update(spellings)
            else:
                names.update((spelling, entry) for spelling in spellings if spelling not in names)
    alone: set[str] = set()
    partners: dict[str, set[str]] = defaultdict(set)
    seconds: dict[str, set[str]] = defaultdict(set)
    lengths: dict[str, int] = {}
    for name, entry in names.items():
        words = name.split(" ")
        lengths[words[0]] = max(lengths.get(words[0], 0), len(words))
        makes_a_device = entry.part not in ("modifier", "ending")
        if len(words) > 1:
            seconds[words[0]].add(words[1])
            if makes_a_device:
                partners[words[0]].add(words[1])
        elif makes_a_device:
            alone.add(name)
    return Vocabulary(
        names,
        frozenset(models),
        re.compile("|".join(shapes)),
        tuple(coded),
        frozenset(alone),
        {first: frozenset(second) for first, second in partners.items()},
        frozenset(alone | partners.keys()),
        lengths,
        {first: frozenset(second) for first, second in seconds.items()},
        frozenset(lengths),
    )


def _kind(word: str) -> HardwareKind | None:
    return cast(HardwareKind, word) if word in KINDS else None


def _spellings(word: str, part: Part) -> set[str]:
    key = " ".join(_KEY.findall(word))
    plain = key.lower() == key
    spellings = {key, key[:1].upper() + key[1:], key.title()} if plain else {key}
    if part not in ("model", "modifier", "ending") and max(map(len, key.split())) >= 5:
        spellings.add(key.upper())
    return spellings
