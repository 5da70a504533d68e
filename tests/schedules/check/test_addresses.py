"""Whose address is this? The article's own, a copy's, or one that a page merely names."""

from collections.abc import Sequence

import pytest

from schedules.daemon.runner import check_due
from schedules.hosts.network import Network
from schedules.replay.rebuild import replay
from storage.articles.watch import watch_article
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site, serving

OTHER_STORY = tuple(
    f"Sentence {n} is of another story altogether, with its own words." for n in range(9)
)


def linked(path: str) -> str:
    return article_html(head=f'<link rel="canonical" href="{path}">')


def with_caption(html: str) -> str:
    """The full page of a copy that leaves out a line."""
    return html.replace("</article>", "<p>The ferry meanwhile keeps to its summer timetable until the end of May.</p></article>")  # fmt: skip


def articles(checker: Checker) -> list[str]:
    return [row[0] for row in checker.db.execute("select url from articles order by id").fetchall()]


def edits(checker: Checker) -> list[tuple[str, str]]:
    return checker.db.execute("select old, new from edits order by id").fetchall()


def run_pass(checker: Checker, urls: Sequence[str]) -> None:
    """Check these addresses with the daemon, in this order."""

    async def work(network: Network) -> int:
        return await check_due(checker.db, network, jobs=1, report=lambda checked: None)

    for url in urls:
        watch_article(checker.db, url, at=checker.clock.now())
        checker.clock.skip(seconds=1)
    checker.run(work)


# -- an address that a page merely names ----------------------------------------------------------


@pytest.mark.parametrize("rounds", [1, 2])
def test_an_address_that_a_page_names_is_requested_when_asked_for(
    site: Site, checker: Checker, rounds: int
) -> None:
    checker(site.page("/a", linked("/b")))
    url = site.page("/b", article_html("An owl in the library", OTHER_STORY))
    for _ in range(rounds):
        site.requests.clear()
        result = checker(url).result
        assert "/a" not in site.paths()
        assert "/b" in site.paths()
    assert result.outcome == ("new" if rounds == 1 else "unchanged")
    assert articles(checker) == [site.url + "/a", url]


@pytest.mark.parametrize(
    ("status", "outcome"), [(404, "failed"), (403, "blocked"), (500, "failed")]
)
def test_a_named_address_without_an_article_fails_by_itself(
    site: Site, checker: Checker, status: int, outcome: str
) -> None:
    checker(site.page("/a", linked("/b")))
    site.answers["/b"] = Answer(status=status)
    result = checker(site.url + "/b").result
    assert (result.outcome, result.article_id) == (outcome, None)
    (count,) = checker.db.execute("select count(*) from fetches where article_id = 1").fetchone()
    assert count == 1


def test_a_named_address_that_redirects_to_the_article_is_its_alias(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", linked("/b"))
    checker(url)
    site.answers["/b"] = Answer(status=302, headers={"Location": "/a"})
    assert checker(site.url + "/b").result.outcome == "unchanged"
    site.requests.clear()
    assert checker(site.url + "/b").result.article_id == 1
    assert "/b" not in site.paths()
    assert articles(checker) == [url]


def test_a_named_address_under_the_other_scheme_is_requested(site: Site, checker: Checker) -> None:
    checker(site.page("/a", linked(site.url.replace("http:", "https:") + "/b")))
    url = site.page("/b", article_html("An owl in the library", OTHER_STORY))
    assert checker(url).result.outcome == "new"


def test_an_article_moves_to_an_address_that_another_page_names(
    site: Site, checker: Checker
) -> None:
    checker(site.page("/b", linked("/n")))
    story = article_html("An owl in the library", OTHER_STORY)
    checker(site.page("/a", story))
    own = site.page("/n", story)
    site.answers["/a"] = Answer(status=301, headers={"Location": "/n"})
    assert checker(site.url + "/a").result.outcome == "moved"
    assert articles(checker) == [site.url + "/b", own]


# -- a copy for AMP or for print, and the article -------------------------------------------------

COPIES = {"AMP": "/amp/story", "print": "/story?print=1", "a suffix": "/story.amp"}


@pytest.mark.parametrize("path", COPIES.values(), ids=COPIES.keys())
def test_a_copy_before_the_article_is_one_article_at_its_own_address(
    site: Site, checker: Checker, path: str
) -> None:
    site.page(path.partition("?")[0], linked("/article"))
    checker(site.url + path)
    own = site.page("/article", linked("/article"))
    assert checker(own).result.outcome == "moved"
    assert checker(own).result.outcome == "unchanged"
    assert checker(site.url + path).result.outcome == "unchanged"
    assert site.paths()[-1] == "/article"
    assert articles(checker) == [own]


@pytest.mark.parametrize(
    "copy", ["/amp/story", "/story/print", "/story.amp", "/story?print=1", "/story?view=print"]
)
@pytest.mark.parametrize("copy_first", [True, False], ids=["copy first", "copy last"])
def test_a_copy_that_names_no_article_is_known_by_its_address(
    site: Site, checker: Checker, copy: str, copy_first: bool
) -> None:
    for path in (copy.partition("?")[0], "/story"):
        site.page(path, article_html())
    urls = [site.url + path for path in ((copy, "/story") if copy_first else ("/story", copy))]
    outcomes = [checker(url).result.outcome for url in urls]
    assert outcomes == ["new", "moved" if copy_first else "unchanged"]
    assert articles(checker) == [site.url + "/story"]


def test_another_story_under_the_form_of_a_copy_is_its_own_article(
    site: Site, checker: Checker
) -> None:
    checker(site.page("/fair/print", article_html()))
    own = site.page("/fair", article_html("An owl in the library", OTHER_STORY))
    assert checker(own).result.outcome == "new"
    assert len(articles(checker)) == 2


@pytest.mark.parametrize(
    "order", [("/amp/1", "/1"), ("/1", "/amp/1")], ids=["copy first", "copy last"]
)
def test_an_edit_of_an_article_with_a_copy_is_logged_once(
    site: Site, checker: Checker, order: tuple[str, str]
) -> None:
    for path in ("/1", "/amp/1"):
        site.page(path, linked("/1"))
    urls = [site.url + path for path in order]
    run_pass(checker, urls)
    for path in ("/1", "/amp/1"):
        site.page(path, linked("/1").replace("21 people", "12 people"))
    checker.clock.skip(hours=1)
    run_pass(checker, urls)
    assert articles(checker) == [site.url + "/1"]
    assert edits(checker) == [("21", "12")]


def test_what_a_copy_leaves_out_is_no_edit(site: Site, checker: Checker) -> None:
    checker(site.page("/amp/1", linked("/1")))
    own = site.page("/1", with_caption(linked("/1")))
    assert checker(own).result.outcome == "moved"
    assert edits(checker) == []
    versions = checker.db.execute("select number, technical from versions order by number")
    assert versions.fetchall() == [(1, 0), (2, 1)]
    site.page("/1", with_caption(linked("/1")).replace("21 people", "12 people"))
    assert checker(own).result.outcome == "edited"
    assert edits(checker) == [("21", "12")]


def test_an_edit_made_before_the_article_moves_is_not_lost(site: Site, checker: Checker) -> None:
    checker(site.page("/amp/1", linked("/1")))
    site.page("/amp/1", linked("/1").replace("21 people", "12 people"))
    own = site.page("/1", with_caption(linked("/1")).replace("21 people", "12 people"))
    assert checker(own).result.outcome == "edited"
    assert edits(checker) == [("21", "12")]
    assert articles(checker) == [own]


def test_an_article_moves_though_its_copy_is_gone(site: Site, checker: Checker) -> None:
    checker(site.page("/amp/1", linked("/1")))
    site.answers["/amp/1"] = Answer(status=410)
    own = site.page("/1", linked("/1"))
    assert checker(own).result.outcome == "moved"
    assert checker.db.execute("select url, state from articles").fetchall() == [(own, "active")]


def test_an_article_does_not_move_to_another_copy(site: Site, checker: Checker) -> None:
    """Each of two pages names the other as its own address."""
    first = site.page("/1", linked("/2"))
    checker(first)
    checker(site.page("/2", linked("/1")))
    assert articles(checker) == [first]


def test_an_entry_that_no_check_has_seen_is_the_copys_article(site: Site, checker: Checker) -> None:
    copy, own = site.page("/amp/1", linked("/1")), site.page("/1", linked("/1"))
    watch_article(checker.db, own, at=checker.clock.now(), every="30m")
    checker(copy)
    assert checker(own).result.outcome == "moved"
    rows = checker.db.execute("select url, every from articles").fetchall()
    assert rows == [(own, "30m")]


def test_a_rebuild_keeps_the_move_from_a_copy(site: Site, checker: Checker) -> None:
    checker(site.page("/amp/1", linked("/1")))
    own = site.page("/1", with_caption(linked("/1")))
    checker(own)
    replayed = replay(checker.db, 1, own)
    assert [(version.technical, version.edits) for version in replayed.versions] == [
        (False, ()),
        (True, ()),
    ]
    assert [check.outcome for check in replayed.checks] == ["new", "unchanged", "moved"]


# -- another site's name --------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_does_not_take_over_an_address_of_another_site(
    site: Site, checker: Checker, status: int
) -> None:
    with serving() as victim:
        story = victim.page("/story", article_html())
        evil = site.page("/evil", article_html())
        checker(evil)
        site.answers["/evil"] = Answer(status=status, headers={"Location": story})
        assert checker(evil).result.outcome == "unchanged"
        assert articles(checker) == [evil]
        victim.page("/story", article_html("An owl in the library", OTHER_STORY))
        assert checker(story).result.outcome == "new"
        assert articles(checker) == [evil, story]


def test_the_page_of_a_move_is_kept(site: Site, checker: Checker) -> None:
    checker(site.page("/amp/1", linked("/1")))
    checker(site.page("/1", with_caption(linked("/1"))))
    (missing,) = checker.db.execute("select count(*) from versions where snapshot_id is null").fetchone()  # fmt: skip
    assert missing == 0
