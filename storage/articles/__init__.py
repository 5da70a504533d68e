"""The history of an article. `record` is the only writer of checks.

One transaction per check, all of it or nothing. `state.ArticleState.after` says without a database
what is stored afterwards: change the two together.
"""

from collections.abc import Sequence

from sqlite_utils import Database

from storage.articles.aliases import absorb_entry, add_article, find_proven_article, store_addresses
from storage.articles.edits import insert_check_edits
from storage.articles.exclusions import replace_pending, store_volatile
from storage.articles.fetches import insert_fetches, store_pages
from storage.articles.last_page import store_last_page, store_page_of_version
from storage.articles.result import CheckResult, Recorded
from storage.articles.stories import store_boilerplate, store_story
from storage.articles.versions import insert_version, reverts_to, version_row
from storage.database import write_transaction
from storage.errors import ConflictError, ErasedError
from storage.queue.outbox import ChannelFilter
from storage.timestamps import to_text
from storage.vocabulary import ARTICLE_THERE, STILL_THERE


def record(
    db: Database,
    result: CheckResult,
    *,
    extractor: str,
    channel_filters: Sequence[ChannelFilter] = (),
) -> Recorded:
    """Write one check: its fetches and, if something is new, pages, a version and its edits.

    Each edit also becomes a notification for every channel whose filter it passes.

    Raises ConflictError, and writes nothing, if another process has recorded a version since
    `result.base_version` was read, and ErasedError if the article is not there any more. Raises sqlite3.Error if the file cannot be written.
    """
    with write_transaction(db):
        article_id = _article_id(db, result)
        if article_id is None:
            insert_fetches(db, result, None, None, [None] * len(result.fetches))
            return Recorded(None, None, None)
        latest, page_id = _latest_version_and_page(db, article_id)
        if latest != result.base_version:
            raise ConflictError(f"{result.url}: version {latest} was recorded during this check")
        if result.absorbed_id is not None:
            absorb_entry(db, result.absorbed_id, article_id)
        snapshot_ids = store_pages(db, result, article_id, page_id)
        version, edit_ids = _record_version(
            db, result, article_id, snapshot_ids[0], extractor, channel_filters
        )
        page_version = version if result.shows_version else None
        insert_fetches(db, result, article_id, page_version, snapshot_ids)
        if result.shows_version and result.fetches[-1].http_status == 200:
            store_last_page(db, result.fetches[-1], article_id, snapshot_ids[-1])
        elif result.article is not None:
            store_page_of_version(db, article_id, snapshot_ids[0])
        store_volatile(db, result, article_id)
        _store_lesson(db, result, article_id)
        replace_pending(db, result, article_id)
        _update_article(db, result, article_id, version if result.article else None)
        _add_host_edits(db, result, article_id)
        _store_distrust(db, result, article_id)
        store_addresses(db, result, article_id)
        earlier_version = (
            version_row(db, article_id, version)["reverts_to"] if edit_ids and version else None
        )
    return Recorded(article_id, version, latest, earlier_version, edit_ids)


def _article_id(db: Database, result: CheckResult) -> int | None:
    """The article of this check, added if the check saw a new one; None if it saw none."""
    if result.article_id is not None:
        if db.execute("select 1 from articles where id = ?", [result.article_id]).fetchone():
            return result.article_id
        raise ErasedError(f"{result.url}: it was erased during this check; nothing was recorded")
    url = result.addresses.article_url or result.url
    for address in (url, result.url):
        existing_id = find_proven_article(db, address)
        if existing_id is not None:
            return existing_id
    if result.outcome != "new":
        return None
    return add_article(db, url, at=result.fetches[-1].fetched_at)


def _latest_version_and_page(db: Database, article_id: int) -> tuple[int | None, int | None]:
    """The number of the latest version, and the last stored page that showed the article."""
    row = db.execute(
        "select a.latest_version, p.page_id from articles a"
        " left join last_pages p on p.article_id = a.id where a.id = ?",
        [article_id],
    ).fetchone()
    return (row[0], row[1]) if row else (None, None)


def _record_version(
    db: Database,
    result: CheckResult,
    article_id: int,
    snapshot_id: int | None,
    extractor: str,
    channel_filters: Sequence[ChannelFilter],
) -> tuple[int | None, tuple[int, ...]]:
    """Write the version that a check brings; gives the latest number and the ids of the edits."""
    number = result.base_version
    if result.article is None:
        if number is not None and result.outcome in STILL_THERE and not result.holds_back:
            _update_last_seen(db, result, article_id, number)
        return number, ()
    at = to_text(result.fetches[0].fetched_at)
    seen_after = at if number is None else _last_seen_at(db, article_id, number)
    if result.technical is not None:
        number = _insert_technical(db, result, article_id, number, seen_after, extractor)
    if result.outcome == "technical" and not result.template_fields:
        return number, ()
    number, is_move = (number or 0) + 1, result.outcome == "moved"
    insert_version(
        db, result.article, article_id, number, at, extractor, snapshot_id,
        reverts_to=None if is_move else reverts_to(db, result.article, article_id),
        technical=is_move or result.outcome == "technical",
        template_fields=result.template_fields if result.technical is None else (),
    )  # fmt: skip
    edit_ids = insert_check_edits(db, result, article_id, number, seen_after, channel_filters)
    return number, edit_ids


def _insert_technical(
    db: Database,
    result: CheckResult,
    article_id: int,
    base: int | None,
    seen_after: str,
    extractor: str,
) -> int:
    """Write the base version as today's extractor, or today's template, has it; gives its number."""
    assert result.technical is not None
    snapshot_id = version_row(db, article_id, base)["snapshot_id"] if base else None
    number = (base or 0) + 1
    insert_version(
        db, result.technical, article_id, number, seen_after, extractor, snapshot_id,
        technical=True, template_fields=result.template_fields,
    )  # fmt: skip
    return number


def _last_seen_at(db: Database, article_id: int, number: int) -> str:
    row = db.execute(
        "select last_seen_at from versions where article_id = ? and number = ?",
        [article_id, number],
    ).fetchone()
    return str(row[0])


def _update_last_seen(db: Database, result: CheckResult, article_id: int, number: int) -> None:
    db.execute(
        "update versions set last_seen_at = ? where article_id = ? and number = ?",
        [to_text(result.fetches[-1].fetched_at), article_id, number],
    )


def _update_article(
    db: Database, result: CheckResult, article_id: int, version: int | None
) -> None:
    """Update the bookkeeping of the article; a paused one stays paused, without a next check, or is gone."""
    at, plan = to_text(result.fetches[-1].fetched_at), result.plan
    rate = plan.edit_rate
    db.execute(
        "update articles set checked_at = ?, changed_at = coalesce(?, changed_at),"
        " headline = coalesce(?, headline), latest_version = coalesce(?, latest_version),"
        " next_check_at = iif(state = 'paused', next_check_at, ?),"
        " next_check_reason = iif(state = 'paused', next_check_reason, ?),"
        " state = iif(state = 'paused' and ? is not 'gone', state, coalesce(?, state)),"
        " born_at = coalesce(?, born_at), rate_shape = coalesce(?, rate_shape),"
        " rate_scale = coalesce(?, rate_scale) where id = ?",
        [
            at,
            at if result.edits else None,
            result.article.headline if result.article else None,
            version,
            to_text(plan.next_check_at) if plan.next_check_at else None,
            plan.reason,
            result.status,
            result.status,
            to_text(plan.born_at) if plan.born_at else None,
            rate.shape if rate else None,
            rate.scale if rate else None,
            article_id,
        ],
    )


def _store_lesson(db: Database, result: CheckResult, article_id: int) -> None:
    """Keep what the check showed about the lines of the article's host."""
    at = result.fetches[-1].fetched_at
    if result.boilerplate and result.outcome in ARTICLE_THERE:
        host = db.execute("select host from articles where id = ?", [article_id]).fetchone()[0]
        store_boilerplate(db, host, result.boilerplate, article_id, at=at)
    if result.story is not None and result.outcome == "new":
        store_story(db, result.story, article_id, at=at)


def _store_distrust(db: Database, result: CheckResult, article_id: int) -> None:
    """Remember of the article's host that a 304 of it would have hidden an edit, if so."""
    if not result.validators_hid_edit:
        return
    db.execute(
        "insert into hosts (host, validators_hid_edit_at) select host, ? from articles where id = ?"
        " on conflict (host) do update set validators_hid_edit_at = excluded.validators_hid_edit_at",
        [to_text(result.fetches[0].fetched_at), article_id],
    )


def _add_host_edits(db: Database, result: CheckResult, article_id: int) -> None:
    """Count this check for its host: the prior of all its articles."""
    if not result.plan.expected_edits and not result.edits:
        return
    db.execute(
        "insert into hosts (host, edited_checks, expected_edits)"
        " select host, ?, ? from articles where id = ?"
        " on conflict (host) do update set edited_checks = edited_checks + excluded.edited_checks,"
        " expected_edits = expected_edits + excluded.expected_edits",
        [bool(result.edits), result.plan.expected_edits, article_id],
    )
