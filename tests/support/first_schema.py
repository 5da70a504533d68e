"""Prints the SQL of a new database's schema, for `tests/storage/first_schema.sql`.

Run `python -m tests.support.first_schema > tests/storage/first_schema.sql` after a change of the schema, but
only until the first release. From then on the file stays as it is, and changes are migrations.
"""

from sqlite_utils import Database

from storage.database import open_in_memory


def schema_sql(db: Database) -> str:
    """The statements that create every table, index, trigger and view of a database, tables first."""
    # FTS5 makes the tables that hold an index, SQLite its own.
    rows = db.execute(
        "select sql || ';' from sqlite_schema where sql is not null and name not like 'sqlite!_%' escape '!'"
        " and name not glob '*_words_*' order by type <> 'table', type <> 'index', type <> 'trigger', rowid"
    )
    return "\n".join(row[0] for row in rows) + "\n"


if __name__ == "__main__":
    print(schema_sql(open_in_memory()), end="")
