"""Bringing a database to the present schema: an empty one at once, an older one by migrations.

`tables`, `views` and `counters` hold the schema as it is now. `migrations` is the list of steps that lead an
older database there. It only grows: a released step never changes. A change of the schema edits the first
three and adds a step here; `tests/storage/test_schema.py` checks that both ways end at the same schema.
"""

import sqlite3
from datetime import UTC, datetime

from sqlite_utils import Database, Migrations

from storage.schema.counters import TRIGGERS
from storage.schema.tables import TABLES
from storage.schema.views import VIEWS

FIRST_MIGRATION = "m001_first_schema"

migrations = Migrations("variorum")


@migrations(name=FIRST_MIGRATION)
def create_schema(db: Database) -> None:
    """Create every table, view and trigger; inside a transaction."""
    for script in (TABLES, VIEWS, TRIGGERS):
        _run_script(db, script)


def update_schema(db: Database, steps: Migrations = migrations) -> None:
    """Create the present schema in an empty database, or apply the pending steps to an older one."""
    if _is_empty(db):
        create_schema(db)
        steps.ensure_migrations_table(db)
        _mark_applied(db, steps)
    else:
        steps.apply(db)


def unknown_migrations(db: Database) -> list[str]:
    """The names of the migrations that a database has and this program does not."""
    ours = {migration.name for migration in migrations.pending(Database(memory=True))}
    return sorted({migration.name for migration in migrations.applied(db)} - ours)


def is_first_schema_applied(db: Database) -> bool:
    """Was the database created by a release, and not by a version before the first one?"""
    return any(migration.name == FIRST_MIGRATION for migration in migrations.applied(db))


def replace_in_table(db: Database, table: str, old: str, new: str) -> None:
    """Replace a part of a table's stored definition, such as the values of a CHECK constraint.

    SQLite has no statement for it; it recommends this way for constraints that only become wider
    (sqlite.org/lang_altertable.html, section 7). Raises ValueError if the definition lacks the part.
    """
    row = db.execute(
        "select sql from sqlite_schema where type = 'table' and name = ?", [table]
    ).fetchone()
    if row is None or old not in row[0]:
        raise ValueError(f"the definition of {table} has no {old!r} to replace")
    version = db.execute("pragma schema_version").fetchone()[0]
    db.execute("pragma writable_schema = on")
    db.execute(
        "update sqlite_schema set sql = ? where type = 'table' and name = ?",
        [row[0].replace(old, new), table],
    )
    db.execute(f"pragma schema_version = {version + 1}")
    db.execute("pragma writable_schema = off")


def _is_empty(db: Database) -> bool:
    return bool(db.execute("select count(*) = 0 from sqlite_schema").fetchone()[0])


def _mark_applied(db: Database, steps: Migrations) -> None:
    at = str(datetime.now(UTC))
    db.conn.executemany(
        f"insert into {steps.migrations_table} (migration_set, name, applied_at) values (?, ?, ?)",
        [(steps.name, migration.name, at) for migration in steps.pending(db)],
    )


def _run_script(db: Database, script: str) -> None:
    """Run SQL statements one by one: `executescript` would commit the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
