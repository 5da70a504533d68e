"""A publisher's figures: what is sure and what is only possible, given when it was looked at."""

from datetime import UTC, datetime

import pytest
from sqlite_utils import Database

from scraper.article import Article
from storage.queries import publishers as publisher
from storage.queries.publishers import habits
from storage.search.highlight import held_in
from tests.support.web_history import add_article
from variorum.web.views.timeline import timeline

NOW = datetime(2026, 5, 15, 12, tzinfo=UTC)


def article(headline: str, number: int = 1) -> Article:
    return Article(f"https://a.example/{number}", headline, paragraphs=("It burns.",))


def test_an_edit_over_midnight_may_be_of_either_day(db: Database) -> None:
    versions = [article(f"Fire at the mill, hour {hour}") for hour in range(1, 26)]
    add_article(db, "https://a.example/1", "a.example", versions)
    days = {day.day: (day.certain, day.possible) for day in habits(db, "a.example", now=NOW).days}
    assert days["2026-05-14"] == (22, 23)
    assert days["2026-05-15"] == (1, 2)


def test_an_update_counts_once_whatever_it_changed(db: Database) -> None:
    one = Article("https://a.example/1", "Fire", dek="At the mill", paragraphs=("It burns.",))
    two = Article("https://a.example/1", "Fire is out", dek="At the harbour", paragraphs=("It burnt.",))  # fmt: skip
    add_article(db, one.url, "a.example", [one, two], disclosed=None)
    found = habits(db, "a.example", now=NOW)
    assert (found.updates, found.untold) == (1, 1)
    assert found.edits >= 3
    assert found.silent.value is None


def test_of_many_updates_the_newest_are_counted_in_the_time_that_they_took(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many an hour as there are, however few are read, and whichever way they are found."""
    for number in range(1, 5):
        versions = [article(f"Fire at the mill, hour {hour}", number) for hour in range(1, 26)]
        add_article(db, f"https://a.example/{number}", "a.example", versions)
    whole = habits(db, "a.example", now=NOW)
    assert (whole.updates, whole.is_cut) == (96, False)
    monkeypatch.setattr(publisher, "MOST", 3)  # 4 articles of 4: by time
    few = habits(db, "a.example", now=NOW)
    monkeypatch.setattr(publisher, "MOST", 12)  # by article
    more = habits(db, "a.example", now=NOW)
    assert (few.updates, few.is_cut) == (3, True)
    assert (more.updates, more.is_cut) == (12, True)
    assert few.since > more.since > whole.since
    assert more.per_day.value == pytest.approx(4 * 24, rel=0.3)


def test_both_ways_find_the_same_updates(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = [article(f"Fire at the mill, hour {hour}") for hour in range(1, 9)]
    add_article(db, "https://a.example/1", "a.example", versions)
    found = habits(db, "a.example", now=NOW)
    monkeypatch.setattr(publisher, "MOST", 0.5)  # one article is many now
    assert habits(db, "a.example", now=NOW) == found


def test_an_article_that_was_never_seen_has_no_picture() -> None:
    assert timeline([], []) is None


def test_a_text_that_comes_back_stands_in_its_old_lane(db: Database) -> None:
    add_article(db, "https://a.example/1", "a.example", [article("A mill"), article("A fire"), article("A mill")])  # fmt: skip
    rows = list(db.query("select * from versions order by number"))
    line = timeline(rows, [])
    assert line is not None
    assert line.bars[0].y == line.bars[2].y != line.bars[1].y


def test_accents_do_not_keep_a_word_from_being_found() -> None:
    assert held_in("cafe")("Das Café ist zu")
    assert not held_in("각")("가나다")
