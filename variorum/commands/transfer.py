"""Commands that move history: export, import."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

import click

from storage.articles.aliases import require_article
from storage.database import Database, copy_of, read_snapshot
from storage.errors import DamagedError, NotFoundError
from storage.queries.edits import EditFilter, matching_edits
from storage.snapshots.listing import stored_pages
from storage.timestamps import to_text
from storage.transfer.jsonl import history_rows
from variorum.commands.options import parse_since, parse_url
from variorum.context import Context, now
from variorum.errors import UsageError, VariorumError
from variorum.terminal.atomic_file import output_file
from variorum.terminal.output import json_line, plural, print_json, progress, say

if TYPE_CHECKING:
    from schedules.check.settings import CheckSettings
    from variorum.transfer.importing import ImportResult

MAX_EXPORT_FEED_EDITS = 200
BINARY_FORMATS = ("warc", "bundle")
COUNTED_NOUNS = ("article", "version", "edit", "check")
# Why a record was skipped, in the words of the summary line, after its count.
SKIP_REASONS = {
    "older": "not newer than what is stored",
    "no article": "without an article",
    "another address": "of an article that is stored under another address",
    "unresolved": "that refer to a page missing from the file",
    "altered": "whose bytes do not have the digest of their record",
    "skipped": "of another kind",
}
# A progress bar counts bytes; it appears for a file of a few megabytes.
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ExportSelection:
    """What to export: the IDs of the articles (None: all), and since when; what is damaged is left out."""

    ids: list[int] | None
    since: str | None
    left_out: list[str] = field(default_factory=list)

    def leave_out(self, error: DamagedError) -> None:
        """Say once that something is left out, and why."""
        if str(error) not in self.left_out:
            self.left_out.append(str(error))
            say(f"left out: {error}", err=True)


@click.command("export")
@click.argument("urls", nargs=-1, metavar="[URL…]")
@click.option("--format", "form", type=click.Choice(["jsonl", "atom", "warc", "bundle"]), default="jsonl",
              show_default=True, help="JSON lines of everything but the pages, an Atom feed of the newest edits,"
              " a WARC of the pages, or an evidence bundle (WACZ) of one article.")  # fmt: skip
@click.option("--since", metavar="T",
              help="Only edits (warc: checks) since a time (ISO 8601) or an age (90m, 2h, 3d).")  # fmt: skip
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False),
              help="The file to write; by default standard output.")  # fmt: skip
@click.pass_obj
def export_command(
    context: Context, urls: tuple[str, ...], form: str, since: str | None, output: Path | None
) -> None:
    """Export the history of all articles, or of some, for other programs.

    JSON lines hold each article, then its addresses, versions, checks and edits, each with its "table".

    \b
    variorum export > history.jsonl
    variorum export --format atom --since 7d > edits.xml
    variorum export --format warc --output pages.warc.gz
    variorum export --format bundle https://example.org/news/1 --output evidence.wacz

    What is damaged in the database is left out and named, and the exit status is 1.
    """
    if form == "bundle":
        _check_bundle_options(urls, since, output)
    elif form in BINARY_FORMATS and output is None and sys.stdout.isatty():
        raise UsageError(f"a {form} is binary: give --output FILE, or pipe it into a program")
    db = context.open_readable()
    selection = ExportSelection(
        [require_article(db, parse_url(url)) for url in urls] or None, parse_since(since)
    )
    with read_snapshot(db), _output_stream(output) as out:
        if not WRITERS[form](db, selection, out) and not selection.left_out:
            raise NotFoundError(
                "nothing matches, so nothing was exported; leave out --since or a URL"
            )
    if selection.left_out:
        sys.exit(1)


def _check_bundle_options(urls: tuple[str, ...], since: str | None, output: Path | None) -> None:
    if len(urls) != 1:
        raise UsageError("a bundle holds one article: give one URL")
    if output is None:
        raise UsageError("a bundle is a file: give --output FILE")
    if since is not None:
        raise UsageError("a bundle holds the whole history: leave out --since")


@contextmanager
def _output_stream(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
        return
    try:
        with output_file(output) as file:
            yield file
    except OSError as error:
        reason = error.strerror or error
        raise VariorumError(
            f"{output}: cannot be written ({reason}); name another file with --output"
        ) from error


def _write_lines(db: Database, selection: ExportSelection, out: IO[bytes]) -> int:
    count = 0
    for row in history_rows(db, selection.ids, selection.since, leave_out=selection.leave_out):
        out.write(json_line(row).encode() + b"\n")
        count += 1
    return count


def _write_atom(db: Database, selection: ExportSelection, out: IO[bytes]) -> int:
    from variorum.notify.atom import edits_feed  # only this format needs XML

    articles: list[int | None] = [*selection.ids] if selection.ids else [None]
    edits = [
        edit
        for article in articles
        for edit in matching_edits(
            db,
            EditFilter(article_id=article, since=selection.since),
            limit=MAX_EXPORT_FEED_EDITS,
        )
    ]
    edits.sort(key=lambda edit: (edit["seen_at"], edit["id"]), reverse=True)
    out.write(
        edits_feed(edits[:MAX_EXPORT_FEED_EDITS], name="export", updated_at=to_text(now())) + b"\n"
    )
    return len(edits)


def _write_warc(db: Database, selection: ExportSelection, out: IO[bytes]) -> int:
    from storage.transfer.warc_write import write_warc

    pages = stored_pages(db, selection.ids, since=selection.since)
    records = write_warc(
        db, pages, out, at=to_text(now()), leave_out=lambda _, error: selection.leave_out(error)
    )
    return sum(1 for _ in records)


def _write_bundle(db: Database, selection: ExportSelection, out: IO[bytes]) -> int:
    from variorum.transfer.bundle import write_bundle

    assert selection.ids
    write_bundle(db, selection.ids[0], out, leave_out=selection.leave_out)
    return 1


WRITERS: dict[str, Callable[[Database, ExportSelection, IO[bytes]], int]] = {
    "jsonl": _write_lines,
    "atom": _write_atom,
    "warc": _write_warc,
    "bundle": _write_bundle,
}


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE…",
                type=click.Path(path_type=Path, exists=True, dir_okay=False))  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Print what would be imported, and import nothing.")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object per file.")
@click.pass_obj
def import_command(context: Context, files: tuple[Path, ...], dry_run: bool, is_json: bool) -> None:
    """Import history: a WARC, JSON lines from `export`, or an evidence bundle (any WACZ).

    Each page in a WARC counts as a check at its time. Articles already in the database are left untouched.
    Imported articles send no notifications and are not watched, except from JSON lines, which keep their
    watches.

    \b
    variorum import crawl-2019.warc.gz crawl-2020.warc.gz
    variorum import --dry-run history.jsonl
    variorum import evidence.wacz
    """
    print_result = _print_import_json if is_json else _print_import
    has_failed = False
    with _import_database(context, dry_run=dry_run) as db:
        settings = context.check_settings(db)
        for path in files:
            result = _import_file(db, path, settings)
            has_failed |= result.error is not None
            print_result(result, dry_run=dry_run)
    if has_failed:
        sys.exit(1)


@contextmanager
def _import_database(context: Context, *, dry_run: bool) -> Iterator[Database]:
    """The database, or for a dry run a copy of it that is deleted at the end."""
    if not dry_run:
        yield context.open_writable()
        return
    with TemporaryDirectory(prefix="variorum-") as folder:
        db = copy_of(context.db_path, Path(folder))
        try:
            yield db
        finally:
            db.close()


def _import_file(db: Database, path: Path, settings: "CheckSettings") -> "ImportResult":
    from variorum.transfer.importing import import_file

    with progress(path.stat().st_size // MEGABYTE) as bar:
        task = bar.add_task(path.name, total=1)

        def report_progress(phase: str, done: int, total: int) -> None:
            bar.update(task, description=phase, completed=done, total=total)

        return import_file(db, path, settings, report_progress)


def _print_import_json(result: "ImportResult", *, dry_run: bool) -> None:
    counts = result.counts
    row: dict[str, Any] = {
        "file": result.file,
        "kind": result.kind,
        **{f"{noun}s": counts[f"{noun}s"] for noun in COUNTED_NOUNS},
        "text_only": counts["text_only"],
        "other_extractor": counts["other_extractor"],
        "left_out": counts["left_out"],
        "looks": counts["checks"],  # the earlier name of `checks`, which scripts read
        "skipped": {name: counts[name] for name in SKIP_REASONS if counts[name]},
        "skipped_articles": [
            {"url": url, "reason": reason} for url, reason in result.skipped_articles
        ],
        "dry_run": dry_run,
        "error": result.error,
    }
    print_json([row])


def _print_import(result: "ImportResult", *, dry_run: bool) -> None:
    counts = result.counts
    totals = ", ".join(plural(counts[f"{noun}s"], noun) for noun in COUNTED_NOUNS)
    verb = "would be imported" if dry_run else "imported"
    skipped = [f"{counts[name]} {why}" for name, why in SKIP_REASONS.items() if counts[name]]
    if result.skipped_articles:
        skipped.append(f"{plural(len(result.skipped_articles), 'article')} already in the database")
    tail = f"; skipped: {', '.join(skipped)}" if skipped else ""
    if counts["text_only"]:
        totals += f" ({counts['text_only']} of the versions as text only, without a page)"
    say(f"{result.file}: {totals} {verb}{tail}")
    for url, reason in result.skipped_articles:
        say(f"skipped {url}: {reason}", err=True)
    if counts["other_extractor"]:
        say(
            f"another extractor wrote {plural(counts['other_extractor'], 'version')}: the words are on their pages,"
            " but some of the article may be missing; `variorum rebuild --dry-run` shows how today's extractor reads them",
            err=True,
        )
    if counts["left_out"]:
        say(
            f"{plural(counts['left_out'], 'sentence')} of the pages are in no version, since the file calls them page"
            " noise or lines of the publisher; `variorum exclusions URL` lists them as imported",
            err=True,
        )
    for error in result.refused:
        say(f"Error: {error}", err=True)
