"""The words that tell what a number is about, read once from `words/speedups.toml`."""

import re
import tomllib
from importlib.resources import files
from typing import NamedTuple

SPEED = frozenset({"latency", "throughput", "runtime", "fast"})
TIMES = frozenset({"latency", "runtime"})

_TABLES: dict[str, dict[str, list[str]]] = tomllib.loads(
    (files("agent.rules") / "words" / "speedups.toml").read_text(encoding="utf-8")
)
BOUNDS = _TABLES["bounds"]
_COMPOUND_TAILS = frozenset(_TABLES["compounds"]["tails"])
_MOST_KNOWN = 20_000
_TOKEN = re.compile(r"[A-Za-z]\w*|/|\d+")


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


class Lexicon:
    """Phrases by their first word; looking one up costs the same however many there are."""

    def __init__(self, classes: dict[str, list[str]]) -> None:
        self._whole: dict[str, list[_Phrase]] = {}
        self._stems: list[_Phrase] = []
        for kind, entries in classes.items():
            for entry in entries:
                words = tuple(match.group().lower() for match in _TOKEN.finditer(entry))
                phrase = _Phrase(words, entry.endswith("*"), kind)
                if phrase.is_stem and len(words) == 1:
                    self._stems.append(phrase)
                else:
                    self._whole.setdefault(words[0], []).append(phrase)
        for phrases in self._whole.values():
            phrases.sort(key=lambda phrase: len(phrase.words), reverse=True)
        self._stems.sort(key=lambda phrase: len(phrase.words[0]), reverse=True)
        self._known: dict[str, tuple[_Phrase, ...]] = {}

    def _phrases_of(self, word: str) -> tuple[_Phrase, ...]:
        known = self._known.get(word)
        if known is None:
            known = self._find(word)
            if len(self._known) < _MOST_KNOWN:
                self._known[word] = known
        return known

    def _find(self, word: str) -> tuple[_Phrase, ...]:
        stems = [phrase for phrase in self._stems if word.startswith(phrase.words[0])][:1]
        return (*self._whole.get(word, ()), *stems)

    def terms(self, words: list[re.Match[str]], lowered: list[str]) -> list[Term]:
        """The phrases in a tokenised sentence, in order, longest first and without overlap."""
        found, place = [], 0
        while place < len(words):
            length = 1
            for phrase in self._phrases_of(lowered[place]):
                if _fits(phrase, lowered, place):
                    length = len(phrase.words)
                    first, last = words[place], words[place + length - 1]
                    text = " ".join(lowered[place : place + length])
                    found.append(Term(phrase.kind, first.start(), last.end(), text))
                    break
            place += length
        return found


def _fits(phrase: _Phrase, lowered: list[str], place: int) -> bool:
    here = lowered[place : place + len(phrase.words)]
    if len(here) < len(phrase.words) or tuple(here[:-1]) != phrase.words[:-1]:
        return False
    last = phrase.words[-1]
    return here[-1].startswith(last) if phrase.is_stem else here[-1] == last


def tokens_in(text: str) -> tuple[list[re.Match[str]], list[str]]:
    """The words and numbers of a text with their places, and the same in lower case."""
    words = list(_TOKEN.finditer(text))
    return words, [word.group().lower() for word in words]


_TOPICS = Lexicon(_TABLES["topics"])
_DIRECTIONS = Lexicon(_TABLES["directions"])


class Terms(NamedTuple):
    """What a sentence says of topics and of directions, each in order."""

    topics: list[Term]
    directions: list[Term]


def terms_in(text: str) -> Terms:
    """The topic and direction words of a sentence; "memory-bound" or a name ("ONNX Runtime") is none."""
    words, lowered = tokens_in(text)
    topics = [term for term in _TOPICS.terms(words, lowered) if not _is_compound(text, term)]
    return Terms(topics, _DIRECTIONS.terms(words, lowered))


def _is_compound(text: str, term: Term) -> bool:
    if term.text == "runtime" and text[term.start] == "R" and term.start > 0:
        return True  # "ONNX Runtime" is a name
    if text[term.end : term.end + 1] != "-":
        return False
    tail = re.match(r"-(\w+)", text[term.end : term.end + 20])
    return tail is not None and tail[1].lower() in _COMPOUND_TAILS
