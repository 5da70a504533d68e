"""Reading the history: articles, versions, edits, searches. Nothing here writes."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from storage.aliases import find_article
from storage.bigrams import query
from storage.errors import NotFoundError
from storage.known import version_row

Row = dict[str, Any]


def article_id(db: Database, url: str) -> int:
    """The id of the article under a canonical URL or an alias; raises NotFoundError."""
    found = find_article(db, url)
    if found is None:
        raise NotFoundError(f"{url}: not in this database; `variorum list` shows what is")
    return found


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
    """Every article with its state and next look, the next due first, removed ones last."""
    yield from db.query(
        "select a.id, a.url, a.host, a.headline, a.state, a.latest_version as versions, a.first_seen_at,"
        " a.checked_at, a.changed_at, a.next_check_at, a.next_check_reason"
        " from articles a where :state is null or a.state = :state"
        " order by a.next_check_at is null, a.next_check_at, a.id",
        {"state": state},
    )


def watches(db: Database) -> Iterator[Row]:
    """The feeds, sitemaps and sections that are watched for new articles."""
    yield from db.query("select * from watches where kind <> 'article' order by id")


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
    yield from db.query(
        "select e.*, a.url, a.host, v.headline, v.reverts_to from edits e"
        " join articles a on a.id = e.article_id"
        " join versions v on v.article_id = e.article_id and v.number = e.to_version"
        " where (:article is null or e.article_id = :article)"
        " and (:since is null or e.seen_at >= :since)"
        " and (:field is null or e.field = :field) and (:kind is null or e.kind = :kind)"
        " and (:silent is null or e.disclosed = 0)"
        " and (:first is null or (e.from_version >= :first and e.to_version <= :last))"
        # History that was imported has younger ids than what it tells of.
        " order by e.seen_at desc, e.id desc limit :limit",
        {
            "article": article,
            "since": since,
            "field": field,
            "kind": kind,
            "silent": 1 if silent else None,
            "first": first,
            "last": last,
            "limit": limit,
        },
    )


def article_rows(db: Database, ids: list[int] | None = None) -> Iterator[Row]:
    """Whole rows of `articles`, all of them or these, by id."""
    wanted = " where id in (select value from json_each(?))" if ids is not None else ""
    yield from db.query(
        f"select * from articles{wanted} order by id", [json.dumps(ids)] if ids is not None else []
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
    for row in db.query("select * from sites where article_id = ? order by id", [article]):
        yield "sites", row


def search(db: Database, words: str, *, deleted: bool = False, limit: int = 100) -> Iterator[Row]:
    """Articles with a version that holds all the words; `deleted`: only where the latest has them no more.

    Raises NotFoundError where `words` holds no letter or digit.
    """
    match = query(words)
    if not match:
        raise NotFoundError("give at least one word to search for")
    yield from db.query(
        "select a.url, a.headline, min(v.number) as first_version, max(v.number) as last_version,"
        " a.latest_version, max(v.number) < a.latest_version as deleted,"
        " min(v.seen_at) as first_seen_at, max(v.last_seen_at) as last_seen_at, v.body"
        " from version_words w join versions v on v.id = w.rowid join articles a on a.id = v.article_id"
        " where w.words match :match group by a.id"
        " having not :deleted or max(v.number) < a.latest_version"
        " order by max(v.seen_at) desc limit :limit",
        {"match": match, "deleted": int(deleted), "limit": limit},
    )


def host_stats(db: Database, host: str | None = None) -> Iterator[Row]:
    """Per publisher: articles, versions, edits, and the shares that tell its habits."""
    yield from db.query(
        "with per_article as ("
        " select a.id, a.host,"
        "  (select count(*) from fetches f where f.article_id = a.id) as looks,"
        "  (select count(*) from versions v where v.article_id = a.id and v.technical = 0) as versions"
        "  from articles a where :host is null or a.host = :host),"
        " per_edit as (select a.host, count(*) as edits, count(distinct e.article_id) as edited,"
        "  sum(e.field = 'headline') as headline_edits, sum(e.disclosed = 0) as silent,"
        "  sum(e.disclosed is not null) as known,"
        "  avg((julianday(e.seen_at) - julianday(e.seen_after)) * 86400) as gap"
        "  from edits e join articles a on a.id = e.article_id group by a.host)"
        " select p.host, count(*) as articles, sum(p.looks) as looks, sum(p.versions) as versions,"
        " coalesce(e.edits, 0) as edits,"
        " round(1.0 * coalesce(e.edited, 0) / count(*), 3) as edited_share,"
        " round(1.0 * e.headline_edits / e.edits, 3) as headline_share,"
        " round(1.0 * e.silent / nullif(e.known, 0), 3) as silent_share,"
        " round(e.gap) as mean_gap_seconds"
        " from per_article p left join per_edit e on e.host = p.host"
        " group by p.host order by edits desc, articles desc",
        {"host": host},
    )


def hours_to_edit(db: Database, host: str) -> list[float]:
    """Per edit of one publisher: hours from publication (or first sight) to when it was seen."""
    return [
        float(row[0])
        for row in db.execute(
            "select (julianday(e.seen_at) - julianday(coalesce(v.published_at, a.first_seen_at))) * 24"
            " from edits e join articles a on a.id = e.article_id"
            " join versions v on v.article_id = e.article_id and v.number = e.to_version"
            " where a.host = ? order by 1",
            [host],
        ).fetchall()
        if row[0] is not None
    ]


def overdue(db: Database, before: str) -> int:
    """How many articles should have been looked at before that time, the hosts that are left alone
    (until a time after it) aside."""
    row = db.execute(
        "select count(*) from articles a left join hosts h on h.host = a.host"
        " where a.state in ('active', 'gone', 'finished') and a.next_check_at < :before"
        " and (h.not_before is null or h.not_before <= :before)",
        {"before": before},
    ).fetchone()
    return int(row[0])


def troubled_sources(db: Database, before: str) -> Iterator[Row]:
    """The sources that failed the last times, and those that should have been looked at before that time."""
    yield from db.query(
        "select url, kind, failures, reason, next_check_at < :before as is_overdue from watches"
        " where kind <> 'article' and state = 'active' and (failures > 0 or next_check_at < :before)"
        " order by id",
        {"before": before},
    )


def lateness(db: Database, host: str, *, looks: int = 1000) -> list[float]:
    """How late the last looks at a host were, in seconds, the least first."""
    return [
        float(row[0])
        for row in db.execute(
            "select late_seconds from fetches f join articles a on a.id = f.article_id"
            " where a.host = ? and late_seconds is not null order by f.id desc limit ?",
            [host, looks],
        ).fetchall()
    ]


def first_versions(db: Database, *, per_host: int) -> Iterator[Row]:
    """What extraction gave of the newest articles of each host, the newest first: the length of the body
    in characters, and which fields were filled."""
    yield from db.query(
        "select host, length, dek, byline, published_at, section from ("
        " select a.host, length(v.body) as length, v.dek is not null as dek, v.byline <> '[]' as byline,"
        " v.published_at is not null as published_at, v.section is not null as section,"
        " row_number() over (partition by a.host order by v.id desc) as place, v.id"
        " from versions v join articles a on a.id = v.article_id where v.number = 1)"
        " where place <= ? order by host, id desc",
        [per_host],
    )


def next_due_at(db: Database) -> str | None:
    """When the next look is due, as text; None where nothing is watched."""
    row = db.execute(
        "select min(next_check_at) from articles where state in ('active', 'gone', 'finished')"
    ).fetchone()
    return row[0] if row else None


def integrity(db: Database) -> list[str]:
    """What SQLite finds wrong with the file; empty where it is sound."""
    try:
        faults = [row[0] for row in db.execute("pragma integrity_check(20)").fetchall()]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    keys = db.execute("pragma foreign_key_check").fetchall()
    faults = [fault for fault in faults if fault != "ok"]
    return faults + [f"{row[0]} row {row[1]} points to no row of {row[2]}" for row in keys]


def gaps_in_numbers(db: Database) -> list[str]:
    """Articles whose version numbers are not 1 to n."""
    return [
        row[0]
        for row in db.execute(
            "select a.url from articles a join versions v on v.article_id = a.id group by a.id"
            " having count(*) <> max(v.number) or a.latest_version is not max(v.number)"
        ).fetchall()
    ]


def failing(db: Database) -> list[Row]:
    """Per host: how many of its last looks (a day's worth at most 100) saw no article."""
    return list(
        db.query(
            "with recent as (select a.host, f.outcome, row_number() over"
            " (partition by a.host order by f.id desc) as n from fetches f"
            " join articles a on a.id = f.article_id)"
            " select host, count(*) as looks, sum(outcome in ('failed', 'blocked', 'refused')) as failed"
            " from recent where n <= 100 group by host having failed > 0 order by failed desc"
        )
    )


def moved_anchors(db: Database) -> list[Row]:
    """Per host: in how many of its last 100 looks the text stood in another element than before."""
    return list(
        db.query(
            "with recent as (select a.host, f.anchor is not null as moved,"
            " row_number() over (partition by a.host order by f.id desc) as n"
            " from fetches f join articles a on a.id = f.article_id"
            " where f.version_id is not null and f.outcome <> 'new')"
            " select host, count(*) as looks, sum(moved) as moved"
            " from recent where n <= 100 group by host having sum(moved) > 0 order by moved desc"
        )
    )
