"""Which of a page's many times is when it was published, and which when it was changed."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from scraper.article import Timestamp
from scraper.extract.dates.parse import (
    FIRST_PAGE_YEAR,
    DateMatch,
    day_of,
    find_dates,
    parse_date,
    to_half_width,
    with_years,
)
from scraper.extract.dates.timezones import fix_late_publication, fix_utc_label, to_readers_day
from scraper.extract.html import jsonld
from scraper.extract.html.document import PageMetadata, once
from scraper.extract.html.nearby import Line
from scraper.patterns import lazy_pattern

PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time",
    "datepublished", "parsely-pub-date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "nextweb:createdate", "dable:published_time", "sailthru.date", "published_time", "published_at",
    "publish_date", "publish-date", "publishdate", "pubdate", "publication_date",
    "article_date_original", "originalpublicationdate", "citation_publication_date",
    "citation_online_date", "shareaholic:article_published_time", "bi3dpubdate", "bt:pubdate",
    "og:pubdate", "article.published", "rnews:datepublished", "published", "publish_time",
    "og:publish_date", "article.created", "analyticsattributes.articledate",
)  # fmt: skip
# When the page's record was made, as often as when the article came out.
RECORD_METAS = (
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date", "dcterms.date",
    "date", "created", "datecreated",
)  # fmt: skip
MODIFIED_METAS = (
    "article:modified_time", "og:article:modified_time", "article:modified", "og:updated_time",
    "datemodified", "nextweb:moddate", "og:modified_time", "dcterms.modified", "dc.date.modified",
    "last-modified", "lastmod", "revision_date", "article.updated", "shareaholic:article_modified_time",
)  # fmt: skip

PUBLISHED_LABEL = lazy_pattern(
    r"(?:기사)?입력|등록|작성|송고|승인|발행|게재|published|posted|first\s+published|created|veröffentlicht"
    r"|erschienen|erstellt|stand|publi[ée]|publicado|pubblicat|公開|掲載|配信|发布|發布|发表|發表|opublikowan",
    re.I,
)
MODIFIED_LABEL = lazy_pattern(
    r"(?:최종)?수정|업데이트|갱신|updated?\b|modified|edited|revised|aktualisiert|geändert|bearbeitet"
    r"|mis\s+à\s+jour|modifié|actualizad|atualizad|aggiornat|modificat|更新|修正|编辑于|bijgewerkt|zaktualizowan",
    re.I,
)
DATE_LABEL = lazy_pattern(
    rf"(?:last\s|first\s|originally\s)?(?:{PUBLISHED_LABEL.pattern}|{MODIFIED_LABEL.pattern})\w{{0,3}}(?:\s(?:on|am|le|el|il|em))?\s?[:：]?",
    re.I,
)
MAX_DATE_LABEL_LENGTH = 20
MAX_LABEL_DISTANCE = 30
# What no line without a date is made of: a year, or two digits and a separator before two more.
DATE_LIKE = lazy_pattern(r"(?:19|20|１９|２０)\d\d|\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d\d")
DATE_IN_URL = lazy_pattern(
    r"(?<!\d)((?:19|20)\d\d)([/_-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)"
)
MAX_DATE_VALUE_LENGTH = 200
MAX_DATE_LINE = 220  # a date inside a longer text is the story's
MAX_TEXT_BESIDE_DATE = 30  # characters beside a date in a line about when, and by whom
MAX_YEAR_MATCHES = 200  # numbers like years
SCRIPT_SIGNS = ("{", "}", "=", "</", ");")
# Forms that begin with what they look for are ten times as fast as the same ones in one pattern.
YEAR_PATTERNS = (
    lazy_pattern(r"20\d\d(?!\d)(?<!\d\d\d\d\d)"),
    lazy_pattern(r"19\d\d(?!\d)(?<!\d\d\d\d\d)"),
)
FULL_WIDTH_YEAR = lazy_pattern(r"(?:１９|２０)\d\d(?!\d)(?<!\d\d\d\d\d)")
PUBLICATION_TIME_IN_SCRIPT = lazy_pattern(
    r'ublish[\w-]{0,9}\\?"?\s?:\s?\\?"((?:19|20)\d\d-\d\d-\d\d[^"\\]{0,20})'
)
MIN_TEASER_DATES = 4  # so many microdata are those of comments or of a list
OPENING_DATE = lazy_pattern(r"\d{1,2}\.\s?(?:\d{1,2}\.|[^\W\d_]{3,9})\s?(?:20)?\d\d(?=\s?[–—|„-])")
VISIBLE_DATE_SOURCES = ("visible", "visible modified")
MISLABELLED_ZONES = (
    "Asia/Seoul",
    "Asia/Tokyo",
)  # local times labelled "Z" on pages of these countries
MIN_MIGRATION_GAP = timedelta(
    days=30
)  # a page that shows an older day was moved to another system since

DateCandidate = tuple[str, Timestamp | None]


@dataclass(frozen=True, slots=True)
class DateContext:
    """How to read a page's times: its zone (None: unknown), and whether 03/04 is March."""

    zone: tzinfo | None
    month_first: bool


@dataclass(frozen=True, slots=True)
class Times:
    """The two stamps of a page with the source of each."""

    published_at: Timestamp | None
    published_source: str | None
    modified_at: Timestamp | None
    modified_source: str | None


@dataclass(frozen=True, slots=True)
class VisibleDate:
    """A stamp that a reader sees near the headline, with the label before or after it."""

    date_match: DateMatch
    is_modified: bool
    is_labelled: bool
    is_alone: bool


ReadVisibleDates = Callable[[], list[VisibleDate]]


def read_times(page: PageMetadata, nearby: tuple[Line, ...], *, date_context: DateContext) -> Times:
    """Both stamps: structured sources first, then what a reader sees, then the URL's day."""
    visible_dates = once(lambda: list(find_visible_dates(nearby, date_context)))
    timestamp, source = _best_candidate(
        _published_candidates(page, visible_dates, nearby, date_context)
    )
    modified_date, modified_date_source = _best_candidate(
        _modified_candidates(page, visible_dates, date_context)
    )
    if timestamp is None and modified_date_source == "visible":
        # The only date that a reader sees is the article's date to them, "updated" or not.
        timestamp, source = modified_date, "visible modified"
    if timestamp is None or source == "url":
        day: DateCandidate = (source or "", timestamp)
        timestamp, source = _best_candidate(
            [day, *_dates_anywhere(f"\n{page.text()}\n", date_context)]
        )
        if timestamp is None and (script_date := _date_in_script(page.text(), date_context)):
            timestamp, source = script_date, "script"
    elif source not in VISIBLE_DATE_SOURCES and (
        earlier := _earlier_visible_date(timestamp, visible_dates)
    ):
        timestamp, source = earlier, "visible"
    if str(date_context.zone) in MISLABELLED_ZONES:
        timestamp = fix_utc_label(timestamp, _unzoned_wall_times(visible_dates), date_context.zone)
        modified_date = fix_utc_label(
            modified_date, _unzoned_wall_times(visible_dates), date_context.zone
        )
        timestamp = fix_late_publication(timestamp, modified_date, date_context.zone)
    timestamp = to_readers_day(timestamp, date_context.zone, _visible_days(visible_dates))
    if (
        timestamp
        and modified_date
        and day_of(modified_date) < day_of(timestamp) - timedelta(days=1)
    ):
        modified_date, modified_date_source = None, None
    return Times(timestamp, source, modified_date, modified_date_source)


def find_visible_dates(nearby: Iterable[Line], date_context: DateContext) -> Iterator[VisibleDate]:
    """Every stamp in short blocks: a date inside a paragraph is the story's, not the page's."""
    before = ""
    for nearby_line in nearby:
        if text := _part_with_date(nearby_line.text):
            is_label = len(before) <= MAX_DATE_LABEL_LENGTH and DATE_LABEL.fullmatch(before)
            yield from _dates_in_line(text, before if is_label else "", date_context)
        before = nearby_line.text


def _part_with_date(text: str) -> str:
    """A line that may have a date, or the date that opens a paragraph; else nothing."""
    if len(text) <= MAX_DATE_LINE and DATE_LIKE.search(text):
        return text
    opening = OPENING_DATE.match(text)
    return opening[0] if opening else ""


@lru_cache(maxsize=64)
def _dates_in_line(text: str, label: str, date_context: DateContext) -> tuple[VisibleDate, ...]:
    """The stamps of one line with what is said of each, by the line or the label before it."""
    results: list[VisibleDate] = []
    line, last = with_years(to_half_width(f"{label} {text}")), 0
    for date_match in find_dates(
        line, zone=date_context.zone, month_first=date_context.month_first
    ):
        before = line[max(last, date_match.start - MAX_LABEL_DISTANCE) : date_match.start]
        after = line[date_match.end : date_match.end + 8]
        last = date_match.end
        modified_position = _last_label(MODIFIED_LABEL, before)
        published_position = _last_label(PUBLISHED_LABEL, before)
        if modified_position < 0 and published_position < 0:
            modified_position = 0 if re.match(r"\s*(?:수정|업데이트|更新)", after) else -1
            published_position = 0 if re.match(r"\s*(?:입력|송고|등록|승인|作成)", after) else -1
        stands_alone = len(text) - (date_match.end - date_match.start) <= MAX_TEXT_BESIDE_DATE
        results.append(
            VisibleDate(
                date_match,
                modified_position > published_position,
                max(modified_position, published_position) >= 0,
                stands_alone,
            )
        )
    return tuple(results)


def _last_label(label: re.Pattern[str], before: str) -> int:
    return max((match.start() for match in label.finditer(before)), default=-1)


def _published_candidates(
    page: PageMetadata,
    visible_dates: ReadVisibleDates,
    nearby: tuple[Line, ...],
    date_context: DateContext,
) -> Iterator[DateCandidate]:
    """Every claim of the publication time, the most trusted first."""
    tags = page.tags
    yield "json-ld", _parse_value(page.claim("datePublished"), date_context)
    yield "json-ld", _parse_value(page.claim("dateCreated", "uploadDate"), date_context)
    for name in PUBLISHED_METAS:
        if name in tags.metas:
            yield f"meta {name}", _parse_value(tags.meta(name), date_context)
    microdata_values = [
        mark.value or mark.text for mark in tags.marks if mark.name == "datePublished"
    ]
    if len(microdata_values) < MIN_TEASER_DATES:
        for value in microdata_values:
            yield "microdata", _parse_value(value, date_context)
    for thing in page.things:
        yield "json-ld", _parse_value(jsonld.text(thing.get("datePublished")), date_context)
    for entry in visible_dates():
        if entry.is_labelled and not entry.is_modified:
            yield "visible", entry.date_match.timestamp
    for nearby_line in nearby:
        if nearby_line.datetime and not MODIFIED_LABEL.search(nearby_line.text):
            yield "time", _parse_value(nearby_line.datetime, date_context)
    for entry in visible_dates():
        if not entry.is_modified and entry.is_alone:
            yield "visible", entry.date_match.timestamp
    for name in RECORD_METAS:
        if name in tags.metas:
            yield f"meta {name}", _parse_value(tags.meta(name), date_context)
    for mark in tags.marks:
        if mark.name == "time":
            yield "time", _parse_value(mark.value or mark.text, date_context)
    yield "url", url_day(page.url)


def _unzoned_wall_times(visible_dates: ReadVisibleDates) -> Iterator[datetime]:
    for entry in visible_dates():
        if entry.date_match.wall_time and not entry.date_match.has_zone:
            yield entry.date_match.wall_time


def _visible_days(visible_dates: ReadVisibleDates) -> Iterator[date]:
    for entry in visible_dates():
        yield day_of(entry.date_match.timestamp)


def _earlier_visible_date(
    timestamp: Timestamp, visible_dates: ReadVisibleDates
) -> Timestamp | None:
    """What a page shows in a line of its own near the headline, where its tags claim a later day."""
    first_visible = next(
        (entry for entry in visible_dates() if entry.is_alone and not entry.is_modified), None
    )
    if (
        first_visible is None
        or day_of(first_visible.date_match.timestamp) >= day_of(timestamp) - MIN_MIGRATION_GAP
    ):
        return None
    return first_visible.date_match.timestamp


def _modified_candidates(
    page: PageMetadata, visible_dates: ReadVisibleDates, date_context: DateContext
) -> Iterator[DateCandidate]:
    """Every claim of the time of the last change, the most trusted first."""
    yield "json-ld", _parse_value(page.claim("dateModified"), date_context)
    for name in MODIFIED_METAS:
        if name in page.tags.metas:
            yield f"meta {name}", _parse_value(page.tags.meta(name), date_context)
    for mark in page.tags.marks:
        if mark.name == "dateModified":
            yield "microdata", _parse_value(mark.value or mark.text, date_context)
    for thing in page.things:
        yield "json-ld", _parse_value(jsonld.text(thing.get("dateModified")), date_context)
    for entry in visible_dates():
        if entry.is_modified:
            yield "visible", entry.date_match.timestamp


def _dates_anywhere(text: str, date_context: DateContext) -> list[DateCandidate]:
    """Dates in short lines anywhere, the most trusted first."""
    lines: dict[str, None] = {}
    for at in _year_positions(text):
        # The line around the year, looked for no further than a line may be long.
        start = text.rfind("\n", max(0, at - MAX_DATE_LINE), at) + 1
        end = text.find("\n", at + 4, at + 4 + MAX_DATE_LINE)
        line = text[start:end]
        if 0 < start < end and len(line) <= MAX_DATE_LINE and not _is_script(line):
            lines[" ".join(line.split())] = None
    nearby = (Line("", "", line, None, False) for line in lines)
    visible_dates = sorted(find_visible_dates(nearby, date_context), key=_trust_order)
    return [("visible", entry.date_match.timestamp) for entry in visible_dates]


def _trust_order(entry: VisibleDate) -> tuple[bool, ...]:
    """Labelled stamps first, then those in a line of their own with a time; changes come last."""
    timestamp = entry.date_match
    return entry.is_modified, not entry.is_labelled, not entry.is_alone, timestamp.wall_time is None


def _is_script(line: str) -> bool:
    return any(sign in line for sign in SCRIPT_SIGNS) or line.rstrip().endswith(";")


def _year_positions(text: str) -> list[int]:
    """The first places where a number like a year stands alone."""
    forms = (*YEAR_PATTERNS, FULL_WIDTH_YEAR) if "２０" in text or "１９" in text else YEAR_PATTERNS
    results = (islice(form.finditer(text), MAX_YEAR_MATCHES) for form in forms)
    return sorted(match.start() for matches in results for match in matches)[:MAX_YEAR_MATCHES]


def _date_in_script(text: str, date_context: DateContext) -> Timestamp | None:
    """The one publication time in the page's own data, where its scripts have no more than one."""
    script_date = {
        match[1] for match in islice(PUBLICATION_TIME_IN_SCRIPT.finditer(text), MAX_YEAR_MATCHES)
    }
    return _parse_value(script_date.pop(), date_context) if len(script_date) == 1 else None


def _parse_value(value: str | None, date_context: DateContext) -> Timestamp | None:
    if not value:
        return None
    timestamp = parse_date(
        value[:MAX_DATE_VALUE_LENGTH], zone=date_context.zone, month_first=date_context.month_first
    )
    return (
        timestamp
        if timestamp and FIRST_PAGE_YEAR <= timestamp.year <= datetime.now(UTC).year + 1
        else None
    )


def _best_candidate(candidates: Iterable[DateCandidate]) -> tuple[Timestamp | None, str | None]:
    """The first stamp; where it has only a day, the first later one of that day with a time."""
    day: date | None = None
    day_source: str | None = None
    for source, timestamp in candidates:
        if isinstance(timestamp, datetime):
            if day is None or abs(timestamp.date() - day) <= timedelta(days=1):
                return timestamp, source
        elif timestamp is not None and day is None:
            day, day_source = timestamp, source
    return day, day_source


def url_day(url: str) -> date | None:
    """The day in an address such as /2024/05/03/, /20240503/ or /alert-2024-05-03.html.

    >>> url_day("https://example.org/2024/05/03/bridge")
    datetime.date(2024, 5, 3)
    """
    try:
        match = DATE_IN_URL.search(urlsplit(url).path)
        return date(int(match[1]), int(match[3]), int(match[4])) if match else None
    except ValueError:
        return None
