"""Health: hosts whose checks fail or whose pages changed, overdue work, and the integrity of the file."""

import sqlite3
from collections.abc import Iterator

from storage.articles.state import MISSING_STATUSES
from storage.database import Database, Row
from storage.queries.damage.foreign import foreign_value
from storage.vocabulary import ARTICLE_THERE, NO_ARTICLE, sql_list

# Hosts are judged by this many of the newest rows of all hosts, so that a large table is not read whole.
MAX_RECENT_ROWS = 100_000
NEWEST_ROWS = "{table}.id > (select coalesce(max(id), 0) from {name}) - :recent"
NEWEST_FETCHES = NEWEST_ROWS.format(table="f", name="fetches")
NEWEST_EDITS = NEWEST_ROWS.format(table="e", name="edits")
NEWEST_ARTICLE_ROWS = NEWEST_ROWS.format(table="a", name="articles")
# Checking a larger file, in bytes, takes minutes; `doctor` then checks only the tables of the scheduling.
MAX_FULL_INTEGRITY_BYTES = 1_000_000_000
# For how many seconds the reason of an unexpected error is looked for in the file.
MAX_SEARCH_SECONDS = 5.0
SCHEDULING_TABLES = ("articles", "aliases", "hosts", "watches", "outbox")


def first_versions(db: Database, *, per_host: int) -> Iterator[Row]:
    """What extraction gave for the newest articles, at most `per_host` of each host, newest first.

    A row has the `host`, the `length` of the body in characters, and 1 or 0 for each field: is it filled?
    """
    yield from db.query(
        "select host, length, dek, byline, published_at, section from ("
        " select a.host, length(v.body) as length, v.dek is not null as dek, v.byline <> '[]' as byline,"
        " v.published_at is not null as published_at, v.section is not null as section,"
        " row_number() over (partition by a.host order by v.id desc) as place, v.id"
        " from articles a not indexed cross join versions v on v.article_id = a.id and v.number = 1"
        f" where {NEWEST_ARTICLE_ROWS}) where place <= :per_host order by host, id desc",
        {"per_host": per_host, "recent": MAX_RECENT_ROWS},
    )


def failing_hosts(db: Database) -> list[Row]:
    """The hosts with failed checks among their last 100 (of the newest of all), most first."""
    return list(
        db.query(
            "with recent as (select a.host, f.outcome, row_number() over"
            " (partition by a.host order by f.id desc) as n from fetches f"
            f" cross join articles a on a.id = f.article_id where {NEWEST_FETCHES})"
            f" select host, count(*) as checks, sum(outcome in ({sql_list(NO_ARTICLE)})) as failed"
            " from recent where n <= 100 group by host having failed > 0 order by failed desc",
            {"recent": MAX_RECENT_ROWS},
        )
    )


def wrong_pages(db: Database) -> list[Row]:
    """The hosts whose last answers for some articles were another page, half a page, or a 404; most first.

    A row has the `host`, the number of `articles`, whether their addresses are `missing` (1 or 0), `since` when, and
    the newest `reason`.
    """
    missing = f"f.http_status in ({', '.join(map(str, sorted(MISSING_STATUSES)))})"
    is_there = f"outcome in ({sql_list(ARTICLE_THERE)})"
    return list(
        db.query(
            "with last as (select f.article_id, max(f.id) as id from fetches f"
            f" where {NEWEST_FETCHES} and f.article_id is not null and f.confirms is null group by f.article_id),"
            f" wrong as (select a.host, f.id, f.reason, {missing} as missing,"
            "  (select min(fetched_at) from fetches where article_id = a.id and id >"
            f"  coalesce((select max(id) from fetches where article_id = a.id and {is_there}), 0)) as since"
            "  from last join fetches f on f.id = last.id join articles a on a.id = f.article_id"
            f"  where (f.unconfirmed = 1 or {missing}) and a.state <> 'gone')"
            " select host, count(*) as articles, missing, min(since) as since, reason, max(id) as newest"
            " from wrong group by host, missing order by articles desc",
            {"recent": MAX_RECENT_ROWS},
        )
    )


def moved_containers(db: Database) -> list[Row]:
    """The hosts where the article moved to another container in any of the last 100 checks, most first."""
    return list(
        db.query(
            "with recent as (select a.host, f.container_path is not null as moved,"
            " row_number() over (partition by a.host order by f.id desc) as n"
            " from fetches f cross join articles a on a.id = f.article_id"
            f" where {NEWEST_FETCHES} and f.version_id is not null and f.outcome <> 'new')"
            " select host, count(*) as checks, sum(moved) as moved from recent where n <= 100"
            " group by host having sum(moved) > 0 order by sum(moved) desc",
            {"recent": MAX_RECENT_ROWS},
        )
    )


def redesigned_hosts(db: Database, since: str) -> list[Row]:
    """The hosts whose articles have versions with a new template since a time, most articles first.

    A row has the `host`, how many `articles`, when the `first` such version was seen, and the `fields` that
    changed, separated by commas.
    """
    return list(
        db.query(
            "select a.host, count(distinct a.id) as articles, min(v.seen_at) as first,"
            " group_concat(distinct f.value) as fields from versions v"
            " join articles a on a.id = v.article_id, json_each(v.template_fields) f"
            " where v.technical = 1 and v.template_fields <> '[]' and v.seen_at >= ?"
            " group by a.host order by articles desc, a.host",
            [since],
        )
    )


def integrity(db: Database) -> list[str]:
    """What is wrong with the file, as SQLite says it; empty if it is sound."""
    faults = _faults(db, "pragma integrity_check(20)")
    keys = db.execute("pragma foreign_key_check").fetchall() if not faults else []
    return faults + [f"{row[0]} row {row[1]} refers to a missing row of {row[2]}" for row in keys]


def suspicious_row(db: Database) -> str | None:
    """A row that no Variorum has written, found within seconds; None if none is found in that time."""
    value = foreign_value(db, seconds=MAX_SEARCH_SECONDS)
    return value or next(iter(_faults(db, "pragma quick_check(1)")), None)


def integrity_of_scheduling_tables(db: Database) -> list[str]:
    """What is wrong with the tables of the scheduling, as SQLite says it; the history is not read."""
    return [
        fault
        for table in SCHEDULING_TABLES
        for fault in _faults(db, f"pragma quick_check({table})")
    ]


def _faults(db: Database, check: str) -> list[str]:
    try:
        return [row[0] for row in db.execute(check).fetchall() if row[0] != "ok"]
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return [str(error)]
