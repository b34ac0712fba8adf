"""How far a number holds (up to, at least, on average, about), from the words beside it."""

import re

from agent.rules.speedups_words import Term
from schemas.vocabulary import Bound

_KINDS: dict[str, Bound] = {
    "up_to": "up_to",
    "at_least": "at_least",
    "average": "average",
    "mean": "average",
    "about": "about",
}


_SYMBOLS: dict[str, Bound] = {"~": "about", "∼": "about", "≈": "about", ">": "at_least", "≥": "at_least"}
_SYMBOL = re.compile("[~∼≈>≥]")
_FILLER = re.compile(
    r"(?:[\s$({}\\~]|\b(?:an?|the|of|by|to|additional|another|overall|further|factor|impressive|remarkable|significant|"
    r"massive|whopping|speed-?ups?|improvements?|e\.g|i\.e|accelerations?|performance|throughput|speed|reductions?|combined|"
    r"total|end-to-end|textbf|mathbf|emph|mathrm|boldsymbol|gains?|is|are|be|with|is)\b|[.,](?=\s))*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[^,;.()]{0,70}?(?P<average>\bon average\b|\baveraged?\b(?! (?:accuracy|precision|error))|"
    r"\bgeomean\b|\bgeometric mean\b)"
    r"|,\s(?P<mean>on average)(?=\s(?:across|over|for|in)\b|[,;.]|$)"
    r"|\s*\(?(?:at )?(?P<up_to>most\b|maximum\b|max\b|at peak\b|in the best case\b|at best\b)"
    r"|\s*(?P<at_least>or more\b|or higher\b|or better\b|or greater\b|and (?:more|above)\b)"
    r"|\s*\(?(?P<about>approximately\b|approx\b|roughly\b|or so\b)",
    re.IGNORECASE,
)
_REACH = 48
_IN_TURN = re.compile(
    r"\b(?:(?P<average>average|mean|median|geomean)|(?P<up_to>max(?:imum)?|peak))\s*"
    r"\((?:(?P<second_average>average|mean|median|geomean)|(?P<second_up_to>max(?:imum)?|peak))\)",
    re.I,
)


def bound_before(text: str, words: list[Term], start: int, left: int) -> Bound | None:
    """The bound that the `words` right before a number give it; of several, the first ("up to ~70x": up_to)."""
    left = max(left, start - _REACH)
    found = [(term.start, term.end, _KINDS[term.kind]) for term in words if left <= term.start and term.end <= start]
    found += [(match.start(), match.end(), _SYMBOLS[match.group()]) for match in _SYMBOL.finditer(text, left, start)]
    kept: Bound | None = None
    stop = start
    for begin, end, kind in sorted(found, reverse=True):
        if not _FILLER.fullmatch(text, end, stop):
            break
        kept, stop = kind, begin
    return kept


def bounds_in_turn(text: str, left: int, start: int) -> list[Bound]:
    """The bounds of two numbers that are named in brackets before them: "an average (maximum) speedup of 2x (4x)"."""
    match = _IN_TURN.search(text, left, start)
    return [_KINDS[name.removeprefix("second_")] for name, said in match.groupdict().items() if said] if match else []


def bound_after(text: str, end: int, right: int) -> Bound | None:
    """The bound that the words behind a number give it ("2x on average", "3x at most")."""
    match = _AFTER.match(text, end, right)
    return _KINDS[str(match.lastgroup)] if match else None
