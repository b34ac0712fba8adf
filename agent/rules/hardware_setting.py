"""Where a paper speaks of its own results: sentences of its own, results, background, and the names it gives itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from agent.rules.hardware_places import matches_at
from agent.rules.hardware_words import words_of
from agent.rules.page import Page, Sentence

_ACTOR = re.compile(
    r"\b[Ww]e (?!(?:are getting|live|have (?:seen|witnessed)|often|still|typically|usually|face|need"
    r"|cannot|can't|know)\b)"
    r"|\b(?:[Oo]urs?|We)\b|\b(?:[Tt]his|[Tt]he present) (?:\w+ )?(?:paper|work|study|article|thesis"
    r"|report|survey|dissertation|"
    r"contribution|manuscript|letter|note)\b|\b(?:[Hh]erein|[Tt]he proposed|[Tt]he paper|[Tt]he authors)\b"
)
_DONE = re.compile(
    r"\b(?:is|are|was|were) (?!widely|often|commonly|recently|typically|usually|extensively|being|not"
    r"|also|still|mostly|always|generally|heavily)(?:\w+ )?(?:presented|proposed|introduced|described"
    r"|demonstrated|reported|"
    r"implemented|evaluated|developed|shown|investigated|applied|compared|tested|ported|parallelized"
    r"|parallelised|accelerated|"
    r"studied|measured|performed|carried out|benchmarked)\b"
)
_OWN = re.compile(
    rf"{_ACTOR.pattern}|{_DONE.pattern}"
    r"|\b(?:[Ee]xperiment(?:s|al)|[Ee]valuations?|[Rr]esults (?:show|indicate|demonstrate|suggest|confirm|reveal)|"
    r"[Tt]his (?:implementation|software|code|package|library|solver|release))\b"
)
_ACTOR_WORDS, _DONE_WORDS = words_of("actor"), words_of("done")
_OWN_WORDS = _ACTOR_WORDS | _DONE_WORDS | words_of("own")
_NAMING_WORDS, _OTHERS_WORDS = words_of("naming"), words_of("others")
_CLAIM_HINTS = (
    "orders",
    "order of",
    "peed",
    "aster",
    "acceleration of",
    "eal-time",
    "eal time",
    "twice",
    "fold",
    "times",
    "interactive ",
    "throughput of",
    "state-of",
    "scaling",
    "million",
)
_CONTRAST = re.compile(
    r"(?:However|While|Although|Though|Despite|Existing|Recent(?:ly)?|Current(?:ly)?"
    r"|Traditional(?:ly)?|Typical(?:ly)?|"
    r"Unfortunately|Modern|Prior|Previous|Many|Most|Since|Nowadays|Today)\b"
)
_EXAMPLE = re.compile(
    r"\b(?:for example|for instance|e\.g|such as|like|requir\w+|needs?|even|only|takes?|would|can|could|but)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:existing|previous|prior|current|conventional|traditional|recent) (?:\w+ ){0,2}(?:systems?|methods?|works?|"
    r"approach(?:es)?|solutions?|frameworks?|techniques?|studies|implementations?|accelerators?)\b"
    r"|\b(?:often|typically|usually|challenging|prohibitive\w*|hinder\w*|suffers?|struggl\w+"
    r"|bottlenecks?|unlike|are limited|"
    r"is limited)\b"
)
_MEASURE = re.compile(
    r"\d[\d.,]{0,20}(?:[ ~-]?(?:\$?\\(?:!\\)?times\b|times\b|x\b|X\b|×|\\?%|percent\b|-?fold\b|fps\b|FPS\b|frames"
    r"|ms\b|millisec|us\b|μs|\\mu|seconds?\b|sec\b|s\b|min\b|minutes?\b|hours?\b|days?\b"
    r"|[KMGTPE]?(?:FLOP|flop|Flop|IOP|OP)|(?:peta|tera|giga|exa|Peta|Tera|Giga|Exa)[Ff](?:lop|LOP)|tokens?\b|images?\b"
    r"|samples?\b|(?:clock )?cycles\b|[kKMG]?Hz\b|[MGT][Bb](?:ps|it)?/s|[MGT]bps|Gbps|[KMG]?LUPS"
    r"|queries|mJ|W\b|inferences|updates|records|tuples|events|pJ|mW|\$)"
    r"|(?: (?:thousand|million|billion|trillion))? [A-Za-z]+(?: [a-z]+)?(?:/s\b|/sec\b| per (?:second|hour|day)))"
)
_CLAIMED = re.compile(
    r"\b(?:orders? of magnitude|[Ss]peed-?ups?|[Ff]aster|acceleration of|[Rr]eal[- ]time|twice|(?:two|three|four|five"
    r"|ten)(?:fold|-fold| times)|interactive (?:frame )?rates|throughput of|state-of-the-art performance"
    r"|scaling efficiency|(?:strong|weak) scaling)\b|million context"
)
_EXPERIMENT = re.compile(
    r"\b(?:[Ee]xperiment(?:s|al\w*)?|evaluat\w+|Evaluat\w+|measur\w+|benchmark(?:s|ed|ing)?"
    r"|implement(?:s|ed|ation|ations|ing)?|test(?:s|ed|ing|bed)?|train(?:s|ed|ing)?|run(?:s|ning)?|ran"
    r"|demonstrat\w+|shows?|results?|achiev\w+|simulat\w+|prototyp\w+|deploy\w*|scal(?:es?|ed|ing"
    r"|ability)|accelerat(?:e|es|ed|ing)|outperform\w*|reach(?:es|ed|ing)?|obtain\w*|profil\w+"
    r"|port(?:ed|ing)|attain\w*|execut\w+|perform(?:s|ed|ance)?|synthesi[sz]ed|compar\w+|using"
    r"|sustain\w*|investigat\w+|analy[sz]e\w*|process(?:es|ed)|render\w*|solv(?:e|es|ed|ing)"
    r"|comput(?:e|es|ed)|infer(?:ence)?|enabl\w+|improv\w+|fine-?tun\w+)\b"
)
_FASTER = (
    "speedup",
    "speed-up",
    "speed up",
    "speeds up",
    "faster",
    "order of magnitude",
    "orders of magnitude",
    "order-of-magnitude",
    "orders-of-magnitude",
    "throughput",
    "real-time",
    "real time",
    "accelerates",
)
_FAST = (*_FASTER, "latency", "accelerat", "runtime", " times ", "high-performance", " fast", "efficien")
_NAMES = re.compile(
    r"\b(?:propos\w+|present\w*|introduc\w+|develop\w*|describ\w+|design\w*|call(?:ed)?|named|dubbed"
    r"|namely|build|built|implement) "
    r"(?:an? |the )?(?:\\\w+\{)?(?P<name>[A-Z][\w+]*(?:[-.][A-Z]?\w+)*)\}?(?=[ ,.:;(]|$)"
)
_NAMING_STEMS = (
    "propos",
    "present",
    "introduc",
    "develop",
    "describ",
    "design",
    "build",
    "built",
    "call",
    "named",
    "namely",
    "dubbed",
    "implement ",
)
_ACRONYMS = re.compile(
    r"\b(?:propos\w+|present\w*|introduc\w+|develop\w*|describ\w+|design\w*|build|built) (?:an? |the )?"
    r"(?:[\w/-]+ ){1,9}\((?P<name>(?!GPU|CPU|FPGA|TPU|ASIC)[\w-]*[A-Z][\w-]*)\)"
)
_TITLE_NAME = re.compile(r"^\s*(?P<name>[\w+$.@-]+(?: [\w+-]+)?)\s*:")
_MOST_NAMES = 8
_PLAIN = frozenset(
    [
        "We",
        "A",
        "An",
        "The",
        "GPU",
        "CPU",
        "FPGA",
        "CUDA",
        "OpenCL",
        "Our",
        "This",
        "In",
        "Deep",
        "Large",
        "Graph",
        "Neural",
        "OpenMP",
        "MPI",
        "C",
        "LLM",
        "LLMs",
        "DNN",
    ]
)


@dataclass(frozen=True)
class Setting:
    """What a page says about where its own results begin."""

    page: Page

    @cached_property
    def own_names(self) -> tuple[str, ...]:
        """The names that the paper gives its own systems, from its title and from "we propose X"."""
        naming = [s.text for s in self.page.sentences if not _NAMING_WORDS.isdisjoint(s.words)]
        found = [m["name"] for text in naming for m in matches_at(_NAMING_STEMS, _NAMES, text)]
        if title := _TITLE_NAME.match(self.page.title):
            found.insert(0, title["name"])
        found += [m["name"] for text in naming if "(" in text for m in matches_at(_NAMING_STEMS, _ACRONYMS, text)]
        names = dict.fromkeys(name for name in found if name not in _PLAIN and name != name.lower())
        return tuple(names)[:_MOST_NAMES]

    @cached_property
    def own_from(self) -> int:
        """Where the background ends, in characters of the abstract: 0 where a paper never speaks of itself."""
        for sentence in self.page.sentences:
            words, text = sentence.words, sentence.text
            if (
                (not _ACTOR_WORDS.isdisjoint(words) and _ACTOR.search(text))
                or (not _DONE_WORDS.isdisjoint(words) and _DONE.search(text))
                or self._names_itself(sentence)
            ):
                return sentence.start
        return 0

    @cached_property
    def about_speed(self) -> bool:
        """Whether the abstract claims to be fast at all."""
        return any(word in self._lowered for word in _FAST)

    @cached_property
    def claims_speed(self) -> bool:
        """Whether the abstract says that something became faster."""
        return any(word in self._lowered for word in _FASTER)

    @cached_property
    def _lowered(self) -> str:
        return self.page.abstract.lower()

    def is_background(self, sentence: Sentence) -> bool:
        """Whether a sentence stands before the paper comes to its own work."""
        return not sentence.in_title and sentence.start < self.own_from

    def is_motivation(self, sentence: Sentence) -> bool:
        """Whether a sentence speaks of what others do or lack, with nothing of the paper's own in it."""
        if self.is_own(sentence):
            return False
        return bool(_CONTRAST.match(sentence.text) or (_speaks_of_others(sentence) and not self.has_number(sentence)))

    def is_result(self, sentence: Sentence) -> bool:
        """Whether a sentence before the first "we" already states a result, and not one of others."""
        text = sentence.text
        if not self.has_number(sentence) or _CONTRAST.match(text) or _speaks_of_others(sentence):
            return False
        return _EXAMPLE.search(text) is None

    def is_own(self, sentence: Sentence) -> bool:
        """Whether a sentence names the paper, its authors or its system."""
        return self._once("own", sentence, lambda: self._names_itself(sentence) or _speaks_of_itself(sentence))

    def has_number(self, sentence: Sentence) -> bool:
        """Whether a sentence states a measured result, or claims speed in so many words."""
        return self._once("number", sentence, lambda: has_number(sentence.text))

    def has_experiment(self, sentence: Sentence) -> bool:
        """Whether a sentence says that something was run, built or measured."""
        return self._once("experiment", sentence, lambda: has_experiment(sentence.text))

    def _names_itself(self, sentence: Sentence) -> bool:
        return any(name in sentence.text for name in self.own_names)

    def _once(self, question: str, sentence: Sentence, answer: Callable[[], bool]) -> bool:
        asked = (question, sentence.start, sentence.in_title)
        if asked not in self._answers:
            self._answers[asked] = answer()
        return self._answers[asked]

    @cached_property
    def _answers(self) -> dict[tuple[str, int, bool], bool]:
        return {}


def _speaks_of_others(sentence: Sentence) -> bool:
    return not _OTHERS_WORDS.isdisjoint(sentence.words) and _OTHERS.search(sentence.text) is not None


def _speaks_of_itself(sentence: Sentence) -> bool:
    return not _OWN_WORDS.isdisjoint(sentence.words) and _OWN.search(sentence.text) is not None


def has_number(text: str) -> bool:
    """Whether a text states a measured result, or claims speed in so many words."""
    if _MEASURE.search(text):
        return True
    return any(hint in text for hint in _CLAIM_HINTS) and _CLAIMED.search(text) is not None


def has_experiment(text: str) -> bool:
    """Whether a text says that something was run, built or measured."""
    return _EXPERIMENT.search(text) is not None
