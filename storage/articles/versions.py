"""Writing one version: its row, its words for the search, the life of its sentences."""

import json
from collections.abc import Iterable

from sqlite_utils import Database

from scraper.article import Article
from storage.articles.content import content_hash
from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible
from storage.search.index import index_removed, unindex_removed
from storage.search.tokens import bigrams
from storage.timestamps import publisher_text


def insert_version(
    db: Database,
    article: Article,
    article_id: int,
    number: int,
    at: str,
    extractor: str,
    snapshot_id: int | None,
    *,
    technical: bool = False,
    reverts_to: int | None = None,
) -> None:
    """Write one version with its index and its sentences; call inside a write transaction."""
    cursor = db.execute(
        "insert into versions (article_id, number, seen_at, last_seen_at, headline, dek, byline,"
        " section, lang, published_at, modified_at, captions, body, content_hash, reverts_to,"
        " technical, extractor, snapshot_id, headlines)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            article_id,
            number,
            at,
            at,
            article.headline,
            article.dek,
            _to_json(article.byline),
            article.section,
            article.lang,
            publisher_text(article.published_at),
            publisher_text(article.modified_at),
            _to_json(article.captions),
            article.body,
            content_hash(article),
            reverts_to,
            int(technical),
            extractor,
            snapshot_id,
            _to_json(dict(article.headlines)),
        ],
    )
    _index_words(db, int(cursor.lastrowid or 0), article)
    index_removed(db, article_id, number)
    _update_sentences(db, article_id, number, article)


def reverts_to(db: Database, article: Article, article_id: int) -> int | None:
    """The last earlier version with this very text, where another text stood in between."""
    numbers = db.execute(
        "select number, content_hash from versions where article_id = ? order by number desc",
        [article_id],
    ).fetchall()
    text = content_hash(article) if numbers else None
    if not numbers or numbers[0][1] == text:
        return None
    return next((number for number, stored in numbers if stored == text), None)


def indexed_text(headline: str, dek: str | None, captions: Iterable[str], body: str) -> str:
    """The words of a version as the search index holds them."""
    return bigrams("\n".join([headline, dek or "", *captions, body]))


def unindex_versions(db: Database, article_id: int) -> None:
    """Take an article out of the search indices, which have no copy of its words; before its versions go."""
    unindex_removed(db, article_id)
    rows = db.execute(
        "select id, headline, dek, captions, body from versions where article_id = ?", [article_id]
    ).fetchall()
    for version_id, headline, dek, captions, body in rows:
        words = indexed_text(headline, dek, json.loads(captions), body)
        db.execute(
            "insert into version_words (version_words, rowid, words) values ('delete', ?, ?)",
            [version_id, words],
        )


def delete_sentences(db: Database, article_id: int) -> None:
    """Forget since when sentences stand; the versions inserted next tell it again."""
    db.execute("delete from sentences where article_id = ?", [article_id])


def _index_words(db: Database, version_id: int, article: Article) -> None:
    words = indexed_text(article.headline, article.dek, article.captions, article.body)
    db.execute("insert into version_words (rowid, words) values (?, ?)", [version_id, words])


def _update_sentences(db: Database, article_id: int, number: int, article: Article) -> None:
    """Keep since when each sentence stands; only what came or left is written."""
    latest = {
        sentence: None
        for paragraph in article.paragraphs
        for sentence in sentences(visible(paragraph))
    }
    current = {
        row[1]: row[0]
        for row in db.execute(
            "select id, sentence from sentences where article_id = ? and removed_version is null",
            [article_id],
        ).fetchall()
    }
    db.conn.executemany(
        "update sentences set removed_version = ? where id = ?",
        [(number, current[sentence]) for sentence in current if sentence not in latest],
    )
    db.conn.executemany(
        "insert into sentences (article_id, sentence, added_version) values (?, ?, ?)",
        [(article_id, sentence, number) for sentence in latest if sentence not in current],
    )


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
