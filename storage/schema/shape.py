"""Is the schema of a file the one that this program has made? A file may come from a stranger.

The views are read and the triggers run as if they were ours, so their SQL must be ours to the word. Tables, views and
indices of other programs may stand beside ours: nothing reads them. A trigger of another program on one of our
tables would run at each of our writes, whatever it does, so no file with one is written. Those by which sqlite-utils
keeps a full-text index or a count of rows do nothing else, and many people have them: they may stay.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from functools import cache

from sqlite_utils import Database

from scraper.patterns import lazy_pattern
from storage.schema.counters import TRIGGERS
from storage.schema.tables import TABLES
from storage.schema.views import VIEWS

CREATE = lazy_pattern(r"\bcreate\s+(virtual\s+)?(table|view|trigger|index)\s+(\w+)", re.I)
# What sqlite-utils writes (`enable-fts --create-triggers`, `enable-counts`), without quotation marks and white space
# beside punctuation.
QUOTED_NAME = lazy_pattern(r'"(\w+)"|\[(\w+)\]|`(\w+)`')
SPACED_PUNCTUATION = lazy_pattern(r" ?([(),;=+-]) ?")
_OLD, _NEW = r"old\.rowid(?:,old\.\w+)+", r"new\.rowid(?:,new\.\w+)+"
_INDEX = r"insert into (?P=table)_fts\(rowid(?:,\w+)+\)values\(" + _NEW + r"\);"
_UNINDEX = (
    r"insert into (?P=table)_fts\((?P=table)_fts,rowid(?:,\w+)+\)values\('delete'," + _OLD + r"\);"
)
_COUNT = (
    r"insert or replace into _counts values\('(?P=table)',"
    r"coalesce\(\(select count from _counts where table='(?P=table)'\),0\)[+-]1\);"
)
INDEX_TRIGGER = lazy_pattern(
    r"create trigger \w+ after (?:insert|update|delete) on (?P<table>\w+) begin "
    rf"(?:{_UNINDEX})?(?:{_INDEX})?end", re.I
)  # fmt: skip
COUNT_TRIGGER = lazy_pattern(
    rf"create trigger \w+ after (?:insert|delete) on (?P<table>\w+) begin {_COUNT}end", re.I
)
# In an index of FTS4 those triggers fail at each update and delete, and take our writes with them.
FULL_TEXT_TABLE = lazy_pattern(r"create virtual table \S+ using fts5\b", re.I)
COUNTS_TABLE = "_counts"
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
    """The name of a trigger of another program that our writes would run; None if there is none.

    It is on one of our tables, on one in which SQLite keeps a full-text index, or on one that the triggers of
    sqlite-utils write to.
    """
    schema = db.execute(
        "select name, type, tbl_name, coalesce(sql, '') from sqlite_schema"
    ).fetchall()
    ours = _expected()
    tables = {name: sql for name, kind, _, sql in schema if kind == "table"}
    indices = tuple(f"{name}_" for name, sql in tables.items() if _is_virtual(sql))
    for name, kind, table, sql in schema:
        is_run = table in ours or table == COUNTS_TABLE or table.startswith(indices)
        if kind == "trigger" and name not in ours and is_run and not _is_harmless(sql, tables):
            return str(name)
    return None


def _is_harmless(sql: str, tables: Mapping[str, str]) -> bool:
    """Whether a trigger only keeps a full-text index or a count of sqlite-utils, in a table that is one."""
    names = QUOTED_NAME.sub(lambda name: name[1] or name[2] or name[3], sql)
    plain = SPACED_PUNCTUATION.sub(r"\1", " ".join(names.split()))
    if match := INDEX_TRIGGER.fullmatch(plain):
        target = " ".join(tables.get(f"{match['table']}_fts", "").split())
        return bool(FULL_TEXT_TABLE.match(target))
    counts = tables.get(COUNTS_TABLE)
    return bool(COUNT_TRIGGER.fullmatch(plain)) and counts is not None and not _is_virtual(counts)


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
