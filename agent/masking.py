"""Texts without keys: what a service, a library or a traceback says may hold the key that was sent."""

import re

MASK = "[key]"
SHORTEST_KEY = 8
"""Characters; a shorter one, such as the "none" that a local server is given, is a word like any other."""
SHORTEST_SECRET = 16
"""Characters; only a key as long as this cannot be a word of an answer, such as the name of a local server."""
_KEY_LIKE = re.compile(r"\bsk-[\w*.-]{4,}|\bBearer\s+\S+")


def masked(text: str, key: str | None = None) -> str:
    """A text with `key`, and whatever else looks like one, replaced by a mark.

    >>> masked("401: Incorrect API key provided: sk-1234567890")
    '401: Incorrect API key provided: [key]'
    """
    if key and len(key) >= SHORTEST_KEY:
        text = re.sub(re.escape(key) + r"[\w*.-]*", MASK, text)
    return _KEY_LIKE.sub(MASK, text)


def masked_page(page: bytes, key: str) -> bytes:
    """What a service sent, without the key that it was sent, should it give that back."""
    return page.replace(key.encode(), MASK.encode()) if len(key) >= SHORTEST_SECRET else page
