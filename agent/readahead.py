"""A feed is read by blocking calls; here it becomes an asynchronous stream that holds up nothing and nobody."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from typing import TypeVar

Item = TypeVar("Item")
AHEAD = 512
"""Items that may be read before they are taken, which bounds the memory."""


async def read_ahead(items: Iterable[Item], ahead: int = AHEAD) -> AsyncGenerator[Item, None]:
    """The items of a blocking iterable, in order, read in a thread of their own.

    An error of the iterable comes out after the items before it. The thread is a daemon, so that a read which never
    returns, of a terminal say, does not keep an interrupted program alive.
    """
    shelf = _Shelf[Item](asyncio.get_running_loop(), ahead)
    threading.Thread(target=shelf.fill, args=(items,), daemon=True, name="feed").start()
    try:
        while await shelf.stocked():
            yield shelf.take()
    finally:
        shelf.close()
    if shelf.error is not None:
        raise shelf.error


class _Shelf(deque[Item]):
    def __init__(self, loop: asyncio.AbstractEventLoop, ahead: int) -> None:
        super().__init__()
        self._loop = loop
        self._room = threading.Semaphore(ahead)
        self._arrival = asyncio.Event()
        self._waiting = self._closed = self._done = False
        self.error: BaseException | None = None

    def fill(self, items: Iterable[Item]) -> None:
        try:
            for item in items:
                self._room.acquire()
                if self._closed:
                    return
                self.append(item)
                if self._waiting:
                    self._wake()
        except BaseException as error:
            self.error = error
        finally:
            self._done = True
            self._wake()

    def take(self) -> Item:
        self._room.release()
        return self.popleft()

    async def stocked(self) -> bool:
        while not self and not self._done:
            self._arrival.clear()
            self._waiting = True
            if not self and not self._done:
                await self._arrival.wait()
            self._waiting = False
        return bool(self)

    def close(self) -> None:
        self._closed = True
        self._room.release()

    def _wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._arrival.set)
