"""Dates in a line that a reader sees, and what the words around them say."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache

from scraper.article import Timestamp
from scraper.extract.dates.lines import dated_part, is_date_label
from scraper.extract.dates.parse import DateMatch, DayOrder, find_dates, plain_dates
from scraper.extract.html.text import fold_spaces
from scraper.patterns import lazy_pattern
from scraper.phrases.date_labels import (
    DATE_LABEL,
    DATE_LINE_LABEL,
    MODIFIED_LABEL,
    OWN_DATE_SENTENCE,
    PUBLISHED_LABEL,
)

MAX_LABEL_DISTANCE = 30  # characters between a label and the end of its date
MAX_LABEL_AFTER = 8  # characters after a date in which its label begins and ends
MAX_TEXT_BESIDE_DATE = 30  # characters beside a date in a line about when, and by whom
MAX_TEXT_BESIDE_PART = 80  # the same beside a date between separators
MAX_TEXT_BESIDE_LABEL = 120  # the same in a line that also says "Published"
MODIFIED_LABEL_AFTER = lazy_pattern(r"\s*(?:수정|업데이트|更新)")
PUBLISHED_LABEL_AFTER = lazy_pattern(r"\s*(?:입력|송고|등록|승인|作成)")
SEPARATOR_BEFORE = lazy_pattern(r"(?:^|[|•·●∙⋅/–—-])\s*$")
SEPARATOR_AFTER = lazy_pattern(r"\s*(?:$|[|•·●∙⋅/–—-])")
SENTENCE_OR_LABEL = lazy_pattern(r"[.:：。!?…]")
LINE_ADDRESS = lazy_pattern(r"https?://\S+")
DATED_SENTENCE_END = lazy_pattern(r"""[.!?…]["'”’»)]*$|[。！？]$""")
KOREAN_SENTENCE_END = lazy_pattern(r"다[.]?$")
LOWER_CASE_WORD = lazy_pattern(r"(?<![^\W\d_])[^\W\d_A-ZÀ-ÞА-ЯΑ-Ω][^\W\d_]{3,}")
# A word or two with a colon that is no time of day.
ANY_LABEL = lazy_pattern(r"([^\W\d_][\w ]{0,24})\s?[:：](?!\d|//)")


@dataclass(frozen=True, slots=True)
class DateContext:
    """How a page writes times: its time zone (None if unknown), and what 03/04/05 begins with."""

    zone: tzinfo | None
    first: DayOrder = "day"


@dataclass(frozen=True, slots=True)
class VisibleDate:
    """A date that a reader sees, and what the label before or after it says.

    It is alone in a line with little else, and stated in one about nothing but when, and by whom. It is set
    apart if it is no neighbour of the paragraphs. `is_tag` if it is the value of a `<time>`.
    """

    date_match: DateMatch
    is_modified: bool
    is_labelled: bool
    is_alone: bool
    is_stated: bool = True
    is_in_sentence: bool = False
    is_set_apart: bool = False
    is_tag: bool = False

    @property
    def timestamp(self) -> Timestamp:
        """The date as a timestamp."""
        return self.date_match.timestamp


def find_visible_dates(texts: Iterable[str], date_context: DateContext) -> Iterator[VisibleDate]:
    """The dates in lines, in order. A label may be on the line before its date."""
    label = ""
    for text in texts:
        if part := dated_part(text):
            yield from dates_in_line(part, label, date_context)
        label = text if is_date_label(text) else ""


@lru_cache(maxsize=64)
def dates_in_line(text: str, label: str, date_context: DateContext) -> tuple[VisibleDate, ...]:
    """The dates of one line, each with what its own label or `label`, the line before, says."""
    results: list[VisibleDate] = []
    line, last = plain_dates(f"{label} {text}"), 0
    matches = list(find_dates(line, zone=date_context.zone, first=date_context.first))
    has_labels_after = bool(matches) and _has_labels_after(line, matches)
    beside = _text_beside(line, matches)
    is_stated = len(beside) <= MAX_TEXT_BESIDE_LABEL and not _has_other_label(beside)
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
        is_part = SEPARATOR_BEFORE.search(before) and SEPARATOR_AFTER.match(after)
        is_labelled = max(modified_position, published_position) >= 0
        results.append(
            VisibleDate(
                date_match,
                is_modified=modified_position > published_position,
                is_labelled=is_labelled,
                is_alone=len(beside) <= (MAX_TEXT_BESIDE_PART if is_part else MAX_TEXT_BESIDE_DATE),
                is_stated=is_stated,
                is_in_sentence=_is_sentence(line, beside),
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


def _text_beside(line: str, matches: list[DateMatch]) -> str:
    """The text of a line without its dates and, if it is long or has marks, their labels and addresses."""
    parts, last = [], 0
    for match in matches:
        parts.append(line[last : match.start])
        last = match.end
    text = fold_spaces(" ".join([*parts, line[last:]]))
    if len(text) <= MAX_TEXT_BESIDE_DATE and not SENTENCE_OR_LABEL.search(text):
        return text  # nearly every one: to find the labels takes ten times as long
    return fold_spaces(LINE_ADDRESS.sub("", DATE_LABEL.sub(" ", text)))


def _has_other_label(beside: str) -> bool:
    """Whether a line names something else than when and by whom: "Place: Harbour hall"."""
    return any(not DATE_LINE_LABEL.search(label[1]) for label in ANY_LABEL.finditer(beside))


def _is_sentence(line: str, beside: str) -> bool:
    """Whether a line with a date ends as a sentence does, and has other words than names and labels."""
    if OWN_DATE_SENTENCE.search(line):
        return False
    if KOREAN_SENTENCE_END.search(line) or line.rstrip().endswith("。"):
        return True
    return bool(DATED_SENTENCE_END.search(line)) and bool(LOWER_CASE_WORD.search(beside))
