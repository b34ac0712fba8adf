"""The synchronous door to the asynchronous core: what `from agent import …` and short commands go through."""

import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import TypedDict, Unpack

from agent.errors import ModelError
from agent.outcomes import Outcome
from agent.papers import Paper
from agent.pasted import paper_from
from agent.runs import outcomes
from agent.settings import EngineChoice, Settings
from schemas import Record


class Options(TypedDict, total=False):
    """What may be said of a run; `agent.settings.Settings` has the meaning and the default of each."""

    engine: EngineChoice
    model: str | None
    base_url: str | None
    api_key: str | None
    concurrency: int
    cache: Path | None
    use_cache: bool
    offline: bool
    strict: bool
    temperature: float | None
    max_tokens: int | None
    seed: int | None
    reasoning_effort: str | None
    timeout: float
    max_requests: int | None
    max_tokens_total: int | None
    rate: str | None
    tokens_per_minute: int | None


def summarize(abstract: str, title: str = "", **options: Unpack[Options]) -> Record:
    """The checked record of one abstract.

    Raises InputError if the abstract cannot be used, ServiceRefused if the service will not answer at all, and
    ModelError if `strict` and the model gave no answer that can be used.

    >>> record = summarize("Ours is up to 2.5x faster than cuBLAS on an NVIDIA A100 GPU.", engine="rules")
    >>> record.headline
    'up to 2.5x over cuBLAS on NVIDIA A100 GPU'
    >>> record.hardware[0].span
    (44, 59)
    """
    return summarize_paper(paper_from(title, abstract, "the abstract", _log), Settings(**options), _log)


def summarize_many(papers: Iterable[Paper | Mapping[str, str] | str], **options: Unpack[Options]) -> Iterator[Record]:
    """The checked records of many abstracts, in their order, as they come.

    A paper is an abstract, a mapping with `abstract` and perhaps `title` and `id`, or a `Paper` of a feed.
    Raises as `summarize` does, at the paper that it concerns.

    >>> [record.id for record in summarize_many([{"id": "a", "abstract": "We win."}], engine="rules")]
    ['a']
    """
    for outcome in _iterate(map(_paper, papers), Settings(**options), _log):
        yield _record(outcome)


def summarize_paper(paper: Paper, settings: Settings, notice: Callable[[str], None]) -> Record:
    """The record of one paper; `notice` is told what else is worth a line. Raises as `summarize` does."""
    return next(_record(outcome) for outcome in _iterate([paper], settings, notice))


def _iterate(papers: Iterable[Paper], settings: Settings, notice: Callable[[str], None]) -> Iterator[Outcome[Record]]:
    from anyio.from_thread import start_blocking_portal

    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(aclosing(outcomes(papers, settings, _whole, notice))) as stream,
    ):
        while (outcome := portal.call(_next, stream)) is not None:
            yield outcome


def _log(message: str) -> None:
    logging.getLogger("perfclaims").warning(message)


async def _next(stream: AsyncGenerator[Outcome[Record], None]) -> Outcome[Record] | None:
    return await anext(stream, None)


def _whole(record: Record) -> Record:
    return record


def _record(outcome: Outcome[Record]) -> Record:
    if outcome.view is None:
        raise ModelError(f"{outcome.place}: {outcome.failure}")
    return outcome.view


def _paper(given: Paper | Mapping[str, str] | str) -> Paper:
    if isinstance(given, Paper):
        return given
    if isinstance(given, str):
        return paper_from("", given, "the abstract", _log)
    paper = paper_from(given.get("title", ""), given.get("abstract", ""), "the abstract", _log)
    return paper._replace(id=given["id"]) if given.get("id") else paper
