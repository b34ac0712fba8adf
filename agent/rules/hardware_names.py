"""Names of devices in a sentence: runs of words that together name one device, cut to the shortest such name."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from agent.rules.hardware_runs import CORES, Piece, runs_in
from agent.rules.hardware_words import Entry, Part
from agent.rules.page import Sentence
from schemas.vocabulary import HardwareKind

Precision = Literal["model", "vendor", "general"]
REACH = 240
_HEADS: frozenset[Part] = frozenset({"noun", "machine", "holder"})
_BRANDS = frozenset(["tesla", "geforce", "quadro", "rtx", "gtx", "instinct", "radeon", "pcie", "sxm", "gpu", "gpus"])
_BARE = frozenset({"supercomputer"})
_SHORT = {
    "knl": "knights landing",
    "knls": "knights landing",
    "knc": "knights corner",
    "hsw": "haswell",
    "skl": "skylake",
}
_TOKEN = re.compile(r"[a-z]+\d*[a-z]*\d*|\d+[a-z]*|\+")
_OWN_ENDINGS = frozenset({"card", "cards", "board", "boards", "chip", "chips", "instance", "instances"})
_ACRONYM = re.compile(r" \((?:TPU|NPU|MCU|DPU|IPU|HPU|LPU|PC|SoC|SBC|HMD)s?\)")
_MADE_BY = re.compile(r" (?:from|by) (?:[A-Z]\w+, ){0,4}[A-Z]\w+,?(?: and [A-Z]\w+)?\b")
_LISTED = re.compile(r"(?:,|,? (?:and|or)|/) ?")


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """A device as one place of a sentence names it; `start` and `end` count in the sentence.

    Two mentions are never equal, so that what is asked of one is answered once. `key` identifies the device, whatever
    the spelling; `doubtful` marks words with other meanings that nothing in the name itself settles.
    """

    sentence: Sentence
    start: int
    end: int
    run: tuple[int, int]
    precision: Precision
    family: str
    kind: HardwareKind
    key: str
    doubtful: bool = False

    @property
    def before(self) -> str:
        """The words before the device in its sentence, as far back as a rule may look."""
        return self.sentence.text[max(0, self.run[0] - REACH) : self.run[0]]

    @property
    def after(self) -> str:
        """The words after the device in its sentence, as far as a rule may look."""
        return self.sentence.text[self.run[1] : self.run[1] + REACH]

    @property
    def name(self) -> str:
        """The words of the name, as they stand."""
        return self.sentence.text[self.start : self.end]

    @property
    def place(self) -> int:
        """Where the name begins, in characters of the abstract or title."""
        return self.sentence.start + self.start


class Reading(NamedTuple):
    """What a run of words names, wherever it stands: the first and last piece of the name, how many pieces belong to
    the run, and all that a mention says of the device.
    """

    first: int
    last: int
    size: int
    precision: Precision
    family: str
    kind: HardwareKind
    key: str
    doubtful: bool


def mentions_in(sentence: Sentence) -> list[Mention]:
    """All devices that a sentence names, in order: precise, by vendor, and general ones."""
    found: list[Mention] = []
    makers: list[Piece] = []
    for pieces in runs_in(sentence):
        if mention := _mention(sentence, pieces):
            found += _listed_makers(makers, mention)
            found.append(mention)
            makers = []
        elif all(piece.part == "vendor" for piece in pieces):
            makers.append(pieces[0])
    return found


def _listed_makers(makers: list[Piece], mention: Mention) -> list[Mention]:
    """Makers in a list that ends in a device: NVIDIA and Intel in "NVIDIA, Intel, and AMD GPUs"."""
    text, start = mention.sentence.text, mention.start
    listed: list[Mention] = []
    if mention.precision != "vendor":
        return []
    for maker in reversed(makers):
        if not _LISTED.fullmatch(text, maker.end, start):
            break
        start = maker.start
        named = replace(mention, start=maker.start, end=maker.end, family=maker.entry.family, key=maker.text.lower())
        listed.insert(0, replace(named, run=(maker.start, maker.end)))
    return listed


def _mention(sentence: Sentence, pieces: list[Piece]) -> Mention | None:
    reading = _read(tuple([(piece.text, piece.entry) for piece in pieces]))
    if reading is None:
        return None
    first, last, size, precision, family, kind, key, doubtful = reading
    end = _end(sentence.text, pieces[last], precision, kind)
    run = (pieces[0].start, pieces[size - 1].end)
    return Mention(sentence, pieces[first].start, end, run, precision, family, kind, key, doubtful)


@lru_cache(maxsize=2048)
def _read(words: tuple[tuple[str, Entry], ...]) -> Reading | None:
    """Most abstracts name their devices in the same few words, each of which is read once."""
    pieces = _trimmed([Piece(text, at, at + 1, entry, entry.part) for at, (text, entry) in enumerate(words)])
    cores = [piece for piece in pieces if piece.part in CORES] or _lone_generation(pieces)
    heads = [piece for piece in pieces if piece.part in _HEADS]
    makers = [piece for piece in pieces if piece.part in ("vendor", "generation")]
    if not cores and not heads and not (makers and pieces[-1].part in ("ending", "generation")):
        return None
    precision: Precision = "model" if cores else "vendor" if makers else "general"
    kind = _kind(pieces, cores, heads, makers)
    kept = _name(pieces, cores)
    family = next((p.entry.family for p in (*cores, *makers, *reversed(heads)) if p.entry.family), "unlisted")
    return Reading(
        kept[0].start,
        kept[-1].start,
        len(pieces),
        precision,
        family,
        kind,
        _key(kept, cores, heads),
        _doubtful(cores, heads, makers, pieces),
    )


def _lone_generation(pieces: list[Piece]) -> list[Piece]:
    """An Intel architecture names a processor where it ends the run: "Intel Haswell", "Skylake CPUs"."""
    if not pieces or (pieces[-1].part != "generation" and pieces[-1].entry.kind != "cpu"):
        return []
    return [piece for piece in pieces if piece.part == "generation" and piece.entry.family == "intel"]


def _end(text: str, last: Piece, precision: Precision, kind: HardwareKind) -> int:
    """Where a name ends: with its acronym, and with the makers of a general device ("GPUs from AMD and Nvidia")."""
    end = last.start + len(last.text.removesuffix("'s"))
    if precision == "model":
        return end
    longer = _ACRONYM.match(text, end) if kind != "gpu" else None
    if longer is None and last.text.endswith("PUs"):
        longer = _MADE_BY.match(text, end)
    return longer.end() if longer else end


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """Without what cannot end a name: vendors, memory sizes and modifiers that no noun follows."""
    end = len(pieces)
    precise = any(piece.part in CORES for piece in pieces)
    while end and (
        pieces[end - 1].part in ("vendor", "memory", "modifier")
        or (pieces[end - 1].part == "generation" and not _stands_alone(pieces[:end]))
        or (pieces[end - 1].part == "ending" and not precise and not _ends(pieces[:end]))
    ):
        end -= 1
    return pieces[:end]


def _stands_alone(pieces: list[Piece]) -> bool:
    """Whether an architecture names a device with no noun after it: "Haswell", "NVIDIA Ampere"."""
    last = pieces[-1].entry
    return last.family == "intel" or any(piece.part == "vendor" for piece in pieces)


def _ends(pieces: list[Piece]) -> bool:
    """Whether an ending belongs to a name without a model: "AMD cards", but not "GPU platforms"."""
    made = any(piece.part == "vendor" or piece.part in _HEADS for piece in pieces)
    return made and pieces[-1].text in _OWN_ENDINGS


def _name(pieces: list[Piece], cores: list[Piece]) -> list[Piece]:
    if not cores:
        return pieces
    first = next(at for at, p in enumerate(pieces) if p.part in CORES or p.part in ("vendor", "generation"))
    if first and (pieces[first - 1].part == "machine" or pieces[first - 1].entry.kind == "tpu"):
        first -= 1
    kept = pieces[first:]
    if kept[-1].part == "ending":
        kept = kept[: next((at for at, p in enumerate(kept) if at and _is_class(p)), len(kept))]
    if any(core.entry.family in _BARE for core in cores):
        while kept[-1].part not in CORES and kept[-1].part not in ("model", "number"):
            kept = kept[:-1]
    while kept[-1].part == "noun" and kept[-1].entry.kind == "other" and len(kept) > 1:
        kept = kept[:-1]
    return kept


def _is_class(piece: Piece) -> bool:
    """Whether a word tells the market of a device, which does not identify it: "U280 datacenter card"."""
    return piece.part == "modifier" and piece.entry.kind == "gpu"


def _kind(pieces: list[Piece], cores: list[Piece], heads: list[Piece], makers: list[Piece]) -> HardwareKind:
    machine = heads and pieces[-1] is heads[-1] and heads[-1].part in ("machine", "holder")
    if machine and (not cores or cores[-1].entry.kind not in ("mobile", "edge_board", "microcontroller")):
        return heads[-1].entry.kind or "system"
    if cores:
        if "system" in (core.entry.kind for core in cores) and pieces[-1].part != "noun":
            return "system"
        strong = [core.entry.kind for core in cores if core.entry.kind]
        return strong[-1] if strong and cores[-1].entry.family in ("google_tpu",) else strong[0] if strong else "other"
    kind = heads[-1].entry.kind if heads else None
    before = [p.entry.kind for p in pieces if p.part == "modifier" and p.entry.kind in ("mobile", "edge_board")]
    if before and heads and kind in ("gpu", "cpu", "other") and heads[-1].part == "noun":
        return before[-1] or "other"
    if makers and kind in ("gpu", "cpu") and makers[0].entry.kind == "mobile":
        return "mobile"
    if pieces[-1].text in ("instance", "instances"):
        return "system"
    return kind or next((p.entry.kind for p in makers if p.entry.kind), None) or "other"


def _key(kept: list[Piece], cores: list[Piece], heads: list[Piece]) -> str:
    if cores:
        words = [p.text for p in kept if p in cores or p.part in ("model", "number")]
        tokens = [t for word in words for t in _TOKEN.findall(word.lower())]
        tokens = [t[3:] if t.startswith(("rtx", "gtx")) and t[3:4].isdigit() else t for t in tokens]
        coded = [t[:-1] if t.endswith("s") and t[-2:-1].isdigit() else t for t in tokens if t not in _BRANDS]
        key = " ".join(coded or tokens)
        return _SHORT.get(key, key)
    return heads[-1].text.lower().removesuffix("'s").removesuffix("s") if heads else kept[-1].text.lower()


def _doubtful(cores: list[Piece], heads: list[Piece], makers: list[Piece], pieces: list[Piece]) -> bool:
    if not cores or any(core.part in ("series", "code") for core in cores):
        return False
    numbered = cores[0].entry.family == "phone" and any(piece.part == "number" for piece in pieces)
    return not (makers or heads or pieces[-1].part == "ending" or len(cores) > 1 or numbered)
