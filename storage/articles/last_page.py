"""The last page that showed an article: what the next check needs of it."""

import json

from sqlite_utils import Database

from scraper.fingerprint import Fingerprint
from storage.articles.result import Fetch
from storage.timestamps import parse_instant, to_text

# From the fetches that showed the article: the last response, the last stored page and the last
# container. Without a hash in its fingerprint the next page is extracted in full.
LAST_PAGE_FROM_FETCHES = """
insert into last_pages (article_id, etag, last_modified, fingerprint, page_id, page_sha256)
select l.article_id, l.etag, l.last_modified,
    (select json_object('container_path', container_path) from fetches where article_id = :article
        and version_id is not null and container_path is not null order by id desc limit 1),
    s.id, s.sha256
from fetches l left join snapshots s on s.id = (select snapshot_id from fetches where article_id = :article
    and version_id is not null and snapshot_id is not null order by id desc limit 1)
where l.article_id = :article and l.http_status = 200 and l.version_id is not null order by l.id desc limit 1
"""


def store_last_page(db: Database, fetch: Fetch, article_id: int, snapshot_id: int | None) -> None:
    """Keep what the next check needs; inside a write transaction."""
    db.execute(
        "insert into last_pages (article_id, etag, last_modified, fingerprint, page_id, page_sha256)"
        " values (?, ?, ?, ?, ?, ?) on conflict (article_id) do update set etag = excluded.etag,"
        " last_modified = excluded.last_modified, fingerprint = excluded.fingerprint,"
        " page_id = coalesce(excluded.page_id, page_id), page_sha256 = excluded.page_sha256",
        [
            article_id,
            fetch.etag,
            fetch.last_modified,
            fingerprint_to_json(fetch.fingerprint) if fetch.fingerprint else None,
            snapshot_id,
            fetch.sha256,
        ],
    )


def rebuild_last_page(db: Database, article_id: int) -> None:
    """Read the last page from the fetches again, after they were rewritten or restored."""
    db.execute("delete from last_pages where article_id = ?", [article_id])
    db.execute(LAST_PAGE_FROM_FETCHES, {"article": article_id})


def fingerprint_to_json(fingerprint: Fingerprint) -> str:
    """The text in `last_pages.fingerprint`; what is unknown is left out."""
    fields = {
        "container_path": fingerprint.container_path,
        "container": fingerprint.container,
        "hash": fingerprint.hash,
        "ignored_places": sorted(fingerprint.ignored_places) or None,
        "extracted_at": to_text(fingerprint.extracted_at) if fingerprint.extracted_at else None,
    }
    return json.dumps({name: value for name, value in fields.items() if value is not None})


def fingerprint_from_json(text: str | None) -> Fingerprint:
    """The fingerprint that `fingerprint_to_json` wrote; an empty one for None."""
    fields = json.loads(text) if text else {}
    return Fingerprint(
        fields.get("container_path"),
        fields.get("container"),
        fields.get("hash"),
        frozenset(fields.get("ignored_places", ())),
        parse_instant(fields.get("extracted_at")),
    )
