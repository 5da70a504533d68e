"""Why a text is held to be the page's and not the article's, or waits to be believed."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.urls import host_name
from storage.articles.result import Look
from storage.database import writing
from storage.errors import NotFoundError
from storage.timestamps import moment

# Proofs kept per article; a page that is new in every answer would add some at each look.
MAX_VOLATILE = 60


def keep_volatile(db: Database, look: Look, article_id: int) -> None:
    """Keep the texts that this look proved to be the page's; inside a write transaction."""
    known = {
        row[0]
        for row in db.execute(
            "select text from sites where article_id = ? and kind = 'volatile'", [article_id]
        ).fetchall()
    }
    for block in look.volatile[: MAX_VOLATILE - len(known)] if len(known) < MAX_VOLATILE else ():
        if block.text not in known:
            evidence = {"first": block.first, "second": block.second, "after": block.after}
            _insert(db, look, article_id, "volatile", block.text, evidence)


def _insert(
    db: Database, look: Look, article_id: int, kind: str, text: str, evidence: dict[str, str | None]
) -> None:
    db.execute(
        "insert into sites (host, article_id, kind, text, evidence, seen_at) values (?, ?, ?, ?, ?, ?)",
        [
            host_name(look.url),
            article_id,
            kind,
            text,
            json.dumps(evidence, ensure_ascii=False),
            moment(look.fetches[-1].fetched_at),
        ],
    )


def replace_suspects(db: Database, look: Look, article_id: int) -> None:
    """What an earlier look held back is decided by this one; what this one holds back waits."""
    if look.outcome not in ("edited", "restored", "unchanged", "technical"):
        return
    db.execute(
        "update sites set undone_at = ? where article_id = ? and kind = 'suspect' and undone_at is null",
        [moment(look.fetches[-1].fetched_at), article_id],
    )
    for text, instead in look.suspects.items():
        _insert(db, look, article_id, "suspect", text, {"instead_of": instead})


def volatile_texts(db: Database, article_id: int) -> Iterator[dict[str, Any]]:
    """The texts held to be the page's, each with its evidence: what the two looks saw in its place,
    or the paragraph after which the lines changed from look to look."""
    rows = db.query(
        "select id, text, evidence, seen_at, undone_at from sites"
        " where article_id = ? and kind = 'volatile' order by id",
        [article_id],
    )
    for row in rows:
        yield {**row, **json.loads(row.pop("evidence"))}


def undo_volatile(db: Database, article_id: int, text_id: int, *, at: datetime) -> None:
    """Count a text as the article's again from the next look on; raises NotFoundError."""
    with writing(db):
        undone = db.execute(
            "update sites set undone_at = ? where id = ? and article_id = ? and kind = 'volatile'"
            " and undone_at is null",
            [moment(at), text_id, article_id],
        ).rowcount
        if not undone:
            raise NotFoundError(
                f"{text_id}: no such volatile text of this article; `show URL --volatile` lists them"
            )
