"""The addresses of an article."""

from sqlite_utils import Database

from storage.errors import NotFoundError


def find_article(db: Database, url: str) -> int | None:
    """The id of the article under a canonical URL or an alias, with http as good as https."""
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
    """Is an address known only because the page of an article names it, and was never opened?"""
    row = db.execute(
        "select 1 from aliases where url = ? and declared_by = article_id", [url]
    ).fetchone()
    return row is not None


def declaring_article_url(db: Database, url: str) -> str | None:
    """The address of the article whose page names this one."""
    row = db.execute(
        "select a.url from aliases s join articles a on a.id = s.declared_by where s.url = ?", [url]
    ).fetchone()
    return str(row[0]) if row else None
