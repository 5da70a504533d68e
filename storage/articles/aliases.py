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
    scheme, _, rest = url.partition("://")
    other_scheme_url = f"{'http' if scheme == 'https' else 'https'}://{rest}"
    row = db.execute(
        "select article_id from aliases where url in (?, ?) order by url = ? desc",
        [url, other_scheme_url, url],
    ).fetchone()
    return int(row[0]) if row else None


def require_article(db: Database, url: str) -> int:
    """The id of the article under a canonical URL or an alias. Raises NotFoundError if there is none."""
    article_id = find_article(db, url)
    if article_id is None:
        raise NotFoundError(f"{url}: not in this database; `variorum list` shows what is")
    return article_id


def is_only_declared(db: Database, url: str) -> bool:
    """Whether the page of an article names this address, but nobody has ever fetched it."""
    row = db.execute(
        "select 1 from aliases where url = ? and declared_by = article_id", [url]
    ).fetchone()
    return row is not None


def declaring_article_url(db: Database, url: str) -> str | None:
    """The URL of the article whose page names this address; None if no page does."""
    row = db.execute(
        "select a.url from aliases s join articles a on a.id = s.declared_by where s.url = ?", [url]
    ).fetchone()
    return str(row[0]) if row else None


def add_article(db: Database, url: str, *, at: datetime) -> int:
    """The id of the article under a canonical URL, added if it is new; inside a transaction."""
    existing_id = find_article(db, url)
    if existing_id is not None and not is_only_declared(db, url):
        return existing_id
    cursor = db.execute(
        "insert into articles (url, host, first_seen_at, next_check_at, next_check_reason)"
        " values (?, ?, ?, ?, 'not checked yet')",
        [url, hostname(url), to_text(at), to_text(at)],
    )
    article_id = int(cursor.lastrowid or 0)
    _insert_aliases(db, [url], article_id)
    db.execute("update aliases set article_id = ? where url = ?", [article_id, url])
    return article_id


def store_addresses(db: Database, result: CheckResult, article_id: int) -> None:
    """Write the addresses that a check learnt of, and the new one of an article that moved."""
    addresses = result.addresses
    _insert_aliases(db, [result.url, *addresses.aliases], article_id)
    if addresses.declared_url:
        db.execute(
            "insert or ignore into aliases (url, article_id, declared_by) values (?, ?, ?)",
            [addresses.declared_url, article_id, article_id],
        )
    url = addresses.article_url
    if result.outcome == "moved" and url and find_article(db, url) in (None, article_id):
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
    db.conn.executemany(
        "insert or ignore into aliases (url, article_id) values (?, ?)",
        [(url, article_id) for url in urls],
    )
