"""Feeds and sitemaps bring new articles, and say which were updated."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlite_utils import Database

from schedules.daemon.runner import check_due
from schedules.daemon.sources import check_source
from schedules.hosts.network import Network
from storage.articles.watch import (
    record_source_check,
    set_state,
    stop_watching,
    watch_article,
)
from storage.errors import NotFoundError
from storage.queue.watches import SourceCheck, is_build_time, is_due, postpone, watch_source
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


def feed(site: Site, updated_times: dict[str, str], **headers: str) -> str:
    """Serve an Atom feed of the articles at these paths; gives its address."""
    entries = "".join(
        f"<entry><link href='{site.url}{path}'/><updated>{updated_at}</updated></entry>"
        for path, updated_at in updated_times.items()
    )
    text = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>"
    site.answers["/feed"] = Answer(text.encode(), headers={"Content-Type": "application/atom+xml", **headers})  # fmt: skip
    return site.url + "/feed"


def run_pass(checker: Checker) -> int:
    async def work(network: Network) -> int:
        return await check_due(checker.db, network, jobs=2, report=lambda checked: None)

    return checker.run(work)


@pytest.fixture
def feed_times(site: Site, checker: Checker) -> dict[str, str]:
    """Eight articles of a feed that were checked; gives their update times."""
    updated_times = {site.page(f"/{n}", article_html(f"Story {n} of the day")).removeprefix(site.url): "2026-05-14T10:00:00Z" for n in range(8)}  # fmt: skip
    watch_source(checker.db, feed(site, updated_times), "feed", at=checker.clock.now())
    assert run_pass(checker) == 8
    checker.db.execute("update articles set next_check_at = '2026-06-14T00:00:00.000Z'")
    site.requests.clear()
    checker.clock.skip(minutes=30)
    return updated_times


def article_requests(site: Site) -> Counter[str]:
    return Counter(path for path in site.paths() if path not in ("/robots.txt", "/feed"))


def test_an_article_whose_feed_time_changed_is_due_now(
    site: Site, checker: Checker, feed_times: dict[str, str]
) -> None:
    feed(site, {**feed_times, "/3": "2026-05-14T12:20:00Z"})
    run_pass(checker)
    assert article_requests(site) == {"/3": 1}


def test_an_article_that_is_new_in_the_feed_is_due_now(
    site: Site, checker: Checker, feed_times: dict[str, str]
) -> None:
    site.page("/new", article_html("A story that is new"))
    feed(site, {**feed_times, "/new": "2026-05-14T12:20:00Z"})
    run_pass(checker)
    assert article_requests(site) == {"/new": 1}


def test_a_feed_that_gives_every_entry_its_build_time_makes_nothing_due(
    site: Site, checker: Checker, feed_times: dict[str, str]
) -> None:
    feed(site, dict.fromkeys(feed_times, "2026-05-14T12:29:00Z"))
    run_pass(checker)
    assert article_requests(site) == {}


def test_a_paused_article_stays_paused_despite_the_feed(
    site: Site, checker: Checker, feed_times: dict[str, str]
) -> None:
    set_state(checker.db, site.url + "/3", "paused", at=checker.clock.now())
    feed(site, {**feed_times, "/3": "2026-05-14T12:20:00Z"})
    run_pass(checker)
    assert article_requests(site) == {}


@pytest.mark.parametrize(
    ("header", "ttl", "minutes"),
    [("", "", 10), ("max-age=3600", "", 60), ("", "<ttl>90</ttl>", 90), ("max-age=9999999", "", 360)],
)  # fmt: skip
def test_a_feed_is_checked_at_the_interval_it_asks_for(
    site: Site, checker: Checker, header: str, ttl: str, minutes: int
) -> None:
    text = f"<rss version='2.0'><channel>{ttl}</channel></rss>"
    site.answers["/feed"] = Answer(text.encode(), headers={"Cache-Control": header})
    watch_source(checker.db, site.url + "/feed", "feed", at=checker.clock.now())
    run_pass(checker)
    assert feed_interval(checker.db).total_seconds() == pytest.approx(minutes * 60, abs=1)


def test_a_feed_with_its_own_timetable_keeps_it(site: Site, checker: Checker) -> None:
    site.answers["/feed"] = Answer(b"<rss/>", headers={"Cache-Control": "max-age=3600"})
    watch_source(checker.db, site.url + "/feed", "feed", at=checker.clock.now(), every="30m")
    run_pass(checker)
    assert feed_interval(checker.db) == timedelta(minutes=30)


def feed_interval(db: Database) -> timedelta:
    checked, due = db.execute("select checked_at, next_check_at from watches").fetchone()
    return datetime.fromisoformat(due) - datetime.fromisoformat(checked)


def test_an_unchanged_feed_costs_only_a_304(site: Site, checker: Checker) -> None:
    def answer(headers: dict[str, str]) -> Answer:
        if headers.get("if-none-match") == '"1"':
            return Answer(status=304)
        return Answer(b"<rss/>", headers={"ETag": '"1"'})

    site.answers["/feed"] = answer
    watch_source(checker.db, site.url + "/feed", "feed", at=checker.clock.now())
    run_pass(checker)
    checker.clock.skip(minutes=11)
    run_pass(checker)
    assert [path for path in site.paths() if path == "/feed"] == ["/feed"] * 2
    reason = checker.db.execute("select reason from watches").fetchone()[0]
    assert reason == "nothing new since the last answer"


def test_a_sitemap_index_is_followed_to_the_newest_sitemaps(site: Site, checker: Checker) -> None:
    site.page("/a", article_html())
    names = "".join(f"<sitemap><loc>/map-{n}.xml</loc><lastmod>2026-05-{n:02}</lastmod></sitemap>" for n in range(1, 9))  # fmt: skip
    site.answers["/map.xml"] = Answer(f"<sitemapindex>{names}</sitemapindex>".encode())
    site.answers["/map-8.xml"] = Answer(b"<urlset><url><loc>/a</loc></url></urlset>")
    watch_source(checker.db, site.url + "/map.xml", "sitemap", at=checker.clock.now())
    assert run_pass(checker) == 1
    assert "/map-8.xml" in site.paths()
    assert "/map-1.xml" not in site.paths()


def test_a_broken_sitemap_does_not_lose_the_others(site: Site, checker: Checker) -> None:
    names = "".join(f"<sitemap><loc>/map-{n}.xml.gz</loc></sitemap>" for n in (1, 2))
    site.answers["/map.xml"] = Answer(f"<sitemapindex>{names}</sitemapindex>".encode())
    site.answers["/map-1.xml.gz"] = Answer(b"<urlset><url><loc>/a</loc></url></urlset>")
    site.answers["/map-2.xml.gz"] = Answer(b"\x1f\x8bbroken")
    site.page("/a", article_html())
    watch_source(checker.db, site.url + "/map.xml", "sitemap", at=checker.clock.now())
    assert run_pass(checker) == 1
    reason = checker.db.execute("select reason from watches").fetchone()[0]
    assert "1 article listed; " in reason
    assert "map-2.xml.gz" in reason


def test_a_sitemap_index_is_fetched_without_validators(site: Site, checker: Checker) -> None:
    """It may stay the same while the maps that it lists change."""
    index = b"<sitemapindex><sitemap><loc>/map-1.xml</loc></sitemap></sitemapindex>"
    site.answers["/map.xml"] = Answer(index, headers={"ETag": '"1"'})
    site.answers["/map-1.xml"] = Answer(b"<urlset><url><loc>/a</loc></url></urlset>")
    watch_source(checker.db, site.url + "/map.xml", "sitemap", at=checker.clock.now())
    run_pass(checker)
    assert checker.db.execute("select etag from watches").fetchone() == (None,)


def test_an_entry_with_an_invalid_url_does_not_lose_the_others(
    site: Site, checker: Checker
) -> None:
    site.page("/a", article_html())
    items = "".join(f"<item><link>{link}</link></item>" for link in ("https://i❤.ws/story", "http://xn--0.pt/a", site.url + "/a"))  # fmt: skip
    site.answers["/feed"] = Answer(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    watch_source(checker.db, site.url + "/feed", "feed", at=checker.clock.now())
    run_pass(checker)
    assert article_requests(site) == {"/a": 1}


def test_a_source_with_a_validator_that_cannot_be_sent_still_works(
    site: Site, checker: Checker
) -> None:
    site.answers["/feed"] = Answer(b"<rss version='2.0'/>", headers={"ETag": '"caf\xe9"'})
    watch_source(checker.db, site.url + "/feed", "feed", at=checker.clock.now())
    for _ in range(2):
        run_pass(checker)
        assert checker.db.execute("select failures from watches").fetchone() == (0,)
        checker.clock.skip(minutes=11)


def test_an_invalid_feed_is_reported_and_backs_off(site: Site, checker: Checker) -> None:
    site.answers["/feed"] = Answer(b"<html><body>Page</body></html>")
    watch_source(checker.db, site.url + "/feed", "feed", at=checker.clock.now())
    wait_minutes = []
    for _ in range(3):
        run_pass(checker)
        wait_minutes.append(round(feed_interval(checker.db).total_seconds() / 60))
        checker.clock.skip(hours=6)
    assert wait_minutes == [10, 20, 40]
    assert checker.db.execute("select reason from watches").fetchone()[0].startswith("not an RSS")


def test_a_feeds_ttl_also_holds_after_a_304(site: Site, checker: Checker) -> None:
    def answer(headers: dict[str, str]) -> Answer:
        if headers.get("if-none-match"):
            return Answer(status=304)
        text = b"<rss version='2.0'><channel><ttl>120</ttl></channel></rss>"
        return Answer(text, headers={"ETag": '"1"'})

    site.answers["/feed"] = answer
    watch_source(checker.db, site.url + "/feed", "feed", at=checker.clock.now())
    for _ in range(2):
        run_pass(checker)
        assert round(feed_interval(checker.db).total_seconds()) == 7200
        checker.clock.skip(hours=3)


def test_an_internal_error_at_a_source_does_not_make_it_due_at_once(
    site: Site, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def raise_error(*arguments: object, **keywords: object) -> int:
        raise ValueError("no luck")

    monkeypatch.setattr("schedules.daemon.runner.check_source", raise_error)
    watch_source(checker.db, site.url + "/feed", "feed", at=checker.clock.now())
    run_pass(checker)
    due, reason = checker.db.execute("select next_check_at, reason from watches").fetchone()
    assert due > "2026-05-14T12:09"
    assert "no luck" in reason


@pytest.mark.parametrize(
    ("updated", "listed_before", "expected"),
    [
        (0, 0, False),
        (1, 1, False),
        (2, 2, True),
        (2, 3, False),
        (5, 8, False),
        (6, 8, True),
        (6, 12, False),
        (7, 12, True),
    ],
)
def test_a_source_whose_times_mostly_change_at_once_gives_its_build_time(
    updated: int, listed_before: int, expected: bool
) -> None:
    assert is_build_time(updated, listed_before) is expected


def test_an_article_that_is_due_earlier_stays_due(
    site: Site, checker: Checker, feed_times: dict[str, str]
) -> None:
    """A new time makes an article due now, never later."""
    earlier = "2026-05-14T12:10:00.000Z"
    checker.db.execute("update articles set next_check_at = ? where url like '%/3'", [earlier])
    source_check = SourceCheck(
        at=NOON + timedelta(minutes=30),
        next_check_at=NOON + timedelta(hours=1),
        validators=(None, None),
        reason="",
    )
    entries = [
        (site.url + "/3", "2026-05-14T12:20:00Z"),
        (site.url + "/4", "2026-05-14T12:20:00Z"),
        (site.url + "/5", "2026-05-14T10:00:00Z"),
        (site.url + "/9", None),
    ]
    assert record_source_check(checker.db, 1, entries, source_check).new == 1
    rows = dict(
        checker.db.execute("select substr(url, -2), next_check_at from articles").fetchall()
    )
    assert (rows["/3"], rows["/4"]) == (earlier, "2026-05-14T12:30:00.000Z")
    assert rows["/5"] == "2026-06-14T00:00:00.000Z"


def test_the_reason_says_that_the_publisher_updated_the_article(
    site: Site, checker: Checker, feed_times: dict[str, str]
) -> None:
    source_check = SourceCheck(
        at=NOON + timedelta(minutes=30),
        next_check_at=NOON + timedelta(hours=1),
        validators=(None, None),
        reason="",
    )
    record_source_check(checker.db, 1, [(site.url + "/3", "2026-05-14T12:20:00Z")], source_check)
    reasons = [
        row[0]
        for row in checker.db.execute(
            "select next_check_reason from articles where next_check_at < '2026-06'"
        ).fetchall()
    ]
    assert reasons == ["its publisher says it was updated: 2026-05-14T12:20:00Z"]


def test_a_source_is_paused_resumed_and_removed(checker: Checker) -> None:
    db, at = checker.db, checker.clock.now()
    watch_source(db, "https://a.example/rss", "feed", at=at, every="30m")
    set_state(db, "https://a.example/rss", "paused", at=at)
    assert db.execute("select state from watches").fetchone() == ("paused",)
    watch_source(db, "https://a.example/rss", "section", at=at)
    assert db.execute("select kind, state, every from watches").fetchone() == (
        "section",
        "active",
        "30m",
    )
    assert stop_watching(db, "https://a.example/rss", at=at) == "source"
    with pytest.raises(NotFoundError, match=r"https://a\.example/rss: not in this database"):
        stop_watching(db, "https://a.example/rss", at=at)


def test_an_article_is_paused_resumed_and_removed(checker: Checker) -> None:
    db, at, url = checker.db, checker.clock.now(), "https://a.example/1"
    columns = "select state, next_check_at is not null, next_check_reason from articles"
    article_id = watch_article(db, url, at=at, every="2h")
    set_state(db, url, "paused", at=at)
    assert db.execute(columns).fetchone() == ("paused", 1, "you paused it")
    set_state(db, url, "active", at=at)
    assert db.execute(columns).fetchone() == ("active", 1, "you resumed it")
    assert stop_watching(db, url, at=at) == "article"
    assert db.execute(columns).fetchone() == (
        "paused",
        0,
        "you removed it on 2026-05-14; its history is kept",
    )
    assert watch_article(db, url, at=at) == article_id
    assert db.execute("select state, every from articles").fetchone() == ("active", "2h")


def test_only_an_article_that_is_still_due_is_postponed(checker: Checker) -> None:
    db, until = checker.db, NOON + timedelta(hours=1)
    due = watch_article(db, "https://a.example/1", at=NOON)
    later = watch_article(db, "https://a.example/2", at=NOON + timedelta(seconds=1))
    assert (is_due(db, due, NOON), is_due(db, later, NOON)) == (True, False)
    for article_id in (due, later):
        postpone(db, article_id, now=NOON, until=until, reason="a fault")
    rows = db.execute(
        "select next_check_at, next_check_reason = 'a fault' from articles order by id"
    ).fetchall()
    assert rows == [("2026-05-14T13:00:00.000Z", 1), ("2026-05-14T12:00:01.000Z", 0)]


def test_a_short_feed_whose_times_all_change_makes_nothing_due(
    site: Site, checker: Checker, feed_times: dict[str, str]
) -> None:
    """New articles do not count among those whose times could have changed."""
    source_check = SourceCheck(
        at=NOON + timedelta(minutes=30),
        next_check_at=NOON + timedelta(hours=1),
        validators=(None, None),
        reason="",
    )
    entries = [(site.url + path, "2026-05-14T12:20:00Z") for path in ("/3", "/4", "/new")]
    assert record_source_check(checker.db, 1, entries, source_check).new == 1
    (count,) = checker.db.execute(
        "select count(*) from articles where next_check_at > '2026-06'"
    ).fetchone()
    assert count == 8


def test_a_sitemap_index_in_an_index_is_read(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    for path, name in (("/index", "/2026"), ("/2026", "/may")):
        text = f"<sitemapindex><sitemap><loc>{site.url}{name}</loc></sitemap></sitemapindex>"
        site.answers[path] = Answer(text.encode())
    site.answers["/may"] = Answer(f"<urlset><url><loc>{url}</loc></url></urlset>".encode())
    watch_source(checker.db, site.url + "/index", "sitemap", at=checker.clock.now())
    assert run_pass(checker) == 1
    assert checker.db.execute("select url from articles").fetchone() == (url,)


def test_an_error_page_in_place_of_a_sitemap_is_a_failure(site: Site, checker: Checker) -> None:
    watch_source(checker.db, site.page("/map", "<p>Not found"), "sitemap", at=checker.clock.now())
    run_pass(checker)
    reason, failures = checker.db.execute("select reason, failures from watches").fetchone()
    assert (reason[:13], failures) == ("not a sitemap", 1)


def serve_list(site: Site, addresses: list[str]) -> str:
    """Serve a sitemap of these addresses; gives its own."""
    text = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    validator = {"ETag": f'"{len(addresses)}"'}
    site.answers["/map"] = lambda headers: (
        Answer(status=304, headers=validator)
        if headers.get("if-none-match") == validator["ETag"]
        else Answer(f"<urlset>{text}</urlset>".encode(), headers=validator)
    )
    return site.url + "/map"


async def check_sources(network: Network, db: Database) -> list[int]:
    network.db = db
    return [await check_source(db, source, network) for source in list(db.query("select * from watches"))]  # fmt: skip


def test_a_feed_adds_few_articles_of_another_site_at_a_time(
    site: Site, checker: Checker, caplog: pytest.LogCaptureFixture
) -> None:
    own = [f"{site.url}/news/{number}" for number in range(3)]
    victims = [f"https://victim.example/{number}" for number in range(50)]
    url = serve_list(site, [*victims, *own])
    watch_source(checker.db, url, "sitemap", at=checker.clock.now())
    counts, reasons = [], []
    for _ in range(4):
        counts += checker.run(partial(check_sources, db=checker.db))
        reasons += [row[0] for row in checker.db.execute("select reason from watches").fetchall()]
    assert counts == [23, 20, 10, 0]
    assert "30 new ones wait for the next checks" in reasons[0]
    assert "nothing new" in reasons[3]
    assert [record.message.partition(" ")[0] for record in caplog.records] == [url] * 2


def test_a_source_adds_five_hundred_articles_of_its_site_at_a_time(
    site: Site, checker: Checker
) -> None:
    url = serve_list(site, [f"{site.url}/news/{number}" for number in range(1_250)])
    watch_source(checker.db, url, "sitemap", at=checker.clock.now())
    counts = [checker.run(partial(check_sources, db=checker.db))[0] for _ in range(4)]
    assert counts == [500, 500, 250, 0]
