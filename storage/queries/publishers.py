"""How one publisher edits, from its newest edits, and how well its pages are read."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.queries.intervals import Estimate, Median, median_between, rate, share
from storage.timestamps import moment, moment_of

Row = dict[str, Any]

# Figures are of so many days, and of so many updates at most.
DAYS = 30
MOST = 3_000
# Extraction is judged by so many of the newest articles, looks by so many of the last.
NEWEST, LOOKS = 100, 200


@dataclass(frozen=True, slots=True)
class Day:
    """Updates of one day (UTC): those that surely fell in it, and those that may have."""

    day: str
    certain: int
    possible: int


@dataclass(frozen=True, slots=True)
class Habits:
    """What one publisher's updates tell. An update is what one look found edited in one article."""

    articles: int
    updates: int
    edits: int
    since: str
    until: str
    is_cut: bool
    days: tuple[Day, ...]
    per_day: Estimate
    hours_to_edit: Median
    timed: int
    silent: Estimate
    told: int
    untold: int
    edited: Estimate
    headlines: Estimate
    mean_gap_minutes: float | None


def habits(db: Database, host: str, *, now: datetime) -> Habits:
    """The figures of the last DAYS days; for a publisher that is watched no more, of those before its last look."""
    counted = _counted(db, host)
    now = min(now, moment_of(counted.get("checked_at")) or now)
    begin = (now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    updates = _updates(db, host, moment(begin), articles=counted.get("articles", 0))
    is_cut = len(updates) == MOST
    if is_cut:
        begin = _time(updates[-1]["seen_at"])
    watched = db.execute(
        "select count(*) from articles where host = ? and checked_at >= ?", [host, moment(begin)]
    ).fetchone()[0]
    span = _days_watched(begin, counted.get("first_seen_at"), now)
    inside = [row for row in updates if row["seen_after"] >= moment(begin)]
    told = [row for row in updates if row["disclosed"] is not None]
    spans = [between for row in updates if (between := _hours_after(row)) is not None]
    gaps = [_hours(row["seen_after"], row["seen_at"]) * 60 for row in updates]
    return Habits(
        articles=counted.get("articles", 0),
        updates=len(updates),
        edits=sum(row["edits"] for row in updates),
        since=moment(begin),
        until=moment(now),
        is_cut=is_cut,
        days=_days(updates, begin.date(), now.date()),
        per_day=rate(len(inside), len(updates), span),
        hours_to_edit=median_between(spans),
        timed=len(spans),
        silent=share(sum(row["disclosed"] == 0 for row in told), len(told)),
        told=len(told),
        untold=len(updates) - len(told),
        edited=share(len({row["article_id"] for row in updates}), watched),
        headlines=share(len({row["article_id"] for row in updates if row["headlines"]}), watched),
        mean_gap_minutes=sum(gaps) / len(gaps) if gaps else None,
    )


def reading(db: Database, host: str) -> Row:
    """How its pages are read: looks that saw no article, why, and the fields of the newest articles."""
    looks = db.execute(
        "select f.outcome, f.reason from fetches f join articles a on a.id = f.article_id"
        " where a.id in (select id from articles where host = ? and checked_at is not null"
        " order by checked_at desc limit 50) and f.confirms is null order by f.id desc limit ?",
        [host, LOOKS],
    ).fetchall()
    failed = [row[1] or row[0] for row in looks if row[0] in ("failed", "blocked", "refused")]
    versions = list(
        db.query(
            "select host, length(v.body) as length, v.dek is not null as dek, v.byline <> '[]' as byline,"
            " v.published_at is not null as published_at, v.section is not null as section"
            " from articles a join versions v on v.article_id = a.id and v.number = 1"
            " where a.host = ? order by a.id desc limit ?",
            [host, NEWEST * 2 + 20],
        )
    )
    newest = versions[:NEWEST]
    fields = ("dek", "byline", "published_at", "section")
    return {
        "looks": len(looks),
        "failed": asdict(share(len(failed), len(looks))),
        "reasons": Counter(failed).most_common(3),
        "articles": len(newest),
        "filled": {name: asdict(share(sum(row[name] for row in newest), len(newest))) for name in fields},
        "first_versions": versions,
    }  # fmt: skip


def publishers(db: Database, *, below: str | None = None, limit: int = 200) -> list[Row]:
    """The publishers with the most articles, of those listed below one: how many, when one was last edited and
    last looked at."""
    most = _counted(db, below).get("articles", 0)
    return list(
        db.query(
            "select host, articles, active, changed_at, checked_at from hosts where articles > 0"
            " and (:below is null or (-articles, host) > (-:most, :below))"
            " order by articles desc, host limit :limit",
            {"below": below, "most": most, "limit": limit},
        )
    )


def is_known(db: Database, host: str) -> bool:
    """Is there an article of this publisher?"""
    return bool(_counted(db, host).get("articles"))


def _counted(db: Database, host: str | None) -> Row:
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
        f" from {by_time if articles**2 > MOST * total else by_article}"
        " cross join versions v on v.article_id = e.article_id and v.number = 1"
        " where a.host = :host and a.changed_at >= :since and e.seen_at >= :since"
        " order by e.seen_at desc, e.id desc",
        {"host": host, "since": since},
    )
    updates: dict[tuple[int, int], Row] = {}
    for row in rows:
        key = (row["article_id"], row["to_version"])
        if key not in updates and len(updates) == MOST:
            break
        update = updates.setdefault(key, {**row, "edits": 0, "headlines": 0})
        update["edits"] += 1
        update["headlines"] += row["field"] == "headline"
        update["disclosed"] = max(update["disclosed"], row["disclosed"], key=_known_first)
        update["seen_after"] = min(update["seen_after"], row["seen_after"])
    return list(updates.values())


def _known_first(disclosed: int | None) -> int:
    return -1 if disclosed is None else disclosed


def _days(updates: list[Row], first: date, last: date) -> tuple[Day, ...]:
    """Each day with the updates that fell between two looks of that day, and those whose looks touch it."""
    certain, possible = Counter[date](), Counter[date]()
    for row in updates:
        begin, end = _day(row["seen_after"]), _day(row["seen_at"])
        if begin == end:
            certain[end] += 1
        day = max(begin, first)
        while day <= end:
            possible[day] += 1
            day += timedelta(days=1)
    days = ((first + timedelta(days=n)) for n in range((last - first).days + 1))
    return tuple(Day(day.isoformat(), certain[day], possible[day]) for day in days)


def _hours_after(row: Row) -> tuple[float, float] | None:
    """Between which hours after publication an update came; None where only the day is known."""
    published = row["published_at"]
    if not published or "T" not in published or row["seen_at"] < published:
        return None
    return max(0.0, _hours(published, row["seen_after"])), _hours(published, row["seen_at"])


def _days_watched(begin: datetime, first_seen_at: str | None, now: datetime) -> float:
    seen = moment_of(first_seen_at)
    start = max(begin, seen) if seen else begin
    return (now - start).total_seconds() / 86_400


def _hours(one: str, other: str) -> float:
    return (_time(other) - _time(one)).total_seconds() / 3_600


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])
