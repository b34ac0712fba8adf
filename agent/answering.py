"""The way of a paper to a model's record: from the cache, else from the service, else from the rules."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from agent.cache import Cache, Entry, cache_folder, checks_digest, key_of, line_of, parts_of, tail_of
from agent.errors import ModelError, ServiceRefused, UnansweredError
from agent.headline import headline
from agent.model.answered import Answered
from agent.model.figures import unstated, untold
from agent.model.request import DEFAULT_MODEL, ModelOptions, build_body
from agent.model.service import Service, Source
from agent.model.usage import Usage
from agent.outcomes import Outcome, View, failed, outcome_of
from agent.papers import Paper
from agent.records import compose
from agent.settings import Settings
from prompts import Prompt, load
from schemas import Dropped, Provenance, Record

LONGEST_REASON = 300
"""Characters of the reason for a fallback; a service may say anything at any length."""


class Answering:
    """Answers the papers of one run; `notice` is told once of what concerns the whole run.

    `source` is asked for what the cache does not hold: the service, unless another is given. Two papers with the same
    text are asked about once. Whatever was answered is in the cache before its outcome is known, so that an
    interrupted run loses no more than what was in flight.
    """

    def __init__(self, settings: Settings, notice: Callable[[str], None], source: Source | None = None) -> None:
        self._settings = settings
        self._notice = notice
        self._options = options_of(settings)
        self._prompt = load()
        self._cache = Cache(cache_folder(settings.cache), notice) if settings.use_cache else None
        self._source = source or Service(settings, self._options, self._prompt)
        self._under_way: dict[str, asyncio.Task[Entry]] = {}
        self._said_down = False

    async def outcome(self, paper: Paper, view: Callable[[Record], View]) -> Outcome[View]:
        """The outcome of a paper. Raises ServiceRefused if the service will answer no request of this run."""
        body = build_body(paper, self._options, self._prompt)
        key = key_of(body, paper, self._options.base_url)
        self._source.expect(key)
        if (record := self._remembered(paper, key)) is not None:
            return outcome_of(record, view, from_cache=True)
        if self._settings.explain_misses and self._cache is not None:
            miss = self._cache.explain(parts_of(body, paper, self._options.base_url))
            self._notice(f"not in the cache: {paper.id}: {miss}")
        try:
            if self._settings.offline:
                raise ModelError("not in the cache")
            shared = key in self._under_way
            entry = await self._entry(paper, body, key)
            return outcome_of(self._record(paper, entry), view, from_cache=shared)
        except ServiceRefused:
            raise
        except UnansweredError as error:
            return self._fallback(paper, view, error)

    async def close(self) -> None:
        """End what is under way, and close the connections and the cache."""
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        await self._source.close()
        if self._cache is not None:
            self._cache.close()

    def _remembered(self, paper: Paper, key: str) -> Record | None:
        entry = None if self._cache is None else self._cache.get(key)
        try:
            return None if entry is None else self._record(paper, entry)
        except (ModelError, ValidationError) as error:
            reason = " ".join(str(error).split())[:LONGEST_REASON]
            self._notice(f"the cached answer for {paper.id} cannot be used ({reason}): it is asked for again")
            return None

    def _record(self, paper: Paper, entry: Entry) -> Record:
        tail = entry.checked_by(checks_digest())
        if tail is not None:
            record = Record.model_validate_json(line_of(paper, tail))
            if self._is_of_the_checks(record):
                return record
            self._notice(f"the cached record of {paper.id} is none that the checks make: it is made of its answer anew")
        return record_of(paper, entry, self._options, self._prompt)

    def _is_of_the_checks(self, record: Record) -> bool:
        """Whether the checks can have made a record, or whoever else writes to the cache folder; its form is sound."""
        origin = record.provenance
        return (
            (origin.engine, origin.fallback) == ("llm", None)
            and (origin.model, origin.prompt) == (self._options.model, self._prompt.version)
            and record.headline == headline(record.hardware, record.speedups, record.caveats)
            and not any(unstated(claim, record.abstract) for claim in record.speedups)
            and not any(untold(device, record.title, record.abstract) for device in record.hardware)
        )

    async def _entry(self, paper: Paper, body: dict[str, Any], key: str) -> Entry:
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(paper, body, key))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(task)

    async def _ask(self, paper: Paper, body: dict[str, Any], key: str) -> Entry:
        answered = await self._source.ask(paper, key)
        entry = entry_of(paper, answered, self._options, self._prompt)
        if self._cache is not None and answered.is_final:
            self._cache.put(key, entry, parts_of(body, paper, self._options.base_url))
        return entry

    def _fallback(self, paper: Paper, view: Callable[[Record], View], error: UnansweredError) -> Outcome[View]:
        reason = " ".join(str(error).split())[:LONGEST_REASON]
        if self._source.down and not self._said_down:
            self._said_down = True
            self._notice(f"{self._source.down}; the rest {'fails' if self._settings.strict else 'goes to the rules'}")
        usage = error.usage
        if self._settings.strict:
            return failed(paper, reason, usage)
        from agent.workers import by_rules  # processes and rules, which a replay has no need of

        record = by_rules(paper, fallback=reason, usage=usage)
        return outcome_of(record, view)


def options_of(settings: Settings) -> ModelOptions:
    """What the settings say of the model; its default is a small one of OpenAI's."""
    return ModelOptions(
        model=settings.model or DEFAULT_MODEL,
        base_url=settings.base_url,
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        seed=settings.seed,
        reasoning_effort=settings.reasoning_effort,
    )


def entry_of(paper: Paper, answered: Answered, options: ModelOptions, prompt: Prompt) -> Entry:
    """What the cache keeps of a dialogue."""
    provenance = _provenance(options, prompt, answered.usage, answered.dropped)
    record = compose(paper, answered.claims, provenance)
    return Entry(answered.raw, answered.usage, tail_of(record), checks_digest(), options.model, time.time())


def record_of(paper: Paper, entry: Entry, options: ModelOptions, prompt: Prompt) -> Record:
    """The record that the checks of today make of raw answers kept; raises ModelError if they find nothing sound."""
    from agent.model.checks import settle

    checked = settle(entry.answers, paper)
    return compose(paper, checked.claims, _provenance(options, prompt, entry.usage, checked.dropped))


def _provenance(options: ModelOptions, prompt: Prompt, usage: Usage, dropped: tuple[Dropped, ...]) -> Provenance:
    return Provenance(engine="llm", model=options.model, prompt=prompt.version, dropped=dropped, **usage._asdict())
