"""A database of the first schema, as the program of that time wrote it.

One article at https://example.org/news/1: a number changed, a notice of works on the servers stood in its
place for four hours and was taken for an edit, words changed, a counter was proven page noise, and a label waits.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

FIRST_HISTORY = Path(__file__).parents[1] / "storage" / "first_history.sql"


def write_first_history(path: Path) -> None:
    """Write the database into a new file."""
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(FIRST_HISTORY.read_text(encoding="utf-8"))
        conn.commit()
