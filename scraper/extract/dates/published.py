"""Which of a page's many times is when it was published, and which when it was changed."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from scraper.article import Stamp
from scraper.extract.dates.parse import (
    FIRST_YEAR,
    Sighting,
    day_of,
    narrowed,
    parse_stamp,
    sightings,
    with_years,
)
from scraper.extract.dates.timezones import not_after, on_readers_day, without_lie
from scraper.extract.html import jsonld
from scraper.extract.html.document import Page, once
from scraper.extract.html.nearby import Block
from scraper.patterns import pattern

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

PUBLISHED_LABEL = pattern(
    r"(?:기사)?입력|등록|작성|송고|승인|발행|게재|published|posted|first\s+published|created|veröffentlicht"
    r"|erschienen|erstellt|stand|publi[ée]|publicado|pubblicat|公開|掲載|配信|发布|發布|发表|發表|opublikowan",
    re.I,
)
MODIFIED_LABEL = pattern(
    r"(?:최종)?수정|업데이트|갱신|updated?\b|modified|edited|revised|aktualisiert|geändert|bearbeitet"
    r"|mis\s+à\s+jour|modifié|actualizad|atualizad|aggiornat|modificat|更新|修正|编辑于|bijgewerkt|zaktualizowan",
    re.I,
)
LABEL = pattern(
    rf"(?:last\s|first\s|originally\s)?(?:{PUBLISHED_LABEL.pattern}|{MODIFIED_LABEL.pattern})\w{{0,3}}(?:\s(?:on|am|le|el|il|em))?\s?[:：]?",
    re.I,
)
MAX_LABEL = 20
RELATIVE_LABEL_CHARS = 30
# What no line without a date is made of: a year, or two digits and a separator before two more.
MAY_DATE = pattern(r"(?:19|20|１９|２０)\d\d|\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d\d")
URL_DAY = pattern(r"(?<!\d)((?:19|20)\d\d)([/_-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
MAX_VALUE = 200
MAX_DATE_LINE = 220  # a date inside a longer text is the story's
BESIDE_DATE = 30  # characters beside a date in a line about when, and by whom
MAX_DATED = 200  # numbers like years
SCRIPT = ("{", "}", "=", "</", ");")
# Forms that begin with what they look for are ten times as fast as the same ones in one pattern.
YEARS = (
    pattern(r"20\d\d(?!\d)(?<!\d\d\d\d\d)"),
    pattern(r"19\d\d(?!\d)(?<!\d\d\d\d\d)"),
)
FULL_YEARS = pattern(r"(?:１９|２０)\d\d(?!\d)(?<!\d\d\d\d\d)")
SCRIPT_TIME = pattern(r'ublish[\w-]{0,9}\\?"?\s?:\s?\\?"((?:19|20)\d\d-\d\d-\d\d[^"\\]{0,20})')
TEASERS = 4  # so many microdata are those of comments or of a list
OPENING_DAY = pattern(r"\d{1,2}\.\s?(?:\d{1,2}\.|[^\W\d_]{3,9})\s?(?:20)?\d\d(?=\s?[–—|„-])")
SHOWN = ("visible", "visible modified")
LYING_ZONES = ("Asia/Seoul", "Asia/Tokyo")  # local times labelled "Z" on pages of these countries
MOVED = timedelta(days=30)  # a page that shows an older day was moved to another system since

Candidate = tuple[str, Stamp | None]


@dataclass(frozen=True, slots=True)
class Clock:
    """How to read a page's times: its zone (None: unknown), and whether 03/04 is March."""

    zone: tzinfo | None
    month_first: bool


@dataclass(frozen=True, slots=True)
class Times:
    """The two stamps of a page with the source of each."""

    published_at: Stamp | None
    published_source: str | None
    modified_at: Stamp | None
    modified_source: str | None


@dataclass(frozen=True, slots=True)
class Visible:
    """A stamp that a reader sees near the headline, with the label before or after it."""

    sighting: Sighting
    is_modified: bool
    is_labelled: bool
    is_alone: bool


Seen = Callable[[], list[Visible]]


def read_times(page: Page, blocks: tuple[Block, ...], *, clock: Clock) -> Times:
    """Both stamps: structured sources first, then what a reader sees, then the URL's day."""
    seen = once(lambda: list(visible_stamps(blocks, clock)))
    stamp, source = _best(_published(page, seen, blocks, clock))
    changed, changed_source = _best(_modified(page, seen, clock))
    if stamp is None and changed_source == "visible":
        # The only date that a reader sees is the article's date to them, "updated" or not.
        stamp, source = changed, "visible modified"
    if stamp is None or source == "url":
        day: Candidate = (source or "", stamp)
        stamp, source = _best([day, *_elsewhere(f"\n{page.text()}\n", clock)])
        if stamp is None and (told := _in_script(page.text(), clock)):
            stamp, source = told, "script"
    elif source not in SHOWN and (earlier := _shown_before(stamp, seen)):
        stamp, source = earlier, "visible"
    if str(clock.zone) in LYING_ZONES:
        stamp = without_lie(stamp, _unzoned_walls(seen), clock.zone)
        changed = without_lie(changed, _unzoned_walls(seen), clock.zone)
        stamp = not_after(stamp, changed, clock.zone)
    stamp = on_readers_day(stamp, clock.zone, _days(seen))
    if stamp and changed and day_of(changed) < day_of(stamp) - timedelta(days=1):
        changed, changed_source = None, None
    return Times(stamp, source, changed, changed_source)


def visible_stamps(blocks: Iterable[Block], clock: Clock) -> Iterator[Visible]:
    """Every stamp in short blocks: a date inside a paragraph is the story's, not the page's."""
    before = ""
    for block in blocks:
        if text := _dated_part(block.text):
            is_label = len(before) <= MAX_LABEL and LABEL.fullmatch(before)
            yield from _stamps_in(text, before if is_label else "", clock)
        before = block.text


def _dated_part(text: str) -> str:
    """A line that may have a date, or the date that opens a paragraph; else nothing."""
    if len(text) <= MAX_DATE_LINE and MAY_DATE.search(text):
        return text
    opening = OPENING_DAY.match(text)
    return opening[0] if opening else ""


@lru_cache(maxsize=64)
def _stamps_in(text: str, label: str, clock: Clock) -> tuple[Visible, ...]:
    """The stamps of one line with what is said of each, by the line or the label before it."""
    found: list[Visible] = []
    line, last = with_years(narrowed(f"{label} {text}")), 0
    for sighting in sightings(line, zone=clock.zone, month_first=clock.month_first):
        before = line[max(last, sighting.start - RELATIVE_LABEL_CHARS) : sighting.start]
        after = line[sighting.end : sighting.end + 8]
        last = sighting.end
        modified = _last(MODIFIED_LABEL, before)
        published = _last(PUBLISHED_LABEL, before)
        if modified < 0 and published < 0:
            modified = 0 if re.match(r"\s*(?:수정|업데이트|更新)", after) else -1
            published = 0 if re.match(r"\s*(?:입력|송고|등록|승인|作成)", after) else -1
        alone = len(text) - (sighting.end - sighting.start) <= BESIDE_DATE
        found.append(Visible(sighting, modified > published, max(modified, published) >= 0, alone))
    return tuple(found)


def _last(label: re.Pattern[str], before: str) -> int:
    return max((match.start() for match in label.finditer(before)), default=-1)


def _published(
    page: Page, seen: Seen, blocks: tuple[Block, ...], clock: Clock
) -> Iterator[Candidate]:
    """Every claim of the publication time, the most trusted first."""
    tags = page.tags
    yield "json-ld", _read(page.claim("datePublished"), clock)
    yield "json-ld", _read(page.claim("dateCreated", "uploadDate"), clock)
    for name in PUBLISHED_METAS:
        if name in tags.metas:
            yield f"meta {name}", _read(tags.meta(name), clock)
    marked = [mark.value or mark.text for mark in tags.marks if mark.name == "datePublished"]
    if len(marked) < TEASERS:
        for value in marked:
            yield "microdata", _read(value, clock)
    for thing in page.things:
        yield "json-ld", _read(jsonld.text(thing.get("datePublished")), clock)
    for entry in seen():
        if entry.is_labelled and not entry.is_modified:
            yield "visible", entry.sighting.stamp
    for block in blocks:
        if block.datetime and not MODIFIED_LABEL.search(block.text):
            yield "time", _read(block.datetime, clock)
    for entry in seen():
        if not entry.is_modified and entry.is_alone:
            yield "visible", entry.sighting.stamp
    for name in RECORD_METAS:
        if name in tags.metas:
            yield f"meta {name}", _read(tags.meta(name), clock)
    for mark in tags.marks:
        if mark.name == "time":
            yield "time", _read(mark.value or mark.text, clock)
    yield "url", url_day(page.url)


def _unzoned_walls(seen: Seen) -> Iterator[datetime]:
    for entry in seen():
        if entry.sighting.wall and not entry.sighting.zoned:
            yield entry.sighting.wall


def _days(seen: Seen) -> Iterator[date]:
    for entry in seen():
        yield day_of(entry.sighting.stamp)


def _shown_before(stamp: Stamp, seen: Seen) -> Stamp | None:
    """What a page shows in a line of its own near the headline, where its tags claim a later day."""
    shown = next((entry for entry in seen() if entry.is_alone and not entry.is_modified), None)
    if shown is None or day_of(shown.sighting.stamp) >= day_of(stamp) - MOVED:
        return None
    return shown.sighting.stamp


def _modified(page: Page, seen: Seen, clock: Clock) -> Iterator[Candidate]:
    """Every claim of the time of the last change, the most trusted first."""
    yield "json-ld", _read(page.claim("dateModified"), clock)
    for name in MODIFIED_METAS:
        if name in page.tags.metas:
            yield f"meta {name}", _read(page.tags.meta(name), clock)
    for mark in page.tags.marks:
        if mark.name == "dateModified":
            yield "microdata", _read(mark.value or mark.text, clock)
    for thing in page.things:
        yield "json-ld", _read(jsonld.text(thing.get("dateModified")), clock)
    for entry in seen():
        if entry.is_modified:
            yield "visible", entry.sighting.stamp


def _elsewhere(text: str, clock: Clock) -> list[Candidate]:
    """Dates in short lines anywhere, the most trusted first."""
    lines: dict[str, None] = {}
    for at in _years(text):
        # The line around the year, looked for no further than a line may be long.
        start = text.rfind("\n", max(0, at - MAX_DATE_LINE), at) + 1
        end = text.find("\n", at + 4, at + 4 + MAX_DATE_LINE)
        line = text[start:end]
        if 0 < start < end and len(line) <= MAX_DATE_LINE and not _is_script(line):
            lines[" ".join(line.split())] = None
    blocks = (Block("", "", line, None, False) for line in lines)
    seen = sorted(visible_stamps(blocks, clock), key=_distrust)
    return [("visible", entry.sighting.stamp) for entry in seen]


def _distrust(entry: Visible) -> tuple[bool, ...]:
    """Labelled stamps first, then those in a line of their own with a time; changes come last."""
    stamp = entry.sighting
    return entry.is_modified, not entry.is_labelled, not entry.is_alone, stamp.wall is None


def _is_script(line: str) -> bool:
    return any(sign in line for sign in SCRIPT) or line.rstrip().endswith(";")


def _years(text: str) -> list[int]:
    """The first places where a number like a year stands alone."""
    forms = (*YEARS, FULL_YEARS) if "２０" in text or "１９" in text else YEARS
    found = (islice(form.finditer(text), MAX_DATED) for form in forms)
    return sorted(match.start() for matches in found for match in matches)[:MAX_DATED]


def _in_script(text: str, clock: Clock) -> Stamp | None:
    """The one publication time in the page's own data, where its scripts have no more than one."""
    told = {match[1] for match in islice(SCRIPT_TIME.finditer(text), MAX_DATED)}
    return _read(told.pop(), clock) if len(told) == 1 else None


def _read(value: str | None, clock: Clock) -> Stamp | None:
    if not value:
        return None
    stamp = parse_stamp(value[:MAX_VALUE], zone=clock.zone, month_first=clock.month_first)
    return stamp if stamp and FIRST_YEAR <= stamp.year <= datetime.now(UTC).year + 1 else None


def _best(candidates: Iterable[Candidate]) -> tuple[Stamp | None, str | None]:
    """The first stamp; where it has only a day, the first later one of that day with a time."""
    day: date | None = None
    day_source: str | None = None
    for source, stamp in candidates:
        if isinstance(stamp, datetime):
            if day is None or abs(stamp.date() - day) <= timedelta(days=1):
                return stamp, source
        elif stamp is not None and day is None:
            day, day_source = stamp, source
    return day, day_source


def url_day(url: str) -> date | None:
    """The day in an address such as /2024/05/03/, /20240503/ or /alert-2024-05-03.html.

    >>> url_day("https://example.org/2024/05/03/bridge")
    datetime.date(2024, 5, 3)
    """
    try:
        match = URL_DAY.search(urlsplit(url).path)
        return date(int(match[1]), int(match[3]), int(match[4])) if match else None
    except ValueError:
        return None
