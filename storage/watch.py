"""Writing what is watched: articles, feeds, states, leases."""

from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.database import writing
from storage.queries import article_id, due
from storage.record import add_article
from storage.stamp import moment
from storage.versions import drop_words


def watch_article(db: Database, url: str, *, at: datetime) -> int:
    """Have an article looked at from now on, at once; gives its id, also where it was watched before."""
    with writing(db):
        found = add_article(db, url, at=at)
        db.execute(
            "update articles set state = iif(state = 'paused', 'active', state), next_check_at = ?"
            " where id = ?",
            [moment(at), found],
        )
        return found


def watch_source(db: Database, url: str, kind: str, *, at: datetime) -> None:
    """Have a feed, sitemap or section page looked at for new articles."""
    with writing(db):
        db.execute(
            "insert into watches (url, kind, added_at, next_check_at) values (?, ?, ?, ?)"
            " on conflict (url) do update set kind = excluded.kind, state = 'active'",
            [url, kind, moment(at), moment(at)],
        )


def source_checked(
    db: Database,
    source_id: int,
    urls: list[str],
    *,
    at: datetime,
    next_check_at: datetime,
    validators: tuple[str | None, str | None],
    reason: str | None,
) -> int:
    """Record one look at a source and watch the articles it names; gives how many are new."""
    with writing(db):
        before = db.execute("select count(*) from articles").fetchone()[0]
        for url in urls:
            add_article(db, url, at=at)
        db.execute(
            "update watches set checked_at = ?, next_check_at = ?, etag = ?, last_modified = ?, reason = ?"
            " where id = ?",
            [moment(at), moment(next_check_at), *validators, reason, source_id],
        )
        return int(db.execute("select count(*) from articles").fetchone()[0]) - int(before)


def set_state(db: Database, url: str, state: str, *, at: datetime) -> None:
    """Pause an article or source, or take it up again; raises NotFoundError where there is none."""
    with writing(db):
        changed = db.execute("update watches set state = ? where url = ?", [state, url]).rowcount
        if changed:
            return
        db.execute(
            "update articles set state = ?, next_check_at = ?, next_check_reason = ? where id = ?",
            [state, moment(at), f"{state} by hand", article_id(db, url)],
        )


def remove(db: Database, url: str, *, at: datetime) -> str:
    """Watch no longer; an article's history stays. Gives what it was; raises NotFoundError."""
    with writing(db):
        if db.execute("delete from watches where url = ?", [url]).rowcount:
            return "source"
        db.execute(
            "update articles set state = 'paused', next_check_at = null,"
            " next_check_reason = ? where id = ?",
            [f"removed by hand on {moment(at)[:10]}; its history is kept", article_id(db, url)],
        )
        return "article"


def erase(db: Database, url: str) -> int:
    """Delete an article with all its versions, edits and looks; gives the number of versions."""
    with writing(db):
        found = article_id(db, url)
        rows = db.execute(
            "select id, headline, dek, captions, body from versions where article_id = ?", [found]
        ).fetchall()
        drop_words(db, rows)
        db.execute("delete from articles where id = ?", [found])
        _drop_unused_snapshots(db)
        return len(rows)


def _drop_unused_snapshots(db: Database) -> None:
    """Delete the bytes that no look, version or later snapshot needs; the newest first."""
    unused = (
        "delete from snapshots where id not in (select snapshot_id from fetches where snapshot_id is not null)"
        " and id not in (select snapshot_id from versions where snapshot_id is not null)"
        " and id not in (select base_id from snapshots where base_id is not null)"
    )
    while db.execute(unused).rowcount:
        pass


def lease_due(db: Database, *, now: datetime, lease: timedelta, limit: int) -> list[dict[str, Any]]:
    """Take the articles whose time has come for this process alone, until the lease ends."""
    with writing(db):
        rows = due(db, moment(now), limit)
        db.conn.executemany(
            "update articles set leased_until = ? where id = ?",
            [(moment(now + lease), row["id"]) for row in rows],
        )
    return rows


def release(db: Database, ids: list[int]) -> None:
    """Give leases back: articles that were taken but not looked at."""
    with writing(db):
        db.conn.executemany(
            "update articles set leased_until = null where id = ?", [(one,) for one in ids]
        )


def sources_due(db: Database, now: datetime) -> list[dict[str, Any]]:
    """The sources whose time has come."""
    return list(
        db.query(
            "select * from watches where kind <> 'article' and state = 'active' and next_check_at <= ?"
            " order by next_check_at",
            [moment(now)],
        )
    )
