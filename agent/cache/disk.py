"""How diskcache stores: text in rows, and nothing else, so that no row can make it run or delete anything.

diskcache's own Disk unpickles whatever row says that it is a pickle (diskcache 5.6.3, JSONDisk too), and opens and
removes whatever file a row names, within the folder or not.
"""

import sqlite3
from typing import NoReturn

from diskcache import UNKNOWN, Disk  # type: ignore[import-untyped]
from diskcache.core import MODE_RAW  # type: ignore[import-untyped]

from agent.errors import InputError


class TextDisk(Disk):  # type: ignore[misc]
    """Keys and values are text in the row itself; any other kind of row raises InputError unread."""

    def put(self, key: object) -> tuple[str, bool]:
        """The key column and its raw flag for `key`, which must be a str."""
        return key if isinstance(key, str) else _refuse("key", key), True

    def get(self, key: object, raw: object) -> str:
        """The key of a row."""
        return key if raw and isinstance(key, str) else _refuse("key", key)

    def store(self, value: object, read: bool, key: object = UNKNOWN) -> tuple[int, int, None, str | memoryview]:
        """The size, mode, filename and value columns for `value`, which must be a str.

        Text that UTF-8 cannot hold (lone surrogates) goes in as bytes, each surrogate as its three.
        """
        if not isinstance(value, str) or read:
            _refuse("value", value)
        try:
            value.encode()
        except UnicodeEncodeError:
            return 0, MODE_RAW, None, memoryview(value.encode("utf-8", "surrogatepass"))
        return 0, MODE_RAW, None, value

    def fetch(self, mode: object, filename: object, value: object, read: bool = False) -> str:
        """The text of a row's mode, filename and value columns."""
        if mode != MODE_RAW or filename is not None or read:
            raise InputError(f"a row of mode {mode!r} is not text; it was not read")
        if isinstance(value, bytes):
            try:
                return value.decode("utf-8", "surrogatepass")
            except UnicodeDecodeError:
                _refuse("value", value)
        return value if isinstance(value, str) else _refuse("value", value)

    def remove(self, file_path: str) -> None:
        """Removes nothing: this disk writes no files, so a file that a row names is not its own."""


def error_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code of an error, 0 where Python's module raised it by itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _refuse(what: str, given: object) -> NoReturn:
    raise InputError(f"a cache {what} of type {type(given).__name__} is not text; it was refused")
