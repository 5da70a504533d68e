"""Times as the database stores them: ISO 8601 UTC text with `Z`, or a plain day."""

from datetime import UTC, date, datetime

from scraper.article import Timestamp


def publisher_text(timestamp: Timestamp | str | None) -> str | None:
    """A publisher's time as text, to the second; a naive datetime counts as UTC, text passes through.

    >>> publisher_text(datetime(2026, 5, 14, 23, 24, tzinfo=UTC)), publisher_text(date(2026, 5, 14)), publisher_text(None)
    ('2026-05-14T23:24:00Z', '2026-05-14', None)
    """
    if timestamp is None or isinstance(timestamp, str):
        return timestamp
    if not isinstance(timestamp, datetime):
        return timestamp.isoformat()
    aware = timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=UTC)
    text = aware.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return text + "Z"


def to_text(now: datetime) -> str:
    """A time of our own clock as text, to the millisecond: two checks in one second keep their order."""
    return now.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_timestamp(text: str | None) -> Timestamp | None:
    """The time of a text from `publisher_text` or `to_text`; raises ValueError if it is another text.

    >>> parse_timestamp("2026-05-14T23:24:00Z")
    datetime.datetime(2026, 5, 14, 23, 24, tzinfo=datetime.timezone.utc)
    """
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def parse_instant(text: str | None) -> datetime | None:
    """The time of a text from `to_text`; None for a plain day as well."""
    timestamp = parse_timestamp(text)
    return timestamp if isinstance(timestamp, datetime) else None


def seconds_between(one: Timestamp | str, other: Timestamp | str) -> float:
    """The distance between two times in seconds; a plain day is 0 s from every time of that day."""
    left, right = (parse_timestamp(publisher_text(timestamp)) for timestamp in (one, other))
    if isinstance(left, datetime) and isinstance(right, datetime):
        return abs((left - right).total_seconds())
    days = [
        timestamp.date() if isinstance(timestamp, datetime) else timestamp
        for timestamp in (left, right)
    ]
    assert days[0] is not None
    assert days[1] is not None
    return abs((days[0] - days[1]).total_seconds())
