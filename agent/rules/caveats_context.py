"""Whose result a sentence speaks of: the authors' own, or what others did and what is missing."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from agent.rules.caveats_cues import Place
from agent.rules.page import Page, Sentence

_OWN = re.compile(
    r"\b(?:we|our|ours|this (?:paper|work|article|study|thesis|report|letter|contribution|manuscript|survey)"
    r"|(?:the|a) (?:proposed|presented)|(?:is|are) (?:presented|proposed|introduced|described)|here,? )\b"
)
_PRIOR = re.compile(
    r"\b(?:existing|previous|prior|conventional|traditional|earlier|competing|current|recent|today's|state-of-the-art|sota"
    r"|naive)\b[^,.;]{0,60}?\b(?:methods?|approach(?:es)?|systems?"
    r"|works?|techniques?|solutions?|frameworks?|implementations?|algorithms?|models?|libraries|designs?|accelerators?"
    r"|strategies|schemes?|studies|efforts|tools?|benchmarks?|kernels|compilers|practices?|gpus|hardware|architectures?)\b"
)
_ANNOUNCED = re.compile(
    r"\b(?:(?:in|with) this (?:paper|work|article|study|letter|report)|this (?:paper|work|article|study|letter|report)"
    r"|here,? we|(?:we|i) (?:\w+ ){0,2}(?:propose|present|introduce|develop|describe|design|study|investigate"
    r"|analy[sz]e|evaluate|explore|implement|examine|build|built|compare|revisit|report|conduct|perform)(?:ed)?)\b"
)
_NUMBER = r"\d\s?(?:x\b|×|\\?%|\$?\\times|times|fold|-fold|percent)"
_OUTCOME = re.compile(
    _NUMBER
    + r"|\b(?:achiev|outperform|speed-?up|faster|improv|reduc|increas|accelerat|demonstrat|show|find|found|observ"
    r"|result|experiment|evaluat|reveal|obtain|reach|deliver|yield|orders? of magnitude|superior|surpass|exceed|cutting"
    r"|enhanc|better|compar|perform|lower|higher|slower|longer|worse|overhead|drop|loss|error|degrad)"
)
_CLAIM = re.compile(
    _NUMBER + r"|\b(?:outperform|speed-?up|faster|orders? of magnitude|superior|surpass|exceed|better|more efficient"
    r"|most effective|higher throughput|lower latency|performance levels|increased|achieves?|twice|tenfold|gain"
    r"|accelerat(?:es?|ing|ion)\b"
    r"|(?:cheaper|less)\b)"
)
_STATED = re.compile(
    _NUMBER + r"|\bwe (?:\w+ )?(?:find|found|show|showed|observe|observed|demonstrate|conclude|report|evaluate|achieve"
    r"|obtain|measure)|\b(?:results?|experiments?|evaluations?|outperforms?|speed-?ups?|faster|benchmarks?|reveals?)\b"
)
_COMPARED = re.compile(
    r"\b(?:than|over|to|with|against|versus|vs|outperform\w*|surpass\w*|exceed\w*|of|from|unlike|using|on|across|by|into)"
    r" (?:the |all |most |many |various |several )?$"
)
_FOUND = re.compile(r"\b(?:find|found|observe|observed|show|shows|reveal|reveals|demonstrate)\b")
_ANSWER = re.compile(
    r"(?:to (?:address|solve|overcome|tackle|mitigate|alleviate|this end|resolve|remedy|bridge|close|cope|combat|deal)"
    r"|(?:therefore|thus|hence|motivated|based on|driven|inspired|accordingly|in response|as a remedy)\b"
    r"|(?:we|this paper|this work|in this paper,? we) (?:therefore |thus |then |hence )?(?:address|propose|present"
    r"|introduce|develop|design|tackle|solve|overcome)|our (?:key )?(?:insight|idea|solution))"
)
_PROPOSAL = re.compile(r"\bwe (?:\w+ )?(?:propose|introduce|present|develop|design)\b")
_SIMULATION_TOPIC = re.compile(r"simulat|emulat|monte carlo|digital twin")
_FAR = 300
_NEAR = 100
_LESSENED = re.compile(
    r"\b(?:mitigat|eliminat|minimi[sz]|reduc(?:e|es|ing)\b|recover|remov|hid(?:e|es|ing)\b|amorti|address|tackl|overcom"
    r"|alleviat|compensat|lower(?:s|ing)\b|cut(?:s|ting)?\b|clos(?:e|es|ing)\b)\w*"
    r"(?: (?!with\b|at\b|for\b|by\b|but\b|and\b)[a-z-]+){0,5} $"
)
_BREAK = re.compile(
    r"[,;:]\s|\sand\s(?=only |with |just |at )"
    r"|\s(?:while|whereas|although|but|since|because|as|when|that|where)\s"
)


@dataclass(frozen=True)
class Context:
    """A page in lower case, character for character as long as the original, and where its own results begin."""

    page: Page
    lower: str
    _known: dict[tuple[Place, int], bool] = field(default_factory=dict)

    @cached_property
    def own_from(self) -> int:
        """The first sentence in which the authors speak of their own work."""
        sentences = self.page.sentences
        for i, sentence in enumerate(sentences):
            if _ANNOUNCED.search(self.lower, sentence.start, sentence.end):
                return i
        name = self.page.title.partition(":")[0].lower() if ":" in self.page.title else ""
        for i, sentence in enumerate(sentences):
            text = self.lower[sentence.start : sentence.end]
            if _OWN.search(text) or (name and name in text):
                return i
        return (len(sentences) + 1) // 2

    @cached_property
    def results_from(self) -> int:
        """The first sentence after the authors' introduction that states an outcome."""
        sentences = self.page.sentences
        for i in range(self.own_from + 1, len(sentences)):
            if _STATED.search(self.lower, sentences[i].start, sentences[i].end):
                return i
        return len(sentences) - 1

    @cached_property
    def about_simulation(self) -> bool:
        """Whether simulating is the subject of the work, rather than the way its results were obtained."""
        sentences = self.page.sentences
        until = sentences[self.own_from].start if self.own_from < len(sentences) else len(self.lower)
        return bool(_SIMULATION_TOPIC.search(self.page.title.lower()) or _SIMULATION_TOPIC.search(self.lower, 0, until))

    def fits(self, needs: Place, index: int) -> bool:
        """Whether a sentence stands where a cue needs it to stand; answered once for each sentence and need."""
        key = (needs, index)
        if key not in self._known:
            self._known[key] = index >= self.own_from and self._stands(needs, index)
        return self._known[key]

    def _stands(self, needs: Place, index: int) -> bool:
        sentence = self.page.sentences[index]
        match needs:
            case "result":
                return _OUTCOME.search(self.lower, sentence.start, sentence.end) is not None
            case "claim":
                return index > self.own_from and _CLAIM.search(self.lower, sentence.start, sentence.end) is not None
            case "finding":
                return index >= self.results_from and not self._is_answered(index)
            case "measured":
                return not self.about_simulation
            case "evidence":
                return (
                    not self.about_simulation and _OUTCOME.search(self.lower, sentence.start, sentence.end) is not None
                )
            case "own":
                return True

    def _is_answered(self, index: int) -> bool:
        """Whether one of the next two sentences answers this one, which then states a problem and no result."""
        following = self.page.sentences[index + 1 : index + 3]
        return any(
            _ANSWER.match(self.lower, sentence.start) or _PROPOSAL.search(self.lower, sentence.start, sentence.end)
            for sentence in following
        )

    def speaks_of_others(self, sentence: Sentence, at: int) -> bool:
        """Whether the subject that governs the passage at `at` is prior work."""
        before = self.lower[max(sentence.start, at - _FAR) : at]
        mentions = list(_PRIOR.finditer(before))
        if not mentions:
            return False
        others = mentions[-1]
        if _COMPARED.search(before[: others.start()][-24:]) or _FOUND.search(before, others.end()):
            return False
        if others.group().startswith(("state", "sota", "recent")) and _FOUND.search(before[: others.start()]):
            return False
        return _OWN.search(before, others.end()) is None and not _CLAIM.search(before[: others.start()])

    def lessened(self, sentence: Sentence, at: int) -> bool:
        """Whether a verb of lessening governs the loss or cost named at `at`, which then is a gain."""
        return _LESSENED.search(self.lower[max(sentence.start, at - _NEAR) : at]) is not None

    def clause_before(self, sentence: Sentence, at: int) -> str:
        """The words between the last break before `at` and `at`, at most 100 characters of them."""
        before = self.lower[max(sentence.start, at - _NEAR) : at]
        cut = 0
        for brk in _BREAK.finditer(before):
            cut = brk.end() if brk.group().strip() in {",", ";", ":"} else brk.start()
        return before[cut:]
