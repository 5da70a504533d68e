"""The process that runs the SQL of visitors: `python -m variorum.web.query_process`.

It reads JSON lines from standard input, first the address of the database, then queries, and answers each with
a length and JSON. Neither a query that hangs inside one function of SQLite nor one that fills the memory can hold
up the web server: the process ends itself. It imports nothing but the standard library, so it starts quickly.
"""

import base64
import json
import os
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from typing import Any

MEMORY_BYTES = 400_000_000
SQLITE_MEMORY_BYTES = 100_000_000
MAX_QUERIED_VALUE_BYTES = 20_000_000
# A larger result would hold up the server while it renders it.
MAX_RESULT_BYTES = 8_000_000
# SQLite is asked to stop after the time of a query. The process ends this much later if it has not.
GRACE_SECONDS = 0.5
NICENESS = 10
INSTRUCTIONS_BETWEEN_LOOKS_AT_THE_CLOCK = 1_000
# What a reader needs. Anything else, such as attaching a file or listing the files, is refused.
READING_ACTIONS = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE)
READING_PRAGMAS = (
    "table_info", "table_xinfo", "index_list", "index_info", "index_xinfo", "foreign_key_list", "schema_version",
)  # fmt: skip
UNSAFE_FUNCTIONS = ("load_extension", "fts3_tokenizer", "readfile", "writefile", "edit")


def answer_queries() -> None:
    """Answer queries until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    os.nice(NICENESS)
    conn = _connect(json.loads(sys.stdin.buffer.readline()))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for line in sys.stdin.buffer:
        query = json.loads(line)
        # Whatever the process does then, SIGALRM ends it.
        signal.setitimer(signal.ITIMER_REAL, query["seconds"] + GRACE_SECONDS)
        answer = json.dumps(_answer(conn, query)).encode()
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.buffer.write(b"%d\n" % len(answer) + answer)
        sys.stdout.buffer.flush()


def _connect(uri: str) -> sqlite3.Connection:
    conn = sqlite3.connect(uri, uri=True)
    conn.execute("pragma query_only = on")
    conn.execute(f"pragma hard_heap_limit = {SQLITE_MEMORY_BYTES}")
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_QUERIED_VALUE_BYTES)
    conn.set_authorizer(_authorize)
    return conn


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """May a visitor's statement do this? `first` and `second` are what SQLite gives with the action."""
    if action == sqlite3.SQLITE_FUNCTION:
        is_allowed = (second or "").lower() not in UNSAFE_FUNCTIONS
    elif action == sqlite3.SQLITE_PRAGMA:
        is_allowed = (first or "").lower() in READING_PRAGMAS
    else:
        is_allowed = action in READING_ACTIONS
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


def _answer(conn: sqlite3.Connection, query: dict[str, Any]) -> dict[str, Any]:
    """The columns and rows of a query, or its error."""
    deadline = time.monotonic() + query["seconds"]
    conn.set_progress_handler(
        lambda: time.monotonic() > deadline, INSTRUCTIONS_BETWEEN_LOOKS_AT_THE_CLOCK
    )
    try:
        cursor = conn.execute(query["sql"], query["params"])
        rows = list(_rows(cursor, query["max_rows"]))
        return {"columns": [column[0] for column in cursor.description or ()], "rows": rows}
    except sqlite3.Error as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "the query needs too much memory"}
    except _TooLargeError:
        limit = f"{MAX_RESULT_BYTES // 1_000_000} MB"
        return {"error": f"the result is larger than {limit}: select fewer rows or columns"}


class _TooLargeError(Exception):
    """A result is larger than MAX_RESULT_BYTES."""


def _rows(cursor: sqlite3.Cursor, max_rows: int | None) -> Iterator[list[Any]]:
    """The rows as JSON has them. Raises _TooLargeError."""
    size = 0
    for number, row in enumerate(cursor):
        if number == max_rows:
            return
        size += sum(len(value) for value in row if isinstance(value, (str, bytes)))
        if size > MAX_RESULT_BYTES:
            raise _TooLargeError
        yield [
            {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
            for value in row
        ]


if __name__ == "__main__":
    answer_queries()
