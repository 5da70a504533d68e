"""Feeds and sitemaps bring new articles, and say which were updated."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database

from schedules.daemon.runner import look_at_due
from schedules.hosts.network import Network
from storage.queue import watches as watch
from tests.conftest import Answer, Looker, Site, article_html

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


def feed(site: Site, stamps: dict[str, str], **headers: str) -> str:
    """Serve an Atom feed of the articles at these paths; gives its address."""
    entries = "".join(
        f"<entry><link href='{site.url}{path}'/><updated>{stamp}</updated></entry>"
        for path, stamp in stamps.items()
    )
    text = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>"
    site.answers["/feed"] = Answer(text.encode(), headers={"Content-Type": "application/atom+xml", **headers})  # fmt: skip
    return site.url + "/feed"


def passes(look: Looker) -> int:
    async def work(network: Network) -> int:
        return await look_at_due(look.db, network, jobs=2, report=lambda checked: None)

    return look.run(work)


@pytest.fixture
def watched(site: Site, look: Looker) -> dict[str, str]:
    """Eight articles of a feed that were looked at; gives their stamps."""
    stamps = {site.page(f"/{n}", article_html(f"Story {n} of the day")).removeprefix(site.url): "2026-05-14T10:00:00Z" for n in range(8)}  # fmt: skip
    watch.watch_source(look.db, feed(site, stamps), "feed", at=look.clock.now())
    assert passes(look) == 8
    look.db.execute("update articles set next_check_at = '2026-06-14T00:00:00.000Z'")
    site.requests.clear()
    look.clock.skip(minutes=30)
    return stamps


def looked_at(site: Site) -> Counter[str]:
    return Counter(path for path in site.paths() if path not in ("/robots.txt", "/feed"))


def test_an_article_whose_time_moved_is_due_now(
    site: Site, look: Looker, watched: dict[str, str]
) -> None:
    feed(site, {**watched, "/3": "2026-05-14T12:20:00Z"})
    passes(look)
    assert looked_at(site) == {"/3": 1}


def test_an_article_that_is_new_in_the_feed_is_due_now(
    site: Site, look: Looker, watched: dict[str, str]
) -> None:
    site.page("/new", article_html("A story that is new"))
    feed(site, {**watched, "/new": "2026-05-14T12:20:00Z"})
    passes(look)
    assert looked_at(site) == {"/new": 1}


def test_a_source_that_stamps_its_own_time_on_all_tells_nothing(
    site: Site, look: Looker, watched: dict[str, str]
) -> None:
    feed(site, dict.fromkeys(watched, "2026-05-14T12:29:00Z"))
    passes(look)
    assert looked_at(site) == {}


def test_a_paused_article_stays_paused_whatever_the_feed_says(
    site: Site, look: Looker, watched: dict[str, str]
) -> None:
    watch.set_state(look.db, site.url + "/3", "paused", at=look.clock.now())
    feed(site, {**watched, "/3": "2026-05-14T12:20:00Z"})
    passes(look)
    assert looked_at(site) == {}


@pytest.mark.parametrize(
    ("header", "ttl", "minutes"),
    [("", "", 10), ("max-age=3600", "", 60), ("", "<ttl>90</ttl>", 90), ("max-age=9999999", "", 360)],
)  # fmt: skip
def test_a_feed_is_looked_at_when_it_asks_to_be(
    site: Site, look: Looker, header: str, ttl: str, minutes: int
) -> None:
    text = f"<rss version='2.0'><channel>{ttl}</channel></rss>"
    site.answers["/feed"] = Answer(text.encode(), headers={"Cache-Control": header})
    watch.watch_source(look.db, site.url + "/feed", "feed", at=look.clock.now())
    passes(look)
    assert wait(look.db).total_seconds() == pytest.approx(minutes * 60, abs=1)


def test_a_feed_with_a_timetable_of_its_own_keeps_it(site: Site, look: Looker) -> None:
    site.answers["/feed"] = Answer(b"<rss/>", headers={"Cache-Control": "max-age=3600"})
    watch.watch_source(look.db, site.url + "/feed", "feed", at=look.clock.now(), every="30m")
    passes(look)
    assert wait(look.db) == timedelta(minutes=30)


def wait(db: Database) -> timedelta:
    checked, due = db.execute("select checked_at, next_check_at from watches").fetchone()
    return datetime.fromisoformat(due) - datetime.fromisoformat(checked)


def test_a_feed_that_has_not_changed_costs_a_304(site: Site, look: Looker) -> None:
    def answer(headers: dict[str, str]) -> Answer:
        if headers.get("if-none-match") == '"1"':
            return Answer(status=304)
        return Answer(b"<rss/>", headers={"ETag": '"1"'})

    site.answers["/feed"] = answer
    watch.watch_source(look.db, site.url + "/feed", "feed", at=look.clock.now())
    passes(look)
    look.clock.skip(minutes=11)
    passes(look)
    assert [path for path in site.paths() if path == "/feed"] == ["/feed"] * 2
    reason = look.db.execute("select reason from watches").fetchone()[0]
    assert reason == "0 articles named, nothing new since"


def test_an_index_of_sitemaps_is_followed_to_the_newest(site: Site, look: Looker) -> None:
    site.page("/a", article_html())
    names = "".join(f"<sitemap><loc>/map-{n}.xml</loc><lastmod>2026-05-{n:02}</lastmod></sitemap>" for n in range(1, 9))  # fmt: skip
    site.answers["/map.xml"] = Answer(f"<sitemapindex>{names}</sitemapindex>".encode())
    site.answers["/map-8.xml"] = Answer(b"<urlset><url><loc>/a</loc></url></urlset>")
    watch.watch_source(look.db, site.url + "/map.xml", "sitemap", at=look.clock.now())
    assert passes(look) == 1
    assert "/map-8.xml" in site.paths()
    assert "/map-1.xml" not in site.paths()


def test_one_map_that_is_broken_does_not_lose_the_others(site: Site, look: Looker) -> None:
    names = "".join(f"<sitemap><loc>/map-{n}.xml.gz</loc></sitemap>" for n in (1, 2))
    site.answers["/map.xml"] = Answer(f"<sitemapindex>{names}</sitemapindex>".encode())
    site.answers["/map-1.xml.gz"] = Answer(b"<urlset><url><loc>/a</loc></url></urlset>")
    site.answers["/map-2.xml.gz"] = Answer(b"\x1f\x8bbroken")
    site.page("/a", article_html())
    watch.watch_source(look.db, site.url + "/map.xml", "sitemap", at=look.clock.now())
    assert passes(look) == 1
    reason = look.db.execute("select reason from watches").fetchone()[0]
    assert "1 articles named; " in reason
    assert "map-2.xml.gz" in reason


def test_an_index_is_asked_for_whole_each_time(site: Site, look: Looker) -> None:
    """It may stand still while the maps that it names change."""
    index = b"<sitemapindex><sitemap><loc>/map-1.xml</loc></sitemap></sitemapindex>"
    site.answers["/map.xml"] = Answer(index, headers={"ETag": '"1"'})
    site.answers["/map-1.xml"] = Answer(b"<urlset><url><loc>/a</loc></url></urlset>")
    watch.watch_source(look.db, site.url + "/map.xml", "sitemap", at=look.clock.now())
    passes(look)
    assert look.db.execute("select etag from watches").fetchone() == (None,)


def test_an_entry_that_cannot_be_an_address_does_not_lose_the_others(
    site: Site, look: Looker
) -> None:
    site.page("/a", article_html())
    items = "".join(f"<item><link>{link}</link></item>" for link in ("https://i❤.ws/story", "http://xn--0.pt/a", site.url + "/a"))  # fmt: skip
    site.answers["/feed"] = Answer(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    watch.watch_source(look.db, site.url + "/feed", "feed", at=look.clock.now())
    passes(look)
    assert looked_at(site) == {"/a": 1}


def test_a_source_with_a_header_that_cannot_be_sent_back_lives_on(site: Site, look: Looker) -> None:
    site.answers["/feed"] = Answer(b"<rss version='2.0'/>", headers={"ETag": '"caf\xe9"'})
    watch.watch_source(look.db, site.url + "/feed", "feed", at=look.clock.now())
    for _ in range(2):
        passes(look)
        assert look.db.execute("select failures from watches").fetchone() == (0,)
        look.clock.skip(minutes=11)


def test_what_is_no_feed_says_so_and_is_asked_for_less_and_less(site: Site, look: Looker) -> None:
    site.answers["/feed"] = Answer(b"<html><body>Page</body></html>")
    watch.watch_source(look.db, site.url + "/feed", "feed", at=look.clock.now())
    waits = []
    for _ in range(3):
        passes(look)
        waits.append(round(wait(look.db).total_seconds() / 60))
        look.clock.skip(hours=6)
    assert waits == [10, 20, 40]
    assert look.db.execute("select reason from watches").fetchone()[0].startswith("not an RSS")


def test_a_feed_s_ttl_holds_after_a_304_too(site: Site, look: Looker) -> None:
    def answer(headers: dict[str, str]) -> Answer:
        if headers.get("if-none-match"):
            return Answer(status=304)
        text = b"<rss version='2.0'><channel><ttl>120</ttl></channel></rss>"
        return Answer(text, headers={"ETag": '"1"'})

    site.answers["/feed"] = answer
    watch.watch_source(look.db, site.url + "/feed", "feed", at=look.clock.now())
    for _ in range(2):
        passes(look)
        assert round(wait(look.db).total_seconds()) == 7200
        look.clock.skip(hours=3)


def test_a_fault_of_ours_at_a_source_is_no_reason_to_ask_again_at_once(
    site: Site, look: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*arguments: object) -> int:
        raise ValueError("no luck")

    monkeypatch.setattr("schedules.daemon.runner.check_source", fail)
    watch.watch_source(look.db, site.url + "/feed", "feed", at=look.clock.now())
    passes(look)
    due, reason = look.db.execute("select next_check_at, reason from watches").fetchone()
    assert due > "2026-05-14T12:09"
    assert "no luck" in reason
