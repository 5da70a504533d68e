"""Times as pages write them become stamps.

A stamp is an aware datetime, in the page's own offset, where the time of day is known
and a plain date where it is not. Midnight as written means that only the day is known.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TypeVar

from scraper.article import Stamp
from scraper.extract.dates.timezones import named_zone
from scraper.patterns import pattern

MONTH_NAMES = (
    "january jan januar janvier janv enero ene janeiro gennaio gen januari jänner styczeń stycznia "
    "ocak tammikuu tammikuuta leden ledna січня января sty",
    "february feb februar février févr fév febrero fevereiro fev febbraio februari feber luty "
    "lutego şubat helmikuu helmikuuta únor února лютого февраля lut fevrier",
    "march mar märz maerz mrz mär mars marzo março maart marts marzec marca mart maaliskuu "
    "maaliskuuta březen března березня марта maret mrt marco",
    "april apr avril avr abril abr aprile kwiecień kwietnia nisan huhtikuu huhtikuuta duben dubna "
    "квітня апреля kwi",
    "may mai mayo maio maggio mag mei maj maja mayıs toukokuu toukokuuta květen května травня мая",
    "june jun juni juin junio junho giugno giu czerwiec czerwca haziran kesäkuu kesäkuuta červen "
    "června червня июня cze jn",
    "july jul juli juillet juil julio julho luglio lug lipiec lipca temmuz heinäkuu heinäkuuta "
    "červenec července липня июля lip",
    "august aug août aout agosto ago augustus sierpień sierpnia ağustos elokuu elokuuta srpen "
    "srpna серпня августа agustus sie ago ag",
    "september sep sept septembre septiembre setembro set settembre wrzesień września eylül "
    "syyskuu syyskuuta září вересня сентября wrz",
    "october oct oktober okt octobre octubre outubro out ottobre ott październik października "
    "ekim lokakuu lokakuuta říjen října жовтня октября paź",
    "november nov novembre noviembre novembro listopad listopada kasım marraskuu marraskuuta "
    "листопада ноября lis",
    "december dec dezember dez décembre déc diciembre dic dezembro dicembre desember des grudzień "
    "grudnia aralık joulukuu joulukuuta prosinec prosince грудня декабря desember decembre gru",
)
MONTHS = {name: number for number, line in enumerate(MONTH_NAMES, 1) for name in line.split()}
MONTH = r"[^\W\d_]{3,13}"  # any word: the dictionary decides, which is faster than 200 branches

ISO = pattern(
    r"\s*(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:\s*T\s*|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*([+-]\d{2}:?\d{2}|[+-]\d{1,2}(?!\d)|[A-Za-z]{1,4}\b))?)?"
)
COMPACT = pattern(
    r"\s*(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?\s*([+-]\d{2}:?\d{2}|Z)?)?\s*$"
)
EPOCH = pattern(r"\s*(\d{10})(?:\d{3})?(?:\.\d+)?\s*$")

CLOCK = (
    r"(?P<half>오전|오후|午前|午後|上午|下午|AM|PM)?\s*"
    r"(?P<hour>\d{1,2})\s*(?:[:.：h]|시|時|时|点|點|Uhr)\s*(?P<minute>\d{2})(?!\d)"
    r"(?:\s*[:.：분分m']\s*(?P<second>\d{2})(?!\d))?"
    r"(?:\s*[분分초秒])?"
    r"\s*(?P<noon>[ap]\.?\s?m\.?(?![a-z]))?"
    r"|(?P<hour2>\d{1,2})\s*(?P<noon2>[ap]\.?m\.?)(?![a-z])"
)
ZONE = (
    r"\s*\(?(?P<zone>(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d{2})?(?![\d.])|"
    r"\b(?:UTC|GMT|KST|JST|HKT|SGT|EDT|EST|CDT|CST|MDT|MST|PDT|PST|ET|PT|CT|BST|CEST|CET|MESZ|MEZ|"
    r"IST|AEST|AEDT|NZST|NZDT|MSK|SAST|WIB|EET|EEST|EAT|WAT|BRT)\b)?"
)
# What may stand between a day and its time of day: "um", "à", "|", "(Tue)", a comma.
BETWEEN = (
    r"(?:\s|[,.|·•/(–—-]|\([^()\d]{1,6}\)|[월화수목금토일]요일|"
    r"\b(?:at|um|à|as|às|a las|alle|ore|kl|klo|o|saat|às|pukul|om|de|das|den|в|о)\b|à|às){0,8}"
)
DAY_FORMS = (
    r"(?P<y1>(?:19|20)\d\d)\s*(?:[-./年]|년)\s*(?P<m1>\d{1,2})\s*(?:[-./月]|월)\s*(?P<d1>\d{1,2})"
    r"(?!\d)\s*[.日일号號]?",
    r"(?<!\d)(?P<d2>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?[\s-]+(?:de\s+|of\s+)?"
    rf"(?P<n2>{MONTH})\.?,?[\s-]*(?:de\s+|del\s+)?(?P<y2>(?:19|20)\d\d)(?!\d)",
    rf"\b(?P<n3>{MONTH})\b\.?\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,|\.)?\s*"
    r"(?P<y3>(?:19|20)\d\d)(?!\d)",
    r"(?<![\d.])(?P<a4>\d{1,2})\s?(?P<sep4>[./-])\s?(?P<b4>\d{1,2})\s?(?P=sep4)\s?"
    r"(?P<y4>(?:19|20)\d\d|\d\d(?!\d|[./-]\d))(?!\d)",
)
DAY = "|".join(f"(?:{form})" for form in DAY_FORMS)
VISIBLE = pattern(rf"(?:{DAY})(?:{BETWEEN}(?:{CLOCK}){ZONE})?", re.I)
CLOCK_FIRST = pattern(
    rf"(?:{CLOCK})(?:\s*Uhr)?{ZONE}\)?(?:[\s,|·•–—-]|\bon\b|\b[A-Za-z]{{3,9}}day\b|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b)*$",
    re.I,
)
CLOCK_FIRST_CHARS = 40

# A later day of the same line, without its year: "（最終更新 4月18日 20時02分）".
YEARLESS = pattern(r"(?<![\d년年])(?<![년年]\s)(\d{1,2}\s?[월月]\s?\d{1,2}\s?[일日])")
YEAR = pattern(r"((?:19|20)\d\d)\s?[-./년年]")
FULL_WIDTH = pattern("[０-９：]")
NARROW = str.maketrans("０１２３４５６７８９：", "0123456789:")

FIRST_YEAR = 1990

S = TypeVar("S", date, datetime)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A stamp read in running text, with where it stood and whether it named its zone."""

    stamp: Stamp
    start: int
    end: int
    zoned: bool
    wall: datetime | None


def parse_stamp(text: str, *, zone: tzinfo | None, month_first: bool = False) -> Stamp | None:
    """The stamp a machine or a person wrote in a tag's value; None where there is none.

    `zone` is the clock of a time that names none (None: UTC). `month_first`
    tells how to read 03/04/2024.

    >>> parse_stamp("2024-03-01T09:30:00+09:00", zone=None)
    datetime.datetime(2024, 3, 1, 9, 30, tzinfo=datetime.timezone(datetime.timedelta(seconds=32400)))
    >>> parse_stamp("1 March 2024", zone=None)
    datetime.date(2024, 3, 1)
    """
    text = narrowed(text.strip())
    for form in (ISO, COMPACT):
        if match := form.match(text):
            return _from_groups(match, zone)
    if match := EPOCH.match(text):
        return _plausible(datetime.fromtimestamp(int(match[1]), UTC))
    sighting = next(sightings(text[:200], zone=zone, month_first=month_first), None)
    return sighting.stamp if sighting else None


def sightings(text: str, *, zone: tzinfo | None, month_first: bool = False) -> Iterator[Sighting]:
    """Every date in running text, in order."""
    for match in VISIBLE.finditer(text):
        day = _day(match, month_first)
        if day is None:
            continue
        clock: re.Match[str] | None = match
        if not (match["hour"] or match["hour2"]):
            clock = CLOCK_FIRST.search(
                text[max(0, match.start() - CLOCK_FIRST_CHARS) : match.start()]
            )
        wall = _wall(day, clock) if clock else None
        named = _zone_of(clock["zone"]) if clock and clock["zone"] else None
        stamp: Stamp | None = _aware(wall, named or zone) if wall else day
        if stamp is not None:
            yield Sighting(stamp, match.start(), match.end(), named is not None, wall)


def narrowed(text: str) -> str:
    """Full-width digits and colons as ASCII; every other character and every place as before."""
    if text.isascii() or not FULL_WIDTH.search(text):
        return text
    return text.translate(NARROW)


def with_years(line: str) -> str:
    """A line whose days all have a year: the one of the first, where they had none.

    >>> with_years("2025年4月18日 17時30分（最終更新 4月18日 20時02分）")
    '2025年4月18日 17時30分（最終更新 2025年4月18日 20時02分）'
    """
    if line.isascii():
        return line
    year = YEAR.search(line)
    if year is None:
        return line
    return YEARLESS.sub(rf"{year[1]}年\1", line)


def day_of(stamp: Stamp) -> date:
    """The day of a stamp, as its page has it."""
    return stamp.date() if isinstance(stamp, datetime) else stamp


def _from_groups(match: re.Match[str], zone: tzinfo | None) -> Stamp | None:
    year, month, day, hour, minute, second, offset = match.groups()
    try:
        if not hour:
            return _plausible(date(int(year), int(month), int(day)))
        wall = datetime(  # noqa: DTZ001 -- its zone comes next
            int(year), int(month), int(day), int(hour), int(minute), min(int(second or 0), 59)
        )
    except ValueError:
        return None
    if not (wall.hour or wall.minute or wall.second):
        return _plausible(wall.date())
    return _aware(wall, (_zone_of(offset) if offset else None) or zone)


def _day(match: re.Match[str], month_first: bool) -> date | None:
    groups = match.groupdict()
    month = MONTHS.get((groups["n2"] or groups["n3"] or "").lower())
    if month is None and not (groups["y1"] or groups["y4"]):
        return None
    if groups["y1"]:
        numbers = groups["y1"], groups["m1"], groups["d1"]
    elif groups["y2"]:
        numbers = groups["y2"], str(month), groups["d2"]
    elif groups["y3"]:
        numbers = groups["y3"], str(month), groups["d3"]
    else:
        first, second = groups["a4"], groups["b4"]
        if int(second) > 12 or (month_first and groups["sep4"] != "." and int(first) <= 12):
            first, second = second, first
        year = groups["y4"]
        numbers = (year if len(year) == 4 else f"20{year}"), second, first
    try:
        day = date(int(numbers[0]), int(numbers[1]), int(numbers[2]))
    except ValueError:
        return None
    return day if _plausible(day) else None


def _wall(day: date, clock: re.Match[str]) -> datetime | None:
    hour = int(clock["hour"] or clock["hour2"] or 99)
    half = (clock["half"] or clock["noon"] or clock["noon2"] or "").lower()
    if half.startswith(("p", "오후", "午後", "下午")) and hour < 12:
        hour += 12
    elif half.startswith(("a", "오전", "午前", "上午")) and hour == 12:
        hour = 0
    minute, second = int(clock["minute"] or 0), int(clock["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    if not (hour or minute or second):
        return None
    return datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 -- wall clock


def _zone_of(name: str) -> tzinfo | None:
    name = name.strip()
    if named := named_zone(name):
        return named
    match = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", name)
    if not match:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset > timedelta(hours=14):
        return None
    return timezone(-offset if match[1] == "-" else offset)


def _aware(wall: datetime, zone: tzinfo | None) -> datetime | None:
    """The instant, with the page's own offset: the day a reader sees stays readable."""
    try:
        offset = wall.replace(tzinfo=zone or UTC).utcoffset()
        aware = wall.replace(tzinfo=timezone(offset or timedelta(0)))
        aware.astimezone(UTC)
    except OverflowError:
        return None
    return _plausible(aware)


def _plausible(stamp: S) -> S | None:
    return stamp if stamp.year >= FIRST_YEAR and stamp.year <= 2100 else None
