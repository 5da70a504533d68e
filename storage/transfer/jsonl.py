"""Histories as JSON lines: each article's row, then its other rows."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from storage.articles.versions import stored_text_hash
from storage.database import Database, Row, damage_located
from storage.errors import ArchiveError, DamagedError
from storage.queries import articles as queries
from storage.transfer.validate import MAX_INTEGER, RowError, validate_time, validated_row

# Columns with JSON text; in a file they are JSON values.
JSON_COLUMNS = {
    "versions": ("byline", "captions", "headlines", "template_fields"),
    "exclusions": ("evidence",),
}
HISTORY_TABLES = ("aliases", "versions", "fetches", "edits", "exclusions")
# A page has at most 10 MB, so a line with its text twice, escaped, is shorter than this.
MAX_LINE_BYTES = 64_000_000
# The longest history of one article, in bytes of its lines.
MAX_HISTORY_BYTES = 1_000_000_000


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_text_or_none(value: object) -> bool:
    return isinstance(value, str | None)


def _is_instant(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        validate_time("since", value)
    except RowError:
        return False
    return True


def _is_count(value: object) -> bool:
    return isinstance(value, int) and 0 <= value <= MAX_INTEGER


# What the evidence of each kind of exclusion must have, and of which sort.
EVIDENCE: dict[str, dict[str, Callable[[object], bool]]] = {
    "volatile": dict.fromkeys(("first", "second", "after"), _is_text_or_none),
    "boilerplate": {
        "field": _is_text_or_none,
        "articles": _is_texts,
        "stories": _is_text_or_none,
        "instead_of": _is_text_or_none,
    },
    "pending": {
        **dict.fromkeys(("instead_of", "after", "field", "box"), _is_text),
        "is_apart": _is_count,
        "checks": _is_count,
        "reading": _is_texts,
    },
}

# What it may have besides.
OPTIONAL_EVIDENCE: dict[str, dict[str, Callable[[object], bool]]] = {
    "volatile": {
        **dict.fromkeys(("sibling", "steady_reading"), _is_text_or_none),
        **dict.fromkeys(("was_stored", "is_withdrawn"), _is_count),
    },
    "pending": {
        "doubted_at": lambda value: value == "" or _is_instant(value),
        **dict.fromkeys(("other_reading", "old_line"), _is_text),
        "is_established": _is_count,
    },
}
# What later checks add to that of page noise, all at once.
STREAK_EVIDENCE: dict[str, Callable[[object], bool]] = {
    "checks": _is_count,
    "lapses": _is_count,
    "steady_since": lambda value: value is None or _is_instant(value),
}


@dataclass(slots=True)
class History:
    """Everything stored of one article but its pages, from a file `name`.

    `location` is the file and line where it begins, `lines` the line of each of the `rows`.
    """

    article: Row
    name: str
    location: str
    rows: dict[str, list[Row]] = field(
        default_factory=lambda: {table: [] for table in HISTORY_TABLES}
    )
    lines: dict[str, list[int]] = field(
        default_factory=lambda: {table: [] for table in HISTORY_TABLES}
    )


def history_rows(
    db: Database,
    ids: list[int] | None,
    since: str | None = None,
    *,
    leave_out: Callable[[DamagedError], None] | None = None,
) -> Iterator[Row]:
    """The rows of the articles with these ids (or of all), each with its "table"; edits only since a time.

    An article with damaged rows is given to `leave_out`; without that its DamagedError is raised.
    """
    hosts: set[str] = set()
    for article in queries.article_rows(db, ids, since=since):
        try:
            rows = _sound_rows(db, article, since)
            if article["host"] not in hosts:  # its first article brings the lines of the publisher
                rows += _host_rows(db, article)
        except DamagedError as error:
            if leave_out is None:
                raise
            leave_out(error)
            continue
        hosts.add(article["host"])
        yield {"table": "articles", **article}
        yield from rows


def _sound_rows(db: Database, article: Row, since: str | None) -> list[Row]:
    """Everything stored of an article but its pages. Raises DamagedError if a row or a text is damaged."""
    with damage_located(article["url"]):
        rows = [
            {"table": table, **row}
            for table, row in queries.history(db, article["id"], since=since)
        ]
    for row in rows:
        if row["table"] == "versions" and stored_text_hash(row) != row["content_hash"]:
            raise DamagedError(
                f"{article['url']}: the text of version {row['number']} is damaged;"
                " `variorum rebuild` restores it if its page is stored"
            )
    return [_decoded(row, article["url"]) for row in rows]


def _host_rows(db: Database, article: Row) -> list[Row]:
    """The lines of the article's publisher, as rows of the article."""
    with damage_located(article["host"]):
        rows = list(queries.host_exclusion_rows(db, article["host"]))
    return [
        _decoded({"table": "exclusions", **row, "article_id": article["id"]}, article["host"])
        for row in rows
    ]


def _decoded(row: Row, place: str) -> Row:
    """The row with JSON columns as values. Raises DamagedError if one is not JSON, or not text as others are."""
    try:
        names = JSON_COLUMNS.get(row["table"], ())
        return row | {name: json.loads(row[name]) for name in names if row.get(name)}
    except (ValueError, TypeError) as error:
        raise DamagedError(f"{place}: a row of {row['table']} is damaged ({error})") from error


def read_histories(
    lines: IO[bytes], name: str, columns: dict[str, dict[str, type]]
) -> Iterator[History]:
    """Each article in a file of JSON lines; every row is validated against the columns of its table.

    Raises ArchiveError with the line and what is wrong with it. The histories given before are valid.
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
            current, size = History(row, name, location), 0
        elif current is None:
            raise ArchiveError(
                f"{location}: a row of {table} comes before any article; is the beginning of the file missing?"
            )
        elif row.get("article_id") != current.article["id"]:
            raise ArchiveError(
                f"{location}: this row of {table} belongs to a different article from the one above it"
            )
        else:
            current.rows[table].append(row)
            current.lines[table].append(number)
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
    """The table and the row of a line, as the database stores it. Raises RowError if it is invalid."""
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
            f"unknown table {str(table)[:40]!r}; `variorum export` writes {', '.join(('articles', *HISTORY_TABLES))}"
        )
    _check_evidence(table, row)
    for column in JSON_COLUMNS.get(table, ()):
        if column in row:
            row[column] = _json_text(column, row[column])
    return table, validated_row(table, row, columns[table])


def _check_evidence(table: str, row: Row) -> None:
    if table != "exclusions":
        return
    evidence = row.get("evidence")
    stated = evidence if isinstance(evidence, dict) else {}
    kind = str(row.get("kind"))
    needed, optional = EVIDENCE.get(kind, {}), OPTIONAL_EVIDENCE.get(kind, {})
    if kind == "volatile" and not stated.keys().isdisjoint({*STREAK_EVIDENCE, "is_withdrawn"}):
        needed = {**needed, **STREAK_EVIDENCE}
    missing = [
        name
        for name, is_valid in needed.items()
        if name not in stated or not is_valid(stated[name])
    ]
    missing += [
        name for name in optional.keys() & stated.keys() if not optional[name](stated[name])
    ]
    if missing:
        raise RowError(
            f"the evidence of an exclusion lacks {', '.join(sorted(missing))}, or it is of another sort"
        )


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _json_text(column: str, decoded: object) -> str:
    """A value as JSON text: a list of strings, or an object of plain values. Raises RowError if it is neither."""
    if column in ("byline", "captions", "template_fields"):
        if not (isinstance(decoded, list) and all(isinstance(part, str) for part in decoded)):
            raise RowError(f"{column} must be a JSON list of strings")
    elif not (isinstance(decoded, dict) and all(map(_is_plain, decoded.values()))):
        raise RowError(f"{column} must be a JSON object of texts, numbers and lists of them")
    return json.dumps(decoded, ensure_ascii=False)


def _is_plain(part: object) -> bool:
    """Whether a value is a text, a number, a truth value, nothing, or a list of these."""
    parts = part if isinstance(part, list) else [part]
    return all(isinstance(one, str | int | None) for one in parts)


def _verified_history(history: History) -> History:
    """The history itself. Raises ArchiveError if its rows contradict each other."""
    try:
        _check_versions(history)
        _check_fetches(history)
    except RowError as error:
        raise ArchiveError(f"{history.location}: {error}") from error
    return history


def _check_versions(history: History) -> None:
    versions = history.rows["versions"]
    if [row["number"] for row in versions] != list(range(1, len(versions) + 1)):
        raise RowError("the versions of this article are not numbered 1 to n; is a line missing?")
    if history.article.get("latest_version") != (len(versions) or None):
        raise RowError("latest_version is not the number of its last version; is a line missing?")
    for edit in history.rows["edits"]:
        if not 0 <= edit["from_version"] < edit["to_version"] <= len(versions):
            raise RowError(f"edit {edit['id']} refers to versions that are not in the file")
    for version in versions:
        reverted_number = version.get("reverts_to")
        if reverted_number is not None and not 0 < reverted_number < version["number"]:
            raise RowError(
                f"version {version['number']} reverts to a version that is not before it"
            )


def _check_fetches(history: History) -> None:
    versions = {row["id"] for row in history.rows["versions"]}
    earlier_ids: set[int] = set()
    for fetch in history.rows["fetches"]:
        if fetch.get("version_id") is not None and fetch["version_id"] not in versions:
            raise RowError(f"fetch {fetch['id']} refers to a version that is not in the file")
        if fetch.get("confirms") is not None and fetch["confirms"] not in earlier_ids:
            raise RowError(f"fetch {fetch['id']} confirms a fetch that is not before it")
        earlier_ids.add(fetch["id"])
