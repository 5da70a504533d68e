"""When a page was published and when it was modified: every claim, in order of trust.

`read_times` takes the first claim of each, then hands both to the repairs of `repair.py`.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice

from selectolax.lexbor import LexborNode

from scraper.article import Timestamp
from scraper.extract.dates.address import url_day
from scraper.extract.dates.parse import day_of
from scraper.extract.dates.places import is_beside
from scraper.extract.dates.repair import REPAIRS, Times
from scraper.extract.dates.sources import PUBLISHED_METAS, RECORD_METAS, DateSources
from scraper.extract.dates.visible import DateContext, VisibleDate
from scraper.extract.html import jsonld
from scraper.extract.html.document import Document
from scraper.extract.html.nearby import Line
from scraper.patterns import lazy_pattern

MODIFIED_METAS = (
    "article:modified_time", "og:article:modified_time", "article:modified", "og:updated_time",
    "datemodified", "nextweb:moddate", "og:modified_time", "dcterms.modified", "dc.date.modified",
    "last-modified", "lastmod", "revision_date", "article.updated", "shareaholic:article_modified_time",
)  # fmt: skip

# Other names of the same: "w-published-date". The earliest counts; a later one is that of the last publication.
PUBLISHED_META = lazy_pattern(
    r"(?:^|[^a-z])(?:publish(?:ed|ing)?|publication)(?:[-_:. ]?(?:date|time|on|at))(?![a-z])|(?:date|time)[-_:. ]?publish"
)
PUBLICATION_TIME_IN_SCRIPT = lazy_pattern(
    r'ublish[\w-]{0,9}\\?"?\s?:\s?\\?"((?:19|20)\d\d-\d\d-\d\d[^"\\]{0,20})'
)
MAX_SCRIPT_TIMES = 200  # publication times in scripts that are compared
MIN_TEASER_DATES = 4  # this many microdata dates belong to comments or to a list

DateCandidate = tuple[str, Timestamp | None]
Candidates = Iterator[DateCandidate]
DateReader = Callable[[DateSources], Candidates]


def read_times(
    document: Document,
    heading: LexborNode | None,
    nearby: tuple[Line, ...],
    *,
    date_context: DateContext,
) -> Times:
    """When the page was published and modified, each None if unknown.

    `heading` is the element that shows the headline, `nearby` are the lines around it. The tags come first, then
    what a reader sees by the headline, then the day in the address, then dates that are marked further on. The repairs of `repair.py`
    come last, in the order of `REPAIRS`.
    """
    sources = DateSources(document, heading, nearby, date_context)
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


def _article_dates(sources: DateSources) -> Candidates:
    claim = sources.document.claim
    yield "json-ld", sources.parse_claim(claim("datePublished"))
    yield "json-ld", sources.parse_claim(claim("dateCreated", "uploadDate"))


def _article_modification(sources: DateSources) -> Candidates:
    yield "json-ld", sources.parse_claim(sources.document.claim("dateModified"))


def _meta_dates(names: Iterable[str], sources: DateSources) -> Candidates:
    tags = sources.document.tags
    for name in names:
        if name in tags.metas:
            yield f"meta {name}", sources.parse_claim(tags.meta(name))


def _other_meta_dates(sources: DateSources) -> Candidates:
    claims = [
        (timestamp, f"meta {name}")
        for name, contents in sources.document.tags.metas.items()
        if name not in PUBLISHED_METAS and PUBLISHED_META.search(name)
        for timestamp in [sources.parse_claim(contents[0])]
        if timestamp is not None
    ]
    for timestamp, source in sorted(claims, key=lambda claim: day_of(claim[0])):
        yield source, timestamp


def _published_marks(sources: DateSources) -> Candidates:
    marks = [mark for mark in sources.document.tags.marks if mark.name == "datePublished"]
    if len(marks) < MIN_TEASER_DATES:
        for mark in marks:
            if not is_beside(mark.node):
                yield "microdata", sources.parse_claim(mark.value or mark.text)


def _modified_marks(sources: DateSources) -> Candidates:
    for mark in sources.document.tags.marks:
        if mark.name == "dateModified":
            yield "microdata", sources.parse_claim(mark.value or mark.text)


def _thing_dates(name: str, sources: DateSources) -> Candidates:
    for thing in sources.document.things:
        yield "json-ld", sources.parse_claim(jsonld.text(thing.get(name)))


def _labelled_dates(sources: DateSources) -> Candidates:
    return _shown(entry for entry in sources.visible if entry.is_labelled)


def _time_elements(sources: DateSources) -> Candidates:
    return _shown(entry for entry in sources.visible if entry.is_tag)


def _lone_dates(sources: DateSources) -> Candidates:
    return _shown(entry for entry in sources.visible if entry.is_alone)


def _shown(entries: Iterator[VisibleDate]) -> Candidates:
    for entry in entries:
        if not entry.is_modified:
            yield "time" if entry.is_tag else "visible", entry.timestamp


def _modified_dates(sources: DateSources) -> Candidates:
    for entry in sources.visible:
        if entry.is_modified:
            yield "visible", entry.timestamp


def _address_day(sources: DateSources) -> Candidates:
    yield "url", url_day(sources.document.url)


# Every claim, the most trusted first.
PUBLISHED_SOURCES: tuple[DateReader, ...] = (
    _article_dates,
    partial(_meta_dates, PUBLISHED_METAS),
    _other_meta_dates,
    _published_marks,
    partial(_thing_dates, "datePublished"),
    _labelled_dates,
    _time_elements,
    _lone_dates,
    partial(_meta_dates, RECORD_METAS),
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
    """A date that is marked further on, or the one in the scripts, if nothing but the address has one."""
    if times.published_at is not None and times.published_source != "url":
        return times
    address_day: DateCandidate = (times.published_source or "", times.published_at)
    shown = [
        ("time" if entry.is_tag else "visible", entry.timestamp)
        for entry in (*sources.visible, *sources.elsewhere)
        if entry.is_alone or entry.is_labelled
    ]
    timestamp, source = _best_candidate([address_day, *shown])
    if timestamp is None and (script_time := _time_in_script(sources)):
        timestamp, source = script_time, "script"
    return times.with_published(timestamp, source)


def _time_in_script(sources: DateSources) -> Timestamp | None:
    """The publication time in the page's scripts and data attributes, if they name no more than one."""
    source = sources.document.source[0].decode("latin-1").replace("&quot;", '"')
    matches = islice(PUBLICATION_TIME_IN_SCRIPT.finditer(source), MAX_SCRIPT_TIMES)
    values = {match[1] for match in matches}
    return sources.parse_claim(values.pop()) if len(values) == 1 else None
