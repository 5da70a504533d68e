"""Notifications to deliver: one row per edit and address of a channel, written with the edit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlite_utils import Database

from storage.database import write_transaction
from storage.errors import NotFoundError
from storage.schema.views import IS_IMPORTED
from storage.timestamps import to_text

# This many notifications of a channel are taken at a time.
MAX_DELIVERY_BATCH = 100
# A feed of rare edits searches no further back than this many.
MAX_FEED_EDITS_SCANNED = 20_000


@dataclass(frozen=True, slots=True)
class ChannelFilter:
    """A channel and the edits it wants; no hosts, fields or kinds means all of them.

    A host includes its subdomains. Each of the channel's addresses gets a notification of its own.
    """

    channel: str
    hosts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    silent_only: bool = False
    addresses: int = 1

    def wants(self, edit: dict[str, Any], host: str) -> bool:
        """Does this channel want this edit (a row of `edits`) of an article at this host?"""
        return (
            self._wants_host(host)
            and (not self.fields or edit["field"] in self.fields)
            and (not self.kinds or edit["kind"] in self.kinds)
            and not (self.silent_only and edit["disclosed"] != 0)
        )

    def _wants_host(self, host: str) -> bool:
        return not self.hosts or any(
            host == wanted_host or host.endswith("." + wanted_host) for wanted_host in self.hosts
        )


def enqueue_notifications(
    db: Database,
    edit_id: int,
    edit: dict[str, Any],
    host: str,
    channel_filters: Sequence[ChannelFilter],
) -> None:
    """Write a notification for each address of the channels that want a new edit; inside its transaction."""
    for channel_filter in channel_filters:
        if channel_filter.wants(edit, host):
            for address in range(channel_filter.addresses):
                db.execute(
                    "insert into outbox (edit_id, channel, address, created_at, next_attempt_at)"
                    " values (?, ?, ?, ?, ?)",
                    [edit_id, channel_filter.channel, address, edit["seen_at"], edit["seen_at"]],
                )


def sendable_notifications(
    db: Database, channel: str, address: int, *, now: datetime
) -> list[dict[str, Any]]:
    """The notifications that may be sent to an address of a channel now.

    First come the messages that were tried before, each whole, then the rest, the oldest first. Of each
    article these are the ones before the first that has to wait, so that none overtakes an earlier one.
    Rows of `edits` with `delivery` (the notification's id), `message`, `attempts`, `created_at`, and the
    article's `url`, `host` and `headline`.
    """
    rows = list(
        db.query(
            "select o.id as delivery, o.message, o.attempts, o.created_at, e.*, a.url, a.host, v.headline"
            " from outbox o indexed by outbox_waiting"
            " join edits e on e.id = o.edit_id join articles a on a.id = e.article_id"
            " join versions v on v.article_id = e.article_id and v.number = e.to_version"
            " where o.channel = :channel and o.address = :address and o.delivered_at is null and not exists ("
            "  select 1 from outbox b join edits c on c.id = b.edit_id where c.article_id = e.article_id"
            "  and b.channel = :channel and b.address = :address and b.delivered_at is null and b.id <= o.id"
            "  and b.next_attempt_at > :now)"
            " order by o.message is null, o.message, o.id limit :batch",
            {"channel": channel, "address": address, "now": to_text(now), "batch": MAX_DELIVERY_BATCH},
        )
    )  # fmt: skip
    last_message = rows[-1]["message"] if len(rows) == MAX_DELIVERY_BATCH else None
    if last_message is None or last_message == rows[0]["message"]:
        return rows
    return [row for row in rows if row["message"] != last_message]  # it may go on after the batch


def claim_notifications(
    db: Database, deliveries: Sequence[int], *, now: datetime, until: datetime
) -> bool:
    """Claim the notifications of a message for this process until then.

    From now on they are one message. False if another process has claimed one of them.
    """
    with write_transaction(db):
        marks = ", ".join("?" * len(deliveries))
        free_count = db.execute(
            f"select count(*) from outbox where id in ({marks}) and delivered_at is null"
            " and next_attempt_at <= ?",
            [*deliveries, to_text(now)],
        ).fetchone()[0]
        if free_count < len(deliveries):
            return False
        db.execute(
            f"update outbox set next_attempt_at = ?, message = coalesce(message, ?) where id in ({marks})",
            [to_text(until), deliveries[0], *deliveries],
        )
    return True


def mark_delivered(db: Database, deliveries: Iterable[int], *, now: datetime) -> None:
    """Record that the channel has taken these notifications."""
    with write_transaction(db):
        db.conn.executemany(
            "update outbox set delivered_at = ?, attempts = attempts + 1, last_error = null where id = ?",
            [(to_text(now), delivery) for delivery in deliveries],
        )


def mark_failed(
    db: Database, deliveries: Iterable[int], *, next_attempt_at: datetime, error: str
) -> None:
    """Record that the channel did not take these notifications, and when to try again."""
    with write_transaction(db):
        db.conn.executemany(
            "update outbox set attempts = attempts + 1, next_attempt_at = ?, last_error = ? where id = ?",
            [(to_text(next_attempt_at), error[:300], delivery) for delivery in deliveries],
        )


def undelivered(db: Database) -> list[dict[str, Any]]:
    """Per channel: how many notifications wait, since when, the most attempts and the last error."""
    return list(
        db.query(
            "select channel, count(*) as waiting, min(created_at) as oldest, max(attempts) as attempts,"
            " (select last_error from outbox l where l.channel = o.channel and l.delivered_at is null"
            "  and l.last_error is not null order by l.id limit 1) as last_error"
            " from outbox o where delivered_at is null group by channel order by channel"
        )
    )


def drop_channel(db: Database, channel: str) -> int:
    """Discard the waiting notifications of a channel; gives how many. Raises NotFoundError if none waits."""
    with write_transaction(db):
        count = db.execute(
            "delete from outbox where channel = ? and delivered_at is null", [channel]
        ).rowcount
    if not count:
        raise NotFoundError(
            f"{channel}: no notification waits for a channel of this name; `variorum doctor` lists those that do"
        )
    return int(count)


def latest_edits(
    db: Database, channel_filter: ChannelFilter, *, limit: int
) -> list[dict[str, Any]]:
    """The newest edits that a channel wants, the newest first, among the last MAX_FEED_EDITS_SCANNED."""
    rows = db.query(
        f"select e.*, a.url, a.host, v.headline, {IS_IMPORTED} from edits e join articles a on a.id = e.article_id"
        " join versions v on v.article_id = e.article_id and v.number = e.to_version"
        " where e.id > (select max(id) from edits) - ? order by e.id desc",
        [MAX_FEED_EDITS_SCANNED],
    )
    return list(islice((row for row in rows if channel_filter.wants(row, row["host"])), limit))
