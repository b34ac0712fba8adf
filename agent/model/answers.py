"""A model's answer as it arrives: JSON of any kind, read so that nothing in it can do harm."""

import json
from typing import Any

LONGEST_ANSWER = 100_000
"""Characters; no abstract has so much to say."""


class NotJson(ValueError):
    """The text is no JSON object; says where or why."""


def read_answer(text: str) -> dict[str, Any]:
    """Read the JSON object of an answer, also one in a code fence, between words, or behind thoughts in the open.

    Raises NotJson for what is no JSON, no object, has a name twice, holds NaN or infinity, is nested too deeply, or
    is too long.
    """
    if len(text) > LONGEST_ANSWER:
        raise NotJson(f"the answer has {len(text)} characters, where {LONGEST_ANSWER} are allowed")
    start, end = text.find("{", text.rfind("</think>") + 1), text.rfind("}")
    if start < 0:
        raise NotJson("the answer holds no JSON object")
    try:
        value = json.loads(text[start : end + 1], object_pairs_hook=_members, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise NotJson(f"the JSON is broken at character {start + error.pos}: {error.msg}") from None
    except RecursionError:
        raise NotJson("the JSON is nested too deeply") from None
    except ValueError as error:
        raise NotJson(f"the JSON cannot be read: {error}"[:200]) from None
    if not isinstance(value, dict):
        raise NotJson("the answer is no JSON object")
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise NotJson(f"the name {name[:40]!r} stands twice in one object")
        members[name] = value
    return members


def _constant(name: str) -> float:
    raise NotJson(f"{name} is no number of JSON")
