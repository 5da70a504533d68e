"""The schema: one way for a new database, another for an older one, the same end."""

import re
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from storage.articles.load import article_state
from storage.database import open_database, open_existing, open_in_memory, write_transaction
from storage.errors import DatabaseError
from storage.queries.edits import matching_edits
from storage.queries.health import integrity
from storage.queue.typed_hosts import typed_reach
from storage.schema.migrations import (
    migrations,
    replace_in_table,
    update_schema,
)
from storage.search import first_hits
from tests.support.first_history import write_first_history

URL = "https://example.org/news/1"
CHECK = re.compile(r"check \((?:[^()]|\([^()]*\))*\)")


@pytest.fixture
def first_path(tmp_path: Path) -> Path:
    """A database of the first schema, with a history."""
    path = tmp_path / "first.db"
    write_first_history(path)
    return path


def steps_to_the_future() -> Migrations:
    """The migrations of a later program: ours, and one that adds a column and an outcome."""
    steps = Migrations("variorum")
    for step in migrations.pending(Database(memory=True)):
        steps(name=step.name)(step.fn)

    @steps()
    def m999_future(db: Database) -> None:
        db.execute("alter table versions add column mood text")
        replace_in_table(db, "fetches", "'failed')", "'failed', 'archived')")

    return steps


def shape(db: Database) -> dict[str, object]:
    """What a schema amounts to: columns with their constraints, indices, triggers and views."""
    shapes: dict[str, object] = {
        row[0]: sorted(db.execute(f"pragma table_xinfo('{row[0]}')").fetchall(), key=lambda c: c[1])
        for row in db.execute("select name from sqlite_schema where type = 'table'").fetchall()
    }
    for kind, name, sql in db.execute("select type, name, sql from sqlite_schema").fetchall():
        if kind == "table":
            shapes[f"checks of {name}"] = sorted(CHECK.findall(sql or ""))
        else:
            shapes[name] = re.sub(r"\s+", " ", sql or "")
    return {name: _without_position(value) for name, value in shapes.items()}


def row_counts(conn: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has, but for the search indices."""
    tables = conn.execute(
        "select name from sqlite_schema where type = 'table' and name not glob '*_words*'"
    ).fetchall()
    return {
        name: conn.execute(f'select count(*) from "{name}"').fetchone()[0] for (name,) in tables
    }


def _without_position(value: object) -> object:
    return [row[1:] if isinstance(row, tuple) else row for row in value] if isinstance(value, list) else value  # fmt: skip


def test_a_database_of_the_first_schema_opens_with_its_history(first_path: Path) -> None:
    db = open_database(first_path)
    assert [row["new"] for row in matching_edits(db)][-1] == "12"
    version = article_state(db, URL).version
    assert version is not None
    assert version.number == 5
    assert first_hits(db, "21 people")[0].is_deleted


def test_no_row_of_the_first_schema_is_lost(first_path: Path) -> None:
    with sqlite3.connect(first_path) as conn:
        before = row_counts(conn)
    conn.close()
    after = row_counts(open_database(first_path).conn)
    assert before["fetches"] == 17
    assert {table: after[table] for table in before} == before | {"_sqlite_migrations": 2}


def test_a_claim_on_an_address_of_another_site_is_dropped(first_path: Path) -> None:
    """Any redirect could claim one under the first schema."""
    old = sqlite3.connect(first_path)
    claims = ("https://victim.example/news/1", "https://m.example.org/news/1")
    old.executemany("insert into aliases (url, article_id) values (?, 1)", [(url,) for url in claims])  # fmt: skip
    old.commit()
    old.close()
    aliases = {row[0] for row in open_database(first_path).execute("select url from aliases")}
    assert claims[0] not in aliases
    assert claims[1] in aliases


def test_the_user_gave_the_hosts_of_the_sources_of_an_older_database(first_path: Path) -> None:
    old = sqlite3.connect(first_path)
    old.execute(
        "insert into watches (url, kind, added_at) values"
        " ('http://intranet.example:8080/rss', 'feed', '2026-05-14T12:00:00.000Z')"
    )
    old.commit()
    old.close()
    db = open_database(first_path)
    assert typed_reach(db, "http://intranet.example:8080/news/1") == "private"
    assert typed_reach(db, "http://intranet.example/news/1") == "public"


def test_the_next_check_knows_what_a_database_of_the_first_schema_knew(first_path: Path) -> None:
    state = article_state(open_database(first_path), URL)
    assert [line.text for line in state.exclusions.pending] == ["Lanterns along the river"]
    assert state.last_page.fetched_at == "2026-05-15T04:00:00.109Z"
    assert state.last_page.etag == '"8"'


def test_a_reader_names_the_command_that_updates_an_old_database(first_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"older Variorum; `variorum rebuild --dry-run`"):
        open_existing(first_path)


def test_a_database_of_the_first_schema_is_sound_when_open(first_path: Path) -> None:
    assert integrity(open_database(first_path)) == []


def test_migrations_lead_the_first_schema_to_the_present_one(first_path: Path) -> None:
    assert shape(open_database(first_path)) == shape(open_in_memory())


def test_a_later_migration_changes_an_old_database_and_keeps_its_history(first_path: Path) -> None:
    db = open_database(first_path)
    with write_transaction(db):
        update_schema(db, steps_to_the_future())
    db.execute(f"insert into fetches (url, fetched_at, outcome) values ('{URL}', '', 'archived')")
    assert db.execute("select number, mood from versions where id = 2").fetchone() == (2, None)
    assert integrity(db) == []


def test_an_old_constraint_refuses_a_new_value(first_path: Path) -> None:
    db = open_database(first_path)
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("insert into fetches (url, fetched_at, outcome) values ('u', '', 'archived')")


def test_a_new_database_counts_every_migration_as_applied() -> None:
    db, steps = Database(memory=True), steps_to_the_future()
    update_schema(db, steps)
    assert steps.pending(db) == []


def test_an_older_program_refuses_a_later_database(first_path: Path) -> None:
    db = open_database(first_path)
    update_schema(db, steps_to_the_future())
    db.close()
    with pytest.raises(DatabaseError, match=r"newer Variorum \(m999_future\).*pip install -U"):
        open_database(first_path)


@pytest.mark.parametrize("open_", [open_database, open_existing])
def test_a_database_from_before_the_first_release_is_named_and_unchanged(
    tmp_path: Path, open_: object
) -> None:
    path = tmp_path / "early.db"
    with sqlite3.connect(path) as conn:
        conn.executescript(
            "create table articles (id integer primary key);"
            "create table _sqlite_migrations (id integer primary key, migration_set text, name text, applied_at text);"
            "insert into _sqlite_migrations (migration_set, name) values ('variorum', 'm001_tables');"
        )
    conn.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match=r"early\.db: .*before the first release.*--db"):
        open_(path)  # type: ignore[operator]  # both take these arguments
    assert path.read_bytes() == before


def test_a_part_that_a_table_lacks_cannot_be_replaced() -> None:
    with pytest.raises(ValueError, match="fetches has no 'nonsense'"):
        replace_in_table(open_in_memory(), "fetches", "nonsense", "sense")
