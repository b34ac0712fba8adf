"""The noun phrase cutter: from the words behind "than" or "over" to the phrases that name what is compared with."""

import re
from dataclasses import dataclass

from agent.rules.baselines_words import is_number, is_precision, is_proper, is_size, words

REACH = 420
"""How many characters behind a comparing word are read."""

_TOKEN = re.compile(
    r"[A-Z][\w-]+ et al\.?(?: \(\d{4}[a-z]?\))?|\d{1,3}(?:,\d{3})+\w*|\[\d+(?:, ?\d+)*\]|e\.g\.|i\.e\.|etc\.?(?!\w)"
    r"|\w+(?:[.'’+/&@*-]\w+)*[+*#]{0,2}|\\[a-z]+\b|-{2,3}|[^\w\s]"
)
_LONGEST = 9
_MOST = 24


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark and its place in the sentence."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower()


@dataclass(frozen=True, slots=True)
class Phrase:
    """The tokens of one noun phrase, without what opens it."""

    tokens: tuple[Token, ...]
    after: int
    owned: bool = False

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    @property
    def proper(self) -> bool:
        return any(is_proper(t.text) for t in self.tokens)


def tokens_of(text: str, start: int, reach: int = REACH) -> list[Token]:
    """The tokens of a text from a place on, as far as the reach; a word that the reach cuts is left out."""
    stop = min(len(text), start + reach)
    found = [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text, start, stop)]
    if found and stop < len(text) and found[-1].end == stop:
        found.pop()
    return found


def phrases(tokens: list[Token]) -> list[Phrase]:
    """The noun phrases of the list that begins the tokens: one, or several joined by commas and "and"."""
    first = phrase(tokens, _fillers(tokens, 0))
    if first is None:
        return []
    named = _named_instead(tokens, first)
    if named:
        return named
    return [first, *_joined(tokens, first)]


def _fillers(tokens: list[Token], i: int) -> int:
    """Skip "that of", "those obtained by", "when using", "the accuracy of" and marks of markup."""
    for _ in range(6):
        j = _filler(tokens, i)
        if j == i:
            break
        i = j
    return i


def _filler(tokens: list[Token], i: int) -> int:
    low = [t.low for t in tokens[i : i + 4]] + [""] * 4
    if low[0] in {"that", "those", "the", "what", "ones", "results"} and low[1] in {
        "of",
        "from",
        "by",
        "using",
        "with",
        "in",
    }:
        return i + 2
    if (
        low[0] in {"that", "those", "results"}
        and low[1] in _REACHED
        and low[2] in {"by", "with", "using", "from", "in"}
    ):
        return i + 3
    if low[0] == "when" and low[1] in _DOING:
        return i + 2
    if (
        low[0] in _DOING
        or low[0] in {":", '"', "“", "`", "{", "$", "in", "with", "by", "from", "for", "of", "("}
        or low[0].startswith("\\")
    ):
        return i + 1
    return _past_metric(tokens, i)


_REACHED = {
    "achieved",
    "obtained",
    "reported",
    "attained",
    "produced",
    "reached",
    "provided",
    "trained",
    "found",
    "given",
}
_DOING = {
    "using",
    "running",
    "applying",
    "employing",
    "performing",
    "adopting",
    "simply",
    "naively",
    "naïvely",
    "directly",
}


def _past_metric(tokens: list[Token], i: int) -> int:
    """Skip a quantity and its "of": "the (best) accuracy achieved by" X leaves X."""
    j = i
    while j < min(len(tokens), i + 6) and (
        tokens[j].low in words("metrics")
        or tokens[j].low in words("openers")
        or tokens[j].low in {"and", "or", "reported", "overall", "original"}
    ):
        j += 1
    if j == i or tokens[j - 1].low not in words("metrics") or j >= len(tokens):
        return i
    low = tokens[j].low
    if low in {"of", "by", "from", "with", "using"}:
        return j + 1
    if low in _REACHED and j + 1 < len(tokens) and tokens[j + 1].low in {"by", "with", "using", "in", "from"}:
        return j + 2
    return i


def phrase(tokens: list[Token], i: int) -> Phrase | None:
    """One noun phrase from a place on, or None where none begins."""
    owned = False
    while i < len(tokens) and (tokens[i].low in words("openers") or tokens[i].text in "\"'`“”{}"):
        owned = owned or tokens[i].low == "our"
        i += 1
    j = i
    while j < len(tokens) and j - i < _LONGEST and _goes_on(tokens, i, j):
        j += 1
    kept = _trimmed(tokens[i:j])
    if not kept:
        return None
    return Phrase(tuple(kept), j, owned)


def _goes_on(tokens: list[Token], i: int, j: int) -> bool:
    token = tokens[j]
    low = token.low
    if not token.text[0].isalnum() or low in {"e.g.", "i.e.", "etc", "etc."} or " et al" in token.text:
        return " et al" in token.text and i == j
    if j > i and " et al" in tokens[j - 1].text:
        return False
    modifier = low in words("generic") or low in words("setting") or low in words("openers")
    if j > i and low in words("openers"):
        return all(_is_modifier(t) for t in tokens[i:j])
    if low in words("stops"):
        if token.text[0].isupper() and is_proper(token.text) and not modifier and (j == i or low not in {"and", "or"}):
            return token.text[1:] != token.text[1:].lower() or (low in _NAMES_TOO)
        if low in {
            "proposed",
            "introduced",
            "reported",
            "trained",
            "published",
            "available",
            "known",
            "designed",
            "built",
        }:
            return j > i and tokens[j - 1].low.endswith("ly")
        return modifier and all(_is_modifier(t) for t in tokens[i:j])
    if is_number(token.text) and not is_precision(token.text):
        return _number_belongs(tokens, i, j)
    return not (j > i and low.endswith("ly") and len(low) > 4 and low not in {"family", "assembly", "supply"})


_NAMES_TOO = {"accelerate", "scale", "beat", "reach"}


def _is_modifier(token: Token) -> bool:
    return token.low in words("generic") or token.low in words("setting") or token.low in words("openers")


def _number_belongs(tokens: list[Token], i: int, j: int) -> bool:
    """A number goes on a phrase as a version or size right behind a name: "GPT-3 175B", "Llama 2"."""
    return j > i and is_size(tokens[j].text) and is_proper(tokens[j - 1].text)


def _trimmed(kept: list[Token]) -> list[Token]:
    while kept and (kept[-1].low in words("openers") or kept[-1].low.endswith("ly") and kept[-1].low != "assembly"):
        kept = kept[:-1]
    return _past_owner(kept)


def _past_owner(kept: list[Token]) -> list[Token]:
    """ "NVIDIA's CUTLASS" is CUTLASS; "GPT-4's accuracy" is GPT-4."""
    for k, token in enumerate(kept[:-1]):
        if token.low.endswith(("'s", "’s")):
            rest = kept[k + 1 :]
            if rest[0].low in words("metrics"):
                return [*kept[:k], Token(token.text[:-2], token.start, token.end - 2)]
            if any(is_proper(t.text) for t in rest):
                return rest
    return kept


def _named_instead(tokens: list[Token], generic: Phrase) -> list[Phrase]:
    """The named systems behind a class of them: "systems such as A and B", "libraries (A, B)", "library, i.e., A"."""
    i = generic.after
    low = [t.low for t in tokens[i : i + 4]] + [""] * 4
    head = generic.tokens[-1].low
    if low[0] == "," and low[1] in {"such", "including", "like", "i.e.", "e.g.", "namely"}:
        i, low = i + 1, low[1:]
    if low[0] == "such" and low[1] == "as":
        i += 2
    elif low[0] in {"including", "like", "i.e.", "e.g.", "namely", "i.e", "e.g", ":"}:
        i += 1
    elif (
        low[0] in {"(", "--", "---", "–", "—"}
        and not is_proper(generic.tokens[-1].text)
        and (head in words("heads") or head.endswith("s"))
    ):
        i += 1
        if low[1] in {"such", "like", "including", "e.g.", "i.e.", "namely"}:
            i += 2 if low[1] == "such" else 1
        elif len(generic.tokens) > 1 and _is_acronym_of(tokens[i : i + 2], generic):
            return []
    else:
        return []
    while i < len(tokens) and tokens[i].text in {",", ":"}:
        i += 1
    found = _list(tokens, i)
    return [p for p in found if p.proper]


def _is_acronym_of(inside: list[Token], whole: Phrase) -> bool:
    if len(inside) < 2 or inside[1].text != ")":
        return False
    initials = "".join(part[0] for t in whole.tokens for part in re.split(r"[-/]", t.text) if part).lower()
    letters = [c for c in inside[0].low if c.isalpha()]
    return bool(letters) and sum(c in initials for c in letters) >= len(letters) - 1 and letters[0] in initials


def _list(tokens: list[Token], i: int) -> list[Phrase]:
    first = phrase(tokens, i)
    if first is None:
        return []
    return [first, *_joined(tokens, first, loose=True)]


def _joined(tokens: list[Token], first: Phrase, loose: bool = False) -> list[Phrase]:
    """The further members of a list. A comma alone joins names only, and only where "and" closes the list or `loose`."""
    members: list[Phrase] = []
    closed = False
    last = first
    while len(members) < _MOST:
        i = _past_brackets(tokens, last.after)
        comma = i < len(tokens) and tokens[i].text == ","
        i += comma
        closing = i < len(tokens) and tokens[i].low in {"and", "or", "&"}
        i += closing
        if not comma and not closing:
            break
        nxt = phrase(tokens, i)
        if nxt is None or not _parallel(tokens, first, nxt, comma, closing):
            break
        members.append(nxt)
        last = nxt
        if closing:
            closed = True
            if not (nxt.after < len(tokens) and tokens[nxt.after].text == ","):
                break
    if closed or loose:
        return members
    return []


def _past_brackets(tokens: list[Token], i: int) -> int:
    """Behind a bracket that follows a member: "Bowtie [8]", "(P-CG)", "(9.2 FPS A100, 53.9% AP)"."""
    if i < len(tokens) and tokens[i].text.startswith("[") and len(tokens[i].text) > 1:
        return i + 1
    if i < len(tokens) and tokens[i].text == "(":
        for j in range(i + 1, min(len(tokens), i + 14)):
            if tokens[j].text == ")":
                return j + 1
    return i


def _parallel(tokens: list[Token], first: Phrase, nxt: Phrase, comma: bool, closing: bool) -> bool:
    """Whether a phrase behind a comma or "and" is a further member and not the start of a clause."""
    after = tokens[nxt.after].low if nxt.after < len(tokens) else ""
    if after in _FINITE:
        return False
    if first.proper:
        return nxt.proper
    if not closing or comma:
        return (
            nxt.proper == first.proper
            and (closing or len(nxt.tokens) <= 4)
            and nxt.tokens[-1].low not in words("metrics")
        )
    return nxt.tokens[-1].low not in words("metrics") and nxt.tokens[0].low not in {"can", "reduce", "thus"}


_FINITE = frozenset(
    """is are was were has have can could may might must shall should will would does do did achieves achieve reaches
    requires reduces improves outperforms provides delivers shows attains offers yields runs takes uses surpasses enables
    increases maintains performs obtains exhibits supports scales saves significantly consistently also further only
    exceeds demonstrates gains produces generates""".split()
)
