"""Checks are polite, and no answer of a host ends more than the check."""

from datetime import timedelta

from sqlite_utils import Database

from schedules import check as checking
from schedules.check.observe import Request
from schedules.check.request import observe_on_host
from scraper.fetch import Limits
from tests.support.checker import Checker, Clock
from tests.support.pages import article_html
from tests.support.site import Answer, Site


def test_a_redirect_to_an_impossible_host_is_a_row(site: Site, checker: Checker) -> None:
    site.answers["/a"] = Answer(status=302, headers={"Location": "http://xn--a/"})
    assert checker(site.url + "/a").result.outcome == "failed"


def test_robots_rules_are_obeyed(site: Site, checker: Checker) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    checked = checker(site.page("/private/a", article_html()))
    assert checked.result.outcome == "refused"
    assert "/private/a" not in site.paths()


def test_a_redirect_to_a_disallowed_path_is_refused(site: Site, checker: Checker) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    site.page("/private/a", article_html())
    site.answers["/a"] = Answer(status=302, headers={"Location": "/private/a"})
    assert checker(site.url + "/a").result.outcome == "refused"
    assert "/private/a" not in site.paths()


def test_a_request_on_one_host_follows_no_redirect_to_another(site: Site, checker: Checker) -> None:
    site.page("/b", article_html())
    for target in ("/b", site.url.replace("127.0.0.1", "localhost") + "/b"):
        site.answers["/a"] = Answer(status=302, headers={"Location": target})
        shown = checker.run(lambda network: observe_on_host(network, Request(site.url + "/a")))
        assert (shown.content is None) == ("localhost" in target)
    assert shown.verdict is not None
    assert "to another host" in shown.verdict.reason


def test_a_failing_robots_txt_means_wait(site: Site, checker: Checker) -> None:
    site.answers["/robots.txt"] = Answer(status=500)
    checked = checker(site.page("/a", article_html()))
    assert (checked.result.outcome, checked.result.reason) == ("failed", "robots.txt answers 500")
    assert "/a" not in site.paths()


def test_a_host_that_sent_retry_after_is_not_requested(site: Site, checker: Checker) -> None:
    site.answers["/a"] = Answer(status=429, headers={"Retry-After": "3600"})
    site.page("/b", article_html())
    outcomes = checker.run(
        lambda network: _check_outcomes(checker.db, network, [site.url + "/a", site.url + "/b"])
    )
    assert outcomes == ["blocked", "blocked"]
    assert "/b" not in site.paths()


def test_the_next_check_waits_as_long_as_retry_after_says(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    site.answers["/a"] = Answer(status=503, headers={"Retry-After": "7200"})
    checked = checker(url)
    assert checked.result.plan.next_check_at is not None
    assert checked.result.plan.next_check_at - checker.clock.time > timedelta(seconds=7190)


def test_requests_to_one_host_are_a_delay_apart(site: Site, db: Database, clock: Clock) -> None:
    checker = Checker(db, clock, delay=timedelta(seconds=5))
    urls = [site.page(f"/{name}", article_html(f"Story {name} of the day")) for name in "abc"]
    checker.run(lambda network: _check_outcomes(db, network, urls))
    assert len(clock.sleeps) == 3
    assert all(4.9 < seconds <= 5 for seconds in clock.sleeps)


async def _check_outcomes(db: Database, network: object, urls: list[str]) -> list[str]:
    return [(await checking.check(db, url, network)).result.outcome for url in urls]  # type: ignore[arg-type]


def test_a_page_that_never_ends_is_a_row(site: Site, db: Database, clock: Clock) -> None:
    site.answers["/a"] = Answer(b"<p>" + b"words " * 100_000)
    checked = Checker(db, clock, limits=Limits(body=50_000))(site.url + "/a")
    assert (checked.result.outcome, "larger than" in (checked.result.reason or "")) == (
        "failed",
        True,
    )
