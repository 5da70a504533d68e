"""Commands that show articles: show, blame, search."""

import sys
from typing import Any

import click

from storage.articles.aliases import require_article
from storage.articles.versions import article_from_row, stored_text_hash
from storage.diff.render import printable
from storage.errors import DamagedError, NotFoundError
from storage.queries import articles as queries
from storage.queries.sentences import current_sentences, removed_sentences
from storage.search import first_hits
from storage.search.hits import Hit, Scope
from storage.snapshots.store import load_snapshot
from variorum.commands.options import json_option, limit_option, parse_url
from variorum.context import Context
from variorum.terminal.output import print_json, say, say_styled, short_time
from variorum.terminal.results import article_json, print_article


@click.command("show")
@click.argument("url")
@click.option("--version", "number", type=int, help="The number of the version; by default the latest.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text",
              show_default=True, help="html: the page as the server sent it.")  # fmt: skip
@click.pass_obj
def show_command(context: Context, url: str, number: int | None, form: str) -> None:
    """Show one version of an article, by default the latest.

    \b
    variorum show https://example.org/news/1 --version 1
    """
    db = context.open_readable()
    row = queries.version(db, require_article(db, parse_url(url)), number)
    if form == "html":
        if row["snapshot_id"] is None:
            raise NotFoundError(
                f"{url}: the page of version {row['number']} is not stored; leave out --format to read its text"
            )
        sys.stdout.buffer.write(load_snapshot(db, row["snapshot_id"]).raw)
        return
    if stored_text_hash(row) != row["content_hash"]:
        raise DamagedError(
            f"{url}: the text of version {row['number']} is damaged; `variorum rebuild` restores it if its page is stored"
        )
    article = article_from_row(row, parse_url(url))
    if form == "json":
        print_json([{"version": row["number"], "seen_at": row["seen_at"], "last_seen_at": row["last_seen_at"],
                     **article_json(article)}])  # fmt: skip
        return
    back = f" · back to version {row['reverts_to']}" if row["reverts_to"] else ""
    say(
        f"version {row['number']} · served from {short_time(row['seen_at'])}"
        f" to {short_time(row['last_seen_at'])} UTC{back}",
        dim=True,
    )
    print_article(article)


@click.command("blame")
@click.argument("url")
@click.option("--deleted", is_flag=True, help="The removed sentences instead, the last removed first.")  # fmt: skip
@json_option
@click.pass_obj
def blame_command(context: Context, url: str, deleted: bool, is_json: bool) -> None:
    """Show each sentence with the version and the time that added it.

    An edited sentence counts as added by its edit. Times are UTC: when Variorum first saw it.

    \b
    variorum blame https://example.org/news/1
    variorum blame https://example.org/news/1 --deleted
    """
    db = context.open_readable()
    article_id = require_article(db, parse_url(url))
    latest = queries.version(db, article_id)["number"]
    rows = (
        removed_sentences(db, article_id) if deleted else current_sentences(db, article_id, latest)
    )
    if is_json:
        print_json(rows)
    else:
        _print_sentences(rows)
        if not rows:
            say("no sentence was removed" if deleted else "the latest version has no sentences")
    if not rows:
        sys.exit(1)


def _print_sentences(rows: list[dict[str, Any]]) -> None:
    paragraph = 0
    for row in rows:
        if row["paragraph"] not in (None, paragraph):
            say()
            paragraph = row["paragraph"]
        lifetime = f"v{row['added_version'] or '?'}".ljust(4) + short_time(row["added_at"])
        if row["removed_version"]:
            lifetime += f" to v{row['removed_version']} {short_time(row['removed_at'])}"
        text = f"{click.style(lifetime, dim=True)}  {printable(row['sentence'])}"
        say_styled(text, hanging_indent=len(lifetime) + 2)


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--deleted", is_flag=True, help="Only articles whose latest version no longer contains the words.")  # fmt: skip
@limit_option
@json_option
@click.pass_obj
def search_command(
    context: Context, words: tuple[str, ...], deleted: bool, limit: int, is_json: bool
) -> None:
    """Search the full text of all versions, newest first.

    A version matches if it contains all the words. Korean words of two characters match, too.

    \b
    variorum search 중국 인공지능
    variorum search --deleted "was arrested"
    """
    db = context.open_readable()
    scope = Scope.DELETED if deleted else Scope.VERSIONS
    hits = first_hits(db, " ".join(words), scope=scope, limit=limit)
    if is_json:
        print_json(map(_hit_json, hits))
    else:
        for hit in hits:
            _print_hit(hit)
        if not hits:
            say("no version contains all the words; try fewer")
    if not hits:
        sys.exit(1)


def _print_hit(hit: Hit) -> None:
    removed = " · no longer in the article" if hit.is_deleted else ""
    say(hit.headline, bold=True)
    say(f"  {hit.url} · versions {hit.first.number} to {hit.last.number}{removed}", dim=True)
    for sentence in hit.sentences:
        say(f"  {sentence.text}")


def _hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "url": hit.url,
        "headline": hit.headline,
        "first_version": hit.first.number,
        "last_version": hit.last.number,
        "latest_version": hit.latest_version,
        "deleted": int(hit.is_deleted),
        "first_seen_at": hit.first.seen_at,
        "last_seen_at": hit.last.last_seen_at,
        "removed_at": hit.removed_at,
        "sentences": [sentence.text for sentence in hit.sentences],
    }
