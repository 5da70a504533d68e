"""Writes that share a transaction: at most a hundred that arrive within 50 ms.

A daemon is patient: while the file is locked or the disk full, its writes wait in memory, and so does whoever waits
for them. So nothing that was fetched is lost or fetched again, and no further page is requested.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from storage.database import Database, is_lock, is_passing, write_transaction

log = logging.getLogger("variorum")

# A commit costs as much as the writes of a check; more writes than this would block other processes.
MAX_BATCH_WRITES = 100
MAX_WRITE_WAIT_SECONDS = 0.05
# A patient writer tries again after this, and waits this long for a lock: the event loop waits with it.
RETRY_SECONDS = 0.25
PATIENT_BUSY_TIMEOUT_MS = 50
# Other programs lock the file for moments all the time; a lock is worth a line in the log after this.
MIN_LOGGED_LOCK_SECONDS = 5.0

T = TypeVar("T")


def _no_limit() -> int:
    return MAX_BATCH_WRITES


@dataclass(slots=True)
class Writer:
    """Owns the writes that wait for their common transaction.

    `max_writers` says how many can wait at the same time: once that many do, nothing more can come.
    `trouble` is why a patient writer cannot write now.
    """

    db: Database
    max_writers: Callable[[], int] = _no_limit
    trouble: str | None = None
    _retry_seconds: float | None = None
    _trouble_began: float = 0.0
    _is_trouble_logged: bool = False
    _queue: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = field(default_factory=list)
    _timer: asyncio.TimerHandle | None = None

    @property
    def is_stuck(self) -> bool:
        """Do writes wait because nothing can be written now?"""
        return self.trouble is not None and bool(self._queue)

    async def write(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """The result of `work`, once it is committed; `work` may use `write_transaction`.

        Work that fails is rolled back alone, and its error is raised here. An error of the
        transaction (a full disk, a lock) is raised in every write that shares it; a patient writer tries
        again until it passes, and so may run the work several times.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue.append((partial(work, *args, **kwargs), future))
        is_full = len(self._queue) >= min(MAX_BATCH_WRITES, self.max_writers())
        if is_full and self.trouble is None:
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
        except Exception as error:  # noqa: BLE001 - it is raised in every write, now or later
            if self._retry_seconds is not None and is_passing(error):
                self.note(error)
                self._queue = queue + self._queue
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(self._retry_seconds, self.flush)
                return
            for _, future in queue:
                future.set_exception(error)
            return
        self.note(None)
        for (_, future), (result, failure) in zip(queue, results, strict=True):
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)

    def be_patient(self) -> None:
        """From now on, try again while the file is locked or cannot be written."""
        self._retry_seconds = RETRY_SECONDS
        self.db.execute(f"pragma busy_timeout = {PATIENT_BUSY_TIMEOUT_MS}")

    def give_up(self) -> None:
        """Try the waiting writes a last time, and raise the error in them if they fail."""
        self._retry_seconds = None
        self.flush()

    def note(self, error: Exception | None) -> None:
        """Remember why nothing can be written, None if it can; log when that begins and ends."""
        if error is None:
            if self._is_trouble_logged:
                log.warning("the database can be written again; the checks go on")
            self.trouble, self._is_trouble_logged = None, False
            return
        if self.trouble is None:
            self._trouble_began = time.monotonic()
        self.trouble = str(error)
        lasts = time.monotonic() - self._trouble_began
        if not self._is_trouble_logged and (not is_lock(error) or lasts >= MIN_LOGGED_LOCK_SECONDS):
            self._is_trouble_logged = True
            log.error(
                "the database cannot be written (%s); no page is requested until it can be", error
            )

    def _try(self, work: Callable[[], Any]) -> tuple[Any, Exception | None]:
        """The result of one write, or the error that rolled it back."""
        try:
            return work(), None
        except Exception as error:
            if not self.db.conn.in_transaction or is_passing(error):
                raise
            return None, error
