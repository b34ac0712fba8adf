"""What went wrong with a request, and whether it may pass: the client's exceptions in the project's own terms."""

import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from agent.errors import ModelError, PerfclaimsError, ServiceError, ServiceRefused
from agent.masking import masked

if TYPE_CHECKING:
    from openai import APIStatusError

_SPENT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_THIS_PAPER = frozenset(
    {
        "context_length_exceeded",
        "exceed_context_size_error",
        "string_above_max_length",
        "content_filter",
        "content_policy_violation",
        "invalid_prompt",
    }
)


class Fault(ServiceError):
    """A fault that may pass: the request can be sent again.

    `wait` is how many seconds the service asks to wait, if it does; `limited` says that it is there but overloaded,
    `unreachable` that nobody took the connection.
    """

    def __init__(
        self, reason: str, wait: float | None = None, *, limited: bool = False, unreachable: bool = False
    ) -> None:
        super().__init__(reason)
        self.wait, self.limited, self.unreachable = wait, limited, unreachable


class Rejected(ModelError):
    """The service would not take a request, and it is not known whether it takes others."""


def fault_of(error: Exception, model: str, now: float) -> PerfclaimsError:
    """Say in the project's terms why a request has no answer.

    A Fault may pass. ServiceRefused holds for all requests of the run: key, access, model, quota or an option.
    ModelError holds for this paper: too long, or not allowed. `now` is the time of day in seconds since 1970.
    """
    from openai import APIConnectionError, APIStatusError, APITimeoutError

    if isinstance(error, APITimeoutError | TimeoutError):
        return Fault("no answer in time")
    if isinstance(error, APIStatusError):
        return _status_fault(error, model, now)
    if isinstance(error, APIConnectionError):
        from httpx2 import ConnectError

        cause = error.__cause__ or error
        return Fault(f"no connection ({said(cause)})", unreachable=isinstance(cause, ConnectError))
    return Fault(f"the answer cannot be read ({said(error)})")


def _status_fault(error: "APIStatusError", model: str, now: float) -> PerfclaimsError:
    status, code = error.status_code, {code for code in (error.code, error.type) if isinstance(code, str)}
    words = f"{status}: {said(error)}"
    if code & _SPENT or status == 402:
        return ServiceRefused(f"the quota of this key is spent ({words}); add credit, or set OPENAI_API_KEY to another")
    if 300 <= status < 400:
        place = masked(error.response.headers.get("location", "elsewhere")[:200], _key_sent(error))
        return ServiceRefused(
            f"the service sends on to {place} ({status}), which is not followed; set --base-url to it"
        )
    if status == 401:
        return ServiceRefused(f"the service refused the key ({words}); set OPENAI_API_KEY to a valid one")
    if status == 403:
        return ServiceRefused(f"the service denies access to model {model!r} ({words}); name another with --model")
    if status == 404:
        return ServiceRefused(f"the service knows no model {model!r} ({words}); check --model and --base-url")
    if status in (408, 409, 425, 429) or status >= 500:
        wait = retry_after(error.response.headers, now)
        return Fault(f"status {words}", wait, limited=status == 429 or wait is not None)
    if code & _THIS_PAPER or status == 413:
        return ModelError(f"the service did not take this abstract ({words})")
    if error.param or any(each.startswith(("unsupported", "model")) for each in code):
        return ServiceRefused(f"the service does not take such requests ({words}); change --model or leave options out")
    return Rejected(f"the service did not take the request ({words})")


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that a response asks to wait: retry-after-ms, or Retry-After in seconds or as an HTTP date."""
    for name, per_second in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) / per_second
        except (KeyError, ValueError):
            continue
        if math.isfinite(seconds):
            return max(seconds, 0.0)
    try:
        return max(parsedate_to_datetime(headers["retry-after"]).timestamp() - now, 0.0)
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def said(error: BaseException) -> str:
    """What an exception says, on one line, cut to 200 characters, without keys."""
    message = getattr(error, "body", None)
    message = message.get("message") if isinstance(message, dict) else None
    text = " ".join((message if isinstance(message, str) else str(error)).split()) or type(error).__name__
    text = masked(text[:1000], _key_sent(error))
    return text if len(text) <= 200 else f"{text[:199]}…"


def _key_sent(error: BaseException) -> str | None:
    try:
        return str(error.request.headers["authorization"]).partition(" ")[2]  # type: ignore[attr-defined]
    except (AttributeError, KeyError, RuntimeError):  # RuntimeError: an error of httpx2 that belongs to no request
        return None
