"""`perfclaims serve`: the views of a report as a local web app."""

import socket
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.grouped import grouped
from agent.commands.options import CacheOptions, EngineOptions, SamplingOptions, settings_of
from agent.commands.screen import say
from agent.errors import InputError

if TYPE_CHECKING:
    from starlette.applications import Starlette

ANYWHERE = ("0.0.0.0", "::")  # noqa: S104  not bound to, only told apart


@grouped
def serve(
    engine: EngineOptions,
    cache: CacheOptions,
    sampling: SamplingOptions,
    host: Annotated[str, typer.Option(help="The address to listen on; the default is for this machine alone.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any that is free.")] = 8000,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="A name that the page is also reached under."),
    ] = None,
    max_upload: Annotated[int, typer.Option(min=1, max=4096, help="The largest feed that is taken, in MB.")] = 64,
) -> None:
    """Look at claims in a browser: paste an abstract, drop a feed, see the evidence."""
    settings = settings_of(engine, cache, sampling)
    try:
        from agent.web.app import make_app
        from agent.web.guard import LOOPBACK
    except ImportError as error:
        raise InputError(f"serve needs {error.name}; pip install 'perfclaims[web]'") from error
    own = frozenset() if host in ANYWHERE else frozenset({host.lower()})
    app = make_app(settings, LOOPBACK | own | {name.lower() for name in allow_host or ()}, max_upload << 20)
    if settings.engine == "auto" and not settings.asks_a_model:
        say("no key and no base URL, so rules answer; OPENAI_API_KEY or --base-url asks a model")
    if host.lower() not in LOOPBACK:
        say(f"whoever reaches {host} can use this, at the cost of the key that it has")
    with _listening(host, port) as listener:
        _run(app, listener)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:
        raise InputError(f"{host} port {port}: cannot be listened on ({error}); --port N takes another") from error


def _run(app: "Starlette", listener: socket.socket) -> None:
    try:
        import uvicorn
    except ImportError as error:
        raise InputError(f"serve needs {error.name}; pip install 'perfclaims[web]'") from error
    host, port, *_ = listener.getsockname()
    say(f"http://{f'[{host}]' if ':' in host else host}:{port} (Ctrl-C ends it)")
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, proxy_headers=False, ws="none"
    )
    config.timeout_graceful_shutdown = 3
    uvicorn.Server(config).run(sockets=[listener])
