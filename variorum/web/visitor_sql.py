"""The SQL of visitors: run in processes of its own, so that no query holds up or fills the server."""

import asyncio
import base64
import json
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from datasette.database import QueryInterrupted, Results

from variorum.web.request import BadRequestError

PROCESSES = 2
MAX_WAITING_QUERIES = 20
COMMAND = (sys.executable, "-P", "-m", "variorum.web.query_process")


@dataclass(frozen=True, slots=True)
class VisitorQuery:
    """A statement with its values, how long it may take, and how many rows it may give (None: any number)."""

    sql: str
    params: dict[str, Any] | Sequence[Any]
    seconds: float
    max_rows: int | None


@dataclass(slots=True)
class QueryProcesses:
    """Owns the processes. They start with the first query, and a new one replaces one that ended itself."""

    uri: str
    _executor: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(PROCESSES))
    _idle: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    _waiting: int = 0

    async def run(self, query: VisitorQuery) -> Results:
        """The rows. Raises QueryInterrupted, sqlite3.OperationalError, or BadRequestError if too many wait."""
        if self._waiting >= MAX_WAITING_QUERIES:
            raise BadRequestError("Too many queries are waiting. Try again in a minute.", 503)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._executor, self._ask, query)
        finally:
            self._waiting -= 1
        return _results(answer, query)

    def close(self) -> None:
        """End the processes."""
        self._executor.shutdown()
        while self._idle:
            _end(self._idle.pop())

    def _ask(self, query: VisitorQuery) -> dict[str, Any]:
        process = self._idle.pop() if self._idle else self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        request = {"sql": query.sql, "params": query.params, "seconds": query.seconds, "max_rows": query.max_rows}  # fmt: skip
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            size = process.stdout.readline()
            answer: dict[str, Any] = json.loads(process.stdout.read(int(size)))
        except (OSError, ValueError):  # it has ended itself
            _end(process)
            return {"error": "interrupted"}
        self._idle.append(process)
        return answer

    def _start(self) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(self.uri).encode() + b"\n")
        return process


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.communicate()


def _results(answer: dict[str, Any], query: VisitorQuery) -> Results:
    """The answer as Datasette expects it. Raises QueryInterrupted or sqlite3.OperationalError."""
    if error := answer.get("error"):
        if error == "interrupted":
            raise QueryInterrupted(sqlite3.OperationalError(error), query.sql, query.params)
        raise sqlite3.OperationalError(error)
    columns = answer["columns"]
    with_names = sqlite3.connect(":memory:")
    try:  # rows of SQLite know their columns from a cursor
        cursor = with_names.execute(f"select {', '.join(map(_as_column, columns))}") if columns else with_names.cursor()  # fmt: skip
        rows = [sqlite3.Row(cursor, tuple(map(_value, row))) for row in answer["rows"]]
        return Results(rows, False, cursor.description)
    finally:
        with_names.close()


def _as_column(name: str) -> str:
    quoted = name.replace('"', '""')
    return f'null as "{quoted}"'


def _value(value: Any) -> Any:
    return base64.b64decode(value["bytes"]) if isinstance(value, dict) else value
