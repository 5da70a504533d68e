"""What the newest looks and articles tell of hosts, and whether the file is sound."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

Row = dict[str, Any]

# Hosts are judged by so many of the newest looks, edits or articles of all: more need not be read to tell.
MAX_RECENT_ROWS = 100_000
NEWEST_ROWS = "{table}.id > (select coalesce(max(id), 0) from {name}) - :recent"
NEWEST_FETCHES = NEWEST_ROWS.format(table="f", name="fetches")
NEWEST_EDITS = NEWEST_ROWS.format(table="e", name="edits")
NEWEST_ARTICLE_ROWS = NEWEST_ROWS.format(table="a", name="articles")
# A file of more bytes takes minutes to be read whole; then these tables stand for it.
MAX_FULL_INTEGRITY_BYTES = 1_000_000_000
SCHEDULING_TABLES = ("articles", "aliases", "hosts", "watches", "outbox")


def host_stats(db: Database, host: str | None = None) -> Iterator[Row]:
    """Per publisher: articles, versions, edits, and the shares that tell its habits."""
    # In the order of an index a million rows would be read here and there.
    table_condition = "not indexed" if host is None else "where host = :host"
    yield from db.query(
        "with technical as (select host, count(*) as versions from"
        f"  (select id, host from articles {table_condition}) a"
        "  cross join versions v on v.article_id = a.id and v.technical = 1 group by host),"
        " summed as (select host, count(*) as articles, sum(checks) as checks, sum(latest_version) as versions,"
        "  sum(edits) as edits, round(1.0 * sum(edits > 0) / count(*), 3) as edited_share,"
        "  round(1.0 * sum(headline_edits) / nullif(sum(edits), 0), 3) as headline_share,"
        "  round(1.0 * sum(silent_edits) / nullif(sum(judged_edits), 0), 3) as silent_share,"
        "  round(sum(gap_seconds) / nullif(sum(edits), 0)) as mean_gap_seconds"
        f"  from articles {table_condition} group by host)"
        " select s.host, s.articles, s.checks, coalesce(s.versions, 0) - coalesce(t.versions, 0) as versions,"
        " s.edits, s.edited_share, s.headline_share, s.silent_share, s.mean_gap_seconds"
        " from summed s left join technical t on t.host = s.host order by s.edits desc, s.articles desc",
        {"host": host},
    )


def hours_to_edit(db: Database, host: str | None = None) -> dict[str, list[float]]:
    """Per publisher: hours from publication (or first sight) to when an edit was seen, of its edits among
    the newest."""
    return _by_host(
        db,
        "select a.host, (julianday(e.seen_at) - julianday(coalesce(a.born_at, a.first_seen_at))) * 24"
        f" from edits e cross join articles a on a.id = e.article_id where {NEWEST_EDITS}",
        host,
    )


def lateness(db: Database, host: str | None = None) -> dict[str, list[float]]:
    """Per publisher: how late its looks among the newest were, in seconds."""
    return _by_host(
        db,
        "select a.host, f.late_seconds from fetches f cross join articles a on a.id = f.article_id"
        f" where {NEWEST_FETCHES} and f.late_seconds is not null",
        host,
    )


def _by_host(db: Database, select: str, host: str | None) -> dict[str, list[float]]:
    """The numbers by host, the least first."""
    numbers: dict[str, list[float]] = defaultdict(list)
    host_condition = " and a.host = :host" if host is not None else ""
    for name, number in db.execute(
        f"{select}{host_condition} order by 2", {"host": host, "recent": MAX_RECENT_ROWS}
    ):
        numbers[name].append(float(number))
    return numbers


def first_versions(db: Database, *, per_host: int) -> Iterator[Row]:
    """What extraction gave of the newest articles of each host, the newest first: the length of the body
    in characters, and which fields were filled."""
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
    """Per host: how many of its last looks (at most 100, of the newest of all) saw no article."""
    return list(
        db.query(
            "with recent as (select a.host, f.outcome, row_number() over"
            " (partition by a.host order by f.id desc) as n from fetches f"
            f" cross join articles a on a.id = f.article_id where {NEWEST_FETCHES})"
            " select host, count(*) as checks, sum(outcome in ('failed', 'blocked', 'refused')) as failed"
            " from recent where n <= 100 group by host having failed > 0 order by failed desc",
            {"recent": MAX_RECENT_ROWS},
        )
    )


def moved_containers(db: Database) -> list[Row]:
    """Per host: in how many of its last 100 looks the text stood in another element than before."""
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


def integrity(db: Database) -> list[str]:
    """What SQLite finds wrong with the file; empty where it is sound."""
    faults = _faults(db, "pragma integrity_check(20)")
    keys = db.execute("pragma foreign_key_check").fetchall() if not faults else []
    return faults + [f"{row[0]} row {row[1]} points to no row of {row[2]}" for row in keys]


def integrity_of_scheduling_tables(db: Database) -> list[str]:
    """What SQLite finds wrong with the tables that steer the looks; the history is not read."""
    return [
        fault
        for table in SCHEDULING_TABLES
        for fault in _faults(db, f"pragma quick_check({table})")
    ]


def _faults(db: Database, check: str) -> list[str]:
    try:
        return [row[0] for row in db.execute(check).fetchall() if row[0] != "ok"]
    except sqlite3.DatabaseError as error:
        return [str(error)]
