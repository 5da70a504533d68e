"""What the next look at an article goes by: the last whole answer that showed it."""

from sqlite_utils import Database

from scraper.fingerprint import Fingerprint
from storage.articles.result import Fetch
from storage.timestamps import to_text

# Of the looks that showed the article: the last answer, the last page that is stored, the last element noted.
LAST_PAGE_FROM_FETCHES = """
insert into last_pages (article_id, etag, last_modified, container_path, page_id, page_sha256)
select l.article_id, l.etag, l.last_modified, (select container_path from fetches where article_id = :article
    and version_id is not null and container_path is not null order by id desc limit 1), s.id, s.sha256
from fetches l left join snapshots s on s.id = (select snapshot_id from fetches where article_id = :article
    and version_id is not null and snapshot_id is not null order by id desc limit 1)
where l.article_id = :article and l.http_status = 200 and l.version_id is not null order by l.id desc limit 1
"""


def store_last_page(db: Database, fetch: Fetch, article_id: int, snapshot_id: int | None) -> None:
    """Keep what the next look goes by."""
    fingerprint = fetch.fingerprint or Fingerprint()
    db.execute(
        "insert into last_pages (article_id, etag, last_modified, container_path, container, ignored_places, fingerprint, extracted_at,"
        " page_id, page_sha256) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (article_id) do update set"
        " etag = excluded.etag, last_modified = excluded.last_modified, container_path = excluded.container_path,"
        " container = excluded.container, ignored_places = excluded.ignored_places, fingerprint = excluded.fingerprint, extracted_at = excluded.extracted_at,"
        " page_id = coalesce(excluded.page_id, page_id), page_sha256 = excluded.page_sha256",
        [
            article_id,
            fetch.etag,
            fetch.last_modified,
            fingerprint.container_path,
            fingerprint.container,
            " ".join(sorted(fingerprint.ignored_places)) or None,
            fingerprint.hash,
            to_text(fingerprint.extracted_at) if fingerprint.extracted_at else None,
            snapshot_id,
            fetch.sha256,
        ],
    )


def rebuild_last_page(db: Database, article_id: int) -> None:
    """Go by the looks as they are stored, where they were written anew; the page is read whole then."""
    db.execute("delete from last_pages where article_id = ?", [article_id])
    db.execute(LAST_PAGE_FROM_FETCHES, {"article": article_id})
