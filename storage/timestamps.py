"""Times as the database holds them: ISO 8601 UTC text with `Z`, or a plain day."""

from datetime import UTC, date, datetime

from scraper.article import Stamp


def iso(stamp: Stamp | str | None) -> str | None:
    """The text of a time; a naive datetime is taken as UTC, text stays as it is.

    >>> iso(datetime(2026, 5, 14, 23, 24, tzinfo=UTC)), iso(date(2026, 5, 14)), iso(None)
    ('2026-05-14T23:24:00Z', '2026-05-14', None)
    """
    if stamp is None or isinstance(stamp, str):
        return stamp
    if not isinstance(stamp, datetime):
        return stamp.isoformat()
    aware = stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    text = aware.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return text + "Z"


def moment(now: datetime) -> str:
    """A clock reading as text, to the millisecond, so that two looks in one second keep their order."""
    return now.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parsed(text: str | None) -> Stamp | None:
    """The time that `iso` or `moment` wrote.

    >>> parsed("2026-05-14T23:24:00Z")
    datetime.datetime(2026, 5, 14, 23, 24, tzinfo=datetime.timezone.utc)
    """
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def moment_of(text: str | None) -> datetime | None:
    """The time of day that `moment` wrote; None for a plain day, too."""
    stamp = parsed(text)
    return stamp if isinstance(stamp, datetime) else None


def seconds_between(one: Stamp | str, other: Stamp | str) -> float:
    """How far two times are apart, in seconds; a plain day equals every time within it."""
    left, right = (parsed(iso(stamp)) for stamp in (one, other))
    if isinstance(left, datetime) and isinstance(right, datetime):
        return abs((left - right).total_seconds())
    days = [stamp.date() if isinstance(stamp, datetime) else stamp for stamp in (left, right)]
    assert days[0] is not None
    assert days[1] is not None
    return abs((days[0] - days[1]).total_seconds())
