"""A timetable that the user gives one article or source: an interval or a cron line."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from schedules.cadence.plan import NextCheck
from schedules.cadence.wording import clock_text, duration_text
from scraper.patterns import lazy_pattern

if TYPE_CHECKING:
    from apscheduler.triggers.base import BaseTrigger

UNIT_SECONDS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400}
INTERVAL = lazy_pattern(r"(\d{1,6}) ?(s|min|m|h|d)")
WEEKDAY_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
SUNDAY = 7
WEEKDAY_RANGE = lazy_pattern(r"(?:(\d)(?:-(\d))?|\*)(?:/(\d))?")
EVERY = "*"
MIN_TIMETABLE_INTERVAL = timedelta(seconds=10)
CRON_FIELDS = 5
# The wait for a day that never comes, such as 30 February: a stored timetable may be older than that check.
NEVER_DUE_INTERVAL = timedelta(days=365)
SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)


class TimetableError(ValueError):
    """A timetable cannot be read: the message says what was written and what is valid."""


def interval(text: str) -> timedelta:
    """The interval that a person has written. Raises TimetableError if it is invalid or too short.

    >>> interval("10m"), interval("1 h")
    (datetime.timedelta(seconds=600), datetime.timedelta(seconds=3600))
    """
    match = INTERVAL.fullmatch(text.strip())
    if not match:
        raise TimetableError(
            f"{text!r} is not an interval; write a number and a unit: 30s, 10m, 2h, 1d"
        )
    length = timedelta(seconds=int(match[1]) * UNIT_SECONDS[match[2]])
    if length < MIN_TIMETABLE_INTERVAL:
        raise TimetableError(
            f"{text!r} is shorter than {duration_text(MIN_TIMETABLE_INTERVAL)}; write a longer interval"
        )
    return length


def valid_interval(text: str) -> str:
    """The interval in its stored form. Raises TimetableError if it is invalid or too short."""
    interval(text)
    return text.strip()


def valid_cron(text: str) -> str:
    """The cron line (five fields, UTC) in its stored form. Raises TimetableError if it is invalid.

    >>> valid_cron("*/10 6-22 * * *")
    '*/10 6-22 * * *'
    """
    if _cron_trigger(text).get_next_fire_time(None, SOME_DAY) is None:
        raise TimetableError(
            f"{text!r} is not a cron line (its day never comes); write five fields in UTC, such as */10 6-22 * * *"
        )
    return text.strip()


def by_timetable(text: str, *, now: datetime) -> NextCheck:
    """The next check by a stored timetable. Raises TimetableError if the text is not one.

    >>> by_timetable("0 * * * *", now=datetime(2026, 5, 14, 12, 20, tzinfo=UTC)).reason
    'timetable 0 * * * *; next check 13:00'
    """
    if len(text.split()) == CRON_FIELDS:
        later = now + timedelta(microseconds=1)
        at = _cron_trigger(text).get_next_fire_time(None, later) or now + NEVER_DUE_INTERVAL
    else:
        at = now + interval(text)
    return NextCheck(at, f"timetable {text}; next check {clock_text(at, now)}")


def _cron_trigger(text: str) -> "BaseTrigger":
    """The times of a cron line. If it names days of the month and of the week, either is enough, as in crontab(5)."""
    from apscheduler.triggers.combining import OrTrigger  # few timetables are cron lines
    from apscheduler.triggers.cron import CronTrigger

    try:
        minute, hour, day, month, weekdays = text.split()
        weekday = _named_weekdays(weekdays)
        choices = [(day, weekday)]
        if not day.startswith(EVERY) and not weekdays.startswith(EVERY):
            choices = [(day, EVERY), (EVERY, weekday)]
        lines = (f"{minute} {hour} {day} {month} {weekday}" for day, weekday in choices)
        return OrTrigger([CronTrigger.from_crontab(line, timezone=UTC) for line in lines])
    except ValueError as error:
        raise TimetableError(
            f"{text!r} is not a cron line ({error}); write five fields in UTC, such as */10 6-22 * * *"
        ) from error


def _named_weekdays(weekdays: str) -> str:
    """The weekdays of a cron line by name. Cron counts from Sunday (0 or 7), APScheduler from Monday.

    >>> _named_weekdays("1-5"), _named_weekdays("0,6"), _named_weekdays("*/3")
    ('mon,tue,wed,thu,fri', 'sun,sat', 'sun,wed,sat')
    """
    if weekdays == EVERY:
        return EVERY
    days = []
    for part in weekdays.split(","):
        match = WEEKDAY_RANGE.fullmatch(part)
        if match is None:
            days.append(part)
            continue
        first, last = match[1] or 0, match[2] or match[1] or SUNDAY - 1
        first, last, step = int(first), int(last), int(match[3] or 1)
        if first > last or last > SUNDAY or not step:
            raise ValueError(f"{part!r} are not weekdays")
        days += [WEEKDAY_NAMES[day % SUNDAY] for day in range(first, last + 1, step)]
    return ",".join(days)
