"""How far a number holds (up to, at least, on average, about), from the words beside it."""

import re

from agent.rules.speedups_words import BOUNDS
from schemas.vocabulary import Bound

_KINDS: dict[str, Bound] = {"up_to": "up_to", "at_least": "at_least", "average": "average", "about": "about"}


def _joined(kind: str) -> str:
    return "|".join(_pattern(entry) for entry in sorted(BOUNDS[kind], key=len, reverse=True))


def _pattern(entry: str) -> str:
    words = re.escape(entry).replace(r"\ ", r"\s+")
    return (r"\b" if entry[0].isalnum() else "") + words + (r"\b" if entry[-1].isalnum() else "")


_BOUND = re.compile("|".join(f"(?P<{kind}>{_joined(kind)})" for kind in BOUNDS), re.IGNORECASE)
_FILLER = re.compile(
    r"(?:[\s$({}\\~]|\b(?:an?|the|of|by|to|additional|another|overall|further|factor|impressive|remarkable|significant|"
    r"massive|whopping|speed-?ups?|improvements?|e\.g|i\.e|accelerations?|performance|throughput|speed|reductions?|combined|further|"
    r"total|end-to-end|gains?|is|are|be|with|is)\b|[.,](?=\s))*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[^,;.()]{0,70}?(?P<average>\bon average\b|\baverage(?:d)?\b(?! (?:accuracy|precision|error))|\bgeomean\b|\bgeometric mean\b)"
    r"|\s*\(?(?:at )?(?P<up_to>most\b|maximum\b|max\b|at peak\b|in the best case\b|at best\b)"
    r"|\s*(?P<at_least>or more\b|or higher\b|or better\b|or greater\b|and (?:more|above)\b)"
    r"|\s*\(?(?P<about>approximately\b|approx\b|roughly\b|or so\b)",
    re.IGNORECASE,
)
_REACH = 48


def bound_before(text: str, start: int, left: int) -> Bound | None:
    """The bound that the words right before a number give it; of several, the first ("up to ~70x": up_to)."""
    begin = max(left, start - _REACH)
    kept: Bound | None = None
    stop = start
    for match in reversed(list(_BOUND.finditer(text, begin, start))):
        if not _FILLER.fullmatch(text, match.end(), stop):
            break
        kept, stop = _KINDS[str(match.lastgroup)], match.start()
    return kept


def bound_after(text: str, end: int, right: int) -> Bound | None:
    """The bound that the words behind a number give it ("2x on average", "3x at most")."""
    match = _AFTER.match(text, end, right)
    return _KINDS[str(match.lastgroup)] if match else None
