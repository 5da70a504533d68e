"""A paywall's teaser is no edit."""

import pytest

from schedules.check.confirm.likeness import is_teaser
from scraper.article import Article

SENTENCE = "The harbour bridge opened to traffic on Monday after two years of repair."
PARAGRAPHS = tuple(f"Part {number}. {SENTENCE}" for number in range(10))
NOTICE = "Subscribe to continue reading."


def article(*paragraphs: str) -> Article:
    return Article("https://example.org/a", "Bridge", paragraphs=paragraphs)


FULL = article(*PARAGRAPHS)


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
