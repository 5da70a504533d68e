"""Times in headers, which servers write as they like."""

from datetime import datetime
from email.utils import parsedate_to_datetime


def header_date(text: str | None) -> datetime | None:
    """The time in a header; None if it is no date. It has no time zone if the header names none.

    >>> header_date("Thu, 14 May 2026 12:15:00 GMT")
    datetime.datetime(2026, 5, 14, 12, 15, tzinfo=datetime.timezone.utc)
    >>> header_date("Thu, 14 May 99999999999999999999 12:15:00 GMT") is None
    True
    """
    try:
        return parsedate_to_datetime(text or "")
    except (TypeError, ValueError, OverflowError):
        return None
