"""The words that tell what a number is about, read once from `words/speedups.toml`."""

import re
import tomllib
from importlib.resources import files
from itertools import accumulate
from typing import NamedTuple

SPEED = frozenset({"latency", "throughput", "runtime", "fast"})
TIMES = frozenset({"latency", "runtime"})

_TABLES: dict[str, dict[str, list[str]]] = tomllib.loads(
    (files("agent.rules") / "words" / "speedups.toml").read_text(encoding="utf-8")
)
_COMPOUND_TAILS = frozenset(_TABLES["compounds"]["tails"])
LEADS = _TABLES["leads"]["phrases"]
_PAIR = 2
_MOST_KNOWN = 20_000
_TOKEN = re.compile(r"[A-Za-z]\w*|/|\d+")
_TOKEN_KEPT = re.compile(f"({_TOKEN.pattern})")


class Term(NamedTuple):
    """A word or phrase of the tables in a sentence: its class, its place in characters of the sentence, its text."""

    kind: str
    start: int
    end: int
    text: str


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    is_stem: bool
    kind: str
    second: str


class Lexicon:
    """Phrases by their first word; looking one up costs the same however many there are."""

    def __init__(self, classes: dict[str, list[str]]) -> None:
        self._whole: dict[str, list[_Phrase]] = {}
        self._stems: list[_Phrase] = []
        for kind, entries in classes.items():
            for entry in entries:
                words = tuple(match.group().lower() for match in _TOKEN.finditer(entry))
                is_stem = entry.endswith("*")
                second = words[1] if len(words) > 1 and not (is_stem and len(words) == _PAIR) else ""
                phrase = _Phrase(words, is_stem, kind, second)
                if phrase.is_stem and len(words) == 1:
                    self._stems.append(phrase)
                else:
                    self._whole.setdefault(words[0], []).append(phrase)
        for phrases in self._whole.values():
            phrases.sort(key=lambda phrase: len(phrase.words), reverse=True)
        self._stems.sort(key=lambda phrase: len(phrase.words[0]), reverse=True)

    def phrases_from(self, word: str) -> tuple[_Phrase, ...]:
        """The phrases that a word begins, the longest first."""
        stems = [phrase for phrase in self._stems if word.startswith(phrase.words[0])][:1]
        return (*self._whole.get(word, ()), *stems)


def _terms(lowered: list[str], places: list[int], hits: list[tuple[int, tuple[_Phrase, ...]]]) -> list[Term]:
    """The phrases in a tokenised sentence, in order, longest first and without overlap.

    `hits` are the numbers of the words that begin phrases, with these phrases.
    """
    found: list[Term] = []
    reached = 0
    for number, phrases in hits:
        if number < reached:
            continue
        following = lowered[number + 1] if number + 1 < len(lowered) else ""
        for phrase in phrases:
            if phrase.second and phrase.second != following:
                continue
            length = len(phrase.words)
            if length == 1 or _fits(phrase, lowered, number):
                reached = number + length
                text = lowered[number] if length == 1 else " ".join(lowered[number:reached])
                end = places[2 * reached - 1]
                found.append(Term(phrase.kind, places[2 * number], end, text))
                break
    return found


def _fits(phrase: _Phrase, lowered: list[str], place: int) -> bool:
    length = len(phrase.words)
    here = lowered[place : place + length]
    if len(here) < length or tuple(here[:-1]) != phrase.words[:-1]:
        return False
    last = phrase.words[-1]
    return here[-1].startswith(last) if phrase.is_stem else here[-1] == last


def by_last_word(phrases: list[str]) -> dict[str, list[tuple[str, ...]]]:
    """Phrases by their last word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted((tuple(phrase.split()) for phrase in phrases), key=len, reverse=True):
        found.setdefault(words[-1], []).append(words)
    return found


def _tokens_in(text: str) -> tuple[list[str], list[int]]:
    """The words and numbers of a text in lower case, and their places: where each begins and ends, in turn."""
    low = text.lower()
    if len(low) != len(text):  # a letter whose lower case is longer
        words = list(_TOKEN.finditer(text))
        return [word.group().lower() for word in words], [place for word in words for place in word.span()]
    parts = _TOKEN_KEPT.split(low)
    return parts[1::2], list(accumulate(map(len, parts)))


_TOPICS = Lexicon(_TABLES["topics"])
_DIRECTIONS = Lexicon(_TABLES["directions"])
_BOUNDS = Lexicon(_TABLES["bounds"])


class Terms(NamedTuple):
    """What a sentence says of topics, of directions and of bounds, each in order."""

    topics: list[Term]
    directions: list[Term]
    bounds: list[Term]


_LEXICONS = (_TOPICS, _DIRECTIONS, _BOUNDS)
_begun_by: dict[str, tuple[tuple[_Phrase, ...], ...]] = {}
"""What the words seen so far begin in each lexicon; nothing for most."""


def _phrases_from(word: str) -> tuple[tuple[_Phrase, ...], ...]:
    found = tuple(lexicon.phrases_from(word) for lexicon in _LEXICONS)
    found = found if any(found) else ()
    if len(_begun_by) < _MOST_KNOWN:
        _begun_by[word] = found
    return found


def terms_in(text: str) -> Terms:
    """The words of a sentence for topics, directions and bounds; "memory-bound" or a name ("ONNX Runtime") is none."""
    lowered, places = _tokens_in(text)
    hits: list[list[tuple[int, tuple[_Phrase, ...]]]] = [[], [], []]
    for number, word in enumerate(lowered):
        begun = _begun_by.get(word)
        for kind, phrases in enumerate(_phrases_from(word) if begun is None else begun):
            if phrases:
                hits[kind].append((number, phrases))
    topics, directions, bounds = (_terms(lowered, places, found) for found in hits)
    return Terms([term for term in topics if not _is_compound(text, term)], directions, bounds)


def _is_compound(text: str, term: Term) -> bool:
    if term.text == "runtime" and text[term.start] == "R" and term.start > 0:
        return True  # "ONNX Runtime" is a name
    if term.text == "accelerate" and text[term.start] == "A" and term.start > 0:
        return True  # and so is "Hugging Face Accelerate"
    if text[term.end : term.end + 1] != "-":
        return False
    tail = re.match(r"-(\w+)", text[term.end : term.end + 20])
    return tail is not None and tail[1].lower() in _COMPOUND_TAILS
