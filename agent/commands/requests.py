"""`perfclaims requests` and `perfclaims collect`: the model by way of files."""

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.batch import OutputOptions, run_batch
from agent.commands.grouped import grouped
from agent.commands.options import CacheOptions, EngineOptions, SamplingOptions, SpendingOptions, settings_of
from agent.commands.screen import say


@grouped
def requests(
    feed: Annotated[str, typer.Argument(metavar="FEED", help="A file, or - for standard input.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The file; else standard output.")] = None,
    *,
    engine: EngineOptions,
    cache: CacheOptions,
    sampling: SamplingOptions,
) -> None:
    """Write the model requests as an OpenAI batch file."""
    from agent.answering import options_of
    from agent.batch import FeedPapers
    from agent.cache import key_of
    from agent.exports import Sink
    from agent.ledger import Ledger
    from agent.model.batchfile import request_line
    from agent.model.request import build_body
    from prompts import load

    options, prompt = options_of(settings_of(engine, cache, sampling)), load()
    written: set[str] = set()
    papers = FeedPapers([feed], Ledger(), say)
    with Sink(output) as sink:
        for paper in papers:
            body = build_body(paper, options, prompt)
            key = key_of(body, paper, options.base_url)
            if key in written:
                say(f"{paper.source}:{paper.line}: the same paper as before; one request serves both")
                continue
            written.add(key)
            sink.write(request_line(key, body))
    say(f"{len(written)} requests for {options.model}")


@grouped
def collect(
    feed: Annotated[str, typer.Argument(metavar="FEED", help="The feed that the requests were made from.")],
    responses: Annotated[Path, typer.Argument(metavar="RESPONSES", help="The batch file's answers, in any order.")],
    output: OutputOptions,
    engine: EngineOptions,
    cache: CacheOptions,
    sampling: SamplingOptions,
    spending: SpendingOptions,
) -> None:
    """Take a batch file's answers in, check and cache them, write the records."""
    from agent.ledger import Ledger
    from agent.model.batchfile import AnswerFiles

    settings = settings_of(engine, cache, sampling, spending)
    ledger = Ledger(spending.price_in, spending.price_out)
    answers = AnswerFiles([responses], say)
    run_batch([feed], output, settings, ledger, source=answers)
