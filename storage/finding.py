"""Finding words in every version there was, and in the sentences that left; newest first, from a cursor."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from storage.bigrams import query
from storage.blame import departed
from storage.diff.sentences import sentences
from storage.words import held_in

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
    return _stretch(db, words, before, limit, lambda article_id: True, _article)


def find_departed(db: Database, words: str, *, before: int | None = None, limit: int = 20) -> Found:
    """Articles that a sentence with all the words has left; `sentences` are those, as `departed` gives them."""
    holds = held_in(words)

    def has_left(article_id: int) -> bool:
        return any(holds(sentence) for sentence in _left(db, article_id))

    return _stretch(db, words, before, limit, has_left, _departed)


def _stretch(
    db: Database,
    words: str,
    before: int | None,
    limit: int,
    fits: Callable[[int], bool],
    read: Callable[[Database, str, int, list[tuple[int, int]]], Iterator[Row]],
) -> Found:
    match = query(words)
    if not match:
        return Found((), None)
    rows = list[Row]()
    seen = set[int]()
    count, last = 0, None
    for version_id, article_id in _hits(db, match, before):
        count, last = count + 1, version_id
        if article_id in seen:
            continue
        seen.add(article_id)
        if not fits(article_id):
            continue
        holding = _holding(db, match, article_id)
        if holding[-1][0] == version_id:  # else a stretch before this one has it
            rows += read(db, words, article_id, holding)
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


def _hits(db: Database, match: str, before: int | None) -> Iterator[tuple[int, int]]:
    """The newest versions (id, article) that hold the words."""
    yield from db.execute(
        "select w.rowid, v.article_id from version_words w cross join versions v on v.id = w.rowid"
        " where w.words match :match and w.rowid < :before order by w.rowid desc limit :limit",
        {"match": match, "before": 2**62 if before is None else before, "limit": LOOKED_THROUGH},
    )


def _holding(db: Database, match: str, article_id: int) -> list[tuple[int, int]]:
    """The versions (id, number) of one article that hold the words, the oldest first."""
    versions = db.execute(
        "select id, number from versions where article_id = ? order by number", [article_id]
    ).fetchall()
    return [
        (version_id, number)
        for version_id, number in versions
        if db.execute(
            "select 1 from version_words where words match ? and rowid = ?", [match, version_id]
        ).fetchone()
    ]


def _article(
    db: Database, words: str, article_id: int, holding: list[tuple[int, int]]
) -> Iterator[Row]:
    for row in db.query(
        "select a.id as article_id, a.url, a.host, v.headline, v.lang, a.latest_version,"
        " v.number < a.latest_version as deleted, v.seen_at, v.last_seen_at, v.dek, v.captions, v.body"
        " from versions v join articles a on a.id = v.article_id where v.id = ?",
        [holding[-1][0]],
    ):
        text = row.pop("body"), row.pop("dek"), row.pop("captions")
        yield {
            **row,
            "first_version": holding[0][1],
            "last_version": holding[-1][1],
            "sentences": _with_words(words, f"{text[1] or ''}\n\n{text[0]}"),
        }


def _with_words(words: str, text: str) -> list[str]:
    """The sentences with all the words, or else with any of them."""
    every = [
        sentence for paragraph in text.split("\n\n") for sentence in sentences(paragraph.strip())
    ]
    whole = [sentence for sentence in every if held_in(words)(sentence)]
    if whole:
        return whole[:SHOWN]
    tests = [held_in(word) for word in words.split()]
    return [sentence for sentence in every if any(test(sentence) for test in tests)][:SHOWN]


def _departed(
    db: Database, words: str, article_id: int, holding: list[tuple[int, int]]
) -> Iterator[Row]:
    holds = held_in(words)
    left = [row for row in departed(db, article_id) if holds(row["sentence"])]
    if not left:
        return
    for row in db.query(
        "select a.id as article_id, a.url, a.host, a.headline, v.lang, a.latest_version,"
        " :last < a.latest_version as deleted from articles a"
        " join versions v on v.article_id = a.id and v.number = a.latest_version where a.id = :id",
        {"id": article_id, "last": holding[-1][1]},
    ):
        yield {
            **row,
            "first_version": holding[0][1],
            "last_version": holding[-1][1],
            "seen_at": left[0]["left_at"],
            "sentences": left[:SHOWN],
        }
