"""Times as pages write them become timestamps.

A timestamp is an aware datetime in the page's own offset, or a plain date if the time of day is
unknown. A written midnight means that only the day is known.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Literal, TypeVar

from scraper.article import Timestamp
from scraper.extract.dates.calendars import MONTH_FORM, MONTHS, common_year, in_common_era
from scraper.extract.dates.timezones import named_zone
from scraper.patterns import lazy_pattern

ISO_DATE = lazy_pattern(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:\s*T\s*|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*([+-]\d{2}:?\d{2}|[+-]\d{1,2}(?!\d)|[A-Za-z]{1,4}\b))?)?"
)
COMPACT_DATE = lazy_pattern(
    r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(?:\s*([+-]\d{2}:?\d{2}|Z))?)?$"
)
EPOCH_SECONDS = lazy_pattern(r"(\d{10})(?:\d{3})?(?:\.\d+)?$")

TIME_FORM = (
    r"(?:(?P<half>오전|오후|午前|午後|上午|下午|AM|PM)\s*)?"
    r"(?P<hour>\d{1,2})\s*(?:[:.：h]|시|時|时|点|點|Uhr)\s*(?P<minute>\d{2})(?!\d)"
    r"(?:\s*[:.：분分m']\s*(?P<second>\d{2})(?!\d))?"
    r"(?:\s*[분分초秒])?"
    r"\s*+(?P<noon>[ap]\.?\s?m\.?(?![a-z]))?"
    r"|(?P<hour2>\d{1,2})\s*(?P<noon2>[ap]\.?m\.?)(?![a-z])"
)
ZONE_FORM = (
    r"\s*+\(?(?P<zone>(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d{2})?(?![\d.])|"
    r"\b(?:UTC|GMT|KST|JST|HKT|SGT|EDT|EST|CDT|CST|MDT|MST|PDT|PST|ET|PT|CT|BST|CEST|CET|MESZ|MEZ|"
    r"IST|AEST|AEDT|NZST|NZDT|MSK|SAST|WIB|EET|EEST|EAT|WAT|BRT)\b)?"
)
ZONE_OFFSET = lazy_pattern(r"([+-])(\d{1,2}):?(\d{2})?$")
# What may be between a day and its time of day: "um", "à", "|", "(Tue)", a comma.
BETWEEN_DAY_AND_TIME = (
    r"(?:\s++|[,.|·•/(–—-]|\([^()\d]{1,6}\)|[월화수목금토일]요일|T(?=\d)|г\.|"
    r"\b(?:Pazartesi|Salı|Çarşamba|Perşembe|Cuma|Cumartesi|Pazar)\b|"
    r"\b(?:at|um|à|as|às|a las|alle|ore|kl|klo|o|saat|às|pukul|om|de|das|den|в|о)\b|à|às){0,8}"
)
# Two elements may have the day and the time of day, with nothing between: "28 luglio 202010:43".
YEAR_END = r"(?!\d(?!\d?:\d\d))"
YEAR = r"(?:19|20|25)\d\d"  # a year of the common era, or a Buddhist one
DAY_FORMS = (
    rf"(?P<y1>{YEAR})\s*(?:[-./年]|년)\s*(?P<m1>\d{{1,2}})\s*(?:[-./月]|월)\s*(?P<d1>\d{{1,2}})"
    r"(?!\d(?!\d?:\d\d))\s*[.日일号號]?",
    r"(?<!\d)(?P<d2>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?[\s-]+(?:de\s+|of\s+)?"
    rf"(?P<n2>{MONTH_FORM})\.?,?[\s-]*(?:de\s+|del\s+)?(?P<y2>{YEAR}){YEAR_END}",
    rf"\b(?P<n3>{MONTH_FORM})\b\.?\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[,.]\s*|\s+)"
    rf"(?P<y3>{YEAR}){YEAR_END}",
    r"(?<![\d.])(?P<a4>\d{1,2})\s?(?P<sep4>[./-])\s?(?P<b4>\d{1,2})\s?(?P=sep4)\s?"
    rf"(?P<y4>{YEAR}|\d\d(?!\d|[./-]\d)){YEAR_END}",
    rf"(?<!\d)(?P<y5>{YEAR})[\s-]+(?P<n5>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{{0,6}})\.?"
    r"[\s-]+(?P<d5>\d{1,2})(?!\d)",
    rf"(?<!\d)(?P<y6>{YEAR})\.\s+(?P<n6>{MONTH_FORM})\s+(?P<d6>\d{{1,2}})\.",
)
NAMED_MONTH_FORMS = (2, 3, 5, 6)
DAY_FORM = "|".join(f"(?:{form})" for form in DAY_FORMS)
VISIBLE_DATE = lazy_pattern(
    rf"(?:{DAY_FORM})(?:{BETWEEN_DAY_AND_TIME}(?:{TIME_FORM}){ZONE_FORM})?", re.I
)
TIME_BEFORE_DAY = lazy_pattern(
    rf"(?:{TIME_FORM})(?:\s*Uhr)?{ZONE_FORM}\)?(?:[\s,|·•–—-]|\bon\b|\b[A-Za-z]{{3,9}}day\b|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b)*$",
    re.I,
)
MAX_TIME_BEFORE_DAY = 40

# A later day of the same line, without its year: "（最終更新 4月18日 20時02分）".
YEARLESS_DAY = lazy_pattern(r"(?<![\d년年])(?<![년年]\s)(\d{1,2}\s?[월月]\s?\d{1,2}\s?[일日])")
YEAR_IN_LINE = lazy_pattern(r"((?:19|20)\d\d)\s?[-./년年]")
# Digits that no pattern names: full-width, Arabic, Persian, Hindi, Bengali and Thai ones.
OTHER_DIGIT = lazy_pattern(r"(?![0-9])\d|：")
FIRST_DIGITS = "\uff10\u0660\u06f0\u0966\u09e6\u0e50"
ASCII_DIGITS = {ord(zero) + digit: str(digit) for zero in FIRST_DIGITS for digit in range(10)} | {
    ord("："): ":"
}
# "Mon Aug 03 12:45:00 EDT 2015", as Java prints a time.
JAVA_TIME = lazy_pattern(r"([A-Z][a-z]{2} [ \d]\d) (\d\d:\d\d:\d\d) ([A-Z]{1,5}) (\d{4})$")

FIRST_PAGE_YEAR = 1990

# What comes first in a date of digits that does not begin with a year of four digits.
# Americans write 03/04/2024 and 03.04.2024; on a page of no known language, dots are a European's.
DayOrder = Literal["day", "month", "month-slash", "year"]

S = TypeVar("S", date, datetime)


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A timestamp in running text, its position, and whether it names its time zone.

    `wall_time` is the date and time without a zone, None if the text has only a day.
    """

    timestamp: Timestamp
    start: int
    end: int
    has_zone: bool
    wall_time: datetime | None


def parse_date(text: str, *, zone: tzinfo | None, first: DayOrder = "day") -> Timestamp | None:
    """The timestamp in the value of a tag; None if there is none.

    `zone` is the time zone of a time that names none, UTC if None. `first` says what 03/04/05 begins
    with.

    >>> parse_date("2024-03-01T09:30:00+09:00", zone=None)
    datetime.datetime(2024, 3, 1, 9, 30, tzinfo=datetime.timezone(datetime.timedelta(seconds=32400)))
    >>> parse_date("1 March 2024", zone=None)
    datetime.date(2024, 3, 1)
    """
    text = JAVA_TIME.sub(r"\1 \4 \2 \3", plain_dates(text.strip()))
    for form in (ISO_DATE, COMPACT_DATE):
        if match := form.match(text):
            return _from_groups(match, zone)
    if match := EPOCH_SECONDS.match(text):
        return _plausible(datetime.fromtimestamp(int(match[1]), UTC))
    date_match = next(find_dates(text[:200], zone=zone, first=first), None)
    return date_match.timestamp if date_match else None


def find_dates(text: str, *, zone: tzinfo | None, first: DayOrder = "day") -> Iterator[DateMatch]:
    """The dates in running text, in order."""
    for match in VISIBLE_DATE.finditer(text):
        day = _day_of_match(match, first)
        if day is None:
            continue
        time_match: re.Match[str] | None = match
        if not (match["hour"] or match["hour2"]):
            time_match = TIME_BEFORE_DAY.search(
                text[max(0, match.start() - MAX_TIME_BEFORE_DAY) : match.start()]
            )
        wall_time = _wall_time_on(day, time_match) if time_match else None
        own_zone = _parse_zone(time_match["zone"]) if time_match and time_match["zone"] else None
        timestamp: Timestamp | None = (
            _with_offset(wall_time, own_zone or zone) if wall_time else day
        )
        if timestamp is not None:
            yield DateMatch(timestamp, match.start(), match.end(), own_zone is not None, wall_time)


def plain_dates(text: str) -> str:
    """The text with digits in ASCII, years of the common era, and a year in every day of the line.

    >>> plain_dates("公開 ２０２４年３月１日（更新 ３月２日）")
    '公開 2024年3月1日（更新 2024年3月2日）'
    """
    if text.isascii():
        return text
    if OTHER_DIGIT.search(text):
        text = text.translate(ASCII_DIGITS)
    return with_years(in_common_era(text))


def with_years(line: str) -> str:
    """The line with the year of its first day added to days without one.

    >>> with_years("2025年4月18日 17時30分（最終更新 4月18日 20時02分）")
    '2025年4月18日 17時30分（最終更新 2025年4月18日 20時02分）'
    """
    if line.isascii():
        return line
    year = YEAR_IN_LINE.search(line)
    if year is None:
        return line
    return YEARLESS_DAY.sub(rf"{year[1]}年\1", line)


def day_of(timestamp: Timestamp) -> date:
    """The day of a timestamp, in the offset of its page."""
    return timestamp.date() if isinstance(timestamp, datetime) else timestamp


def _from_groups(match: re.Match[str], zone: tzinfo | None) -> Timestamp | None:
    year, month, day, hour, minute, second, offset = match.groups()
    try:
        if not hour:
            return _plausible(date(common_year(int(year)), int(month), int(day)))
        wall_time = datetime(  # noqa: DTZ001 -- its zone comes next
            common_year(int(year)),
            int(month),
            int(day),
            int(hour),
            int(minute),
            min(int(second or 0), 59),
        )
    except ValueError:
        return None
    if not (wall_time.hour or wall_time.minute or wall_time.second):
        return _plausible(wall_time.date())
    return _with_offset(wall_time, (_parse_zone(offset) if offset else None) or zone)


def _day_of_match(match: re.Match[str], first: DayOrder) -> date | None:
    groups = match.groupdict()
    if groups["y1"]:
        numbers = groups["y1"], groups["m1"], groups["d1"]
    elif groups["y4"]:
        numbers = _numbers_of_digits(groups, first)
    else:
        form = next(form for form in NAMED_MONTH_FORMS if groups[f"y{form}"])
        month = MONTHS.get(groups[f"n{form}"].lower())
        if month is None:
            return None
        numbers = groups[f"y{form}"], str(month), groups[f"d{form}"]
    try:
        day = date(common_year(int(numbers[0])), int(numbers[1]), int(numbers[2]))
    except ValueError:
        return None
    return day if _plausible(day) else None


def _numbers_of_digits(groups: dict[str, str], first: DayOrder) -> tuple[str, str, str]:
    """Year, month and day of a date such as 3.4.2024, 03/04/24 or, in Korea, 24.04.03."""
    day, month, year = groups["a4"], groups["b4"], groups["y4"]
    if first == "year" and len(day) == len(year) == 2:
        return f"20{day}", month, year
    is_month_first = first == "month" or (first == "month-slash" and groups["sep4"] != ".")
    if int(month) > 12 or (is_month_first and int(day) <= 12):
        day, month = month, day
    return year if len(year) == 4 else f"20{year}", month, day


def _wall_time_on(day: date, time_match: re.Match[str]) -> datetime | None:
    """The time of day that a pattern found, on a day; None for midnight and for no time."""
    half = (time_match["half"] or time_match["noon"] or time_match["noon2"] or "").lower()
    hour = _hour_of_day(int(time_match["hour"] or time_match["hour2"] or 99), half)
    minute, second = int(time_match["minute"] or 0), int(time_match["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    if not (hour or minute or second):
        return None
    return datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 -- wall clock


def _hour_of_day(hour: int, half: str) -> int:
    """The hour on a clock of 24 hours; `half` names the half of the day, "" if nothing does."""
    if half.startswith(("p", "오후", "午後", "下午")) and hour < 12:
        return hour + 12
    if half.startswith(("a", "오전", "午前", "上午")) and hour == 12:
        return 0
    return hour


def _parse_zone(name: str) -> tzinfo | None:
    name = name.strip()
    if own_zone := named_zone(name):
        return own_zone
    match = ZONE_OFFSET.search(name)
    if not match:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset > timedelta(hours=14):
        return None
    return timezone(-offset if match[1] == "-" else offset)


def _with_offset(wall_time: datetime, zone: tzinfo | None) -> datetime | None:
    """The instant in the offset of the page, so that the day stays the one that a reader sees."""
    try:
        offset = wall_time.replace(tzinfo=zone or UTC).utcoffset()
        aware = wall_time.replace(tzinfo=timezone(offset or timedelta(0)))
        aware.astimezone(UTC)
    except OverflowError:
        return None
    return _plausible(aware)


def _plausible(timestamp: S) -> S | None:
    return timestamp if timestamp.year >= FIRST_PAGE_YEAR and timestamp.year <= 2100 else None
