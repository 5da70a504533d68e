"""The fetches whose page is stored, for exports."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A fetch with its page, and the first of the listed fetches with the same bytes.

    `is_imported` says that the page came from a file, not from a request of this database.
    """

    fetch_id: int
    url: str
    fetched_at: str
    http_status: int
    snapshot_id: int
    version: int | None
    headline: str | None
    first_id: int
    first_url: str
    first_at: str
    is_imported: bool


def stored_pages(
    db: Database, articles: list[int] | None = None, *, since: str | None = None
) -> Iterator[StoredPage]:
    """The fetches whose page is stored, oldest first: of these articles or of all, and only since a time."""
    conditions = "{0}.snapshot_id is not null"
    if articles is not None:
        conditions += " and {0}.article_id in (select value from json_each(:articles))"
    if since is not None:
        conditions += " and {0}.fetched_at >= :since"
    rows = db.execute(
        "select f.id, f.url, f.fetched_at, coalesce(f.http_status, 200), f.snapshot_id, v.number, v.headline,"
        " first.id, first.url, first.fetched_at, f.imported from fetches f"
        " left join versions v on v.id = f.version_id"
        " join fetches first on first.id = (select g.id from fetches g"
        f"  where g.snapshot_id = f.snapshot_id and {conditions.format('g')} order by g.id limit 1)"
        f" where {conditions.format('f')} order by f.id",
        {"articles": json.dumps(articles), "since": since},
    )
    for row in rows:
        yield StoredPage(*row)
