"""The history of articles as JSON lines: each article, then all its rows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from sqlite_utils import Database

from storage.errors import ArchiveError
from storage.queries import articles as queries
from storage.transfer.validate import RowError, validated_row

Row = dict[str, Any]

# Columns that hold JSON text become what they hold.
JSON_COLUMNS = ("byline", "captions", "headlines", "evidence")
HISTORY_TABLES = ("aliases", "versions", "fetches", "edits", "exclusions")
# A page is read up to 10 MB; its text twice over, with escapes, is less than this.
MAX_LINE_BYTES = 64_000_000
# What one article may hold in all, in bytes of its lines.
MAX_HISTORY_BYTES = 1_000_000_000


@dataclass(slots=True)
class History:
    """Everything stored of one article but its pages; `where` is the file and line it begins at."""

    article: Row
    location: str
    rows: dict[str, list[Row]] = field(
        default_factory=lambda: {table: [] for table in HISTORY_TABLES}
    )


def history_rows(db: Database, ids: list[int] | None, since: str | None = None) -> Iterator[Row]:
    """The rows of these articles (or of all), each with its "table"; edits from a time on."""
    for article in queries.article_rows(db, ids, since=since):
        yield {"table": "articles", **article}
        for table, row in queries.history(db, article["id"], since=since):
            decoded = {name: json.loads(row[name]) for name in JSON_COLUMNS if row.get(name)}
            yield {"table": table, **row, **decoded}


def read_histories(
    lines: IO[bytes], name: str, columns: dict[str, dict[str, type]]
) -> Iterator[History]:
    """Each article of a file of JSON lines, every line checked against the columns of its table.

    Raises ArchiveError, which names the line and what is wrong with it; the articles given before are sound.
    """
    current: History | None = None
    size = 0
    for number, text in _numbered_lines(lines, name):
        location = f"{name}, line {number}"
        try:
            table, row = _parse_row(text, columns)
        except RowError as error:
            raise ArchiveError(f"{location}: {error}") from error
        if table == "articles":
            if current is not None:
                yield _verified_history(current)
            current, size = History(row, location), 0
        elif current is None:
            raise ArchiveError(
                f"{location}: a row of {table} before any article; is the beginning lost?"
            )
        elif row.get("article_id") != current.article["id"]:
            raise ArchiveError(
                f"{location}: a row of {table} of another article than the one above it"
            )
        else:
            current.rows[table].append(row)
        size += len(text)
        if size > MAX_HISTORY_BYTES:
            raise ArchiveError(f"{location}: one article has more than {MAX_HISTORY_BYTES:,} bytes")
    if current is not None:
        yield _verified_history(current)


def _numbered_lines(lines: IO[bytes], name: str) -> Iterator[tuple[int, bytes]]:
    number = 0
    while text := lines.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(text) > MAX_LINE_BYTES:
            raise ArchiveError(f"{name}, line {number}: longer than {MAX_LINE_BYTES:,} bytes")
        if text.strip():
            yield number, text


def _parse_row(text: bytes, columns: dict[str, dict[str, type]]) -> tuple[str, Row]:
    """The table and the row of a line, as the database holds it."""
    try:
        row = json.loads(text.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise RowError(f"not UTF-8 (byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise RowError(f"not JSON ({error}); is the file cut short?") from error
    if not isinstance(row, dict):
        raise RowError("not a JSON object")
    table = row.pop("table", None)
    if table not in ("articles", *HISTORY_TABLES):
        raise RowError(
            f"its table is {str(table)[:40]!r}; `variorum export` writes {', '.join(('articles', *HISTORY_TABLES))}"
        )
    _check_evidence(table, row)
    for column in JSON_COLUMNS:
        if column in columns[table] and row.get(column) is not None:
            row[column] = _json_text(column, row[column])
    return table, validated_row(table, row, columns[table])


def _check_evidence(table: str, row: Row) -> None:
    if table != "exclusions":
        return
    needed = {"volatile": {"first", "second", "after"}, "pending": {"instead_of"}}
    evidence = row.get("evidence")
    missing = needed.get(str(row.get("kind")), set()) - set(
        evidence if isinstance(evidence, dict) else ()
    )
    if missing:
        raise RowError(f"the evidence of a text lacks {', '.join(sorted(missing))}")


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _json_text(column: str, decoded: object) -> str:
    """JSON text of a list of texts, or of an object of texts."""
    if column in ("byline", "captions"):
        if not (isinstance(decoded, list) and all(isinstance(part, str) for part in decoded)):
            raise RowError(f"{column} must be a JSON list of texts")
    elif not (
        isinstance(decoded, dict) and all(isinstance(part, str | None) for part in decoded.values())
    ):
        raise RowError(f"{column} must be a JSON object of texts")
    return json.dumps(decoded, ensure_ascii=False)


def _verified_history(history: History) -> History:
    """The history, if its rows fit together."""
    try:
        _check_versions(history)
        _check_fetches(history)
    except RowError as error:
        raise ArchiveError(f"{history.location}: {error}") from error
    return history


def _check_versions(history: History) -> None:
    versions = history.rows["versions"]
    if [row["number"] for row in versions] != list(range(1, len(versions) + 1)):
        raise RowError("the versions of this article are not numbered 1 to n; is a line lost?")
    if history.article.get("latest_version") != (len(versions) or None):
        raise RowError("latest_version is not the number of its last version; is a line lost?")
    for edit in history.rows["edits"]:
        if not 0 <= edit["from_version"] < edit["to_version"] <= len(versions):
            raise RowError(f"edit {edit['id']} is between versions that are not in the file")
    for version in versions:
        reverted_number = version.get("reverts_to")
        if reverted_number is not None and not 0 < reverted_number < version["number"]:
            raise RowError(f"version {version['number']} goes back to one that is not before it")


def _check_fetches(history: History) -> None:
    versions = {row["id"] for row in history.rows["versions"]}
    earlier_ids: set[int] = set()
    for fetch in history.rows["fetches"]:
        if fetch.get("version_id") is not None and fetch["version_id"] not in versions:
            raise RowError(f"look {fetch['id']} shows a version that is not in the file")
        if fetch.get("confirms") is not None and fetch["confirms"] not in earlier_ids:
            raise RowError(f"look {fetch['id']} confirms a look that is not before it")
        earlier_ids.add(fetch["id"])
