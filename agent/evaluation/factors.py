"""The factor that a speed claim stands for, of items that nobody has checked."""

import math
from collections.abc import Mapping
from typing import Any


def ends(item: Mapping[str, Any]) -> tuple[float, float] | None:
    """The factor at both ends of a claim, or None where its numbers stand for none.

    The conversion is that of the annotation guidelines, as in `schemas.factor`, which refuses what cannot be sound.
    Here nothing is refused: a prediction with its ends exchanged, or with nothing left of the time, is still scored.
    """
    try:
        form, low, high = item["form"], item["low"], item["high"]
        if form == "before_after":
            return (high / low,) * 2
        return _end(form, low), _end(form, high)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None


def _end(form: object, value: Any) -> float:
    match form:
        case "percent_faster":
            return 1 + float(value / 100)
        case "percent_less_time":
            return 1 / (1 - value / 100) if value < 100 else math.inf
        case "orders_of_magnitude":
            return float(10.0**value)
        case _:
            return float(value)
