"""Names of devices in a sentence: runs of words that together name one device, cut to the shortest such name."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from agent.rules.hardware_words import MEMORY, WORD, Entry, Part, looks_like_a_code, vocabulary
from agent.rules.page import Sentence
from schemas.vocabulary import HardwareKind

Precision = Literal["model", "vendor", "general"]
REACH = 240
_JOINED = re.compile(r"[ \n\u00a0~]{0,2}-?|\\ |\.(?=\d)|/(?=[QPL]\b)|:(?=bit)")
_NUMBER = re.compile(r"\d{1,4}(?:'s)?|[IVX]{1,4}|\d{1,2}[a-zB]?\+?")
_CODED = re.compile(r"(?=\w*\d)[A-Za-z0-9]{2,14}(?:\+|'s)?")
_QUANTITY = re.compile(r"\d{1,3}[kKxX]|\d+(?:times|ms|s|GHz|MHz|nm|W|th|fps|FPS|B|M|D|bit|p|MB|TB|h|min)")
_SPEC = re.compile(
    r"\d{1,4}-(?:core|node|socket|way|card|GPU|thread|processor|CPU|chip|rank)(?=[ -])|\d{1,3} core(?=[ -])"
)
_CLOCK = re.compile(r"\d+(?:\.\d+)? ?GHz")
_INSTANCE = re.compile(r"[a-z]{1,3}\d{1,2}[a-z]{0,3}\.(?:\d*x?large|metal)\b")
_CORES: frozenset[Part] = frozenset({"series", "maybe", "code", "maybecode"})
_SIZES = (
    (MEMORY, Entry("memory")),
    (_SPEC, Entry("modifier")),
    (_CLOCK, Entry("memory")),
    (_INSTANCE, Entry("code", "cloud_instance", "system")),
)
_HEADS: frozenset[Part] = frozenset({"noun", "machine", "holder"})
_BRANDS = frozenset(["tesla", "geforce", "quadro", "rtx", "gtx", "instinct", "radeon", "pcie", "sxm", "gpu", "gpus"])
_BARE = frozenset({"supercomputer"})
_OWN_ENDINGS = frozenset({"card", "cards", "board", "boards", "chip", "chips", "instance", "instances"})
_ACRONYM = re.compile(r" \((?:TPU|NPU|MCU|DPU|IPU|HPU|LPU)s?\)")
_MADE_BY = re.compile(r" (?:from|by) (?:[A-Z]\w+, ){0,4}[A-Z]\w+,?(?: and [A-Z]\w+)?\b")
_USUAL: dict[str, HardwareKind] = {"intel": "cpu", "arm": "cpu", "amd": "gpu", "huawei": "mobile"}
_WITHIN = re.compile(rf"(?:{_JOINED.pattern})|/")
_LONGEST_RUN = 12
_LISTED = re.compile(r"(?:,|,? (?:and|or)|/) ?")
_CODE_SHAPE = re.compile(r"[A-Z]{1,4}[a-z]{0,2}\d|i[3579]$|[cgmpr]\d[a-z]{0,3}$")


@dataclass(frozen=True, slots=True)
class Piece:
    """One word, or a few that belong together, and what it is in the name of a device."""

    text: str
    start: int
    end: int
    entry: Entry

    @property
    def part(self) -> Part:
        """What the piece is in the name."""
        return self.entry.part


@dataclass(frozen=True, slots=True)
class Mention:
    """A device as one place of a sentence names it; `start` and `end` count in the sentence.

    `key` identifies the device, whatever the spelling; `doubtful` marks words with other meanings that nothing in the
    name itself settles.
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


def mentions_in(sentence: Sentence) -> list[Mention]:
    """All devices that a sentence names, in order: precise, by vendor, and general ones."""
    text, known = sentence.text, vocabulary()
    texts = WORD.findall(text)
    if known.triggers.isdisjoint(texts) and not any(map(_CODE_SHAPE.match, texts)):
        return []
    words = list(WORD.finditer(text))
    found: list[Mention] = []
    makers: list[Piece] = []
    after = 0
    for at in [at for at, word in enumerate(texts) if word in known.lengths or not word.isalpha()]:
        if at < after:
            continue
        pieces, after = _run(text, words, at)
        if pieces and (mention := _mention(sentence, pieces)):
            found += _listed_makers(makers, mention)
            found.append(mention)
            makers = []
        elif pieces and all(piece.part == "vendor" for piece in pieces):
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


def _run(text: str, words: list[re.Match[str]], at: int) -> tuple[list[Piece], int]:
    pieces: list[Piece] = []
    while at < len(words) and len(pieces) < _LONGEST_RUN:
        if pieces and not _JOINED.fullmatch(text, pieces[-1].end, words[at].start()):
            break
        piece, after = _piece(text, words, at, pieces)
        if piece is None:
            break
        pieces.append(piece)
        at = after
    return pieces, at


def _piece(text: str, words: list[re.Match[str]], at: int, before: list[Piece]) -> tuple[Piece | None, int]:
    start, word = words[at].start(), words[at].group()
    if not word.isalpha() and (measured := _measured(text, words, at)):
        return measured
    named, after = _longest(text, words, at)
    last = before[-1].entry if before else None
    if last and last.part in _CORES and (code := vocabulary().code(word)) and code.part == "code":
        return Piece(word, start, words[at].end(), code), at + 1
    if last and (after - at < 2) and (entry := _continues(word, last)):
        return Piece(word, start, words[at].end(), entry), at + 1
    if named:
        return Piece(text[start : words[after - 1].end()], start, words[after - 1].end(), named), after
    if not word.isalpha() and (entry := _coded(text, words, at, last)):
        return Piece(word, start, words[at].end(), entry), at + 1
    return None, at


def _measured(text: str, words: list[re.Match[str]], at: int) -> tuple[Piece, int] | None:
    """A size or type that takes several words: "80 GB", "128-core", "2.4GHz", "p3.16xlarge"."""
    start = words[at].start()
    for shape, entry in _SIZES:
        if spec := shape.match(text, start):
            after = at
            while after < len(words) and words[after].start() < spec.end():
                after += 1
            return Piece(spec.group(), start, spec.end(), entry), after
    return None


def _longest(text: str, words: list[re.Match[str]], at: int) -> tuple[Entry | None, int]:
    known = vocabulary()
    names, best, after, key = known.names, None, at, ""
    for step in range(at, min(at + known.lengths.get(words[at].group(), 0), len(words))):
        if step > at and not _WITHIN.fullmatch(text, words[step - 1].end(), words[step].start()):
            break
        key = f"{key} {words[step].group()}" if key else words[step].group()
        if entry := names.get(key):
            best, after = entry, step + 1
    return best, after


def _continues(word: str, last: Entry) -> Entry | None:
    """A word that goes on with the model before it: "Ti", "Platinum", "8280", "E5"."""
    if last.part not in _CORES and last.part not in ("model", "number"):
        return None
    if word in vocabulary().models:
        return Entry("model", last.family, numbered=True)
    if last.numbered and _NUMBER.fullmatch(word):
        return Entry("number", last.family, numbered=last.part in ("series", "maybe", "model"))
    if _QUANTITY.fullmatch(word):
        return None
    return Entry("number", last.family, numbered=True) if _CODED.fullmatch(word) and not word.isdigit() else None


def _coded(text: str, words: list[re.Match[str]], at: int, last: Entry | None) -> Entry | None:
    word = words[at].group()
    known = vocabulary()
    if entry := known.code(word.removesuffix("'s")):
        return entry
    made = last is not None and last.part in ("vendor", "generation")
    if not looks_like_a_code(word, made=made):
        return None
    if last and made:
        return Entry("code", "unlisted", last.kind or _USUAL.get(last.family, "other"))
    follower, _ = _longest(text, words, at + 1) if at + 1 < len(words) else (None, 0)
    joined = at + 1 < len(words) and _JOINED.fullmatch(text, words[at].end(), words[at + 1].start())
    if joined and follower and follower.part == "noun" and follower.kind in ("gpu", "cpu", "fpga", "microcontroller"):
        return Entry("code", "unlisted", follower.kind)
    return None


def _mention(sentence: Sentence, pieces: list[Piece]) -> Mention | None:
    pieces = _trimmed(pieces)
    cores = [piece for piece in pieces if piece.part in _CORES]
    heads = [piece for piece in pieces if piece.part in _HEADS]
    makers = [piece for piece in pieces if piece.part in ("vendor", "generation")]
    if not cores and not heads and not (makers and pieces[-1].part in ("ending", "generation")):
        return None
    precision: Precision = "model" if cores else "vendor" if makers else "general"
    kind = _kind(pieces, cores, heads, makers)
    run = (pieces[0].start, pieces[-1].end)
    kept = _name(pieces, cores)
    family = next((p.entry.family for p in (*cores, *makers, *reversed(heads)) if p.entry.family), "unlisted")
    return Mention(
        sentence,
        kept[0].start,
        _end(sentence.text, kept[-1], precision, kind),
        run,
        precision,
        family,
        kind,
        _key(kept, cores, heads),
        _doubtful(cores, heads, makers, pieces),
    )


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
    precise = any(piece.part in _CORES for piece in pieces)
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
    first = next(at for at, p in enumerate(pieces) if p.part in _CORES or p.part in ("vendor", "generation"))
    if first and (pieces[first - 1].part == "machine" or pieces[first - 1].entry.kind == "tpu"):
        first -= 1
    kept = pieces[first:]
    if any(core.entry.family in _BARE for core in cores):
        while kept[-1].part not in _CORES and kept[-1].part not in ("model", "number"):
            kept = kept[:-1]
    while kept[-1].part == "noun" and kept[-1].entry.kind == "other" and len(kept) > 1:
        kept = kept[:-1]
    return kept


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
    return kind or next((p.entry.kind for p in makers if p.entry.kind), None) or "other"


def _key(kept: list[Piece], cores: list[Piece], heads: list[Piece]) -> str:
    if cores:
        words = [p.text for p in kept if p.part in _CORES or p.part in ("model", "number")]
        tokens = [t for word in words for t in re.findall(r"[a-z]+\d*[a-z]*\d*|\d+[a-z]*|\+", word.lower())]
        tokens = [t[3:] if re.match(r"[rg]tx\d", t) else t for t in tokens]
        coded = [re.sub(r"(?<=\d)s$", "", t) for t in tokens if t not in _BRANDS]
        return " ".join(coded or tokens)
    return heads[-1].text.lower().removesuffix("'s").removesuffix("s") if heads else kept[-1].text.lower()


def _doubtful(cores: list[Piece], heads: list[Piece], makers: list[Piece], pieces: list[Piece]) -> bool:
    if not cores or any(core.part in ("series", "code") for core in cores):
        return False
    numbered = cores[0].entry.family == "phone" and any(piece.part == "number" for piece in pieces)
    return not (makers or heads or pieces[-1].part == "ending" or len(cores) > 1 or numbered)
