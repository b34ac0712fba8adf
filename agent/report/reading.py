"""Records from a file, each checked by the schema."""

from collections.abc import Iterator

from pydantic import ValidationError

from agent.errors import InputError
from agent.feeds.streams import Source, open_feed
from schemas import Record

_REMEDY = "records are JSON Lines, as 'perfclaims batch -o x.jsonl' writes them"


def read_records(source: Source, name: str | None = None) -> Iterator[Record]:
    """The records of a JSON Lines file (also packed with gzip or zstd) or of standard input ("-").

    Raises InputError for a file that cannot be read or holds none, and for a line that is no sound record.
    """
    feed = open_feed(source, name)
    found = False
    for line in feed.lines():
        if not line.text.strip():
            continue
        try:
            yield Record.model_validate_json(line.text.encode("utf-8", "surrogateescape"))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "the line"
            raise InputError(f"{feed.name}:{line.number}: no record: {where}: {first['msg']}; {_REMEDY}") from error
        found = True
    for skipped in feed.notices:
        raise InputError(str(skipped))
    if not found:
        raise InputError(f"{feed.name}: holds no record; {_REMEDY}")
