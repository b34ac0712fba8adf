"""The options that several commands share, in groups."""

from dataclasses import asdict, dataclass
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
class SamplingOptions:
    """How the model answers; what is not set is not sent, as some models refuse some options."""

    temperature: Annotated[float | None, typer.Option(min=0, help="Sent only if set.", show_default=False)] = None
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Bound on one answer; sent only if set.", show_default=False)
    ] = None
    seed: Annotated[int | None, typer.Option(help="Sent only if set.", show_default=False)] = None
    reasoning_effort: Annotated[
        str | None, typer.Option(help="For reasoning models; sent only if set.", show_default=False)
    ] = None
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that one request may take.")] = 90.0


@dataclass(frozen=True)
class SpendingOptions:
    """What a run may cost, and what it did."""

    max_requests: Annotated[
        int | None, typer.Option(min=0, help="Send no more requests than this; the rest goes to the rules.")
    ] = None
    max_tokens_total: Annotated[
        int | None, typer.Option(min=0, help="Stop asking after this many tokens, in and out.")
    ] = None
    rate: Annotated[str | None, typer.Option(help="Send no faster than this, as in 300/min or 5/s.")] = None
    tokens_per_minute: Annotated[int | None, typer.Option(min=1, help="Stay below so many tokens, in and out.")] = None
    price_in: Annotated[float | None, typer.Option(min=0, help="Price of a million tokens in.")] = None
    price_out: Annotated[float | None, typer.Option(min=0, help="Price of a million tokens out.")] = None


@dataclass(frozen=True)
class CacheOptions:
    """Where answers are kept."""

    cache: Annotated[
        Path | None,
        typer.Option(envvar="PERFCLAIMS_CACHE", help="The cache folder.", show_default="the user's cache folder"),
    ] = None
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor write the cache.")] = False
    explain_misses: Annotated[
        bool, typer.Option("--explain-misses", help="Say for each miss how it differs from the nearest entry.")
    ] = False


def settings_of(
    engine: EngineOptions,
    cache: CacheOptions,
    sampling: SamplingOptions | None = None,
    spending: SpendingOptions | None = None,
) -> Settings:
    """The settings that the shared options ask for; the key comes from the environment alone."""
    sampling, spending = sampling or SamplingOptions(), spending or SpendingOptions()
    return Settings(
        **asdict(sampling),
        max_requests=spending.max_requests,
        max_tokens_total=spending.max_tokens_total,
        rate=spending.rate,
        tokens_per_minute=spending.tokens_per_minute,
        explain_misses=cache.explain_misses,
        engine=engine.engine,
        model=engine.model,
        base_url=engine.base_url,
        concurrency=engine.concurrency,
        offline=engine.offline,
        strict=engine.strict,
        cache=cache.cache,
        use_cache=not cache.no_cache,
    )
