"""The cache key of a request, and the parts of it that a miss can be explained by."""

import hashlib
import json
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from agent.papers import Paper, paper_id

DEFAULT_BASE_URL = "https://api.openai.com/v1"
"""Where the openai package sends requests when nothing else is said."""

INERT = frozenset(
    {
        "metadata",
        "prompt_cache_key",
        "prompt_cache_retention",
        "safety_identifier",
        "service_tier",
        "store",
        "user",
    }
)
"""Fields of a request body that label, bill or file a request and leave the answer as it is."""

_MESSAGES = "messages"
_SCHEMA = ("response_format", "tools", "tool_choice", "functions", "function_call")
_MODEL = "model"
# A control character never stands in JSON text as it is, so no message can hold these.
_MARKS = ("\0\1", "\0\2", "\0\3")
_PORTS = {"http": 80, "https": 443}


class Parts(NamedTuple):
    """What a key is made of, one text each: digests, but for `model`, `sampling` and `base_url`, which are short.

    `prompt` is the messages without the title and the abstract, so that it is the same for all papers of a run.
    """

    prompt: str
    schema: str
    model: str
    sampling: str
    base_url: str
    title: str
    abstract: str


def key_of(body: Mapping[str, object], paper: Paper, base_url: str | None) -> str:
    """The cache key of a request: 64 hexadecimal digits, the SHA-256 of all that can change the answer.

    `body` is the request body as it is sent; `base_url` where to (None: OpenAI's own). The order of the body's own
    fields does not matter, while that of a schema's properties does, since a model answers in that order.
    """
    asked = {name: _plain(body[name]) for name in sorted(body) if name not in INERT}
    whole = {"base_url": same_url(base_url), "title": paper.title, "abstract": paper.abstract, "body": asked}
    return hashlib.sha256(_encoded(_json(whole))).hexdigest()


def parts_of(body: Mapping[str, object], paper: Paper, base_url: str | None) -> Parts:
    """The parts of the key that `key_of` makes from the same arguments."""
    sampling = {
        name: _plain(body[name])
        for name in sorted(body)
        if name not in INERT and name not in _SCHEMA and name not in (_MESSAGES, _MODEL)
    }
    return Parts(
        prompt=_digest(_without_paper(_json(body.get(_MESSAGES)), paper)),
        schema=_digest(_json([body.get(name) for name in _SCHEMA])),
        model=str(body.get(_MODEL, "")),
        sampling=_json(sampling),
        base_url=_shown(same_url(base_url)),
        title=_digest(paper.title),
        abstract=_digest(paper.abstract),
    )


def same_url(base_url: str | None) -> str:
    """One spelling for all that name the same service: no credentials, no default port, no closing slash."""
    text = (base_url or DEFAULT_BASE_URL).strip()
    try:
        split = urlsplit(text)
        host, port = split.hostname or "", split.port
    except ValueError:
        return text
    if ":" in host:
        host = f"[{host}]"
    place = host if port is None or port == _PORTS.get(split.scheme) else f"{host}:{port}"
    return urlunsplit((split.scheme, place, split.path.rstrip("/"), split.query, ""))


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _digest(text: str) -> str:
    return hashlib.sha256(_encoded(text)).hexdigest()[:16]


def _without_paper(messages: str, paper: Paper) -> str:
    """The messages, as JSON text, with the paper's text and the id that fences it replaced by marks."""
    texts = (paper.abstract, paper.title, paper_id(paper.title, paper.abstract))
    for mark, text in zip(_MARKS, texts, strict=True):
        once = _json(text)[1:-1]
        for form in (_json(once)[1:-1], once):
            messages = messages.replace(form, mark) if form else messages
    return messages


def _shown(url: str) -> str:
    # A query may carry a secret; the parts are stored readably.
    head, mark, query = url.partition("?")
    return f"{head}?{_digest(query)}" if mark else head
