"""What the database needs when the clock was set: every time in it was written by some clock.

All daemons of a machine notice it, and the stored times must follow once. So the database knows how far the
clock was ahead of the uptime when they last did. The first to notice moves all times that this boot has
written. Another moves only what it has written itself since then, by the old clock.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from storage.database import write_transaction
from storage.queue.uptime import Uptime
from storage.timestamps import to_text
from storage.vocabulary import WATCHED

# A clock that is adjusted in small steps needs nothing. Checks are minutes apart.
MIN_CLOCK_JUMP = timedelta(seconds=5)
# What was never checked waits for less than this: for its turn, or because the program was killed at it.
MAX_FIRST_WAIT = timedelta(hours=1)
FUTURE_STATEMENTS = (
    f"update articles set next_check_at = :now, checked_at = :now where {WATCHED} and checked_at > :then",
    f"update articles set next_check_at = :now where {WATCHED} and checked_at is null and next_check_at > :then",
    "update watches set next_check_at = :now, checked_at = :now where checked_at > :then",
    "update watches set next_check_at = :now where checked_at is null and next_check_at > :then",
    # A notification waits for the longest retry at most: that is the slack.
    "update outbox set next_attempt_at = :now where delivered_at is null and next_attempt_at > :then",
)
SHIFTED = "strftime('%Y-%m-%dT%H:%M:%fZ', {column}, :by)"
SHIFT_STATEMENTS = (
    f"update articles set next_check_at = {SHIFTED.format(column='next_check_at')},"
    f" checked_at = min(checked_at, :now) where {WATCHED} and checked_at between :since and :until",
    f"update watches set next_check_at = {SHIFTED.format(column='next_check_at')},"
    " checked_at = min(checked_at, :now) where checked_at between :since and :until",
    f"update hosts set backoff_until = {SHIFTED.format(column='backoff_until')},"
    f" requested_at = {SHIFTED.format(column='requested_at')} where requested_at between :since and :until",
    # Checks keep the time that they had. What failed in an outage must lie after its beginning, however the clock was set.
    f"update outages set began_at = min(began_at, {SHIFTED.format(column='began_at')}) where ended_at is null and began_at between :since and :until",
    f"update articles set next_check_at = {SHIFTED.format(column='next_check_at')}"
    f" where {WATCHED} and checked_at is null and next_check_at between :since and :until_first",
    f"update articles set next_check_at = :now where {WATCHED} and checked_at is null and next_check_at > :first",
    f"update watches set next_check_at = {SHIFTED.format(column='next_check_at')}"
    " where checked_at is null and next_check_at between :since and :until_first",
    "update watches set next_check_at = :now where checked_at is null and next_check_at > :first",
    "update outbox set next_attempt_at = min(next_attempt_at, :now), created_at = min(created_at, :now)"
    " where delivered_at is null and (created_at > :now or (next_attempt_at > :now and created_at between :since and :until))",
)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """The time of day and the uptime of one moment."""

    at: datetime
    uptime: Uptime

    @property
    def offset(self) -> timedelta:
        """How far the time of day is ahead of the uptime: it changes only if somebody sets the clock."""
        return self.at - datetime.fromtimestamp(self.uptime.seconds, UTC)


def clock_jump(before: ClockReading, after: ClockReading) -> timedelta:
    """How far the clock was set between two readings: forward, or back (negative); zero if it was not.

    >>> noon, hour = datetime(2026, 5, 14, 12, tzinfo=UTC), timedelta(hours=1)
    >>> before = ClockReading(noon, Uptime("boot", 0))
    >>> clock_jump(before, ClockReading(noon + hour, Uptime("boot", 3600)))
    datetime.timedelta(0)
    >>> clock_jump(before, ClockReading(noon - hour, Uptime("boot", 0)))
    datetime.timedelta(days=-1, seconds=82800)
    """
    return _if_large(after.offset - before.offset)


def make_due_after_clock_change(db: Database, *, now: datetime, slack: timedelta) -> int:
    """Make due now what was checked, listed or to be sent later than now and the slack; gives how many.

    An earlier process wrote these times, and the clock was set back since. They are as far off as it was
    wrong.
    """
    values = {"now": to_text(now), "then": to_text(now + slack)}
    with write_transaction(db):
        return int(sum(db.execute(statement, values).rowcount for statement in FUTURE_STATEMENTS))


def follow_clock(db: Database, reading: ClockReading, own: ClockReading | None = None) -> int:
    """Move the next times that this boot has written by as much as the clock was set; gives how many.

    What was checked is due as long after its check as before, and nothing becomes due because of the clock.
    `own` is the clock by which the process has written so far, if it has. Each move happens once, however
    many processes notice the clock.
    """
    with write_transaction(db):
        row = db.execute("select boot, offset_seconds, since, followed_uptime from machine_clock").fetchone()  # fmt: skip
        if row is None or row[0] != reading.uptime.boot:
            _store(db, reading, since=to_text(reading.at))
            return 0
        _, offset_seconds, since, followed_uptime = row
        if jump := _if_large(reading.offset - timedelta(seconds=offset_seconds)):
            _store(db, reading, since=min(since, to_text(datetime.fromisoformat(since) + jump)))
            return shift_times(db, now=reading.at, by=jump, since=since)
        if own is None or not clock_jump(own, reading):
            return 0
        since = to_text(datetime.fromtimestamp(followed_uptime, UTC) + own.offset)
        return shift_times(db, now=reading.at, by=clock_jump(own, reading), since=since)


def shift_times(db: Database, *, now: datetime, by: timedelta, since: str) -> int:
    """Move the next times that were written from `since` on, a text by the clock as it was; gives how many."""
    values = {
        "now": to_text(now),
        "since": since,
        "until": to_text(now - by),
        "first": to_text(now + MAX_FIRST_WAIT),
        "until_first": to_text(now - by + MAX_FIRST_WAIT),
        "by": f"{by.total_seconds():+.3f} seconds",
    }
    with write_transaction(db):
        return int(sum(db.execute(statement, values).rowcount for statement in SHIFT_STATEMENTS))


def _store(db: Database, reading: ClockReading, *, since: str) -> None:
    db.execute(
        "insert or replace into machine_clock (id, boot, offset_seconds, since, followed_uptime) values (1, ?, ?, ?, ?)",
        [reading.uptime.boot, reading.offset.total_seconds(), since, reading.uptime.seconds],
    )


def _if_large(jump: timedelta) -> timedelta:
    return jump if abs(jump) >= MIN_CLOCK_JUMP else timedelta(0)
