"""Full text over all versions, without reading all that match."""

from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from storage.bigrams import any_query, query
from storage.errors import NotFoundError

Row = dict[str, Any]


def search(db: Database, words: str, *, deleted: bool = False, limit: int = 100) -> list[Row]:
    """Articles with a version that holds all the words, the last seen first, of those whose versions with
    them are newest; `deleted`: only where the latest has them no more.

    Raises NotFoundError where `words` holds no letter or digit.
    """
    match = query(words)
    if not match:
        raise NotFoundError("give at least one word to search for")
    found: list[Row] = []
    for article_id in _departed(db, words) if deleted else _matching(db, match):
        row = _article(db, article_id, match)
        if row and (row["deleted"] or not deleted):
            found.append(row)
        if len(found) >= limit:
            break
    found.sort(key=lambda row: row.pop("sort_at"), reverse=True)
    return found


def _matching(db: Database, match: str) -> Iterator[int]:
    """The articles with versions that match, the newest version first."""
    return _articles(
        db,
        "select v.article_id from version_words w join versions v on v.id = w.rowid"
        " where w.words match ? order by w.rowid desc",
        match,
    )


def _departed(db: Database, words: str) -> Iterator[int]:
    """The articles that have lost a text with one of the words, the last one first."""
    return _articles(
        db,
        "select v.article_id from departed_words w join versions v on v.id = w.rowid"
        " where w.words match ? order by w.rowid desc",
        any_query(words),
    )


def _articles(db: Database, select: str, match: str) -> Iterator[int]:
    seen: set[int] = set()
    for (article_id,) in db.execute(select, [match]):
        if article_id not in seen:
            seen.add(article_id)
            yield article_id


def _article(db: Database, article_id: int, match: str) -> Row | None:
    """What a search tells of an article: its first and last version that match; None where none does."""
    rows = db.execute(
        "select number, seen_at, last_seen_at, id from versions v where article_id = ?"
        " and exists (select 1 from version_words w where w.words match ? and w.rowid = v.id) order by number",
        [article_id, match],
    ).fetchall()
    if not rows:
        return None
    first, last = rows[0], rows[-1]
    url, headline, latest, body = db.execute(
        "select a.url, a.headline, a.latest_version, v.body from articles a join versions v on v.id = ?"
        " where a.id = ?",
        [last[3], article_id],
    ).fetchone()
    return {
        "url": url,
        "headline": headline,
        "first_version": first[0],
        "last_version": last[0],
        "latest_version": latest,
        "deleted": int(last[0] < latest),
        "first_seen_at": min(row[1] for row in rows),
        "last_seen_at": max(row[2] for row in rows),
        "body": body,
        "sort_at": max(row[1] for row in rows),
    }
