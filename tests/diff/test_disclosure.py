"""Whether the publisher disclosed an edit."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from scraper.article import Article
from storage.diff import compare
from storage.diff.disclosure import MAX_NOTE_CHARACTERS, Disclosure, disclosure

NINE, TEN = datetime(2026, 5, 14, 9, tzinfo=UTC), datetime(2026, 5, 14, 10, tzinfo=UTC)
OLD_TEXT, NEW_TEXT = "Police said 12 people died.", "Police said 21 people died."
NOTE = "Correction: An earlier version gave a wrong toll."


def article(*paragraphs: str, modified_at: datetime | None = None) -> Article:
    return Article("https://example.org/a", "Fire", paragraphs=paragraphs, modified_at=modified_at)


CASES = {
    "a correction note was added": (
        article(OLD_TEXT),
        article(NEW_TEXT, NOTE),
        Disclosure(True, f"correction note: {NOTE}"),
    ),
    "a correction note was edited": (
        article(OLD_TEXT, NOTE.replace("toll", "day")),
        article(NEW_TEXT, NOTE),
        Disclosure(True, f"correction note: {NOTE}"),
    ),
    "a correction note was removed": (article(OLD_TEXT, NOTE), article(NEW_TEXT), Disclosure()),
    "a note counts before an unchanged timestamp": (
        article(OLD_TEXT, modified_at=NINE),
        article(NEW_TEXT, NOTE, modified_at=NINE),
        Disclosure(True, f"correction note: {NOTE}"),
    ),
    "the timestamp changed": (
        article(OLD_TEXT, modified_at=NINE),
        article(NEW_TEXT, modified_at=TEN),
        Disclosure(True, "modified timestamp: 2026-05-14T09:00:00Z → 2026-05-14T10:00:00Z"),
    ),
    "a timestamp was added": (
        article(OLD_TEXT),
        article(NEW_TEXT, modified_at=TEN),
        Disclosure(True, "modified timestamp: none → 2026-05-14T10:00:00Z"),
    ),
    "the timestamp is unchanged": (
        article(OLD_TEXT, modified_at=NINE),
        article(NEW_TEXT, modified_at=NINE),
        Disclosure(False, "modified timestamp unchanged: 2026-05-14T09:00:00Z"),
    ),
    "the timestamp was removed": (
        article(OLD_TEXT, modified_at=NINE),
        article(NEW_TEXT),
        Disclosure(),
    ),
    "the page has neither": (article(OLD_TEXT), article(NEW_TEXT), Disclosure()),
}


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES.keys())
def test_a_note_or_a_changed_timestamp_discloses_an_edit(
    old: Article, new: Article, expected: Disclosure
) -> None:
    assert disclosure(old, new, iter(compare(old, new))) == expected


def test_a_long_note_is_cut_as_evidence() -> None:
    old, new = article(OLD_TEXT), article(NEW_TEXT, f"Correction: {'very ' * 100}wrong.")
    evidence = disclosure(old, new, compare(old, new)).evidence or ""
    assert len(evidence) == len("correction note: ") + MAX_NOTE_CHARACTERS


def header(time: datetime) -> str:
    return format_datetime(time, usegmt=True)


MINUTE = timedelta(minutes=1)
HEADERS = {
    "it advanced": (header(NINE), header(TEN), TEN + 2 * MINUTE, True),
    "it advanced to the time of the response": (header(NINE), header(TEN), TEN + MINUTE, None),
    "it went back": (header(TEN), header(NINE), TEN + 2 * MINUTE, None),
    "it is unchanged": (header(NINE), header(NINE), TEN, None),
    "the first response has none": (None, header(TEN), TEN + 2 * MINUTE, None),
    "the second response has none": (header(NINE), None, TEN + 2 * MINUTE, None),
    "the time of the response is unknown": (header(NINE), header(TEN), None, None),
    "it is no date": (header(NINE), "yesterday", TEN + 2 * MINUTE, None),
    "it has no time zone": ("Thu, 14 May 2026 09:00:00", header(TEN), TEN + 2 * MINUTE, None),
}


@pytest.mark.parametrize(("old", "new", "at", "expected"), HEADERS.values(), ids=HEADERS.keys())
def test_a_last_modified_header_discloses_an_edit_only_if_it_advanced(
    old: str | None, new: str | None, at: datetime | None, expected: bool | None
) -> None:
    pair = article(OLD_TEXT), article(NEW_TEXT)
    result = disclosure(*pair, compare(*pair), modified=(old, new), at=at)
    assert result.disclosed is expected
    assert result.evidence == (f"Last-Modified: {old} → {new}" if expected else None)


def test_the_timestamp_of_the_page_counts_before_the_header() -> None:
    pair = article(OLD_TEXT, modified_at=NINE), article(NEW_TEXT, modified_at=NINE)
    headers = (header(NINE), header(TEN))
    assert disclosure(*pair, (), modified=headers, at=TEN + 2 * MINUTE).disclosed is False
