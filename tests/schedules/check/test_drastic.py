"""A drastic change waits for a later check, and a paywall's teaser is no edit."""

from datetime import UTC, datetime, timedelta

import pytest

from schedules.check.confirm.drastic import MIN_CONFIRM_GAP, implausible, is_confirmed, is_teaser
from scraper.article import Article

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
SENTENCE = "The harbour bridge opened to traffic on Monday after two years of repair."  # 13 words
PARAGRAPHS = tuple(f"Part {number}. {SENTENCE}" for number in range(10))
NOTICE = "Subscribe to continue reading."


def article(*paragraphs: str) -> Article:
    return Article("https://example.org/a", "Bridge", paragraphs=paragraphs)


def unlike(words: int) -> Article:
    return article(" ".join(f"word{number}" for number in range(words)))


FULL = article(*PARAGRAPHS)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (FULL, None),
        (article(*PARAGRAPHS[:6]), None),
        (article(*PARAGRAPHS[:2]), "most of the text is gone"),
        (unlike(150), "shares little"),
        (unlike(339), "shares little"),
        (unlike(1_000), None),
    ],
    ids=[
        "the same",
        "shorter",
        "most is gone",
        "another text",
        "another text, longer",
        "a flash that grew",
    ],
)
def test_a_drastic_change_is_implausible(new: Article, expected: str | None) -> None:
    reason = implausible(FULL, new)
    assert (reason is None) if expected is None else (reason is not None and expected in reason)


def test_no_change_of_a_short_text_is_implausible() -> None:
    assert implausible(article(PARAGRAPHS[0]), article("Gone.")) is None


@pytest.mark.parametrize(
    ("paragraphs", "lines", "expected"),
    [
        (PARAGRAPHS[:3], (NOTICE,), True),
        ((*PARAGRAPHS[:3], NOTICE), (NOTICE,), True),
        ((*PARAGRAPHS[:2], "Part 2. The harbour bridge opened …"), (NOTICE,), True),
        (PARAGRAPHS[:3], ("Related stories",), False),
        (PARAGRAPHS[:9], (NOTICE,), False),
        ((PARAGRAPHS[1], PARAGRAPHS[2]), (NOTICE,), False),
        ((PARAGRAPHS[0], PARAGRAPHS[2]), (NOTICE,), False),
        ((NOTICE,), (NOTICE,), False),
        (tuple("abcdefghijkl"), (NOTICE,), False),
    ],
    ids=[
        "the first paragraphs", "with the notice among them", "cut in a sentence", "without a notice",
        "nearly all of it", "not the beginning", "a paragraph missing", "the notice alone", "more paragraphs",
    ],
)  # fmt: skip
def test_a_teaser_is_the_beginning_with_a_notice(
    paragraphs: tuple[str, ...], lines: tuple[str, ...], expected: bool
) -> None:
    assert is_teaser(FULL, article(*paragraphs), lines) is expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (None, False),
        (NOON - timedelta(seconds=59), False),
        (NOON - MIN_CONFIRM_GAP, True),
        (NOON - timedelta(hours=1), True),
    ],
)
def test_a_change_is_confirmed_a_minute_later(since: datetime | None, expected: bool) -> None:
    text = since.isoformat() if since else None
    assert is_confirmed(text, NOON) is expected
