"""The last page that showed an article: what the next check needs of it."""

from sqlite_utils import Database

from storage.articles.result import Fetch
from storage.timestamps import to_text

# From the fetches that showed the article: the last response, the last stored page and the last
# container. Only a response that showed the latest version may stand for it. If no stored page did,
# the page is the one that the version was read from.
LAST_PAGE_FROM_FETCHES = """
insert into last_pages (article_id, fetched_at, etag, last_modified, container_path, page_id, page_sha256)
select l.article_id, l.fetched_at, iif(l.version_id = v.id, l.etag, null), iif(l.version_id = v.id, l.last_modified, null),
    (select container_path from fetches where article_id = :article
        and version_id is not null and container_path is not null order by id desc limit 1),
    iif(p.version_id = v.id, s.id, coalesce(v.snapshot_id, s.id)), iif(p.version_id = v.id, s.sha256, null)
from fetches l
left join versions v on v.id = (select id from versions where article_id = :article order by number desc limit 1)
left join fetches p on p.id = (select id from fetches where article_id = :article
    and version_id is not null and snapshot_id is not null order by id desc limit 1)
left join snapshots s on s.id = p.snapshot_id
where l.article_id = :article and l.http_status = 200 and l.version_id is not null order by l.id desc limit 1
"""


def store_last_page(db: Database, fetch: Fetch, article_id: int, snapshot_id: int | None) -> None:
    """Keep what the next check needs; inside a write transaction."""
    db.execute(
        "insert into last_pages (article_id, fetched_at, etag, last_modified, container_path, page_id,"
        " page_sha256) values (?, ?, ?, ?, ?, ?, ?) on conflict (article_id) do update set"
        " fetched_at = excluded.fetched_at, etag = excluded.etag,"
        " last_modified = excluded.last_modified,"
        " container_path = coalesce(excluded.container_path, container_path),"
        " page_id = coalesce(excluded.page_id, page_id), page_sha256 = excluded.page_sha256",
        [
            article_id,
            to_text(fetch.fetched_at),
            fetch.etag,
            fetch.last_modified,
            fetch.container_path,
            snapshot_id,
            fetch.sha256,
        ],
    )


def store_page_of_version(db: Database, article_id: int, snapshot_id: int | None) -> None:
    """Keep the page that a version was read from, if no answer showed that version to the word.

    So no validator and no hash stands for the version.
    """
    db.execute(
        "update last_pages set etag = null, last_modified = null, page_sha256 = null,"
        " page_id = coalesce(?, page_id) where article_id = ?",
        [snapshot_id, article_id],
    )


def rebuild_last_page(db: Database, article_id: int) -> None:
    """Read the last page from the fetches again, after they were rewritten or restored."""
    db.execute("delete from last_pages where article_id = ?", [article_id])
    db.execute(LAST_PAGE_FROM_FETCHES, {"article": article_id})
