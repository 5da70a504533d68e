"""Commands that say what is watched: add, list, remove, pause, resume."""

from typing import Any

import click

from storage.articles.watch import erase_article, set_state, stop_watching, watch_article
from storage.diff.render import printable
from storage.queries import articles as queries
from storage.queue.watches import watch_source
from storage.vocabulary import STATES
from variorum.commands.options import (
    json_option,
    parse_timetable,
    parse_url,
    parse_urls,
    urls_argument,
    yes_option,
)
from variorum.context import Context, now
from variorum.terminal.output import plural, print_json, say, say_styled, short_time

# The columns of `list` before the address.
STATE_WIDTH = 8
ENTRY_INDENT = STATE_WIDTH + 1


@click.command("add")
@urls_argument
@click.option("--feed", "kind", flag_value="feed", help="The URL is an RSS, Atom or JSON feed: watch its new articles.")  # fmt: skip
@click.option("--sitemap", "kind", flag_value="sitemap", help="The URL is a sitemap or a sitemap index: watch its new articles.")  # fmt: skip
@click.option("--section", "kind", flag_value="section", help="The URL is a page of links: watch the new articles it links to.")  # fmt: skip
@click.option("--every", metavar="INTERVAL", help="Check at this interval, such as 30m or 2h, instead of when an edit is likely.")  # fmt: skip
@click.option("--cron", metavar="LINE", help='Check at the times of a cron line (UTC), such as "*/10 6-22 * * *".')  # fmt: skip
@click.pass_obj
def add_command(
    context: Context, urls: tuple[str, ...], kind: str | None, every: str | None, cron: str | None
) -> None:
    """Watch articles, or a feed, sitemap or section that lists them.

    `-` reads URLs from standard input, one per line.

    \b
    variorum add https://example.org/news/1
    variorum add --every 10m https://example.org/news/2
    variorum add --feed https://example.org/rss.xml
    """
    timetable = parse_timetable(every, cron)
    targets = parse_urls(urls)
    db = context.open_writable()
    for target in targets:
        if kind:
            watch_source(db, target, kind, at=now(), every=timetable)
        else:
            watch_article(db, target, at=now(), every=timetable)
        say(f"watching {kind or 'article'} {target}")
    say("`variorum run` checks what is due")


@click.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only articles in this state.")  # fmt: skip
@json_option
@click.pass_obj
def list_command(context: Context, state: str | None, is_json: bool) -> None:
    """List what is watched, the next due first.

    Each entry says when its next check is due, and why then.

    \b
    variorum list
    variorum list --state gone --json
    """
    db = context.open_readable()
    sources = [] if state else list(queries.watches(db))
    articles = queries.articles(db, state=state)
    if is_json:
        print_json(sources)
        print_json({"kind": "article", **row} for row in articles)
        return
    for source in sources:
        _print_source(source)
    article_count = 0
    for row in articles:
        article_count += 1
        _print_article_entry(row)
    if not article_count and not sources:
        say(
            f"no article is {state}; leave out --state to see all"
            if state
            else "no article is watched yet; begin with `variorum add URL` or `variorum add --feed URL`"
        )


def _print_source(row: dict[str, Any]) -> None:
    say_styled(f"{row['kind']:{STATE_WIDTH}} {printable(row['url'])}", hanging_indent=ENTRY_INDENT)
    schedule = f"next {short_time(row['next_check_at'])} UTC · {row['reason'] or 'not checked yet'}"
    say(" " * ENTRY_INDENT + schedule, dim=True)


def _print_article_entry(row: dict[str, Any]) -> None:
    due = f"next {short_time(row['next_check_at'])} UTC · " if row["next_check_at"] else ""
    schedule = f"{plural(row['versions'] or 0, 'version')} · {due}{row['next_check_reason'] or ''}"
    indent = " " * ENTRY_INDENT
    entry_lines = (
        f"{row['state']:{STATE_WIDTH}} {printable(row['url'])}",
        indent + printable(row["headline"] or "no version yet"),
        click.style(indent + printable(schedule), dim=True),
    )
    say_styled("\n".join(entry_lines), hanging_indent=ENTRY_INDENT)


@click.command("remove")
@urls_argument
@click.option("--erase", is_flag=True, help="Also delete the whole history of the article; asks first.")  # fmt: skip
@yes_option
@click.pass_obj
def remove_command(context: Context, urls: tuple[str, ...], erase: bool, yes: bool) -> None:
    """Stop watching; history is kept unless --erase is given.

    \b
    variorum remove https://example.org/news/1
    """
    db = context.open_writable()
    for url in map(parse_url, urls):
        if erase:
            if not yes:
                click.confirm(f"Delete every version, edit and check of {url}?", abort=True)
            say(f"erased {url} with {plural(erase_article(db, url), 'version')}")
        else:
            kind = stop_watching(db, url, at=now())
            kept = " (its history is kept)" if kind == "article" else ""
            say(f"stopped watching {url}{kept}")


@click.command("pause")
@urls_argument
@click.pass_obj
def pause_command(context: Context, urls: tuple[str, ...]) -> None:
    """Stop checking until resumed.

    \b
    variorum pause https://example.org/news/1
    """
    db = context.open_writable()
    for url in map(parse_url, urls):
        set_state(db, url, "paused", at=now())
        say(f"paused {url}")


@click.command("resume")
@urls_argument
@click.pass_obj
def resume_command(context: Context, urls: tuple[str, ...]) -> None:
    """Start checking again.

    \b
    variorum resume https://example.org/news/1
    """
    db = context.open_writable()
    for url in map(parse_url, urls):
        set_state(db, url, "active", at=now())
        say(f"watching {url}")
