"""The updates of a publisher. An update is everything that one check found edited in one article."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from storage.database import Database, Row

# The two ways to read a publisher's edits; they give the same rows.
EDITS_BY_TIME = "edits e indexed by edits_by_time cross join articles a on a.id = e.article_id"
EDITS_BY_ARTICLE = "articles a cross join edits e indexed by edits_article on e.article_id = a.id"


@dataclass(frozen=True, slots=True)
class Update:
    """What one check found edited in one article; times are ISO 8601 text.

    `disclosed` is 1 if any of the edits was disclosed, 0 if all known ones were silent, None if unknown.
    `published_at` is that of the article's first version.
    """

    article_id: int
    seen_after: str
    seen_at: str
    edits: int
    headline_edits: int
    disclosed: int | None
    published_at: str | None


@dataclass(frozen=True, slots=True)
class DailyUpdates:
    """How many updates happened on one day (UTC): at least `certain`, at most `possible`."""

    day: str
    certain: int
    possible: int


def newest_updates(
    db: Database, host: str, since: str, *, by_time: bool, limit: int
) -> list[Update]:
    """The updates of a publisher seen since a time, newest first, at most `limit`.

    `by_time` says how to read them: all edits by time, or the edits of each article of the publisher.
    Both give the same updates; `is_faster_by_time` knows which takes less time.
    """
    rows = db.query(
        "select e.article_id, e.to_version, e.seen_after, e.seen_at, e.disclosed, e.field, v.published_at"
        f" from {EDITS_BY_TIME if by_time else EDITS_BY_ARTICLE}"
        " cross join versions v on v.article_id = e.article_id and v.number = 1"
        " where a.host = :host and a.changed_at >= :since and e.seen_at >= :since"
        " order by e.seen_at desc, e.id desc",
        {"host": host, "since": since},
    )
    updates: dict[tuple[int, int], Update] = {}
    for row in rows:
        key = (row["article_id"], row["to_version"])
        if key not in updates and len(updates) == limit:
            break
        updates[key] = _with_edit(updates.get(key), row)
    return list(updates.values())


def is_faster_by_time(articles: int, all_articles: int, *, limit: int) -> bool:
    """Is it faster to read all edits by time than those of each of a publisher's articles?

    By time, `limit` updates of the publisher are among the newest limit × all_articles / articles of all,
    if all publishers edit equally often. By article, at least one edit of each of its articles is read.
    """
    return articles**2 > limit * all_articles


def updates_per_day(updates: Sequence[Update], first: date, last: date) -> tuple[DailyUpdates, ...]:
    """The updates of each day from `first` to `last`.

    An update certainly happened on a day if both its checks were on that day. It possibly happened if the
    day lies between them, or if one of them was on it.
    """
    certain, possible = Counter[date](), Counter[date]()
    for update in updates:
        begin, end = _date(update.seen_after), _date(update.seen_at)
        if begin == end:
            certain[end] += 1
        day = max(begin, first)
        while day <= end:
            possible[day] += 1
            day += timedelta(days=1)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(DailyUpdates(day.isoformat(), certain[day], possible[day]) for day in days)


def _with_edit(update: Update | None, row: Row) -> Update:
    """The update with one more of its edits."""
    is_headline = int(row["field"] == "headline")
    if update is None:
        return Update(
            article_id=row["article_id"],
            seen_after=row["seen_after"],
            seen_at=row["seen_at"],
            edits=1,
            headline_edits=is_headline,
            disclosed=row["disclosed"],
            published_at=row["published_at"],
        )
    return replace(
        update,
        seen_after=min(update.seen_after, row["seen_after"]),
        edits=update.edits + 1,
        headline_edits=update.headline_edits + is_headline,
        disclosed=max(update.disclosed, row["disclosed"], key=_disclosure_order),
    )


def _disclosure_order(disclosed: int | None) -> int:
    return -1 if disclosed is None else disclosed


def _date(text: str) -> date:
    return date.fromisoformat(text[:10])
