"""The rows of `exclusions`: texts left out of an article as page noise, as its publisher's, or pending."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.urls import hostname
from storage.articles.result import CheckResult
from storage.articles.state import COMPARED_OUTCOMES, new_page_noise
from storage.articles.stories import CAME_FROM_FILE
from storage.database import write_transaction
from storage.errors import NotFoundError
from storage.timestamps import to_text

# A text that later checks, and no user, counted as the article's again.
IS_WITHDRAWN = "coalesce(json_extract(evidence, '$.is_withdrawn'), 0)"


def store_volatile(db: Database, result: CheckResult, article_id: int) -> None:
    """Keep what a check proved about page noise, with its evidence; inside a write transaction."""
    _update_volatile(db, result, article_id)
    if not result.page_noise:
        return
    rows = db.execute(
        f"select text from exclusions where article_id = ? and kind = 'volatile' and not {IS_WITHDRAWN}",
        [article_id],
    ).fetchall()
    for noise in new_page_noise({row[0] for row in rows}, result.page_noise):
        evidence = {
            "first": noise.first,
            "second": noise.second,
            "after": noise.after,
            "sibling": noise.sibling,
            "was_stored": noise.was_stored,
        }
        _insert_exclusion(db, result, article_id, "volatile", noise.text, evidence)


def _update_volatile(db: Database, result: CheckResult, article_id: int) -> None:
    """Keep how steadily the pages show the texts left out, and what counts as the article's again."""
    for streak in result.streaks:
        db.execute(
            "update exclusions set evidence ="
            " json_set(evidence, '$.checks', ?, '$.steady_since', ?, '$.lapses', ?, '$.steady_reading', ?)"
            " where article_id = ? and kind = 'volatile' and text = ? and restored_at is null",
            [streak.checks, streak.since, streak.lapses, streak.reading, article_id, streak.text],
        )
    for text in result.withdrawn:
        db.execute(
            "update exclusions set restored_at = ?, evidence = json_set(evidence, '$.is_withdrawn', json('true'))"
            " where article_id = ? and kind = 'volatile' and text = ? and restored_at is null",
            [to_text(result.fetches[-1].fetched_at), article_id, text],
        )


def _insert_exclusion(
    db: Database,
    result: CheckResult,
    article_id: int,
    kind: str,
    text: str,
    evidence: Mapping[str, str | int | tuple[str, ...] | None],
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
    for line in result.pending:
        evidence: dict[str, str | int | tuple[str, ...] | None] = {
            "instead_of": line.instead_of,
            "after": line.after,
            "field": line.field,
            "is_apart": line.is_apart,
            "checks": line.checks,
            "box": line.box,
            "reading": line.reading,
            "doubted_at": line.doubted_at,
            "other_reading": line.other_reading,
            "old_line": line.old_line,
            "is_established": line.is_established,
        }
        _insert_exclusion(db, result, article_id, "pending", line.text, evidence)


def excluded_texts(db: Database, article_id: int) -> Iterator[dict[str, Any]]:
    """What is left out of an article, oldest first, each text with its kind and its evidence.

    That is page noise, lines of the publisher, and pending changes. The first two may be restored.
    """
    rows = db.query(
        "select e.id, e.kind, e.text, e.evidence, e.since, e.restored_at, e.imported from exclusions e"
        " join articles a on a.id = :article where (e.article_id = a.id"
        f"  or e.article_id is null and e.host = a.host and e.imported <= {CAME_FROM_FILE})"
        " and (e.kind <> 'pending' or e.restored_at is null) order by e.id",
        {"article": article_id},
    )
    for row in rows:
        yield {**row, "evidence": json.loads(row["evidence"])}


def restore_text(db: Database, article_id: int, text_id: int, *, at: datetime) -> None:
    """Count a text as part of the article again, from the next check on.

    A line of the publisher returns to all articles of the host, and is never left out again.
    Raises NotFoundError if no such text is left out of the article, or it is restored already.
    """
    with write_transaction(db):
        restored_count = db.execute(
            "update exclusions set restored_at = :at where id = :id and restored_at is null and"
            " (kind = 'volatile' and article_id = :article or kind = 'boilerplate' and article_id is null"
            "  and host = (select host from articles where id = :article))",
            {"at": to_text(at), "id": text_id, "article": article_id},
        ).rowcount
        if not restored_count:
            raise NotFoundError(
                f"{text_id}: no such text is left out of this article; `exclusions URL` lists them"
            )
