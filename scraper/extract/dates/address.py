"""The day in the address of a page."""

import re
from datetime import date
from urllib.parse import urlsplit

from scraper.extract.dates.calendars import MONTHS
from scraper.patterns import lazy_pattern

YEAR_FIRST = lazy_pattern(
    r"(?<!\d)((?:19|20)\d\d)([/_-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)"
)
MONTH_NAMED = lazy_pattern(r"(?<!\d)((?:19|20)\d\d)([/_-])([a-z]{3,10})\2([0-3]?\d)(?!\d)")
DAY_FIRST = lazy_pattern(r"(?<!\d)([0-3]\d)([/_-])([01]\d)\2((?:19|20)\d\d)(?!\d)")


def url_day(url: str) -> date | None:
    """The day in an address such as /2024/05/03/, /20240503/, /2024/may/3/ or /alert-03-05-2024.html.

    >>> url_day("https://example.org/2024/05/03/bridge")
    datetime.date(2024, 5, 3)
    """
    try:
        path = urlsplit(url).path.lower()
        if match := YEAR_FIRST.search(path):
            return _day(match, 1, 3, 4)
        if match := MONTH_NAMED.search(path):
            return (
                date(int(match[1]), MONTHS[match[3]], int(match[4])) if match[3] in MONTHS else None
            )
        match = DAY_FIRST.search(path)
        # The Americans' order would be as good a guess for the first twelve days of a month.
        return _day(match, 4, 3, 1) if match and int(match[1]) > 12 else None
    except ValueError:
        return None


def _day(match: re.Match[str], year: int, month: int, day: int) -> date:
    return date(int(match[year]), int(match[month]), int(match[day]))
