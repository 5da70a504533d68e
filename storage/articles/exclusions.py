"""Why a text is held to be the page's and not the article's, or waits to be believed."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.urls import hostname
from storage.articles.result import CheckResult
from storage.database import write_transaction
from storage.errors import NotFoundError
from storage.timestamps import to_text

# Proofs kept per article; a page that is new in every answer would add some at each look.
MAX_VOLATILE_PER_ARTICLE = 60


def store_volatile(db: Database, result: CheckResult, article_id: int) -> None:
    """Keep the texts that this look proved to be the page's; inside a write transaction."""
    stored_texts = {
        row[0]
        for row in db.execute(
            "select text from exclusions where article_id = ? and kind = 'volatile'", [article_id]
        ).fetchall()
    }
    for noise in (
        result.volatile[: MAX_VOLATILE_PER_ARTICLE - len(stored_texts)]
        if len(stored_texts) < MAX_VOLATILE_PER_ARTICLE
        else ()
    ):
        if noise.text not in stored_texts:
            evidence = {"first": noise.first, "second": noise.second, "after": noise.after}
            _insert_exclusion(db, result, article_id, "volatile", noise.text, evidence)


def _insert_exclusion(
    db: Database,
    result: CheckResult,
    article_id: int,
    kind: str,
    text: str,
    evidence: dict[str, str | None],
) -> None:
    db.execute(
        "insert into exclusions (host, article_id, kind, text, evidence, since) values (?, ?, ?, ?, ?, ?)",
        [
            hostname(result.url),
            article_id,
            kind,
            text,
            json.dumps(evidence, ensure_ascii=False),
            to_text(result.fetches[-1].fetched_at),
        ],
    )


def replace_pending(db: Database, result: CheckResult, article_id: int) -> None:
    """What an earlier look held back is decided by this one; what this one holds back waits."""
    if result.outcome not in ("edited", "restored", "unchanged", "technical"):
        return
    db.execute(
        "update exclusions set restored_at = ? where article_id = ? and kind = 'pending' and restored_at is null",
        [to_text(result.fetches[-1].fetched_at), article_id],
    )
    for text, replaced_text in result.pending.items():
        _insert_exclusion(db, result, article_id, "pending", text, {"instead_of": replaced_text})


def volatile_texts(db: Database, article_id: int) -> Iterator[dict[str, Any]]:
    """The texts held to be the page's, each with its evidence: what the two looks saw in its place,
    or the paragraph after which the lines changed from look to look."""
    rows = db.query(
        "select id, text, evidence, since, restored_at from exclusions"
        " where article_id = ? and kind = 'volatile' order by id",
        [article_id],
    )
    for row in rows:
        yield {**row, **json.loads(row.pop("evidence"))}


def restore_volatile(db: Database, article_id: int, text_id: int, *, at: datetime) -> None:
    """Count a text as the article's again from the next look on; raises NotFoundError."""
    with write_transaction(db):
        restored_count = db.execute(
            "update exclusions set restored_at = ? where id = ? and article_id = ? and kind = 'volatile'"
            " and restored_at is null",
            [to_text(at), text_id, article_id],
        ).rowcount
        if not restored_count:
            raise NotFoundError(
                f"{text_id}: no such volatile text of this article; `show URL --volatile` lists them"
            )
