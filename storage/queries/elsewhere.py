"""What a host answers at other addresses: is it the article that changed or fails, or its site?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scraper.article import Article
from scraper.urls import hostname
from storage.articles.aliases import find_article
from storage.articles.state import ArticleState
from storage.articles.versions import article_from_row, version_row
from storage.database import Database
from storage.diff.noise.exclusions import PARAGRAPH_BREAK
from storage.diff.siblings.other_text import (
    OtherText,
    added_paragraphs,
    is_source,
    shares_paragraphs,
)
from storage.diff.variants import NO_VARIANTS, Variants
from storage.queries.host_answers import (
    NOBODY,
    HostAnswers,
    answers_at_once,
    answers_since_doubt,
    has_two_caches,
)
from storage.timestamps import parse_instant, to_text

# Unconfirmed texts of other articles count if they are at most this old. A later one proves nothing: the first address
# that shows a text may be its own.
MAX_SKETCH_AGE = timedelta(days=2)
# Of an edited text so many long lines are looked for in the texts of so many other articles, the newest.
MAX_SOUGHT_LINES, MAX_SEARCHED_ARTICLES, MIN_SOUGHT_LENGTH = 6, 400, 40
# Four hundred articles of ordinary length have a quarter of it. To look for six lines in it takes 40 ms.
MAX_SEARCHED_CHARACTERS = 5_000_000
# A cache shows an older page for at most so long after an edit, and this many versions back.
MAX_CACHED, MAX_EARLIER_VERSIONS = timedelta(days=1), 10
# So many unconfirmed checks of other articles prove enough.
MAX_JUDGED_CHECKS = 500


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is stored about the addresses of a host, as far as a check needs it.

    - `answers`: what other articles answered since this one is missing, or shows an unproven text.
    - `at_once`: what other articles answered within minutes. `edited_at_once`: of them those that were edited lately.
    - `own_urls`: the addresses of the article.
    - `claimed_url`: the address of another article, if the page names that as its own and not this one's.
    - `named_beside`: another article that the page names beside this one.
    - `earlier_texts`: headline and body of what the article said before an edit of the last day.
    - `same_headline_url`: another article that has the headline of the page, and much of its text.
    - `other_text`: another article of which most came to the page.
    - `has_two_caches`: the two responses of another article's check lately were its text before and after an edit.
    - `variants`: what two responses of earlier checks of this article showed side by side.
    - `sketches`: the address and sketch of what other articles showed that is unconfirmed.
    - `has_unread_pages`: reading stored pages took too long, so nothing says what is the publisher's.
    """

    answers: HostAnswers = NOBODY
    at_once: HostAnswers = NOBODY
    edited_at_once: HostAnswers = NOBODY
    own_urls: frozenset[str] = frozenset()
    claimed_url: str | None = None
    named_beside: Article | None = None
    same_headline_url: str | None = None
    earlier_texts: frozenset[tuple[str, str]] = frozenset()
    other_text: OtherText | None = None
    has_two_caches: bool = False
    variants: Variants = NO_VARIANTS
    sketches: tuple[tuple[str, str], ...] = ()
    has_unread_pages: bool = False


NOWHERE = Elsewhere()


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
    earlier = _earlier_texts(db, state, at)
    lately = to_text(at - MAX_CACHED)
    owners = _owners(db, claims)
    is_own = state.article_id in owners.values()
    return Elsewhere(
        answers=answers_since_doubt(db, state, at=at),
        at_once=answers_at_once(db, state, at=at),
        own_urls=frozenset(row[0] for row in own_urls),
        claimed_url=None if is_own else next(iter(owners), None),
        named_beside=_named_beside(db, state, owners),
        same_headline_url=_same_headline_url(db, state, host, article),
        earlier_texts=earlier,
        edited_at_once=answers_at_once(db, state, at=at, edited_since=lately)
        if earlier
        else NOBODY,
        has_two_caches=bool(earlier) and has_two_caches(db, state, lately, to_text(at)),
        other_text=_other_text(db, state, host, article),
        sketches=_sketches(db, state, host, at),
    )


def _other_text(db: Database, state: ArticleState, host: str, article: Article) -> OtherText | None:
    """The article of the host of which most came to a page, if anything of that length came."""
    added = added_paragraphs(state.article, article) if state.article else []
    long_lines = [line for line in added if len(line) >= MIN_SOUGHT_LENGTH]
    sought = long_lines[:: max(1, len(long_lines) // MAX_SOUGHT_LINES)][:MAX_SOUGHT_LINES]
    if not sought:
        return None
    found = _most_like(db, state, host, sought)
    if found is None:
        return None
    url, headline, body = found
    paragraphs = body.split(PARAGRAPH_BREAK)
    if not is_source(paragraphs, added):
        return None
    return OtherText(url, frozenset((*paragraphs, headline)), paragraphs[0])


def _most_like(
    db: Database, state: ArticleState, host: str, sought: Sequence[str]
) -> tuple[str, str, str] | None:
    """The address, headline and body of the article of a host that has most of these lines, half of them at least.

    The newest are searched first, until they had MAX_SEARCHED_CHARACTERS: no other check goes on meanwhile.
    """
    others = db.execute(
        "select url, v.id from articles a join versions v on v.article_id = a.id and v.number = a.latest_version"
        " where host = ? and a.id <> ? order by a.id desc limit ?",
        [host, state.article_id, MAX_SEARCHED_ARTICLES],
    ).fetchall()
    hits = " + ".join(["(instr(body, ?) > 0)"] * len(sought))
    best: tuple[str, int] | None = None
    most, left = len(sought) / 2, MAX_SEARCHED_CHARACTERS
    for url, version_id in others:
        size, count = db.execute(
            f"select length(body), {hits} from versions where id = ?", [*sought, version_id]
        ).fetchone()
        if count > most or (best is None and count == most):
            best, most = (url, version_id), count
        left -= size
        if left < 0:
            break
    if best is None:
        return None
    row = db.execute("select headline, body from versions where id = ?", [best[1]]).fetchone()
    return best[0], row[0], row[1]


def _earlier_texts(db: Database, state: ArticleState, at: datetime) -> frozenset[tuple[str, str]]:
    """The headline and body of the versions before the latest one, if that is new."""
    version = state.version
    if version is None or version.number == 1:
        return frozenset()
    seen_at = parse_instant(version.seen_at)
    if seen_at is None or at - seen_at > MAX_CACHED:
        return frozenset()
    rows = db.execute(
        "select headline, body from versions where article_id = ? and number < ? order by number desc limit ?",
        [state.article_id, version.number, MAX_EARLIER_VERSIONS],
    ).fetchall()
    return frozenset((headline, body) for headline, body in rows)


def replaced_by_return(db: Database, state: ArticleState, since: str) -> Article | None:
    """The version that an earlier text replaced when it came back since a time; None if none did."""
    version = state.version
    if version is None or version.number == 1 or version.seen_at < since:
        return None
    article_id = state.article_id or 0
    row = db.execute(
        "select reverts_to from versions where article_id = ? and number = ? and seen_at = ?",
        [article_id, version.number, version.seen_at],
    ).fetchone()
    if row is None or row[0] is None:
        return None
    row = version_row(db, article_id, version.number - 1)
    return article_from_row(row, state.url or "")


def versions_since(db: Database, state: ArticleState, since: str) -> Iterator[Article]:
    """The versions that edits have replaced since a time, the last of them first."""
    version, article_id = state.version, state.article_id or 0
    if version is None:
        return
    rows = db.execute(
        "select number - 1 from versions where article_id = ? and number > 1 and number <= ? and seen_at >= ? and not technical"
        " order by number desc limit ?",
        [article_id, version.number, since, MAX_EARLIER_VERSIONS],
    ).fetchall()
    for (number,) in rows:
        yield article_from_row(version_row(db, article_id, number), state.url or "")


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


def _same_headline_url(
    db: Database, state: ArticleState, host: str, article: Article
) -> str | None:
    """Another article with the headline of a page and much of its text: some headlines are used each week."""
    if state.article is None or state.article.headline == article.headline:
        return None
    row = db.execute(
        "select a.url, v.body from articles a join versions v on v.article_id = a.id and v.number = a.latest_version"
        " where a.host = ? and a.id <> ? and a.headline = ? order by a.id desc limit 1",
        [host, state.article_id, article.headline],
    ).fetchone()
    if row is None or not shares_paragraphs(article.paragraphs, row[1].split(PARAGRAPH_BREAK)):
        return None
    return str(row[0])


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
