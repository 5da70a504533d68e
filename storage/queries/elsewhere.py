"""What a host answers at other addresses: is it the article that changed or fails, or its site?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scraper.urls import hostname
from storage.articles.aliases import find_article
from storage.articles.state import MISSING_STATUSES, ArticleState
from storage.database import Database
from storage.timestamps import to_text
from storage.vocabulary import ARTICLE_THERE, sql_list

# Without an earlier time to count from, answers of this last while count.
LATELY = timedelta(days=1)
# Unconfirmed texts of other articles count if they are at most this old. A later one proves nothing: the first address
# that shows a text may be its own.
MAX_SKETCH_AGE = timedelta(days=2)
# So many other articles, and so many unconfirmed checks of them, prove enough.
MAX_JUDGED_ARTICLES, MAX_JUDGED_CHECKS = 200, 500


@dataclass(frozen=True, slots=True)
class HostAnswers:
    """The other watched articles of a host: how many there are, and of how many the last check since
    a time found the article `there`, or its address `missing`."""

    articles: int = 0
    there: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is stored about the addresses of a host, as far as a check needs it.

    - `answers`: what other articles answered, if this one is missing.
    - `own_urls`: the addresses of the article.
    - `claimed_url`: the address of another article, if the page names that as its own and not this one's.
    - `same_headline_url`: another article that has the headline of the page.
    - `sketches`: the address and sketch of what other articles showed that is unconfirmed.
    """

    answers: HostAnswers = HostAnswers()
    own_urls: frozenset[str] = frozenset()
    claimed_url: str | None = None
    same_headline_url: str | None = None
    sketches: tuple[tuple[str, str], ...] = ()


NOWHERE = Elsewhere()


def answers_elsewhere(db: Database, state: ArticleState, *, at: datetime) -> Elsewhere:
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
    return Elsewhere(HostAnswers(int(row[0]), int(row[1]), int(row[2])))


def texts_elsewhere(
    db: Database,
    state: ArticleState,
    url: str,
    headline: str,
    claims: Sequence[str],
    *,
    at: datetime,
) -> Elsewhere:
    """What other articles of the host of `url` showed before a time, and which of them has a `headline`.

    `claims` are the addresses that the page names as its own.
    """
    host = hostname(state.url or url)
    own_urls = db.execute(
        "select url from aliases where article_id = ? and declared_by is null", [state.article_id]
    ).fetchall()
    return Elsewhere(
        own_urls=frozenset(row[0] for row in own_urls),
        claimed_url=_other_article(db, state, claims),
        same_headline_url=_same_headline_url(db, state, host, headline),
        sketches=_sketches(db, state, host, at),
    )


def _other_article(db: Database, state: ArticleState, claims: Sequence[str]) -> str | None:
    """The address of another article that a page names as its own; None if it names this one, too."""
    ids = {url: find_article(db, url) for url in claims}
    if state.article_id in ids.values():
        return None
    return next((url for url, owner in ids.items() if owner is not None), None)


def _same_headline_url(db: Database, state: ArticleState, host: str, headline: str) -> str | None:
    if state.article is None or state.article.headline == headline:
        return None
    row = db.execute(
        "select url from articles where host = ? and id <> ? and headline = ? limit 1",
        [host, state.article_id, headline],
    ).fetchone()
    return str(row[0]) if row else None


def _sketches(
    db: Database, state: ArticleState, host: str, at: datetime
) -> tuple[tuple[str, str], ...]:
    rows = db.execute(
        "select a.url, f.sketch from fetches f join articles a on a.id = f.article_id"
        " where f.unconfirmed = 1 and f.confirms is null and a.host = ? and a.id is not ?"
        " and f.fetched_at between ? and ?"
        " group by a.id, f.sketch order by max(f.fetched_at) desc limit ?",
        [
            host,
            state.article_id,
            to_text(at - MAX_SKETCH_AGE),
            to_text(at),
            MAX_JUDGED_CHECKS,
        ],
    ).fetchall()
    return tuple((url, text or "") for url, text in rows)
