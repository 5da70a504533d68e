"""A large history is read by its indices; a small one, made alike, shows by which."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from benchmarks.speed import scale
from benchmarks.support.made_history import Shape, make, make_overdue
from storage.database import open_database
from storage.queries import articles as queries
from storage.queries import health
from storage.queue import leases
from storage.queue import watches as watch
from storage.queue.outbox import undelivered, waiting
from storage.search import search
from storage.search.index import drop_departed, index_all
from storage.timestamps import moment

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
SMALL = Shape(300, 4, 6, hosts=12, overdue=20)
BIG = ("articles", "versions", "fetches", "edits", "sentences", "aliases", "snapshots", "outbox")
SUMS = "looks, edits, headline_edits, silent_edits, judged_edits, round(gap_seconds, 1)"
COUNTED = (
    "select (select count(*) from fetches f where f.article_id = a.id), count(e.id),"
    " coalesce(sum(e.field = 'headline'), 0), coalesce(sum(e.disclosed = 0), 0), count(e.disclosed),"
    " round(coalesce(sum(julianday(e.seen_at) - julianday(e.seen_after)), 0) * 86400, 1)"
    " from articles a left join edits e on e.article_id = a.id group by a.id order by a.id"
)
DUE = (
    "select h.host, h.due_at, min(a.next_check_at) from hosts h left join articles a on a.host = h.host"
    " and a.state in ('active', 'gone', 'finished') group by h.host having h.due_at is not min(a.next_check_at)"
)
COUNTS = "select h.host from hosts h join articles a on a.host = h.host group by h.host having"


@pytest.fixture(scope="module")
def made_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "made.db"
    make(path, SMALL, now=NOON).close()
    return path


@pytest.fixture
def made(made_path: Path, tmp_path: Path) -> Iterator[Database]:
    """A made history of its own for each test."""
    path = tmp_path / "made.db"
    path.write_bytes(made_path.read_bytes())
    db = open_database(path)
    yield db
    assert db.execute("pragma foreign_key_check").fetchall() == []
    db.close()


def test_a_made_history_is_sound_and_the_same_for_one_seed(made: Database, tmp_path: Path) -> None:
    again = make(tmp_path / "again.db", SMALL, now=NOON)
    for table in ("articles", "versions", "edits", "sentences", "fetches"):
        rows = f"select * from {table} order by 1"
        assert made.execute(rows).fetchall() == again.execute(rows).fetchall()
    again.close()
    assert health.integrity(made) == queries.gaps_in_numbers(made) == []


HOT: dict[str, Callable[[Database], object]] = {
    "history of an article": lambda db: list(queries.edits(db, article=7, limit=100)),
    "newest of a kind": lambda db: list(queries.edits(db, kind="number", limit=100)),
    "newest of a field": lambda db: list(queries.edits(db, field="headline", limit=100)),
    "newest since": lambda db: list(queries.edits(db, since=moment(NOON), limit=100)),
    "two versions": lambda db: list(queries.edits(db, article=7, versions=(1, 2))),
    "the due list": lambda db: leases.lease_work(
        db, lessee="me", now=NOON, lease=timedelta(minutes=9), limit=3
    ),
    "the due list of one pass": lambda db: leases.lease_work(
        db, lessee="me", now=NOON, lease=timedelta(minutes=9), limit=3, begun=NOON
    ),
    "the next look": queries.next_due_at,
    "overdue": lambda db: queries.overdue(db, moment(NOON)),
    "announcements": lambda db: waiting(db, "desk", now=NOON),
    "undelivered": undelivered,
    "search": lambda db: search(db, "12"),
    "search of what left": lambda db: search(db, "12", deleted=True),
    "failing hosts": health.failing,
    "moved anchors": health.moved_anchors,
    "first versions": lambda db: list(health.first_versions(db, per_host=20)),
    "hours to an edit": health.hours_to_edit,
    "stats of a host": lambda db: list(health.host_stats(db, "news0.example")),
    "erasing": lambda db: watch.erase(db, url_of(db, 7)),
    "known": lambda db: scale.known(db, url_of(db, 7)),
}


@pytest.mark.parametrize("ask", HOT.values(), ids=HOT)
def test_no_hot_query_scans_a_big_table(made: Database, ask: Callable[[Database], object]) -> None:
    scans = [plan for plan in plans(made, ask) if scanned(plan) in BIG]
    assert scans == []


@pytest.mark.parametrize(
    ("table", "column"),
    [("standing", "page_id"), ("fetches", "snapshot_id"), ("versions", "snapshot_id"), ("snapshots", "base_id")],
)  # fmt: skip
def test_who_refers_to_a_dropped_page_is_found_by_an_index(
    made: Database, table: str, column: str
) -> None:
    """SQLite asks each of them when a page goes, which no plan tells."""
    question = f"explain query plan select 1 from {table} where {column} = 7"
    assert "SEARCH" in made.execute(question).fetchone()[3]


def test_the_newest_edits_are_read_from_the_end_without_sorting(made: Database) -> None:
    found = plans(made, lambda db: list(queries.edits(db, silent=True, limit=100)))
    assert not [plan for plan in found if "TEMP B-TREE" in plan]


def test_a_list_is_not_sorted(made: Database) -> None:
    assert not [
        plan for plan in plans(made, lambda db: list(queries.articles(db))) if "TEMP B-TREE" in plan
    ]


def test_a_list_holds_every_article_once_the_next_due_first(made: Database) -> None:
    rows = list(queries.articles(made))
    assert sorted(row["id"] for row in rows) == list(range(1, SMALL.articles + 1))
    due = [row["next_check_at"] for row in rows if row["state"] != "paused"]
    assert due == sorted(due)


def test_sums_stay_right_whatever_is_written(made: Database) -> None:
    made.execute("update edits set field = 'headline', disclosed = null where id % 3 = 0")
    made.execute("update fetches set article_id = 2 where article_id = 1 and version_id is null")
    made.execute("delete from edits where id % 7 = 0")
    watch.erase(made, url_of(made, 7))
    assert (
        made.execute(f"select {SUMS} from articles order by id").fetchall()
        == made.execute(COUNTED).fetchall()
    )


def test_each_host_knows_when_its_first_article_is_due(made: Database) -> None:
    make_overdue(made, 50, now=NOON)
    made.execute("update articles set state = 'paused' where id % 5 = 0")
    made.execute("update articles set host = 'moved.example' where id % 11 = 0")
    watch.erase(made, url_of(made, 7))
    assert made.execute(DUE).fetchall() == []
    first = made.execute(
        "select min(next_check_at) from articles where state <> 'paused'"
    ).fetchone()[0]
    assert queries.next_due_at(made) == first


def test_each_host_knows_how_many_articles_it_has_and_when_they_were_seen(made: Database) -> None:
    made.execute("update articles set state = 'paused' where id % 5 = 0")
    made.execute("update articles set host = 'moved.example' where id % 11 = 0")
    made.execute(
        "update articles set checked_at = '2026-05-14T13:00:00.000Z', changed_at = null where id % 13 = 0"
    )
    made.execute("update articles set first_seen_at = '2019-01-01T00:00:00.000Z' where id = 22")
    watch.erase(made, url_of(made, 7))
    assert made.execute(f"{COUNTS} h.articles is not sum(a.id > 0)").fetchall() == []
    assert made.execute(f"{COUNTS} h.active is not sum(a.state = 'active')").fetchall() == []
    # An article that is gone may have been the last one seen.
    assert made.execute(f"{COUNTS} h.checked_at < max(a.checked_at)").fetchall() == []
    assert made.execute(f"{COUNTS} h.first_seen_at > min(a.first_seen_at)").fetchall() == []
    moved = "select first_seen_at, checked_at from hosts where host = 'moved.example'"
    assert made.execute(moved).fetchone() == (
        "2019-01-01T00:00:00.000Z",
        "2026-05-14T13:00:00.000Z",
    )


def test_a_search_gives_the_newest_first_and_no_more_than_asked(made: Database) -> None:
    rows = search(made, words_of(made), limit=5)
    times = [row["last_seen_at"] for row in rows]
    assert len(rows) == 5
    assert times == sorted(times, reverse=True)


def test_what_left_is_found_as_by_reading_all(made: Database) -> None:
    """A second opinion: all that match, those left out whose latest version matches too."""
    word = words_of(made)
    everything = search(made, word, limit=1_000)
    gone = {row["url"] for row in everything if row["deleted"]}
    assert {row["url"] for row in search(made, word, deleted=True, limit=1_000)} == gone != set()


def test_an_older_database_is_indexed_when_it_is_opened_and_erasing_empties_the_index(
    made: Database,
) -> None:
    word = words_of(made)
    before = {row["url"] for row in search(made, word, deleted=True, limit=1_000)}
    made.execute("insert into departed_words (departed_words) values ('delete-all')")
    index_all(made)
    assert {row["url"] for row in search(made, word, deleted=True, limit=1_000)} == before
    for (article_id,) in made.execute("select id from articles").fetchall():
        drop_departed(made, article_id)
    assert search(made, word, deleted=True) == []


def test_every_measured_query_runs(made: Database) -> None:
    path = Path(made.execute("pragma database_list").fetchone()[2])
    asked = scale.queries_of(scale.subject(path))
    for ask in asked.values():
        ask(0)
    assert len(asked) > 30


def words_of(db: Database) -> str:
    """A word that has left an article and stands in others."""
    sentence = db.execute(
        "select sentence from sentences where left_version is not null and sentence >= '가' limit 1"
    ).fetchone()[0]
    return str(sentence[:2])


def url_of(db: Database, article_id: int) -> str:
    return str(db.execute("select url from articles where id = ?", [article_id]).fetchone()[0])


def plans(db: Database, ask: Callable[[Database], object]) -> list[str]:
    """How SQLite goes about each statement of a question, with the names of tables for their aliases."""
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    try:
        ask(db)
    finally:
        db.conn.set_trace_callback(None)
    found: list[str] = []
    for statement in asked:
        if statement.lstrip().lower().startswith(("select", "with", "update", "delete")):
            names = {
                alias: table
                for table, alias in re.findall(r"\b(?:from|join) (\w+) (\w)\b", statement)
            }
            for row in db.execute(f"explain query plan {statement}").fetchall():
                step = str(row[3])
                found.append(
                    re.sub(
                        r"^(SCAN|SEARCH) (\w+)",
                        lambda m, n=names: f"{m[1]} {n.get(m[2], m[2])}",
                        step,
                    )
                )
    return found


def scanned(plan: str) -> str | None:
    """The table that a step reads whole; by a small index of what waits is not whole."""
    match = re.match(r"SCAN (\w+)(?! VIRTUAL)", plan)
    return match[1] if match and "outbox_waiting" not in plan else None
