"""Words of a sentence that together may name a device: each with what it is in the name."""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from agent.rules.hardware_words import MEMORY, Entry, Part, looks_like_a_code, vocabulary
from agent.rules.page import Sentence
from schemas.vocabulary import HardwareKind

CORES: frozenset[Part] = frozenset({"series", "maybe", "code", "maybecode"})
_JOINED = re.compile(r"(?:'s )?[®™]?[ \n\u00a0~]{0,2}-?|\\ |\.(?=\d)|/(?=[QPL]\b)|:(?=bit)")
_NUMBER = re.compile(r"\d{1,4}|[IVX]{1,4}|\d{1,2}[a-zB]?\+?")
_CODED = re.compile(r"(?=\w*\d)[A-Za-z0-9]{2,14}\+?")
_QUANTITY = re.compile(r"\d{1,3}[kKxX]|\d+(?:times|ms|s|GHz|MHz|nm|W|th|fps|FPS|B|M|D|bit|p|MB|TB|h|min)")
_SPEC = re.compile(
    r"\d{1,4}-(?:core|node|socket|way|card|GPU|threaded|thread|processor|CPU|chip|rank)(?=[ -])|\d{1,3} core(?=[ -])"
)
_CLOCK = re.compile(r"\d+(?:\.\d+)? ?GHz")
_INSTANCE = re.compile(r"[a-z]{1,3}\d{1,2}[a-z]{0,3}\.(?:\d*x?large|metal)\b")
_SIZES = (
    (MEMORY, Entry("memory")),
    (_SPEC, Entry("modifier")),
    (_CLOCK, Entry("memory")),
    (_INSTANCE, Entry("code", "cloud_instance", "system")),
)
_USUAL: dict[str, HardwareKind] = {"intel": "cpu", "arm": "cpu", "amd": "gpu", "huawei": "mobile"}
_WITHIN = re.compile(rf"(?:{_JOINED.pattern})|/")
_PLAIN_JOINTS = frozenset({" ", "-", ""})
_LONGEST_RUN = 12
_SIZE_START = re.compile(r"\d+(?:\.\d+)?(?:[ ~-]|\\,)?(?:G|[a-z]{3}|CPU)|[a-z]{1,3}\d{1,2}[a-z]{0,3}(?:[ .]|$)")
_AMOUNT = re.compile(r"\d{1,2}$|\d+(?:x|X|th|k|K|M|B|s|ms|nm|D|times|bit|fps|dB)$|\d{5,}$")
_GLUED = re.compile(r"([0-9])(times|[xX])(?=[A-Z])")
_CODE_SHAPE = re.compile(r"[A-Z]{1,4}[a-z]{0,2}\d|i[3579]$|[cgmpr]\d[a-z]{0,3}$|\d+(?:times|[xX])[A-Z]")


class Words(NamedTuple):
    """The words of a sentence, empty ones between two cuts among them, and where each begins."""

    texts: list[str]
    starts: list[int]

    def end(self, at: int) -> int:
        """Where a word ends."""
        return self.starts[at] + len(self.texts[at])

    def next(self, at: int) -> int:
        """The next word that is not empty, or the number of all words."""
        at += 1
        while at < len(self.texts) and not self.texts[at]:
            at += 1
        return at


class Piece(NamedTuple):
    """One word, or a few that belong together, and what it is in the name of a device."""

    text: str
    start: int
    end: int
    entry: Entry
    part: Part
    """What the piece is in the name."""


def names_a_device(sentence: Sentence) -> bool:
    """Whether a word of the sentence may be in the name of a device: the cheap look before the sentence is read."""
    return vocabulary().is_named_among(sentence.words) or _is_coded(sentence)


def runs_in(sentence: Sentence) -> Iterator[list[Piece]]:
    """The runs of words of a sentence that may each name a device, in order."""
    words = _words(sentence)
    after = 0
    for at in _starts(sentence.text, words):
        if at >= after:
            pieces, after = _run(sentence.text, words, at)
            if pieces:
                yield pieces


def _has_digits(sentence: Sentence) -> bool:
    """Whether a number or a "+" is among the words; most sentences hold none."""
    return not sentence.plain.replace(" ", "").isalpha()


def _is_coded(sentence: Sentence) -> bool:
    """Whether a word has the shape of a model number."""
    if not _has_digits(sentence):
        return False
    return any(map(_CODE_SHAPE.match, [text for text in sentence.words if text and not text.isalpha()]))


def _words(sentence: Sentence) -> Words:
    texts = sentence.words
    if _has_digits(sentence) and _GLUED.search(sentence.plain):
        texts = _GLUED.sub(lambda glued: f"{glued[1]}{' ' * len(glued[2])}", sentence.plain).split(" ")
    return Words(texts, list(accumulate([len(text) + 1 for text in texts], initial=0)))


def _starts(text: str, words: Words) -> list[int]:
    """Where a name can begin: at its first word, at a size or model number, and at what stands before either."""
    known = vocabulary()
    alone, names, seconds, firsts = known.alone, known.names, known.seconds, known.firsts
    texts = words.texts
    found: list[int] = []
    after = -1
    likely = [at for at, word in enumerate(texts) if word in firsts or (word and not word.isalpha())]
    for at in reversed(likely):
        word = texts[at]
        longer = word in seconds and (second := words.next(at)) < len(texts) and texts[second] in seconds[word]
        if longer or word in alone:
            found.append(at)
        elif word in names:
            if words.next(at) == after:
                found.append(at)
        elif word.isalpha():
            continue
        elif not _AMOUNT.match(word) or _SIZE_START.match(text, words.starts[at]):
            found.append(at)
        after = at
    return found[::-1]


def _run(text: str, words: Words, at: int) -> tuple[list[Piece], int]:
    pieces: list[Piece] = []
    while at < len(words.texts) and len(pieces) < _LONGEST_RUN:
        if pieces and not _joins(text, pieces[-1], words.starts[at]):
            break
        piece, after = _piece(text, words, at, pieces[-1].entry if pieces else None)
        if piece is None:
            break
        pieces.append(piece)
        at = words.next(after - 1)
    return pieces, at


def _joins(text: str, last: Piece, start: int) -> bool:
    """Whether a name may go on at `start`; a maker in the possessive stays outside of it."""
    between = text[last.end : start]
    if between in _PLAIN_JOINTS:
        return True
    return _JOINED.fullmatch(between) is not None and not (between[:1] == "'" and last.entry.part == "vendor")


def _piece(text: str, words: Words, at: int, last: Entry | None) -> tuple[Piece | None, int]:
    word, start = words.texts[at], words.starts[at]
    end = start + len(word)
    numeric = not word.isalpha()
    if numeric and _SIZE_START.match(text, start) and (measured := _measured(text, words, at)):
        return measured
    named, after = _longest(text, words, at)
    if last and last.part in CORES and (code := vocabulary().code(word)) and code.part == "code":
        return Piece(word, start, end, code, code.part), at + 1
    if last and (after - at < 2) and (entry := _continues(word, last)):
        return Piece(word, start, end, entry, entry.part), at + 1
    if named:
        end = words.end(after - 1)
        return Piece(text[start:end], start, end, named, named.part), after
    if numeric and (entry := _coded(text, words, at, last)):
        return Piece(word, start, end, entry, entry.part), at + 1
    return None, at


def _measured(text: str, words: Words, at: int) -> tuple[Piece, int] | None:
    """A size or type that takes several words: "80 GB", "128-core", "2.4GHz", "p3.16xlarge"."""
    start = words.starts[at]
    for shape, entry in _SIZES:
        if spec := shape.match(text, start):
            after = at
            while after < len(words.texts) and words.starts[after] < spec.end():
                after += 1
            return Piece(spec.group(), start, spec.end(), entry, entry.part), after
    return None


def _longest(text: str, words: Words, at: int) -> tuple[Entry | None, int]:
    known, key = vocabulary(), words.texts[at]
    length = known.lengths.get(key, 0)
    if not length:
        return None, 0
    best, after = known.names.get(key), at + 1
    last = at
    for _ in range(length - 1):
        step = words.next(last)
        if step >= len(words.texts) or not _is_within(text[words.end(last) : words.starts[step]]):
            break
        key, last = f"{key} {words.texts[step]}", step
        if entry := known.names.get(key):
            best, after = entry, step + 1
    return best, after if best else 0


def _is_within(between: str) -> bool:
    return between in _PLAIN_JOINTS or _WITHIN.fullmatch(between) is not None


def _continues(word: str, last: Entry) -> Entry | None:
    """A word that goes on with the model before it: "Ti", "Platinum", "8280", "E5"."""
    if last.part not in CORES and last.part not in ("model", "number"):
        return None
    if word in vocabulary().models:
        return Entry("model", last.family, numbered=True)
    if last.numbered and _NUMBER.fullmatch(word):
        return Entry("number", last.family, numbered=last.part in ("series", "maybe", "model"))
    if _QUANTITY.fullmatch(word):
        return None
    return Entry("number", last.family, numbered=True) if _CODED.fullmatch(word) and not word.isdigit() else None


def _coded(text: str, words: Words, at: int, last: Entry | None) -> Entry | None:
    word = words.texts[at]
    known = vocabulary()
    if entry := known.code(word):
        return entry
    made = last is not None and last.part in ("vendor", "generation")
    if not looks_like_a_code(word, made=made):
        return None
    if last and made:
        return Entry("code", "unlisted", last.kind or _USUAL.get(last.family, "other"))
    after = words.next(at)
    if after == len(words.texts) or not _JOINED.fullmatch(text, words.end(at), words.starts[after]):
        return None
    follower, _ = _longest(text, words, after)
    if follower and follower.part == "noun" and follower.kind in ("gpu", "cpu", "fpga", "microcontroller"):
        return Entry("code", "unlisted", follower.kind)
    return None
