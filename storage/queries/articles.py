"""Reading the history: articles, versions, edits, what is due. Nothing here writes."""

import json
from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from storage.articles.state import version_row
from storage.errors import NotFoundError
from storage.schema.counters import WATCHED

Row = dict[str, Any]

# Only what is asked for stands in the query: else no index serves it.
EDIT_CONDITIONS = {
    "article": "e.article_id = :article",
    "since": "e.seen_at >= :since",
    "field": "e.field = :field",
    "kind": "e.kind = :kind",
    "first": "e.from_version >= :first and e.to_version <= :last",
}


def article_urls_with_number(db: Database, host: str, number: str | None) -> list[str]:
    """The articles of a host whose address bears a number; a few at most."""
    if number is None:
        return []
    rows = db.execute(
        "select url from articles where host = ? and latest_version is not null and instr(url, ?)"
        " order by id desc limit 20",
        [host, number],
    ).fetchall()
    return [row[0] for row in rows]


def articles(db: Database, *, state: str | None = None) -> Iterator[Row]:
    """Every article with its state and next look: the watched ones, the next due first, then those that
    have no next look or are paused."""
    columns = (
        "select id, url, host, headline, state, latest_version as versions, first_seen_at, checked_at,"
        " changed_at, next_check_at, next_check_reason from articles where (:state is null or state = :state)"
    )
    # Each by an index or in the order of the table: nothing is sorted, the first come at once.
    yield from db.query(
        f"{columns} and {WATCHED} and next_check_at is not null order by next_check_at, id",
        {"state": state},
    )
    yield from db.query(
        f"{columns} and (next_check_at is null or not {WATCHED}) order by id", {"state": state}
    )


def watches(db: Database) -> Iterator[Row]:
    """The feeds, sitemaps and sections that are watched for new articles."""
    yield from db.query("select * from watches order by id")


def version(db: Database, article: int, number: int | None = None) -> Row:
    """One version, by default the latest; raises NotFoundError."""
    latest = db.execute("select latest_version from articles where id = ?", [article]).fetchone()[0]
    if latest is None:
        raise NotFoundError("no version is stored yet: no look has seen the article")
    wanted = latest if number is None else number
    if not 1 <= wanted <= latest:
        raise NotFoundError(f"there is no version {wanted}; versions are 1 to {latest}")
    return version_row(db, article, wanted)


def edits(
    db: Database,
    *,
    article: int | None = None,
    since: str | None = None,
    field: str | None = None,
    kind: str | None = None,
    silent: bool | None = None,
    versions: tuple[int, int] | None = None,
    limit: int = -1,
) -> Iterator[Row]:
    """Edits, newest first; `silent` keeps those that the publisher is known not to have disclosed."""
    first, last = versions or (None, None)
    filters = {"article": article, "since": since, "field": field, "kind": kind, "first": first}
    wanted = [EDIT_CONDITIONS[name] for name, value in filters.items() if value is not None]
    # The index of fields leaves out the most common one.
    wanted += ["e.field <> 'body'"] if field not in (None, "body") else []
    wanted += ["e.disclosed = 0"] if silent else []
    # By time, not by id: what was imported or found by `rebuild` has new ids at old times.
    yield from db.query(
        "select e.*, a.url, a.host, v.headline, v.reverts_to from edits e"
        " join articles a on a.id = e.article_id"
        " join versions v on v.article_id = e.article_id and v.number = e.to_version"
        f" where {' and '.join(wanted) or 'true'} order by e.seen_at desc, e.id desc limit :limit",
        {**filters, "last": last, "limit": limit},
    )


def article_rows(
    db: Database, ids: list[int] | None = None, *, since: str | None = None
) -> Iterator[Row]:
    """Whole rows of `articles`, all of them or these, by id; with a time, those edited since."""
    wanted = ["id in (select value from json_each(:ids))"] if ids is not None else []
    if since is not None:
        wanted.append("id in (select article_id from edits where seen_at >= :since)")
    yield from db.query(
        f"select * from articles where {' and '.join(wanted) or 'true'} order by id",
        {"ids": json.dumps(ids), "since": since},
    )


def history(db: Database, article: int, *, since: str | None = None) -> Iterator[tuple[str, Row]]:
    """Everything stored of an article but its pages: (table, row); edits from a time on."""
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


def overdue(db: Database, before: str) -> int:
    """How many articles should have been looked at before that time, the hosts that are left alone
    (until a time after it) aside."""
    row = db.execute(
        f"select (select count(*) from articles where {WATCHED} and next_check_at < :before)"
        " - (select count(*) from hosts h cross join articles a on a.host = h.host"
        f"  where h.backoff_until > :before and a.{WATCHED} and a.next_check_at < :before)",
        {"before": before},
    ).fetchone()
    return int(row[0])


def failing_sources(db: Database, before: str) -> Iterator[Row]:
    """The sources that failed the last times, and those that should have been looked at before that time."""
    yield from db.query(
        "select url, kind, failures, reason, next_check_at < :before as is_overdue from watches"
        " where state = 'active' and (failures > 0 or next_check_at < :before)"
        " order by id",
        {"before": before},
    )


def next_due_at(db: Database) -> str | None:
    """When the next look is due, as text; None where nothing is watched."""
    row = db.execute("select min(due_at) from hosts where due_at is not null").fetchone()
    return row[0] if row else None


def articles_with_number_gaps(db: Database) -> list[str]:
    """Articles whose version numbers are not 1 to n."""
    return [
        row[0]
        for row in db.execute(
            "select a.url from articles a join versions v on v.article_id = a.id group by a.id"
            " having count(*) <> max(v.number) or a.latest_version is not max(v.number)"
        ).fetchall()
    ]
