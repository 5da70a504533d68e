"""Writes that share a transaction: at most a hundred that arrive within 50 ms."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from storage.database import Database, write_transaction

# A commit costs as much as the writes of a check; more writes than this would block other processes.
MAX_BATCH_WRITES = 100
MAX_WRITE_WAIT_SECONDS = 0.05

T = TypeVar("T")


def _no_limit() -> int:
    return MAX_BATCH_WRITES


@dataclass(slots=True)
class Writer:
    """Owns the writes that wait for their common transaction.

    `max_writers` says how many can wait at the same time: once that many do, nothing more can come.
    """

    db: Database
    max_writers: Callable[[], int] = _no_limit
    _queue: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = field(default_factory=list)
    _timer: asyncio.TimerHandle | None = None

    async def write(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """The result of `work`, once it is committed; `work` may use `write_transaction`.

        Work that fails is rolled back alone, and its error is raised here. An error of the
        transaction (a full disk, a lock) is raised in every write that shares it.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue.append((partial(work, *args, **kwargs), future))
        if len(self._queue) >= min(MAX_BATCH_WRITES, self.max_writers()):
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(MAX_WRITE_WAIT_SECONDS, self.flush)
        return await future

    def flush(self) -> None:
        """Commit the queue now, without the writes that have been cancelled."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        queue = [(work, future) for work, future in self._queue if not future.done()]
        self._queue = []
        if not queue:
            return
        try:
            with write_transaction(self.db):
                results = [self._try(work) for work, _ in queue]
        except Exception as error:  # noqa: BLE001 - it is raised in every write
            for _, future in queue:
                future.set_exception(error)
            return
        for (_, future), (result, failure) in zip(queue, results, strict=True):
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)

    def _try(self, work: Callable[[], Any]) -> tuple[Any, Exception | None]:
        """The result of one write, or the error that rolled it back."""
        try:
            return work(), None
        except Exception as error:
            if not self.db.conn.in_transaction:
                raise
            return None, error
