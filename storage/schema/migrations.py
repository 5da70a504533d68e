"""Bringing a database to the present schema: a new one at once, an older one by migrations.

`tables`, `views` and `counters` say what the schema is now, and a new database is made from them.
`migrations` is the append-only list of steps that lead an older database there; a released step never changes.
"""

import sqlite3

from sqlite_utils import Database, Migrations

from storage.schema.counters import TRIGGERS
from storage.schema.tables import TABLES
from storage.schema.views import VIEWS

migrations = Migrations("variorum")


@migrations()
def m001_first_schema(db: Database) -> None:
    """The schema of the first release."""
    run_script(db, TABLES)
    run_script(db, VIEWS)
    run_script(db, TRIGGERS)


def run_script(db: Database, script: str) -> None:
    """Run SQL statements one by one: `executescript` would commit the migration's transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


def migration_names() -> set[str]:
    """The names of every migration of this program."""
    return {migration.name for migration in migrations.pending(Database(memory=True))}
