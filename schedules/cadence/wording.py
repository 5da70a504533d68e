"""Times, durations and counts as people read them in reasons and listings."""

from datetime import UTC, datetime, timedelta

# Below this many seconds a duration is given in this unit: the seconds in it, and its name.
DURATION_UNITS = ((120, 1, "s"), (2 * 3600, 60, "min"), (2 * 86400, 3600, "h"))
# A smaller share is not worth a figure.
MIN_WRITTEN_SHARE = 0.01


def clock_text(at: datetime, now: datetime) -> str:
    """A time in UTC: the hour alone if it is today, else with the day, and the year if it differs.

    >>> noon = datetime(2026, 5, 14, 12, tzinfo=UTC)
    >>> clock_text(noon + timedelta(hours=3), noon), clock_text(noon + timedelta(days=3), noon)
    ('15:00', '17 May 12:00')
    """
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    if at.date() == now.date():
        return f"{at:%H:%M}"
    return f"{at.day} {at:%b %H:%M}" if at.year == now.year else f"{at.day} {at:%b %Y %H:%M}"


def duration_text(duration: timedelta) -> str:
    """A duration in the largest unit that keeps two digits, if there is one.

    >>> duration_text(timedelta(minutes=90)), duration_text(timedelta(days=3, hours=2)), duration_text(timedelta(seconds=5))
    ('90 min', '3 d', '5 s')
    """
    seconds = duration.total_seconds()
    for limit, size, unit in DURATION_UNITS:
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86400:.0f} d"


def share_text(share: float) -> str:
    """A share of 1 in per cent.

    >>> share_text(0.25), share_text(0.004)
    ('25 %', 'under 1 %')
    """
    return f"{share:.0%}".replace("%", " %") if share >= MIN_WRITTEN_SHARE else "under 1 %"


def times_text(count: int) -> str:
    """How often something happened.

    >>> times_text(1), times_text(2), times_text(5)
    ('once', 'twice', '5 times')
    """
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
