"""The stored threshold and decay, and the checks and edits that they are adjusted to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from storage.database import write_transaction
from storage.timestamps import to_text

DAY_SECONDS = 86_400.0
# An interval shorter than this counts as this long.
MIN_INTERVAL_SECONDS = 60.0
# Ages are counted by the hour up to this many hours, then by the day.
HOURLY_AGES_UP_TO = 48
# A version has fewer edits than this, on average.
MAX_EDITS_PER_CHECK = 20


@dataclass(frozen=True, slots=True)
class StoredCheckRate:
    """The row of `check_rate`: the threshold and the decay (scale, tau in hours, q)."""

    threshold: float
    scale: float
    tau: float
    q: float
    adjusted_at: str
    fitted_at: str


def stored_check_rate(db: Database) -> StoredCheckRate | None:
    """The stored check rate; None before its first update."""
    row = db.execute(
        "select threshold, scale, tau, q, adjusted_at, fitted_at from check_rate"
    ).fetchone()
    return StoredCheckRate(*row) if row else None


def store_check_rate(db: Database, check_rate: StoredCheckRate) -> None:
    """Write the check rate in a transaction of its own."""
    with write_transaction(db):
        db.execute(
            "insert or replace into check_rate (id, threshold, scale, tau, q, adjusted_at, fitted_at)"
            " values (1, ?, ?, ?, ?, ?, ?)",
            [
                check_rate.threshold,
                check_rate.scale,
                check_rate.tau,
                check_rate.q,
                check_rate.adjusted_at,
                check_rate.fitted_at,
            ],
        )


def planned_checks_per_day(db: Database) -> float:
    """The checks per day to which the intervals of all watched articles add up, without those that have
    a timetable."""
    row = db.execute(
        "select sum(:day / max((julianday(next_check_at) - julianday(checked_at)) * :day, :shortest))"
        " from articles where state in ('active', 'finished') and every is null"
        " and next_check_at > checked_at",
        {"day": DAY_SECONDS, "shortest": MIN_INTERVAL_SECONDS},
    ).fetchone()
    return float(row[0] or 0.0)


def article_ages(
    db: Database, now: datetime, *, max_age: timedelta
) -> Iterator[tuple[timedelta, int]]:
    """The ages of the watched articles younger than `max_age`, each with the number of articles."""
    rows = db.execute(
        "with aged as (select (julianday(:now) - julianday(coalesce(born_at, first_seen_at))) * 24 as age"
        " from articles where coalesce(born_at, first_seen_at) >= :oldest"
        " and state in ('active', 'finished') and every is null)"
        " select iif(age < :fine, cast(age as integer) + 0.5, cast(age / 24 as integer) * 24 + 12) as middle,"
        " count(*) from aged where age >= 0 group by middle",
        {"now": to_text(now), "oldest": to_text(now - max_age), "fine": HOURLY_AGES_UP_TO},
    )
    for hours, count in rows:
        yield timedelta(hours=hours), count


def edit_age_intervals(db: Database, *, limit: int) -> list[tuple[float, float]]:
    """The newest edits (one per version), each as the two ages in hours between which it came."""
    rows = db.execute(
        "select (julianday(e.seen_after) - julianday(a.born_at)) * 24, (julianday(e.seen_at)"
        " - julianday(a.born_at)) * 24 from edits e join articles a on a.id = e.article_id"
        " where e.id in (select min(id) from (select id, article_id, to_version from edits order by id desc"
        "  limit :among) group by article_id, to_version order by min(id) desc limit :limit)"
        " and a.born_at is not null",
        {"limit": limit, "among": limit * MAX_EDITS_PER_CHECK},
    ).fetchall()
    return [(max(start, 0.0), end) for start, end in rows if end > max(start, 0.0)]


def watched_spans(db: Database, *, since: str) -> list[tuple[float, float, int]]:
    """The ages at which articles were watched: (first age, last age, how many articles), in hours.

    Of articles that were checked since then.
    """
    rows = db.execute(
        "select max(0, round((julianday(first_seen_at) - julianday(born_at)) * 24, 1)) as first,"
        " round((julianday(checked_at) - julianday(born_at)) * 24) as last, count(*) from articles"
        " where born_at is not null and checked_at >= ? group by first, last",
        [since],
    )
    return [(first, last, count) for first, last, count in rows if last > first]
