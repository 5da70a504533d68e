"""robots.txt, with the examples of RFC 9309."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from scraper.errors import FetchError, ScraperError, UrlError
from scraper.fetch import Response
from scraper.http.robots import (
    MAX_CRAWL_DELAY,
    MAX_ROBOTS_BYTES,
    Robots,
    read_robots,
    robots_from,
)

NOON = datetime(2026, 5, 14, tzinfo=UTC)

# RFC 9309 section 5.1, with our product token in place of the group of FooBot.
RFC_RULES = b"""
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: variorum
Disallow: /
Allow: /example/page.html
Allow: /example/allowed.gif

User-Agent: bazbot
Disallow: /example/page.html
"""
# Section 5.2: the longest match wins.
LONGEST_MATCH_RULES = (
    b"User-Agent: variorum\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n"
)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        (RFC_RULES, "/example/page.html", True),
        (RFC_RULES, "/example/allowed.gif", True),
        (RFC_RULES, "/publications/", False),
        (LONGEST_MATCH_RULES, "/example/page/disallowed.gif", False),
        (LONGEST_MATCH_RULES, "/example/page/a.html", True),
        (b"User-agent: *\nDisallow:\n", "/a", True),
        (b"User-agent: *\nDisallow: /\n", "/a", False),
        (b"<html>a page, not rules</html>", "/a", True),
        (b"\xff\xfe\x00", "/a", True),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /a\n", "/a", False),
        (b"\xef\xbb\xbf\xef\xbb\xbfUser-agent: Variorum\nDisallow: /a\n", "/a", False),
        (b"# rules\n\xef\xbb\xbfUser-agent: *\nDisallow: /a\n", "/a", False),
        ("User-agent: *\nDisallow: /a\n".encode("utf-16"), "/a", False),
        (b"User-agent: *\rDisallow: /a\r", "/a", False),
        (b"User-agent: *\r\nDisallow: /a\r\n", "/a", False),
        (b"User-agent: Variorum/0.1\nDisallow: /a\n", "/a", False),
        (b"user-agent : variorum/* # ours\nDisallow: /a\n", "/a", False),
        (b"User-agent: Variorumbot\nDisallow: /a\n", "/a", True),
    ],
)
def test_rules_match_as_rfc_9309_says(rules: bytes, path: str, allowed: bool) -> None:
    robots = robots_from(200, rules, now=NOON)
    assert robots.allows("https://example.org" + path) is allowed


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)]
)
def test_missing_rules_allow_and_failing_ones_mean_wait(status: int, allowed: bool) -> None:
    assert robots_from(status, b"", now=NOON).allows("https://example.org/a") is allowed


def test_crawl_delay_is_read() -> None:
    robots = robots_from(200, b"User-agent: *\nCrawl-delay: 7\n", now=NOON)
    assert robots.crawl_delay == timedelta(seconds=7)


def test_rules_expire_after_a_day() -> None:
    robots = robots_from(404, b"", now=NOON)
    assert robots.is_fresh(NOON + timedelta(hours=23))
    assert not robots.is_fresh(NOON + timedelta(hours=25))


@pytest.mark.parametrize(
    ("rules", "delay"),
    [
        (b"User-agent: *\nDisallow: /a\n", timedelta(0)),
        (b"User-agent: *\nCrawl-delay: 119\n", timedelta(seconds=119)),
        (b"User-agent: *\nCrawl-delay: 3600\n", MAX_CRAWL_DELAY),
        (b"User-agent: *\nCrawl-delay: 1e300\n", MAX_CRAWL_DELAY),
        (b"User-agent: other\nCrawl-delay: 30\n", timedelta(0)),
    ],
    ids=["none", "long", "an hour", "no number of seconds", "for another robot"],
)
def test_a_crawl_delay_is_bounded(rules: bytes, delay: timedelta) -> None:
    assert robots_from(200, rules, now=NOON).crawl_delay == delay


def test_unreadable_rules_ask_for_no_delay() -> None:
    assert robots_from(503, b"", now=NOON).crawl_delay == timedelta(0)


def test_unreadable_rules_are_read_again_after_ten_minutes() -> None:
    robots = robots_from(503, b"", now=NOON)
    assert robots.is_fresh(NOON + timedelta(minutes=9))
    assert not robots.is_fresh(NOON + timedelta(minutes=10))


def test_rules_from_the_future_do_not_hold() -> None:
    robots = robots_from(200, b"", now=NOON)
    assert robots.is_fresh(NOON - timedelta(minutes=10))
    assert not robots.is_fresh(NOON - timedelta(minutes=11))


@pytest.mark.parametrize(
    ("status", "is_read"),
    [(200, True), (204, True), (299, True), (300, False), (399, False), (400, True), (429, False), (499, True), (500, False)],
)  # fmt: skip
def test_a_status_gives_rules_or_means_wait(status: int, is_read: bool) -> None:
    robots = robots_from(status, b"", now=NOON)
    assert (robots.rules is not None, robots.status) == (is_read, status)
    assert (robots.reason is None, robots.failing_since is None) == (is_read, is_read)


@pytest.mark.parametrize(("days", "allowed"), [(29, False), (30, True)])
def test_a_host_without_rules_for_30_days_has_none(days: int, allowed: bool) -> None:
    robots = robots_from(503, b"", now=NOON, failing_since=NOON - timedelta(days=days))
    assert robots.allows("https://example.org/a") is allowed


def test_the_start_of_a_huge_file_counts() -> None:
    rules = b"User-agent: *\nDisallow: /a\n#" + b"x" * MAX_ROBOTS_BYTES + b"\nDisallow: /b\n"
    robots = robots_from(200, rules, now=NOON)
    assert not robots.allows("https://example.org/a")
    assert robots.allows("https://example.org/b")
    assert robots.text == "User-agent: *\nDisallow: /a\n"


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_a_rule_that_the_limit_cuts_does_not_count(line_end: bytes) -> None:
    rule = line_end + b"Disallow: /archive/"
    start = b"User-agent: *" + line_end + b"Disallow: /b" + line_end
    filler = b"#" + b"x" * (MAX_ROBOTS_BYTES - len(start) - len(rule) + len(b"archive/") - 1)
    robots = robots_from(200, start + filler + rule, now=NOON)
    assert robots.allows("https://example.org/a")
    assert not robots.allows("https://example.org/b")


def read(
    answer: Response | ScraperError, previous: Robots | None = None
) -> tuple[Robots, list[str]]:
    """What an answer for robots.txt gives, and the addresses that were requested."""
    requested: list[str] = []

    async def fetch(url: str) -> Response:
        requested.append(url)
        if isinstance(answer, ScraperError):
            raise answer
        return answer

    url = "https://example.org:8443/a/b?c=d"
    return asyncio.run(read_robots(fetch, url, now=NOON, previous=previous)), requested


def answer(status: int, body: bytes = b"", **headers: str) -> Response:
    url = "https://example.org:8443/robots.txt"
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(url, url, status, names, body, 5)


def test_rules_are_read_from_the_host_and_port_of_the_address() -> None:
    robots, requested = read(answer(200, b"User-agent: *\nDisallow: /\n"))
    assert requested == ["https://example.org:8443/robots.txt"]
    assert not robots.allows("https://example.org:8443/a")
    assert (robots.read_at, robots.status, robots.failing_since) == (NOON, 200, None)


@pytest.mark.parametrize("error", [FetchError("u", "no answer"), UrlError("u", "no address")])
def test_no_answer_means_wait_and_says_why(error: ScraperError) -> None:
    robots, _ = read(error)
    assert not robots.allows("https://example.org/a")
    assert robots.reason == f"cannot read robots.txt: {error.reason}"
    assert robots.failing_since == NOON


def test_a_failing_host_is_remembered_since_its_first_failure() -> None:
    failing = robots_from(503, b"", now=NOON - timedelta(days=3))
    for again in (answer(500), FetchError("u", "no answer")):
        robots, _ = read(again, previous=failing)
        assert robots.failing_since == NOON - timedelta(days=3)
        assert robots.reason


def test_a_host_that_had_rules_fails_since_now() -> None:
    robots, _ = read(answer(500), previous=robots_from(200, b"", now=NOON - timedelta(days=3)))
    assert robots.failing_since == NOON


def test_a_host_without_rules_for_30_days_stays_open_while_it_fails() -> None:
    failing_since = NOON - timedelta(days=31)
    opened = robots_from(503, b"", now=NOON - timedelta(days=1), failing_since=failing_since)
    robots, _ = read(answer(503), previous=opened)
    assert robots.allows("https://example.org/a")
    assert robots.failing_since == failing_since


def test_the_wait_that_the_answer_asks_for_is_kept() -> None:
    robots, _ = read(answer(503, retry_after="120"))
    assert robots.retry_after == "120"
