"""Writing the imported history of an article: all of it or nothing."""

import sqlite3
from dataclasses import dataclass, field

from scraper.urls import site
from storage.articles.aliases import find_proven_article
from storage.articles.last_page import rebuild_last_page
from storage.articles.stories import teach
from storage.articles.versions import article_from_row, insert_version, version_row
from storage.database import Database, Row, write_transaction
from storage.errors import ArchiveError
from storage.queries.articles import host_exclusion_rows
from storage.schema.counters import COUNTER_COLUMNS
from storage.snapshots.store import store_snapshot
from storage.timestamps import parse_instant
from storage.transfer.jsonl import HISTORY_TABLES, JSON_COLUMNS, History, history_rows
from storage.transfer.verify import PageLoader

# Columns with ids of rows, which differ between two databases.
ID_COLUMNS = frozenset({"id", "article_id", "version_id", "snapshot_id", "confirms", "declared_by"})
# A history is the same whether we or others have made its requests, and whichever rules named its edits.
OWN_COLUMNS = ID_COLUMNS | {"imported", "details_hash", "kind", "evidence", "differ"}
COMPARED_TABLES = ("versions", "fetches", "edits")


@dataclass(slots=True)
class _NewIds:
    """The new id of each old one."""

    article: int
    versions: dict[int, int] = field(default_factory=dict)
    fetches: dict[int, int] = field(default_factory=dict)
    snapshots: dict[int, int] = field(default_factory=dict)


def history_columns(db: Database) -> dict[str, dict[str, type]]:
    """For each table of a history its columns with their types: int, float or str."""
    return {table: db[table].columns_dict for table in ("articles", *HISTORY_TABLES)}


def presence(db: Database, history: History) -> str | None:
    """Is the article in this database? None if not, "same" if with the same history, else "other".

    Two histories are the same if their versions, fetches and edits are equal but for ids. A damaged one is another.
    """
    url = history.article["url"]
    existing_id = find_proven_article(db, url)
    if existing_id is None:
        return None
    stored_rows: dict[str, list[Row]] = {table: [] for table in ("articles", *HISTORY_TABLES)}
    for row in history_rows(db, [existing_id], leave_out=lambda _: None):
        stored_rows[row.pop("table")].append(row)
    is_same = all(
        [_comparable(table, row) for row in stored_rows[table]]
        == [_comparable(table, row) for row in history.rows[table]]
        for table in COMPARED_TABLES
    )
    return "same" if is_same else "other"


def restore(
    db: Database,
    history: History,
    *,
    load_page: PageLoader | None = None,
    pause_reason: str | None = None,
) -> None:
    """Write an article with its whole history under new ids, in one transaction; its fetches count as imported.

    Without `load_page` it has no pages. With a `pause_reason` it is paused, not watched.
    Raises ArchiveError if a row cannot be written; then nothing of the article is.
    """
    article = dict(history.article)
    if pause_reason is not None:
        # Without born_at, its edits do not count when the check rate is fitted to our own checks.
        article |= {
            "state": "paused",
            "next_check_at": None,
            "next_check_reason": pause_reason,
            "born_at": None,
        }
    try:
        with write_transaction(db):
            stored_columns = {
                name: value for name, value in article.items() if name not in COUNTER_COLUMNS
            }
            ids = _NewIds(_insert_row(db, "articles", stored_columns))
            _restore_aliases(db, history, ids)
            if load_page is not None:
                _store_pages(db, history, ids, load_page)
            for row in history.rows["versions"]:
                ids.versions[row["id"]] = _restore_version(db, row, article["url"], ids)
            for row in history.rows["fetches"]:
                imported = {**_with_new_ids(row, ids), "imported": 1}
                ids.fetches[row["id"]] = _insert_row(db, "fetches", imported)
            rebuild_last_page(db, ids.article)
            for row in history.rows["edits"]:
                _insert_row(db, "edits", _with_new_ids(row, ids))
            _restore_exclusions(db, history, ids)
            _teach_host(db, article["url"], ids)
    except sqlite3.IntegrityError as error:
        raise ArchiveError(
            f"{history.location}: cannot write {article['url']} ({error}); nothing of it was imported"
        ) from error


def _comparable(table: str, row: Row) -> Row:
    """A row without ids and without JSON columns, to compare it with a row of another database."""
    return {
        name: value
        for name, value in row.items()
        if name not in OWN_COLUMNS and name not in JSON_COLUMNS.get(table, ())
    }


def _insert_row(db: Database, table: str, row: Row) -> int:
    columns = {name: value for name, value in row.items() if name != "id"}
    names, marks = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    cursor = db.execute(f"insert into {table} ({names}) values ({marks})", columns)
    return int(cursor.lastrowid or 0)


def _with_new_ids(row: Row, ids: _NewIds) -> Row:
    renumbered = {**row, "article_id": ids.article}
    for name, table in (
        ("version_id", ids.versions),
        ("confirms", ids.fetches),
        ("snapshot_id", ids.snapshots),
    ):
        if renumbered.get(name) is not None:
            renumbered[name] = table.get(renumbered[name])
    return renumbered


def _restore_aliases(db: Database, history: History, ids: _NewIds) -> None:
    """Write the article's addresses; one that already belongs to another article stays with it.

    A file proves nothing about another site: no address there comes along. A check that is redirected
    from it to the article learns it again.
    """
    old_id, url = history.article["id"], history.article["url"]
    own_rows = [row for row in history.rows["aliases"] if site(row["url"]) == site(url)]
    for row in own_rows:
        declared_by = ids.article if row.get("declared_by") == old_id else None
        db.execute(
            "insert or ignore into aliases (url, article_id, declared_by) values (?, ?, ?)",
            [row["url"], ids.article, declared_by],
        )
    db.execute("insert or ignore into aliases (url, article_id) values (?, ?)", [url, ids.article])
    db.execute("update aliases set article_id = ? where url = ?", [ids.article, url])


def _restore_exclusions(db: Database, history: History, ids: _NewIds) -> None:
    """Write what is left out of the article, and the lines of its publisher that are not here yet, as imported."""
    host = history.article["host"]
    stored_texts = {row["text"] for row in host_exclusion_rows(db, host)}
    for row in history.rows["exclusions"]:
        imported = {**_with_new_ids(row, ids), "host": host, "imported": 1}
        if row["kind"] != "boilerplate":
            _insert_row(db, "exclusions", imported)
        elif row["text"] not in stored_texts:
            _insert_row(db, "exclusions", {**imported, "article_id": None})


def _teach_host(db: Database, url: str, ids: _NewIds) -> None:
    if not ids.versions:
        return
    version = version_row(db, ids.article, 1)
    at = parse_instant(version["seen_at"])
    assert at is not None
    teach(db, article_from_row(version, url), url, ids.article, at=at)


def _store_pages(db: Database, history: History, ids: _NewIds, load_page: PageLoader) -> None:
    base: int | None = None
    for row in history.rows["fetches"]:
        old_id = row.get("snapshot_id")
        if old_id is not None and old_id not in ids.snapshots:
            base = store_snapshot(db, load_page(row), base_id=base)
            ids.snapshots[old_id] = base


def _restore_version(db: Database, row: Row, url: str, ids: _NewIds) -> int:
    """Write a version with every column as it was, and index its words and sentences; its new id."""
    with_defaults = {"byline": "[]", "captions": "[]", "headlines": "{}", **row}
    article = article_from_row(
        {
            **dict.fromkeys(("dek", "section", "lang", "published_at", "modified_at")),
            **with_defaults,
        },
        url,
    )
    number = row["number"]
    insert_version(
        db, article, ids.article, number, row["seen_at"], row.get("extractor") or "", None
    )
    version_id = db.execute(
        "select id from versions where article_id = ? and number = ?", [ids.article, number]
    ).fetchone()[0]
    columns = {
        name: value
        for name, value in _with_new_ids(row, ids).items()
        if name not in ("id", "article_id", "details_hash")
    }
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    db.execute(
        f"update versions set {sets} where id = :version_id_",
        {**columns, "version_id_": version_id},
    )
    return int(version_id)
