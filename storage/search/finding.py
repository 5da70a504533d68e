"""Finding words in every version there was, and in the sentences that left; newest first, from a cursor."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from storage.diff.text.sentences import sentences
from storage.queries.sentences import removed_sentences
from storage.search.highlight import contains_words
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

Row = dict[str, Any]

# So many versions with the words are looked through for one stretch.
MAX_VERSIONS_SCANNED = 250
# So many sentences of an article are shown.
MAX_SENTENCES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class SearchBatch:
    """Articles with the sentences that hold the words, and the cursor of the next stretch."""

    rows: tuple[Row, ...]
    before: int | None


def search_versions(
    db: Database, words: str, *, before: int | None = None, limit: int = 20
) -> SearchBatch:
    """Articles of which a version holds all the words, the newest such version first.

    Each row has `first_version` and `last_version` that hold them, `deleted` where the latest
    does not, and `sentences` of the last that does.
    """
    index = VERSION_INDEX, all_words_query(words)
    return _search_batch(
        db,
        words,
        before,
        limit,
        index=index,
        is_wanted=lambda article_id: True,
        make_rows=_version_hits,
    )


def search_deleted(
    db: Database, words: str, *, before: int | None = None, limit: int = 20
) -> SearchBatch:
    """Articles of which a version holds all the words, but not the latest; as `find` gives them."""

    match = all_words_query(words)

    def is_deleted(article_id: int) -> bool:
        return not latest_matches(db, match, article_id)

    index = REMOVED_INDEX, any_word_query(words)
    return _search_batch(
        db, words, before, limit, index=index, is_wanted=is_deleted, make_rows=_version_hits
    )


def search_removed(
    db: Database, words: str, *, before: int | None = None, limit: int = 20
) -> SearchBatch:
    """Articles that a sentence with all the words has left; `sentences` are those, as `departed` gives them."""
    index = REMOVED_INDEX, all_words_query(words)
    has_words = contains_words(words)

    def has_removed(article_id: int) -> bool:
        return any(has_words(sentence) for sentence in _removed_texts(db, article_id))

    return _search_batch(
        db, words, before, limit, index=index, is_wanted=has_removed, make_rows=_removed_hits
    )


def _search_batch(
    db: Database,
    words: str,
    before: int | None,
    limit: int,
    *,
    index: tuple[str, str],
    is_wanted: Callable[[int], bool],
    make_rows: Callable[[Database, str, int, Version, Version], Iterator[Row]],
) -> SearchBatch:
    """What `read` gives of the articles that fit, of those with versions in an index that match; it is given
    the first and the last version that hold the words."""
    table, match = index
    version_index = VERSION_INDEX, all_words_query(words)
    if not match:
        return SearchBatch((), None)
    rows = list[Row]()
    visited = set[int]()
    count, last = 0, None
    for version_id, article_id in _matching_versions(db, index, before):
        count, last = count + 1, version_id
        if article_id in visited:
            continue
        visited.add(article_id)
        if not is_wanted(article_id):
            continue
        versions = versions_of(db, article_id)
        is_hit = version_matcher(db, match, versions, table)
        hit = newest_match(versions, is_hit)
        if hit is None or hit.id != version_id:
            continue  # a stretch before this one has it
        has_words = (
            is_hit
            if index == version_index
            else version_matcher(db, version_index[1], versions, version_index[0])
        )
        if first_and_last := first_and_last_match(versions, has_words):
            rows += make_rows(db, words, article_id, *first_and_last)
        if len(rows) >= limit:
            return SearchBatch(tuple(rows), last)
    return SearchBatch(tuple(rows), last if count == MAX_VERSIONS_SCANNED else None)


def _removed_texts(db: Database, article_id: int) -> list[str]:
    """The sentences that stand no more, whatever took them."""
    rows = db.execute(
        "select sentence from sentences where article_id = ? and removed_version is not null",
        [article_id],
    )
    return [row[0] for row in rows.fetchall()]


def _matching_versions(
    db: Database, index: tuple[str, str], before: int | None
) -> Iterator[tuple[int, int]]:
    """The newest versions (id, article) that match."""
    table, match = index
    yield from db.execute(
        f"select w.rowid, v.article_id from {table} w cross join versions v on v.id = w.rowid"
        " where w.words match :match and w.rowid < :before order by w.rowid desc limit :limit",
        {
            "match": match,
            "before": 2**62 if before is None else before,
            "limit": MAX_VERSIONS_SCANNED,
        },
    )


def _version_hits(
    db: Database, words: str, article_id: int, first: Version, last: Version
) -> Iterator[Row]:
    for row in db.query(
        "select a.id as article_id, a.url, a.host, v.headline, v.lang, a.latest_version,"
        " v.number < a.latest_version as deleted, v.seen_at, v.last_seen_at, v.dek, v.captions, v.body"
        " from versions v join articles a on a.id = v.article_id where v.id = ?",
        [last.id],
    ):
        text = row.pop("body"), row.pop("dek"), row.pop("captions")
        yield {
            **row,
            "first_version": first.number,
            "last_version": last.number,
            "sentences": _matching_sentences(words, f"{text[1] or ''}\n\n{text[0]}"),
        }


def _matching_sentences(words: str, text: str) -> list[str]:
    """The sentences with all the words, or else with any of them."""
    all_sentences = [
        sentence for paragraph in text.split("\n\n") for sentence in sentences(paragraph.strip())
    ]
    has_words = contains_words(words)
    full_matches = [sentence for sentence in all_sentences if has_words(sentence)]
    if full_matches:
        return full_matches[:MAX_SENTENCES_SHOWN]
    tests = [contains_words(word) for word in words.split()]
    return [sentence for sentence in all_sentences if any(test(sentence) for test in tests)][
        :MAX_SENTENCES_SHOWN
    ]


def _removed_hits(
    db: Database, words: str, article_id: int, first: Version, last: Version
) -> Iterator[Row]:
    has_words = contains_words(words)
    removed = [row for row in removed_sentences(db, article_id) if has_words(row["sentence"])]
    if not removed:
        return
    for row in db.query(
        "select a.id as article_id, a.url, a.host, a.headline, v.lang, a.latest_version,"
        " :last < a.latest_version as deleted from articles a"
        " join versions v on v.article_id = a.id and v.number = a.latest_version where a.id = :id",
        {"id": article_id, "last": last.number},
    ):
        yield {
            **row,
            "first_version": first.number,
            "last_version": last.number,
            "seen_at": removed[0]["removed_at"],
            "sentences": removed[:MAX_SENTENCES_SHOWN],
        }
