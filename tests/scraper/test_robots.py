"""robots.txt, with the examples of RFC 9309."""

from datetime import UTC, datetime, timedelta

import pytest

from scraper.http.robots import robots_from

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
