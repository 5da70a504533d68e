"""Writing what is watched: articles, feeds, states, leases."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from storage.articles import add_article
from storage.articles.versions import unindex_versions
from storage.database import write_transaction
from storage.queries.articles import article_id
from storage.timestamps import to_text

# A source may move the times of so many articles at once and still be believed.
MAX_MOVED_TIMES = 5


def watch_article(db: Database, url: str, *, at: datetime, every: str | None = None) -> int:
    """Have an article looked at from now on, at once, then by a timetable if one is given; gives its id,
    also where it was watched before."""
    with write_transaction(db):
        stored_id = add_article(db, url, at=at)
        db.execute(
            "update articles set state = iif(state = 'paused', 'active', state), next_check_at = ?,"
            " every = coalesce(?, every) where id = ?",
            [to_text(at), every, stored_id],
        )
        return stored_id


def watch_source(
    db: Database, url: str, kind: str, *, at: datetime, every: str | None = None
) -> None:
    """Have a feed, sitemap or section page looked at for new articles, by a timetable if one is given."""
    with write_transaction(db):
        db.execute(
            "insert into watches (url, kind, added_at, next_check_at, every) values (?, ?, ?, ?, ?)"
            " on conflict (url) do update set kind = excluded.kind, state = 'active',"
            " every = coalesce(excluded.every, every)",
            [url, kind, to_text(at), to_text(at), every],
        )


def record_source_check(
    db: Database,
    source_id: int,
    entries: Sequence[tuple[str, str | None]],
    *,
    at: datetime,
    next_check_at: datetime,
    validators: tuple[str | None, str | None],
    reason: str | None,
    wait_seconds: float | None = None,
    has_failed: bool = False,
) -> tuple[int, int]:
    """Record one look at a source, watch the articles it names (canonical URL, and when the source says
    it was updated), and have those looked at now whose time has moved; how many are new, and moved.
    """
    with write_transaction(db):
        last_id_before = _last_article(db)
        updated = _articles_with_moved_time(db, source_id, entries, at=at)
        new = _last_article(db) - last_id_before
        for article, timestamp in updated:
            db.execute(
                "update articles set next_check_at = ?, next_check_reason = ?"
                " where id = ? and state <> 'paused' and (next_check_at is null or next_check_at > ?)",
                [
                    to_text(at),
                    f"its publisher says it was updated: {timestamp}",
                    article,
                    to_text(at),
                ],
            )
        db.execute(
            "update watches set checked_at = ?, next_check_at = ?, etag = ?, last_modified = ?, reason = ?,"
            " wait_seconds = coalesce(?, wait_seconds), failures = iif(?, failures + 1, 0) where id = ?",
            [
                to_text(at),
                to_text(next_check_at),
                *validators,
                reason,
                wait_seconds,
                has_failed,
                source_id,
            ],
        )
    return new, len(updated)


def _last_article(db: Database) -> int:
    """The newest article's id; within a transaction ids follow each other."""
    return int(db.execute("select coalesce(max(id), 0) from articles").fetchone()[0])


def _articles_with_moved_time(
    db: Database, source_id: int, entries: Sequence[tuple[str, str | None]], *, at: datetime
) -> list[tuple[int, str]]:
    """The articles whose time at this source has moved since it was seen last.

    Where most of them moved at once, the source stamps its own time, and that tells nothing.
    """
    updated: list[tuple[int, str]] = []
    already_listed = 0
    for url, timestamp in entries:
        article = add_article(db, url, at=at)
        if timestamp is None:
            continue
        row = db.execute(
            "select timestamp from mentions where watch_id = ? and article_id = ?",
            [source_id, article],
        ).fetchone()
        already_listed += row is not None
        if row is not None and row[0] != timestamp:
            updated.append((article, timestamp))
        db.execute(
            "insert or replace into mentions (watch_id, article_id, timestamp) values (?, ?, ?)",
            [source_id, article, timestamp],
        )
    is_build_time = len(updated) > max(MAX_MOVED_TIMES, already_listed / 2) or (
        already_listed > 1 and len(updated) == already_listed
    )
    return [] if is_build_time else updated


def set_state(db: Database, url: str, state: str, *, at: datetime) -> None:
    """Pause an article or source, or take it up again; raises NotFoundError where there is none."""
    with write_transaction(db):
        changed_count = db.execute(
            "update watches set state = ? where url = ?", [state, url]
        ).rowcount
        if changed_count:
            return
        db.execute(
            "update articles set state = ?, next_check_at = ?, next_check_reason = ? where id = ?",
            [state, to_text(at), f"{state} by hand", article_id(db, url)],
        )


def stop_watching(db: Database, url: str, *, at: datetime) -> str:
    """Watch no longer; an article's history stays. Gives what it was; raises NotFoundError."""
    with write_transaction(db):
        if db.execute("delete from watches where url = ?", [url]).rowcount:
            return "source"
        db.execute(
            "update articles set state = 'paused', next_check_at = null,"
            " next_check_reason = ? where id = ?",
            [f"removed by hand on {to_text(at)[:10]}; its history is kept", article_id(db, url)],
        )
        return "article"


def erase(db: Database, url: str) -> int:
    """Delete an article with all its versions, edits and looks; gives the number of versions."""
    with write_transaction(db):
        stored_id = article_id(db, url)
        count = db.execute(
            "select count(*) from versions where article_id = ?", [stored_id]
        ).fetchone()[0]
        snapshots = db.execute(
            "select snapshot_id from fetches where article_id = :id and snapshot_id is not null union"
            " select snapshot_id from versions where article_id = :id and snapshot_id is not null",
            {"id": stored_id},
        ).fetchall()
        unindex_versions(db, stored_id)
        db.execute("delete from articles where id = ?", [stored_id])
        _drop_unused(db, [row[0] for row in snapshots])
        return int(count)


def _drop_unused(db: Database, snapshots: list[int]) -> None:
    """Delete those of these bytes that no look, version or later snapshot needs; the newest first."""
    unused = (
        "delete from snapshots where id in (select value from json_each(?))"
        " and not exists (select 1 from fetches f where f.snapshot_id = snapshots.id)"
        " and not exists (select 1 from versions v where v.snapshot_id = snapshots.id)"
        " and not exists (select 1 from snapshots s where s.base_id = snapshots.id)"
    )
    while db.execute(unused, [json.dumps(snapshots)]).rowcount:
        pass


def postpone(db: Database, article_id: int, *, now: datetime, until: datetime, reason: str) -> None:
    """Look at an article later, if it is still due: a look could not be finished, or left it so."""
    with write_transaction(db):
        db.execute(
            "update articles set next_check_at = ?, next_check_reason = ? where id = ? and next_check_at <= ?",
            [to_text(until), reason, article_id, to_text(now)],
        )


def postpone_source(db: Database, source_id: int, *, until: datetime, reason: str) -> None:
    """Look at a source later: a look could not be finished."""
    with write_transaction(db):
        db.execute(
            "update watches set next_check_at = ?, reason = ? where id = ?",
            [to_text(until), reason, source_id],
        )


def is_due(db: Database, article_id: int, now: datetime) -> bool:
    """Is an article due?"""
    row = db.execute(
        "select 1 from articles where id = ? and next_check_at <= ?", [article_id, to_text(now)]
    ).fetchone()
    return row is not None
