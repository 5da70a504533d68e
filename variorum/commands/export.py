"""The command that takes history out: export."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from storage import queries
from storage.database import Database
from storage.stamp import moment
from variorum.commands.read import since_time
from variorum.commands.watch import address
from variorum.context import Context, now, print_json

# Columns that hold JSON text become what they hold.
JSON_COLUMNS = ("byline", "captions", "headlines")
FEED_LENGTH = 200


@click.command()
@click.argument("urls", nargs=-1, metavar="[URL…]")
@click.option("--format", "form", type=click.Choice(["jsonl", "atom"]), default="jsonl", show_default=True,
              help="JSON lines of everything, or an Atom feed of the newest edits.")  # fmt: skip
@click.option(
    "--since",
    metavar="T",
    help="Only edits from this time on, and their articles: ISO 8601, or 90m, 2h, 3d.",
)
@click.pass_obj
def export(context: Context, urls: tuple[str, ...], form: str, since: str | None) -> None:
    """Print the history of all articles, or of some, for other programs.

    JSON lines: each article, then its addresses, versions, looks and edits, each with its "table".

    \b
    variorum export > history.jsonl
    variorum export --format atom --since 7d > edits.xml
    """
    db = context.readable()
    ids = [queries.article_id(db, address(url)) for url in urls] or None
    begun = since_time(since)
    is_feed = form == "atom"
    count = _print_atom(db, ids, begun) if is_feed else print_json(_rows(db, ids, begun))
    if not count:
        sys.exit(1)


def _rows(db: Database, ids: list[int] | None, since: str | None) -> Iterator[dict[str, Any]]:
    for article in queries.article_rows(db, ids, since=since):
        yield {"table": "articles", **article}
        for table, row in queries.history(db, article["id"], since=since):
            held = {name: json.loads(row[name]) for name in JSON_COLUMNS if row.get(name)}
            yield {"table": table, **row, **held}


def _print_atom(db: Database, ids: list[int] | None, since: str | None) -> int:
    from variorum.atom import atom_feed  # the other format needs no XML

    articles: list[int | None] = [*ids] if ids else [None]
    edits = [
        edit
        for article in articles
        for edit in queries.edits(db, article=article, since=since, limit=FEED_LENGTH)
    ]
    newest = sorted(edits, key=lambda edit: -edit["id"])[:FEED_LENGTH]
    click.echo(atom_feed(newest, name="export", updated_at=moment(now())))
    return len(newest)


COMMANDS = (export,)
