"""Finding words in every version there was, and in the sentences that left; newest first, from a cursor."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from storage.diff.text.sentences import sentences
from storage.queries.sentences import departed
from storage.search.highlight import held_in
from storage.search.matching import (
    DEPARTED,
    VERSIONS,
    Version,
    ends,
    matcher,
    matches_now,
    newest,
    versions_of,
)
from storage.search.tokens import any_query, query

Row = dict[str, Any]

# So many versions with the words are looked through for one stretch.
LOOKED_THROUGH = 250
# So many sentences of an article are shown.
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Articles with the sentences that hold the words, and the cursor of the next stretch."""

    rows: tuple[Row, ...]
    before: int | None


def find(db: Database, words: str, *, before: int | None = None, limit: int = 20) -> Found:
    """Articles of which a version holds all the words, the newest such version first.

    Each row has `first_version` and `last_version` that hold them, `deleted` where the latest
    does not, and `sentences` of the last that does.
    """
    index = VERSIONS, query(words)
    return _stretch(
        db, words, before, limit, index=index, fits=lambda article_id: True, read=_article
    )


def find_deleted(db: Database, words: str, *, before: int | None = None, limit: int = 20) -> Found:
    """Articles of which a version holds all the words, but not the latest; as `find` gives them."""

    match = query(words)

    def is_gone(article_id: int) -> bool:
        return not matches_now(db, match, article_id)

    index = DEPARTED, any_query(words)
    return _stretch(db, words, before, limit, index=index, fits=is_gone, read=_article)


def find_departed(db: Database, words: str, *, before: int | None = None, limit: int = 20) -> Found:
    """Articles that a sentence with all the words has left; `sentences` are those, as `departed` gives them."""
    index = DEPARTED, query(words)
    holds = held_in(words)

    def has_left(article_id: int) -> bool:
        return any(holds(sentence) for sentence in _left(db, article_id))

    return _stretch(db, words, before, limit, index=index, fits=has_left, read=_departed)


def _stretch(
    db: Database,
    words: str,
    before: int | None,
    limit: int,
    *,
    index: tuple[str, str],
    fits: Callable[[int], bool],
    read: Callable[[Database, str, int, Version, Version], Iterator[Row]],
) -> Found:
    """What `read` gives of the articles that fit, of those with versions in an index that match; it is given
    the first and the last version that hold the words."""
    table, match = index
    held = VERSIONS, query(words)
    if not match:
        return Found((), None)
    rows = list[Row]()
    seen = set[int]()
    count, last = 0, None
    for version_id, article_id in _hits(db, index, before):
        count, last = count + 1, version_id
        if article_id in seen:
            continue
        seen.add(article_id)
        if not fits(article_id):
            continue
        versions = versions_of(db, article_id)
        is_hit = matcher(db, match, versions, table)
        hit = newest(versions, is_hit)
        if hit is None or hit.id != version_id:
            continue  # a stretch before this one has it
        holds = is_hit if index == held else matcher(db, held[1], versions, held[0])
        if found := ends(versions, holds):
            rows += read(db, words, article_id, *found)
        if len(rows) >= limit:
            return Found(tuple(rows), last)
    return Found(tuple(rows), last if count == LOOKED_THROUGH else None)


def _left(db: Database, article_id: int) -> list[str]:
    """The sentences that stand no more, whatever took them."""
    rows = db.execute(
        "select sentence from sentences where article_id = ? and left_version is not null",
        [article_id],
    )
    return [row[0] for row in rows.fetchall()]


def _hits(db: Database, index: tuple[str, str], before: int | None) -> Iterator[tuple[int, int]]:
    """The newest versions (id, article) that match."""
    table, match = index
    yield from db.execute(
        f"select w.rowid, v.article_id from {table} w cross join versions v on v.id = w.rowid"
        " where w.words match :match and w.rowid < :before order by w.rowid desc limit :limit",
        {"match": match, "before": 2**62 if before is None else before, "limit": LOOKED_THROUGH},
    )


def _article(
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
            "sentences": _with_words(words, f"{text[1] or ''}\n\n{text[0]}"),
        }


def _with_words(words: str, text: str) -> list[str]:
    """The sentences with all the words, or else with any of them."""
    every = [
        sentence for paragraph in text.split("\n\n") for sentence in sentences(paragraph.strip())
    ]
    holds = held_in(words)
    whole = [sentence for sentence in every if holds(sentence)]
    if whole:
        return whole[:SHOWN]
    tests = [held_in(word) for word in words.split()]
    return [sentence for sentence in every if any(test(sentence) for test in tests)][:SHOWN]


def _departed(
    db: Database, words: str, article_id: int, first: Version, last: Version
) -> Iterator[Row]:
    holds = held_in(words)
    left = [row for row in departed(db, article_id) if holds(row["sentence"])]
    if not left:
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
            "seen_at": left[0]["left_at"],
            "sentences": left[:SHOWN],
        }
