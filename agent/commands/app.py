"""The `perfclaims` command: its subcommands, and what becomes of an error, an interrupt and a closed pipe."""

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from agent.commands.batch import batch
from agent.commands.cache import cache
from agent.commands.compare import compare
from agent.commands.eval import evaluate
from agent.commands.report import report
from agent.commands.requests import collect, requests
from agent.commands.schema import schema
from agent.commands.screen import say
from agent.commands.serve import serve
from agent.commands.statuses import DONE, INTERRUPTED, NOTHING_DONE, WRONG_USAGE
from agent.commands.summarize import summarize
from agent.errors import PerfclaimsError, UsageError
from agent.masking import masked

app = typer.Typer(
    name="perfclaims",
    help="Turn paper abstracts into checked records of their performance claims.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _until_pipe_closes(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command end well when the reader of its output has seen enough, as `| head` has."""

    @wraps(command)
    def run_command(**given: Any) -> None:
        try:
            command(**given)
            sys.stdout.flush()
        except KeyboardInterrupt:
            say("interrupted; what had arrived is kept")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    return run_command


_COMMANDS: dict[str, Callable[..., None]] = {
    "batch": batch,
    "summarize": summarize,
    "requests": requests,
    "collect": collect,
    "eval": evaluate,
    "compare": compare,
    "report": report,
    "serve": serve,
    "schema": schema,
}
for name, command in _COMMANDS.items():
    app.command(name)(_until_pipe_closes(command))
app.add_typer(cache, name="cache")


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"perfclaims {version('perfclaims')}")
        raise typer.Exit


@app.callback()
def _options(
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with the status that the contract names for what happened."""
    # To look for plugins, pydantic reads the metadata of every installed package: a tenth of the time of a replay.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _listen_to_signals()
    sys.exit(run(arguments))


def _listen_to_signals() -> None:
    """Let SIGTERM end a run as Ctrl-C does, even in the background of a script, where a shell has SIGINT ignored."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if ignored and sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def end(number: int, frame: object) -> None:
        signal.raise_signal(signal.SIGINT)
        if ignored and sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

    signal.signal(signal.SIGTERM, end)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and give the exit status; no traceback comes out unless PERFCLAIMS_DEBUG is set."""
    try:
        return app(args=arguments, prog_name="perfclaims", standalone_mode=False) or DONE
    except TyperException as error:
        return _wrong_usage(error)
    except UsageError as error:
        say(str(error))
        return WRONG_USAGE
    except Exception as error:
        if os.environ.get("PERFCLAIMS_DEBUG"):
            import traceback

            sys.stderr.write(masked(traceback.format_exc(), os.environ.get("OPENAI_API_KEY")))
        elif isinstance(error, PerfclaimsError):
            say(str(error))
        else:
            said = masked(f"{type(error).__name__}: {error}", os.environ.get("OPENAI_API_KEY"))
            say(f"internal error, {said}; PERFCLAIMS_DEBUG=1 shows where")
        return NOTHING_DONE


def _wrong_usage(error: TyperException) -> int:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "perfclaims"
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(error.format_message())
        return WRONG_USAGE
    message = " ".join(error.format_message().split()).rstrip(".")
    say(f"{message}; see '{command} --help'")
    return WRONG_USAGE
