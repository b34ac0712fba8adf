"""One line on a record, composed from the record alone, so that it can say nothing that the record does not."""

from collections.abc import Sequence

from schemas import Caveat, Hardware, Speedup

NO_CLAIM = "no speed claim"
LONGEST_CAVEAT = 100
"""Characters of the first caveat that a headline shows."""

_BOUNDS = {"up_to": "up to ", "at_least": "at least ", "average": "on average ", "about": "about ", "exact": ""}
_UNITS = {
    "percent_faster": "% faster",
    "percent_less_time": "% less time",
    "orders_of_magnitude": " orders of magnitude",
}


def headline(hardware: Sequence[Hardware], speedups: Sequence[Speedup], caveats: Sequence[Caveat]) -> str:
    """The strongest claim (by the upper end of its factor), over what, on what, and the first caveat.

    "no speed claim" where there is no speedup; of equally strong claims the first one is shown.
    """
    if not speedups:
        return NO_CLAIM
    strongest = max(speedups, key=lambda claim: claim.factor[1])
    line = written(strongest)
    if strongest.baseline:
        line += f" over {strongest.baseline}"
    if strongest.hardware:
        count = next((device.count for device in hardware if device.name == strongest.hardware), None)
        line += f" on {count} {strongest.hardware}" if count and count > 1 else f" on {strongest.hardware}"
    if caveats:
        line += f"; {shortened(caveats[0].quote, LONGEST_CAVEAT)}"
    return " ".join(line.split())


def written(claim: Speedup) -> str:
    """A speedup as a person would write it: "up to 2.5x", "10-40% faster", "3.47x (45 to 156)"."""
    bound = _BOUNDS[claim.bound]
    if claim.form == "before_after":
        return f"{bound}{claim.factor[1]:.3g}x ({claim.low:g} to {claim.high:g})"
    low, high = _figure(claim.low), _figure(claim.high)
    if claim.form == "orders_of_magnitude" and claim.low == claim.high == 1:
        return f"{bound}1 order of magnitude"
    return f"{bound}{low if low == high else f'{low}-{high}'}{_UNITS.get(claim.form, 'x')}"


def shortened(text: str, longest: int) -> str:
    """A text on one line, cut at a word and marked with an ellipsis where it is longer than `longest` characters."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0] + " …"


def _figure(value: float) -> str:
    return f"{value:.12g}"
