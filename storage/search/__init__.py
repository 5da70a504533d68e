"""Full text over all versions, without reading all that match."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlite_utils import Database

from storage.errors import NotFoundError
from storage.search.matching import (
    Version,
    first_and_last_match,
    latest_matches,
    version_matcher,
    versions_of,
)
from storage.search.tokens import all_words_query, any_word_query

Row = dict[str, Any]

# Articles that lost a text with a common word have it in another most often: no more are tried.
MAX_DELETED_CANDIDATES = 5_000


def search_articles(
    db: Database, words: str, *, deleted: bool = False, limit: int = 100
) -> list[Row]:
    """Articles with a version that holds all the words, the last seen first, of those whose versions with
    them are newest; `deleted`: only where the latest has them no more, of the last CANDIDATES that lost one
    of the words.

    Raises NotFoundError where `words` holds no letter or digit.
    """
    match = all_words_query(words)
    if not match:
        raise NotFoundError("give at least one word to search for")
    articles = _without_match_now(db, words, match) if deleted else _with_match(db, match)
    hits: list[Row] = []
    while len(hits) < limit and (batch := list(islice(articles, limit - len(hits)))):
        hits += _hit_rows(db, batch, match)
    return sorted(hits, key=lambda row: str(row.pop("sort_at")), reverse=True)


def _with_match(db: Database, match: str) -> Iterator[int]:
    """The articles with versions that match, the newest version first."""
    return _distinct_articles(
        db,
        "select v.article_id from version_words w join versions v on v.id = w.rowid"
        " where w.words match ? order by w.rowid desc",
        match,
    )


def _with_removed_text(db: Database, words: str) -> Iterator[int]:
    """The articles that have lost a text with one of the words, the last one first."""
    return _distinct_articles(
        db,
        "select v.article_id from removed_words w join versions v on v.id = w.rowid"
        " where w.words match ? order by w.rowid desc",
        any_word_query(words),
    )


def _without_match_now(db: Database, words: str, match: str) -> Iterator[int]:
    """Of the last articles that lost a text with one of the words, those that do not match now."""
    candidates = islice(_with_removed_text(db, words), MAX_DELETED_CANDIDATES)
    return (candidate for candidate in candidates if not latest_matches(db, match, candidate))


def _distinct_articles(db: Database, select: str, match: str) -> Iterator[int]:
    visited: set[int] = set()
    for (article_id,) in db.execute(select, [match]):
        if article_id not in visited:
            visited.add(article_id)
            yield article_id


def _hit_rows(db: Database, article_ids: list[int], match: str) -> Iterator[Row]:
    """What a search tells of each of these articles that has a version that matches."""
    versions = {article_id: versions_of(db, article_id) for article_id in article_ids}
    is_match = version_matcher(
        db, match, [version for batch in versions.values() for version in batch]
    )
    for article_id, batch in versions.items():
        if hits := first_and_last_match(batch, is_match):
            yield _hit_row(db, article_id, *hits)


def _hit_row(db: Database, article_id: int, first: Version, last: Version) -> Row:
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
