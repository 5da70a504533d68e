"""The index of stories is bounded, and forgets an erased article."""

from datetime import timedelta

from sqlite_utils import Database

from storage.articles.stories import (
    MAX_BOILERPLATE_PER_HOST,
    MAX_STORIES_PER_HOST,
    load_boilerplate,
    shared_lines,
    store_boilerplate,
    store_story,
)
from storage.articles.watch import erase_article
from storage.database import write_transaction
from storage.diff.noise.boilerplate import BoilerplateLine
from storage.diff.noise.shared_lines import Story, StoryLine
from tests.support.checker import Checker
from tests.support.history import NOON
from tests.support.pages import PITCH, story_html
from tests.support.site import Site


def story(number: int) -> Story:
    return Story("example.org", f"https://example.org/{number}", f"Story {number}", "2026-05-14", (StoryLine(7, PITCH, PITCH, False, True),))  # fmt: skip


def test_a_host_keeps_its_newest_stories(db: Database) -> None:
    with write_transaction(db):
        for number in range(MAX_STORIES_PER_HOST + 3):
            store_story(db, story(number), None, at=NOON + timedelta(minutes=number))
    stored = shared_lines(db, story(0))
    assert (stored.total, len(stored.holders[7])) == (MAX_STORIES_PER_HOST,) * 2
    assert min(one.url for one in stored.stories.values()) == "https://example.org/10"
    assert db.execute("select count(*) from host_lines").fetchone() == (MAX_STORIES_PER_HOST,)


def test_the_newest_lines_of_a_publisher_are_left_out(db: Database) -> None:
    lines = [BoilerplateLine(f"Offer {'a' * number}") for number in range(MAX_BOILERPLATE_PER_HOST)]
    newest = BoilerplateLine("The newest offer")
    with write_transaction(db):
        store_boilerplate(db, "example.org", [*lines, newest], at=NOON)
        store_boilerplate(db, "example.org", [newest], at=NOON)
    boilerplate, *_ = load_boilerplate(db, "example.org")
    assert len(boilerplate.lines) == MAX_BOILERPLATE_PER_HOST
    assert (newest.text in boilerplate.lines, "Offer " in boilerplate.lines) == (True, False)
    assert load_boilerplate(db, "example.net")[0].lines == frozenset()


def test_a_line_that_stories_share_outlives_two_hundred_campaigns(db: Database) -> None:
    footer = BoilerplateLine("We follow the code of the press council.", stories="3 of 3")
    campaigns = [
        BoilerplateLine(f"Offer {'a' * number}", instead_of="an offer")
        for number in range(MAX_BOILERPLATE_PER_HOST + 1)
    ]
    with write_transaction(db):
        store_boilerplate(db, "example.org", [footer, *campaigns], at=NOON)
    lines = load_boilerplate(db, "example.org")[0].lines
    assert (footer.text in lines, campaigns[-1].text in lines) == (True, True)
    assert len(lines) == MAX_BOILERPLATE_PER_HOST


def test_a_check_reads_no_line_of_other_stories(db: Database) -> None:
    with write_transaction(db):
        for number in range(5):
            store_story(db, story(number), None, at=NOON + timedelta(minutes=number))
    statements: list[str] = []
    db.conn.set_trace_callback(statements.append)
    shared_lines(db, story(9))
    db.conn.set_trace_callback(None)
    plans = [row[3] for text in statements for row in db.execute(f"explain query plan {text}").fetchall()]  # fmt: skip
    assert any("USING PRIMARY KEY (line_hash=?)" in plan for plan in plans)
    assert not any(plan.startswith(("SCAN l", "SCAN s", "SCAN host", "SCAN e")) for plan in plans)


def test_an_erased_article_teaches_nothing_any_more(site: Site, checker: Checker) -> None:
    urls = [site.page(f"/{n}", story_html(n, [PITCH])) for n in range(2)]
    for url in urls:
        checker(url)
    erase_article(checker.db, urls[0])
    assert checker.db.execute("select url from host_stories").fetchall() == [(urls[1],)]
