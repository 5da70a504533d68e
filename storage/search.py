"""Full text over all versions, without reading all that match."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlite_utils import Database

from storage.bigrams import any_query, query
from storage.errors import NotFoundError

Row = dict[str, Any]

# A word is common where so many versions have it among those looked at; one by one they take as long.
FEW = 2_000
# Articles that lost a text with a common word have it in another most often: no more are tried.
CANDIDATES = 5_000


def search(db: Database, words: str, *, deleted: bool = False, limit: int = 100) -> list[Row]:
    """Articles with a version that holds all the words, the last seen first, of those whose versions with
    them are newest; `deleted`: only where the latest has them no more, of the last CANDIDATES that lost one
    of the words.

    Raises NotFoundError where `words` holds no letter or digit.
    """
    match = query(words)
    if not match:
        raise NotFoundError("give at least one word to search for")
    articles = _gone(db, words, match) if deleted else _matching(db, match)
    found: list[Row] = []
    while len(found) < limit and (some := list(islice(articles, limit - len(found)))):
        found += _rows(db, some, match)
    return sorted(found, key=lambda row: str(row.pop("sort_at")), reverse=True)


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


def _gone(db: Database, words: str, match: str) -> Iterator[int]:
    """Of the last articles that lost a text with one of the words, those that do not match now."""
    candidates = islice(_departed(db, words), CANDIDATES)
    return (one for one in candidates if not _matching_now(db, one, match))


def _articles(db: Database, select: str, match: str) -> Iterator[int]:
    seen: set[int] = set()
    for (article_id,) in db.execute(select, [match]):
        if article_id not in seen:
            seen.add(article_id)
            yield article_id


def _matching_now(db: Database, article_id: int, match: str) -> bool:
    """Does the latest version match?"""
    row = db.execute(
        "select v.id from articles a join versions v on v.article_id = a.id and v.number = a.latest_version"
        " where a.id = ?",
        [article_id],
    ).fetchone()
    return row is not None and bool(_matches(db, [row[0]], match))


def _rows(db: Database, article_ids: list[int], match: str) -> Iterator[Row]:
    """What a search tells of each of these articles that has a version that matches."""
    versions = {
        article_id: db.execute(
            "select id, number, seen_at, last_seen_at from versions where article_id = ? order by number",
            [article_id],
        ).fetchall()
        for article_id in article_ids
    }
    matches = _matches(db, [row[0] for rows in versions.values() for row in rows], match)
    for article_id, rows in versions.items():
        if found := [row for row in rows if row[0] in matches]:
            yield _row(db, article_id, found)


def _matches(db: Database, version_ids: list[int], match: str) -> set[int]:
    """Those of the versions that match. A word that few versions have is looked up once for all of them; where
    it is common its list of versions has an index of its own, and one by one is quicker."""
    rows = db.execute(
        "select rowid from version_words where words match ? and rowid between ? and ? limit ?",
        [match, min(version_ids), max(version_ids), FEW],
    ).fetchall()
    if len(rows) < FEW:
        return {row[0] for row in rows}.intersection(version_ids)
    one = "select rowid from version_words where words match ? and rowid = ?"
    return {found for found in version_ids if db.execute(one, [match, found]).fetchone()}


def _row(db: Database, article_id: int, found: list[Any]) -> Row:
    """The row of an article; `found` are its versions that match: id, number, and when they were seen."""
    first, last = found[0], found[-1]
    url, headline, latest, body = db.execute(
        "select a.url, a.headline, a.latest_version, v.body from articles a join versions v on v.id = ?"
        " where a.id = ?",
        [last[0], article_id],
    ).fetchone()
    return {
        "url": url,
        "headline": headline,
        "first_version": first[1],
        "last_version": last[1],
        "latest_version": latest,
        "deleted": int(last[1] < latest),
        "first_seen_at": min(row[2] for row in found),
        "last_seen_at": max(row[3] for row in found),
        "body": body,
        "sort_at": max(row[2] for row in found),
    }
