"""The evidence bundle of one article: its pages, its history, and how to verify both without Variorum."""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from urllib.parse import urlsplit

from scraper.patterns import lazy_pattern
from storage.database import Database
from storage.diff.render import printable
from storage.errors import DamagedError, NotFoundError
from storage.queries import articles as queries
from storage.queries.edits import EditFilter, matching_edits
from storage.snapshots.listing import StoredPage, stored_pages
from storage.timestamps import parse_instant
from storage.transfer.jsonl import history_rows
from storage.transfer.wacz import WACZ_VERSION, sha256_of, write_wacz
from storage.transfer.warc_write import WrittenRecord, write_warc
from variorum.terminal.output import json_line, plural
from variorum.transfer.redline import redline_page

NOT_DIGIT, WWW_PREFIX = lazy_pattern(r"\D"), lazy_pattern(r"^www\d*\.")
WARC_PATH, INDEX_PATH, PAGES_PATH = (
    "archive/data.warc.gz",
    "indexes/index.cdxj",
    "pages/pages.jsonl",
)
HISTORY_PATH, REDLINE_PATH, README_PATH = "history.jsonl", "redline.html", "README.txt"
PAGES_HEADER = {"format": "json-pages-1.0", "id": "pages", "title": "Versions"}

README_TEMPLATE = """\
Evidence: how one news article was edited
=========================================

Article   {url}
Headline  {headline}
Checked   {requests} from {first} to {last} (UTC)
Imported  {imported} of these requests
Recorded  {versions}, {edits}

{origin} An edit happened between two checks: the last one that saw the old text and the first
one that saw the new text. This file holds:

  redline.html          each edit, with removed and added text marked; for any browser, or for paper
  history.jsonl         versions, checks and edits, one JSON object per line (times are UTC)
  archive/data.warc.gz  the pages, with the time of each check (WARC 1.1, ISO 28500)
  indexes, pages        for players of web archives: the bundle is a WACZ {wacz}, which
                        https://replayweb.page shows without any installation
  datapackage.json      size and SHA-256 of each of these files
{missing}
To verify it without Variorum
-----------------------------

  unzip THE-BUNDLE -d evidence && cd evidence
  grep -E '^[0-9a-f]{{64}}  ' README.txt | sha256sum -c     (macOS: shasum -a 256 -c)
  sha256sum datapackage.json                             must be what datapackage-digest.json says

Each line must end in OK:

{sums}

The hashes prove that nothing was changed since the bundle was made, if you know the hash of
datapackage.json from someone you trust. Whoever makes a bundle should publish that hash on the
same day, or have it time-stamped. The hashes cannot prove what the server of the publisher sent.
A second archive of the same address can.

`variorum import FILE` imports a bundle, and refuses one that was changed.
"""


ORIGIN_REQUESTED = """\
Variorum checked this address again and again, kept every page as the server sent it, and logged
each edit."""
ORIGIN_IMPORTED = """\
Whoever made this file did not request the imported pages. They came from other files, which say
when a server sent them; nothing in this file proves that. In history.jsonl such a fetch has
"imported": 1, in the WARC the header Variorum-Imported."""


def write_bundle(
    db: Database, article_id: int, out: IO[bytes], *, leave_out: Callable[[DamagedError], None]
) -> None:
    """Write the bundle of an article. The same database gives the same bytes.

    Damaged pages are given to `leave_out`, and the bundle names them. Raises NotFoundError if no page of the
    article is stored, DamagedError if the text of a version is damaged.
    """
    with TemporaryDirectory(prefix="variorum-") as name:
        folder = Path(name)
        for part in (WARC_PATH, INDEX_PATH, PAGES_PATH):
            (folder / part).parent.mkdir()
        (article,) = queries.article_rows(db, [article_id])
        at = str(article["checked_at"])
        missing = _write_pages(db, article, folder, at, leave_out)
        with (folder / HISTORY_PATH).open("wb") as file:
            for row in history_rows(db, [article_id]):
                if row.get("snapshot_id") in missing:
                    row["snapshot_id"] = None
                file.write(json_line(row).encode() + b"\n")
        edits = list(matching_edits(db, EditFilter(article_id=article_id)))[::-1]
        (folder / REDLINE_PATH).write_text(redline_page(article, edits), encoding="utf-8")
        checksummed_files = [WARC_PATH, INDEX_PATH, PAGES_PATH, HISTORY_PATH, REDLINE_PATH]
        sums = "\n".join(f"{sha256_of(folder / part)}  {part}" for part in checksummed_files)
        text = _readme(db, article, len(edits), sums, list(missing.values()))
        (folder / README_PATH).write_text(text, encoding="utf-8", newline="\n")
        files = [*checksummed_files, README_PATH]
        checked_at = parse_instant(at)
        assert checked_at is not None
        metadata = _metadata(article, _count_imported(db, article_id))
        write_wacz(out, folder, files, metadata=metadata, at=checked_at)


def _count_imported(db: Database, article_id: int) -> int:
    row = db.execute(
        "select count(*) from fetches where article_id = ? and imported = 1", [article_id]
    ).fetchone()
    return int(row[0])


def _metadata(article: dict[str, Any], imported: int) -> dict[str, Any]:
    return {
        "title": f"Edits of {article['headline'] or article['url']}",
        "description": "Every stored page of one news article, and every edit; README.txt explains the files.",
        "created": str(article["checked_at"]),
        "software": "Variorum",
        "importedRequests": imported,
        "mainPageUrl": article["url"],
        "mainPageDate": article["first_seen_at"],
    }


def _write_pages(
    db: Database,
    article: dict[str, Any],
    folder: Path,
    at: str,
    leave_out: Callable[[DamagedError], None],
) -> dict[int, str]:
    """Write the WARC, its index, and the list of pages that have a new version; gives what is missing, by snapshot."""
    missing: dict[int, str] = {}

    def leave_page_out(page: StoredPage, error: DamagedError) -> None:
        missing[page.snapshot_id] = str(error)
        leave_out(error)

    index: list[str] = []
    pages = [json.dumps(PAGES_HEADER)]
    versions: set[int] = set()
    with (folder / WARC_PATH).open("wb") as file:
        stored = stored_pages(db, [article["id"]])
        for warc_record in write_warc(db, stored, file, at=at, leave_out=leave_page_out):
            index.append(_cdxj_line(warc_record))
            page = warc_record.page
            if page.version is not None and page.version not in versions:
                versions.add(page.version)
                pages.append(_page_line(warc_record))
    if not index:
        raise NotFoundError(
            f"{article['url']}: no page is stored, so there is no evidence to bundle"
        )
    (folder / INDEX_PATH).write_text(
        "\n".join([*sorted(index), ""]), encoding="utf-8", newline="\n"
    )
    (folder / PAGES_PATH).write_text("\n".join([*pages, ""]), encoding="utf-8", newline="\n")
    return missing


def _page_line(warc_record: WrittenRecord) -> str:
    page = warc_record.page
    title = f"Version {page.version}: {page.headline}"
    return json.dumps({"id": f"v{page.version}", "url": page.url, "ts": page.fetched_at, "title": title},
                      ensure_ascii=False)  # fmt: skip


def _cdxj_line(warc_record: WrittenRecord) -> str:
    """A line of the index (CDXJ): the sort key of the address, the time, and the place of the record."""
    page = warc_record.page
    mime = warc_record.content_type.partition(";")[0].strip()
    cdxj_fields = {
        "url": page.url,
        "mime": mime if warc_record.kind == "response" else "warc/revisit",
        "status": str(page.http_status),
        "digest": warc_record.digest,
        "length": str(warc_record.length),
        "offset": str(warc_record.offset),
        "filename": Path(WARC_PATH).name,
    }
    timestamp = NOT_DIGIT.sub("", page.fetched_at)[:14]
    return f"{surt(page.url)} {timestamp} {json.dumps(cdxj_fields)}"


def surt(url: str) -> str:
    """The sort key of an address in web archives (SURT): reversed host without www, lower case.

    >>> surt("https://www.Example.org:8080/News?b=2&a=1")
    'org,example:8080)/news?a=1&b=2'
    """
    parts = urlsplit(url.lower())
    host = WWW_PREFIX.sub("", parts.hostname or "")
    port = f":{parts.port}" if parts.port else ""
    query = "&".join(sorted(parts.query.split("&")))
    name = host if ":" in host else ",".join(reversed(host.split(".")))
    return f"{name}{port}){parts.path}" + (f"?{query}" if query else "")


def _readme(
    db: Database, article: dict[str, Any], edits: int, sums: str, missing: list[str]
) -> str:
    count, first, last = db.execute(
        "select count(*), min(fetched_at), max(fetched_at) from fetches where article_id = ?",
        [article["id"]],
    ).fetchone()
    imported = _count_imported(db, article["id"])
    return README_TEMPLATE.format(
        imported=imported or "none",
        origin=ORIGIN_IMPORTED if imported else ORIGIN_REQUESTED,
        url=article["url"],
        headline=printable(" ".join(str(article["headline"]).split())),
        requests=plural(count, "request"),
        first=first,
        last=last,
        versions=plural(article["latest_version"] or 0, "version"),
        edits=plural(edits, "edit"),
        missing="".join(f"\nLeft out: {reason}." for reason in missing) + "\n" * bool(missing),
        wacz=WACZ_VERSION,
        sums=sums,
    )
