"""One version: its row, its words in the search index, and the life of its sentences."""

import hashlib
import json
from typing import Any

from sqlite_utils import Database

from scraper.article import Article
from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible
from storage.search.index import index_version
from storage.timestamps import parse_timestamp, publisher_text


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
    """Write a version with its words and sentences; inside a write transaction."""
    db.execute(
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
    index_version(db, article_id, number)
    _update_sentences(db, article_id, number, article)


def version_row(db: Database, article_id: int, number: int) -> dict[str, Any]:
    """One row of `versions` as a dictionary."""
    cursor = db.execute(
        "select * from versions where article_id = ? and number = ?", [article_id, number]
    )
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def article_from_row(version: dict[str, Any], url: str) -> Article:
    """The Article that a row of `versions` holds."""
    return Article(
        url=url,
        headline=version["headline"],
        dek=version["dek"],
        byline=tuple(json.loads(version["byline"])),
        published_at=parse_timestamp(version["published_at"]),
        modified_at=parse_timestamp(version["modified_at"]),
        section=version["section"],
        lang=version["lang"],
        paragraphs=tuple(part for part in version["body"].split("\n\n") if part),
        captions=tuple(json.loads(version["captions"])),
        headlines=json.loads(version["headlines"]),
    )


def content_hash(article: Article) -> str:
    """A hash of everything a reader reads, except times and section.

    White space, invisible characters and paragraph breaks do not count.
    """
    parts = (
        article.headline,
        article.dek or "",
        "\x1f".join(article.byline),
        "\x1f".join(article.captions),
        " ".join(article.paragraphs),
    )
    text = "\x1e".join(visible(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def reverts_to(db: Database, article: Article, article_id: int) -> int | None:
    """The number of the last earlier version with this text, None if there is none or if the latest
    version has it."""
    numbers = db.execute(
        "select number, content_hash from versions where article_id = ? order by number desc",
        [article_id],
    ).fetchall()
    text = content_hash(article) if numbers else None
    if not numbers or numbers[0][1] == text:
        return None
    return next((number for number, stored in numbers if stored == text), None)


def delete_sentences(db: Database, article_id: int) -> None:
    """Delete the sentences of an article; inserting its versions again restores them."""
    db.execute("delete from sentences where article_id = ?", [article_id])


def _update_sentences(db: Database, article_id: int, number: int, article: Article) -> None:
    """Note which sentences this version added and which it removed."""
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
