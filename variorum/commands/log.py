"""Commands that read the history: log, show, diff, blame, search."""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import click

from scraper.article import Article
from storage.articles.edits import edit_from_row
from storage.articles.exclusions import restore_volatile, volatile_texts
from storage.articles.state import article_from_row
from storage.diff import compare
from storage.diff.edit import Edit
from storage.diff.kinds.rules import KINDS
from storage.diff.render import as_html, as_json, printable
from storage.diff.unified import as_unified
from storage.errors import NotFoundError
from storage.queries import articles as queries
from storage.queries.sentences import current_sentences, removed_sentences
from storage.search import search_articles
from storage.snapshots.store import load_snapshot
from storage.timestamps import to_text
from variorum.commands.fetch import article_json, print_article
from variorum.commands.watch import parse_url
from variorum.context import (
    Context,
    UsageError,
    now,
    print_json,
    say,
    say_edit,
    say_styled,
    short_time,
    time_range,
)

FIELDS = ("headline", "dek", "byline", "body", "caption", "published_at", "modified_at", "section")
TIME_AGO = re.compile(r"(\d+)\s*([smhdw])")
NO_EDIT_MESSAGE = (
    "no edit was seen yet: `variorum fetch URL` looks again, `variorum run` keeps looking"
)
TIME_AGO_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_since(text: str | None, *, option: str = "--since") -> str | None:
    """The time that an option gives: ISO 8601, or how long ago (`90m`, `2h`, `3d`)."""
    if text is None:
        return None
    match = TIME_AGO.fullmatch(text.strip())
    try:
        if match:
            return to_text(now() - timedelta(**{TIME_AGO_UNITS[match[2]]: int(match[1])}))
        time = datetime.fromisoformat(text)
        return to_text(time if time.tzinfo else time.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{option} {text}: give a time such as 2026-05-14T09:00Z, or 90m, 2h, 3d"
        ) from error


@click.command()
@click.argument("url", required=False)
@click.option("--since", metavar="T", help="From this time on: ISO 8601, or 90m, 2h, 3d ago.")
@click.option("--field", type=click.Choice(FIELDS), help="Only edits of this field.")
@click.option("--kind", type=click.Choice(KINDS), help="Only edits of this kind.")
@click.option("--silent", is_flag=True, help="Only what the publisher did not disclose.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@click.option("--json", "as_json_", is_flag=True, help="One JSON object per line.")
@click.pass_obj
def log(
    context: Context,
    url: str | None,
    since: str | None,
    field: str | None,
    kind: str | None,
    silent: bool,
    limit: int,
    as_json_: bool,
) -> None:
    """Edits, newest first, across articles or of one.

    \b
    variorum log --since 2d --field headline
    variorum log https://example.org/news/1 --json
    """
    db = context.open_readable()
    rows = queries.edits(
        db,
        article=queries.article_id(db, parse_url(url)) if url else None,
        since=parse_since(since),
        field=field,
        kind=kind,
        silent=silent or None,
        limit=limit,
    )
    count = print_json(rows) if as_json_ else _print_log(rows)
    if count == limit and not as_json_:
        say(f"The newest {count}; --limit shows more.", err=True)
    if not count:
        if not as_json_:
            is_filtered = url or since or field or kind or silent
            say("no edit fits; leave out an option to see more" if is_filtered else NO_EDIT_MESSAGE)
        sys.exit(1)


def _print_log(rows: Iterator[dict[str, Any]]) -> int:
    """What one look saw in one article stands together, in the order of the page: its headline first."""
    count = 0
    for _, group in groupby(rows, key=lambda row: (row["article_id"], row["to_version"])):
        edits = list(group)[::-1]
        first = edits[0]
        disclosure = {None: "", 0: " · silent", 1: " · disclosed"}[first["disclosed"]]
        back = f" (back to v{first['reverts_to']})" if first["reverts_to"] else ""
        versions = f"v{first['from_version']} → v{first['to_version']}{back}{disclosure}"
        say()
        say(first["headline"], bold=True)
        say(first["url"], dim=True)
        say(f"{versions} · {time_range(first['seen_after'], first['seen_at'])} UTC", dim=True)
        for edit in edits:
            say_edit(edit_from_row(edit))
        count += len(edits)
    return count


@click.command()
@click.argument("url")
@click.option("--version", "number", type=int, help="Which version; by default the latest.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
)
@click.option("--volatile", is_flag=True, help="What was left out as the page's, and why.")
@click.option(
    "--undo",
    type=int,
    metavar="ID",
    help="With --volatile: count that text as the article's again.",
)
@click.pass_obj
def show(
    context: Context, url: str, number: int | None, form: str, volatile: bool, undo: int | None
) -> None:
    """One version of an article (`html`: the raw snapshot as it came).

    \b
    variorum show https://example.org/news/1 --version 1
    variorum show https://example.org/news/1 --volatile
    variorum show https://example.org/news/1 --volatile --undo 3
    """
    if undo is not None and not volatile:
        raise UsageError("--undo goes with --volatile, which lists the texts and their numbers")
    if volatile:
        _show_volatile(context, url, undo, as_json_=form == "json")
        return
    db = context.open_readable()
    row = queries.version(db, queries.article_id(db, parse_url(url)), number)
    if form == "html":
        if row["snapshot_id"] is None:
            raise NotFoundError(
                f"{url}: no snapshot is stored of version {row['number']}; leave out --format for its text"
            )
        sys.stdout.buffer.write(load_snapshot(db, row["snapshot_id"]).raw)
        return
    article = article_from_row(row, parse_url(url))
    if form == "json":
        print_json([{"version": row["number"], "seen_at": row["seen_at"], "last_seen_at": row["last_seen_at"],
                     **article_json(article)}])  # fmt: skip
        return
    summary = f"version {row['number']} · seen {short_time(row['seen_at'])} to {short_time(row['last_seen_at'])} UTC"
    back = f" · back to version {row['reverts_to']}" if row["reverts_to"] else ""
    say(summary + back, dim=True)
    print_article(article)


def _show_volatile(context: Context, url: str, undo: int | None, *, as_json_: bool) -> None:
    """The texts left out as the page's with their evidence; `undo` takes one back first."""
    if undo is not None:
        db = context.open_writable()
        restore_volatile(db, queries.article_id(db, parse_url(url)), undo, at=now())
    db = context.open_readable()
    rows = list(volatile_texts(db, queries.article_id(db, parse_url(url))))
    if as_json_:
        print_json(rows)
    for row in () if as_json_ else rows:
        undo_note = (
            f" · taken back {short_time(row['restored_at'])} UTC" if row["restored_at"] else ""
        )
        say(f"{row['id']:>4}  {row['text']}", bold=not undo_note)
        say(
            f"      {_exclusion_evidence(row)} · {short_time(row['since'])} UTC{undo_note}",
            dim=True,
        )
    if not rows:
        if not as_json_:
            say("nothing was left out")
        sys.exit(1)


def _exclusion_evidence(row: dict[str, Any]) -> str:
    if row["after"] is not None:
        return f"another line at each look, after: {row['after'][:60] or 'the headline'}"
    quoted_texts = [
        f"“{text[:60]}”" if text else "nothing" for text in (row["first"], row["second"])
    ]
    if row["first"] == row["second"]:
        return "gone at the next look"
    return f"two looks in a row saw {quoted_texts[0]} and {quoted_texts[1]} in its place"


@click.command()
@click.argument("url")
@click.argument("old", type=int, required=False)
@click.argument("new", type=int, required=False)
@click.option("--format", "form", type=click.Choice(["terminal", "html", "unified", "json"]),
              default="terminal", show_default=True)  # fmt: skip
@click.pass_obj
def diff(context: Context, url: str, old: int | None, new: int | None, form: str) -> None:
    """What changed between two versions; by default the last edit.

    With OLD alone, from that version to the latest.

    \b
    variorum diff https://example.org/news/1
    variorum diff https://example.org/news/1 1 3 --format unified
    """
    db = context.open_readable()
    article_id = queries.article_id(db, parse_url(url))
    latest = queries.version(db, article_id)["number"]
    newer = new if new is not None else latest
    older = old if old is not None else newer - 1
    if older < 1 and old is not None:
        raise NotFoundError(f"there is no version {older}; versions are 1 to {latest}")
    if older < 1:
        raise NotFoundError(
            f"{url}: there is only one version, nothing was edited yet; `variorum fetch URL` looks again"
        )
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
        say(f"{after.headline}", bold=True)
        say(f"version {older} → {newer}", dim=True)
        for edit in edits:
            say_edit(edit)
        if not edits:
            say("both versions say the same")


def _edits(
    db: Any, article_id: int, before: Article, after: Article, older: int, newer: int
) -> list[Edit]:
    """The edits as they were logged, for neighbouring versions; else the two versions compared."""
    if newer - older == 1:
        rows = queries.edits(db, article=article_id, versions=(older, newer))
        logged_edits = [edit_from_row(row) for row in rows][::-1]
        if logged_edits:
            return logged_edits
    return list(compare(before, after))


@click.command()
@click.argument("url")
@click.option("--deleted", is_flag=True, help="The sentences that left, the last one first.")
@click.option("--json", "as_json_", is_flag=True, help="One JSON object per sentence and line.")
@click.pass_obj
def blame(context: Context, url: str, deleted: bool, as_json_: bool) -> None:
    """Each sentence with the version and time it came, and for deleted ones when it left.

    A sentence that was edited came with its edit. Times are when we first saw it, in UTC.

    \b
    variorum blame https://example.org/news/1
    variorum blame https://example.org/news/1 --deleted
    """
    db = context.open_readable()
    article_id = queries.article_id(db, parse_url(url))
    latest = queries.version(db, article_id)["number"]
    rows = (
        removed_sentences(db, article_id) if deleted else current_sentences(db, article_id, latest)
    )
    if as_json_:
        print_json(rows)
    paragraph = 0
    for row in () if as_json_ else rows:
        if row["paragraph"] not in (None, paragraph):
            say()
            paragraph = row["paragraph"]
        since = f"v{row['added_version'] or '?'}".ljust(4) + short_time(row["added_at"])
        if row["removed_version"]:
            since += f" to v{row['removed_version']} {short_time(row['removed_at'])}"
        text = f"{click.style(since, dim=True)}  {printable(row['sentence'])}"
        say_styled(text, hanging_indent=len(since) + 2)
    if not rows:
        if not as_json_:
            say("no sentence has left")
        sys.exit(1)


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--deleted", is_flag=True, help="Only articles whose latest version has the words no more."
)
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@click.option("--json", "as_json_", is_flag=True, help="One JSON object per line.")
@click.pass_obj
def search(
    context: Context, words: tuple[str, ...], deleted: bool, limit: int, as_json_: bool
) -> None:
    """Full text over all versions, the newest first; two-character Korean words are found.

    \b
    variorum search 중국 인공지능
    variorum search --deleted "was arrested"
    """
    db = context.open_readable()
    rows = search_articles(db, " ".join(words), deleted=deleted, limit=limit)
    if as_json_:
        print_json({key: row[key] for key in row if key != "body"} for row in rows)
    for row in () if as_json_ else rows:
        removed_note = " · no longer in the article" if row["deleted"] else ""
        say(row["headline"], bold=True)
        say(
            f"  {row['url']} · versions {row['first_version']} to {row['last_version']}{removed_note}",
            dim=True,
        )
        for sentence in _sentences_with(row["body"], words):
            say(f"  {sentence}")
    if not rows:
        if not as_json_:
            say("nothing found; a version must have all the words: try fewer")
        sys.exit(1)


def _sentences_with(body: str, words: tuple[str, ...]) -> list[str]:
    from storage.diff.text.sentences import sentences

    matches = [
        sentence
        for paragraph in body.split("\n\n")
        for sentence in sentences(paragraph)
        if any(word.casefold() in sentence.casefold() for word in words)
    ]
    return matches[:3]


COMMANDS = (log, show, diff, blame, search)
