"""What the other articles of a host answered at the time of a check: were they there, missing, or wrong pages?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.articles.state import MISSING_STATUSES, ArticleState
from storage.database import Database
from storage.timestamps import to_text
from storage.vocabulary import ARTICLE_THERE, NO_ARTICLE, sql_list

# Without an earlier time to count from, answers of this last while count.
LATELY = timedelta(days=1)
# Checks of other articles this long before and after one show the state of the host at that time.
AT_ONCE = timedelta(minutes=10)
# So many other articles prove enough.
MAX_JUDGED_ARTICLES = 200


@dataclass(frozen=True, slots=True)
class HostAnswers:
    """The other watched articles of a host: how many there are, and of how many the last check since
    a time found the article `there`, its address `missing`, or a page that is `wrong`."""

    articles: int = 0
    there: int = 0
    missing: int = 0
    wrong: int = 0

    @property
    def is_site_at_fault(self) -> bool:
        """Whether most other articles were checked in vain at the same time, though there was a page."""
        return self.wrong > self.there


NOBODY = HostAnswers()


def answers_since_missing(db: Database, state: ArticleState, *, at: datetime) -> HostAnswers:
    """What the other articles answered until a time, since this one is missing, or lately if it was not.

    Those that were gone at their last check say nothing.
    """
    since = state.trouble.missing_since or to_text(at - LATELY)
    row = db.execute(
        "with own as (select id, host from articles where id = :id),"
        " others as (select a.id, a.checked_at, a.state from own join articles a on a.host = own.host"
        "  and a.id <> own.id and a.state <> 'paused' and a.latest_version is not null),"
        " last as (select (select max(f.id) from fetches f where f.article_id = o.id and f.confirms is null"
        "   and f.fetched_at <= :at) as id from others o where o.checked_at >= :since limit :limit)"
        " select (select count(*) from others where state <> 'gone'),"
        f" total(f.outcome in ({sql_list(ARTICLE_THERE)})),"
        f" total(f.http_status in ({', '.join(map(str, sorted(MISSING_STATUSES)))}))"
        " from last join fetches f on f.id = last.id and f.fetched_at >= :since and f.outcome <> 'gone'",
        {"id": state.article_id, "since": since, "at": to_text(at), "limit": MAX_JUDGED_ARTICLES},
    ).fetchone()
    return HostAnswers(int(row[0]), int(row[1]), int(row[2]))


def answers_at_once(
    db: Database, state: ArticleState, *, at: datetime, edited_since: str = ""
) -> HostAnswers:
    """What the other articles answered within minutes; of those that are there only what came since.

    They may have been there before the site broke. With `edited_since` only those that were edited since count.
    """
    since = to_text(at - AT_ONCE)
    return _page_answers(
        db, state, at, wrong_since=since, there_since=to_text(at), edited_since=edited_since
    )


def answers_since_doubt(db: Database, state: ArticleState, *, at: datetime) -> HostAnswers:
    """What the other articles answered since the text of this one is unproven."""
    since = state.trouble.unconfirmed_since
    if since is None:
        return NOBODY
    return _page_answers(db, state, at, wrong_since=since, there_since=since)


def has_two_caches(db: Database, state: ArticleState, since: str, until: str) -> bool:
    """Whether a check of another article of the host failed between two times because its responses disagreed."""
    row = db.execute(
        "select 1 from articles own join articles o on o.host = own.host and o.id <> own.id and o.checked_at >= :since"
        " join fetches f on f.article_id = o.id and f.fetched_at between :since and :until"
        " join fetches s on s.confirms = f.id and s.http_status = 200 and s.snapshot_id <> f.snapshot_id"
        " where own.id = :id and f.outcome = 'failed' and f.unconfirmed = 0 and f.http_status = 200"
        " limit 1",
        {"id": state.article_id, "since": since, "until": until},
    ).fetchone()
    return row is not None


def _page_answers(
    db: Database,
    state: ArticleState,
    at: datetime,
    *,
    wrong_since: str,
    there_since: str,
    edited_since: str = "",
) -> HostAnswers:
    """The last checks of the other articles between two times, up to some minutes after a third."""
    rows = db.execute(
        "with others as (select o.id from articles own join articles o on o.host = own.host and o.id <> own.id"
        "  and o.latest_version is not null and o.checked_at >= :since where own.id = :id"
        "  and (:edited_since = '' or exists (select 1 from versions v where v.article_id = o.id"
        "   and v.number > 1 and not v.technical and v.seen_at between :edited_since and :at)) limit :limit),"
        " last as (select (select f.id from fetches f where f.article_id = o.id and f.confirms is null"
        "  and f.fetched_at <= :until order by f.id desc limit 1) as id from others o)"
        f" select f.fetched_at, f.outcome in ({sql_list(ARTICLE_THERE)}),"
        f"  f.outcome in ({sql_list(NO_ARTICLE)}) and f.http_status between 200 and 299"
        " from last join fetches f on f.id = last.id and f.fetched_at >= :since",
        {
            "id": state.article_id,
            "since": min(wrong_since, there_since),
            "at": to_text(at),
            "edited_since": edited_since,
            "until": to_text(at + AT_ONCE),
            "limit": MAX_JUDGED_ARTICLES,
        },
    ).fetchall()
    there = sum(bool(is_there) and fetched_at >= there_since for fetched_at, is_there, _ in rows)
    wrong = sum(bool(is_wrong) and fetched_at >= wrong_since for fetched_at, _, is_wrong in rows)
    return HostAnswers(len(rows), there, wrong=wrong)
