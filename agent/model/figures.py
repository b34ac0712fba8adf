"""Whether the numbers of a claim stand in its words, or follow from some that do, as the annotation asks."""

from agent.numbers import states
from schemas import HardwareAnswer, SpeedupAnswer

MOST = 10**9
"""Devices, or gigabytes each: a larger number is no count."""

_UNITS = (60, 3600, 24, 1440, 86400, 7, 168, 1e3, 1e6)
"""By how much one unit of time is more than another, and thousands."""


def unstated(claim: SpeedupAnswer, abstract: str) -> list[float]:
    """The numbers of a speed claim that neither stand in its quote nor follow from one that does.

    Of a before and an after, one may stand elsewhere in the abstract.
    """
    missing = [value for value in dict.fromkeys((claim.low, claim.high)) if not _follows(claim, value, claim.quote)]
    if claim.form == "before_after" and len(missing) == 1:
        return [value for value in missing if not _follows(claim, value, abstract)]
    return missing


def untold(device: HardwareAnswer, title: str, abstract: str) -> list[str]:
    """Which of a device's numbers, `count` and `memory_gb`, stand neither in the abstract nor in the title."""
    numbers = {"count": device.count, "memory_gb": device.memory_gb}
    return [name for name, value in numbers.items() if not _told(value, title, abstract)]


def _told(value: float | None, title: str, abstract: str) -> bool:
    if value is None or value == 1:  # "one", "a single", "an"
        return True
    return 0 < value < MOST and (states(abstract, value) or states(title, value))


def _follows(claim: SpeedupAnswer, value: float, text: str) -> bool:
    if states(text, value):
        return True
    match claim.form:
        case "percent_less_time":  # "only 68% of the latency" is 32 % less
            return states(text, 100 - value)
        case "ratio":  # "in 20% of the time" is 5 times
            return states(text, 100 / value)
        case "before_after":  # "from 2 hours to 15 minutes" is 120 and 15
            return any(states(text, value * unit) or states(text, value / unit) for unit in _UNITS)
        case _:
            return False
