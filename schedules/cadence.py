"""When to look again: a pure function of what is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Edits thin out with age: a quarter of the time since the last change is the interval
# (diffengine's rule; on real edit times it catches more at the same price than fixed ladders).
SHARE_OF_AGE = 0.25
FLOOR = timedelta(minutes=5)
CEILING = timedelta(days=7)
# A look that saw no article is repeated after this, then after twice as long each time.
RETRY = timedelta(minutes=10)
RETRY_CEILING = timedelta(days=1)
GONE_INTERVAL = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NextCheck:
    """When to look next and, in a sentence, why then."""

    at: datetime
    reason: str


def next_check(
    *,
    now: datetime,
    born_at: datetime,
    changed_at: datetime | None = None,
    failures: int = 0,
    gone: bool = False,
    floor: timedelta = FLOOR,
    ceiling: timedelta = CEILING,
) -> NextCheck:
    """The next look at an article published (or first seen) at `born_at`.

    `changed_at` is its last seen edit, `failures` the looks in a row that saw no article.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 14, 12, tzinfo=UTC)
    >>> next_check(now=noon, born_at=noon - timedelta(hours=2)).reason
    '2 h old, no edit seen: next look in 30 min'
    """
    if gone:
        return NextCheck(now + GONE_INTERVAL, f"gone; looked at again in {span(GONE_INTERVAL)}")
    if failures:
        wait = min(RETRY * 2 ** min(failures - 1, 10), RETRY_CEILING)
        looks = "look" if failures == 1 else "looks"
        return NextCheck(
            now + wait, f"{failures} {looks} without an article: next try in {span(wait)}"
        )
    age = max(now - born_at, timedelta(0))
    quiet = max(now - max(born_at, changed_at or born_at), timedelta(0))
    wait = min(max(quiet * SHARE_OF_AGE, floor), ceiling)
    seen = f"last edit {span(quiet)} ago" if changed_at else "no edit seen"
    return NextCheck(now + wait, f"{span(age)} old, {seen}: next look in {span(wait)}")


def span(duration: timedelta) -> str:
    """A duration in its largest sensible unit.

    >>> span(timedelta(minutes=90)), span(timedelta(days=3, hours=2)), span(timedelta(seconds=5))
    ('90 min', '3 d', '5 s')
    """
    seconds = duration.total_seconds()
    for limit, size, unit in ((120, 1, "s"), (2 * 3600, 60, "min"), (2 * 86400, 3600, "h")):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86400:.0f} d"
