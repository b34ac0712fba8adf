"""The `perfclaims` command: its subcommands, and what becomes of an error, an interrupt and a closed pipe."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from agent.commands.batch import batch
from agent.commands.schema import schema
from agent.commands.screen import say
from agent.commands.summarize import summarize
from agent.errors import PerfclaimsError

DONE, NOTHING_DONE, WRONG_USAGE, SOME_FAILED, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    name="perfclaims",
    help="Turn paper abstracts into checked records of their performance claims.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (batch, summarize, schema):
    app.command()(command)


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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with the status that the contract names for what happened."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give the exit status; no traceback comes out unless PERFCLAIMS_DEBUG is set."""
    try:
        return app(args=None if arguments is None else list(arguments), standalone_mode=False) or DONE
    except BrokenPipeError:
        _forget_standard_output()
        return DONE
    except (KeyboardInterrupt, typer.Abort):
        say("interrupted; what had arrived is kept")
        return INTERRUPTED
    except TyperException as error:
        return _wrong_usage(error)
    except Exception as error:
        if os.environ.get("PERFCLAIMS_DEBUG"):
            raise
        if isinstance(error, PerfclaimsError):
            say(str(error))
        else:
            say(f"internal error, {type(error).__name__}: {error}; PERFCLAIMS_DEBUG=1 shows where")
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


def _forget_standard_output() -> None:
    """Whoever read standard output is gone; what is still buffered for it must not fail at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
