"""The addresses of an article."""

from sqlite_utils import Database


def find_article(db: Database, url: str) -> int | None:
    """The id of the article under a canonical URL or an alias, with http as good as https."""
    scheme, _, rest = url.partition("://")
    other = f"{'http' if scheme == 'https' else 'https'}://{rest}"
    row = db.execute(
        "select article_id from aliases where url in (?, ?) order by url = ? desc",
        [url, other, url],
    ).fetchone()
    return int(row[0]) if row else None
