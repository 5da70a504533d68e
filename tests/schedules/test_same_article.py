"""Two addresses show one article only if their texts say so."""

import pytest

from schedules.check.same_article import is_same_article, is_same_text
from scraper.article import Article

PARAGRAPHS = (
    "The harbour bridge opened to traffic on Monday after two years.",
    "Repairs cost 12 million crowns, the port authority said.",
    "A second bridge will be closed for inspection in the autumn.",
    "The ferry keeps running on Sundays until the end of the month.",
    "Nobody was hurt when the middle span fell into the river.",
)


def article(*paragraphs: str) -> Article:
    return Article("https://example.org/a", "Bridge", paragraphs=paragraphs)


@pytest.mark.parametrize(
    ("shared", "expected"), [(5, True), (3, True), (2, False), (1, False), (0, False)]
)
def test_most_paragraphs_must_be_identical(shared: int, expected: bool) -> None:
    """A template repeats a paragraph or two on every page of a site."""
    others = tuple(f"Another story, part {number}, of another day." for number in range(5 - shared))
    assert is_same_text(article(*PARAGRAPHS), article(*PARAGRAPHS[:shared], *others)) is expected


def test_a_long_story_is_not_the_short_one_that_it_contains() -> None:
    assert not is_same_text(article(*PARAGRAPHS), article(PARAGRAPHS[0]))
    assert not is_same_text(article(PARAGRAPHS[0]), article(*PARAGRAPHS))


def test_an_empty_text_is_not_the_same_as_any() -> None:
    assert not is_same_text(article(), article())


@pytest.mark.parametrize(("shared", "expected"), [(5, True), (3, True), (1, False)])
def test_an_article_shares_half_of_its_words(shared: int, expected: bool) -> None:
    others = ("Quite different words fill every other paragraph of some unrelated report here.",)
    other = article(*PARAGRAPHS[:shared], *others * (5 - shared))
    assert is_same_article(article(*PARAGRAPHS), other) is expected
