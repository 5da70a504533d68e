"""Articles, their versions and whole histories, and what is overdue. Nothing here writes."""

import json
from collections.abc import Iterator

from storage.articles.versions import version_row
from storage.database import Database, Row
from storage.errors import NotFoundError
from storage.vocabulary import WATCHED


def article_urls_with_number(db: Database, host: str, number: str | None) -> list[str]:
    """The canonical URLs of a host's articles that contain the number, newest first, at most 20."""
    if number is None:
        return []
    rows = db.execute(
        "select url from articles where host = ? and latest_version is not null and instr(url, ?)"
        " order by id desc limit 20",
        [host, number],
    ).fetchall()
    return [row[0] for row in rows]


def articles(db: Database, *, state: str | None = None) -> Iterator[Row]:
    """Every article, or those in a state: first those with a next check, next due first, then the others.

    A row has `id`, `url`, `host`, `headline`, `state`, the number of `versions`, `first_seen_at`,
    `checked_at`, `changed_at`, `next_check_at` and `next_check_reason`.
    """
    columns = (
        "select id, url, host, headline, state, latest_version as versions, first_seen_at, checked_at,"
        " changed_at, next_check_at, next_check_reason from articles where (:state is null or state = :state)"
    )
    # Both queries read an index or the table in order: without a sort the first rows come at once.
    yield from db.query(
        f"{columns} and {WATCHED} and next_check_at is not null order by next_check_at, id",
        {"state": state},
    )
    yield from db.query(
        f"{columns} and (next_check_at is null or not {WATCHED}) order by id", {"state": state}
    )


def watches(db: Database) -> Iterator[Row]:
    """The sources that are watched for new articles: feeds, sitemaps and sections."""
    yield from db.query("select * from watches order by id")


def version(db: Database, article: int, number: int | None = None) -> Row:
    """The row of one version, by default of the latest. Raises NotFoundError if it is not stored."""
    latest = db.execute("select latest_version from articles where id = ?", [article]).fetchone()[0]
    if latest is None:
        raise NotFoundError("no version is stored yet: no check has seen the article")
    number = latest if number is None else number
    if not 1 <= number <= latest:
        raise NotFoundError(f"there is no version {number}; choose one from 1 to {latest}")
    return version_row(db, article, number)


def article_rows(
    db: Database, ids: list[int] | None = None, *, since: str | None = None
) -> Iterator[Row]:
    """Whole rows of `articles` by id: all of them, or those with these ids; if given, edited since a time."""
    conditions = ["id in (select value from json_each(:ids))"] if ids is not None else []
    if since is not None:
        conditions.append("id in (select article_id from edits where seen_at >= :since)")
    yield from db.query(
        f"select * from articles where {' and '.join(conditions) or 'true'} order by id",
        {"ids": json.dumps(ids), "since": since},
    )


def history(db: Database, article: int, *, since: str | None = None) -> Iterator[tuple[str, Row]]:
    """Everything stored of an article but its pages, as (table, row); edits only since a time, if given."""
    for table, order in (("aliases", "url"), ("versions", "number"), ("fetches", "id")):
        for row in db.query(
            f"select * from {table} where article_id = ? order by {order}", [article]
        ):
            yield table, row
    for row in db.query(
        "select * from edits where article_id = ? and (? is null or seen_at >= ?) order by id",
        [article, since, since],
    ):
        yield "edits", row
    for row in db.query("select * from exclusions where article_id = ? order by id", [article]):
        yield "exclusions", row


def host_exclusion_rows(db: Database, host: str) -> Iterator[Row]:
    """The rows of `exclusions` that hold the lines of a publisher, oldest first."""
    yield from db.query(
        "select * from exclusions where host = ? and article_id is null order by id", [host]
    )


def overdue(db: Database, before: str) -> int:
    """How many articles should have been checked before a time; hosts backing off until later do not count."""
    row = db.execute(
        f"select (select count(*) from articles where {WATCHED} and next_check_at < :before)"
        " - (select count(*) from hosts h cross join articles a on a.host = h.host"
        f"  where h.backoff_until > :before and a.{WATCHED} and a.next_check_at < :before)",
        {"before": before},
    ).fetchone()
    return int(row[0])


def failing_sources(db: Database, before: str) -> Iterator[Row]:
    """The active sources that failed last time or should have been checked before a time."""
    yield from db.query(
        "select url, kind, failures, reason, next_check_at < :before as is_overdue from watches"
        " where state = 'active' and (failures > 0 or next_check_at < :before)"
        " order by id",
        {"before": before},
    )


def sources_with_waiting(db: Database) -> Iterator[Row]:
    """The active sources that listed more new articles than one check adds; `waiting` is how many wait."""
    yield from db.query(
        "select url, kind, waiting from watches where state = 'active' and waiting > 0 order by id"
    )


def articles_with_number_gaps(db: Database) -> list[str]:
    """The URLs of the articles whose version numbers are not 1 to n."""
    return [
        row[0]
        for row in db.execute(
            "select a.url from articles a join versions v on v.article_id = a.id group by a.id"
            " having count(*) <> max(v.number) or a.latest_version is not max(v.number)"
        ).fetchall()
    ]
