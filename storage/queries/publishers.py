"""Publishers: a table of all of them, and how one edits, with confidence limits."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from storage.database import Database, Row
from storage.queries.health import MAX_RECENT_ROWS, NEWEST_EDITS, NEWEST_FETCHES
from storage.queries.intervals import Estimate, Median, median_between, rate, share
from storage.queries.updates import (
    DailyUpdates,
    Update,
    is_faster_by_time,
    newest_updates,
    updates_per_day,
)
from storage.timestamps import parse_instant, to_text
from storage.vocabulary import NO_ARTICLE, OPTIONAL_FIELDS

# The figures of one publisher are of this many days, and of at most this many updates.
STATS_DAYS, MAX_UPDATES = 30, 3_000
# Extraction is judged by the newest articles and the last checks of the publisher.
JUDGED_ARTICLES, JUDGED_CHECKS = 100, 200


@dataclass(frozen=True, slots=True)
class PublisherStats:
    """How one publisher edits, from its updates between `since` and `until` (ISO 8601 text).

    `is_cut` says that there were more updates: then `since` is when the first of those counted was seen.
    `per_day` counts updates, `hours_to_edit` the hours from publication. `timed_updates` are those whose
    article has a publication time, `judged_updates` those known to be silent or disclosed.
    """

    articles: int
    updates: int
    edits: int
    since: str
    until: str
    is_cut: bool
    days: tuple[DailyUpdates, ...]
    per_day: Estimate
    hours_to_edit: Median
    timed_updates: int
    silent_share: Estimate
    judged_updates: int
    unjudged_updates: int
    edited_share: Estimate
    headline_share: Estimate
    mean_gap_minutes: float | None


def publisher_stats(
    db: Database, host: str, *, now: datetime, max_updates: int = MAX_UPDATES
) -> PublisherStats:
    """The figures of the last STATS_DAYS days before now, or before its last check if that is earlier."""
    host_row = _host_row(db, host)
    now = min(now, parse_instant(host_row.get("checked_at")) or now)
    begin = (now - timedelta(days=STATS_DAYS - 1)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    articles = host_row.get("articles", 0)
    all_articles = db.execute("select sum(articles) from hosts").fetchone()[0] or 0
    updates = newest_updates(
        db,
        host,
        to_text(begin),
        by_time=is_faster_by_time(articles, all_articles, limit=max_updates),
        limit=max_updates,
    )
    is_cut = len(updates) == max_updates
    if is_cut:
        begin = datetime.fromisoformat(updates[-1].seen_at)
    checked_articles = db.execute(
        "select count(*) from articles where host = ? and checked_at >= ?", [host, to_text(begin)]
    ).fetchone()[0]
    days_watched = _days_watched(begin, host_row.get("first_seen_at"), now)
    return _stats(updates, articles, checked_articles, days_watched, begin, now, is_cut=is_cut)


def extraction_stats(db: Database, host: str) -> Row:
    """How extraction works on a publisher's pages.

    `checks` of the last ones, the share that `failed` with its limits, the commonest `reasons`; `articles`
    among the newest ones, and for each field the share in which it is `filled`. `first_versions` has the
    rows that `degraded_hosts` takes, newest first.
    """
    checks = db.execute(
        "select f.outcome, f.reason from fetches f join articles a on a.id = f.article_id"
        " where a.id in (select id from articles where host = ? and checked_at is not null"
        " order by checked_at desc limit 50) and f.confirms is null order by f.id desc limit ?",
        [host, JUDGED_CHECKS],
    ).fetchall()
    failed = [row[1] or row[0] for row in checks if row[0] in NO_ARTICLE]
    versions = list(
        db.query(
            "select host, length(v.body) as length, v.dek is not null as dek, v.byline <> '[]' as byline,"
            " v.published_at is not null as published_at, v.section is not null as section"
            " from articles a join versions v on v.article_id = a.id and v.number = 1"
            " where a.host = ? order by a.id desc limit ?",
            [host, JUDGED_ARTICLES * 2 + 20],
        )
    )
    newest = versions[:JUDGED_ARTICLES]
    return {
        "checks": len(checks),
        "failed": asdict(share(len(failed), len(checks))),
        "reasons": Counter(failed).most_common(3),
        "articles": len(newest),
        "filled": {
            name: asdict(share(sum(row[name] for row in newest), len(newest)))
            for name in OPTIONAL_FIELDS
        },
        "first_versions": versions,
    }


def publishers(db: Database, *, below: str | None = None, limit: int = 200) -> list[Row]:
    """The publishers by their number of articles, most first, from the one after `below` on.

    A row has `host`, `articles`, how many are `active`, and when one last changed and was last checked.
    """
    most_articles = _host_row(db, below).get("articles", 0)
    return list(
        db.query(
            "select host, articles, active, changed_at, checked_at from hosts where articles > 0"
            " and (:below is null or (-articles, host) > (-:most, :below))"
            " order by articles desc, host limit :limit",
            {"below": below, "most": most_articles, "limit": limit},
        )
    )


def has_articles(db: Database, host: str) -> bool:
    """Is any article of this publisher stored?"""
    return bool(_host_row(db, host).get("articles"))


def host_stats(db: Database, host: str | None = None) -> Iterator[Row]:
    """Per publisher, most edits first: its counts and shares, over everything stored.

    A row has `host`, `articles`, `checks`, `versions` (technical ones do not count), `edits`, and shares
    (0 to 1): `edited_share` of the articles, `headline_share` of the edits, `silent_share` of the edits of
    which it is known; and `mean_gap_seconds` between the checks around an edit.
    """
    # Reading all rows in table order beats an index, which leads all over the file.
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
    """Per publisher, ascending: hours from publication (or the first check) to a check that found an edit.

    Only the newest edits of all publishers count, MAX_RECENT_ROWS of them.
    """
    return _by_host(
        db,
        "select a.host, (julianday(e.seen_at) - julianday(coalesce(a.born_at, a.first_seen_at))) * 24"
        f" from edits e cross join articles a on a.id = e.article_id where {NEWEST_EDITS}",
        host,
    )


def lateness(db: Database, host: str | None = None) -> dict[str, list[float]]:
    """Per publisher, ascending: how many seconds late its checks were.

    Only the newest checks of all publishers count, MAX_RECENT_ROWS of them.
    """
    return _by_host(
        db,
        "select a.host, f.late_seconds from fetches f cross join articles a on a.id = f.article_id"
        f" where {NEWEST_FETCHES} and f.late_seconds is not null",
        host,
    )


def _stats(
    updates: Sequence[Update],
    articles: int,
    checked_articles: int,
    days_watched: float,
    begin: datetime,
    now: datetime,
    *,
    is_cut: bool,
) -> PublisherStats:
    certain = [update for update in updates if update.seen_after >= to_text(begin)]
    judged = [update for update in updates if update.disclosed is not None]
    hours = [span for update in updates if (span := _hours_after_publication(update)) is not None]
    gaps = [_hours_between(update.seen_after, update.seen_at) * 60 for update in updates]
    edited = {update.article_id for update in updates}
    headline_edited = {update.article_id for update in updates if update.headline_edits}
    return PublisherStats(
        articles=articles,
        updates=len(updates),
        edits=sum(update.edits for update in updates),
        since=to_text(begin),
        until=to_text(now),
        is_cut=is_cut,
        days=updates_per_day(updates, begin.date(), now.date()),
        per_day=rate(len(certain), len(updates), days_watched),
        hours_to_edit=median_between(hours),
        timed_updates=len(hours),
        silent_share=share(sum(update.disclosed == 0 for update in judged), len(judged)),
        judged_updates=len(judged),
        unjudged_updates=len(updates) - len(judged),
        edited_share=share(len(edited), checked_articles),
        headline_share=share(len(headline_edited), checked_articles),
        mean_gap_minutes=sum(gaps) / len(gaps) if gaps else None,
    )


def _host_row(db: Database, host: str | None) -> Row:
    """The row of `hosts`, with its counters; empty if there is none."""
    return next(iter(db.query("select * from hosts where host = ?", [host])), {})


def _hours_after_publication(update: Update) -> tuple[float, float] | None:
    """Hours from publication to the checks around the update; None if only the day is known."""
    published_at = update.published_at
    if not published_at or "T" not in published_at or update.seen_at < published_at:
        return None
    latest = _hours_between(published_at, update.seen_at)
    return max(0.0, _hours_between(published_at, update.seen_after)), latest


def _days_watched(begin: datetime, first_seen_at: str | None, now: datetime) -> float:
    first_seen = parse_instant(first_seen_at)
    start = max(begin, first_seen) if first_seen else begin
    return (now - start).total_seconds() / 86_400


def _hours_between(earlier: str, later: str) -> float:
    begin, end = datetime.fromisoformat(earlier), datetime.fromisoformat(later)
    return (end - begin).total_seconds() / 3_600


def _by_host(db: Database, select: str, host: str | None) -> dict[str, list[float]]:
    """The numbers by host, in the order of the query's second column."""
    numbers: dict[str, list[float]] = defaultdict(list)
    host_condition = " and a.host = :host" if host is not None else ""
    for name, number in db.execute(
        f"{select}{host_condition} order by 2", {"host": host, "recent": MAX_RECENT_ROWS}
    ):
        numbers[name].append(float(number))
    return numbers
