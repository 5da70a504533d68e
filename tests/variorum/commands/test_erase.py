"""An article that the user erases or removes while a check has it in hand."""

from contextlib import closing
from pathlib import Path

import pytest

from storage.articles.watch import erase_article, stop_watching, watch_article
from storage.database import Database, open_database
from storage.errors import ErasedError
from storage.queue.watches import watch_source
from tests.support.checker import Checker, serve_during
from tests.support.pages import article_html, story_html
from tests.support.shell import Shell
from tests.support.site import Answer, Site
from variorum.context import now

ROWS = ("articles", "aliases", "versions", "fetches", "snapshots", "edits")


def row_counts(db: Database) -> list[int]:
    return [db[table].count for table in ROWS]


def test_an_article_erased_during_its_check_stays_erased(
    site: Site, checker: Checker, tmp_path: Path
) -> None:
    url = site.page("/a", article_html())
    checker(url)
    serve_during(site, "/a", lambda db: erase_article(db, url), tmp_path / "variorum.db")
    with pytest.raises(ErasedError, match="erased during this check"):
        checker(url)
    assert row_counts(checker.db) == [0] * len(ROWS)


def test_an_entry_erased_during_its_first_check_stays_erased(
    site: Site, checker: Checker, tmp_path: Path
) -> None:
    url = site.url + "/a"
    watch_article(checker.db, url, at=checker.clock.now())
    serve_during(site, "/a", lambda db: erase_article(db, url), tmp_path / "variorum.db")
    with pytest.raises(ErasedError):
        checker(url)
    assert row_counts(checker.db) == [0] * len(ROWS)


def test_a_check_is_not_recorded_for_the_article_that_was_added_after_the_erased_one(
    site: Site, checker: Checker, tmp_path: Path
) -> None:
    """The next article once got the id of the erased one, and with it the versions of the running check."""
    url, other_url = site.url + "/a", site.url + "/b"
    watch_article(checker.db, url, at=checker.clock.now())

    def swap(db: Database) -> None:
        erase_article(db, url)
        watch_article(db, other_url, at=checker.clock.now())

    serve_during(site, "/a", swap, tmp_path / "variorum.db")
    with pytest.raises(ErasedError):
        checker(url)
    assert row_counts(checker.db) == [1, 1, 0, 0, 0, 0]


def test_the_daemon_leaves_an_erased_article_erased_and_checks_the_others(
    site: Site, shell: Shell
) -> None:
    url, other_url = site.page("/a", article_html()), site.page("/b", story_html(1))
    shell("add", url, other_url)
    shell("run", "--once", "--delay", "0")
    serve_during(site, "/a", lambda db: erase_article(db, url), shell.db)
    shell("add", url, other_url)
    result = shell("run", "--once", "--delay", "0", "--json")
    assert (result.exit_code, other_url in result.stdout) == (0, True)
    assert [row["url"] for row in shell.json("list", "--json")] == [other_url]


def test_an_article_removed_during_its_check_is_not_watched_again(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    shell("add", url)
    serve_during(site, "/a", lambda db: stop_watching(db, url, at=now()), shell.db)
    shell("run", "--once", "--delay", "0")
    (row,) = shell.json("list", "--json")
    assert (row["state"], row["next_check_at"]) == ("paused", None)


def feed_of(*urls: str) -> Answer:
    items = "".join(f"<item><title>A</title><link>{url}</link></item>" for url in urls)
    feed = f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"
    return Answer(feed.encode(), headers={"Content-Type": "application/rss+xml"})


def test_a_feed_does_not_bring_an_erased_article_back_but_the_user_can(
    site: Site, shell: Shell
) -> None:
    urls = [site.page("/2026/a", article_html()), site.page("/2026/b", story_html(1))]
    site.answers["/feed"] = feed_of(*urls)
    shell("add", "--feed", site.url + "/feed")
    shell("run", "--once", "--delay", "0")
    shell("remove", "--erase", "--yes", urls[0])
    with closing(open_database(shell.db).conn) as conn:
        conn.execute("update watches set next_check_at = '2026-01-01T00:00:00.000Z'")
    shell("run", "--once", "--delay", "0")
    assert [row["url"] for row in shell.json("list", "--json")][1:] == [urls[1]]
    shell("add", urls[0])
    assert {row["url"] for row in shell.json("list", "--json")} > set(urls)


def test_a_source_removed_during_its_check_adds_nothing(site: Site, shell: Shell) -> None:
    url = site.page("/2026/a", article_html())

    def answer(headers: dict[str, str]) -> Answer:
        with closing(open_database(shell.db).conn) as conn:
            conn.execute("delete from watches")
        return feed_of(url)

    site.answers["/feed"] = answer
    with closing(open_database(shell.db).conn) as conn:
        watch_source(Database(conn), site.url + "/feed", "feed", at=now())
    assert shell("run", "--once", "--delay", "0").exit_code == 0
    assert shell.json("list", "--json") == []
