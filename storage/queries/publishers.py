"""How one publisher edits, from its newest edits, and how well its pages are read."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.queries.intervals import Estimate, Median, median_between, rate, share
from storage.timestamps import parse_instant, to_text

Row = dict[str, Any]

# Figures are of so many days, and of so many updates at most.
STATS_DAYS = 30
MAX_UPDATES = 3_000
# Extraction is judged by so many of the newest articles, looks by so many of the last.
JUDGED_ARTICLES, JUDGED_CHECKS = 100, 200


@dataclass(frozen=True, slots=True)
class DailyUpdates:
    """Updates of one day (UTC): those that surely fell in it, and those that may have."""

    day: str
    certain: int
    possible: int


@dataclass(frozen=True, slots=True)
class PublisherStats:
    """What one publisher's updates tell. An update is what one look found edited in one article."""

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


def publisher_stats(db: Database, host: str, *, now: datetime) -> PublisherStats:
    """The figures of the last DAYS days; for a publisher that is watched no more, of those before its last look."""
    host_row = _host_row(db, host)
    now = min(now, parse_instant(host_row.get("checked_at")) or now)
    begin = (now - timedelta(days=STATS_DAYS - 1)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    updates = _updates(db, host, to_text(begin), articles=host_row.get("articles", 0))
    is_cut = len(updates) == MAX_UPDATES
    if is_cut:
        begin = _instant(updates[-1]["seen_at"])
    watched_articles = db.execute(
        "select count(*) from articles where host = ? and checked_at >= ?", [host, to_text(begin)]
    ).fetchone()[0]
    span = _days_watched(begin, host_row.get("first_seen_at"), now)
    inside = [row for row in updates if row["seen_after"] >= to_text(begin)]
    judged_updates = [row for row in updates if row["disclosed"] is not None]
    spans = [between for row in updates if (between := _hours_after_publication(row)) is not None]
    gaps = [_hours_between(row["seen_after"], row["seen_at"]) * 60 for row in updates]
    return PublisherStats(
        articles=host_row.get("articles", 0),
        updates=len(updates),
        edits=sum(row["edits"] for row in updates),
        since=to_text(begin),
        until=to_text(now),
        is_cut=is_cut,
        days=_updates_per_day(updates, begin.date(), now.date()),
        per_day=rate(len(inside), len(updates), span),
        hours_to_edit=median_between(spans),
        timed_updates=len(spans),
        silent_share=share(
            sum(row["disclosed"] == 0 for row in judged_updates), len(judged_updates)
        ),
        judged_updates=len(judged_updates),
        unjudged_updates=len(updates) - len(judged_updates),
        edited_share=share(len({row["article_id"] for row in updates}), watched_articles),
        headline_share=share(
            len({row["article_id"] for row in updates if row["headlines"]}), watched_articles
        ),
        mean_gap_minutes=sum(gaps) / len(gaps) if gaps else None,
    )


def extraction_stats(db: Database, host: str) -> Row:
    """How its pages are read: looks that saw no article, why, and the fields of the newest articles."""
    checks = db.execute(
        "select f.outcome, f.reason from fetches f join articles a on a.id = f.article_id"
        " where a.id in (select id from articles where host = ? and checked_at is not null"
        " order by checked_at desc limit 50) and f.confirms is null order by f.id desc limit ?",
        [host, JUDGED_CHECKS],
    ).fetchall()
    failed = [row[1] or row[0] for row in checks if row[0] in ("failed", "blocked", "refused")]
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
    fields = ("dek", "byline", "published_at", "section")
    return {
        "checks": len(checks),
        "failed": asdict(share(len(failed), len(checks))),
        "reasons": Counter(failed).most_common(3),
        "articles": len(newest),
        "filled": {name: asdict(share(sum(row[name] for row in newest), len(newest))) for name in fields},
        "first_versions": versions,
    }  # fmt: skip


def publishers(db: Database, *, below: str | None = None, limit: int = 200) -> list[Row]:
    """The publishers with the most articles, of those listed below one: how many, when one was last edited and
    last looked at."""
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
    """Is there an article of this publisher?"""
    return bool(_host_row(db, host).get("articles"))


def _host_row(db: Database, host: str | None) -> Row:
    """What is counted of a publisher; empty of one that is not known."""
    return next(iter(db.query("select * from hosts where host = ?", [host])), {})


def _updates(db: Database, host: str, since: str, *, articles: int) -> list[Row]:
    """What looks found edited since then, one row per article and version, the newest first.

    Of a publisher with so many articles that MOST updates of it are soon found among all edits these are read from
    the newest on, else the edits of each of its articles.
    """
    total = db.execute("select sum(articles) from hosts").fetchone()[0] or 0
    by_time = "edits e indexed by edits_by_time cross join articles a on a.id = e.article_id"
    by_article = "articles a cross join edits e indexed by edits_article on e.article_id = a.id"
    rows = db.query(
        "select e.article_id, e.to_version, e.seen_after, e.seen_at, e.disclosed, e.field, v.published_at"
        f" from {by_time if articles**2 > MAX_UPDATES * total else by_article}"
        " cross join versions v on v.article_id = e.article_id and v.number = 1"
        " where a.host = :host and a.changed_at >= :since and e.seen_at >= :since"
        " order by e.seen_at desc, e.id desc",
        {"host": host, "since": since},
    )
    updates: dict[tuple[int, int], Row] = {}
    for row in rows:
        key = (row["article_id"], row["to_version"])
        if key not in updates and len(updates) == MAX_UPDATES:
            break
        update = updates.setdefault(key, {**row, "edits": 0, "headlines": 0})
        update["edits"] += 1
        update["headlines"] += row["field"] == "headline"
        update["disclosed"] = max(update["disclosed"], row["disclosed"], key=_disclosure_order)
        update["seen_after"] = min(update["seen_after"], row["seen_after"])
    return list(updates.values())


def _disclosure_order(disclosed: int | None) -> int:
    return -1 if disclosed is None else disclosed


def _updates_per_day(updates: list[Row], first: date, last: date) -> tuple[DailyUpdates, ...]:
    """Each day with the updates that fell between two looks of that day, and those whose looks touch it."""
    certain, possible = Counter[date](), Counter[date]()
    for row in updates:
        begin, end = _date(row["seen_after"]), _date(row["seen_at"])
        if begin == end:
            certain[end] += 1
        day = max(begin, first)
        while day <= end:
            possible[day] += 1
            day += timedelta(days=1)
    days = ((first + timedelta(days=n)) for n in range((last - first).days + 1))
    return tuple(DailyUpdates(day.isoformat(), certain[day], possible[day]) for day in days)


def _hours_after_publication(row: Row) -> tuple[float, float] | None:
    """Between which hours after publication an update came; None where only the day is known."""
    published = row["published_at"]
    if not published or "T" not in published or row["seen_at"] < published:
        return None
    return max(0.0, _hours_between(published, row["seen_after"])), _hours_between(
        published, row["seen_at"]
    )


def _days_watched(begin: datetime, first_seen_at: str | None, now: datetime) -> float:
    first_seen = parse_instant(first_seen_at)
    start = max(begin, first_seen) if first_seen else begin
    return (now - start).total_seconds() / 86_400


def _hours_between(earlier: str, later: str) -> float:
    return (_instant(later) - _instant(earlier)).total_seconds() / 3_600


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _date(text: str) -> date:
    return date.fromisoformat(text[:10])
