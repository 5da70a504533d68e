"""Commands that show edits: log, diff."""

import sys
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from storage.articles.aliases import require_article
from storage.articles.edits import edit_from_row
from storage.articles.versions import article_from_row
from storage.diff import compare
from storage.diff.render import as_html, as_json
from storage.diff.unified import as_unified
from storage.errors import NotFoundError
from storage.queries import articles as queries
from storage.queries.edits import EditFilter, matching_edits
from storage.vocabulary import FIELD_NAMES, KINDS
from variorum.commands.options import json_option, limit_option, parse_since, parse_url
from variorum.context import Context
from variorum.terminal.output import print_json, say, time_range
from variorum.terminal.results import print_edit

if TYPE_CHECKING:
    from scraper.article import Article
    from storage.database import Database
    from storage.diff.edit import Edit

DISCLOSURE_NOTES = {None: "", 0: " · silent", 1: " · disclosed"}


@click.command("log")
@click.argument("url", required=False)
@click.option("--since", metavar="T", help="Only edits since a time (ISO 8601) or an age (90m, 2h, 3d).")  # fmt: skip
@click.option("--field", type=click.Choice(FIELD_NAMES), help="Only edits of this field.")
@click.option("--kind", type=click.Choice(KINDS), help="Only edits of this kind.")
@click.option("--silent", is_flag=True, help="Only edits that the publisher did not disclose.")
@limit_option
@json_option
@click.pass_obj
def log_command(
    context: Context,
    url: str | None,
    since: str | None,
    field: str | None,
    kind: str | None,
    silent: bool,
    limit: int,
    is_json: bool,
) -> None:
    """Show edits, newest first, of all articles or of one.

    \b
    variorum log --since 2d --field headline
    variorum log https://example.org/news/1 --json
    """
    db = context.open_readable()
    edit_filter = EditFilter(
        article_id=require_article(db, parse_url(url)) if url else None,
        since=parse_since(since),
        field=field,
        kind=kind,
        silent=silent,
    )
    rows = matching_edits(db, edit_filter, limit=limit)
    if is_json:
        if not print_json(rows):
            sys.exit(1)
        return
    count = _print_log(rows)
    if count == limit:
        say(f"these are the newest {count}; show more with --limit", err=True)
    if not count:
        is_filtered = url or since or field or kind or silent
        say(
            "no edit matches; leave out an option to see more"
            if is_filtered
            else "no edits yet; check again with `variorum fetch URL`, or keep checking with `variorum run`"
        )
        sys.exit(1)


def _print_log(rows: Iterator[dict[str, Any]]) -> int:
    """Print edits by article and check, each check in the order of the page; gives how many edits."""
    count = 0
    for _, group in groupby(rows, key=lambda row: (row["article_id"], row["to_version"])):
        edits = list(group)[::-1]
        first = edits[0]
        disclosure = DISCLOSURE_NOTES[first["disclosed"]]
        back = f" (back to v{first['reverts_to']})" if first["reverts_to"] else ""
        imported = " · imported" if first["imported"] else ""
        versions = f"v{first['from_version']} → v{first['to_version']}{back}{disclosure}{imported}"
        say()
        say(first["headline"], bold=True)
        say(first["url"], dim=True)
        say(f"{versions} · {time_range(first['seen_after'], first['seen_at'])} UTC", dim=True)
        for edit in edits:
            print_edit(edit_from_row(edit))
        count += len(edits)
    return count


@click.command("diff")
@click.argument("url")
@click.argument("old", type=int, required=False)
@click.argument("new", type=int, required=False)
@click.option("--format", "form", type=click.Choice(["terminal", "html", "unified", "json"]),
              default="terminal", show_default=True, help="How to print the edits.")  # fmt: skip
@click.pass_obj
def diff_command(context: Context, url: str, old: int | None, new: int | None, form: str) -> None:
    """Show what changed between two versions, by default in the last edit.

    With OLD alone, from that version to the latest.

    \b
    variorum diff https://example.org/news/1
    variorum diff https://example.org/news/1 1 3 --format unified
    """
    db = context.open_readable()
    article_id = require_article(db, parse_url(url))
    older, newer = _version_numbers(db, article_id, url, old, new)
    before = article_from_row(queries.version(db, article_id, older), url)
    after = article_from_row(queries.version(db, article_id, newer), url)
    if form == "unified":
        click.echo(as_unified(before, after, f"version {older}", f"version {newer}"))
        return
    edits = _edits(db, article_id, before, after, older, newer)
    if form == "html":
        click.echo(as_html(edits))
    elif form == "json":
        print_json(as_json(edit) for edit in edits)
    else:
        _print_diff(after.headline, edits, older, newer)


def _version_numbers(
    db: "Database", article_id: int, url: str, old: int | None, new: int | None
) -> tuple[int, int]:
    """The numbers of the two versions to compare. Raises NotFoundError if the older is not there."""
    latest: int = queries.version(db, article_id)["number"]
    newer = new if new is not None else latest
    older = old if old is not None else newer - 1
    if older < 1 and old is not None:
        raise NotFoundError(f"{url}: there is no version {older}; choose one from 1 to {latest}")
    if older < 1:
        raise NotFoundError(
            f"{url}: there is only one version, so nothing was edited yet; check again with `variorum fetch URL`"
        )
    return older, newer


def _edits(
    db: "Database", article_id: int, before: "Article", after: "Article", older: int, newer: int
) -> "list[Edit]":
    """The edits between two versions: as logged if one follows the other, else compared now."""
    if newer - older == 1:
        edit_filter = EditFilter(article_id=article_id, versions=(older, newer))
        rows = matching_edits(db, edit_filter)
        logged_edits = [edit_from_row(row) for row in rows][::-1]
        if logged_edits:
            return logged_edits
    return list(compare(before, after))


def _print_diff(headline: str, edits: "list[Edit]", older: int, newer: int) -> None:
    say(headline, bold=True)
    say(f"version {older} → {newer}", dim=True)
    for edit in edits:
        print_edit(edit)
    if not edits:
        say("the two versions have the same text")
