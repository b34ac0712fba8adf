"""The clause that a claim is quoted with: the number, what it is of, and what it is compared with where close by."""

import re

_OPENING = re.compile(r"[;:,]\s+|while(?<!\wwhile)\s+|whereas(?<!\wwhereas)\s+|and(?<!\wand)\s+|but(?<!\wbut)\s+")
_CLOSING = re.compile(
    r";|,\s|:\s|\s(?=(?:while|whereas|but|which)\b)|[.!?]$|\s(?=and (?:up to|an?|[a-z]+ing|[a-z]+s)\b)"
)
_NUMBER_LAST = re.compile(r"\d[^a-z]*(?:x|times|fold|percent)?\W*$", re.I)
_NUMBER_NEXT = re.compile(r"(?:and\s)?(?:up to\s)?\W*\d")
_BREAKS = re.compile(r"[;:,]\s+")
_FAR = 160


def quote_of(text: str, start: int, end: int, anchors: list[tuple[int, int]]) -> tuple[int, int]:
    """[begin, stop) of the quote in a sentence: the clause of [start, end), widened to each anchor that is near."""
    openings = reversed(list(_OPENING.finditer(text, 0, start)))
    begin = next((match.end() for match in openings if not _in_list(text, match)), 0)
    furthest = end
    for left, right in anchors:
        if right <= start and start - left <= _FAR:
            begin = min(begin, _clause_begin(text, left))
        elif left >= end and right - end <= _FAR:
            furthest = max(furthest, right)
    closings = (match.start() for match in _CLOSING.finditer(text, furthest) if not _in_list(text, match))
    stop = next(closings, len(text))
    return _trimmed(text, begin, max(stop, furthest))


def _clause_begin(text: str, place: int) -> int:
    return max((match.end() for match in _BREAKS.finditer(text, 0, place)), default=0)


def _in_list(text: str, match: re.Match[str]) -> bool:
    """Whether a comma or "and" stands between numbers of a list."""
    if not _NUMBER_NEXT.match(text, match.end()):
        return False
    return _NUMBER_LAST.search(text[max(0, match.start() - 14) : match.start()]) is not None


def _trimmed(text: str, begin: int, stop: int) -> tuple[int, int]:
    while begin < stop and text[begin] in " ,;:":
        begin += 1
    while stop > begin and text[stop - 1] in " ,;:.":
        stop -= 1
    if text.count(")", begin, stop) > text.count("(", begin, stop) and text[stop - 1] == ")":
        stop -= 1
    return begin, stop
