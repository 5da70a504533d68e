"""Pages dropped by rule."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from scraper.article import Article
from storage.articles import record
from storage.articles.aliases import require_article
from storage.articles.result import CheckResult, Fetch
from storage.database import open_in_memory
from storage.diff import compare
from storage.queries import articles as queries
from storage.snapshots.prune import KeepRule, prune_snapshots
from storage.snapshots.store import Snapshot, load_snapshot

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
FAR_FUTURE = "2099-01-01T00:00:00.000Z"
PAGE_FRAME = "<p>The same frame around every page.</p>" * 20


def page(hour: int, url: str) -> bytes:
    return f"{PAGE_FRAME}{url} at {hour}{PAGE_FRAME}".encode()


def record_checks(db: Database, url: str, hours: range, edited_at: set[int]) -> None:
    """Checks of one article, each with a page of its own; some of them see an edit."""
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
        base = latest_version(db, url) if before else None
        article_id = require_article(db, url) if before else None
        record(db, CheckResult(url, outcome, (fetch,), article_id, article=article, base_version=base,
                        edits=edits, shows_version=True), extractor="1")  # fmt: skip
        before = article or before


def latest_version(db: Database, url: str) -> int:
    article = require_article(db, url)
    return int(queries.version(db, article)["number"])


def stored_hours(db: Database) -> list[int]:
    """The hours of the fetches whose page is still stored; each page is as it was."""
    rows = db.execute(
        "select f.url, f.fetched_at, f.snapshot_id from fetches f where snapshot_id is not null order by f.id"
    ).fetchall()
    hours = []
    for url, at, snapshot_id in rows:
        hour = int((datetime.fromisoformat(at) - NOON).total_seconds() / 3600)
        assert load_snapshot(db, snapshot_id).raw == page(hour, url)
        hours.append(hour)
    return hours


@pytest.mark.parametrize(
    ("keep", "expected_hours"), [("changed", [0, 3, 7, 9]), ("ends", [0, 7, 9])]
)
def test_prune_keeps_the_selected_pages_readable(
    db: Database, keep: KeepRule, expected_hours: list[int]
) -> None:
    record_checks(db, "https://example.org/1", range(10), {3, 7})
    (entry,) = prune_snapshots(db, keep, before=FAR_FUTURE, dry_run=False)
    assert entry.pages == 10 - len(expected_hours)
    assert stored_hours(db) == expected_hours
    assert db["versions"].count == 3
    assert db["fetches"].count == 10


def test_a_dry_run_reports_the_same_and_deletes_nothing(db: Database) -> None:
    record_checks(db, "https://example.org/1", range(10), {3, 7})
    dry_run_entries = list(prune_snapshots(db, "changed", before=FAR_FUTURE, dry_run=True))
    assert len(stored_hours(db)) == 10
    entries = list(prune_snapshots(db, "changed", before=FAR_FUTURE, dry_run=False))
    assert [entry.pages for entry in dry_run_entries] == [entry.pages for entry in entries]
    assert list(prune_snapshots(db, "changed", before=FAR_FUTURE, dry_run=False)) == []


def test_pages_younger_than_the_limit_stay(db: Database) -> None:
    record_checks(db, "https://example.org/1", range(10), set())
    before = (NOON + timedelta(hours=5)).isoformat().replace("+00:00", ".000Z")
    list(prune_snapshots(db, "ends", before=before, dry_run=False))
    assert stored_hours(db) == [0, 5, 6, 7, 8, 9]


def test_a_page_shared_with_another_article_stays(db: Database) -> None:
    """Two addresses that show the same bytes share one stored page."""
    record_checks(db, "https://example.org/1", range(5), set())
    shared_id = db.execute("select snapshot_id from fetches where id = 3").fetchone()[0]
    record_checks(db, "https://example.org/2", range(2), set())
    db.execute("update fetches set snapshot_id = ? where id = 6", [shared_id])
    list(prune_snapshots(db, "ends", before=FAR_FUTURE, dry_run=False))
    assert load_snapshot(db, shared_id).raw == page(2, "https://example.org/1")


@settings(deadline=None, max_examples=25)
@given(
    st.sets(st.integers(1, 44), max_size=20),
    st.integers(0, 45),
    st.sampled_from(["changed", "ends"]),
)
def test_remaining_pages_are_readable_after_any_prune(
    edited_hours: set[int], first_kept_hour: int, keep: KeepRule
) -> None:
    db = open_in_memory()
    record_checks(db, "https://example.org/1", range(45), edited_hours)
    before = (NOON + timedelta(hours=first_kept_hour)).isoformat().replace("+00:00", ".000Z")
    list(prune_snapshots(db, keep, before=before, dry_run=False))
    hours = stored_hours(db)
    assert {0, 44} <= set(hours)
    assert db.execute("pragma foreign_key_check").fetchall() == []
    db.close()
