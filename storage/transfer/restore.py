"""Writing the history of an article that comes from elsewhere: all of it or nothing."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from storage.articles.aliases import find_article, is_only_named
from storage.articles.last_page import stand_anew
from storage.articles.state import article_of
from storage.articles.versions import insert_version
from storage.database import writing
from storage.errors import ArchiveError
from storage.schema.counters import SUMS
from storage.snapshots import store as archive
from storage.snapshots.store import Snapshot
from storage.transfer.jsonl import JSON_COLUMNS, TABLES, History, history_rows

Row = dict[str, Any]

# Two databases number their rows each in its own way.
IDS = frozenset({"id", "article_id", "version_id", "snapshot_id", "confirms", "named_by"})
COMPARED = ("versions", "fetches", "edits")

# The page that a row of `fetches` brought, from where pages are kept.
PageOf = Callable[[Row], Snapshot]


@dataclass(slots=True)
class _Ids:
    """Which id each row was given here."""

    article: int
    versions: dict[int, int] = field(default_factory=dict)
    fetches: dict[int, int] = field(default_factory=dict)
    snapshots: dict[int, int] = field(default_factory=dict)


def columns_of(db: Database) -> dict[str, dict[str, type]]:
    """The columns of the tables that make a history, and what each holds: int, float or str."""
    return {table: db[table].columns_dict for table in ("articles", *TABLES)}


def presence(db: Database, history: History) -> str | None:
    """None where the article is not in this database; "same" where its versions, looks and edits are
    these, "other" where they are not."""
    url = history.article["url"]
    found = find_article(db, url)
    if found is None or is_only_named(db, url):
        return None
    here: dict[str, list[Row]] = {table: [] for table in ("articles", *TABLES)}
    for row in history_rows(db, [found]):
        here[row.pop("table")].append(row)
    same = all(
        [_plain(row) for row in here[table]] == [_plain(row) for row in history.rows[table]]
        for table in COMPARED
    )
    return "same" if same else "other"


def restore(
    db: Database, history: History, *, page_of: PageOf | None = None, paused: str | None = None
) -> None:
    """Write an article with its whole history under new ids, in one transaction; without `page_of`
    without its pages. With a reason why not (`paused`) it is not watched.

    Raises ArchiveError where a row cannot be written; nothing of the article is written then.
    """
    article = dict(history.article)
    if paused is not None:
        # Without born_at its edits stay out of what the pace of our own looks is fitted to.
        article |= {
            "state": "paused",
            "next_check_at": None,
            "next_check_reason": paused,
            "born_at": None,
        }
    try:
        with writing(db):
            own = {name: value for name, value in article.items() if name not in SUMS}
            ids = _Ids(_insert(db, "articles", own))
            _insert_aliases(db, history, ids)
            if page_of is not None:
                _store_pages(db, history, ids, page_of)
            for row in history.rows["versions"]:
                ids.versions[row["id"]] = _insert_version(db, row, article["url"], ids)
            for row in history.rows["fetches"]:
                ids.fetches[row["id"]] = _insert(db, "fetches", _with_new_ids(row, ids))
            stand_anew(db, ids.article)
            for table in ("edits", "sites"):
                for row in history.rows[table]:
                    _insert(db, table, _with_new_ids(row, ids))
    except sqlite3.IntegrityError as error:
        raise ArchiveError(
            f"{history.where}: {article['url']} cannot be written ({error}); nothing of it was"
        ) from error


def _plain(row: Row) -> Row:
    """A row without ids, JSON text told from none."""
    return {
        name: value for name, value in row.items() if name not in IDS and name not in JSON_COLUMNS
    }


def _insert(db: Database, table: str, row: Row) -> int:
    kept = {name: value for name, value in row.items() if name != "id"}
    names, marks = ", ".join(kept), ", ".join(f":{name}" for name in kept)
    cursor = db.execute(f"insert into {table} ({names}) values ({marks})", kept)
    return int(cursor.lastrowid or 0)


def _with_new_ids(row: Row, ids: _Ids) -> Row:
    new = {**row, "article_id": ids.article}
    for name, table in (
        ("version_id", ids.versions),
        ("confirms", ids.fetches),
        ("snapshot_id", ids.snapshots),
    ):
        if new.get(name) is not None:
            new[name] = table.get(new[name])
    return new


def _insert_aliases(db: Database, history: History, ids: _Ids) -> None:
    """Its addresses; one that belongs to another article here stays there."""
    old = history.article["id"]
    for row in history.rows["aliases"]:
        named_by = ids.article if row.get("named_by") == old else None
        db.execute(
            "insert or ignore into aliases (url, article_id, named_by) values (?, ?, ?)",
            [row["url"], ids.article, named_by],
        )
    url = history.article["url"]
    db.execute("insert or ignore into aliases (url, article_id) values (?, ?)", [url, ids.article])
    db.execute("update aliases set article_id = ? where url = ?", [ids.article, url])


def _store_pages(db: Database, history: History, ids: _Ids, page_of: PageOf) -> None:
    base: int | None = None
    for row in history.rows["fetches"]:
        old = row.get("snapshot_id")
        if old is not None and old not in ids.snapshots:
            base = archive.store(db, page_of(row), base_id=base)
            ids.snapshots[old] = base


def _insert_version(db: Database, row: Row, url: str, ids: _Ids) -> int:
    """The version with its words and sentences, every column as it was."""
    filled = {"byline": "[]", "captions": "[]", "headlines": "{}", **row}
    article = article_of(
        {**dict.fromkeys(("dek", "section", "lang", "published_at", "modified_at")), **filled}, url
    )
    number = row["number"]
    insert_version(
        db, article, ids.article, number, row["seen_at"], row.get("extractor") or "", None
    )
    version_id = db.execute(
        "select id from versions where article_id = ? and number = ?", [ids.article, number]
    ).fetchone()[0]
    kept = {
        name: value
        for name, value in _with_new_ids(row, ids).items()
        if name not in ("id", "article_id")
    }
    sets = ", ".join(f"{name} = :{name}" for name in kept)
    db.execute(
        f"update versions set {sets} where id = :version_id_", {**kept, "version_id_": version_id}
    )
    return int(version_id)
