"""The rows of `exclusions`: texts left out of an article, proven page noise or pending."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.urls import hostname
from storage.articles.result import CheckResult
from storage.articles.state import COMPARED_OUTCOMES, new_page_noise
from storage.database import write_transaction
from storage.errors import NotFoundError
from storage.timestamps import to_text


def store_volatile(db: Database, result: CheckResult, article_id: int) -> None:
    """Keep the page noise that a check proved, with its evidence; inside a write transaction."""
    if not result.page_noise:
        return
    rows = db.execute(
        "select text from exclusions where article_id = ? and kind = 'volatile'", [article_id]
    ).fetchall()
    for noise in new_page_noise({row[0] for row in rows}, result.page_noise):
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
    """Keep the pending texts of a check in place of the earlier ones. It has decided on those."""
    if result.outcome not in COMPARED_OUTCOMES:
        return
    db.execute(
        "update exclusions set restored_at = ? where article_id = ? and kind = 'pending' and restored_at is null",
        [to_text(result.fetches[-1].fetched_at), article_id],
    )
    for text, replaced_text in result.pending.items():
        _insert_exclusion(db, result, article_id, "pending", text, {"instead_of": replaced_text})


def volatile_texts(db: Database, article_id: int) -> Iterator[dict[str, Any]]:
    """The page noise of an article, oldest first, each with its evidence (see `PageNoise`)."""
    rows = db.query(
        "select id, text, evidence, since, restored_at from exclusions"
        " where article_id = ? and kind = 'volatile' order by id",
        [article_id],
    )
    for row in rows:
        yield {**row, **json.loads(row.pop("evidence"))}


def restore_volatile(db: Database, article_id: int, text_id: int, *, at: datetime) -> None:
    """Count a text as part of the article again, from the next check on.

    Raises NotFoundError if the article has no such page noise, or it is restored already.
    """
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
