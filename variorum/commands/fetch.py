"""Commands that read a page now: fetch, extract."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from scraper.errors import ExtractError, ScraperError
from scraper.urls import canonical_url, hostname
from storage.errors import ConflictError, DamagedError, ErasedError
from storage.vocabulary import NO_ARTICLE
from variorum.commands.options import (
    delay_option,
    host_jobs_option,
    json_option,
    parse_urls,
    urls_argument,
)
from variorum.context import Context, now, open_network
from variorum.errors import UsageError
from variorum.terminal.output import MIN_BAR_STEPS, plural, print_json, progress, say
from variorum.terminal.results import article_json, print_article, print_check, print_check_json

if TYPE_CHECKING:
    from schedules.check import Checked
    from schedules.check.batch_writer import Writer
    from schedules.delivery import Channel
    from schedules.hosts.network import Network
    from storage.database import Database

# A check that was made for another article takes the place of one that is asked for, if it is this new.
MAX_MOVED_UP_AGE = timedelta(minutes=10)


@click.command("fetch")
@urls_argument
@json_option
@delay_option
@host_jobs_option
@click.option("--dry-run", is_flag=True, help="Fetch and compare, but record nothing.")
@click.pass_obj
def fetch_command(
    context: Context,
    urls: tuple[str, ...],
    is_json: bool,
    delay: float | None,
    jobs: int | None,
    dry_run: bool,
) -> None:
    """Check each URL once, record it, and print what changed.

    `-` reads URLs from standard input, one per line. Exits with 1 if a check fails.

    \b
    variorum fetch https://example.org/news/1
    variorum fetch --json - < urls.txt
    """
    outcomes = asyncio.run(
        fetch_all(
            context,
            list(dict.fromkeys(parse_urls(urls))),
            is_json=is_json,
            delay=delay,
            jobs=jobs or context.config.jobs,
            dry_run=dry_run,
        )
    )
    if not is_json and len(outcomes) >= MIN_BAR_STEPS:
        counts = {name: outcomes.count(name) for name in dict.fromkeys(outcomes)}
        summary = ", ".join(f"{count} {name}" for name, count in counts.items())
        say(f"{plural(len(outcomes), 'check')}: {summary}")
    if NO_ARTICLE & set(outcomes):
        sys.exit(1)


async def fetch_all(
    context: Context,
    urls: list[str],
    *,
    is_json: bool,
    delay: float | None,
    jobs: int,
    dry_run: bool,
) -> list[str]:
    """Check distinct canonical URLs, several hosts at a time, and print each result; gives the outcomes.

    With `dry_run` nothing is recorded and no notification is sent.
    """
    # Imported here because `extract` and the help of all commands need none of it.
    from schedules.check import check
    from schedules.check.batch_writer import Writer
    from schedules.delivery import Deliveries

    db = context.open_or_empty() if dry_run else _open_for(urls, context)
    settings = context.check_settings(db)
    channels = () if dry_run else _channels(context, db)
    urls_by_host = _urls_by_host(urls)
    remaining_hosts = set(urls_by_host)
    writer = Writer(db, lambda: min(jobs, len(remaining_hosts)))
    job_limit = asyncio.Semaphore(jobs)
    outcomes: list[str] = []

    async def check_host(
        host: str, network: "Network", report: Callable[["Checked"], None]
    ) -> None:
        check_url = partial(check, network=network, settings=settings, writer=writer, dry_run=dry_run)  # fmt: skip
        async with job_limit, _host_lease(db, host, network, writer, dry_run=dry_run):
            async for checked in _checks(db, urls_by_host[host], check_url):
                outcomes.append(checked.result.outcome)
                report(checked)
        remaining_hosts.discard(host)

    print_result = print_check_json if is_json else print_check
    with _reporting(len(urls), print_result) as report:
        async with open_network(context.config, delay, None if dry_run else db) as network:
            await network.own.is_back()  # an outage that another run has met may be over
            await _run_concurrently(check_host(host, network, report) for host in urls_by_host)
    await Deliveries(db, now, channels).send_due()
    return outcomes


def _open_for(urls: Iterable[str], context: Context) -> "Database":
    """The database, which knows that the user gave these addresses."""
    from storage.queue.typed_hosts import remember_typed

    db = context.open_writable()
    remember_typed(db, urls, at=now())
    return db


async def _checks(
    db: "Database", urls: Iterable[str], check_url: "Callable[..., Awaitable[Checked]]"
) -> "AsyncIterator[Checked]":
    """The check of each address, one after the other; none is made twice within minutes.

    An article that is damaged in the database, or erased meanwhile, fails; the others go on.
    """
    moved_up: dict[int | None, Checked] = {}  # the checks of siblings, by article
    for url in urls:
        try:
            checked = _moved_up(db, url, moved_up) or await check_url(db, url)
        except (ConflictError, DamagedError, ErasedError) as error:
            checked = _unrecorded(url, str(error))
        moved_up |= {one.recorded.article_id: one for one in checked.siblings}
        yield checked


def _unrecorded(url: str, reason: str) -> "Checked":
    """A check that could not be made or recorded, and why."""
    from schedules.check import Checked
    from storage.articles.result import CheckResult, Recorded

    result = CheckResult(url, "failed", (), reason=reason)
    return Checked(result, Recorded(None, None, None))


def _moved_up(db: "Database", url: str, checks: "dict[int | None, Checked]") -> "Checked | None":
    """The check of an address that was made minutes ago, as that of a sibling; None if none was."""
    from storage.articles.aliases import find_article

    checked = checks.pop(find_article(db, url), None)
    if checked is None or now() - checked.result.fetches[-1].fetched_at > MAX_MOVED_UP_AGE:
        return None
    return replace(checked, result=replace(checked.result, url=url))


def _host_lease(
    db: "Database", host: str, network: "Network", writer: "Writer", *, dry_run: bool
) -> contextlib.AbstractAsyncContextManager[None]:
    """The lease of a host for this process; none for a dry run, which writes nothing."""
    from schedules.hosts.lease import hold_host

    return contextlib.nullcontext() if dry_run else hold_host(db, host, network, writer.write)


@contextlib.contextmanager
def _reporting(
    total: int, print_result: Callable[["Checked"], None]
) -> Iterator[Callable[["Checked"], None]]:
    """A function that prints a result above a progress bar of `total` checks, and advances the bar."""
    with progress(total) as bar:
        task = bar.add_task("checking", total=total)

        def report(checked: "Checked") -> None:
            bar.stop()  # the printed line takes the place of the bar
            print_result(checked)
            bar.advance(task)
            bar.start()

        yield report


def _urls_by_host(urls: Iterable[str]) -> dict[str, list[str]]:
    urls_by_host: dict[str, list[str]] = {}
    for url in urls:
        urls_by_host.setdefault(hostname(url), []).append(url)
    return urls_by_host


async def _run_concurrently(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all to their end. If one fails, the others are cancelled and its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in coroutines:
                group.create_task(work)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


def _channels(context: Context, db: "Database") -> "tuple[Channel, ...]":
    if not context.config.channels:
        return ()
    from variorum.notify.channels import open_channels  # needs XML, HMAC and more

    return open_channels(context.config, db, now)


@click.command("extract")
@click.argument("source", metavar="FILE|URL|-")
@click.option(
    "--url", help="The address that a file came from; it gives the host and the time zone."
)
@click.option("--json", "is_json", is_flag=True, help="Print the article as a JSON object.")
@click.pass_obj
def extract_command(context: Context, source: str, url: str | None, is_json: bool) -> None:
    """Print the article on a page, without a database.

    The page is a file, an address to fetch, or standard input (`-`).

    \b
    variorum extract page.html --url https://example.org/news/1
    curl -s https://example.org/news/1 | variorum extract - --json
    """
    from scraper.extract import extract  # takes long to import

    rules = context.site_rules()
    try:
        raw, address, content_type = _read_source(context, source, url)
        article = extract(raw, address, content_type=content_type, rules=rules)
    except (ExtractError, ScraperError) as error:
        raise click.ClickException(str(error)) from error
    if is_json:
        print_json([article_json(article)])
    else:
        print_article(article)


def _read_source(context: Context, source: str, url: str | None) -> tuple[bytes, str, str | None]:
    """The bytes of a page, its address, and its Content-Type header if it has one."""
    max_bytes = context.config.max_body
    if source == "-":
        return _read_page(sys.stdin.buffer, max_bytes, source), url or "", None
    if source.startswith(("http://", "https://")):
        return asyncio.run(_fetch_page(context, source))
    path = Path(source)
    try:
        with path.open("rb") as file:
            raw = _read_page(file, max_bytes, source)
        return raw, url or Path(os.path.realpath(path)).as_uri(), None
    except OSError as error:
        raise UsageError(
            f"{source}: cannot be read ({error.strerror}); give a file, a URL or -"
        ) from error


def _read_page(file: BinaryIO, max_bytes: int, name: str) -> bytes:
    """A whole page. Raises ScraperError if it is larger than one from the web may be."""
    raw = file.read(max_bytes + 1)
    if len(raw) > max_bytes:
        raise ScraperError(
            name, f"larger than {max_bytes:,} bytes, the limit; raise `max_body` in variorum.toml"
        )
    return raw


async def _fetch_page(context: Context, url: str) -> tuple[bytes, str, str | None]:
    async with open_network(context.config, None) as network:
        refusal = await network.refusal(canonical_url(url))
        if refusal:
            raise ScraperError(url, refusal.reason)
        response = await network.get(url)
    if response.status != 200:
        raise ScraperError(url, f"the server answers with status {response.status}")
    return response.body, response.final_url, response.content_type
