"""The only writer of looks: one transaction per look, all of it or nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlite_utils import Database

from scraper.article import Article
from scraper.urls import hostname
from storage.articles.aliases import find_article, is_only_declared
from storage.articles.edits import edit_row, insert_edit
from storage.articles.exclusions import replace_pending, store_volatile
from storage.articles.last_page import store_last_page
from storage.articles.result import CheckResult, Fetch, Recorded
from storage.articles.state import version_row
from storage.articles.versions import insert_version, reverts_to
from storage.database import write_transaction
from storage.errors import ConflictError
from storage.queue.outbox import ChannelFilter, enqueue_notifications
from storage.snapshots import store as archive
from storage.timestamps import to_text
from storage.vocabulary import STILL_THERE


def record(
    db: Database,
    result: CheckResult,
    *,
    extractor: str,
    channel_filters: Sequence[ChannelFilter] = (),
) -> Recorded:
    """Write one look: its fetches, and where something is new snapshot, version and edits, and an
    announcement of each edit to every channel that wants it.

    Raises StaleError where another process has recorded a version since `look.base_version`
    was read; nothing is written then. Raises sqlite3.Error where the file cannot be written.
    """
    with write_transaction(db):
        article_id = _article_id(db, result)
        if article_id is None:
            _insert_fetches(db, result, None, None, [None] * len(result.fetches))
            return Recorded(None, None, None)
        latest, page_id = _latest_version_and_page(db, article_id)
        if latest != result.base_version:
            raise ConflictError(
                f"{result.url}: version {latest} came while this look was under way"
            )
        if result.absorbed_id is not None:
            _absorb(db, result.absorbed_id, article_id)
        version, edit_ids = _record_page(
            db, result, article_id, page_id, extractor, channel_filters
        )
        if result.volatile:
            store_volatile(db, result, article_id)
        replace_pending(db, result, article_id)
        _insert_alias_urls(db, [result.url, *result.aliases], article_id)
        if result.declared_url:
            db.execute(
                "insert or ignore into aliases (url, article_id, declared_by) values (?, ?, ?)",
                [result.declared_url, article_id, article_id],
            )
        _update_article(db, result, article_id, version if result.article else None)
        if result.outcome == "moved" and result.article_url:
            _move_article(db, result.article_url, article_id)
        earlier_version = (
            version_row(db, article_id, version)["reverts_to"] if edit_ids and version else None
        )
    return Recorded(article_id, version, latest, earlier_version, edit_ids)


def _record_page(
    db: Database,
    result: CheckResult,
    article_id: int,
    page_id: int | None,
    extractor: str,
    channel_filters: Sequence[ChannelFilter],
) -> tuple[int | None, tuple[int, ...]]:
    """The fetches, and the version and edits they brought; gives the version that stands now."""
    brings_page = any(fetch.snapshot for fetch in result.fetches)
    if brings_page and (page_id is None or not result.shows_version):
        page_id = _last_snapshot_id(
            db, article_id
        )  # one that shows no article is most like another
    snapshot_ids = _store_snapshots(db, result.fetches, page_id)
    version, edit_ids = result.base_version, tuple[int, ...]()
    if result.article is not None:
        version, edit_ids = _add_version(
            db, result, result.article, article_id, snapshot_ids, extractor, channel_filters
        )
    elif version is not None and result.outcome in STILL_THERE and not result.pending:
        _update_last_seen(db, result, article_id, version)
    _insert_fetches(db, result, article_id, version if result.shows_version else None, snapshot_ids)
    if result.shows_version and result.fetches[-1].http_status == 200:
        store_last_page(db, result.fetches[-1], article_id, snapshot_ids[-1])
    return version, edit_ids


def _article_id(db: Database, result: CheckResult) -> int | None:
    """The article of this look; made where the look found a new one."""
    if result.article_id is not None:
        return result.article_id
    for address in (result.article_url or result.url, result.url):
        existing_id = find_article(db, address)
        if existing_id is not None:
            return existing_id
    if result.outcome != "new":
        return None
    return add_article(db, result.article_url or result.url, at=result.fetches[-1].fetched_at)


def _absorb(db: Database, entry_id: int, article_id: int) -> None:
    """An entry without versions becomes an alias of the article; its failed looks go along."""
    for table in ("aliases", "fetches"):
        db.execute(
            f"update {table} set article_id = ? where article_id = ?", [article_id, entry_id]
        )
    db.execute("update aliases set declared_by = null where article_id = ?", [article_id])
    db.execute(
        "update articles set every = coalesce(e.every, articles.every),"
        " state = iif(articles.state = 'paused' and e.state = 'active', 'active', articles.state)"
        " from articles e where e.id = ? and articles.id = ?",
        [entry_id, article_id],
    )
    db.execute("delete from articles where id = ? and latest_version is null", [entry_id])


def add_article(db: Database, url: str, *, at: datetime) -> int:
    """The id of the article at a canonical URL, made where it is not there; inside a transaction."""
    existing_id = find_article(db, url)
    if existing_id is not None and not is_only_declared(db, url):
        return existing_id
    cursor = db.execute(
        "insert into articles (url, host, first_seen_at, next_check_at, next_check_reason)"
        " values (?, ?, ?, ?, 'never looked at yet')",
        [url, hostname(url), to_text(at), to_text(at)],
    )
    article_id = int(cursor.lastrowid or 0)
    _insert_alias_urls(db, [url], article_id)
    db.execute("update aliases set article_id = ? where url = ?", [article_id, url])
    return article_id


def _latest_version_and_page(db: Database, article_id: int) -> tuple[int | None, int | None]:
    """The number of the latest version, and the last page that showed the article and is stored."""
    row = db.execute(
        "select a.latest_version, s.page_id from articles a left join last_pages s on s.article_id = a.id"
        " where a.id = ?",
        [article_id],
    ).fetchone()
    return (row[0], row[1]) if row else (None, None)


def _last_snapshot_id(db: Database, article_id: int) -> int | None:
    row = db.execute(
        "select snapshot_id from fetches where article_id = ? and snapshot_id is not null"
        " order by id desc limit 1",
        [article_id],
    ).fetchone()
    return row[0] if row else None


def _store_snapshots(
    db: Database, fetches: tuple[Fetch, ...], base_id: int | None
) -> list[int | None]:
    """The ids of the pages, each kept as what differs from the one before."""
    ids: list[int | None] = []
    for fetch in fetches:
        if fetch.snapshot is None:
            ids.append(None)
            continue
        base_id = archive.store_snapshot(db, fetch.snapshot, base_id=base_id)
        ids.append(base_id)
    return ids


def _add_version(
    db: Database,
    result: CheckResult,
    article: Article,
    article_id: int,
    snapshot_ids: list[int | None],
    extractor: str,
    channel_filters: Sequence[ChannelFilter],
) -> tuple[int, tuple[int, ...]]:
    """The new version (after the technical one, where there is one) and its edits."""
    at = to_text(result.fetches[0].fetched_at)
    number = result.base_version or 0
    seen_after = at
    if number:
        seen_after = _last_seen_at(db, article_id, number)
    if result.technical is not None:
        number += 1
        insert_version(
            db, result.technical, article_id, number, seen_after, extractor, _base_snapshot(db, article_id),
            technical=True,
        )  # fmt: skip
    if result.outcome == "technical":
        return number, ()
    number += 1
    insert_version(
        db, article, article_id, number, at, extractor, snapshot_ids[0],
        reverts_to=reverts_to(db, article, article_id),
    )  # fmt: skip
    _update_last_seen(db, result, article_id, number)
    return number, tuple(
        _insert_edits(db, result, article_id, number, seen_after, at, channel_filters)
    )


def _last_seen_at(db: Database, article_id: int, number: int) -> str:
    row = db.execute(
        "select last_seen_at from versions where article_id = ? and number = ?",
        [article_id, number],
    ).fetchone()
    return str(row[0])


def _base_snapshot(db: Database, article_id: int) -> int | None:
    row = db.execute(
        "select snapshot_id from versions where article_id = ? order by number desc limit 1",
        [article_id],
    ).fetchone()
    return row[0] if row else None


def _insert_edits(
    db: Database,
    result: CheckResult,
    article_id: int,
    number: int,
    seen_after: str,
    at: str,
    channel_filters: Sequence[ChannelFilter],
) -> Iterable[int]:
    host = db.execute("select host from articles where id = ?", [article_id]).fetchone()[0]
    for edit in result.edits:
        row = edit_row(
            edit,
            article_id=article_id,
            number=number,
            seen_after=seen_after,
            seen_at=at,
            disclosure=result.disclosure,
        )
        edit_id = insert_edit(db, row)
        enqueue_notifications(db, edit_id, row, host, channel_filters)
        yield edit_id


def _update_last_seen(db: Database, result: CheckResult, article_id: int, number: int) -> None:
    db.execute(
        "update versions set last_seen_at = ? where article_id = ? and number = ?",
        [to_text(result.fetches[-1].fetched_at), article_id, number],
    )


def _insert_fetches(
    db: Database,
    result: CheckResult,
    article_id: int | None,
    version: int | None,
    snapshot_ids: list[int | None],
) -> None:
    first: int | None = None
    for fetch, snapshot_id in zip(result.fetches, snapshot_ids, strict=True):
        cursor = db.execute(
            "insert into fetches (article_id, url, fetched_at, outcome, http_status, reason, etag,"
            " last_modified, bytes, elapsed_ms, snapshot_id, container_path, confirms, late_seconds,"
            " version_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
            " nullif(?, (select container_path from last_pages where article_id = ?)), ?, ?, (select id from versions where article_id = ? and number = ?))",
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
                fetch.fingerprint.container_path if fetch.fingerprint else None,
                article_id,
                first,
                result.late_seconds if first is None else None,
                article_id,
                version,
            ],
        )
        first = first or int(cursor.lastrowid or 0)


def _insert_alias_urls(db: Database, urls: list[str], article_id: int) -> None:
    db.conn.executemany(
        "insert or ignore into aliases (url, article_id) values (?, ?)",
        [(url, article_id) for url in urls],
    )


def _move_article(db: Database, url: str, article_id: int) -> None:
    """The article is kept under its new address; the old one stays an alias."""
    if find_article(db, url) in (None, article_id):
        host = hostname(url)
        db.execute("update articles set url = ?, host = ? where id = ?", [url, host, article_id])
        _insert_alias_urls(db, [url], article_id)


def _update_article(
    db: Database, result: CheckResult, article_id: int, version: int | None
) -> None:
    at = to_text(result.fetches[-1].fetched_at)
    db.execute(
        "update articles set checked_at = ?, changed_at = coalesce(?, changed_at),"
        " headline = coalesce(?, headline), latest_version = coalesce(?, latest_version),"
        " next_check_at = iif(state = 'paused', next_check_at, ?),"
        " next_check_reason = iif(state = 'paused', next_check_reason, ?), state = coalesce(?, state),"
        " born_at = coalesce(?, born_at), rate_shape = coalesce(?, rate_shape),"
        " rate_scale = coalesce(?, rate_scale) where id = ?",
        [
            at,
            at if result.edits else None,
            result.article.headline if result.article else None,
            version,
            to_text(result.next_check_at) if result.next_check_at else None,
            result.next_check_reason,
            result.state,
            to_text(result.born_at) if result.born_at else None,
            *(result.edit_rate or (None, None)),
            article_id,
        ],
    )
    if result.expected or result.edits:
        db.execute(
            "insert into hosts (host, edited_checks, expected_edits) select host, ?, ? from articles where id = ?"
            " on conflict (host) do update set edited_checks = edited_checks + excluded.edited_checks,"
            " expected_edits = expected_edits + excluded.expected_edits",
            [bool(result.edits), result.expected, article_id],
        )
