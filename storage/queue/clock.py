"""What the database needs when the clock was set: every time in it was written by some clock."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from storage.database import write_transaction
from storage.timestamps import to_text
from storage.vocabulary import WATCHED

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
    " requested_at = min(requested_at, :now) where backoff_until is not null and requested_at between :since and :until",
    f"update articles set next_check_at = :now where {WATCHED} and checked_at is null and next_check_at > :now",
    "update watches set next_check_at = :now where checked_at is null and next_check_at > :now",
    "update outbox set next_attempt_at = min(next_attempt_at, :now), created_at = min(created_at, :now)"
    " where delivered_at is null and (created_at > :now or (next_attempt_at > :now and created_at between :since and :until))",
)


def make_due_after_clock_change(db: Database, *, now: datetime, slack: timedelta) -> int:
    """Make due now what was checked, listed or to be sent later than now and the slack; gives how many.

    An earlier process wrote these times, and the clock was set back since. They are as far off as it was
    wrong.
    """
    values = {"now": to_text(now), "then": to_text(now + slack)}
    with write_transaction(db):
        return int(sum(db.execute(statement, values).rowcount for statement in FUTURE_STATEMENTS))


def shift_after_clock_change(db: Database, *, now: datetime, by: timedelta, since: datetime) -> int:
    """Move the next times that this process wrote by as much as the clock was set; gives how many.

    `since` is when the process began, by the clock as it was. What it has checked is due as long after its
    check as before, and nothing becomes due because of the clock.
    """
    values = {
        "now": to_text(now),
        "since": to_text(since),
        "until": to_text(now - by),
        "by": f"{by.total_seconds():+.3f} seconds",
    }
    with write_transaction(db):
        return int(sum(db.execute(statement, values).rowcount for statement in SHIFT_STATEMENTS))
