"""Commands on what is watched: add, list, remove, pause, resume."""

import click

from scraper.errors import UrlError
from scraper.urls import canonical_url
from storage.diff.render import printable
from storage.queries import articles as queries
from storage.queue import watches as watches
from variorum.context import (
    Context,
    UsageError,
    now,
    plural,
    print_json,
    say,
    say_styled,
    short_time,
    stdin_lines,
)


def parse_url(url: str) -> str:
    """The canonical URL that a user meant; a wrong one is a usage error."""
    try:
        return canonical_url(url)
    except UrlError as error:
        raise UsageError(str(error)) from error


def timetable(every: str | None, cron: str | None) -> str | None:
    """The timetable that a user meant, if one was given; a wrong one is a usage error."""
    from schedules.cadence.timetable import TimetableError, valid_cron, valid_interval

    if every and cron:
        raise UsageError("give --every or --cron, not both")
    try:
        if every:
            return valid_interval(every)
        return valid_cron(cron) if cron else None
    except TimetableError as error:
        raise UsageError(str(error)) from error


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.option(
    "--feed",
    "kind",
    flag_value="feed",
    help="An RSS, Atom or JSON feed: its new articles are added.",
)
@click.option("--sitemap", "kind", flag_value="sitemap", help="A sitemap or an index of them.")
@click.option("--section", "kind", flag_value="section", help="A page that links to articles.")
@click.option("--every", help="Look at this interval, such as 30m or 2h, whatever is learned.")
@click.option("--cron", help='Look by a cron line (UTC), such as "*/10 6-22 * * *".')
@click.pass_obj
def add(
    context: Context, urls: tuple[str, ...], kind: str | None, every: str | None, cron: str | None
) -> None:
    """Watch articles, or a source that names them; `-` reads URLs from standard input.

    \b
    variorum add https://example.org/news/1
    variorum add --every 10m https://example.org/news/2
    variorum add --feed https://example.org/rss.xml
    """
    schedule = timetable(every, cron)
    addresses = [target for url in urls for target in (stdin_lines(url) if url == "-" else [url])]
    targets = [parse_url(target) for target in addresses]
    db = context.open_writable()
    for target in targets:
        if kind:
            watches.watch_source(db, target, kind, at=now(), every=schedule)
        else:
            watches.watch_article(db, target, at=now(), every=schedule)
        say(f"watching {kind or 'article'} {target}")
    say("`variorum run` looks at what is due")


@click.command(name="list")
@click.option(
    "--state", type=click.Choice(["active", "paused", "gone", "finished"]), help="Only these."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.pass_obj
def list_(context: Context, state: str | None, as_json: bool) -> None:
    """What is watched, the next due first.

    \b
    variorum list
    variorum list --state gone --json
    """
    db = context.open_readable()
    sources = [] if state else list(queries.watches(db))
    if as_json:
        print_json(sources)
        print_json({"kind": "article", **row} for row in queries.articles(db, state=state))
        return
    for source in sources:
        say_styled(f"{source['kind']:8} {printable(source['url'])}", hanging_indent=9)
        say(
            f"         next {short_time(source['next_check_at'])} UTC · {source['reason'] or 'never looked at yet'}",
            dim=True,
        )
    count = 0
    for row in queries.articles(db, state=state):
        count += 1
        due_text = f"next {short_time(row['next_check_at'])} UTC · " if row["next_check_at"] else ""
        about = f"{plural(row['versions'] or 0, 'version')} · {due_text}{row['next_check_reason'] or ''}"
        entry_lines = (
            f"{row['state']:8} {printable(row['url'])}",
            f"         {printable(row['headline'] or 'no version yet')}",
            click.style(f"         {printable(about)}", dim=True),
        )
        say_styled("\n".join(entry_lines), hanging_indent=9)
    if not count and not sources:
        say("no article is watched yet; `variorum add URL` or `variorum add --feed URL` begins")


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.option(
    "--erase", is_flag=True, help="Delete the article's whole history as well; asks first."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(context: Context, urls: tuple[str, ...], erase: bool, yes: bool) -> None:
    """Watch no longer. The history stays, unless --erase.

    \b
    variorum remove https://example.org/news/1
    """
    db = context.open_writable()
    for url in map(parse_url, urls):
        if erase:
            if not yes:
                click.confirm(f"Delete every version, edit and look of {url}?", abort=True)
            say(f"erased {url} with {plural(watches.erase(db, url), 'version')}")
        else:
            kind = watches.stop_watching(db, url, at=now())
            say(
                f"no longer watched: {url}"
                + (" (its history is kept)" if kind == "article" else "")
            )


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.pass_obj
def pause(context: Context, urls: tuple[str, ...]) -> None:
    """Do not look for a while.

    \b
    variorum pause https://example.org/news/1
    """
    db = context.open_writable()
    for url in map(parse_url, urls):
        watches.set_state(db, url, "paused", at=now())
        say(f"paused {url}")


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.pass_obj
def resume(context: Context, urls: tuple[str, ...]) -> None:
    """Look again from now on.

    \b
    variorum resume https://example.org/news/1
    """
    db = context.open_writable()
    for url in map(parse_url, urls):
        watches.set_state(db, url, "active", at=now())
        say(f"watching {url}")


COMMANDS = (add, list_, remove, pause, resume)
