"""What stories share without being the publisher's: stock phrases, teasers, counts of victims, mass edits."""

from collections.abc import Sequence

import pytest

from schedules.check.settings import CheckSettings
from tests.diff.siblings.stories import story
from tests.support.checker import Checker
from tests.support.pages import STORIES, article_html
from tests.support.site import Site

PHRASE = "The company did not answer the questions that this newspaper sent to it by letter."
NEWS = "Divers found the second anchor of the old schooner in the mud below the pier on Sunday."


def publish(site: Site, added: Sequence[Sequence[str]], around: str = "") -> list[str]:
    """Serve a story for each entry, with these lines after its third paragraph; gives their URLs."""
    urls = []
    for number, lines in enumerate(added):
        headline, *paragraphs = STORIES[number]
        texts = (*paragraphs[:3], *lines, *paragraphs[3:])
        shown = around if number else ""
        urls.append(site.page(f"/news/{number}", article_html(headline, texts, around=shown)))
    return urls


@pytest.fixture
def checker(checker: Checker) -> Checker:
    """A checker that learns no lines, so that siblings alone decide."""
    checker.settings = CheckSettings(learn="off")
    return checker


def check_all(checker: Checker, urls: list[str], times: int = 1) -> None:
    for _ in range(times):
        for url in urls:
            checker(url)
        checker.clock.skip(hours=2)


def edits(checker: Checker) -> list[tuple[str | None, str | None]]:
    return [(row["old"], row["new"]) for row in checker.db.query("select old, new from edits")]


def test_a_phrase_that_a_sibling_keeps_is_logged_when_it_leaves(site: Site, checker: Checker) -> None:  # fmt: skip
    urls = publish(site, [[PHRASE], [PHRASE], [], []])
    check_all(checker, urls, 2)
    publish(site, [[], [PHRASE], [], []])
    check_all(checker, urls)
    assert edits(checker) == [(PHRASE, None)]


@pytest.mark.parametrize("others", [[[PHRASE]], [[PHRASE], [], []]], ids=["one sibling", "three"])
def test_a_phrase_that_a_sibling_had_before_is_logged_when_it_comes(
    site: Site, checker: Checker, others: list[list[str]]
) -> None:
    urls = publish(site, [[], *others])
    check_all(checker, urls, 2)
    publish(site, [[PHRASE], *others])
    check_all(checker, urls)
    assert edits(checker) == [(None, PHRASE)]


def test_a_phrase_that_comes_to_two_of_five_stories_at_once_is_two_edits_hours_later(
    site: Site, checker: Checker
) -> None:
    urls = publish(site, [[]] * 5)
    check_all(checker, urls, 2)
    publish(site, [[PHRASE], [PHRASE], [], [], []])
    check_all(checker, urls, 2)
    assert edits(checker) == []
    checker.clock.skip(hours=6)
    check_all(checker, urls)
    assert edits(checker) == [(None, PHRASE)] * 2


def test_a_line_that_comes_to_one_story_after_the_other_is_no_edit(
    site: Site, checker: Checker
) -> None:
    urls = publish(site, [[]] * 5)
    check_all(checker, urls, 2)
    publish(site, [[PHRASE], [PHRASE], [], [], []])
    assert checker(urls[0]).result.pending
    checker.clock.skip(hours=2)
    publish(site, [[PHRASE]] * 5)
    check_all(checker, urls, 2)
    assert edits(checker) == []


@pytest.mark.parametrize(
    "teaser",
    [
        f"<div><h3><a href=/news/0>{STORIES[0][0]}</a></h3><p>{NEWS}</p></div>",
        f"<ul><li><a href=/news/0>{NEWS}</a></li></ul>",
    ],
    ids=["beside the link", "as the link"],
)
def test_a_new_sentence_that_other_pages_show_in_a_teaser_is_an_edit(
    site: Site, checker: Checker, teaser: str
) -> None:
    urls = publish(site, [[]] * 4)
    check_all(checker, urls, 2)
    publish(site, [[NEWS], [], [], []], around=teaser)
    check_all(checker, urls, 2)
    assert edits(checker) == [(None, NEWS)]


WAR = "The war has killed {} people since the army crossed the border of the river land."
CLUB = "Our club of {} readers keeps the lights on in this newsroom, and you may join it."


def count(site: Site, checker: Checker, line: str, numbers: list[str]) -> list[tuple[str | None, str | None]]:  # fmt: skip
    """What is logged while all stories show one number after the other."""
    for number in numbers:
        urls = publish(site, [[line.format(number)]] * 4)
        check_all(checker, urls, 2 if number == numbers[0] else 1)
    check_all(checker, urls)
    return edits(checker)


def test_a_number_that_moves_at_every_check_of_all_stories_is_no_edit(
    site: Site, checker: Checker
) -> None:
    assert count(site, checker, CLUB, ["683", "690", "702"]) == []


def test_a_number_that_rose_in_one_story_alone_is_an_edit(site: Site, checker: Checker) -> None:
    urls = publish(site, [[WAR.format(12000)]] * 4)
    check_all(checker, urls, 2)
    publish(site, [[WAR.format(14000)], *[[WAR.format(12000)]] * 3])
    check_all(checker, urls, 2)
    assert edits(checker) == [("12000", "14000")]


def test_a_sentence_that_two_rewritten_stories_share_stays_in_both(
    site: Site, checker: Checker
) -> None:
    urls = publish(site, [[]] * 5)
    check_all(checker, urls, 2)
    for number in range(2):
        headline, first, *_ = STORIES[number]
        texts = [first, *story(number).paragraphs[:4], PHRASE]
        site.page(f"/news/{number}", article_html(headline, texts))
    check_all(checker, urls, 6)
    bodies = checker.db.execute("select body from versions where number = 2").fetchall()
    assert [PHRASE in body for (body,) in bodies] == [True, True]
