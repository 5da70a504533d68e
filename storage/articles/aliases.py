"""The addresses of an article, and the article that an address belongs to."""

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from scraper.urls import hostname
from storage.articles.result import CheckResult
from storage.errors import NotFoundError
from storage.timestamps import to_text


def find_article(db: Database, url: str) -> int | None:
    """The id of the article under a canonical URL or an alias; http and https are the same."""
    row = db.execute(
        "select article_id from aliases where url in (:url, :other) order by url = :url desc",
        _with_other_scheme(url),
    ).fetchone()
    return int(row[0]) if row else None


def find_proven_article(db: Database, url: str) -> int | None:
    """The id of the article that a request for this address has shown, or that the user named by it.

    An address that only the page of an article names may show anything.
    """
    row = db.execute(
        "select article_id from aliases where url in (:url, :other) and declared_by is not article_id"
        " order by url = :url desc",
        _with_other_scheme(url),
    ).fetchone()
    return int(row[0]) if row else None


def require_article(db: Database, url: str) -> int:
    """The id of the article under a canonical URL or an alias. Raises NotFoundError if there is none."""
    article_id = find_article(db, url)
    if article_id is None:
        raise NotFoundError(f"{url}: not in this database; `variorum list` shows what is")
    return article_id


def declaring_article_url(db: Database, url: str) -> str | None:
    """The URL of the article whose page names this address; None if no page does."""
    row = db.execute(
        "select a.url from aliases s join articles a on a.id = s.declared_by"
        " where s.url in (:url, :other) order by s.url = :url desc",
        _with_other_scheme(url),
    ).fetchone()
    return str(row[0]) if row else None


def add_article(db: Database, url: str, *, at: datetime) -> int:
    """The id of the article under a canonical URL, added if it is new; inside a transaction."""
    existing_id = find_proven_article(db, url)
    if existing_id is not None:
        return existing_id
    cursor = db.execute(
        "insert into articles (url, host, first_seen_at, next_check_at, next_check_reason)"
        " values (?, ?, ?, ?, 'not checked yet')",
        [url, hostname(url), to_text(at), to_text(at)],
    )
    article_id = int(cursor.lastrowid or 0)
    db.execute(
        "insert into aliases (url, article_id) values (?, ?)"
        " on conflict (url) do update set article_id = excluded.article_id",
        [url, article_id],
    )
    return article_id


def store_addresses(db: Database, result: CheckResult, article_id: int) -> None:
    """Write the addresses that a check learnt of, and the new one of an article that moved."""
    addresses = result.addresses
    _insert_aliases(db, [result.url, *addresses.aliases], article_id)
    if addresses.declared_url:
        _declare_alias(db, addresses.declared_url, article_id)
    url = addresses.article_url
    if (
        result.outcome in ("new", "moved")
        and url
        and find_proven_article(db, url) in (None, article_id)
    ):
        # The old address stays an alias.
        host = hostname(url)
        db.execute("update articles set url = ?, host = ? where id = ?", [url, host, article_id])
        _insert_aliases(db, [url], article_id)


def absorb_entry(db: Database, entry_id: int, article_id: int) -> None:
    """Make an entry without versions an alias of an article. The article takes over its fetches."""
    for table in ("aliases", "fetches"):
        db.execute(
            f"update {table} set article_id = ? where article_id = ?", [article_id, entry_id]
        )
    db.execute("update aliases set declared_by = null where article_id = ?", [article_id])
    db.execute(
        "update articles set every = coalesce(e.every, articles.every),"
        " state = iif(articles.state = 'paused' and e.state = 'active', 'active', articles.state)"
        " from articles e where e.id = ? and articles.id = ?",
        [entry_id, article_id],
    )
    db.execute("delete from articles where id = ? and latest_version is null", [entry_id])


def _insert_aliases(db: Database, urls: Iterable[str], article_id: int) -> None:
    """Write addresses that showed the article. They take the place of mere declarations."""
    db.conn.executemany(
        "insert into aliases (url, article_id) values (?, ?) on conflict (url) do update"
        " set article_id = excluded.article_id, declared_by = null where declared_by = article_id",
        [(url, article_id) for url in urls],
    )


def _declare_alias(db: Database, url: str, article_id: int) -> None:
    """Write an address that the article's page names: also for an entry that no check has seen yet."""
    db.execute(
        "insert into aliases (url, article_id, declared_by) values (?, ?, ?) on conflict (url) do update"
        " set declared_by = excluded.declared_by where aliases.article_id <> excluded.article_id and not"
        " exists (select 1 from articles where id = aliases.article_id and latest_version is not null)",
        [url, article_id, article_id],
    )


def _with_other_scheme(url: str) -> dict[str, str]:
    scheme, _, rest = url.partition("://")
    return {"url": url, "other": f"{'http' if scheme == 'https' else 'https'}://{rest}"}
