"""The options that several commands share, in groups."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from agent.settings import EngineChoice, Settings


@dataclass(frozen=True)
class EngineOptions:
    """Who answers, and what happens when nobody can."""

    engine: Annotated[
        EngineChoice,
        typer.Option(help="Who answers; auto: the model if a key or base URL is set, else the rules."),
    ] = "auto"
    model: Annotated[
        str | None, typer.Option(envvar="PERFCLAIMS_MODEL", help="The model to ask.", show_default=False)
    ] = None
    base_url: Annotated[
        str | None,
        typer.Option(envvar="OPENAI_BASE_URL", help="Any server that speaks OpenAI's API.", show_default=False),
    ] = None
    concurrency: Annotated[int, typer.Option(min=1, help="Requests in flight at a time.")] = 32
    offline: Annotated[
        bool, typer.Option("--offline", help="Answer from the cache alone; what is not in it falls to the rules.")
    ] = False
    strict: Annotated[
        bool, typer.Option("--strict", help="No fallback: an abstract that the model cannot answer fails.")
    ] = False


@dataclass(frozen=True)
class CacheOptions:
    """Where answers are kept."""

    cache: Annotated[
        Path | None,
        typer.Option(envvar="PERFCLAIMS_CACHE", help="The cache folder.", show_default="the user's cache folder"),
    ] = None
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor write the cache.")] = False


def settings_of(engine: EngineOptions, cache: CacheOptions) -> Settings:
    """The settings that the shared options ask for; the key comes from the environment alone."""
    return Settings(
        engine=engine.engine,
        model=engine.model,
        base_url=engine.base_url,
        concurrency=engine.concurrency,
        offline=engine.offline,
        strict=engine.strict,
        cache=cache.cache,
        use_cache=not cache.no_cache,
    )
