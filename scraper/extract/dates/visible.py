"""Dates that a reader sees: in short lines near the headline, or anywhere on the page."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cached_property, lru_cache
from itertools import islice

from scraper.article import Timestamp
from scraper.extract.dates.parse import (
    DateMatch,
    DayOrder,
    day_of,
    find_dates,
    to_half_width,
    with_years,
)
from scraper.extract.html.document import Document
from scraper.extract.html.nearby import Line
from scraper.patterns import lazy_pattern
from scraper.phrases.date_labels import DATE_LABEL, MODIFIED_LABEL, PUBLISHED_LABEL

MAX_DATE_LABEL_LENGTH = 20  # characters
MAX_LABEL_DISTANCE = 30  # characters between a label and the end of its date
MAX_LABEL_AFTER = 8  # characters after a date in which its label begins and ends
# Every line with a date has one of these: a year, or two digits and a separator before two more.
DATE_LIKE = lazy_pattern(r"(?:19|20|１９|２０)\d\d|\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d\d")
OPENING_DATE = lazy_pattern(r"\d{1,2}\.\s?(?:\d{1,2}\.|[^\W\d_]{3,9})\s?(?:20)?\d\d(?=\s?[–—|„-])")
MAX_DATE_LINE = 220  # characters; a date in a longer text belongs to the story
MAX_TEXT_BESIDE_DATE = 30  # characters beside a date in a line about when, and by whom
MAX_YEAR_MATCHES = 200  # numbers like years
MODIFIED_LABEL_AFTER = lazy_pattern(r"\s*(?:수정|업데이트|更新)")
PUBLISHED_LABEL_AFTER = lazy_pattern(r"\s*(?:입력|송고|등록|승인|作成)")
SCRIPT_SIGNS = ("{", "}", "=", "</", ");")
# A pattern that begins with what it searches for is ten times as fast as both in one.
YEAR_PATTERNS = (
    lazy_pattern(r"20\d\d(?!\d)(?<!\d\d\d\d\d)"),
    lazy_pattern(r"19\d\d(?!\d)(?<!\d\d\d\d\d)"),
)
FULL_WIDTH_YEAR = lazy_pattern(r"(?:１９|２０)\d\d(?!\d)(?<!\d\d\d\d\d)")


@dataclass(frozen=True, slots=True)
class DateContext:
    """How a page writes times: its time zone (None if unknown), and what 03/04/05 begins with."""

    zone: tzinfo | None
    first: DayOrder = "day"


@dataclass(frozen=True, slots=True)
class VisibleDate:
    """A date that a reader sees, and what the label before or after it says."""

    date_match: DateMatch
    is_modified: bool
    is_labelled: bool
    is_alone: bool

    @property
    def timestamp(self) -> Timestamp:
        """The date as a timestamp."""
        return self.date_match.timestamp


class DateSources:
    """What the times of a page are read from: the document and the lines near its headline."""

    def __init__(
        self, document: Document, nearby: tuple[Line, ...], date_context: DateContext
    ) -> None:
        self.document = document
        self.nearby = nearby
        self.context = date_context

    @cached_property
    def visible(self) -> list[VisibleDate]:
        """The dates in the lines near the headline, in order; most pages need none of them."""
        return list(find_visible_dates(self.nearby, self.context))

    @property
    def unzoned_wall_times(self) -> Iterator[datetime]:
        """The visible times of day that name no time zone."""
        for entry in self.visible:
            if entry.date_match.wall_time and not entry.date_match.has_zone:
                yield entry.date_match.wall_time

    @property
    def visible_days(self) -> Iterator[date]:
        """The days of the visible dates."""
        for entry in self.visible:
            yield day_of(entry.timestamp)


def find_visible_dates(nearby: Iterable[Line], date_context: DateContext) -> Iterator[VisibleDate]:
    """The dates in short lines, in order. A date inside a paragraph belongs to the story."""
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
    """The dates of one line, each with what its own label or `label`, the line before, says."""
    results: list[VisibleDate] = []
    line, last = with_years(to_half_width(f"{label} {text}")), 0
    matches = list(find_dates(line, zone=date_context.zone, first=date_context.first))
    has_labels_after = bool(matches) and _has_labels_after(line, matches)
    for date_match in matches:
        before = line[max(last, date_match.start - MAX_LABEL_DISTANCE) : date_match.start]
        after = line[date_match.end : date_match.end + MAX_LABEL_AFTER]
        last = date_match.end
        modified_position = -1 if has_labels_after else _last_label(MODIFIED_LABEL, before)
        published_position = -1 if has_labels_after else _last_label(PUBLISHED_LABEL, before)
        is_last = date_match is matches[-1]
        if modified_position < 0 and published_position < 0 and (has_labels_after or is_last):
            modified_position = 0 if MODIFIED_LABEL_AFTER.match(after) else -1
            published_position = 0 if PUBLISHED_LABEL_AFTER.match(after) else -1
        is_alone = len(text) - (date_match.end - date_match.start) <= MAX_TEXT_BESIDE_DATE
        results.append(
            VisibleDate(
                date_match,
                is_modified=modified_position > published_position,
                is_labelled=max(modified_position, published_position) >= 0,
                is_alone=is_alone,
            )
        )
    return tuple(results)


def _has_labels_after(line: str, matches: list[DateMatch]) -> bool:
    """Whether a line has its labels after the dates: one after the last date, and none before the first."""
    before, after = line[: matches[0].start], line[matches[-1].end :][:MAX_LABEL_AFTER]
    if MODIFIED_LABEL.search(before) or PUBLISHED_LABEL.search(before):
        return False
    return bool(MODIFIED_LABEL_AFTER.match(after) or PUBLISHED_LABEL_AFTER.match(after))


def _last_label(label: re.Pattern[str], before: str) -> int:
    return max((match.start() for match in label.finditer(before)), default=-1)


def dates_anywhere(text: str, date_context: DateContext) -> list[VisibleDate]:
    """The dates in short lines of a text, the most trusted first."""
    lines: dict[str, None] = {}
    for at in _year_positions(text):
        # The line around the year, as far as a line with a date may reach.
        start = text.rfind("\n", max(0, at - MAX_DATE_LINE), at) + 1
        end = text.find("\n", at + 4, at + 4 + MAX_DATE_LINE)
        line = text[start:end]
        if 0 < start < end and len(line) <= MAX_DATE_LINE and not _is_script(line):
            lines[" ".join(line.split())] = None
    nearby = (Line("", "", line, None, False) for line in lines)
    return sorted(find_visible_dates(nearby, date_context), key=_trust_order)


def _trust_order(entry: VisibleDate) -> tuple[bool, ...]:
    """Labelled dates first, then dates alone in a line and with a time; modifications come last."""
    has_no_time = entry.date_match.wall_time is None
    return entry.is_modified, not entry.is_labelled, not entry.is_alone, has_no_time


def _is_script(line: str) -> bool:
    return any(sign in line for sign in SCRIPT_SIGNS) or line.rstrip().endswith(";")


def _year_positions(text: str) -> list[int]:
    """The first positions of numbers that may be years."""
    forms = (*YEAR_PATTERNS, FULL_WIDTH_YEAR) if "２０" in text or "１９" in text else YEAR_PATTERNS
    results = (islice(form.finditer(text), MAX_YEAR_MATCHES) for form in forms)
    return sorted(match.start() for matches in results for match in matches)[:MAX_YEAR_MATCHES]
