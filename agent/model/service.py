"""Where answers come from in a live run: the service, connected to when the first paper needs it."""

import asyncio
from typing import TYPE_CHECKING, Protocol

from agent.model.answered import Answered
from agent.model.request import ModelOptions
from agent.papers import Paper
from agent.settings import Settings
from prompts import Prompt

if TYPE_CHECKING:
    from agent.model.dialogue import Asker


class Source(Protocol):
    """Whatever answers for a model: a service, or a file of answers."""

    def expect(self, key: str) -> None:
        """Note that a paper of the feed has this key, whether or not its answer is asked for."""

    async def ask(self, paper: Paper, key: str) -> Answered:
        """The checked answer about a paper, whose request has this key; raises UnansweredError if there is none."""

    @property
    def down(self) -> str | None:
        """Why nothing is asked any more; None while something is."""

    async def close(self) -> None:
        """End what is under way."""


class Service:
    """A service, asked by at most `settings.concurrency` dialogues at a time."""

    def __init__(self, settings: Settings, options: ModelOptions, prompt: Prompt) -> None:
        self._settings, self._options, self._prompt = settings, options, prompt
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._asker: Asker | None = None

    def expect(self, key: str) -> None:
        """A service need not know beforehand."""

    async def ask(self, paper: Paper, key: str) -> Answered:
        """Have the dialogue about a paper; raises as `Asker.ask` does."""
        async with self._slots:
            return await self._connected().ask(paper)

    @property
    def down(self) -> str | None:
        """Why the service is not asked any more; None while it is."""
        return None if self._asker is None else self._asker.down

    async def close(self) -> None:
        """Close the connections."""
        if self._asker is not None:
            await self._asker.close()

    def _connected(self) -> "Asker":
        if self._asker is None:
            from agent.model.budget import Budget
            from agent.model.dialogue import Asker
            from agent.model.pace import Pace
            from agent.model.transport import Transport

            settings = self._settings
            pace = Pace(settings.requests_per_second, settings.tokens_per_second)
            budget = Budget(settings.max_requests, settings.max_tokens_total)
            transport = Transport(self._options, settings.api_key, timeout=settings.timeout, pace=pace, budget=budget)
            self._asker = Asker(self._options, self._prompt, transport)
        return self._asker
