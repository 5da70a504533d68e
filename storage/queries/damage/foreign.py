"""Values that no Variorum has written."""

import time

from storage.database import Database, open_in_memory

# The sort of value that a column of a declared type holds.
STORED_AS = {
    "TEXT": ("text",),
    "INTEGER": ("integer",),
    "REAL": ("real", "integer"),
    "BLOB": ("blob",),
}
JSON_LISTS = frozenset({"byline", "captions", "template_fields"})
JSON_OBJECTS = frozenset({"headlines", "headers"})
# The evidence of an exclusion is an object, that of an edit a text.
JSON_OBJECTS_OF = {"exclusions": frozenset({"evidence"})}
# SQLite asks after so many steps of its machine whether to go on.
STEPS_PER_QUESTION = 100_000


def foreign_value(db: Database, *, seconds: float | None = None) -> str | None:
    """The table, row and column of the first value that is of another sort than ours; None if there is none.

    With `seconds`, the search ends after that time, as if there were none.
    """
    ours = open_in_memory()
    if seconds is not None:
        until = time.monotonic() + seconds
        db.conn.set_progress_handler(lambda: time.monotonic() > until, STEPS_PER_QUESTION)
    try:
        for table in ours.table_names():
            if table.startswith(("sqlite_", "_", "version_words", "removed_words")):
                continue
            columns = ours.execute(
                f"select name, type, \"notnull\" from pragma_table_info('{table}')"
            )
            if found := _foreign_value_of(db, table, columns.fetchall()):
                return found
    finally:
        db.conn.set_progress_handler(None, 0)
        ours.close()
    return None


def _foreign_value_of(db: Database, table: str, columns: list[tuple[str, str, int]]) -> str | None:
    objects = JSON_OBJECTS | JSON_OBJECTS_OF.get(table, frozenset())
    conditions = {name: _is_foreign(name, kind, objects) for name, kind, _ in columns}
    cases = " ".join(f"when {condition} then '{name}'" for name, condition in conditions.items())
    row = db.execute(
        f"select {columns[0][0]}, case {cases} end from {table}"
        f" where {' or '.join(conditions.values())} limit 1"
    ).fetchone()
    return f"{table} {row[0]!r} has a {row[1]} that Variorum does not write" if row else None


def _is_foreign(name: str, kind: str, objects: frozenset[str]) -> str:
    """The SQL that says whether a column holds a value of another sort than ours. `objects` are columns of JSON."""
    sorts = ", ".join(f"'{sort}'" for sort in STORED_AS.get(kind.upper(), ("text",)))
    is_other = f"typeof({name}) not in ({sorts}, 'null')"
    if name in JSON_LISTS or name in objects:
        json_type = "array" if name in JSON_LISTS else "object"
        return f"({is_other} or not json_valid({name}) or json_type({name}) <> '{json_type}')"
    if kind.upper() == "TEXT" and name.endswith("_at"):
        return f"({is_other} or ({name} is not null and julianday({name}) is null))"
    return f"({is_other})"
