"""Is the schema of a file the one that this program has made? A file may come from a stranger.

The views are read and the triggers run as if they were ours, so their SQL must be ours to the word. Tables, views and
indices of other programs may stand beside ours: nothing reads them. A trigger of another program on one of our
tables would run at each of our writes, whatever it does, so no file with one is written.
"""

import re
import sqlite3
from collections.abc import Iterator
from functools import cache

from sqlite_utils import Database

from scraper.patterns import lazy_pattern
from storage.schema.counters import TRIGGERS
from storage.schema.tables import TABLES
from storage.schema.views import VIEWS

CREATE = lazy_pattern(r"\bcreate\s+(virtual\s+)?(table|view|trigger|index)\s+(\w+)", re.I)
VIRTUAL_TABLES = frozenset({"version_words", "removed_words"})


def foreign_view_or_table(db: Database) -> str | None:
    """The first of our names under which a file has something else, and what; None if there is none.

    Names that are missing are not judged: a query for them fails.
    """
    for name, kind, sql in db.execute("select name, type, sql from sqlite_schema").fetchall():
        expected = _expected().get(name)
        if expected is None:
            continue
        if kind != expected[0] or (
            kind in ("view", "trigger") and _plain(sql or "") != expected[1]
        ):
            return f"its {kind} {name} is not the one that Variorum makes"
        if kind == "table" and _is_virtual(sql) != (name in VIRTUAL_TABLES):
            return f"its table {name} is not stored in it"
        if kind == "table" and _has_generated_column(db, name):
            return f"its table {name} has a column that is computed"
    return None


def foreign_trigger(db: Database) -> str | None:
    """The name of a trigger of another program on one of our tables; None if there is none."""
    rows = db.execute("select name, tbl_name from sqlite_schema where type = 'trigger'").fetchall()
    ours = _expected()
    return next((name for name, table in rows if table in ours and name not in ours), None)


@cache
def _expected() -> dict[str, tuple[str, str]]:
    """The kind and the SQL of each of our tables, views and triggers, by name."""
    return {
        match[3]: (match[2].lower(), _plain(statement[match.start() :]))
        for statement in _statements(TABLES + VIEWS + TRIGGERS)
        if (match := CREATE.search(statement)) and match[2].lower() != "index"
    }


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += "" if line.lstrip().startswith("--") else line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _plain(sql: str) -> str:
    """The statement without what SQLite changes when it stores it: white space, the case of its first words."""
    folded = " ".join(sql.strip().rstrip(";").split())
    return CREATE.sub(lambda match: match[0].lower(), folded, count=1)


def _is_virtual(sql: str | None) -> bool:
    return bool(sql) and (sql or "").lower().startswith("create virtual")


def _has_generated_column(db: Database, table: str) -> bool:
    row = db.execute(
        "select 1 from pragma_table_xinfo(?) where hidden in (2, 3)", [table]
    ).fetchone()
    return row is not None
