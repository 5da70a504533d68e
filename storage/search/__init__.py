"""Full-text search over all versions and over removed sentences, newest first, a batch at a time.

One search serves the command line and the web pages. It walks the versions that a full-text index finds
for the words, newest first. It shows each article once, with the newest of these versions. A cursor (the id of a version) continues where the last batch ended, so nothing is ever counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlite_utils import Database

from storage.errors import NotFoundError
from storage.search.excerpts import matching_sentences, removed_sentences_with
from storage.search.hits import Batch, Hit, HitSentence, Scope
from storage.search.matching import (
    REMOVED_INDEX,
    VERSION_INDEX,
    Version,
    first_and_last_match,
    latest_matches,
    newest_match,
    version_matcher,
    versions_of,
)
from storage.search.tokens import all_words_query, any_word_query

# How many versions of the index a batch reads at most; if few are hits, the batch is short.
MAX_VERSIONS_READ = 250
# After this many batches in a row without a hit, `first_hits` gives up. An article that lost a text with
# a common word mostly has the word in another text.
MAX_EMPTY_BATCHES = 20


def search(
    db: Database,
    words: str,
    *,
    scope: Scope = Scope.VERSIONS,
    before: int | None = None,
    limit: int = 20,
) -> Batch[Hit]:
    """The newest articles with all the words, at most `limit`, from the cursor `before` on.

    An article is as new as its newest version with the words (in the other scopes, as the newest version
    that lost one of them). The batch is empty if `words` has no letter or digit. It may be short although
    there are more hits: only a cursor of None says that there are none.
    """
    query = _search_query(words, scope)
    hits, visited = list[Hit](), set[int]()
    versions_read, last_id = 0, None
    for version_id, article_id in _indexed_versions(db, query, before):
        versions_read, last_id = versions_read + 1, version_id
        if article_id in visited:
            continue
        visited.add(article_id)
        if hit := _hit(db, query, article_id, version_id):
            hits.append(hit)
        if len(hits) >= limit:
            return Batch(tuple(hits), last_id)
    return Batch(tuple(hits), last_id if versions_read == MAX_VERSIONS_READ else None)


def first_hits(
    db: Database, words: str, *, scope: Scope = Scope.VERSIONS, limit: int = 100
) -> list[Hit]:
    """The newest hits of a search, at most `limit`, from as many batches as that takes.

    They are sorted by when their last version with the words was first seen, newest first.
    Raises NotFoundError if `words` has no letter or digit.
    """
    if not all_words_query(words):
        raise NotFoundError("give at least one word to search for; a word has a letter or a digit")
    hits = islice(_all_hits(db, words, scope), limit)
    return sorted(hits, key=lambda hit: hit.last.seen_at, reverse=True)


def _all_hits(db: Database, words: str, scope: Scope) -> Iterator[Hit]:
    before, empty_batches = None, 0
    while empty_batches < MAX_EMPTY_BATCHES:
        batch = search(db, words, scope=scope, before=before)
        yield from batch.rows
        if batch.before is None:
            return
        before, empty_batches = batch.before, 0 if batch.rows else empty_batches + 1


@dataclass(frozen=True, slots=True)
class _SearchQuery:
    """A search as the full-text indices take it."""

    words: str
    scope: Scope
    index: str  # the index whose versions are candidates …
    candidates: str  # … if they match this
    all_words: str  # what a version with the words matches in VERSION_INDEX


def _search_query(words: str, scope: Scope) -> _SearchQuery:
    all_words = all_words_query(words)
    if scope is Scope.VERSIONS:
        return _SearchQuery(words, scope, VERSION_INDEX, all_words, all_words)
    # Without one of its words a text no longer has them all: the words may have been removed one by one.
    candidates = any_word_query(words) if scope is Scope.DELETED else all_words
    return _SearchQuery(words, scope, REMOVED_INDEX, candidates, all_words)


def _indexed_versions(
    db: Database, query: _SearchQuery, before: int | None
) -> Iterator[tuple[int, int]]:
    """The newest versions that the index names, as (version id, article id)."""
    if not query.candidates:
        return
    yield from db.execute(
        f"select w.rowid, v.article_id from {query.index} w cross join versions v on v.id = w.rowid"
        " where w.words match :match and w.rowid < :before order by w.rowid desc limit :limit",
        {
            "match": query.candidates,
            "before": 2**62 if before is None else before,
            "limit": MAX_VERSIONS_READ,
        },
    )


def _hit(db: Database, query: _SearchQuery, article_id: int, version_id: int) -> Hit | None:
    """The hit of an article; None if it is not a hit, or if a batch before this one has it."""
    if query.scope is Scope.DELETED and latest_matches(db, query.all_words, article_id):
        return None
    removed: tuple[HitSentence, ...] = ()
    if query.scope is Scope.SENTENCES:
        removed = removed_sentences_with(db, article_id, query.words)
        if not removed:
            return None
    versions = versions_of(db, article_id)
    is_candidate = version_matcher(db, query.candidates, versions, query.index)
    newest = newest_match(versions, is_candidate)
    if newest is None or newest.id != version_id:
        return None
    has_words = is_candidate
    if query.index != VERSION_INDEX:
        has_words = version_matcher(db, query.all_words, versions, VERSION_INDEX)
    first_and_last = first_and_last_match(versions, has_words)
    return _described_hit(db, query, versions, first_and_last, removed) if first_and_last else None


def _described_hit(
    db: Database,
    query: _SearchQuery,
    versions: list[Version],
    first_and_last: tuple[Version, Version],
    removed: tuple[HitSentence, ...],
) -> Hit:
    first, last = first_and_last
    article_id, url, host, latest, headline, lang, dek, body = db.execute(
        "select a.id, a.url, a.host, a.latest_version, v.headline, v.lang, v.dek, v.body"
        " from versions v join articles a on a.id = v.article_id where v.id = ?",
        [last.id],
    ).fetchone()
    next_version = next((version for version in versions if version.number > last.number), None)
    removed_at = next_version.seen_at if next_version else None
    return Hit(
        article_id=article_id,
        url=url,
        host=host,
        headline=headline,
        lang=lang,
        latest_version=latest,
        first=first,
        last=last,
        sentences=removed or matching_sentences(f"{dek or ''}\n\n{body}", query.words),
        removed_at=removed[0].removed_at if removed else removed_at,
    )
