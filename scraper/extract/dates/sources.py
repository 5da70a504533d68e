"""What the times of a page are read from: its tags, and the dates that it shows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import islice

from selectolax.lexbor import LexborNode

from scraper.article import Timestamp
from scraper.extract.dates.address import url_day
from scraper.extract.dates.lines import (
    MAX_DATE_STEPS,
    MAX_HEAD_PARAGRAPHS,
    DateLine,
    date_lines,
)
from scraper.extract.dates.parse import (
    FIRST_PAGE_YEAR,
    DateMatch,
    day_of,
    parse_date,
)
from scraper.extract.dates.places import (
    LabelKind,
    headline_path,
    is_articles_own,
    is_beside_text,
    is_marked,
)
from scraper.extract.dates.visible import (
    DateContext,
    VisibleDate,
    dates_in_line,
    find_visible_dates,
)
from scraper.extract.html import jsonld
from scraper.extract.html.document import Document
from scraper.extract.html.nearby import Line
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
MAX_LATER_LINES = 600  # with dates, after the head
MAX_DATE_VALUE_LENGTH = 200  # characters


class DateSources:
    """What the times of a page are read from: the document and the dates that it shows as its own."""

    def __init__(
        self,
        document: Document,
        heading: LexborNode | None,
        nearby: tuple[Line, ...],
        date_context: DateContext,
    ) -> None:
        self.document = document
        self._nearby = nearby
        self.context = date_context
        self._heading = heading
        self._path = headline_path(heading)

    @cached_property
    def visible(self) -> list[VisibleDate]:
        """The dates by the headline, the nearest first; most pages need none of them."""
        lines = sorted(
            self._lines(MAX_HEAD_PARAGRAPHS), key=lambda line: line.is_before and line.links > 0
        )
        return [entry for line in lines for entry in self._own_dates(line)]

    def has_nearby(self, day: date) -> bool:
        """Whether a line around the headline states a day: most do, and `visible` takes ten times as long."""
        return any(
            entry.is_alone and not entry.is_modified and day_of(entry.timestamp) == day
            for entry in find_visible_dates((line.text for line in self._nearby), self.context)
        )

    @cached_property
    def elsewhere(self) -> list[VisibleDate]:
        """The dates further on that are marked as the article's, the most trusted first."""
        lines = self._lines(MAX_DATE_STEPS)
        later = (line for line in lines if line.paragraphs > MAX_HEAD_PARAGRAPHS)
        entries = (
            entry for line in islice(later, MAX_LATER_LINES) for entry in self._own_dates(line)
        )
        return sorted(entries, key=_trust_order)

    @property
    def claimed_days(self) -> Iterator[date]:
        """The days of publication that the address, the metas and every JSON-LD thing give."""
        if (address_day := url_day(self.document.url)) is not None:
            yield address_day
        metas = self.document.tags.metas
        claims = [metas[name][0] for name in (*PUBLISHED_METAS, *RECORD_METAS) if name in metas]
        claims += filter(
            None, (jsonld.text(thing.get("datePublished")) for thing in self.document.things)
        )
        for claim in claims:
            if (timestamp := self.parse_claim(claim)) is not None:
                yield day_of(timestamp)

    @property
    def unzoned_wall_times(self) -> Iterator[datetime]:
        """The visible times of day that name no time zone."""
        for entry in self.visible:
            if entry.date_match.wall_time and not entry.date_match.has_zone:
                yield entry.date_match.wall_time

    @property
    def visible_days(self) -> Iterator[date]:
        """The days of the visible dates, as a reader sees them."""
        for entry in self.visible:
            if not entry.is_tag:
                yield day_of(entry.timestamp)

    def parse_claim(self, value: str | None) -> Timestamp | None:
        """The timestamp in the value of a tag; None if it has none, or one that no page can have."""
        if not value:
            return None
        timestamp = parse_date(
            value[:MAX_DATE_VALUE_LENGTH], zone=self.context.zone, first=self.context.first
        )
        max_year = datetime.now(UTC).year + 1
        return timestamp if timestamp and FIRST_PAGE_YEAR <= timestamp.year <= max_year else None

    def _lines(self, max_paragraphs: int) -> Iterator[DateLine]:
        return date_lines(self.document.tree, self._heading, max_paragraphs=max_paragraphs)

    def _own_dates(self, line: DateLine) -> Iterator[VisibleDate]:
        """The dates of a line that are the article's own; where its class marks one, it may have company."""
        entries = [entry for entry in self._dates(line) if entry.is_stated]
        if not entries:
            return
        marked = is_marked(line, self._path)
        if not marked:
            entries = [entry for entry in entries if not entry.is_in_sentence]
        if entries and is_articles_own(line, self._path, _label_kind(entries), marked=marked):
            apart = marked or not is_beside_text(line, self._path)
            for entry in entries:
                is_alone = marked or entry.is_alone
                yield replace(entry, is_alone=is_alone, is_set_apart=apart)

    def _dates(self, line: DateLine) -> Iterator[VisibleDate]:
        """The value of a `<time>` with the label of the first date in its line, then the dates in the line."""
        entries = dates_in_line(line.text, line.label, self.context)
        if (timestamp := self.parse_claim(line.when)) is not None:
            match = DateMatch(timestamp, 0, 0, has_zone=True, wall_time=None)
            first = entries[0] if entries else None
            is_modified = bool(MODIFIED_LABEL.search(f"{line.label} {line.text}"))
            yield VisibleDate(
                match,
                is_modified=first.is_modified if first else is_modified,
                is_labelled=first.is_labelled if first else bool(line.label) or is_modified,
                is_alone=True,
                is_stated=first.is_stated if first else True,
                is_in_sentence=first.is_in_sentence if first else False,
                is_tag=True,
            )
        yield from entries


def _label_kind(entries: list[VisibleDate]) -> LabelKind | None:
    labelled = [entry for entry in entries if entry.is_labelled]
    if not labelled:
        return None
    return "modified" if all(entry.is_modified for entry in labelled) else "published"


def _trust_order(entry: VisibleDate) -> tuple[bool, ...]:
    """Labelled dates first, then dates alone in a line and with a time; modifications come last."""
    has_no_time = not isinstance(entry.timestamp, datetime)
    return (
        entry.is_modified,
        not entry.is_labelled,
        not entry.is_tag,
        not entry.is_alone,
        has_no_time,
    )
