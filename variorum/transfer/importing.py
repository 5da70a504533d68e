"""Importing a file into the database: a WARC, JSON lines, or an evidence bundle (WACZ)."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from schedules.cadence.timetable import TimetableError, by_timetable
from schedules.check.settings import CheckSettings
from schedules.replay.archive import replay_captures
from scraper.errors import UrlError
from scraper.http.decompress import GZIP_MAGIC
from scraper.urls import canonical_url
from storage.database import Database
from storage.errors import ArchiveError, StorageError
from storage.snapshots.store import Snapshot
from storage.transfer.captures import CaptureStore
from storage.transfer.jsonl import History, read_histories
from storage.transfer.restore import history_columns, presence, restore
from storage.transfer.verify import PageLoader, verify_history
from storage.transfer.wacz import open_bundle
from storage.transfer.warc_read import read_warc
from variorum.context import now
from variorum.transfer.bundle import HISTORY_PATH

ZIP_MAGIC, WARC_MAGIC = b"PK\x03\x04", b"WARC/"
BOM = b"\xef\xbb\xbf"
SNIFF_BYTES = 4096
# No page of the web is older. The arithmetic of dates ends at the year 1.
FIRST_CAPTURE_AT = datetime(1990, 1, 1, tzinfo=UTC)
PAUSE_REASON = "imported; start watching it with `variorum resume {url}`"

# Receives the phase, how much of it is done, and how much there is in all.
ProgressCallback = Callable[[str, int, int], None]


@dataclass(slots=True)
class ImportResult:
    """What an import did with a file.

    `counts` holds the numbers of articles, versions, edits and checks, and of pages skipped by reason. Of
    "text_only" versions the file has no page; another
    extractor wrote the "other_extractor" ones. "left_out" sentences of pages are in no version, on the word of the file. `skipped_articles` holds pairs of a URL and the reason. `refused`
    says which histories do not agree with their hashes or pages, and where.
    """

    file: str
    kind: str = "unknown"
    counts: Counter[str] = field(default_factory=Counter)
    skipped_articles: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _ImportTarget:
    """Where the import of a file goes: the database, its settings, the result and the progress."""

    db: Database
    settings: CheckSettings
    result: ImportResult
    report_progress: ProgressCallback


def import_file(
    db: Database, path: Path, settings: CheckSettings, report_progress: ProgressCallback
) -> ImportResult:
    """Import the history in a file.

    If the file is broken, the result says so in `error`; what came before the fault is kept. A history that does
    not agree with its own hashes and pages is refused, and the others are imported.
    """
    result = ImportResult(str(path))
    target = _ImportTarget(db, settings, result, report_progress)
    try:
        with path.open("rb") as file:
            result.kind = _file_kind(file, path.name)
            file.seek(0)
            size = path.stat().st_size
            if result.kind == "warc":
                _import_warc(target, file, path.name, size)
            elif result.kind == "jsonl":
                _import_lines(target, file, path.name, size)
        if result.kind == "bundle":
            _import_bundle(target, path)
    except (StorageError, OSError) as error:
        result.refused.append(str(error))
    result.error = "; ".join(result.refused) or None
    return result


def _file_kind(file: IO[bytes], name: str) -> str:
    """The kind of a file by its first bytes: "warc", "bundle" or "jsonl". Raises ArchiveError."""
    start = file.read(SNIFF_BYTES)
    if start.startswith(ZIP_MAGIC):
        return "bundle"
    if start.startswith((GZIP_MAGIC, WARC_MAGIC)):
        return "warc"
    if start.removeprefix(BOM).lstrip().startswith(b"{"):
        return "jsonl"
    problem = "it is empty" if not start.strip() else "its first bytes are of another format"
    raise ArchiveError(
        f"{name}: not a WARC, a bundle (WACZ) or JSON lines of `variorum export`: {problem}"
    )


@contextmanager
def _temporary_captures() -> Iterator[CaptureStore]:
    """An empty store of pages in a temporary folder."""
    with (
        TemporaryDirectory(prefix="variorum-") as folder,
        closing(CaptureStore(Path(folder))) as captures,
    ):
        yield captures


def _import_warc(target: _ImportTarget, file: IO[bytes], name: str, size: int) -> None:
    """Store all pages of a WARC on disk, then replay them as checks in the order of time.

    If the file breaks off, the pages before the fault are replayed; then ArchiveError is raised.
    """
    with _temporary_captures() as captures:
        fault: ArchiveError | None = None
        try:
            _store_captures(target, captures, file, name, size)
        except ArchiveError as error:
            fault = error
        address_keys = captures.address_keys()
        for done, address_key in enumerate(address_keys, 1):
            pages = captures.pages_of(address_key)
            target.result.counts += replay_captures(target.db, pages, target.settings)
            target.report_progress("checking", done, len(address_keys))
    if fault is not None:
        raise fault


def _store_captures(
    target: _ImportTarget, captures: CaptureStore, file: IO[bytes], name: str, size: int
) -> None:
    counts, imported_at = target.result.counts, now()
    for capture in read_warc(file, name):
        counts["records"] += 1
        target.report_progress("reading", file.tell(), size)
        try:
            if capture is None or not FIRST_CAPTURE_AT <= capture.at <= imported_at:
                counts["skipped"] += 1
            elif capture.is_altered:
                counts["altered"] += 1
            else:
                captures.add(capture, canonical_url(capture.url))
        except UrlError:
            counts["skipped"] += 1


def _import_lines(target: _ImportTarget, file: IO[bytes], name: str, size: int) -> None:
    if file.read(len(BOM)) != BOM:
        file.seek(0)
    for history in read_histories(file, name, history_columns(target.db)):
        _check_timetable(history)
        if _is_absent(target, history) and (verified := _verified(target, history, None)):
            restore(target.db, verified)
            _count_history(target.result, verified, None)
        target.report_progress("reading", file.tell(), size)


def _import_bundle(target: _ImportTarget, path: Path) -> None:
    with open_bundle(path, HISTORY_PATH) as bundle:
        warcs = [name for name in bundle.names if name.startswith("archive/")]
        if HISTORY_PATH not in bundle.names:  # a web archive that another program made
            for name in warcs:
                with bundle.open(name) as file:
                    _import_warc(target, file, name, bundle.size(name))
            return
        uncounted = replace(target, result=ImportResult(""))  # the history counts, not its pages
        with _temporary_captures() as captures:
            for name in warcs:
                with bundle.open(name) as file:
                    _store_captures(uncounted, captures, file, name, bundle.size(name))
            with bundle.open(HISTORY_PATH) as file:
                _import_bundle_history(target, captures, file)


def _import_bundle_history(target: _ImportTarget, captures: CaptureStore, file: IO[bytes]) -> None:
    for history in read_histories(file, HISTORY_PATH, history_columns(target.db)):
        _check_timetable(history)
        load_page = _BundlePages(captures)
        if _is_absent(target, history) and (verified := _verified(target, history, load_page)):
            reason = PAUSE_REASON.format(url=history.article["url"])
            restore(target.db, verified, load_page=load_page, pause_reason=reason)
            _count_history(target.result, verified, load_page)


def _verified(
    target: _ImportTarget, history: History, load_page: PageLoader | None
) -> History | None:
    """A history that agrees with its own hashes and pages; if not, None, and the result says where it does not."""
    try:
        verified = verify_history(history, target.settings.rules, load_page)
    except ArchiveError as error:
        target.result.refused.append(str(error))
        return None
    target.result.counts["other_extractor"] += verified.by_others
    target.result.counts["left_out"] += len(verified.left_out)
    return verified.history


@dataclass(frozen=True, slots=True)
class _BundlePages:
    """Loads the page of each check from the archive in a bundle."""

    captures: CaptureStore

    def __call__(self, check: dict[str, Any]) -> Snapshot:
        """The page with the address, the time and the length of a check. Raises ArchiveError."""
        candidates = self.captures.at(check["url"], check["fetched_at"])
        matching_pages = [
            page for page in candidates if check.get("bytes") in (None, len(page.raw))
        ]
        if not matching_pages:
            raise ArchiveError(
                f"the archive in the bundle has no page for the check of {check['url']} at {check['fetched_at']}"
            )
        return matching_pages[0]


def _check_timetable(history: History) -> None:
    """Raise ArchiveError if an article has a timetable that is invalid."""
    every = history.article.get("every")
    try:
        if every is not None:
            by_timetable(every, now=now())
    except TimetableError as error:
        raise ArchiveError(f"{history.location}: {error}") from error


def _is_absent(target: _ImportTarget, history: History) -> bool:
    """Is the article not in the database yet? One that is there is skipped, and the result says so."""
    existing = presence(target.db, history)
    if existing is None:
        return True
    url = history.article["url"]
    reason = (
        "already in the database, with the same history"
        if existing == "same"
        else "already in the database, with another history; to replace it, first use `variorum remove --erase`"
    )
    target.result.skipped_articles.append((url, reason))
    return False


def _count_history(result: ImportResult, history: History, load_page: PageLoader | None) -> None:
    rows = history.rows
    texts = [row for row in rows["versions"] if load_page is None or row.get("snapshot_id") is None]
    result.counts.update(
        text_only=len(texts),
        articles=1,
        versions=len(rows["versions"]),
        edits=len(rows["edits"]),
        checks=len(rows["fetches"]),
    )
