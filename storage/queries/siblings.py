"""The siblings of an article: other articles of its host, and the pages that showed them and it."""

from dataclasses import dataclass

from storage.database import Database
from storage.vocabulary import ARTICLE_THERE, NO_ARTICLE, sql_list

# Siblings are among the newest articles of a host, and among those added before and after an article:
# the site's old articles may have an old template.
MAX_NEWEST_ARTICLES, MAX_NEIGHBOURS = 20, 20
SIBLING_ROWS = f"""
select a.id, a.url, a.state, coalesce(a.checked_at, ''),
    coalesce((select outcome from fetches f where f.article_id = a.id order by f.id desc limit 1)
        in ({sql_list(NO_ARTICLE)}), 0), coalesce(a.changed_at, ''),
    (select byline from versions v where v.article_id = a.id and v.number = a.latest_version)
from articles a where a.id in (
    select id from (select id from articles where host = :host order by id desc limit {MAX_NEWEST_ARTICLES})
    union select id from (select id from articles where host = :host and id < :id order by id desc limit {MAX_NEIGHBOURS})
    union select id from (select id from articles where host = :host and id > :id order by id limit {MAX_NEIGHBOURS})
) and a.id <> :id and a.latest_version is not null and a.state <> 'gone'
"""
SHOWED_ARTICLE = f"snapshot_id is not null and outcome in ({sql_list(ARTICLE_THERE)})"


@dataclass(frozen=True, slots=True)
class SiblingRow:
    """An article of the same host: `has_failed` is 1 if its last check saw no article.

    `changed_at` is the time of its last edit, empty if there was none, and `byline` is JSON.
    """

    article_id: int
    url: str
    state: str
    checked_at: str
    has_failed: int
    changed_at: str
    byline: str


@dataclass(frozen=True, slots=True)
class SiblingPage:
    """A stored page that showed an article, and when a check last saw the article as it shows it."""

    snapshot_id: int
    seen_at: str


def sibling_rows(db: Database, host: str, article_id: int) -> list[SiblingRow]:
    """Articles of a host beside one of them, at most sixty; none that is gone or was never there."""
    rows = db.execute(SIBLING_ROWS, {"host": host, "id": article_id}).fetchall()
    return [SiblingRow(*row) for row in rows]


def page_within(db: Database, article_id: int, since: str, until: str) -> SiblingPage | None:
    """The page of the last check between two times that saw the article; None if none did.

    If that check stored none, because nothing was new, it is the page before.
    """
    row = db.execute(
        "with last as (select max(fetched_at) as at from fetches where article_id = :id"
        f"  and outcome in ({sql_list(ARTICLE_THERE)}) and fetched_at between :since and :until)"
        f" select snapshot_id, last.at from fetches, last where article_id = :id and {SHOWED_ARTICLE}"
        " and fetched_at <= last.at order by id desc limit 1",
        {"id": article_id, "since": since, "until": until},
    ).fetchone()
    return SiblingPage(*row) if row else None


def page_after(db: Database, article_id: int, after: str, until: str) -> SiblingPage | None:
    """The first page that showed an article between two times."""
    row = db.execute(
        f"select snapshot_id, fetched_at from fetches where article_id = ? and {SHOWED_ARTICLE}"
        " and fetched_at > ? and fetched_at <= ? order by id limit 1",
        [article_id, after, until],
    ).fetchone()
    return SiblingPage(*row) if row else None


def page_before(db: Database, article_id: int, at: str) -> SiblingPage | None:
    """The newest page that showed an article before a time."""
    row = db.execute(
        f"select snapshot_id, fetched_at from fetches where article_id = ? and {SHOWED_ARTICLE}"
        " and fetched_at < ? order by id desc limit 1",
        [article_id, at],
    ).fetchone()
    return SiblingPage(*row) if row else None


def has_new_template(db: Database, article_id: int, version: int) -> bool:
    """Whether a version of an article, up to this one, came with a new template of its site."""
    row = db.execute(
        "select 1 from versions where article_id = ? and number <= ? and technical = 1"
        " and template_fields <> '[]' limit 1",
        [article_id, version],
    ).fetchone()
    return row is not None


def redesigned_siblings(
    db: Database, host: str, article_id: int, since: str, until: str, *, limit: int
) -> list[tuple[int, str, str]]:
    """(id, URL, time) of other articles of a host that got a new template between two times, newest first."""
    return list(
        db.execute(
            "select a.id, a.url, max(v.seen_at) as at from articles a join versions v on v.article_id = a.id"
            " where a.host = ? and a.id <> ? and v.technical = 1 and v.template_fields <> '[]'"
            " and v.seen_at between ? and ? group by a.id order by at desc limit ?",
            [host, article_id, since, until, limit],
        ).fetchall()
    )


def first_page(db: Database, article_id: int) -> SiblingPage | None:
    """The oldest stored page that showed an article."""
    row = db.execute(
        f"select snapshot_id, fetched_at from fetches where article_id = ? and {SHOWED_ARTICLE}"
        " order by id limit 1",
        [article_id],
    ).fetchone()
    return SiblingPage(*row) if row else None


def was_seen_between(db: Database, article_id: int, after: str, before: str) -> bool:
    """Whether a check between two times saw an article."""
    row = db.execute(
        f"select 1 from fetches where article_id = ? and outcome in ({sql_list(ARTICLE_THERE)})"
        " and confirms is null and fetched_at > ? and fetched_at < ? limit 1",
        [article_id, after, before],
    ).fetchone()
    return row is not None


def differing_pages(
    db: Database, article_id: int, since: str, until: str, *, limit: int
) -> list[tuple[int, int]]:
    """The two stored pages of each of the last checks between two times whose responses differed, newest first."""
    return list(
        db.execute(
            "select one.snapshot_id, other.snapshot_id from fetches one join fetches other on other.confirms = one.id"
            " where one.article_id = ? and one.fetched_at >= ? and one.fetched_at < ?"
            " and one.snapshot_id <> other.snapshot_id order by one.id desc limit ?",
            [article_id, since, until, limit],
        ).fetchall()
    )


def differing_pages_elsewhere(
    db: Database, article_id: int, since: str, until: str, *, limit: int
) -> list[tuple[int, int]]:
    """The two stored pages of the last checks of other articles of the host whose responses differed, newest first."""
    return list(
        db.execute(
            "select one.snapshot_id, other.snapshot_id from articles own"
            " join articles a on a.host = own.host and a.id <> own.id and a.checked_at >= :since"
            " join fetches one on one.article_id = a.id and one.fetched_at between :since and :until"
            " join fetches other on other.confirms = one.id"
            " where own.id = :id and one.snapshot_id <> other.snapshot_id"
            f" and one.outcome in ({sql_list(ARTICLE_THERE)}) order by one.id desc limit :limit",
            {"id": article_id, "since": since, "until": until, "limit": limit},
        ).fetchall()
    )


def checks_without_version(db: Database, article_id: int, until: str) -> tuple[int, str | None]:
    """How many checks before a time saw the article, but no response with the stored version; the time of the first."""
    row = db.execute(
        "select count(*), min(fetched_at) from fetches where article_id = :id and confirms is null"
        " and outcome = 'unchanged' and fetched_at < :until and id > coalesce((select max(id) from fetches"
        "  where article_id = :id and version_id is not null and fetched_at < :until), 0)",
        {"id": article_id, "until": until},
    ).fetchone()
    return int(row[0]), row[1]


def noise_texts(db: Database, article_id: int) -> frozenset[str]:
    """The texts that were proven to be no part of an article."""
    rows = db.execute(
        "select text from exclusions where article_id = ? and kind = 'volatile' and restored_at is null",
        [article_id],
    ).fetchall()
    return frozenset(row[0] for row in rows)
