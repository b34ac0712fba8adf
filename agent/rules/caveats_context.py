"""Whose result a sentence speaks of: the authors' own, or what others did and what is missing."""

import re
from dataclasses import dataclass
from functools import cached_property

from agent.rules.caveats_cues import Place
from agent.rules.page import Page, Sentence

_OWN = re.compile(
    r"\b(?:we|our|ours|this (?:paper|work|article|study|thesis|report|letter|contribution|manuscript|survey)"
    r"|(?:the|a) (?:proposed|presented)|(?:is|are) (?:presented|proposed|introduced|described)|here,? )\b"
)
_PRIOR = re.compile(
    r"\b(?:existing|previous|prior|conventional|traditional|earlier|competing|current|recent|today's|many|most|other"
    r"|state-of-the-art|sota|naive|standard|these|such|those)\b[^,.;]{0,60}?\b(?:methods?|approach(?:es)?|systems?"
    r"|works?|techniques?|solutions?|frameworks?|implementations?|algorithms?|models?|libraries|designs?|accelerators?"
    r"|strategies|schemes?|studies|efforts|tools?|benchmarks?|kernels|compilers|practices?|gpus|hardware|architectures?)\b"
)
_OUTCOME = re.compile(
    r"\d\s?(?:x\b|×|%|\\%|\\times|\$?\\times|times|fold|-fold|percent)|\b(?:achiev|outperform|speed-?up|faster|improv"
    r"|reduc|increas|accelerat|demonstrat|show|find|found|observ|result|experiment|evaluat|reveal|obtain|reach|deliver"
    r"|yield|order of magnitude|orders of magnitude|superior|surpass|exceed|cutting|enhanc|lower|higher)"
)
_CLAIM = re.compile(
    r"\d\s?(?:x\b|×|%|\\%|\$?\\times|times|fold|-fold|percent)|\b(?:outperform|speed-?up|faster|orders? of magnitude"
    r"|superior|surpass|exceed|better|more efficient|most effective|higher throughput|lower latency|performance levels"
    r"|increased|achieves?|improves?|twice|tenfold|optimal|linear|gain)"
)
_FINDING = re.compile(
    r"\b(?:we (?:also |further |then )?(?:find|found|show|showed|observe|observed|conclude|demonstrate|discover|note"
    r"|see|report|discuss|identify|analy[sz]e|highlight|argue|reveal)|results?|experiments?|evaluations?|analys[ie]s"
    r"|findings|study|our|limitation|reveal|however|although|though|while|but)\b"
)
_COMPARED = re.compile(
    r"\b(?:than|over|to|with|against|versus|vs|outperform\w*|surpass\w*|exceed\w*|of|from) (?:the |all )?$"
)
_SIMULATION_TOPIC = re.compile(r"simulat|emulat|monte carlo|digital twin")
_BREAK = re.compile(r"[,;:]\s|\s(?:while|whereas|although|but|since|because|as|when|that|where)\s")


@dataclass(frozen=True)
class Context:
    """A page in lower case, character for character as long as the original, and where its own results begin."""

    page: Page
    lower: str

    @cached_property
    def own_from(self) -> int:
        """The first sentence in which the authors speak of their own work."""
        sentences = self.page.sentences
        name = self.page.title.partition(":")[0].lower() if ":" in self.page.title else ""
        for i, sentence in enumerate(sentences):
            text = self.lower[sentence.start : sentence.end]
            if _OWN.search(text) or (name and name in text):
                return i
        return (len(sentences) + 1) // 2

    @cached_property
    def about_simulation(self) -> bool:
        """Whether simulating is the subject of the work, rather than the way its results were obtained."""
        sentences = self.page.sentences
        until = sentences[self.own_from].start if self.own_from < len(sentences) else len(self.lower)
        return bool(_SIMULATION_TOPIC.search(self.page.title.lower()) or _SIMULATION_TOPIC.search(self.lower, 0, until))

    def fits(self, needs: Place, index: int) -> bool:
        """Whether a sentence stands where a cue needs it to stand."""
        sentence = self.page.sentences[index]
        if index < self.own_from:
            return False
        text = self.lower[sentence.start : sentence.end]
        if needs == "result":
            return _OUTCOME.search(text) is not None
        if needs == "claim":
            return index > self.own_from and _CLAIM.search(text) is not None
        if needs == "finding":
            return index > self.own_from and _FINDING.search(text) is not None
        if needs == "late":
            return index * 3 >= len(self.page.sentences) * 2 or index == len(self.page.sentences) - 1
        return needs == "own" or not self.about_simulation

    def speaks_of_others(self, sentence: Sentence, at: int) -> bool:
        """Whether the subject that governs the passage at `at` is prior work."""
        before = self.lower[sentence.start : at]
        mentions = list(_PRIOR.finditer(before))
        if not mentions:
            return False
        others = mentions[-1]
        if _COMPARED.search(before[: others.start()][-24:]):
            return False
        return _OWN.search(before, others.end()) is None and not _CLAIM.search(before[: others.start()])

    def clause_before(self, sentence: Sentence, at: int) -> str:
        """The words between the last break before `at` and `at`, at most 100 characters."""
        before = self.lower[max(sentence.start, at - 100) : at]
        cut = 0
        for brk in _BREAK.finditer(before):
            cut = brk.end() if brk.group().strip() in {",", ";", ":"} else brk.start()
        return before[cut:]
