"""The one builder of requests: for live calls, for batch files and for the cache key."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from agent.errors import InputError
from agent.papers import Paper
from prompts import Prompt, estimate_tokens
from schemas import answer_schema

DEFAULT_MODEL = "gpt-5.4-mini"
"""A current small model of OpenAI that takes a JSON schema."""


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """Which model answers and how it samples. What is None is not sent, as some models refuse some options.

    `base_url` is the address of an OpenAI-compatible server up to "/v1"; None is OpenAI itself. `max_tokens` bounds
    one answer.
    """

    model: str = DEFAULT_MODEL
    base_url: str | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    reasoning_effort: str | None = None

    def __post_init__(self) -> None:
        if self.base_url is not None and not _host(self.base_url):
            shown = self.base_url.rpartition("@")[2]  # what stands before may be a password
            raise InputError(f"base URL {shown!r} is no address; it looks like http://127.0.0.1:8080/v1")

    @property
    def sampling(self) -> dict[str, Any]:
        """The options that are set, under the names that the service knows.

        OpenAI calls the bound on an answer max_completion_tokens, and refuses max_tokens for its reasoning models;
        other servers know it as max_tokens.
        """
        bound = "max_completion_tokens" if self.is_openai else "max_tokens"
        options = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            bound: self.max_tokens,
            "seed": self.seed,
            "reasoning_effort": self.reasoning_effort,
        }
        return {name: value for name, value in options.items() if value is not None}

    @property
    def is_openai(self) -> bool:
        """Whether the service is OpenAI's own."""
        host = "api.openai.com" if self.base_url is None else _host(self.base_url)
        return host == "openai.com" or host.endswith(".openai.com")


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and parts.port != 0 and address.isprintable() and " " not in address
        return (parts.hostname or "") if sound else ""
    except ValueError:
        return ""


@cache
def response_format() -> dict[str, Any]:
    """What makes a service answer in the shape of `schemas.Answer`. Treat it as read-only."""
    return {"type": "json_schema", "json_schema": {"name": "Answer", "strict": True, "schema": answer_schema()}}


def build_body(paper: Paper, options: ModelOptions, prompt: Prompt) -> dict[str, Any]:
    """The body of the chat completion request that asks for the claims of one paper.

    All that is the same for every paper comes first. The paper's text is in it unchanged, save for lone surrogates,
    which no UTF-8 text can hold.
    """
    return {
        "model": options.model,
        "messages": [
            {"role": "system", "content": prompt.system},
            {"role": "user", "content": prompt.about(sendable(paper.title), sendable(paper.abstract))},
        ],
        "response_format": response_format(),
        **options.sampling,
    }


def build_reask(body: dict[str, Any], answer: str, message: str) -> dict[str, Any]:
    """The request that shows a model its answer to `body` and says what was wrong with it."""
    said = [{"role": "assistant", "content": sendable(answer)}, {"role": "user", "content": sendable(message)}]
    return body | {"messages": [*body["messages"], *said]}


def sendable(text: str) -> str:
    """A text with each lone surrogate replaced by U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def tokens_of(body: dict[str, Any]) -> int:
    """About the number of tokens that a request puts in; a service may count the schema on top."""
    return sum(estimate_tokens(message["content"]) for message in body["messages"])
