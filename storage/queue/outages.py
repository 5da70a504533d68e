"""Outages of this machine's own network: when they were, and what they must not cost anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from scraper.urls import hostname
from storage.database import write_transaction
from storage.timestamps import parse_instant, to_text
from storage.vocabulary import WATCHED

# A check that got no answer at all is the last one of its article.
LAST_FETCH_UNANSWERED = (
    "(select outcome = 'failed' and http_status is null from fetches f where f.article_id = articles.id"
    " order by id desc limit 1)"
)
FORGIVING_STATEMENTS = (
    f"update articles set next_check_at = :now, next_check_reason = :reason where {WATCHED}"
    f" and checked_at >= :since and next_check_at > :now and {LAST_FETCH_UNANSWERED}",
    "update watches set next_check_at = :now, failures = failures - 1"
    " where checked_at >= :since and failures > 0 and next_check_at > :now",
    # The failures stay counted: a host that fails again right away is to blame itself.
    "update hosts set backoff_until = null where requested_at >= :since and backoff_until is not null",
    "delete from robots where status is null and read_at >= :since",
)
# An outage begins when the first request fails. The check of it has the time at which the request began.
MAX_REQUEST_DURATION = timedelta(minutes=2)
BACK_REASON = "the network of this machine is back"


@dataclass(frozen=True, slots=True)
class StoredOutage:
    """An outage that has not ended yet: since when, and what happens."""

    began_at: datetime
    reason: str


def current_outage(db: Database) -> StoredOutage | None:
    """The outage that has not ended; None if the network is there, as far as anybody knows."""
    row = db.execute(
        "select began_at, reason from outages where ended_at is null order by id desc limit 1"
    ).fetchone()
    began_at = parse_instant(row[0]) if row else None
    return StoredOutage(began_at, row[1]) if began_at else None


def begin_outage(db: Database, outage: StoredOutage) -> None:
    """Record that an outage has begun, unless one is recorded already."""
    with write_transaction(db):
        db.execute(
            "insert into outages (began_at, reason) select ?, ?"
            " where not exists (select 1 from outages where ended_at is null)",
            [to_text(outage.began_at), outage.reason],
        )


def end_outage(db: Database, *, now: datetime, since: datetime) -> None:
    """Record the end of an outage. What failed in it is due now, and no host is left alone for it."""
    values = {
        "now": to_text(now),
        "since": to_text(since - MAX_REQUEST_DURATION),
        "reason": BACK_REASON,
    }
    with write_transaction(db):
        db.execute("update outages set ended_at = :now where ended_at is null", {"now": to_text(now)})  # fmt: skip
        for statement in FORGIVING_STATEMENTS:
            db.execute(statement, values)


def recent_outages(db: Database, since: str) -> list[dict[str, Any]]:
    """The outages that had not ended at a time, the newest first."""
    return list(
        db.query(
            "select began_at, ended_at, reason from outages where coalesce(ended_at, ?) >= ?"
            " order by id desc",
            [since, since],
        )
    )


def watched_hosts(db: Database, *, limit: int) -> list[str]:
    """An address of each host with sources or articles, those first that answered last."""
    rows = db.execute(
        "select url from watches where state = 'active' union all select url from ("
        " select (select url from articles a where a.host = h.host limit 1) as url from hosts h"
        " where articles > 0 order by failures = 0 desc, requested_at desc limit :limit)",
        {"limit": limit},
    ).fetchall()
    return list({hostname(row[0]): row[0] for row in rows if row[0]}.values())[:limit]
