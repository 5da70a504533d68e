"""Commands that look: fetch, extract, run, demo."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from scraper.article import Article
from scraper.errors import ExtractError, ScraperError, UrlError
from scraper.urls import canonical_url
from storage.timestamps import publisher_text
from variorum.context import Context, UsageError, network, print_json, say, stdin_lines

FAILED = frozenset({"failed", "blocked", "refused"})


class SecondsRange(click.FloatRange):
    """A number of seconds; `nan` is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if number != number:
            self.fail("give a number of seconds", param, ctx)
        return number


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per URL and line.")
@click.option(
    "--delay", type=SecondsRange(0, 86_400), help="Seconds between two requests to one host."
)
@click.option("--jobs", type=click.IntRange(1, 500), help="Hosts looked at side by side.")
@click.option("--dry-run", is_flag=True, help="Look and compare, but record nothing.")
@click.pass_obj
def fetch(
    context: Context,
    urls: tuple[str, ...],
    as_json: bool,
    delay: float | None,
    jobs: int | None,
    dry_run: bool,
) -> None:
    """Look once at each URL, record it, and print what changed.

    `-` reads URLs from standard input, one a line.

    \b
    variorum fetch https://example.org/news/1
    variorum fetch --json - < urls.txt
    """
    from variorum.commands.looking import fetch_all

    addresses = [address for url in urls for address in (stdin_lines(url) if url == "-" else [url])]
    for address in addresses:
        try:
            canonical_url(address)
        except UrlError as error:
            raise UsageError(str(error)) from error
    outcomes = asyncio.run(
        fetch_all(
            context,
            addresses,
            as_json=as_json,
            delay=delay,
            jobs=jobs or context.config.jobs,
            dry_run=dry_run,
        )
    )
    if any(outcome in FAILED for outcome in outcomes):
        sys.exit(1)


@click.command()
@click.argument("source", metavar="FILE|URL|-")
@click.option(
    "--url", help="The address the page came from, for a file: it tells host and time zone."
)
@click.option("--json", "as_json", is_flag=True, help="The Article as a JSON object.")
@click.pass_obj
def extract(context: Context, source: str, url: str | None, as_json: bool) -> None:
    """Print the article on a page; touches no database.

    \b
    variorum extract page.html --url https://example.org/news/1
    curl -s https://example.org/news/1 | variorum extract - --json
    """
    from scraper.extract import extract as read_article

    try:
        rules = context.site_rules()
        raw, address, content_type = _read_source(context, source, url)
        article = read_article(raw, address, content_type=content_type, rules=rules)
    except (ExtractError, ScraperError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json([article_json(article)])
    else:
        print_article(article)


def _read_source(context: Context, source: str, url: str | None) -> tuple[bytes, str, str | None]:
    """The bytes of the page, its address, and the Content-Type header where there was one."""
    if source == "-":
        return sys.stdin.buffer.read(), url or "", None
    if source.startswith(("http://", "https://")):
        return asyncio.run(_fetch_page(context, source))
    path = Path(source)
    try:
        return path.read_bytes(), url or path.resolve().as_uri(), None
    except OSError as error:
        raise UsageError(
            f"{source}: cannot be read ({error.strerror}); give a file, a URL or -"
        ) from error


async def _fetch_page(context: Context, url: str) -> tuple[bytes, str, str | None]:
    async with network(context.config, None) as net:
        refusal = await net.refusal(canonical_url(url))
        if refusal:
            raise ScraperError(url, refusal.reason)
        response = await net.get(url)
    if response.status != 200:
        raise ScraperError(url, f"the server answers {response.status}")
    return response.body, response.final_url, response.content_type


def article_json(article: Article) -> dict[str, Any]:
    """An Article as the JSON that `extract --json` and `show --format json` print."""
    return {
        "url": article.url,
        "headline": article.headline,
        "dek": article.dek,
        "byline": list(article.byline),
        "published_at": publisher_text(article.published_at),
        "modified_at": publisher_text(article.modified_at),
        "section": article.section,
        "lang": article.lang,
        "body": article.body,
        "captions": list(article.captions),
        "sources": dict(article.sources),
    }


def print_article(article: Article) -> None:
    """An Article as a person reads it."""
    say(article.headline, bold=True)
    if article.dek:
        say(article.dek)
    facts = [", ".join(article.byline), article.section or "", article.lang or ""]
    facts += [f"published {publisher_text(article.published_at)}" if article.published_at else ""]
    facts += [f"modified {publisher_text(article.modified_at)}" if article.modified_at else ""]
    if any(facts):
        say(" · ".join(fact for fact in facts if fact), dim=True)
    say()
    say(article.body)
    for caption in article.captions:
        say()
        say(f"[caption] {caption}", dim=True)


@click.command()
@click.option(
    "--once", is_flag=True, help="Look at what is due and exit (for cron, systemd timers)."
)
@click.option(
    "--delay", type=SecondsRange(0, 86_400), help="Seconds between two requests to one host."
)
@click.option("--jobs", type=click.IntRange(1, 500), help="Hosts looked at side by side.")
@click.option("--cluster", metavar="ADDRESS", help="Have the workers of a Dask cluster look: tcp://HOST:8786.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object per look and line.")
@click.option("--log", "log_form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="json: one line per look and event on standard error, for a log collector.")  # fmt: skip
@click.pass_obj
def run(
    context: Context,
    once: bool,
    delay: float | None,
    jobs: int | None,
    cluster: str | None,
    as_json: bool,
    log_form: str,
) -> None:
    """Watch: look at every article when it is due, until stopped.

    SIGHUP has it read the settings again.

    \b
    variorum run                         until Ctrl-C or SIGTERM
    variorum run --once                  one pass; put this line in a crontab
    variorum run --cluster tcp://10.0.0.1:8786 --jobs 200
    """
    from variorum.commands.watching import runner
    from variorum.monitor.heartbeat import log_as_json

    if log_form == "json":
        log_as_json()
    asyncio.run(
        runner(
            context,
            once=once,
            delay=delay,
            jobs=jobs,
            cluster=cluster,
            as_json=as_json,
            log_json=log_form == "json",
        )
    )


@click.command()
@click.option("--keep", type=click.Path(path_type=Path), default=Path("variorum-demo.db"), show_default=True,
              help="Where to leave the database.")  # fmt: skip
@click.pass_obj
def demo(context: Context, keep: Path) -> None:
    """See it work: a small news site on this machine edits its articles while you watch.

    Needs no network. Leaves a database to explore.

    \b
    variorum demo
    """
    from variorum.demo.show import show

    if keep.exists():
        keep = next(
            path
            for n in range(2, 1000)
            if not (path := keep.with_stem(f"{keep.stem}-{n}")).exists()
        )
    asyncio.run(show(context.config, keep))


COMMANDS = (demo, fetch, extract, run)
