"""Pages dropped by rule."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from scraper.article import Article
from storage.articles import record
from storage.articles.result import Fetch, Look
from storage.database import open_nowhere
from storage.diff import compare
from storage.queries import articles as queries
from storage.snapshots.prune import Keep, prune
from storage.snapshots.store import Snapshot, load

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
EVER = "2099-01-01T00:00:00.000Z"
FRAME = "<p>The same frame around every page.</p>" * 20


def page(hour: int, url: str) -> bytes:
    return f"{FRAME}{url} at {hour}{FRAME}".encode()


def look_at(db: Database, url: str, hours: range, edited_at: set[int]) -> None:
    """Looks at one article, each with a page of its own; its text is edited at some hours."""
    before: Article | None = None
    for hour in hours:
        is_new = before is None or hour in edited_at
        article = (
            Article(url=url, headline="Harbour", paragraphs=(f"It is {hour}.",)) if is_new else None
        )
        snapshot = Snapshot(page(hour, url))
        fetch = Fetch(
            url, NOON + timedelta(hours=hour), 200, sha256=snapshot.sha256, snapshot=snapshot
        )
        edits = compare(before, article) if before and article else ()
        outcome = "new" if before is None else "edited" if article else "unchanged"
        base = queries_version(db, url) if before else None
        article_id = queries.article_id(db, url) if before else None
        record(db, Look(url, outcome, (fetch,), article_id, article=article, base_version=base,
                        edits=edits, shows_version=True), extractor="1")  # fmt: skip
        before = article or before


def queries_version(db: Database, url: str) -> int:
    article = queries.article_id(db, url)
    return int(queries.version(db, article)["number"])


def kept_hours(db: Database) -> list[int]:
    """The hours of the looks whose page is still stored, each read as it was."""
    rows = db.execute(
        "select f.url, f.fetched_at, f.snapshot_id from fetches f where snapshot_id is not null order by f.id"
    ).fetchall()
    hours = []
    for url, at, snapshot_id in rows:
        hour = int((datetime.fromisoformat(at) - NOON).total_seconds() / 3600)
        assert load(db, snapshot_id).raw == page(hour, url)
        hours.append(hour)
    return hours


@pytest.mark.parametrize(("keep", "left"), [("changed", [0, 3, 7, 9]), ("ends", [0, 7, 9])])
def test_what_a_rule_keeps_is_kept_and_can_be_read(
    db: Database, keep: Keep, left: list[int]
) -> None:
    look_at(db, "https://example.org/1", range(10), {3, 7})
    (pruned,) = prune(db, keep, before=EVER, dry_run=False)
    assert pruned.pages == 10 - len(left)
    assert kept_hours(db) == left
    assert db["versions"].count == 3
    assert db["fetches"].count == 10


def test_a_dry_run_says_the_same_and_drops_nothing(db: Database) -> None:
    look_at(db, "https://example.org/1", range(10), {3, 7})
    told = list(prune(db, "changed", before=EVER, dry_run=True))
    assert len(kept_hours(db)) == 10
    done = list(prune(db, "changed", before=EVER, dry_run=False))
    assert [one.pages for one in told] == [one.pages for one in done]
    assert list(prune(db, "changed", before=EVER, dry_run=False)) == []


def test_younger_pages_stay(db: Database) -> None:
    look_at(db, "https://example.org/1", range(10), set())
    before = (NOON + timedelta(hours=5)).isoformat().replace("+00:00", ".000Z")
    list(prune(db, "ends", before=before, dry_run=False))
    assert kept_hours(db) == [0, 5, 6, 7, 8, 9]


def test_the_page_of_another_article_stays(db: Database) -> None:
    """Two addresses that show the same bytes share one stored page."""
    look_at(db, "https://example.org/1", range(5), set())
    shared = db.execute("select snapshot_id from fetches where id = 3").fetchone()[0]
    look_at(db, "https://example.org/2", range(2), set())
    db.execute("update fetches set snapshot_id = ? where id = 6", [shared])
    list(prune(db, "ends", before=EVER, dry_run=False))
    assert load(db, shared).raw == page(2, "https://example.org/1")


@settings(deadline=None, max_examples=25)
@given(
    st.sets(st.integers(1, 44), max_size=20),
    st.integers(0, 45),
    st.sampled_from(["changed", "ends"]),
)
def test_whatever_is_dropped_what_stays_can_be_read(
    edited: set[int], young: int, keep: Keep
) -> None:
    db = open_nowhere()
    look_at(db, "https://example.org/1", range(45), edited)
    before = (NOON + timedelta(hours=young)).isoformat().replace("+00:00", ".000Z")
    list(prune(db, keep, before=before, dry_run=False))
    hours = kept_hours(db)
    assert {0, 44} <= set(hours)
    assert db.execute("pragma foreign_key_check").fetchall() == []
    db.close()
