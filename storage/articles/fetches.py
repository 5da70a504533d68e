"""The rows of `fetches` that a check brings, with their pages."""

from sqlite_utils import Database

from storage.articles.result import CheckResult
from storage.snapshots.store import store_snapshot
from storage.timestamps import to_text


def store_pages(
    db: Database, result: CheckResult, article_id: int, page_id: int | None
) -> list[int | None]:
    """The ids of a check's pages, one per fetch, each kept as what differs from the page before.

    `page_id` is the last page that showed the article. A page that does not show it resembles
    the last page fetched more.
    """
    if not any(fetch.snapshot for fetch in result.fetches):
        return [None] * len(result.fetches)
    base_id = page_id
    if base_id is None or not result.shows_version:
        base_id = _last_snapshot_id(db, article_id)
    ids: list[int | None] = []
    for fetch in result.fetches:
        if fetch.snapshot is None:
            ids.append(None)
            continue
        base_id = store_snapshot(db, fetch.snapshot, base_id=base_id)
        ids.append(base_id)
    return ids


def _last_snapshot_id(db: Database, article_id: int) -> int | None:
    row = db.execute(
        "select snapshot_id from fetches where article_id = ? and snapshot_id is not null"
        " order by id desc limit 1",
        [article_id],
    ).fetchone()
    return row[0] if row else None


def insert_fetches(
    db: Database,
    result: CheckResult,
    article_id: int | None,
    version: int | None,
    snapshot_ids: list[int | None],
) -> None:
    """Write one row per fetch; the second confirms the first. `version` is the one they show.

    Call before `store_last_page`: the container is written only if it differs from the one there.
    """
    first_id: int | None = None
    for fetch, snapshot_id in zip(result.fetches, snapshot_ids, strict=True):
        cursor = db.execute(
            "insert into fetches (article_id, url, fetched_at, outcome, http_status, reason, etag,"
            " last_modified, bytes, elapsed_ms, snapshot_id, container_path, confirms, late_seconds,"
            " unconfirmed, sketch, imported, version_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?,"
            " (select container_path from last_pages where article_id = ?)), ?, ?, ?, ?, ?,"
            " (select id from versions where article_id = ? and number = ?))",
            [
                article_id,
                fetch.url,
                to_text(fetch.fetched_at),
                result.outcome,
                fetch.http_status,
                result.reason,
                fetch.etag,
                fetch.last_modified,
                fetch.size,
                fetch.elapsed_ms,
                snapshot_id,
                fetch.container_path,
                article_id,
                first_id,
                result.plan.late_seconds if first_id is None else None,
                int(result.unconfirmed),
                result.sketch,
                int(result.is_imported),
                article_id,
                version,
            ],
        )
        first_id = first_id or int(cursor.lastrowid or 0)
