"""Where a paper speaks of its own results: sentences of its own, results, background, and the names it gives itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

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
_NUMBER = re.compile(
    r"\d[\d.,]*[ ~-]?(?:\$?\\(?:!\\)?times\b|times\b|x\b|X\b|×|\\?%|percent\b|-?fold\b|fps\b|FPS\b|frames"
    r"|ms\b|millisec|us\b|μs|\\mu"
    r"|seconds?\b|sec\b|s\b|min\b|minutes?\b|hours?\b|days?\b|[KMGTPE]?(?:FLOP|flop|Flop|IOP|OP)|(?:peta|tera"
    r"|giga|exa|Peta|Tera|Giga|Exa)[Ff](?:lop|LOP)|tokens?\b|images?\b"
    r"|samples?\b|(?:clock )?cycles\b|[kKMG]?Hz\b|[MGT][Bb](?:ps|it)?/s|[MGT]bps|Gbps|[KMG]?LUPS"
    r"|queries|mJ|W\b|inferences|updates"
    r"|records|tuples|events|pJ|mW|\$)"
    r"|\d[\d.,]*(?: (?:thousand|million|billion|trillion))? [A-Za-z]+(?: [a-z]+)?(?:/s\b|/sec\b"
    r"| per second| per hour| per day)"
    r"|\borders? of magnitude|\b(?:[Ss]peed-?ups?|[Ff]aster|acceleration of|[Rr]eal[- ]time|twice|(?:two|three"
    r"|four|five|ten)(?:fold|-fold| times)|"
    r"interactive (?:frame )?rates|throughput of|state-of-the-art performance|scaling efficiency"
    r"|(?:strong|weak) scaling)\b|million context",
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
_FASTER = re.compile(
    r"\b[Ss]peed[- ]?ups?\b|\b[Ff]aster\b|[Oo]rders? of magnitude|\b[Ss]peeds? up\b|[Tt]hroughput"
    r"|[Rr]eal[- ]time|\b[Aa]ccelerates\b",
)
_SPEED = re.compile(
    r"\b[Ss]peed[- ]?ups?\b|\b[Ff]aster\b|[Oo]rders? of magnitude|\b[Tt]hroughput\b|\b[Ll]atency\b|\b[Aa]ccelerat"
    r"|[Rr]eal[- ]time|\bruntime\b|"
    r"\btimes\b|\b[Hh]igh-[Pp]erformance\b|\b[Ff]ast|[Ee]fficien",
)
_NAMES = re.compile(
    r"\b(?:propos\w+|present\w*|introduc\w+|develop\w*|describ\w+|design\w*|call(?:ed)?|named|dubbed"
    r"|namely|build|built|implement) "
    r"(?:an? |the )?(?:\\\w+\{)?(?P<name>[A-Z][\w+]*(?:[-.][A-Z]?\w+)*)\}?(?=[ ,.:;(]|$)"
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
        found = [m["name"] for m in _NAMES.finditer(self.page.abstract)]
        if title := _TITLE_NAME.match(self.page.title):
            found.insert(0, title["name"])
        names = dict.fromkeys(name for name in found if name not in _PLAIN and name[0].isupper())
        return tuple(names)[:_MOST_NAMES]

    @cached_property
    def own_from(self) -> int:
        """Where the background ends, in characters of the abstract: 0 where a paper never speaks of itself."""
        for sentence in self.page.sentences:
            if _ACTOR.search(sentence.text) or _DONE.search(sentence.text) or self._names_itself(sentence):
                return sentence.start
        return 0

    @cached_property
    def about_speed(self) -> bool:
        """Whether the abstract claims to be fast at all."""
        return _SPEED.search(self.page.abstract) is not None

    @cached_property
    def claims_speed(self) -> bool:
        """Whether the abstract says that something became faster."""
        return _FASTER.search(self.page.abstract) is not None

    def is_background(self, sentence: Sentence) -> bool:
        """Whether a sentence stands before the paper comes to its own work."""
        return not sentence.in_title and sentence.start < self.own_from

    def is_motivation(self, sentence: Sentence) -> bool:
        """Whether a sentence speaks of what others do or lack, with nothing of the paper's own in it."""
        if self.is_own(sentence):
            return False
        return bool(_CONTRAST.match(sentence.text) or (_OTHERS.search(sentence.text) and not self.has_number(sentence)))

    def is_result(self, sentence: Sentence) -> bool:
        """Whether a sentence before the first "we" already states a result, and not one of others."""
        others = _CONTRAST.match(sentence.text) or _OTHERS.search(sentence.text) or _EXAMPLE.search(sentence.text)
        return not others and self.has_number(sentence)

    def is_own(self, sentence: Sentence) -> bool:
        """Whether a sentence names the paper, its authors or its system."""
        return self._once(
            "own", sentence, lambda: self._names_itself(sentence) or _OWN.search(sentence.text) is not None
        )

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


def has_number(text: str) -> bool:
    """Whether a text states a measured result, or claims speed in so many words."""
    return _NUMBER.search(text) is not None


def has_experiment(text: str) -> bool:
    """Whether a text says that something was run, built or measured."""
    return _EXPERIMENT.search(text) is not None
