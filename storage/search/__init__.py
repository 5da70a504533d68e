"""Full text over all versions, without reading all that match."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlite_utils import Database

from storage.errors import NotFoundError
from storage.search.matching import Version, ends, matcher, matches_now, versions_of
from storage.search.tokens import any_query, query

Row = dict[str, Any]

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
    return (one for one in candidates if not matches_now(db, match, one))


def _articles(db: Database, select: str, match: str) -> Iterator[int]:
    seen: set[int] = set()
    for (article_id,) in db.execute(select, [match]):
        if article_id not in seen:
            seen.add(article_id)
            yield article_id


def _rows(db: Database, article_ids: list[int], match: str) -> Iterator[Row]:
    """What a search tells of each of these articles that has a version that matches."""
    versions = {article_id: versions_of(db, article_id) for article_id in article_ids}
    is_match = matcher(db, match, [version for some in versions.values() for version in some])
    for article_id, some in versions.items():
        if found := ends(some, is_match):
            yield _row(db, article_id, *found)


def _row(db: Database, article_id: int, first: Version, last: Version) -> Row:
    """The row of an article, whose versions match from the first to the last of these, or some between."""
    url, headline, latest, body = db.execute(
        "select a.url, a.headline, a.latest_version, v.body from articles a join versions v on v.id = ?"
        " where a.id = ?",
        [last.id, article_id],
    ).fetchone()
    return {
        "url": url,
        "headline": headline,
        "first_version": first.number,
        "last_version": last.number,
        "latest_version": latest,
        "deleted": int(last.number < latest),
        "first_seen_at": first.seen_at,
        "last_seen_at": last.last_seen_at,
        "body": body,
        "sort_at": last.seen_at,
    }
