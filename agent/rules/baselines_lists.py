"""Lists of noun phrases, and the named systems that stand for a class of them: "libraries such as A, B and C"."""

from dataclasses import replace

from agent.rules.baselines_fillers import past_fillers
from agent.rules.baselines_phrases import Phrase, phrase_at
from agent.rules.baselines_tails import with_tail
from agent.rules.baselines_tokens import Tokens
from agent.rules.baselines_words import (
    DATA,
    DEVICES,
    FINITE,
    GENERIC,
    HEADS,
    METRICS,
    SETTING,
    TOPICS,
    is_number,
    is_proper,
    is_shaped,
)

_MOST = 24
_BRACKET = 16
_TAIL = 9
_MEASURE = 9
_EXAMPLES = frozenset({"including", "like", "i.e.", "e.g.", "namely", "i.e", "e.g", "especially"})
_GO_ON = frozenset({"are", "were", "show", "shows", "reveal", "reveals", "indicate", "indicates", "demonstrates"})
_CLASS_TAILS = frozenset({"for", "without", "in", "of", "from"})
_TIED = frozenset({"for", "with", "by", "using"})
_CLOSED = frozenset({",", ".", ";", ""})
_DASHES = frozenset({"--", "---", "–", "—", ":"})


def phrases_in(tokens: Tokens, amounts: bool = False) -> list[Phrase]:
    """The noun phrases that begin the tokens: one, or several joined by commas and "and"; named ones for a class.

    With `amounts` an amount may come first ("compared to 20 tokens/s for X").
    """
    first = phrase_at(tokens, past_fillers(tokens, amounts))
    if first is None:
        return []
    first = with_tail(tokens, first)
    found = _examples(tokens, first) or _shared([first, *_joined(tokens, first), *_respective(tokens, first)])
    return [*found, *_later(tokens, found[-1], amounts)]


def _shared(found: list[Phrase]) -> list[Phrase]:
    """Two devices that share a head are known without it: "CPU and GPU implementations"."""
    first, last = found[0], found[-1]
    headed = len(last.tokens) == 2 and last.tokens[0].low in DEVICES and last.head in HEADS and last.head not in DEVICES
    if headed and len(found) == 2 and first.head in DEVICES:
        return [first, replace(last, tokens=last.tokens[:1])]
    return found


def _respective(tokens: Tokens, first: Phrase) -> list[Phrase]:
    """The second of two in brackets: "faster than A (resp. B)"."""
    i = first.after
    if tokens[i].low != "(" or not tokens[i + 1].low.startswith("resp"):
        return []
    i += 2
    while tokens[i].low in {".", ","}:
        i += 1
    second = phrase_at(tokens, i)
    return [second] if second is not None else []


def _later(tokens: Tokens, last: Phrase, amounts: bool) -> list[Phrase]:
    """The names that follow after a measure each: "outperforms A by 2x, B by 3x, and C by 4x".

    With `amounts` the measure may come before the name: "compared to 3 s for A and 4 for B".
    """
    if amounts:
        return _with_amount(tokens, last)
    found: list[Phrase] = []
    while last.proper and len(found) < _MOST:
        begun = i = _past_brackets(tokens, last.after)
        if tokens[i].low not in {"by", "on"}:
            break
        while i - begun < _MEASURE and tokens[i].low not in {",", "and", ".", ";", ""}:
            i += 1
        i += tokens[i].low == ","
        i += tokens[i].low == "and"
        nxt = phrase_at(tokens, i)
        if nxt is None or not nxt.proper or tokens[_past_brackets(tokens, nxt.after)].low != tokens[begun].low:
            break
        found.append(nxt)
        last = nxt
    return found


def _with_amount(tokens: Tokens, last: Phrase) -> list[Phrase]:
    found: list[Phrase] = []
    while last.proper and len(found) < _MOST:
        i = _past_brackets(tokens, last.after)
        i += tokens[i].low == ","
        i += tokens[i].low == "and"
        if i == last.after or not is_number(tokens[i].low):
            break
        i = next((j for j in range(i + 1, i + _MEASURE) if not tokens[j].is_word or tokens[j].low in _TIED), i)
        name = phrase_at(tokens, i + 1) if tokens[i].low in _TIED else None
        if name is None or not name.proper:
            break
        found.append(name)
        last = name
    return found


def _examples(tokens: Tokens, whole: Phrase) -> list[Phrase]:
    """The members named behind a class: "systems such as A and B", "libraries (A, B)", "library, i.e., A"."""
    if is_proper(whole.tokens[-1].text) and not whole.head.endswith("s"):
        return []
    apposed = _apposed(tokens, whole)
    i = _examples_at(tokens, whole.after)
    if apposed or i == 0:
        return apposed
    bracketed = tokens[i - 1].text == "(" or tokens[i - 1].text in _DASHES
    while tokens[i].low in {",", ":"}:
        i += 1
    first = phrase_at(tokens, i)
    if first is None:
        return []
    found = [first, *_joined(tokens, first, loose=True)]
    if bracketed:
        return found if all(_is_system(p) for p in found) else []
    return [p for p in found if p.head not in DATA and not _is_rest(p)]


def _apposed(tokens: Tokens, whole: Phrase) -> list[Phrase]:
    """The names that a comma sets behind a class: "the best method, Foo, by 2x", "two methods, Foo and Bar"."""
    if whole.head not in HEADS or tokens[whole.after].low != ",":
        return []
    name = phrase_at(tokens, whole.after + 1)
    if name is None or not _is_name(name):
        return []
    if whole.head.endswith("s"):
        names = [name, *_joined(tokens, name)]
        closed = tokens[_past_brackets(tokens, names[-1].after)].low in _CLOSED
        return names if len(names) > 1 and closed and all(p.proper for p in names) else []
    if tokens[name.after].low not in _CLOSED:
        return []
    return [name] if is_proper(name.tokens[-1].text) or name.head in HEADS else []


def _examples_at(tokens: Tokens, i: int) -> int:
    """Where the examples of a class begin, looking past a short "without …" or "for …" behind it; 0 where none do."""
    for j in range(i, i + _TAIL):
        low, nxt = tokens[j].low, tokens[j + 1].low
        if j == i and low[:1].isalnum() and low not in _CLASS_TAILS and low not in _EXAMPLES and low != "such":
            return 0
        if low in DATA or low in DEVICES:
            return 0
        if low == "such" and nxt == "as":
            return j + 2
        if low in _EXAMPLES and (j == i or tokens[j - 1].low in {",", "("}):
            return j + 1
        if low == "like" and j == i:
            return j + 1
        if j == i and (low == "(" or low in _DASHES) and nxt not in _EXAMPLES and nxt != "such":
            return j + 1
        if low not in {",", "("} and not low[:1].isalnum():
            return 0
        if low == "," and nxt not in _EXAMPLES and nxt != "such":
            return 0
    return 0


def _is_system(phrase: Phrase) -> bool:
    first = phrase.tokens[0].text
    return phrase.proper and len(first) > 1 and not is_number(first)


def _joined(tokens: Tokens, first: Phrase, loose: bool = False) -> list[Phrase]:
    """The further members of a list. A comma alone joins only where "and" closes the list, or where `loose`."""
    members: list[Phrase] = []
    last, closed = first, False
    while len(members) < _MOST:
        i = _past_brackets(tokens, last.after)
        comma = tokens[i].low == ","
        i += comma
        also = tokens[i].low == "as" and tokens[i + 1].low == "well" and tokens[i + 2].low == "as"
        closing = also or tokens[i].low in {"and", "or", "&"}
        i += 3 if also else closing
        if (not comma and not closing) or tokens[i].low == "no":
            break
        member = phrase_at(tokens, i)
        if member is None or not (
            (loose and closing) or _parallel(tokens, first, member, comma, closing, len(members))
        ):
            closed = closed or (closing and member is not None and _is_rest(member))
            break
        members.append(member)
        last = member
        closed = closed or closing
        if closing and tokens[member.after].low not in {",", "and"}:
            break
    return members if closed or loose else []


def _past_brackets(tokens: Tokens, i: int) -> int:
    """Behind a bracket that follows a member: "Bowtie [8]", "SWIN-L (9.2 FPS A100, 53.9% AP)"."""
    if tokens[i].low[:1] == "[" and len(tokens[i].text) > 1:
        return i + 1
    if tokens[i].low == "(":
        for j in range(i + 1, i + _BRACKET):
            if tokens[j].text == ")":
                return j + 1
    return i


def _parallel(tokens: Tokens, first: Phrase, member: Phrase, comma: bool, closing: bool, count: int) -> bool:
    """Whether a phrase behind a comma or "and" is a further member and not the start of a clause."""
    after = tokens[member.after].low
    if member.head in METRICS or member.head in DATA:
        return False
    if comma and (after == "up" or is_number(after)):
        return False
    if comma and not closing and not member.proper and member.tokens[0].low.endswith("ing"):
        return False
    if after in FINITE and not (closing and not comma and (count > 0 or after in _GO_ON)):
        return False
    if first.proper or (_is_capital(first) and member.proper):
        several = (
            closing and not comma and len(member.tokens) > 1 and member.head.endswith("s") and not _is_rest(member)
        )
        return several or (
            (member.proper or _is_capital(member)) and (closing or not comma or _is_name(member) or _is_capital(member))
        )
    if member.proper:
        return closing and not comma
    classed = any(t.low in GENERIC or t.low in SETTING for t in member.tokens)
    if comma and closing and count == 0:
        return classed
    known = member.head in HEADS or member.head in DEVICES or member.head.endswith("s")
    alike = not comma and abs(len(member.tokens) - len(first.tokens)) <= 1
    return classed or ((known or alike) and len(member.tokens) <= 3)


def _is_rest(member: Phrase) -> bool:
    """What closes a list of examples without naming one: "and many others"."""
    return member.tokens[0].low in {"other", "others"}


def _is_capital(member: Phrase) -> bool:
    """A device or a field's abbreviation, which may stand beside a name: "Eyeriss and a GPU"."""
    return member.head in DEVICES or any(t.low in TOPICS for t in member.tokens)


def _is_name(member: Phrase) -> bool:
    return is_proper(member.tokens[0].text) or any(is_shaped(t.text) for t in member.tokens)
