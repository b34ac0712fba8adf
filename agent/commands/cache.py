"""`perfclaims cache info|check|clear`: what the cache holds, whether it is sound, and emptying it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.grouped import grouped
from agent.commands.screen import plain

cache = typer.Typer(help="See, check or empty the cache.", no_args_is_help=True, rich_markup_mode=None)
NOT_SOUND = 1


@dataclass(frozen=True)
class FolderOptions:
    """Which cache."""

    folder: Annotated[
        Path | None,
        typer.Option("--cache", envvar="PERFCLAIMS_CACHE", help="The cache folder.", show_default="the user's"),
    ] = None


@cache.command()
@grouped
def info(where: FolderOptions) -> None:
    """Say what the cache holds."""
    from agent.cache import cache_folder, cache_info

    holdings = cache_info(cache_folder(where.folder))
    typer.echo(f"folder   {plain(str(holdings.folder))}")
    typer.echo(f"entries  {holdings.entries:,} in {holdings.bytes:,} bytes")
    if holdings.oldest is not None and holdings.newest is not None:
        typer.echo(f"age      from {_day(holdings.oldest)} to {_day(holdings.newest)}")
    for model, count in holdings.models:
        typer.echo(f"model    {plain(model)}: {count:,}")
    for prompt, count in holdings.prompts:
        typer.echo(f"prompt   {plain(prompt)}: {count:,}")
    for path in holdings.aside:
        typer.echo(f"damaged  {plain(str(path))}, set aside")


@cache.command()
@grouped
def check(where: FolderOptions) -> None:
    """Read every entry and say what is wrong; exit status 1 if anything is."""
    from agent.cache import cache_check, cache_folder

    soundness = cache_check(cache_folder(where.folder))
    for problem in soundness.problems:
        typer.echo(plain(problem))
    typer.echo(f"{soundness.entries:,} entries read, {'all sound' if soundness.sound else 'not sound'}")
    if not soundness.sound:
        raise typer.Exit(NOT_SOUND)


@cache.command()
@grouped
def clear(where: FolderOptions) -> None:
    """Remove every entry."""
    from agent.cache import cache_clear, cache_folder

    cleared = cache_clear(cache_folder(where.folder))
    typer.echo(f"{cleared.entries:,} entries and {cleared.bytes:,} bytes removed from {plain(str(cleared.folder))}")


def _day(seconds: float) -> str:
    from datetime import datetime

    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
