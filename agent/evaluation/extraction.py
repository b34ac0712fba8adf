"""An engine run over the abstracts of an annotated file, so that what it finds can be scored."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace

from agent.errors import InputError
from agent.evaluation.evaluation import Gold
from agent.evaluation.records import FIELDS, Lists, Notice, RecordFile
from agent.feeds import read_feed
from agent.ledger import Ledger
from agent.outcomes import Outcome
from agent.papers import Paper
from agent.runs import outcomes
from agent.settings import Settings
from schemas import Record

Watcher = Callable[[Outcome[Lists]], None]


def extract(gold: Gold, settings: Settings, *, ledger: Ledger, notice: Notice, watch: Watcher) -> RecordFile:
    """The records that an engine makes of the annotated abstracts, under the name of the engine.

    Every outcome is entered in the `ledger` and shown to `watch`; `notice` is told what failed, and on the way in what
    was skipped: such papers have no record. Raises ServiceRefused as a run does, InputError if no abstract can be used.
    """
    annotated = {entry.line: entry for key, entry in gold.abstracts.items() if key in gold.records.entries}
    papers: list[Paper] = []
    for found in read_feed(gold.abstracts_file):
        if not isinstance(found, Paper):
            notice(str(found))
        elif found.line in annotated:
            papers.append(found)
    if not papers:
        raise InputError(f"{gold.abstracts_file}: no abstract in it can be used; see the reasons above")
    entries = {}
    for paper, outcome in zip(papers, _outcomes(papers, settings, notice, watch), strict=True):
        ledger.enter(outcome)
        if outcome.view is None:
            notice(f"{outcome.place}: {outcome.failure}")
        else:
            asked = annotated[paper.line]
            entries[asked.key] = replace(asked, lists=outcome.view)
    return RecordFile(engine_of(settings), entries)


def engine_of(settings: Settings) -> str:
    """What figures of a run stand under: rules, or the model and the version of the prompt."""
    if not settings.asks_a_model:
        return "rules"
    from agent.model.request import DEFAULT_MODEL
    from prompts import load

    return f"{settings.model or DEFAULT_MODEL} with prompt {load().version}"


def lists_of(record: Record) -> Lists:
    """The four lists of a record as its JSON holds them."""
    return {field: [item.model_dump(mode="json", by_alias=True) for item in getattr(record, field)] for field in FIELDS}


def _outcomes(papers: list[Paper], settings: Settings, notice: Notice, watch: Watcher) -> list[Outcome[Lists]]:
    async def collect() -> list[Outcome[Lists]]:
        found = []
        async with aclosing(outcomes(papers, settings, lists_of, notice)) as stream:
            async for outcome in stream:
                watch(outcome)
                found.append(outcome)
        return found

    return asyncio.run(collect())
