"""The two full-text indices: `version_words` of every version, `removed_words` of the texts that it lost.

A removed word is indexed under the last version that had it. Neither index keeps a copy of the words, so
taking words out of it needs the texts of the versions.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlite_utils import Database

from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible
from storage.search.tokens import bigrams
from storage.vocabulary import FIELDS, Shape

SEARCHED_FIELDS = tuple(field for field in FIELDS if field.searched)
SELECT_SEARCHED_TEXTS = (
    f"select article_id, id, {', '.join(field.column for field in SEARCHED_FIELDS)} from versions"
)


@dataclass(frozen=True, slots=True)
class SearchedTexts:
    """The SEARCHED_FIELDS of a version as they are stored."""

    id: int
    texts: tuple[str | None, ...]

    def parts(self) -> Iterator[str]:
        """The texts that are added or removed as a whole: fields, and sentences of the body."""
        for field, text in zip(SEARCHED_FIELDS, self.texts, strict=True):
            if field.shape is not Shape.TEXT:
                yield text or ""
                continue
            for paragraph in (text or "").split("\n\n"):
                yield from sentences(visible(paragraph))

    def words(self) -> str:
        """All words of the version, as they are indexed."""
        texts = list[str]()
        for field, text in zip(SEARCHED_FIELDS, self.texts, strict=True):
            texts += json.loads(text or "[]") if field.shape is Shape.LINES else [text or ""]
        return bigrams("\n".join(texts))


def removed_words(before: SearchedTexts, after: SearchedTexts) -> str:
    """The words of the texts that a version has and the next one lacks, as they are indexed.

    >>> old = SearchedTexts(1, ("Pier", None, "It rained. 비가 왔다.", "[]"))
    >>> removed_words(old, SearchedTexts(2, ("Pier", None, "It rained. 눈이 왔다.", "[]")))
    '비가 가 왔다 다 .'
    """
    remaining = set(after.parts())
    return bigrams("\n".join(part for part in before.parts() if part not in remaining))


def index_version(db: Database, article_id: int, number: int) -> None:
    """Index version `number`, which was just written, and what it no longer has."""
    texts = _searched_texts(db, article_id, since=number - 1)
    words = [texts[-1].id, texts[-1].words()]
    db.execute("insert into version_words (rowid, words) values (?, ?)", words)
    _index_pairs(db, texts)


def unindex_article(db: Database, article_id: int, damaged: Collection[int]) -> None:
    """Take an article out of both indices. Its versions must still be stored.

    The texts of the `damaged` versions (ids) are not those that were indexed, and taking out others would break the
    index. So their words stay. A search finds only versions that are stored, and ids are never used again.
    """
    versions = _searched_texts(db, article_id)
    for before, after in pairwise(versions):
        if before.id in damaged or after.id in damaged:
            continue
        if words := removed_words(before, after):
            db.execute(
                "insert into removed_words (removed_words, rowid, words) values ('delete', ?, ?)",
                [before.id, words],
            )
    for version in versions:
        if version.id in damaged:
            continue
        db.execute(
            "insert into version_words (version_words, rowid, words) values ('delete', ?, ?)",
            [version.id, version.words()],
        )


def _searched_texts(db: Database, article_id: int, *, since: int = 1) -> list[SearchedTexts]:
    rows = db.execute(
        f"{SELECT_SEARCHED_TEXTS} where article_id = ? and number >= ? order by number",
        [article_id, since],
    )
    return [SearchedTexts(row[1], row[2:]) for row in rows]


def _index_pairs(db: Database, versions: list[SearchedTexts]) -> None:
    for before, after in pairwise(versions):
        if words := removed_words(before, after):
            db.execute("insert into removed_words (rowid, words) values (?, ?)", [before.id, words])
