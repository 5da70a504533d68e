"""What the other articles of a host answered lately: is it the article that fails, or its site?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.articles.state import MISSING_STATUSES, ArticleState
from storage.database import Database
from storage.timestamps import to_text
from storage.vocabulary import ARTICLE_THERE, sql_list

# Without an earlier time to count from, answers of this last while count.
LATELY = timedelta(days=1)
# So many other articles prove enough.
MAX_JUDGED_ARTICLES = 200


@dataclass(frozen=True, slots=True)
class HostAnswers:
    """The other watched articles of a host: how many there are, and of how many the last check since
    a time found the article `there`, or its address `missing`."""

    articles: int = 0
    there: int = 0
    missing: int = 0


NO_OTHER_ARTICLES = HostAnswers()


def host_answers(db: Database, state: ArticleState, *, at: datetime) -> HostAnswers:
    """What the other articles answered since this one is missing, or lately if it was not."""
    since = state.trouble.missing_since or to_text(at - LATELY)
    row = db.execute(
        "with own as (select id, host from articles where id = :id),"
        " others as (select a.id, a.checked_at from own join articles a on a.host = own.host and a.id <> own.id"
        "  and a.state in ('active', 'finished') and a.latest_version is not null),"
        " last as (select (select max(f.id) from fetches f where f.article_id = o.id and f.confirms is null) as id"
        "  from others o where o.checked_at >= :since limit :limit)"
        f" select (select count(*) from others), total(f.outcome in ({sql_list(ARTICLE_THERE)})),"
        f" total(f.http_status in ({', '.join(map(str, sorted(MISSING_STATUSES)))}))"
        " from last join fetches f on f.id = last.id and f.fetched_at >= :since",
        {"id": state.article_id, "since": since, "limit": MAX_JUDGED_ARTICLES},
    ).fetchone()
    return HostAnswers(int(row[0]), int(row[1]), int(row[2]))
