"""The command that takes history out: export."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import click

from storage.database import Database, read_snapshot
from storage.errors import NotFoundError
from storage.queries import articles as queries
from storage.snapshots.listing import stored_pages
from storage.timestamps import to_text
from storage.transfer.jsonl import history_rows
from variorum.commands.log import parse_since
from variorum.commands.watch import parse_url
from variorum.context import Context, UsageError, json_line, now
from variorum.transfer.atomic_file import atomic_file

MAX_EXPORT_FEED_EDITS = 200
BINARY_FORMATS = ("warc", "bundle")


@dataclass(frozen=True, slots=True)
class ExportSelection:
    """What is to be exported: the articles (None: all), and from when on."""

    ids: list[int] | None
    since: str | None


@click.command()
@click.argument("urls", nargs=-1, metavar="[URL…]")
@click.option("--format", "form", type=click.Choice(["jsonl", "atom", "warc", "bundle"]), default="jsonl",
              show_default=True, help="JSON lines of everything but the pages, an Atom feed of the newest edits,"
              " a WARC of the pages, or an evidence bundle (WACZ) of one article.")  # fmt: skip
@click.option("--since", metavar="T",
              help="Only edits (warc: looks) from this time on: ISO 8601, or 90m, 2h, 3d.")  # fmt: skip
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file; else standard output.",
)
@click.pass_obj
def export(
    context: Context, urls: tuple[str, ...], form: str, since: str | None, output: Path | None
) -> None:
    """Write the history of all articles, or of some, for other programs.

    JSON lines: each article, then its addresses, versions, looks and edits, each with its "table".

    \b
    variorum export > history.jsonl
    variorum export --format atom --since 7d > edits.xml
    variorum export --format warc --output pages.warc.gz
    variorum export --format bundle https://example.org/news/1 --output evidence.wacz
    """
    if form == "bundle":
        _check_bundle(urls, since, output)
    elif form in BINARY_FORMATS and output is None and sys.stdout.isatty():
        raise UsageError(f"a {form} is no text; give --output FILE, or pipe it into a program")
    db = context.open_readable()
    selection = ExportSelection(
        [queries.article_id(db, parse_url(url)) for url in urls] or None, parse_since(since)
    )
    with read_snapshot(db), _output_stream(output) as out:
        if not WRITERS[form](db, selection, out):
            raise NotFoundError("nothing that is stored fits; nothing is exported")


def _check_bundle(urls: tuple[str, ...], since: str | None, output: Path | None) -> None:
    if len(urls) != 1:
        raise UsageError("a bundle is of one article: give one URL")
    if output is None:
        raise UsageError("a bundle is a file: give --output FILE")
    if since is not None:
        raise UsageError("a bundle holds the whole history; --since is for the other formats")


@contextmanager
def _output_stream(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
    else:
        with atomic_file(output) as file:
            yield file


def _write_lines(db: Database, selection: ExportSelection, out: IO[bytes]) -> int:
    count = 0
    for row in history_rows(db, selection.ids, selection.since):
        out.write(json_line(row).encode() + b"\n")
        count += 1
    return count


def _write_atom(db: Database, selection: ExportSelection, out: IO[bytes]) -> int:
    from variorum.notify.atom import edits_feed  # the other formats need no XML

    articles: list[int | None] = [*selection.ids] if selection.ids else [None]
    edits = [
        edit
        for article in articles
        for edit in queries.edits(
            db, article=article, since=selection.since, limit=MAX_EXPORT_FEED_EDITS
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
    return sum(1 for _ in write_warc(db, pages, out, at=to_text(now())))


def _write_bundle(db: Database, selection: ExportSelection, out: IO[bytes]) -> int:
    from variorum.transfer.bundle import write_bundle

    assert selection.ids
    write_bundle(db, selection.ids[0], out)
    return 1


WRITERS: dict[str, Callable[[Database, ExportSelection, IO[bytes]], int]] = {
    "jsonl": _write_lines,
    "atom": _write_atom,
    "warc": _write_warc,
    "bundle": _write_bundle,
}
COMMANDS = (export,)
