"""One version: its row, its words in the search index, and the life of its sentences."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from scraper.article import Article
from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible
from storage.search.index import index_version, unindex_article
from storage.timestamps import parse_timestamp, publisher_text
from storage.vocabulary import FIELDS, Shape


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
    template_fields: Sequence[str] = (),
    reverts_to: int | None = None,
) -> None:
    """Write a version with its words and sentences; inside a write transaction."""
    row = {
        "article_id": article_id, "number": number, "seen_at": at, "last_seen_at": at,
        **{field.column: _to_column(field.shape, getattr(article, field.attribute)) for field in FIELDS},
        "lang": article.lang, "headlines": _to_json(dict(article.headlines)),
        "content_hash": content_hash(article), "details_hash": details_hash(article), "reverts_to": reverts_to, "technical": int(technical),
        "template_fields": _to_json(template_fields), "extractor": extractor, "snapshot_id": snapshot_id,
    }  # fmt: skip
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    db.execute(f"insert into versions ({names}) values ({values})", row)
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
    fields = {field.attribute: _from_column(field.shape, version[field.column]) for field in FIELDS}
    headlines = json.loads(version["headlines"])
    return Article(url=url, lang=version["lang"], headlines=headlines, **fields)


def _to_column(shape: Shape, value: Any) -> str | None:
    """The value of an article's field as its column holds it; `_from_column` is the way back."""
    match shape:
        case Shape.NAMES | Shape.LINES:
            return _to_json(value)
        case Shape.TEXT:
            return "\n\n".join(value)
        case Shape.DATE:
            return publisher_text(value)
        case Shape.LINE | Shape.LABEL:
            return value if value is None else str(value)


def _from_column(shape: Shape, text: Any) -> Any:
    match shape:
        case Shape.NAMES | Shape.LINES:
            return tuple(json.loads(text))
        case Shape.TEXT:
            return tuple(part for part in text.split("\n\n") if part)
        case Shape.DATE:
            return parse_timestamp(text)
        case Shape.LINE | Shape.LABEL:
            return text


def content_hash(article: Article) -> str:
    """A hash of everything a reader reads, except times and section.

    White space, invisible characters and paragraph breaks do not count.
    """
    # Every stored hash has the body last, after the captions.
    fields = sorted(
        (field for field in FIELDS if field.hashed), key=lambda field: field.shape is Shape.TEXT
    )
    parts = (_hashed_text(field.shape, getattr(article, field.attribute)) for field in fields)
    text = "\x1e".join(visible(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def details_hash(article: Article) -> str:
    """A hash of what `content_hash` leaves out: section, times, language, and the headline by source."""
    details = [
        publisher_text(getattr(article, field.attribute)) for field in FIELDS if not field.hashed
    ]
    parts = [*details, article.lang, dict(article.headlines)]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def stored_text_hash(row: dict[str, Any]) -> str | None:
    """What `content_hash` gives for the text in a row of `versions`; None if the row holds no text of ours.

    It is the column `content_hash`, unless the row was damaged or changed by another program.
    """
    try:
        return content_hash(article_from_row(row, ""))
    except (ValueError, TypeError, AttributeError):
        return None


def _hashed_text(shape: Shape, value: Any) -> str:
    match shape:
        case Shape.NAMES | Shape.LINES:
            return "\x1f".join(value)
        case Shape.TEXT:
            return " ".join(value)
        case Shape.LINE | Shape.LABEL | Shape.DATE:
            return str(value or "")


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


def unindex_versions(db: Database, article_id: int) -> None:
    """Take the versions of an article out of the search index, before they are deleted."""
    rows = db.query("select * from versions where article_id = ?", [article_id])
    damaged = {row["id"] for row in rows if stored_text_hash(row) != row["content_hash"]}
    unindex_article(db, article_id, damaged)


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
