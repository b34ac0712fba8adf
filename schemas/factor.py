"""The one place where a claim as written becomes a factor: new speed divided by old speed."""

import math

from schemas.vocabulary import Form


def factor(form: Form, low: float, high: float) -> tuple[float, float]:
    """Turn the numbers of a speed claim into factors, lower end first.

    `low` and `high` are the numbers as written, in the unit that `form` says: a ratio v stands for v itself,
    percent_faster p for 1 + p/100, percent_less_time p for 1/(1 - p/100), orders_of_magnitude n for 10^n, and
    before_after for high/low at both ends. The convention is that of the annotation guidelines.

    Raises ValueError for numbers that stand for no factor: not finite, not above zero, `low` above `high`, or all of
    the time saved.

    >>> factor("percent_less_time", 20, 50)
    (1.25, 2.0)
    >>> factor("before_after", 45, 156)
    (3.466666666666667, 3.466666666666667)
    """
    if not (math.isfinite(low) and math.isfinite(high)) or low <= 0:
        raise ValueError(f"a speedup needs finite numbers above zero, not {low} to {high}")
    if low > high:
        raise ValueError(f"low {low} is above high {high}")
    try:
        ends = (high / low,) * 2 if form == "before_after" else (_factor(form, low), _factor(form, high))
    except OverflowError:
        ends = (math.inf, math.inf)
    if not all(math.isfinite(end) for end in ends):
        raise ValueError(f"{form} of {low} to {high} is more than a number can hold")
    return ends


def _factor(form: Form, value: float) -> float:
    match form:
        case "percent_faster":
            return 1 + value / 100
        case "percent_less_time":
            if value >= 100:
                raise ValueError(f"{value} % less time leaves no time at all")
            return 1 / (1 - value / 100)
        case "orders_of_magnitude":
            return float(10.0**value)
        case _:
            return float(value)
