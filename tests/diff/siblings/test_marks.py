"""Marks that a site exchanges in all its articles are no edit; those of one article are."""

from typing import Any

import pytest

from scraper.article import Article
from storage.diff.noise import PageArticle
from storage.diff.siblings.marks import shared_marks, with_marks
from storage.diff.siblings.sibling import Sibling
from tests.diff.siblings.test_lines import page

CURLY, STRAIGHT = (
    "“Nobody asked us,” said the baker’s son.",
    '"Nobody asked us," said the baker\'s son.',
)
OTHER = {CURLY: "“It’s over,” she said.", STRAIGHT: '"It\'s over," she said.'}


def article(number: int, *paragraphs: str, **values: Any) -> Article:
    return Article(f"http://x/{number}", f"Headline {number}", paragraphs=paragraphs, **values)


def sibling(number: int, before: str, now: str) -> Sibling:
    pages: list[PageArticle] = [page(article(number, OTHER[text])) for text in (now, before)]
    return Sibling(f"http://x/{number}", *pages)


def marked(old: Article, new: Article, *siblings: Sibling) -> Article:
    return with_marks(old, new, shared_marks(old, new, siblings).proven)


@pytest.mark.parametrize(("before", "now"), [(CURLY, STRAIGHT), (STRAIGHT, CURLY)])
def test_marks_that_two_siblings_exchanged_are_the_sites(before: str, now: str) -> None:
    others = sibling(1, before, now), sibling(2, before, now)
    old, new = article(0, before, dek=before), article(0, now, dek=now)
    assert marked(old, new, *others) == new


def test_marks_that_one_sibling_exchanged_are_an_edit_and_ask_for_another() -> None:
    old, new = article(0, CURLY), article(0, STRAIGHT)
    shared = shared_marks(old, new, [sibling(1, CURLY, STRAIGHT)])
    assert not shared.proven
    assert shared.is_thin


def test_marks_that_siblings_exchanged_the_other_way_are_an_edit() -> None:
    others = sibling(1, STRAIGHT, CURLY), sibling(2, STRAIGHT, CURLY)
    old = article(0, CURLY)
    assert marked(old, article(0, STRAIGHT), *others) == old


def test_a_word_that_was_edited_beside_exchanged_marks_stays_an_edit() -> None:
    others = sibling(1, CURLY, STRAIGHT), sibling(2, CURLY, STRAIGHT)
    new = article(0, STRAIGHT.replace("baker", "butcher").replace("asked", "told"))
    expected = STRAIGHT.replace("baker's", "baker’s")
    assert marked(article(0, CURLY), new, *others).paragraphs == (expected,)


def test_marks_that_came_or_left_are_an_edit() -> None:
    """Words in quotation marks are somebody's, without them the newspaper's."""
    others = sibling(1, CURLY, STRAIGHT), sibling(2, CURLY, STRAIGHT)
    old = article(0, CURLY)
    assert marked(old, article(0, "Nobody asked us, said the baker’s son."), *others) == old
