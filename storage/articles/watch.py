"""Articles that people and sources ask for: watched, paused, removed, erased."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from storage.articles.aliases import add_article, find_proven_article, require_article
from storage.articles.versions import unindex_versions
from storage.database import write_transaction
from storage.queue.admission import admitted
from storage.queue.typed_hosts import remember_typed
from storage.queue.watches import (
    SourceCheck,
    make_updated_due,
    remove_source,
    set_source_state,
    source_address,
    store_source_check,
)
from storage.timestamps import to_text


def watch_article(db: Database, url: str, *, at: datetime, every: str | None = None) -> int:
    """Check an article that the user gave now and from now on, by a timetable if one is given; gives its id.

    An article that is watched already becomes due, and one that is paused is resumed.
    """
    with write_transaction(db):
        remember_typed(db, [url], at=at)
        article_id = add_article(db, url, at=at)
        db.execute(
            "update articles set state = iif(state = 'paused', 'active', state), next_check_at = ?,"
            " every = coalesce(?, every) where id = ?",
            [to_text(at), every, article_id],
        )
        return article_id


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What a check of a source added: how many articles are new, and how many `wait` for the next checks."""

    new: int = 0
    wait: int = 0


def record_source_check(
    db: Database,
    source_id: int,
    entries: Sequence[tuple[str, str | None]],
    source_check: SourceCheck,
) -> SourceRecord:
    """Record one check of a source and watch the articles it lists, as far as one check may add them.

    `entries` are canonical URLs, each with the time at which the source says it was updated. An article
    whose time has changed becomes due. One that the user erased is not added again, and none is if the user
    has removed the source meanwhile.
    """
    with write_transaction(db):
        source_url = source_address(db, source_id)
        if source_url is None:
            return SourceRecord()
        if db.execute("select 1 from erased limit 1").fetchone():
            entries = [entry for entry in entries if not _is_erased(db, entry[0])]
        ids = {url: find_proven_article(db, url) for url, _ in entries}
        unknown = [url for url, article_id in ids.items() if article_id is None]
        added = {
            url: add_article(db, url, at=source_check.at) for url in admitted(unknown, source_url)
        }
        known = {**{url: one for url, one in ids.items() if one is not None}, **added}
        timestamps = [
            (known[url], timestamp)
            for url, timestamp in entries
            if timestamp is not None and url in known
        ]
        make_updated_due(db, source_id, timestamps, at=source_check.at)
        record = SourceRecord(len(set(added.values())), len(unknown) - len(added))
        store_source_check(db, source_id, _with_rest(source_check, record))
    return record


def _with_rest(source_check: SourceCheck, record: SourceRecord) -> SourceCheck:
    """The check of a source; if some articles wait for the next one, that must not be spared by a 304."""
    if not record.wait:
        return source_check
    reason = f"{source_check.reason}; {record.wait:,} new ones wait for the next checks"
    return replace(source_check, reason=reason, validators=(None, None), waiting=record.wait)


def set_state(db: Database, url: str, state: str, *, at: datetime) -> None:
    """Pause or resume an article or source. Raises NotFoundError if there is none under this URL."""
    if set_source_state(db, url, state):
        return
    verb = "paused" if state == "paused" else "resumed"
    with write_transaction(db):
        db.execute(
            "update articles set state = ?, next_check_at = ?, next_check_reason = ? where id = ?",
            [state, to_text(at), f"you {verb} it", require_article(db, url)],
        )


def stop_watching(db: Database, url: str, *, at: datetime) -> str:
    """Stop watching an article or source; gives which it was ("article", "source").

    An article's history is kept. Raises NotFoundError if there is none under this URL.
    """
    if remove_source(db, url):
        return "source"
    with write_transaction(db):
        reason = f"you removed it on {to_text(at)[:10]}; its history is kept"
        db.execute(
            "update articles set state = 'paused', next_check_at = null, next_check_reason = ?"
            " where id = ?",
            [reason, require_article(db, url)],
        )
    return "article"


def erase_article(db: Database, url: str) -> int:
    """Delete an article with its versions, edits, fetches and pages; gives the number of versions.

    No check that is running brings it back, and no source adds it again. Raises NotFoundError if there is no
    article under this URL.
    """
    with write_transaction(db):
        article_id = require_article(db, url)
        count = db.execute(
            "select count(*) from versions where article_id = ?", [article_id]
        ).fetchone()[0]
        snapshots = db.execute(
            "select snapshot_id from fetches where article_id = :id and snapshot_id is not null union"
            " select snapshot_id from versions where article_id = :id and snapshot_id is not null",
            {"id": article_id},
        ).fetchall()
        _remember_erased(db, article_id)
        unindex_versions(db, article_id)
        db.execute("delete from articles where id = ?", [article_id])
        _delete_unused_snapshots(db, [row[0] for row in snapshots])
        return int(count)


def _remember_erased(db: Database, article_id: int) -> None:
    addresses = db.execute("select url from aliases where article_id = ?", [article_id]).fetchall()
    db.conn.executemany(
        "insert or ignore into erased (address_hash) values (?)",
        [(_address_hash(url),) for (url,) in addresses],
    )


def _is_erased(db: Database, url: str) -> bool:
    """Has the user erased the article under this address, and not added it again?"""
    row = db.execute("select 1 from erased where address_hash = ?", [_address_hash(url)]).fetchone()
    return row is not None and find_proven_article(db, url) is None


def _address_hash(url: str) -> str:
    """A hash of an address; http and https are the same."""
    return hashlib.sha256(url.partition("://")[2].encode()).hexdigest()


def _delete_unused_snapshots(db: Database, snapshots: list[int]) -> None:
    """Delete those of these snapshots that no fetch, version or later snapshot needs, the newest first."""
    unused = (
        "delete from snapshots where id in (select value from json_each(?))"
        " and not exists (select 1 from fetches f where f.snapshot_id = snapshots.id)"
        " and not exists (select 1 from versions v where v.snapshot_id = snapshots.id)"
        " and not exists (select 1 from snapshots s where s.base_id = snapshots.id)"
    )
    while db.execute(unused, [json.dumps(snapshots)]).rowcount:
        pass
