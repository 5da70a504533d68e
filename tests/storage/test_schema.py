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
from storage.schema.migrations import (
    FIRST_MIGRATION,
    migrations,
    replace_in_table,
    update_schema,
)
from storage.search import first_hits
from tests.support.first_schema import schema_sql

FIRST_SCHEMA = (Path(__file__).parent / "first_schema.sql").read_text(encoding="utf-8")
URL = "https://example.org/news/1"
CHECK = re.compile(r"check \((?:[^()]|\([^()]*\))*\)")
# One article with two versions, as the program of the first schema wrote it.
FIRST_ROWS = f"""
insert into _sqlite_migrations (migration_set, name, applied_at) values ('variorum', '{FIRST_MIGRATION}', '2026-05-14');
insert into articles (id, url, host, headline, first_seen_at, checked_at, next_check_at, latest_version)
    values (1, '{URL}', 'example.org', 'Pier closed', '2026-05-14T09:00:00.000Z', '2026-05-14T12:00:00.000Z',
    '2026-05-14T13:00:00.000Z', 2);
insert into aliases (url, article_id) values ('{URL}', 1);
insert into versions (id, article_id, number, seen_at, last_seen_at, headline, body, content_hash, extractor) values
    (1, 1, 1, '2026-05-14T09:00:00.000Z', '2026-05-14T11:00:00.000Z', 'Pier closed', '12 people died.', 'a', '1'),
    (2, 1, 2, '2026-05-14T12:00:00.000Z', '2026-05-14T12:00:00.000Z', 'Pier closed', '21 people died.', 'b', '1');
insert into version_words (rowid, words) values (1, 'Pier closed 12 people died.'), (2, 'Pier closed 21 people died.');
insert into fetches (article_id, url, fetched_at, outcome, version_id)
    values (1, '{URL}', '2026-05-14T09:00:00.000Z', 'new', 1), (1, '{URL}', '2026-05-14T12:00:00.000Z', 'edited', 2);
insert into edits (article_id, from_version, to_version, seen_after, seen_at, field, op, kind, old, new, paragraph)
    values (1, 1, 2, '2026-05-14T11:00:00.000Z', '2026-05-14T12:00:00.000Z', 'body', 'replace', 'number', '12', '21', 0);
"""


@pytest.fixture
def first_path(tmp_path: Path) -> Path:
    """A database of the first schema, with a history."""
    path = tmp_path / "first.db"
    with sqlite3.connect(path) as conn:
        conn.executescript(FIRST_SCHEMA + FIRST_ROWS)
    conn.close()
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


def _without_position(value: object) -> object:
    return [row[1:] if isinstance(row, tuple) else row for row in value] if isinstance(value, list) else value  # fmt: skip


def test_a_database_of_the_first_schema_opens_with_its_history(first_path: Path) -> None:
    db = open_database(first_path)
    assert [row["new"] for row in matching_edits(db)] == ["21"]
    version = article_state(db, URL).version
    assert version is not None
    assert version.number == 2
    assert first_hits(db, "12 people")[0].is_deleted


def test_a_database_of_the_first_schema_is_sound_when_open(first_path: Path) -> None:
    assert integrity(open_database(first_path)) == []


def test_migrations_lead_the_first_schema_to_the_present_one(first_path: Path) -> None:
    assert shape(open_database(first_path)) == shape(open_in_memory())


def test_the_first_schema_is_the_present_one_until_the_first_release() -> None:
    assert schema_sql(open_in_memory()) == FIRST_SCHEMA, (
        "before the release: `python -m tests.support.first_schema > tests/storage/first_schema.sql`;"
        " after it: add a migration and delete this test"
    )


def test_a_later_migration_changes_an_old_database_and_keeps_its_history(first_path: Path) -> None:
    db = open_database(first_path)
    with write_transaction(db):
        update_schema(db, steps_to_the_future())
    db.execute(f"insert into fetches (url, fetched_at, outcome) values ('{URL}', '', 'archived')")
    assert db.execute("select body, mood from versions where id = 2").fetchone() == (
        "21 people died.",
        None,
    )
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
