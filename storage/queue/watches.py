"""The table of sources, and when articles and sources are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage.database import write_transaction
from storage.queue.typed_hosts import remember_typed
from storage.timestamps import to_text

# A source may change the times of this many articles at once and still be believed.
MAX_MOVED_TIMES = 5


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """One check of a source: when it was and will be, the page's validators (ETag, Last-Modified), and
    what it showed in a sentence. `validators` is None if it showed no page, `wait_seconds` is how long the
    source asks to wait, and `waiting` is how many of its new articles the next checks add."""

    at: datetime
    next_check_at: datetime
    validators: tuple[str | None, str | None] | None
    reason: str
    wait_seconds: float | None = None
    has_failed: bool = False
    waiting: int = 0


def watch_source(
    db: Database, url: str, kind: str, *, at: datetime, every: str | None = None
) -> None:
    """Check a feed, sitemap or section page for new articles from now on, by a timetable if one is given."""
    with write_transaction(db):
        remember_typed(db, [url], at=at)
        db.execute(
            "insert into watches (url, kind, added_at, next_check_at, every) values (?, ?, ?, ?, ?)"
            " on conflict (url) do update set kind = excluded.kind, state = 'active',"
            " every = coalesce(excluded.every, every)",
            [url, kind, to_text(at), to_text(at), every],
        )


def set_source_state(db: Database, url: str, state: str) -> bool:
    """Pause or resume a source; False if no source has this URL."""
    with write_transaction(db):
        return _changes(db, "update watches set state = ? where url = ?", [state, url])


def source_address(db: Database, source_id: int) -> str | None:
    """The URL of the source with this id; None if there is none any more."""
    row = db.execute("select url from watches where id = ?", [source_id]).fetchone()
    return str(row[0]) if row else None


def remove_source(db: Database, url: str) -> bool:
    """Stop watching a source; False if no source has this URL."""
    with write_transaction(db):
        return _changes(db, "delete from watches where url = ?", [url])


def store_source_check(db: Database, source_id: int, source_check: SourceCheck) -> None:
    """Write what a check of a source showed; inside a write transaction."""
    db.execute(
        "update watches set checked_at = ?, next_check_at = ?, reason = ?,"
        " wait_seconds = coalesce(?, wait_seconds), failures = iif(?, failures + 1, 0),"
        " waiting = iif(?, waiting, ?) where id = ?",
        [
            to_text(source_check.at),
            to_text(source_check.next_check_at),
            source_check.reason,
            source_check.wait_seconds,
            source_check.has_failed,
            source_check.has_failed,
            source_check.waiting,
            source_id,
        ],
    )
    if source_check.validators is not None:
        db.execute(
            "update watches set fetched_at = ?, etag = ?, last_modified = ? where id = ?",
            [to_text(source_check.at), *source_check.validators, source_id],
        )


def make_updated_due(
    db: Database, source_id: int, timestamps: Sequence[tuple[int, str]], *, at: datetime
) -> None:
    """Make the articles due whose time at a source has changed; inside a write transaction.

    `timestamps` are the articles' ids and the times that the source gives for them now. If most of the
    times change at once the source gives the time of its own build, and nothing becomes due.
    """
    updated: list[tuple[int, str]] = []
    listed_before = 0
    for article_id, timestamp in timestamps:
        previous = _swap_timestamp(db, source_id, article_id, timestamp)
        listed_before += previous is not None
        if previous not in (None, timestamp):
            updated.append((article_id, timestamp))
    if is_build_time(len(updated), listed_before):
        return
    for article_id, timestamp in updated:
        db.execute(
            "update articles set next_check_at = ?, next_check_reason = ?"
            " where id = ? and state <> 'paused' and (next_check_at is null or next_check_at > ?)",
            [
                to_text(at),
                f"its publisher says it was updated: {timestamp}",
                article_id,
                to_text(at),
            ],
        )


def is_build_time(updated: int, listed_before: int) -> bool:
    """Does a source give the time of its own build, if so many of the articles listed before have a new time?

    >>> is_build_time(1, 8), is_build_time(6, 8), is_build_time(2, 2)
    (False, True, True)
    """
    if updated > max(MAX_MOVED_TIMES, listed_before / 2):
        return True
    return listed_before > 1 and updated == listed_before


def postpone(db: Database, article_id: int, *, now: datetime, until: datetime, reason: str) -> None:
    """Check an article later if it is still due."""
    with write_transaction(db):
        db.execute(
            "update articles set next_check_at = ?, next_check_reason = ? where id = ? and next_check_at <= ?",
            [to_text(until), reason, article_id, to_text(now)],
        )


def postpone_source(db: Database, source_id: int, *, until: datetime, reason: str) -> None:
    """Check a source later."""
    with write_transaction(db):
        db.execute(
            "update watches set next_check_at = ?, reason = ? where id = ?",
            [to_text(until), reason, source_id],
        )


def is_due(db: Database, article_id: int, now: datetime) -> bool:
    """Is an article due?"""
    row = db.execute(
        "select 1 from articles where id = ? and next_check_at <= ?", [article_id, to_text(now)]
    ).fetchone()
    return row is not None


def _swap_timestamp(db: Database, source_id: int, article_id: int, timestamp: str) -> str | None:
    """Store the time that a source gives for an article; gives the one before."""
    row = db.execute(
        "select timestamp from mentions where watch_id = ? and article_id = ?",
        [source_id, article_id],
    ).fetchone()
    db.execute(
        "insert or replace into mentions (watch_id, article_id, timestamp) values (?, ?, ?)",
        [source_id, article_id, timestamp],
    )
    return str(row[0]) if row else None


def _changes(db: Database, statement: str, values: Sequence[str]) -> bool:
    return bool(db.execute(statement, values).rowcount)
