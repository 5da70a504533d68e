"""What a host answers at other addresses: is it the article that changed or fails, or its site?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scraper.article import Article
from scraper.urls import hostname
from storage.articles.aliases import find_article
from storage.articles.state import MISSING_STATUSES, ArticleState
from storage.articles.versions import article_from_row, version_row
from storage.database import Database
from storage.diff.noise.replaced_lines import PARAGRAPH_BREAK
from storage.diff.siblings.other_text import OtherText, added_paragraphs, is_source
from storage.timestamps import to_text
from storage.vocabulary import ARTICLE_THERE, NO_ARTICLE, sql_list

# Without an earlier time to count from, answers of this last while count.
LATELY = timedelta(days=1)
# Unconfirmed texts of other articles count if they are at most this old. A later one proves nothing: the first address
# that shows a text may be its own.
MAX_SKETCH_AGE = timedelta(days=2)
# Checks of other articles this long before and after one show the state of the host at that time.
AT_ONCE = timedelta(minutes=10)
# Of an edited text so many long lines are looked for in the texts of so many other articles, the newest.
MAX_SOUGHT_LINES, MAX_SEARCHED_ARTICLES, MIN_SOUGHT_LENGTH = 6, 400, 40
# So many other articles, and so many unconfirmed checks of them, prove enough.
MAX_JUDGED_ARTICLES, MAX_JUDGED_CHECKS = 200, 500


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


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is stored about the addresses of a host, as far as a check needs it.

    - `answers`: what other articles answered since this one is missing, or shows an unproven text.
    - `at_once`: what other articles answered within minutes.
    - `own_urls`: the addresses of the article.
    - `claimed_url`: the address of another article, if the page names that as its own and not this one's.
    - `named_beside`: another article that the page names beside this one.
    - `same_headline_url`: another article that has the headline of the page.
    - `other_text`: another article of which most came to the page.
    - `sketches`: the address and sketch of what other articles showed that is unconfirmed.
    """

    answers: HostAnswers = HostAnswers()
    at_once: HostAnswers = HostAnswers()
    own_urls: frozenset[str] = frozenset()
    claimed_url: str | None = None
    named_beside: Article | None = None
    same_headline_url: str | None = None
    other_text: OtherText | None = None
    sketches: tuple[tuple[str, str], ...] = ()


NOWHERE = Elsewhere()


def answers_elsewhere(db: Database, state: ArticleState, *, at: datetime) -> Elsewhere:
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
    return Elsewhere(HostAnswers(int(row[0]), int(row[1]), int(row[2])))


def texts_elsewhere(
    db: Database,
    state: ArticleState,
    url: str,
    article: Article,
    claims: Sequence[str],
    *,
    at: datetime,
) -> Elsewhere:
    """What other articles of the host of `url` showed around a time, and which of them has this text.

    `claims` are the addresses that the page names as its own.
    """
    host = hostname(state.url or url)
    own_urls = db.execute(
        "select url from aliases where article_id = ? and declared_by is null", [state.article_id]
    ).fetchall()
    owners = _owners(db, claims)
    is_own = state.article_id in owners.values()
    return Elsewhere(
        answers=_answers_since_doubt(db, state, at),
        at_once=_answers_at_once(db, state, at),
        own_urls=frozenset(row[0] for row in own_urls),
        claimed_url=None if is_own else next(iter(owners), None),
        named_beside=_named_beside(db, state, owners),
        same_headline_url=_same_headline_url(db, state, host, article.headline),
        other_text=_other_text(db, state, host, article),
        sketches=_sketches(db, state, host, at),
    )


def _answers_at_once(db: Database, state: ArticleState, at: datetime) -> HostAnswers:
    """What the other articles answered within minutes; of those that are there only what came since.

    They may have been there before the site broke.
    """
    return _page_answers(db, state, at, wrong_since=to_text(at - AT_ONCE), there_since=to_text(at))


def _answers_since_doubt(db: Database, state: ArticleState, at: datetime) -> HostAnswers:
    """What the other articles answered since the text of this one is unproven."""
    since = state.trouble.unconfirmed_since
    if since is None:
        return HostAnswers()
    return _page_answers(db, state, at, wrong_since=since, there_since=since)


def _page_answers(
    db: Database, state: ArticleState, at: datetime, *, wrong_since: str, there_since: str
) -> HostAnswers:
    """The last checks of the other articles between two times, up to some minutes after a third."""
    rows = db.execute(
        "with others as (select o.id from articles own join articles o on o.host = own.host and o.id <> own.id"
        "  and o.latest_version is not null and o.checked_at >= :since where own.id = :id limit :limit),"
        " last as (select (select f.id from fetches f where f.article_id = o.id and f.confirms is null"
        "  and f.fetched_at <= :until order by f.id desc limit 1) as id from others o)"
        f" select f.fetched_at, f.outcome in ({sql_list(ARTICLE_THERE)}),"
        f"  f.outcome in ({sql_list(NO_ARTICLE)}) and f.http_status between 200 and 299"
        " from last join fetches f on f.id = last.id and f.fetched_at >= :since",
        {
            "id": state.article_id,
            "since": min(wrong_since, there_since),
            "until": to_text(at + AT_ONCE),
            "limit": MAX_JUDGED_ARTICLES,
        },
    ).fetchall()
    there = sum(bool(is_there) and fetched_at >= there_since for fetched_at, is_there, _ in rows)
    wrong = sum(bool(is_wrong) and fetched_at >= wrong_since for fetched_at, _, is_wrong in rows)
    return HostAnswers(len(rows), there, wrong=wrong)


def _other_text(db: Database, state: ArticleState, host: str, article: Article) -> OtherText | None:
    """The article of the host of which most came to a page, if anything of that length came."""
    added = added_paragraphs(state.article, article) if state.article else []
    long_lines = [line for line in added if len(line) >= MIN_SOUGHT_LENGTH]
    sought = long_lines[:: max(1, len(long_lines) // MAX_SOUGHT_LINES)][:MAX_SOUGHT_LINES]
    if not sought:
        return None
    hits = " + ".join(["(instr(v.body, ?) > 0)"] * len(sought))
    rows = db.execute(
        "with others as (select id, url, latest_version from articles where host = ? and id <> ?"
        " order by id desc limit ?)"
        f" select o.url, v.headline, v.body, {hits} as hits from others o"
        " join versions v on v.article_id = o.id and v.number = o.latest_version"
        " where hits >= ? order by hits desc limit 1",
        [host, state.article_id, MAX_SEARCHED_ARTICLES, *sought, len(sought) / 2],
    ).fetchall()
    for url, headline, body, _ in rows:
        paragraphs = body.split(PARAGRAPH_BREAK)
        if is_source(paragraphs, added):
            return OtherText(url, frozenset((*paragraphs, headline)))
    return None


def _owners(db: Database, claims: Sequence[str]) -> dict[str, int]:
    """The articles that have the addresses which a page names as its own."""
    owners = ((url, find_article(db, url)) for url in claims)
    return {url: owner for url, owner in owners if owner is not None}


def _named_beside(db: Database, state: ArticleState, owners: Mapping[str, int]) -> Article | None:
    """The article that a page names beside this one, as it is stored."""
    other = next(((url, owner) for url, owner in owners.items() if owner != state.article_id), None)
    if other is None or state.article_id not in owners.values():
        return None
    url, owner = other
    number = db.execute("select latest_version from articles where id = ?", [owner]).fetchone()[0]
    return article_from_row(version_row(db, owner, number), url) if number else None


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
