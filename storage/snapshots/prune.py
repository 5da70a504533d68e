"""Deleting stored pages by rule. Versions, edits and fetches stay, and every remaining page stays readable."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from storage.database import damage_located, write_transaction
from storage.errors import DamagedError
from storage.snapshots.store import compress_page, load_snapshot

# What to keep: "changed", the pages of fetches that showed something new; "ends", those of the first and the last
# version.
KeepRule = Literal["changed", "ends"]

KEEP_RULES: dict[KeepRule, str] = {
    "changed": "select snapshot_id from fetches where article_id = :article"
    " and outcome not in ('unchanged', 'not_modified')"
    " union select snapshot_id from versions where article_id = :article",
    "ends": "select v.snapshot_id from versions v join articles a on a.id = v.article_id"
    " where a.id = :article and v.number in (1, a.latest_version)",
}


@dataclass(frozen=True, slots=True)
class PruneResult:
    """What was deleted of an article: how many pages, and how many bytes that freed.

    An `obstacle` is why nothing was: a page that must stay is damaged.
    """

    article_id: int
    url: str
    pages: int
    bytes: int
    obstacle: str | None = None


def prune_snapshots(
    db: Database, keep: KeepRule, *, before: str, dry_run: bool
) -> Iterator[PruneResult]:
    """Delete each article's pages from fetches before a time that the rule does not keep.

    The last page that showed the article always stays. Each article is one transaction; with `dry_run`
    nothing is deleted. Gives the articles that had pages to delete, and those with an obstacle.
    """
    rows = db.execute("select id, url from articles where latest_version is not null order by id")
    for article_id, url in rows.fetchall():
        try:
            pruned = _prune_article(db, article_id, url, keep, before, dry_run=dry_run)
        except DamagedError as error:
            pruned = PruneResult(article_id, url, 0, 0, str(error))
        if pruned:
            yield pruned


def _prune_article(
    db: Database, article_id: int, url: str, keep: KeepRule, before: str, *, dry_run: bool
) -> PruneResult | None:
    with damage_located(url), write_transaction(db):
        dropped = _prunable(db, article_id, keep, before)
        if not dropped:
            return None
        ids = json.dumps(dropped)
        size = _stored_bytes(db, ids)
        if not dry_run:
            for snapshot_id, base_id in _dependents(db, ids):
                size -= _rebase(db, snapshot_id, base_id, set(dropped))
            for table in ("fetches", "versions"):
                db.execute(
                    f"update {table} set snapshot_id = null where article_id = :article"
                    " and snapshot_id in (select value from json_each(:ids))",
                    {"article": article_id, "ids": ids},
                )
            db.execute("delete from snapshots where id in (select value from json_each(?))", [ids])
        return PruneResult(article_id, url, len(dropped), size)


def _prunable(db: Database, article_id: int, keep: KeepRule, before: str) -> list[int]:
    """The ids of the pages to delete: only fetches of this article brought them, all before that time."""
    rows = db.execute(
        "select f.snapshot_id from fetches f where f.article_id = :article and f.snapshot_id is not null"
        f" and f.snapshot_id not in (select * from ({KEEP_RULES[keep]}) where snapshot_id is not null)"
        " and f.snapshot_id is not (select page_id from last_pages where article_id = :article)"
        " and not exists (select 1 from fetches o where o.snapshot_id = f.snapshot_id"
        "  and (o.article_id is not :article or o.fetched_at >= :before))"
        " and not exists (select 1 from versions o where o.snapshot_id = f.snapshot_id"
        "  and o.article_id <> :article)"
        " group by f.snapshot_id",
        {"article": article_id, "before": before},
    )
    return [row[0] for row in rows.fetchall()]


def _stored_bytes(db: Database, ids: str) -> int:
    row = db.execute(
        "select sum(length(data)) from snapshots where id in (select value from json_each(?))",
        [ids],
    ).fetchone()
    return int(row[0] or 0)


def _dependents(db: Database, ids: str) -> list[tuple[int, int]]:
    """The remaining pages stored as a delta of a page to delete, as (id, base id), newest first."""
    rows = db.execute(
        "select id, base_id from snapshots where base_id in (select value from json_each(:ids))"
        " and id not in (select value from json_each(:ids)) order by id desc",
        {"ids": ids},
    )
    return list(rows.fetchall())


def _rebase(db: Database, snapshot_id: int, base_id: int | None, dropped_ids: set[int]) -> int:
    """Store a page as a delta of the next earlier page that stays, or whole; how many bytes longer that is.

    Raises DamagedError if it is damaged: then the pages that it was built on may still serve to repair it.
    """
    raw = load_snapshot(db, snapshot_id).raw
    while base_id in dropped_ids:
        base_id = db.execute("select base_id from snapshots where id = ?", [base_id]).fetchone()[0]
    before = db.execute("select length(data) from snapshots where id = ?", [snapshot_id]).fetchone()
    base = load_snapshot(db, base_id).raw if base_id is not None else None
    data = compress_page(raw, base)
    db.execute(
        "update snapshots set data = ?, base_id = ?, encoding = ? where id = ?",
        [data, base_id, "zstd" if base is None else "zstd-delta", snapshot_id],
    )
    return len(data) - int(before[0])
