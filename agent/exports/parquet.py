"""Parquet with the nested types of a record, in row groups that are written as the records come."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from agent.errors import InputError
from agent.exports.sink import Sink, Writer

GROUP = 1_000
"""Records in a row group, which is what is held in memory at a time."""

_SPAN = pa.list_(pa.int32(), 2)
_PLACE = [("span", _SPAN), ("in", pa.string())]
_TEXT, _COUNT = pa.string(), pa.int64()
SCHEMA = pa.schema(
    [
        *((name, _TEXT) for name in ("id", "title", "abstract", "headline")),
        (
            "hardware",
            pa.list_(
                pa.struct(
                    [
                        *(("name", _TEXT), ("kind", _TEXT), ("count", _COUNT)),
                        *(("memory_gb", pa.float64()), ("role", _TEXT), *_PLACE),
                    ]
                )
            ),
        ),
        ("baselines", pa.list_(pa.struct([("name", _TEXT), ("kind", _TEXT), *_PLACE]))),
        (
            "speedups",
            pa.list_(
                pa.struct(
                    [
                        *(("quote", _TEXT), ("low", pa.float64()), ("high", pa.float64()), ("form", _TEXT)),
                        *(("bound", _TEXT), ("metric", _TEXT), ("baseline", _TEXT), ("hardware", _TEXT)),
                        *(("factor", pa.list_(pa.float64(), 2)), *_PLACE),
                    ]
                )
            ),
        ),
        ("caveats", pa.list_(pa.struct([("quote", _TEXT), ("kind", _TEXT), *_PLACE]))),
        (
            "provenance",
            pa.struct(
                [
                    *(("engine", _TEXT), ("model", _TEXT), ("prompt", _TEXT), ("schema", _TEXT), ("fallback", _TEXT)),
                    ("dropped", pa.list_(pa.struct([("field", _TEXT), ("passage", _TEXT), ("reason", _TEXT)]))),
                    *((name, _COUNT) for name in ("requests", "input_tokens", "output_tokens")),
                ]
            ),
        ),
    ]
)
"""A record's columns; a list of records becomes a table of as many rows."""


class ParquetSink(Sink):
    """A sink whose texts are records as lines of JSON, and whose file is Parquet."""

    def opened(self, part: Path) -> Writer:
        """The Parquet writer."""
        return _Rows(part)


class _Rows:
    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, SCHEMA, compression="zstd")
        self._lines: list[bytes] = []

    def write(self, line: bytes, /) -> None:
        if line:
            self._lines.append(line)
        if len(self._lines) >= GROUP:
            self.flush()

    def flush(self) -> None:
        """Write what was taken as a row group."""
        if self._lines:
            records = [json.loads(line) for line in self._lines]
            self._lines.clear()
            try:
                table = pa.Table.from_pylist(records, schema=SCHEMA)
            except (pa.ArrowException, OverflowError) as error:
                raise InputError(f"a number does not fit Parquet ({error}); a .jsonl file holds it") from error
            self._writer.write_table(table, row_group_size=GROUP)

    def close(self) -> None:
        self.flush()
        self._writer.close()
