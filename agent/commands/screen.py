"""What the person at the terminal is told: standard error, one line at a time, with nothing that could steer it."""

import re
import sys

# Control characters and the marks that change the direction of text: they could rewrite what stands on the screen.
_STEERING = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """A text with its control and direction characters made visible as escapes."""
    return _STEERING.sub(lambda match: ascii(match[0])[1:-1], text)


def say(message: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(f"perfclaims: {plain(message)}\n")
    sys.stderr.flush()
