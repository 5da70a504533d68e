"""A publisher's figures: what is certain and what is only possible, given the times of the checks."""

from datetime import UTC, datetime

import pytest
from sqlite_utils import Database

from scraper.article import Article
from storage.queries.publishers import publisher_stats
from storage.queries.updates import is_faster_by_time, newest_updates
from storage.search.highlight import contains_words
from tests.support.web_history import add_article
from variorum.web.views.timeline import timeline

NOW = datetime(2026, 5, 15, 12, tzinfo=UTC)


def article(headline: str, number: int = 1) -> Article:
    return Article(f"https://a.example/{number}", headline, paragraphs=("It burns.",))


def test_an_edit_across_midnight_may_belong_to_either_day(db: Database) -> None:
    versions = [article(f"Fire at the mill, hour {hour}") for hour in range(1, 26)]
    add_article(db, "https://a.example/1", "a.example", versions)
    days = {
        day.day: (day.certain, day.possible)
        for day in publisher_stats(db, "a.example", now=NOW).days
    }
    assert days["2026-05-14"] == (22, 23)
    assert days["2026-05-15"] == (1, 2)


def test_an_update_counts_once_however_many_fields_it_changes(db: Database) -> None:
    first_version = Article(
        "https://a.example/1", "Fire", dek="At the mill", paragraphs=("It burns.",)
    )
    second_version = Article("https://a.example/1", "Fire is out", dek="At the harbour", paragraphs=("It burnt.",))  # fmt: skip
    add_article(db, first_version.url, "a.example", [first_version, second_version], disclosed=None)
    figures = publisher_stats(db, "a.example", now=NOW)
    assert (figures.updates, figures.unjudged_updates) == (1, 1)
    assert figures.edits >= 3
    assert figures.silent_share.value is None


def test_with_many_updates_the_rate_uses_the_newest_and_their_time_span(db: Database) -> None:
    """The rate is the same whether all updates are counted or only the newest."""
    for number in range(1, 5):
        versions = [article(f"Fire at the mill, hour {hour}", number) for hour in range(1, 26)]
        add_article(db, f"https://a.example/{number}", "a.example", versions)
    all_figures = publisher_stats(db, "a.example", now=NOW)
    assert (all_figures.updates, all_figures.is_cut) == (96, False)
    figures_of_3 = publisher_stats(db, "a.example", now=NOW, max_updates=3)
    figures_of_12 = publisher_stats(db, "a.example", now=NOW, max_updates=12)
    assert (figures_of_3.updates, figures_of_3.is_cut) == (3, True)
    assert (figures_of_12.updates, figures_of_12.is_cut) == (12, True)
    assert figures_of_3.since > figures_of_12.since > all_figures.since
    assert figures_of_12.per_day.value == pytest.approx(4 * 24, rel=0.3)


def test_reading_by_time_is_faster_if_the_publisher_has_a_large_share_of_the_articles() -> None:
    assert is_faster_by_time(20_000, 20_000, limit=3_000)
    assert not is_faster_by_time(100, 20_000, limit=3_000)


@pytest.mark.parametrize("limit", [3, 100])
def test_reading_by_time_and_by_article_give_the_same_updates(db: Database, limit: int) -> None:
    for number in range(1, 4):
        versions = [article(f"Fire at the mill, hour {hour}", number) for hour in range(1, 9)]
        add_article(db, f"https://a.example/{number}", "a.example", versions)
    by_time, by_article = (
        newest_updates(db, "a.example", "2026-05-01", by_time=by_time, limit=limit)
        for by_time in (True, False)
    )
    assert by_time == by_article
    assert len(by_time) == min(limit, 21)


def test_an_article_without_versions_has_no_timeline() -> None:
    assert timeline([], []) is None


def test_a_restored_text_returns_to_its_timeline_lane(db: Database) -> None:
    add_article(db, "https://a.example/1", "a.example", [article("A mill"), article("A fire"), article("A mill")])  # fmt: skip
    rows = list(db.query("select * from versions order by number"))
    chart = timeline(rows, [])
    assert chart is not None
    assert chart.bars[0].y == chart.bars[2].y != chart.bars[1].y


def test_search_ignores_accents() -> None:
    assert contains_words("cafe")("Das Café ist zu")
    assert not contains_words("각")("가나다")
