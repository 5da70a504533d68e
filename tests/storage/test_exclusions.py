"""Page noise is stored with its evidence, listed, and can be restored."""

import itertools
from collections.abc import Callable

import pytest

from storage.articles.exclusions import excluded_texts, restore_text
from storage.diff.noise.exclusions import PageNoise
from storage.errors import NotFoundError
from storage.queries import articles as queries
from tests.support.checker import Checker
from tests.support.history import record_check
from tests.support.pages import article_html
from tests.support.site import Answer, Site

CLOCK_LINE = "The harbour clock shows number {} at this hour, as the keeper of the clock tells everybody who asks."


def ticking_page(site: Site) -> Callable[[dict[str, str]], Answer]:
    """A page that is edited after the first response, and has another line in each one since."""
    numbers = itertools.count(1)

    def answer(headers: dict[str, str]) -> Answer:
        number = next(numbers)
        html = article_html()
        if number > 1:
            line = f"<p>{CLOCK_LINE.format(number * 137)}</p>"
            html = html.replace("<p>A second", f"{line}<p>A second").replace(
                "21 people", "12 people"
            )
        return Answer(html.encode())

    return answer


def test_a_line_that_differs_between_fetches_is_stored_with_its_evidence(
    site: Site, checker: Checker
) -> None:
    site.answers["/a"] = ticking_page(site)
    checker(site.url + "/a")
    assert checker(site.url + "/a").result.outcome == "edited"
    assert [row["kind"] for row in excluded_texts(checker.db, 1)] == ["pending"]
    assert checker(site.url + "/a").result.outcome == "unchanged"
    rows = list(excluded_texts(checker.db, 1))
    assert {row["kind"] for row in rows} == {"volatile"}
    assert {row["text"] for row in rows} == {CLOCK_LINE.format(137 * n) for n in (2, 3, 4, 5)}
    assert (CLOCK_LINE.format(137 * 2), CLOCK_LINE.format(137 * 3)) in {
        (row["evidence"]["first"], row["evidence"]["second"]) for row in rows
    }


def test_an_undone_exclusion_returns_to_the_article_without_an_edit(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", article_html())
    checker(url)
    line = "A second bridge, further up the river, will be closed for inspection in the autumn of next year."
    record_check(checker.db, url, at=checker.clock.now(), page_noise=[PageNoise(line)])
    site.page("/a", article_html().replace("21 people", "12 people"))
    assert checker(url).result.outcome == "edited"
    assert line not in queries.version(checker.db, 1)["body"]
    checker.clock.skip(hours=1)
    restore_text(checker.db, 1, 1, at=checker.clock.now())
    checker.clock.skip(hours=1)
    assert checker(url).result.outcome == "technical"
    assert line in queries.version(checker.db, 1)["body"]
    assert checker(url).result.outcome == "unchanged"
    assert checker.db.execute("select count(*) from edits where new = ?", [line]).fetchone() == (0,)


def test_each_undone_exclusion_returns_to_the_article(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    lines = queries.version(checker.db, 1)["body"].split("\n\n")[-2:]
    page_noise = [PageNoise(line) for line in lines]
    record_check(checker.db, url, at=checker.clock.now(), page_noise=page_noise)
    site.page("/a", article_html().replace("21 people", "12 people"))
    assert checker(url).result.outcome == "edited"
    for number, line in enumerate(lines, 1):
        checker.clock.skip(hours=1)
        restore_text(checker.db, 1, number, at=checker.clock.now())
        checker.clock.skip(hours=1)
        assert checker(url).result.outcome == "technical"
        assert line in queries.version(checker.db, 1)["body"]
        assert checker(url).result.outcome == "unchanged"


def test_a_text_is_excluded_once_and_not_again_after_the_user_restored_it(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", article_html())
    checker(url)
    for _ in range(2):
        record_check(checker.db, url, at=checker.clock.now(), page_noise=[PageNoise(CLOCK_LINE)])
    assert [row["restored_at"] for row in excluded_texts(checker.db, 1)] == [None]
    restore_text(checker.db, 1, 1, at=checker.clock.now())
    record_check(checker.db, url, at=checker.clock.now(), page_noise=[PageNoise(CLOCK_LINE)])
    assert [row["restored_at"] is None for row in excluded_texts(checker.db, 1)] == [False]


def test_the_page_noise_of_another_article_is_not_listed(site: Site, checker: Checker) -> None:
    for path, line in (("/a", "Save on shoes."), ("/b", "Win a car.")):
        checker(site.page(path, article_html()))
        record_check(
            checker.db, site.url + path, at=checker.clock.now(), page_noise=[PageNoise(line)]
        )
    assert [row["text"] for row in excluded_texts(checker.db, 1)] == ["Save on shoes."]


def test_an_unknown_exclusion_cannot_be_undone(site: Site, checker: Checker) -> None:
    checker(site.page("/a", article_html()))
    with pytest.raises(NotFoundError, match="7: no such text"):
        restore_text(checker.db, 1, 7, at=checker.clock.now())
