"""Servers whose ETag or Last-Modified time stays the same whatever is edited."""

from datetime import timedelta
from itertools import pairwise

import pytest

from schedules.daemon.runner import check_due
from schedules.hosts.network import Network
from storage.articles.watch import watch_article
from storage.queue.watches import watch_source
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

LIES = {"ETag": {"ETag": '"1"'}, "weak ETag": {"ETag": 'W/"1"'}, "Last-Modified": {"Last-Modified": "Thu, 14 May 2026 08:00:00 GMT"}}  # fmt: skip
CONDITIONAL = ("if-none-match", "if-modified-since")
EDITED = article_html().replace("21 people", "12 people")
EDITED_AGAIN = article_html().replace("21 people", "13 people")


def is_conditional(headers: dict[str, str]) -> bool:
    return any(name in headers for name in CONDITIONAL)


def serve_lie(site: Site, path: str, body: str, headers: dict[str, str]) -> str:
    """Answer every conditional request with 304, every other one with the page."""

    def answer(request_headers: dict[str, str]) -> Answer:
        if is_conditional(request_headers):
            return Answer(status=304, headers=headers)
        return Answer(body.encode(), headers={"Content-Type": "text/html", **headers})

    site.answers[path] = answer
    return site.url + path


def run_pass(checker: Checker) -> None:
    async def work(network: Network) -> int:
        return await check_due(checker.db, network, jobs=1, report=lambda checked: None)

    checker.run(work)


def outcomes_of_a_day(checker: Checker, url: str) -> list[str]:
    """The outcomes of a check every three hours for a day."""
    outcomes = []
    for _ in range(8):
        checker.clock.skip(hours=3)
        outcomes.append(checker(url).result.outcome)
    return outcomes


@pytest.mark.parametrize("headers", LIES.values(), ids=LIES.keys())
def test_an_edit_behind_a_304_is_found_within_a_day(
    site: Site, checker: Checker, headers: dict[str, str]
) -> None:
    url = serve_lie(site, "/a", article_html(), headers)
    checker(url)
    serve_lie(site, "/a", EDITED, headers)
    outcomes = outcomes_of_a_day(checker, url)
    assert outcomes.count("edited") == 1
    assert set(outcomes) == {"not_modified", "edited", "unchanged"}


def test_a_check_requests_the_whole_page_if_the_next_one_would_be_a_day_late(
    site: Site, checker: Checker
) -> None:
    url = serve_lie(site, "/a", article_html(), LIES["ETag"])
    checker(url)
    serve_lie(site, "/a", EDITED, LIES["ETag"])
    outcomes = []
    for hours in (5, 13):
        checker.clock.skip(hours=hours)
        outcomes.append(checker(url).result.outcome)
    assert outcomes == ["not_modified", "edited"]


@pytest.mark.parametrize("headers", LIES.values(), ids=LIES.keys())
def test_the_daemon_finds_an_edit_behind_a_304(
    site: Site, checker: Checker, headers: dict[str, str]
) -> None:
    url = serve_lie(site, "/a", article_html(), headers)
    watch_article(checker.db, url, at=checker.clock.now(), every="1h")
    run_pass(checker)
    serve_lie(site, "/a", EDITED, headers)
    for _ in range(24):
        checker.clock.skip(hours=1, minutes=1)
        run_pass(checker)
    edits = checker.db.execute("select old, new from edits").fetchall()
    assert edits == [("21", "12")]


def test_a_host_that_hid_an_edit_is_asked_for_whole_pages(site: Site, checker: Checker) -> None:
    urls = [serve_lie(site, path, article_html(), LIES["ETag"]) for path in ("/a", "/b")]
    for url in urls:
        checker(url)
    serve_lie(site, "/a", EDITED, LIES["ETag"])
    outcomes_of_a_day(checker, urls[0])
    for path, url in zip(("/a", "/b"), urls, strict=True):
        serve_lie(site, path, EDITED_AGAIN, LIES["ETag"])
        checker.clock.skip(minutes=10)
        assert checker(url).result.outcome == "edited"


def test_a_host_whose_etag_changes_with_an_edit_is_asked_conditionally(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", article_html(), ETag='"1"')
    checker(url)
    site.page("/a", EDITED, ETag='"2"')
    checker.clock.skip(hours=1)
    assert checker(url).result.outcome == "edited"
    checker.clock.skip(hours=1)
    checker(url)
    assert site.requests[-1][1]["if-none-match"] == '"2"'


def test_an_article_is_requested_whole_once_a_day_and_not_more_often(
    site: Site, checker: Checker
) -> None:
    url = serve_lie(site, "/a", article_html(), LIES["ETag"])
    whole_at = []
    for _ in range(96):
        checker.clock.skip(hours=1)
        checker(url)
        if not is_conditional(site.requests[-1][1]):
            whole_at.append(checker.clock.time)
    gaps = [after - before for before, after in pairwise(whole_at)]
    assert timedelta(hours=18) < min(gaps) <= max(gaps) <= timedelta(hours=24)


def test_a_pending_line_is_confirmed_though_the_server_says_304(
    site: Site, checker: Checker
) -> None:
    def page(line: str) -> str:
        return article_html().replace("</article>", f"<p>{line}</p></article>")

    url = serve_lie(site, "/a", page("The harbour master retires in May"), LIES["ETag"])
    checker(url)
    checker.clock.skip(hours=21)
    serve_lie(site, "/a", page("Ticket sales begin on Thursday"), LIES["ETag"])
    assert checker(url).result.pending
    checker.clock.skip(hours=1)
    assert checker(url).result.outcome == "edited"


def test_a_drastic_change_is_confirmed_though_the_server_says_304(
    site: Site, checker: Checker
) -> None:
    url = serve_lie(site, "/a", article_html(), LIES["ETag"])
    checker(url)
    checker.clock.skip(hours=21)
    short = article_html(paragraphs=("The harbour bridge opened to traffic on Monday.",))
    serve_lie(site, "/a", short, LIES["ETag"])
    assert checker(url).result.unconfirmed
    checker.clock.skip(minutes=6)
    assert checker(url).result.outcome != "not_modified"


def test_a_304_to_a_request_for_the_whole_page_is_a_failure(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html(), ETag='"1"')
    checker(url)
    checker.clock.skip(hours=25)
    site.answers["/a"] = Answer(status=304)
    result = checker(url).result
    assert (result.outcome, result.reason) == (
        "failed",
        "304 Not Modified, though the whole page was requested",
    )


def test_a_304_after_a_redirect_is_a_failure(site: Site, checker: Checker) -> None:
    """The validators were not sent to the address that says 304."""
    url = site.page("/a", article_html(), ETag='"1"')
    checker(url)
    site.answers["/a"] = Answer(status=302, headers={"Location": "/b"})
    site.answers["/b"] = Answer(status=304)
    assert checker(url).result.outcome == "failed"


def test_a_feed_behind_a_304_is_read_within_a_day(site: Site, checker: Checker) -> None:
    def feed(*paths: str) -> str:
        items = "".join(f"<item><link>{site.url}{path}</link></item>" for path in paths)
        return f"<rss version='2.0'><channel>{items}</channel></rss>"

    for path in ("/1", "/2"):
        site.page(path, article_html(f"Story {path} of the day"))
    url = serve_lie(site, "/feed", feed("/1"), LIES["ETag"])
    watch_source(checker.db, url, "feed", at=checker.clock.now())
    run_pass(checker)
    serve_lie(site, "/feed", feed("/1", "/2"), LIES["ETag"])
    for _ in range(24):
        checker.clock.skip(hours=1)
        run_pass(checker)
    urls = [row[0] for row in checker.db.execute("select url from articles order by id").fetchall()]
    assert urls == [site.url + "/1", site.url + "/2"]
