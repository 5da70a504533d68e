"""An article is gone once its address is missing for hours while the rest of its host answers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from schedules.check.confirm.gone import MIN_MISSING_ALONE, MIN_MISSING_BESIDE_OTHERS
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

PATHS = tuple(f"/news/{number}" for number in range(1, 6))
MISSING = Answer(status=404)


def publish(site: Site, *paths: str) -> None:
    for path in paths:
        site.page(path, article_html(f"Bridge number {path[-1]} opens"))


def check_all(checker: Checker, site: Site) -> list[str]:
    return [checker(site.url + path).result.outcome for path in PATHS]


def states(checker: Checker) -> list[str]:
    return [row[0] for row in checker.db.execute("select state from articles order by id")]


def hours(checker: Checker, count: int) -> Iterator[int]:
    """The clock, an hour further at each step."""
    for hour in range(count):
        checker.clock.skip(hours=1)
        yield hour


def test_a_whole_site_that_answers_404_for_a_day_blinds_no_article(
    site: Site, checker: Checker
) -> None:
    publish(site, *PATHS)
    check_all(checker, site)
    site.answers.clear()
    for _ in hours(checker, 24):
        assert check_all(checker, site) == ["failed"] * 5
    publish(site, *PATHS)
    assert check_all(checker, site) == ["unchanged"] * 5


def test_one_article_that_answers_404_for_hours_is_gone_and_only_it(
    site: Site, checker: Checker
) -> None:
    publish(site, *PATHS)
    check_all(checker, site)
    site.answers[PATHS[2]] = MISSING
    outcomes = [check_all(checker, site) for _ in hours(checker, 8)]
    assert [row[2] for row in outcomes] == ["failed"] * 6 + ["gone"] * 2
    assert states(checker) == ["active", "active", "gone", "active", "active"]


def test_a_lone_article_is_gone_after_half_a_day(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    site.answers["/a"] = MISSING
    outcomes = [checker(url).result.outcome for _ in hours(checker, 14)]
    wait = MIN_MISSING_ALONE // timedelta(hours=1)
    assert outcomes == ["failed"] * wait + ["gone"] * (14 - wait)


def test_a_gone_article_that_is_back_is_restored(site: Site, checker: Checker) -> None:
    publish(site, *PATHS)
    check_all(checker, site)
    site.answers[PATHS[0]] = Answer(status=410)
    checker.clock.skip(minutes=5)
    assert check_all(checker, site)[0] == "gone"
    publish(site, PATHS[0])
    checker.clock.skip(hours=3)
    assert check_all(checker, site)[0] == "restored"
    assert states(checker) == ["active"] * 5


def test_a_410_of_the_whole_site_waits_like_a_404(site: Site, checker: Checker) -> None:
    publish(site, *PATHS)
    check_all(checker, site)
    for path in PATHS[1:]:
        site.answers[path] = MISSING
    checker.clock.skip(minutes=5)
    check_all(checker, site)
    site.answers[PATHS[0]] = Answer(status=410)
    result = checker(site.url + PATHS[0]).result
    assert (result.outcome, result.reason) == (
        "failed",
        "410 Gone, as are 4 other articles of the host; the article counts as gone once this has"
        " lasted 7 d, and Variorum keeps checking",
    )


def test_a_page_in_between_starts_the_wait_again(site: Site, checker: Checker) -> None:
    publish(site, *PATHS)
    check_all(checker, site)
    for _ in range(2):
        site.answers[PATHS[0]] = MISSING
        for _ in hours(checker, 4):
            assert check_all(checker, site)[0] == "failed"
        publish(site, PATHS[0])
        assert check_all(checker, site)[0] == "unchanged"


@pytest.mark.parametrize("status", [500, 503])
def test_a_failing_server_in_between_does_not_start_the_wait_again(
    site: Site, checker: Checker, status: int
) -> None:
    publish(site, *PATHS)
    check_all(checker, site)
    answers = [404, status, 404, status, 404, status, 404]
    outcomes = []
    for answer in answers:
        site.answers[PATHS[0]] = Answer(status=answer)
        checker.clock.skip(hours=1)
        outcomes.append(check_all(checker, site)[0])
    assert outcomes[-1] == "gone"
    assert len(answers) - 1 == MIN_MISSING_BESIDE_OTHERS // timedelta(hours=1)


def test_an_article_checked_each_minute_is_gone_after_hours_too(
    site: Site, checker: Checker
) -> None:
    publish(site, *PATHS)
    check_all(checker, site)
    site.answers[PATHS[0]] = MISSING
    outcomes = set()
    for minute in range(360):
        checker.clock.skip(minutes=1)
        outcomes.add(checker(site.url + PATHS[0]).result.outcome)
        if minute == 60:
            checker(site.url + PATHS[1])
    checker.clock.skip(minutes=1)
    assert outcomes == {"failed"}
    assert checker(site.url + PATHS[0]).result.outcome == "gone"
