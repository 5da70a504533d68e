"""Replacing the history of one article by a replayed one: all of it or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from scraper.article import Article
from scraper.http.completeness import PARTIAL_CONTENT
from scraper.urls import hostname
from storage.articles.edits import edit_row, insert_edit
from storage.articles.exclusions import IS_WITHDRAWN
from storage.articles.last_page import rebuild_last_page
from storage.articles.stories import store_boilerplate
from storage.articles.versions import (
    delete_sentences,
    insert_version,
    reverts_to,
    unindex_versions,
)
from storage.database import damage_located, write_transaction
from storage.diff.disclosure import Disclosure
from storage.diff.edit import Edit
from storage.diff.noise.boilerplate import BoilerplateLine
from storage.errors import ConflictError
from storage.timestamps import parse_timestamp
from storage.vocabulary import OUTCOMES

NOT_GONE_REASON = "a rebuild found that the article is not gone"

EditKey = tuple[str, str, str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class StoredCheck:
    """One check as it was recorded: its first fetch, and the page of the second one."""

    fetch_ids: tuple[int, ...]
    url: str
    fetched_at: datetime
    outcome: str
    http_status: int | None
    sketch: str | None
    reason: str | None
    snapshot_id: int | None
    second_snapshot_id: int | None


@dataclass(frozen=True, slots=True)
class ReplayedVersion:
    """A version as it should be, with the edits that led to it."""

    article: Article
    seen_at: str
    last_seen_at: str
    snapshot_id: int | None
    edits: tuple[Edit, ...]
    disclosure: Disclosure
    seen_after: str
    technical: bool = False
    template_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplayedCheck:
    """What a fetch should say: the outcome of its check and the version that its page shows."""

    fetch_id: int
    outcome: str
    reason: str | None
    sketch: str | None
    version: int | None


@dataclass(frozen=True, slots=True)
class ReplayedHistory:
    """The history of one article as it should be, up to the fetch `last_fetch_id`.

    `is_gone` says that its last checks took the article for gone. `boilerplate` are lines that its pages prove
    to be the publisher's.
    """

    article_id: int
    url: str
    versions: tuple[ReplayedVersion, ...]
    checks: tuple[ReplayedCheck, ...]
    last_fetch_id: int | None
    is_gone: bool = False
    boilerplate: tuple[BoilerplateLine, ...] = ()


def rebuildable(db: Database) -> Iterator[tuple[int, str, str | None]]:
    """(id, URL, reason against) of every article with a version.

    The reason is None if the page of every version is stored, so that a rebuild can read it. A version that
    was read from a part of a page needs none: it is no version.
    """
    yield from db.execute(
        "select a.id, a.url, iif(exists (select 1 from versions v where v.article_id = a.id and v.snapshot_id is null"
        "  and v.technical = 0 and not exists (select 1 from fetches f where f.version_id = v.id"
        f"   and f.http_status = {PARTIAL_CONTENT})), 'the page of a version is not stored', null)"
        " from articles a where a.latest_version is not null order by a.id"
    ).fetchall()


def stored_checks(db: Database, article_id: int) -> Iterator[StoredCheck]:
    """The checks of an article, oldest first."""
    rows = db.execute(
        "select f.id, f.url, f.fetched_at, f.outcome, f.http_status, f.sketch, f.reason, f.snapshot_id,"
        " s.id, s.snapshot_id"
        " from fetches f left join fetches s on s.confirms = f.id"
        " where f.article_id = ? and f.confirms is null order by f.id",
        [article_id],
    ).fetchall()
    for (
        first_id,
        url,
        fetched_at,
        outcome,
        status,
        sketch,
        reason,
        page_id,
        second_id,
        second_page_id,
    ) in rows:
        at = parse_timestamp(fetched_at)
        assert isinstance(at, datetime)
        ids = (first_id,) if second_id is None else (first_id, second_id)
        yield StoredCheck(ids, url, at, outcome, status, sketch, reason, page_id, second_page_id)


def restored_texts(db: Database, article_id: int) -> frozenset[str]:
    """Page noise that the user counts as part of the article. No check may exclude it again."""
    rows = db.execute(
        "select text from exclusions where article_id = ? and kind = 'volatile' and restored_at is not null"
        f" and not {IS_WITHDRAWN}",
        [article_id],
    ).fetchall()
    return frozenset(row[0] for row in rows)


def replace_history(db: Database, replayed: ReplayedHistory, *, extractor: str) -> None:
    """Make the stored history the replayed one; edits in both keep their ids. Idempotent.

    Raises ConflictError, and writes nothing, if another process has checked the article since it
    was replayed; DamagedError if its rows cannot be replaced.
    """
    article_id = replayed.article_id
    with damage_located(replayed.url), write_transaction(db):
        newest_fetch_id = db.execute(
            "select max(id) from fetches where article_id = ?", [article_id]
        ).fetchone()[0]
        if newest_fetch_id != replayed.last_fetch_id:
            raise ConflictError(
                f"{replayed.url}: another process checked it meanwhile; run `variorum rebuild` again"
            )
        _rewrite_versions(db, replayed, extractor)
        _rewrite_edits(db, replayed)
        for check in replayed.checks:
            assert check.outcome in OUTCOMES
            db.execute(
                "update fetches set outcome = ?, reason = ?, unconfirmed = ?, sketch = ?, version_id ="
                " (select id from versions where article_id = ? and number = ?) where id = ?",
                [
                    check.outcome,
                    check.reason,
                    int(check.sketch is not None),
                    check.sketch,
                    article_id,
                    check.version,
                    check.fetch_id,
                ],
            )
        rebuild_last_page(db, article_id)
        _store_boilerplate(db, replayed)
        changed_at = next((v.seen_at for v in reversed(replayed.versions) if v.edits), None)
        db.execute(
            "update articles set latest_version = ?, headline = ?, changed_at = ? where id = ?",
            [
                len(replayed.versions),
                replayed.versions[-1].article.headline,
                changed_at,
                article_id,
            ],
        )
        _update_state(db, replayed)


def _update_state(db: Database, replayed: ReplayedHistory) -> None:
    """Whether the article is gone; one that is not after all is due at once."""
    if replayed.is_gone:
        db.execute(
            "update articles set state = 'gone' where id = ? and state in ('active', 'finished')",
            [replayed.article_id],
        )
    else:
        db.execute(
            "update articles set state = 'active', next_check_reason = ?,"
            " next_check_at = iif(next_check_at is null, null, checked_at) where id = ? and state = 'gone'",
            [NOT_GONE_REASON, replayed.article_id],
        )


def _store_boilerplate(db: Database, replayed: ReplayedHistory) -> None:
    at = parse_timestamp(replayed.versions[-1].last_seen_at)
    assert isinstance(at, datetime)
    host = hostname(replayed.url)
    store_boilerplate(db, host, replayed.boilerplate, replayed.article_id, at=at)


def _rewrite_versions(db: Database, replayed: ReplayedHistory, extractor: str) -> None:
    article_id = replayed.article_id
    unindex_versions(db, article_id)
    delete_sentences(db, article_id)
    db.execute("update fetches set version_id = null where article_id = ?", [article_id])
    db.execute("delete from versions where article_id = ?", [article_id])
    for number, version in enumerate(replayed.versions, 1):
        insert_version(
            db, version.article, article_id, number, version.seen_at, extractor, version.snapshot_id,
            reverts_to=None if version.technical else reverts_to(db, version.article, article_id),
            technical=version.technical, template_fields=version.template_fields,
        )  # fmt: skip
        db.execute(
            "update versions set last_seen_at = ? where article_id = ? and number = ?",
            [version.last_seen_at, article_id, number],
        )


def _rewrite_edits(db: Database, replayed: ReplayedHistory) -> None:
    article_id = replayed.article_id
    unmatched_ids: dict[EditKey, list[int]] = {}
    for edit_id, key in _stored_keys(db, article_id).items():
        unmatched_ids.setdefault(key, []).append(edit_id)
    for key, number, version, edit in _replayed_edits(replayed):
        ids = unmatched_ids.get(key)
        row = edit_row(
            edit,
            article_id=article_id,
            number=number,
            seen_after=version.seen_after,
            seen_at=version.seen_at,
            disclosure=version.disclosure,
        )
        if ids:
            sets = ", ".join(f"{name} = :{name}" for name in row)
            db.execute(f"update edits set {sets} where id = :id", {**row, "id": ids.pop(0)})
        else:
            insert_edit(db, row)
    deleted_ids = [(edit_id,) for ids in unmatched_ids.values() for edit_id in ids]
    db.conn.executemany("delete from edits where id = ?", deleted_ids)


def _stored_keys(db: Database, article_id: int) -> dict[int, EditKey]:
    rows = db.execute(
        "select id, seen_at, field, op, old, new from edits where article_id = ? order by id",
        [article_id],
    ).fetchall()
    return {row[0]: (row[1], row[2], row[3], row[4], row[5]) for row in rows}


def _replayed_edits(
    replayed: ReplayedHistory,
) -> Iterator[tuple[EditKey, int, ReplayedVersion, Edit]]:
    for number, version in enumerate(replayed.versions, 1):
        for edit in version.edits:
            key = (version.seen_at, edit.field, edit.op, edit.old, edit.new)
            yield key, number, version, edit
