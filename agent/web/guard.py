"""What stands before the web app: who may ask it, and what its answers forbid the browser to do."""

import math
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.web.rate import Rate

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_READING = frozenset({"GET", "HEAD"})


class Guard:
    """Refuses a request for a host that is none of `hosts`, and one that another site's page made to change something.

    The first is how a page reaches a local server by a name of its own that it lets point here (DNS rebinding); a
    browser marks the second with the headers Origin and Sec-Fetch-Site, which programs other than browsers leave out.
    A client that asks for more than `rate` allows is told when to come again.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str], rate: Rate | None = None) -> None:
        self._app, self._hosts, self._rate = app, hosts, rate or Rate()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        headers = Headers(scope=scope)
        app = self._app
        if host_of(headers.get("host", "")) not in self._hosts:
            known = ", ".join(sorted(self._hosts))
            app = _refusal(421, f"this server answers for {known}; --allow-host NAME adds a name")
        elif scope["method"] not in _READING and not _is_own(headers):
            app = _refusal(403, "a page of another site may not do this")
        elif scope["method"] not in _READING and (seconds := self._rate.wait((scope.get("client") or ("",))[0])):
            app = _refusal(429, "too many requests; wait a little", {"Retry-After": str(math.ceil(seconds))})
        await app(scope, receive, send_guarded)


def host_of(header: str) -> str:
    """The name in a Host header, without its port; empty if it is none.

    >>> host_of("[::1]:8000"), host_of("LOCALHOST:80"), host_of("evil.example@localhost")
    ('::1', 'localhost', '')
    """
    try:
        parts = urlsplit(f"//{header}")
        parts.port  # noqa: B018  raises where the port is none
    except ValueError:
        return ""
    return "" if parts.path or parts.query or parts.fragment or "@" in header else (parts.hostname or "")


def _is_own(headers: Headers) -> bool:
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") in ("same-origin", "none")
    return origin.partition("://")[2].lower() == headers.get("host", "").lower() != ""


def _refusal(status: int, why: str, headers: dict[str, str] | None = None) -> ASGIApp:
    return JSONResponse({"error": why}, status_code=status, headers=headers)
