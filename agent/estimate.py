"""What a run would send, without sending it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agent.answering import options_of
from agent.cache import Cache, cache_folder, key_of
from agent.ledger import Ledger
from agent.model.request import build_body, tokens_of
from agent.papers import Paper
from agent.settings import Settings
from prompts import load


@dataclass(slots=True)
class Estimate:
    """How many requests a run would send if no answer had to be asked again, and about how many tokens in them."""

    records: int = 0
    from_cache: int = 0
    requests: int = 0
    input_tokens: int = 0
    money: float | None = None

    def __str__(self) -> str:
        price = "" if self.money is None else f", {self.money:.4f} for them"
        return (
            f"dry run, nothing sent: {self.records} records, {self.from_cache} from cache, {self.requests} requests, "
            f"about {self.input_tokens:,} tokens in{price}; answers and re-asks come on top"
        )


def estimate(papers: Iterable[Paper], settings: Settings, ledger: Ledger, notice: Callable[[str], None]) -> Estimate:
    """What asking about papers would come to; `ledger` knows the prices."""
    sums = Estimate()
    options, prompt, seen = options_of(settings), load(), set()
    cache = Cache(cache_folder(settings.cache), notice) if settings.use_cache and settings.asks_a_model else None
    for paper in papers:
        sums.records += 1
        if not settings.asks_a_model:
            continue
        body = build_body(paper, options, prompt)
        key = key_of(body, paper, options.base_url)
        if key in seen or (cache is not None and cache.get(key) is not None):
            sums.from_cache += 1
        elif not settings.offline:
            sums.requests += 1
            sums.input_tokens += tokens_of(body)
        seen.add(key)
    if cache is not None:
        cache.close()
    ledger.input_tokens = sums.input_tokens
    sums.money = ledger.money
    return sums
