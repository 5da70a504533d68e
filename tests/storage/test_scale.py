"""Queries on a large history use its indices; the plans on a small one of the same kind show it.

The history comes from the benchmark `made-history`, and the queries of `scale` are tried here too:
both would break unnoticed with a renamed column. Rows are changed in raw SQL on purpose, because
the triggers must keep the counters right, whatever writes the rows.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from benchmarks.speed import scale
from benchmarks.support.made_history import HistoryShape, make_history, make_overdue
from storage.articles.watch import erase_article
from storage.database import open_database
from storage.queries import articles as queries
from storage.queries import health, publishers
from storage.queries.edits import EditFilter, matching_edits
from storage.queue import leases, uptime
from storage.queue.outbox import sendable_notifications, undelivered
from storage.search import first_hits
from storage.search.hits import Scope
from storage.timestamps import to_text

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
SMALL_SHAPE = HistoryShape(300, 4, 6, hosts=12, overdue=20)
BIG_TABLES = (
    "articles",
    "versions",
    "fetches",
    "edits",
    "sentences",
    "aliases",
    "snapshots",
    "outbox",
)
COUNTER_COLUMNS = "checks, edits, headline_edits, silent_edits, judged_edits, round(gap_seconds, 1)"
COUNTED_QUERY = (
    "select (select count(*) from fetches f where f.article_id = a.id), count(e.id),"
    " coalesce(sum(e.field = 'headline'), 0), coalesce(sum(e.disclosed = 0), 0), count(e.disclosed),"
    " round(coalesce(sum(julianday(e.seen_at) - julianday(e.seen_after)), 0) * 86400, 1)"
    " from articles a left join edits e on e.article_id = a.id group by a.id order by a.id"
)
WRONG_DUE_QUERY = (
    "select h.host, h.due_at, min(a.next_check_at) from hosts h left join articles a on a.host = h.host"
    " and a.state in ('active', 'gone', 'finished') group by h.host having h.due_at is not min(a.next_check_at)"
)
HOST_COUNTS_QUERY = (
    "select h.host from hosts h join articles a on a.host = h.host group by h.host having"
)


@pytest.fixture(scope="module")
def history_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "made.db"
    make_history(path, SMALL_SHAPE, now=NOON).close()
    return path


@pytest.fixture
def history_db(history_path: Path, tmp_path: Path) -> Iterator[Database]:
    """A made history of its own for each test."""
    path = tmp_path / "made.db"
    path.write_bytes(history_path.read_bytes())
    db = open_database(path)
    yield db
    assert db.execute("pragma foreign_key_check").fetchall() == []
    db.close()


def test_a_generated_history_is_sound_and_reproducible(
    history_db: Database, tmp_path: Path
) -> None:
    second_db = make_history(tmp_path / "again.db", SMALL_SHAPE, now=NOON)
    for table in ("articles", "versions", "edits", "sentences", "fetches"):
        rows = f"select * from {table} order by 1"
        assert history_db.execute(rows).fetchall() == second_db.execute(rows).fetchall()
    second_db.close()
    assert health.integrity(history_db) == queries.articles_with_number_gaps(history_db) == []


CLAIM = leases.LeaseClaim("me", NOON, uptime.Uptime("boot", 0), timedelta(minutes=9))

FREQUENT_QUERIES: dict[str, Callable[[Database], object]] = {
    "history of an article": lambda db: list(
        matching_edits(db, EditFilter(article_id=7), limit=100)
    ),
    "newest of a kind": lambda db: list(matching_edits(db, EditFilter(kind="number"), limit=100)),
    "newest of a field": lambda db: list(
        matching_edits(db, EditFilter(field="headline"), limit=100)
    ),
    "newest since": lambda db: list(matching_edits(db, EditFilter(since=to_text(NOON)), limit=100)),
    "two versions": lambda db: list(matching_edits(db, EditFilter(article_id=7, versions=(1, 2)))),
    "the due list": lambda db: leases.lease_work(db, CLAIM, limit=3),
    "the due list of one pass": lambda db: leases.lease_work(
        db, CLAIM, limit=3, pass_started_at=NOON
    ),
    "overdue": lambda db: queries.overdue(db, to_text(NOON)),
    "announcements": lambda db: sendable_notifications(db, "desk", 0, now=NOON),
    "undelivered": undelivered,
    "search": lambda db: first_hits(db, "12"),
    "search of deleted words": lambda db: first_hits(db, "12", scope=Scope.DELETED),
    "search of removed sentences": lambda db: first_hits(db, "12", scope=Scope.SENTENCES),
    "failing hosts": health.failing_hosts,
    "moved anchors": health.moved_containers,
    "first versions": lambda db: list(health.first_versions(db, per_host=20)),
    "hours to an edit": publishers.hours_to_edit,
    "stats of a host": lambda db: list(publishers.host_stats(db, "news0.example")),
    "erasing": lambda db: erase_article(db, url_of(db, 7)),
    "state of an article": lambda db: scale.article_state(db, url_of(db, 7)),
}


@pytest.mark.parametrize("run_query", FREQUENT_QUERIES.values(), ids=FREQUENT_QUERIES)
def test_no_frequent_query_scans_a_big_table(
    history_db: Database, run_query: Callable[[Database], object]
) -> None:
    scans = [
        plan for plan in query_plans(history_db, run_query) if scanned_table(plan) in BIG_TABLES
    ]
    assert scans == []


@pytest.mark.parametrize(
    ("table", "column"),
    [("last_pages", "page_id"), ("fetches", "snapshot_id"), ("versions", "snapshot_id"), ("snapshots", "base_id")],
)  # fmt: skip
def test_references_to_a_deleted_page_use_an_index(
    history_db: Database, table: str, column: str
) -> None:
    """SQLite checks each of them when a page is deleted, which no query plan shows."""
    question = f"explain query plan select 1 from {table} where {column} = 7"
    assert "SEARCH" in history_db.execute(question).fetchone()[3]


def test_the_newest_edits_need_no_sort(history_db: Database) -> None:
    plan_steps = query_plans(
        history_db, lambda db: list(matching_edits(db, EditFilter(silent=True), limit=100))
    )
    assert not [plan for plan in plan_steps if "TEMP B-TREE" in plan]


def test_the_article_list_needs_no_sort(history_db: Database) -> None:
    assert not [
        plan
        for plan in query_plans(history_db, lambda db: list(queries.articles(db)))
        if "TEMP B-TREE" in plan
    ]


def test_the_article_list_has_each_article_once_next_due_first(history_db: Database) -> None:
    rows = list(queries.articles(history_db))
    assert sorted(row["id"] for row in rows) == list(range(1, SMALL_SHAPE.articles + 1))
    due = [row["next_check_at"] for row in rows if row["state"] != "paused"]
    assert due == sorted(due)


def test_the_counters_stay_correct_after_any_write(history_db: Database) -> None:
    history_db.execute("update edits set field = 'headline', disclosed = null where id % 3 = 0")
    history_db.execute(
        "update fetches set article_id = 2 where article_id = 1 and version_id is null"
    )
    history_db.execute("delete from edits where id % 7 = 0")
    erase_article(history_db, url_of(history_db, 7))
    assert (
        history_db.execute(f"select {COUNTER_COLUMNS} from articles order by id").fetchall()
        == history_db.execute(COUNTED_QUERY).fetchall()
    )


def test_each_host_row_has_its_earliest_due_time(history_db: Database) -> None:
    make_overdue(history_db, 50, now=NOON)
    history_db.execute("update articles set state = 'paused' where id % 5 = 0")
    history_db.execute("update articles set host = 'moved.example' where id % 11 = 0")
    erase_article(history_db, url_of(history_db, 7))
    assert history_db.execute(WRONG_DUE_QUERY).fetchall() == []
    earliest = history_db.execute(
        "select min(next_check_at) from articles where state <> 'paused'"
    ).fetchone()[0]
    assert history_db.execute("select min(due_at) from hosts").fetchone() == (earliest,)


def test_each_host_row_has_its_article_counts_and_check_times(history_db: Database) -> None:
    history_db.execute("update articles set state = 'paused' where id % 5 = 0")
    history_db.execute("update articles set host = 'moved.example' where id % 11 = 0")
    history_db.execute(
        "update articles set checked_at = '2026-05-14T13:00:00.000Z', changed_at = null where id % 13 = 0"
    )
    history_db.execute(
        "update articles set first_seen_at = '2019-01-01T00:00:00.000Z' where id = 22"
    )
    erase_article(history_db, url_of(history_db, 7))
    assert (
        history_db.execute(f"{HOST_COUNTS_QUERY} h.articles is not sum(a.id > 0)").fetchall() == []
    )
    assert (
        history_db.execute(
            f"{HOST_COUNTS_QUERY} h.active is not sum(a.state = 'active')"
        ).fetchall()
        == []
    )
    # An article that is gone may have been the last one seen.
    assert (
        history_db.execute(f"{HOST_COUNTS_QUERY} h.checked_at < max(a.checked_at)").fetchall() == []
    )
    assert (
        history_db.execute(f"{HOST_COUNTS_QUERY} h.first_seen_at > min(a.first_seen_at)").fetchall()
        == []
    )
    host_query = "select first_seen_at, checked_at from hosts where host = 'moved.example'"
    assert history_db.execute(host_query).fetchone() == (
        "2019-01-01T00:00:00.000Z",
        "2026-05-14T13:00:00.000Z",
    )


def test_a_search_gives_the_newest_first_up_to_the_limit(history_db: Database) -> None:
    hits = first_hits(history_db, removed_word(history_db), limit=5)
    times = [hit.last.seen_at for hit in hits]
    assert len(hits) == 5
    assert times == sorted(times, reverse=True)


def test_deleted_search_agrees_with_a_full_scan(history_db: Database) -> None:
    """A second opinion: the hits of a search in all versions whose latest version does not match."""
    word = removed_word(history_db)
    everything = first_hits(history_db, word, limit=1_000)
    removed_urls = {hit.url for hit in everything if hit.is_deleted}
    assert deleted_urls(history_db, word) == removed_urls != set()


def test_every_benchmarked_query_runs(history_db: Database) -> None:
    path = Path(history_db.execute("pragma database_list").fetchone()[2])
    measured = scale.measured_queries(scale.open_target(path))
    for run_query in measured.values():
        run_query(0)
    assert len(measured) > 30


def deleted_urls(db: Database, word: str) -> set[str]:
    """The articles whose latest version no longer has the word."""
    return {hit.url for hit in first_hits(db, word, scope=Scope.DELETED, limit=1_000)}


def removed_word(db: Database) -> str:
    """A word that was removed from an article and is still in others."""
    sentence = db.execute(
        "select sentence from sentences where removed_version is not null and sentence >= '가' limit 1"
    ).fetchone()[0]
    return str(sentence[:2])


def url_of(db: Database, article_id: int) -> str:
    return str(db.execute("select url from articles where id = ?", [article_id]).fetchone()[0])


def query_plans(db: Database, run_query: Callable[[Database], object]) -> list[str]:
    """How SQLite goes about each statement of a question, with the names of tables for their aliases."""
    statements: list[str] = []
    db.conn.set_trace_callback(statements.append)
    try:
        run_query(db)
    finally:
        db.conn.set_trace_callback(None)
    plan_steps: list[str] = []
    for statement in statements:
        if statement.lstrip().lower().startswith(("select", "with", "update", "delete")):
            names = {
                alias: table
                for table, alias in re.findall(r"\b(?:from|join) (\w+) (\w)\b", statement)
            }
            for row in db.execute(f"explain query plan {statement}").fetchall():
                step = str(row[3])
                plan_steps.append(
                    re.sub(
                        r"^(SCAN|SEARCH) (\w+)",
                        lambda m, n=names: f"{m[1]} {n.get(m[2], m[2])}",
                        step,
                    )
                )
    return plan_steps


def scanned_table(plan: str) -> str | None:
    """The table that a step reads as a whole. A scan of the small index of waiting rows does not count."""
    match = re.match(r"SCAN (\w+)(?! VIRTUAL)", plan)
    return match[1] if match and "outbox_waiting" not in plan else None
