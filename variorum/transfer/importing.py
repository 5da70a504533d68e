"""What `import` does with each kind of file."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from schedules.cadence.timetable import TimetableError, by_timetable
from schedules.check.settings import CheckSettings
from schedules.replay.archive import replay_captures
from scraper.errors import UrlError
from scraper.urls import canonical_url
from storage.database import Database
from storage.errors import ArchiveError, StorageError
from storage.snapshots.store import Snapshot
from storage.transfer.captures import CaptureStore
from storage.transfer.jsonl import History, read_histories
from storage.transfer.restore import history_columns, presence, restore
from storage.transfer.wacz import open_bundle
from storage.transfer.warc_read import read_warc
from variorum.context import now
from variorum.transfer.bundle import HISTORY_PATH

ZIP_MAGIC, GZIP_MAGIC, WARC_MAGIC = b"PK\x03\x04", b"\x1f\x8b", b"WARC/"
BOM = b"\xef\xbb\xbf"
SNIFF_BYTES = 4096
PAUSE_REASON = "imported; `variorum resume {url}` watches it from now on"

# Called now and then with what is done of how much.
ProgressCallback = Callable[[str, int, int], None]


@dataclass(slots=True)
class ImportResult:
    """What came of a file: its kind, how many of what, the articles left as they are and why, and
    what was wrong with it."""

    file: str
    kind: str = "unknown"
    counts: Counter[str] = field(default_factory=Counter)
    skipped_articles: list[tuple[str, str]] = field(default_factory=list)
    error: str | None = None


def import_file(
    db: Database, path: Path, settings: CheckSettings, report_progress: ProgressCallback
) -> ImportResult:
    """Take the history in a file into the database; a file that is broken says so in `error`, what
    came before the fault is kept."""
    result = ImportResult(str(path))
    try:
        with path.open("rb") as file:
            result.kind = _file_kind(file, path.name)
            file.seek(0)
            size = path.stat().st_size
            if result.kind == "warc":
                _import_warcs(db, {path.name: file}, settings, result, report_progress, size)
            elif result.kind == "jsonl":
                _import_lines(db, file, path.name, result, report_progress, size)
        if result.kind == "bundle":
            _import_bundle(db, path, settings, result, report_progress)
    except (StorageError, OSError) as error:
        result.error = str(error)
    return result


def _file_kind(file: IO[bytes], name: str) -> str:
    """What kind of file it is, by its first bytes: "warc", "bundle" or "jsonl"."""
    start = file.read(SNIFF_BYTES)
    if start.startswith(ZIP_MAGIC):
        return "bundle"
    if start.startswith((GZIP_MAGIC, WARC_MAGIC)):
        return "warc"
    if start.removeprefix(BOM).lstrip().startswith(b"{"):
        return "jsonl"
    problem = "it is empty" if not start.strip() else "it begins otherwise"
    raise ArchiveError(
        f"{name}: no WARC, no bundle (WACZ), no JSON lines of `variorum export`: {problem}"
    )


def _import_warcs(
    db: Database,
    files: dict[str, IO[bytes]],
    settings: CheckSettings,
    result: ImportResult,
    report_progress: ProgressCallback,
    size: int,
) -> None:
    """Lay out all pages of these files, then look at them; where a file breaks off, at those before that."""
    with (
        TemporaryDirectory(prefix="variorum-") as folder,
        closing(CaptureStore(Path(folder))) as captures,
    ):
        fault: ArchiveError | None = None
        try:
            for name, file in files.items():
                _store_captures(captures, file, name, result, report_progress, size)
        except ArchiveError as error:
            fault = error
        address_keys = captures.address_keys()
        for at, address_key in enumerate(address_keys):
            result.counts += replay_captures(db, captures.pages_of(address_key), settings)
            report_progress("looking", at + 1, len(address_keys))
    if fault is not None:
        raise fault


def _store_captures(
    captures: CaptureStore,
    file: IO[bytes],
    name: str,
    result: ImportResult,
    report_progress: ProgressCallback,
    size: int,
) -> None:
    imported_at = now()
    for capture in read_warc(file, name):
        result.counts["records"] += 1
        report_progress("reading", file.tell(), size)
        try:
            if capture is None or capture.at > imported_at:
                result.counts["skipped"] += 1
            else:
                captures.add(capture, canonical_url(capture.url))
        except UrlError:
            result.counts["skipped"] += 1


def _import_lines(
    db: Database,
    file: IO[bytes],
    name: str,
    result: ImportResult,
    report_progress: ProgressCallback,
    size: int,
) -> None:
    if file.read(len(BOM)) != BOM:
        file.seek(0)
    for history in read_histories(file, name, history_columns(db)):
        _check_timetable(history)
        if _is_absent(db, history, result):
            restore(db, history)
            _count_history(history, result)
        report_progress("reading", file.tell(), size)


def _import_bundle(
    db: Database,
    path: Path,
    settings: CheckSettings,
    result: ImportResult,
    report_progress: ProgressCallback,
) -> None:
    with open_bundle(path) as bundle:
        warcs = [name for name in bundle.names if name.startswith("archive/")]
        if HISTORY_PATH not in bundle.names:  # a web archive that another program made
            for name in warcs:
                with bundle.open(name) as file:
                    _import_warcs(
                        db, {name: file}, settings, result, report_progress, bundle.size(name)
                    )
            return
        with (
            TemporaryDirectory(prefix="variorum-") as folder,
            closing(CaptureStore(Path(folder))) as captures,
        ):
            for name in warcs:
                with bundle.open(name) as file:
                    _store_captures(
                        captures, file, name, ImportResult(""), report_progress, bundle.size(name)
                    )
            with bundle.open(HISTORY_PATH) as file:
                for history in read_histories(file, HISTORY_PATH, history_columns(db)):
                    _check_timetable(history)
                    if _is_absent(db, history, result):
                        reason = PAUSE_REASON.format(url=history.article["url"])
                        restore(db, history, load_page=_BundlePages(captures), pause_reason=reason)
                        _count_history(history, result)


@dataclass(frozen=True, slots=True)
class _BundlePages:
    """The page of each look, from the archive in a bundle."""

    captures: CaptureStore

    def __call__(self, check: dict[str, Any]) -> Snapshot:
        """The page that a look brought: that of its address and its time, and of its length."""
        candidates = self.captures.at(check["url"], check["fetched_at"])
        matching_pages = [
            page for page in candidates if check.get("bytes") in (None, len(page.raw))
        ]
        if not matching_pages:
            raise ArchiveError(
                f"the archive in the bundle has no page of the look at {check['url']} at {check['fetched_at']}"
            )
        return matching_pages[0]


def _check_timetable(history: History) -> None:
    every = history.article.get("every")
    try:
        if every is not None:
            by_timetable(every, now=now())
    except TimetableError as error:
        raise ArchiveError(f"{history.location}: {error}") from error


def _is_absent(db: Database, history: History, result: ImportResult) -> bool:
    """Is the article not here yet? One that is, is left as it is."""
    existing = presence(db, history)
    if existing is None:
        return True
    url = history.article["url"]
    result.skipped_articles.append((url, "here already, with the same history" if existing == "same" else
                      "here already, with another history; `variorum remove --erase` makes room for this one"))  # fmt: skip
    return False


def _count_history(history: History, result: ImportResult) -> None:
    rows = history.rows
    result.counts.update(articles=1, versions=len(rows["versions"]), edits=len(rows["edits"]), checks=len(rows["fetches"]))  # fmt: skip
