import threading
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from agent.errors import ServiceRefused
from agent.model.answered import Answered
from agent.papers import Paper
from agent.runs import outcomes
from agent.settings import Settings
from schemas import Record

pytestmark = pytest.mark.anyio


class Refusing:
    """A service that refuses the first paper and would never answer another."""

    down: str | None = None

    def expect(self, key: str) -> None:
        pass

    async def ask(self, paper: Paper, key: str) -> Answered:
        raise ServiceRefused("wrong key")

    async def close(self) -> None:
        pass


def papers(count: int) -> Iterator[Paper]:
    for number in range(count):
        yield Paper(str(number), "", f"We win {number} times.")


def whole(record: Record) -> Record:
    return record


async def run_through(count: int) -> None:
    settings = Settings(engine="llm", use_cache=False)
    async with aclosing(outcomes(papers(count), settings, whole, lambda _: None, Refusing())) as run:
        async for _ in run:
            pass


@pytest.mark.parametrize("count", [1, 2, 50, 5_000])
async def test_a_refusal_ends_a_run_while_its_feed_is_still_read(count: int) -> None:
    for _ in range(20):
        with pytest.raises(ServiceRefused, match="wrong key"):
            await run_through(count)


async def test_a_refusal_ends_a_run_while_its_feed_has_nothing_to_give() -> None:
    over = threading.Event()

    def pausing() -> Iterator[Paper]:
        yield from papers(1)
        over.wait(timeout=30)

    async def first() -> None:
        settings = Settings(engine="llm", use_cache=False)
        async with aclosing(outcomes(pausing(), settings, whole, lambda _: None, Refusing())) as run:
            await anext(run)

    with pytest.raises(ServiceRefused, match="wrong key"):
        await first()
    over.set()


async def test_a_run_that_is_left_early_ends_quietly() -> None:
    settings = Settings(engine="rules")
    async with aclosing(outcomes(papers(5_000), settings, whole, lambda _: None)) as run:
        async for outcome in run:
            assert outcome.id == "0"
            break
