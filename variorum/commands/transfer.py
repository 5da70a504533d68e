"""The command that takes history out: export."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import click

from storage.database import Database, reading
from storage.errors import NotFoundError
from storage.queries import articles as queries
from storage.snapshots.listing import stored_pages
from storage.timestamps import moment
from storage.transfer.jsonl import history_rows
from variorum.commands.log import since_time
from variorum.commands.watch import address
from variorum.context import Context, Usage, json_line, now
from variorum.transfer.atomic_file import whole_file

FEED_LENGTH = 200
BINARY = ("warc", "bundle")


@dataclass(frozen=True, slots=True)
class Wanted:
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
    elif form in BINARY and output is None and sys.stdout.isatty():
        raise Usage(f"a {form} is no text; give --output FILE, or pipe it into a program")
    db = context.readable()
    wanted = Wanted(
        [queries.article_id(db, address(url)) for url in urls] or None, since_time(since)
    )
    with reading(db), _opened(output) as out:
        if not WRITERS[form](db, wanted, out):
            raise NotFoundError("nothing that is stored fits; nothing is exported")


def _check_bundle(urls: tuple[str, ...], since: str | None, output: Path | None) -> None:
    if len(urls) != 1:
        raise Usage("a bundle is of one article: give one URL")
    if output is None:
        raise Usage("a bundle is a file: give --output FILE")
    if since is not None:
        raise Usage("a bundle holds the whole history; --since is for the other formats")


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
    else:
        with whole_file(output) as file:
            yield file


def _write_lines(db: Database, wanted: Wanted, out: IO[bytes]) -> int:
    count = 0
    for row in history_rows(db, wanted.ids, wanted.since):
        out.write(json_line(row).encode() + b"\n")
        count += 1
    return count


def _write_atom(db: Database, wanted: Wanted, out: IO[bytes]) -> int:
    from variorum.notify.atom import atom_feed  # the other formats need no XML

    articles: list[int | None] = [*wanted.ids] if wanted.ids else [None]
    edits = [
        edit
        for article in articles
        for edit in queries.edits(db, article=article, since=wanted.since, limit=FEED_LENGTH)
    ]
    edits.sort(key=lambda edit: (edit["seen_at"], edit["id"]), reverse=True)
    out.write(atom_feed(edits[:FEED_LENGTH], name="export", updated_at=moment(now())) + b"\n")
    return len(edits)


def _write_warc(db: Database, wanted: Wanted, out: IO[bytes]) -> int:
    from storage.transfer.warc_write import write_warc

    pages = stored_pages(db, wanted.ids, since=wanted.since)
    return sum(1 for _ in write_warc(db, pages, out, at=moment(now())))


def _write_bundle(db: Database, wanted: Wanted, out: IO[bytes]) -> int:
    from variorum.transfer.bundle import write_bundle

    assert wanted.ids
    write_bundle(db, wanted.ids[0], out)
    return 1


WRITERS: dict[str, Callable[[Database, Wanted, IO[bytes]], int]] = {
    "jsonl": _write_lines,
    "atom": _write_atom,
    "warc": _write_warc,
    "bundle": _write_bundle,
}
COMMANDS = (export,)
