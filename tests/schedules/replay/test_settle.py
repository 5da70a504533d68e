"""Histories of one host rebuilt together: what one article showed is evidence for the others."""

from pathlib import Path

import pytest

from schedules.replay.rebuild import ReplayedArticle
from schedules.replay.settle import rebuilt_articles
from storage.articles.replace import rebuildable
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site

STORIES = (
    article_html(),
    article_html(
        "Orchard keepers count the cost of a late frost",
        (
            "Frost in the last week of April has taken two thirds of the cherry blossom in the valley.",
            "Tobias Renn, who keeps 340 trees near the mill, lit fires between the rows for five nights.",
            "The growers' union wants the county to pay a third of the loss, as it did nine years ago.",
            "Apples bloom later and are unharmed so far, said the fruit station, which measures the buds daily.",
        ),
    ),
    article_html(
        "Night trains return to the coast after a decade",
        (
            "Sleeping cars leave the capital at 21:40 from December on and reach the sea before breakfast.",
            "Fares begin at 49 crowns for a seat; a bed in a compartment for four costs twice as much.",
            "Lena Obrecht collected 18,000 signatures for the line when it was closed eleven years ago.",
            "Two of the eight carriages come from a museum and were fitted with new brakes this summer.",
        ),
    ),
)
NOTICE = article_html(
    "We are moving to a new building",
    (
        "Our presses and our servers travel across town this week, and some pages cannot be read meanwhile.",
        "Subscribers find the printed paper in the letter box at the usual hour on every day of the move.",
        "The switchboard answers calls from six in the morning; the letters desk stays where it has been.",
        "Thank you for your patience until everything has found its place on the shelves again.",
    ),
)


def check_all(site: Site, checker: Checker, pages: tuple[str, ...]) -> None:
    """Check three addresses that show these pages, and let two and a half hours pass."""
    for number, html in enumerate(pages):
        checker(site.page(f"/news/{number}", html))
    checker.clock.skip(hours=2.5)


def rebuilt(tmp_path: Path, checker: Checker) -> list[ReplayedArticle]:
    """What a rebuild would change."""
    articles = [(row[0], row[1]) for row in rebuildable(checker.db)]
    path = tmp_path / "variorum.db"
    return list(rebuilt_articles(path, articles, (), jobs=1, learn="watched", advance=lambda: None))


@pytest.fixture
def notice_history(site: Site, checker: Checker) -> None:
    """Three articles whose site showed a notice at each address for ten hours."""
    check_all(site, checker, STORIES)
    for number in range(5):
        check_all(site, checker, tuple(f"{NOTICE}<!-- {number} -->" for _ in STORIES))
    check_all(site, checker, STORIES)


@pytest.mark.usefixtures("notice_history")
def test_a_rebuild_decides_about_a_faulty_site_as_the_checks_did(
    tmp_path: Path, checker: Checker
) -> None:
    assert rebuilt(tmp_path, checker) == []


@pytest.mark.usefixtures("notice_history")
def test_evidence_that_an_older_program_did_not_keep_is_found_again(
    tmp_path: Path, checker: Checker
) -> None:
    checker.db.execute("update fetches set unconfirmed = 0, sketch = null")
    assert rebuilt(tmp_path, checker) == []


def test_an_article_keeps_the_text_that_another_address_shows_later(
    site: Site, tmp_path: Path, checker: Checker
) -> None:
    check_all(site, checker, STORIES)
    for _ in range(2):
        check_all(site, checker, (STORIES[1], STORIES[2], STORIES[0]))
    check_all(site, checker, STORIES)
    assert rebuilt(tmp_path, checker) == []


def test_a_rebuild_leaves_no_copy_of_the_database_behind(
    site: Site, tmp_path: Path, checker: Checker
) -> None:
    check_all(site, checker, STORIES)
    rebuilt(tmp_path, checker)
    assert list(tmp_path.glob("variorum-*")) == []
