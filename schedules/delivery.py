"""Delivery of notifications: at least once, in order per article, beside the checks.

Each address of a channel is delivered to by itself, so a dead one never repeats a message to another.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Protocol

from schedules.hosts.lease import Write, write_at_once
from storage.database import Database
from storage.queue.outbox import (
    ChannelFilter,
    claim_notifications,
    mark_delivered,
    mark_failed,
    sendable_notifications,
    undelivered,
)
from storage.timestamps import to_text

log = logging.getLogger("variorum")

FIRST_DELIVERY_RETRY = timedelta(seconds=2)
MAX_DELIVERY_RETRY = timedelta(hours=1)
# While a notification is being sent no other process takes it; longer than any channel needs.
CLAIM_DURATION = timedelta(minutes=2)
# A channel that failed for this many articles in a pass is down: it backs off, longer each time.
CHANNEL_DOWN_AFTER = 3


class DeliveryError(Exception):
    """A channel did not take a notification: the message says why, without the channel's secrets."""


class Channel(Protocol):
    """Sends messages to one address of a channel.

    `digest` is how long edits are gathered for one message; None: one message each.
    """

    @property
    def channel_filter(self) -> ChannelFilter:
        """The name of the channel and the edits it wants."""
        ...

    @property
    def address(self) -> int:
        """The position of the address among those of the channel."""
        ...

    @property
    def digest(self) -> timedelta | None: ...

    async def send(self, edits: Sequence[dict[str, Any]]) -> None:
        """Deliver edits: rows of `sendable_notifications`. Raises DeliveryError if they are not taken."""


def retry_wait(attempts: int) -> timedelta:
    """How long to wait after this many failed attempts.

    >>> [retry_wait(n).total_seconds() for n in (1, 2, 5, 40)]
    [2.0, 4.0, 32.0, 3600.0]
    """
    return min(FIRST_DELIVERY_RETRY * (1 << min(attempts - 1, 12)), MAX_DELIVERY_RETRY)


@dataclass(slots=True)
class Deliveries:
    """Owns the running deliveries: one task for each address. `write` writes what became of them."""

    db: Database
    now: Callable[[], datetime]
    channels: tuple[Channel, ...] = ()
    write: Write = write_at_once
    _tasks: dict[tuple[str, int], asyncio.Task[bool]] = field(default_factory=dict)
    _backoffs: dict[tuple[str, int], tuple[int, datetime]] = field(default_factory=dict)

    def begin(self) -> None:
        """Begin sending on each channel that is neither sending nor backing off."""
        self._drop_done()
        for channel in self.channels:
            key = (channel.channel_filter.channel, channel.address)
            _, until = self._backoffs.get(key, (0, self.now()))
            if key not in self._tasks and until <= self.now():
                self._tasks[key] = asyncio.create_task(
                    deliver(self.db, channel, self.now, write=self.write)
                )

    def shift(self, by: timedelta) -> None:
        """Move the ends of all backoffs by as much as the clock was set."""
        self._backoffs = {
            name: (failed_passes, until + by)
            for name, (failed_passes, until) in self._backoffs.items()
        }

    async def send_due(self) -> None:
        """Send all that may be sent now, a batch of each channel after the other."""
        waiting, before = self._waiting_count(), 0
        while waiting != before:
            self.begin()
            if self._tasks:
                await asyncio.wait(self._tasks.values())
                self._drop_done()
            waiting, before = self._waiting_count(), waiting

    async def stop(self) -> None:
        """Cancel what is being sent; it is not marked as delivered, so the next run sends it again."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _waiting_count(self) -> int:
        return sum(channel["waiting"] for channel in undelivered(self.db))

    def _drop_done(self) -> None:
        """Remove the tasks that have ended; a fault of ours is logged, and its edits wait."""
        for key in [key for key, task in self._tasks.items() if task.done()]:
            task = self._tasks.pop(key)
            if task.cancelled():
                continue
            if error := task.exception():
                log.error("channel %s: %r", key[0], error)
            elif task.result():
                self._backoffs.pop(key, None)
            else:
                failed_passes = self._backoffs.get(key, (0, self.now()))[0] + 1
                self._backoffs[key] = (failed_passes, self.now() + retry_wait(failed_passes))


async def deliver(
    db: Database,
    channel: Channel,
    now: Callable[[], datetime],
    *,
    write: Write = write_at_once,
) -> bool:
    """Send what one address may be sent now; gives False if it is down.

    After a failure the later edits of that article wait too, so that none overtakes an earlier one.
    """
    failures = 0
    blocked_articles: set[int] = set()
    name = channel.channel_filter.channel
    rows = sendable_notifications(db, name, channel.address, now=now())
    for edits in _messages(rows, channel.digest, now()):
        articles = {edit["article_id"] for edit in edits}
        if articles & blocked_articles:
            continue
        deliveries = [edit["delivery"] for edit in edits]
        until = now() + CLAIM_DURATION
        if not await write(claim_notifications, db, deliveries, now=now(), until=until):
            blocked_articles |= articles
            continue
        error = await _send(channel, edits)
        if error is None:
            await write(mark_delivered, db, deliveries, now=now())
            continue
        failures += 1
        blocked_articles |= articles
        wait = retry_wait(max(edit["attempts"] for edit in edits) + 1)
        await write(mark_failed, db, deliveries, next_attempt_at=now() + wait, error=error)
        log.warning("channel %s: %s", name, error)
        if failures >= CHANNEL_DOWN_AFTER:
            return False
    return True


async def _send(channel: Channel, edits: Sequence[dict[str, Any]]) -> str | None:
    """Why a channel did not take a message; None if it took it."""
    try:
        await channel.send(edits)
    except DeliveryError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a fault in a channel must not end the others; its
        # message is not stored, since it may hold the channel's secrets.
        return f"the channel failed with {type(error).__name__}; check its settings"
    return None


def _messages(
    rows: list[dict[str, Any]], digest: timedelta | None, now: datetime
) -> Iterator[list[dict[str, Any]]]:
    """The edits of each message: one each, or all in one once the oldest has waited for `digest`.

    What was tried before is the same message again, without the edits that came since.
    """
    tried = [row for row in rows if row["message"] is not None]
    for _, edits in groupby(tried, key=lambda row: row["message"]):
        yield list(edits)
    untried = [row for row in rows if row["message"] is None]
    if digest is None:
        yield from ([row] for row in untried)
    elif untried and untried[0]["created_at"] <= to_text(now - digest):
        yield untried
