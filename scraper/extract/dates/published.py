"""When a page was published and when it was modified: every claim, in order of trust.

`read_times` takes the first claim of each, then hands both to the repairs of `repair.py`.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from urllib.parse import urlsplit

from scraper.article import Timestamp
from scraper.extract.dates.parse import FIRST_PAGE_YEAR, parse_date
from scraper.extract.dates.repair import REPAIRS, Times
from scraper.extract.dates.visible import DateContext, DateSources, dates_anywhere
from scraper.extract.html import jsonld
from scraper.extract.html.document import Document
from scraper.extract.html.nearby import Line
from scraper.patterns import lazy_pattern
from scraper.phrases.date_labels import MODIFIED_LABEL

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
# When the record of the page was made: often the time of publication.
RECORD_METAS = (
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date", "dcterms.date",
    "date", "created", "datecreated",
)  # fmt: skip
MODIFIED_METAS = (
    "article:modified_time", "og:article:modified_time", "article:modified", "og:updated_time",
    "datemodified", "nextweb:moddate", "og:modified_time", "dcterms.modified", "dc.date.modified",
    "last-modified", "lastmod", "revision_date", "article.updated", "shareaholic:article_modified_time",
)  # fmt: skip

DATE_IN_URL = lazy_pattern(
    r"(?<!\d)((?:19|20)\d\d)([/_-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)"
)
PUBLICATION_TIME_IN_SCRIPT = lazy_pattern(
    r'ublish[\w-]{0,9}\\?"?\s?:\s?\\?"((?:19|20)\d\d-\d\d-\d\d[^"\\]{0,20})'
)
MAX_DATE_VALUE_LENGTH = 200  # characters
MAX_SCRIPT_TIMES = 200  # publication times in scripts that are compared
MIN_TEASER_DATES = 4  # this many microdata dates belong to comments or to a list

DateCandidate = tuple[str, Timestamp | None]
Candidates = Iterator[DateCandidate]
DateReader = Callable[[DateSources], Candidates]


def read_times(document: Document, nearby: tuple[Line, ...], *, date_context: DateContext) -> Times:
    """When the page was published and modified, each None if unknown.

    `nearby` are the lines around the headline. The tags come first, then what a reader sees, then
    the day in the address. If these give no publication time, the fallbacks search further.
    The repairs of `repair.py` come last, in the order of `REPAIRS`.
    """
    sources = DateSources(document, nearby, date_context)
    published = _best_candidate(_candidates(PUBLISHED_SOURCES, sources))
    modified = _best_candidate(_candidates(MODIFIED_SOURCES, sources))
    times = Times(*published, *modified)
    for step in (_take_only_visible_date, _search_page, *REPAIRS):
        times = step(times, sources)
    return times


def _candidates(readers: Iterable[DateReader], sources: DateSources) -> Candidates:
    for reader in readers:
        yield from reader(sources)


def _best_candidate(candidates: Iterable[DateCandidate]) -> tuple[Timestamp | None, str | None]:
    """The first timestamp; if that is only a day, the first later one of that day with a time."""
    day: date | None = None
    day_source: str | None = None
    for source, timestamp in candidates:
        if isinstance(timestamp, datetime):
            if day is None or abs(timestamp.date() - day) <= timedelta(days=1):
                return timestamp, source
        elif timestamp is not None and day is None:
            day, day_source = timestamp, source
    return day, day_source


def _parse_claim(value: str | None, date_context: DateContext) -> Timestamp | None:
    if not value:
        return None
    timestamp = parse_date(
        value[:MAX_DATE_VALUE_LENGTH], zone=date_context.zone, first=date_context.first
    )
    max_year = datetime.now(UTC).year + 1
    return timestamp if timestamp and FIRST_PAGE_YEAR <= timestamp.year <= max_year else None


def _article_dates(sources: DateSources) -> Candidates:
    claim = sources.document.claim
    yield "json-ld", _parse_claim(claim("datePublished"), sources.context)
    yield "json-ld", _parse_claim(claim("dateCreated", "uploadDate"), sources.context)


def _article_modification(sources: DateSources) -> Candidates:
    yield "json-ld", _parse_claim(sources.document.claim("dateModified"), sources.context)


def _meta_dates(names: Iterable[str], sources: DateSources) -> Candidates:
    tags = sources.document.tags
    for name in names:
        if name in tags.metas:
            yield f"meta {name}", _parse_claim(tags.meta(name), sources.context)


def _published_marks(sources: DateSources) -> Candidates:
    marks = [mark for mark in sources.document.tags.marks if mark.name == "datePublished"]
    if len(marks) < MIN_TEASER_DATES:
        for mark in marks:
            yield "microdata", _parse_claim(mark.value or mark.text, sources.context)


def _modified_marks(sources: DateSources) -> Candidates:
    for mark in sources.document.tags.marks:
        if mark.name == "dateModified":
            yield "microdata", _parse_claim(mark.value or mark.text, sources.context)


def _thing_dates(name: str, sources: DateSources) -> Candidates:
    for thing in sources.document.things:
        yield "json-ld", _parse_claim(jsonld.text(thing.get(name)), sources.context)


def _labelled_dates(sources: DateSources) -> Candidates:
    for entry in sources.visible:
        if entry.is_labelled and not entry.is_modified:
            yield "visible", entry.timestamp


def _nearby_time_elements(sources: DateSources) -> Candidates:
    for nearby_line in sources.nearby:
        if nearby_line.datetime and not MODIFIED_LABEL.search(nearby_line.text):
            yield "time", _parse_claim(nearby_line.datetime, sources.context)


def _lone_dates(sources: DateSources) -> Candidates:
    for entry in sources.visible:
        if not entry.is_modified and entry.is_alone:
            yield "visible", entry.timestamp


def _modified_dates(sources: DateSources) -> Candidates:
    for entry in sources.visible:
        if entry.is_modified:
            yield "visible", entry.timestamp


def _time_elements(sources: DateSources) -> Candidates:
    for mark in sources.document.tags.marks:
        if mark.name == "time":
            yield "time", _parse_claim(mark.value or mark.text, sources.context)


def _address_day(sources: DateSources) -> Candidates:
    yield "url", url_day(sources.document.url)


# Every claim, the most trusted first.
PUBLISHED_SOURCES: tuple[DateReader, ...] = (
    _article_dates,
    partial(_meta_dates, PUBLISHED_METAS),
    _published_marks,
    partial(_thing_dates, "datePublished"),
    _labelled_dates,
    _nearby_time_elements,
    _lone_dates,
    partial(_meta_dates, RECORD_METAS),
    _time_elements,
    _address_day,
)
MODIFIED_SOURCES: tuple[DateReader, ...] = (
    _article_modification,
    partial(_meta_dates, MODIFIED_METAS),
    _modified_marks,
    partial(_thing_dates, "dateModified"),
    _modified_dates,
)


def _take_only_visible_date(times: Times, sources: DateSources) -> Times:
    """The only date that a reader sees is the article's date to them, "updated" or not."""
    if times.published_at is None and times.modified_source == "visible":
        return times.with_published(times.modified_at, "visible modified")
    return times


def _search_page(times: Times, sources: DateSources) -> Times:
    """A date anywhere on the page, or in its scripts, if nothing but the address has one."""
    if times.published_at is not None and times.published_source != "url":
        return times
    text, context = sources.document.body_text, sources.context
    visible = [("visible", entry.timestamp) for entry in dates_anywhere(f"\n{text}\n", context)]
    address_day: DateCandidate = (times.published_source or "", times.published_at)
    timestamp, source = _best_candidate([address_day, *visible])
    if timestamp is None and (script_time := _time_in_script(text, context)):
        timestamp, source = script_time, "script"
    return times.with_published(timestamp, source)


def _time_in_script(text: str, date_context: DateContext) -> Timestamp | None:
    """The publication time in the page's scripts, if they name no more than one."""
    matches = islice(PUBLICATION_TIME_IN_SCRIPT.finditer(text), MAX_SCRIPT_TIMES)
    values = {match[1] for match in matches}
    return _parse_claim(values.pop(), date_context) if len(values) == 1 else None


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
