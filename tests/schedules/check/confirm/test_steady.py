"""A text that was left out as page noise, and that later checks show steadily, is the article's."""

import itertools
from collections.abc import Sequence

import pytest

from storage.articles.exclusions import excluded_texts
from storage.diff.noise.exclusions import PageNoise
from storage.diff.steady import MIN_STEADY_CHECKS, MIN_STEADY_TIME
from storage.queries import articles as queries
from tests.support.checker import Checker
from tests.support.history import record_check
from tests.support.pages import article_html
from tests.support.site import Answer, Site

NEXT_PARAGRAPH = "<p>A second bridge"
ADDED = "The minister who had promised the bridge for last year resigned on Tuesday evening."
AD = "Win two nights in the hotel above the harbour with our summer quiz for readers."
HOURS_APART = MIN_STEADY_TIME.total_seconds() / 3600 / (MIN_STEADY_CHECKS - 1)


def page(line: str | None) -> str:
    """The article, with another paragraph among its own."""
    added = f"<p>{line}</p>" if line else ""
    return article_html().replace(NEXT_PARAGRAPH, added + NEXT_PARAGRAPH)


def serve_in_turns(site: Site, *pages: str) -> None:
    """Give these pages to the next requests, one after the other, again and again."""
    bodies = itertools.cycle(html.encode() for html in pages)
    site.answers["/a"] = lambda headers: Answer(next(bodies))


def check_each(
    site: Site, checker: Checker, pages: Sequence[str], *, hours: float = HOURS_APART
) -> list[str]:
    """One check of each page, some hours after the one before; gives the outcomes."""
    outcomes = []
    for html in pages:
        url = site.page("/a", html)
        checker.clock.skip(hours=hours)
        outcomes.append(checker(url).result.outcome)
    return outcomes


def left_out_once(site: Site, checker: Checker, line: str = ADDED) -> None:
    """An edit that one of two responses lacks: it is left out."""
    checker(site.page("/a", page(None)))
    serve_in_turns(site, page(line), page(None))
    checker.clock.skip(hours=1)
    assert checker(site.url + "/a").result.outcome == "unchanged"
    assert [row["text"] for row in excluded_texts(checker.db, 1)] == [line]


def edits(checker: Checker) -> list[tuple[str | None, str | None]]:
    """The old and the new words of every edit."""
    return checker.db.execute("select old, new from edits order by id").fetchall()


def test_an_edit_that_one_of_two_caches_lacked_is_logged_once_it_lasts(
    site: Site, checker: Checker
) -> None:
    left_out_once(site, checker)
    outcomes = check_each(site, checker, [page(ADDED)] * (MIN_STEADY_CHECKS + 1))
    assert outcomes == ["unchanged"] * (MIN_STEADY_CHECKS - 1) + ["edited", "unchanged"]
    assert edits(checker) == [(None, ADDED)]
    assert ADDED in queries.version(checker.db, 1)["body"]


def test_a_text_that_counts_again_keeps_its_evidence(site: Site, checker: Checker) -> None:
    left_out_once(site, checker)
    check_each(site, checker, [page(ADDED)] * MIN_STEADY_CHECKS)
    [row] = excluded_texts(checker.db, 1)
    assert row["restored_at"]
    assert row["evidence"]["is_withdrawn"]
    assert row["evidence"]["checks"] == MIN_STEADY_CHECKS


def test_a_text_that_is_shown_for_minutes_stays_left_out(site: Site, checker: Checker) -> None:
    left_out_once(site, checker)
    outcomes = check_each(site, checker, [page(ADDED)] * (2 * MIN_STEADY_CHECKS), hours=0.1)
    assert set(outcomes) == {"unchanged"}


def test_an_ad_that_comes_and_goes_stays_left_out(site: Site, checker: Checker) -> None:
    left_out_once(site, checker, AD)
    shown = [page(AD)] * (MIN_STEADY_CHECKS - 1) + [page(None)]
    assert set(check_each(site, checker, shown * 4)) == {"unchanged"}
    assert edits(checker) == []


def test_an_ad_that_the_second_response_lacks_stays_left_out(site: Site, checker: Checker) -> None:
    left_out_once(site, checker, AD)
    check_each(site, checker, [page(AD)] * (MIN_STEADY_CHECKS - 1))
    serve_in_turns(site, page(AD), page(None))
    checker.clock.skip(hours=HOURS_APART)
    assert checker(site.url + "/a").result.outcome == "unchanged"
    assert set(check_each(site, checker, [page(AD)] * MIN_STEADY_CHECKS)) == {"unchanged"}


def test_a_text_of_the_first_version_comes_back_without_an_edit(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", page(ADDED))
    checker(url)
    noise = PageNoise(ADDED, first=ADDED, was_stored=True)
    record_check(checker.db, url, at=checker.clock.now(), page_noise=[noise])
    edited = page(ADDED).replace("21 people", "12 people")
    assert check_each(site, checker, [edited]) == ["edited"]
    assert ADDED not in queries.version(checker.db, 1)["body"]
    outcomes = check_each(site, checker, [edited] * MIN_STEADY_CHECKS)
    assert "technical" in outcomes
    assert ADDED in queries.version(checker.db, 1)["body"]
    assert ADDED not in {text for row in edits(checker) for text in row}


@pytest.mark.parametrize("times", [1, 2])
def test_what_a_sibling_shows_is_never_withdrawn(site: Site, checker: Checker, times: int) -> None:
    url = site.page("/a", page(None))
    checker(url)
    noise = PageNoise(AD, sibling=site.url + "/b")
    record_check(checker.db, url, at=checker.clock.now(), page_noise=[noise])
    shown = [page(AD)] * (MIN_STEADY_CHECKS * times + 1)
    assert set(check_each(site, checker, shown)) == {"unchanged"}


def test_a_counter_with_one_number_stays_left_out(site: Site, checker: Checker) -> None:
    counter = "Neighbours shared this report {} times on the notice board at the town hall."
    checker(site.page("/a", page(None)))
    serve_in_turns(site, page(counter.format(7)), page(counter.format(8)))
    checker.clock.skip(hours=1)
    checker(site.url + "/a")
    shown = [page(counter.format(9))] * (MIN_STEADY_CHECKS + 1)
    assert set(check_each(site, checker, shown)) == {"unchanged"}
