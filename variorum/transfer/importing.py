"""What `import` does with each kind of file."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from schedules.cadence.timetable import TimetableError, by_timetable
from schedules.replay.archive import look_back
from schedules.settings import Settings
from scraper.errors import UrlError
from scraper.urls import canonical_url
from storage.database import Database
from storage.errors import ArchiveError, StorageError
from storage.snapshots.store import Snapshot
from storage.transfer.captures import Captures
from storage.transfer.jsonl import History, read_histories
from storage.transfer.restore import columns_of, presence, restore
from storage.transfer.wacz import open_bundle
from storage.transfer.warc_read import read_warc
from variorum.context import now
from variorum.transfer.bundle import HISTORY

ZIP, GZIP, WARC = b"PK\x03\x04", b"\x1f\x8b", b"WARC/"
BOM = b"\xef\xbb\xbf"
LOOKED_AT = 4096
REASON = "imported; `variorum resume {url}` watches it from now on"

# Called now and then with what is done of how much.
Step = Callable[[str, int, int], None]


@dataclass(slots=True)
class Imported:
    """What came of a file: its kind, how many of what, the articles left as they are and why, and
    what was wrong with it."""

    file: str
    kind: str = "unknown"
    counts: Counter[str] = field(default_factory=Counter)
    left: list[tuple[str, str]] = field(default_factory=list)
    error: str | None = None


def import_file(db: Database, path: Path, settings: Settings, step: Step) -> Imported:
    """Take the history in a file into the database; a file that is broken says so in `error`, what
    came before the fault is kept."""
    done = Imported(str(path))
    try:
        with path.open("rb") as file:
            done.kind = _kind(file, path.name)
            file.seek(0)
            size = path.stat().st_size
            if done.kind == "warc":
                _import_warcs(db, {path.name: file}, settings, done, step, size)
            elif done.kind == "jsonl":
                _import_lines(db, file, path.name, done, step, size)
        if done.kind == "bundle":
            _import_bundle(db, path, settings, done, step)
    except (StorageError, OSError) as error:
        done.error = str(error)
    return done


def _kind(file: IO[bytes], name: str) -> str:
    """What kind of file it is, by its first bytes: "warc", "bundle" or "jsonl"."""
    start = file.read(LOOKED_AT)
    if start.startswith(ZIP):
        return "bundle"
    if start.startswith((GZIP, WARC)):
        return "warc"
    if start.removeprefix(BOM).lstrip().startswith(b"{"):
        return "jsonl"
    what = "it is empty" if not start.strip() else "it begins otherwise"
    raise ArchiveError(
        f"{name}: no WARC, no bundle (WACZ), no JSON lines of `variorum export`: {what}"
    )


def _import_warcs(
    db: Database,
    files: dict[str, IO[bytes]],
    settings: Settings,
    done: Imported,
    step: Step,
    size: int,
) -> None:
    """Lay out all pages of these files, then look at them; where a file breaks off, at those before that."""
    with (
        TemporaryDirectory(prefix="variorum-") as folder,
        closing(Captures(Path(folder))) as captures,
    ):
        fault: ArchiveError | None = None
        try:
            for name, file in files.items():
                _lay_out(captures, file, name, done, step, size)
        except ArchiveError as error:
            fault = error
        places = captures.places()
        for at, place in enumerate(places):
            done.counts += look_back(db, captures.of(place), settings)
            step("looking", at + 1, len(places))
    if fault is not None:
        raise fault


def _lay_out(
    captures: Captures, file: IO[bytes], name: str, done: Imported, step: Step, size: int
) -> None:
    latest = now()
    for capture in read_warc(file, name):
        done.counts["records"] += 1
        step("reading", file.tell(), size)
        try:
            if capture is None or capture.at > latest:
                done.counts["skipped"] += 1
            else:
                captures.add(capture, canonical_url(capture.url))
        except UrlError:
            done.counts["skipped"] += 1


def _import_lines(
    db: Database, file: IO[bytes], name: str, done: Imported, step: Step, size: int
) -> None:
    if file.read(len(BOM)) != BOM:
        file.seek(0)
    for history in read_histories(file, name, columns_of(db)):
        _check_timetable(history)
        if _is_absent(db, history, done):
            restore(db, history)
            _count(history, done)
        step("reading", file.tell(), size)


def _import_bundle(
    db: Database, path: Path, settings: Settings, done: Imported, step: Step
) -> None:
    with open_bundle(path) as bundle:
        warcs = [name for name in bundle.names if name.startswith("archive/")]
        if HISTORY not in bundle.names:  # a web archive that another program made
            for name in warcs:
                with bundle.open(name) as file:
                    _import_warcs(db, {name: file}, settings, done, step, bundle.size(name))
            return
        with (
            TemporaryDirectory(prefix="variorum-") as folder,
            closing(Captures(Path(folder))) as captures,
        ):
            for name in warcs:
                with bundle.open(name) as file:
                    _lay_out(captures, file, name, Imported(""), step, bundle.size(name))
            with bundle.open(HISTORY) as file:
                for history in read_histories(file, HISTORY, columns_of(db)):
                    _check_timetable(history)
                    if _is_absent(db, history, done):
                        reason = REASON.format(url=history.article["url"])
                        restore(db, history, page_of=_Pages(captures), paused=reason)
                        _count(history, done)


@dataclass(frozen=True, slots=True)
class _Pages:
    """The page of each look, from the archive in a bundle."""

    captures: Captures

    def __call__(self, look: dict[str, Any]) -> Snapshot:
        """The page that a look brought: that of its address and its time, and of its length."""
        found = self.captures.at(look["url"], look["fetched_at"])
        fitting = [page for page in found if look.get("bytes") in (None, len(page.raw))]
        if not fitting:
            raise ArchiveError(
                f"the archive in the bundle has no page of the look at {look['url']} at {look['fetched_at']}"
            )
        return fitting[0]


def _check_timetable(history: History) -> None:
    every = history.article.get("every")
    try:
        if every is not None:
            by_timetable(every, now=now())
    except TimetableError as error:
        raise ArchiveError(f"{history.where}: {error}") from error


def _is_absent(db: Database, history: History, done: Imported) -> bool:
    """Is the article not here yet? One that is, is left as it is."""
    there = presence(db, history)
    if there is None:
        return True
    url = history.article["url"]
    done.left.append((url, "here already, with the same history" if there == "same" else
                      "here already, with another history; `variorum remove --erase` makes room for this one"))  # fmt: skip
    return False


def _count(history: History, done: Imported) -> None:
    rows = history.rows
    done.counts.update(articles=1, versions=len(rows["versions"]), edits=len(rows["edits"]), looks=len(rows["fetches"]))  # fmt: skip
