"""A run by way of a provider's batches: first all answers are had, then the records are made as from any file."""

from collections.abc import Callable, Iterable, Iterator

from agent.answering import options_of
from agent.cache import Cache, cache_folder, key_of
from agent.model.batchfile import AnswerFiles
from agent.model.batchstate import BatchState
from agent.model.providerbatch import ProviderBatches, Request
from agent.model.request import build_body
from agent.model.transport import connect
from agent.papers import Paper
from agent.settings import Settings
from prompts import load


class ProviderRun:
    """Has the papers of a feed answered in batches; `papers` gives them anew each time, for they are read twice.

    `poll` is the longest pause, in seconds, between two looks at what is under way.
    """

    def __init__(
        self, papers: Callable[[], Iterable[Paper]], settings: Settings, notice: Callable[[str], None], poll: float
    ) -> None:
        self._papers, self._settings, self._notice, self._poll = papers, settings, notice, poll
        self._options, self._prompt = options_of(settings), load()
        self._folder = cache_folder(settings.cache)

    async def answers(self) -> AnswerFiles | None:
        """Wait for the answers that the cache has not; None where it has them all.

        Raises as `ProviderBatches.gather` does. Ended at any moment, the same call takes up what is under way.
        """
        client = connect(self._options, self._settings.api_key, self._settings.timeout)
        state = BatchState(self._folder / "batches", self._notice)
        batches = ProviderBatches(client, state, self._options.model, self._notice, poll=self._poll)
        try:
            files = await batches.gather(self._requests)
        finally:
            await client.close()
        return AnswerFiles(files, self._notice) if files else None

    def forget(self) -> None:
        """Drop what is over, now that its answers are in the cache."""
        client = connect(self._options, self._settings.api_key, self._settings.timeout)
        ProviderBatches(client, BatchState(self._folder / "batches", self._notice), "", self._notice).forget()

    def _requests(self) -> Iterator[Request]:
        seen = set()
        with Cache(self._folder, self._notice) as cache:
            for paper in self._papers():
                body = build_body(paper, self._options, self._prompt)
                key = key_of(body, paper, self._options.base_url)
                if key not in seen and cache.get(key) is None:
                    seen.add(key)
                    yield key, body
