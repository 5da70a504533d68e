"""What `fetch` does: look, record, and tell what was seen."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Coroutine, Iterable
from typing import Any

import click

from schedules.cadence.budget import current_check_rate
from schedules.check import Checked, check
from schedules.check.batch_writer import Writer
from schedules.check.settings import CheckSettings
from schedules.daemon.delivery import Channel, Deliveries
from schedules.hosts.lease import hold_host
from schedules.hosts.network import Network
from scraper.urls import canonical_url, hostname
from storage.database import Database
from storage.diff.render import printable
from storage.queue.outbox import ChannelFilter
from variorum.config import Config, ConfigError, read_site_rules
from variorum.context import (
    MIN_BAR_STEPS,
    Context,
    UsageError,
    network,
    now,
    plural,
    print_json,
    progress,
    say,
    say_edit,
    say_styled,
)

log = logging.getLogger("variorum")

OUTCOME_COLOURS = {
    "edited": "yellow",
    "new": "cyan",
    "failed": "red",
    "blocked": "red",
    "refused": "red",
    "gone": "magenta",
}


async def fetch_all(
    context: Context,
    urls: list[str],
    *,
    as_json: bool,
    delay: float | None,
    jobs: int,
    dry_run: bool,
) -> list[str]:
    """Look at each URL, hosts side by side, and print each result; gives the outcomes."""
    db = context.open_or_empty() if dry_run else context.open_writable()
    try:
        settings = check_settings(context, db)
        channels = () if dry_run else channels_of(context, db)
    except ConfigError as error:
        raise UsageError(str(error)) from error
    outcomes: list[str] = []
    hosts: dict[str, list[str]] = {}
    for url in dict.fromkeys(canonical_url(url) for url in urls):
        hosts.setdefault(hostname(url), []).append(url)
    job_limit = asyncio.Semaphore(jobs)
    remaining_hosts = set(hosts)
    writer = Writer(db, lambda: min(jobs, len(remaining_hosts)))
    with progress(len(urls)) as bar:
        task = bar.add_task("looking", total=sum(map(len, hosts.values())))

        async def check_host(host: str, queue: list[str], net: Network) -> None:
            host_lease = (
                contextlib.nullcontext() if dry_run else hold_host(db, host, net, writer.write)
            )
            async with job_limit, host_lease:
                for url in queue:
                    checked = await check(
                        db, url, net, settings=settings, writer=writer, dry_run=dry_run
                    )
                    outcomes.append(checked.result.outcome)
                    bar.stop()  # the line printed takes its place, and it comes back below
                    print_checked(checked, as_json=as_json)
                    bar.advance(task)
                    bar.start()
            remaining_hosts.discard(host)

        async with network(context.config, delay, None if dry_run else db) as net:
            await _run_concurrently(check_host(host, queue, net) for host, queue in hosts.items())
    await Deliveries(db, now, channels).send_due()
    if not as_json and len(outcomes) >= MIN_BAR_STEPS:
        counts = {name: outcomes.count(name) for name in dict.fromkeys(outcomes)}
        say(
            f"{plural(len(outcomes), 'look')}: "
            + ", ".join(f"{n} {name}" for name, n in counts.items())
        )
    return outcomes


def channel_filters_of(config: Config) -> tuple[ChannelFilter, ...]:
    """Which edits each channel wants."""
    if not config.channels:
        return ()
    from variorum.notify.channels import (
        channel_filter_of,  # only who has channels needs XML, HMAC and the like
    )

    return tuple(channel_filter_of(channel) for channel in config.channels)


def channels_of(context: Context, db: Database) -> tuple[Channel, ...]:
    """The channels that edits are announced by; raises ConfigError."""
    if not context.config.channels:
        return ()
    from variorum.notify.channels import open_channels

    return open_channels(context.config, db, now)


def check_settings(context: Context, db: Database) -> CheckSettings:
    """What the user has set for looks; raises ConfigError."""
    config = context.config
    return CheckSettings(
        read_site_rules(config),
        current_check_rate(db, config.budget),
        channel_filters_of(config),
        keeps_unchanged=config.storage.snapshots == "all",
    )


def print_checked(checked: Checked, *, as_json: bool) -> None:
    """One look, for a person or for a program."""
    if as_json:
        print_json([check_json(checked)])
        sys.stdout.flush()
        return
    result = checked.result
    outcome = click.style(result.outcome, fg=OUTCOME_COLOURS.get(result.outcome))
    recorded = checked.recorded
    versions = f" v{recorded.version}" if recorded.version else ""
    if recorded.reverts_to:
        versions += f" (back to v{recorded.reverts_to})"
    say_styled(
        f"{outcome}{versions} {result.url}"
        + (f"\n  {printable(result.reason)}" if result.reason else "")
    )
    for edit in result.edits:
        say_edit(edit)


def check_json(checked: Checked) -> dict[str, Any]:
    """What `fetch --json` prints of a look."""
    result, recorded = checked.result, checked.recorded
    return {
        "url": result.url,
        "article_id": recorded.article_id,
        "outcome": result.outcome,
        "version": recorded.version,
        "previous_version": recorded.previous_version,
        "edits": [
            {
                "field": edit.field,
                "op": edit.op,
                "kind": edit.kind,
                "old": edit.old,
                "new": edit.new,
            }
            for edit in result.edits
        ],
        "reason": result.reason,
        "http_status": result.fetches[0].http_status if result.fetches else None,
    }


async def _run_concurrently(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all to their end; if one fails, cancel the others and raise its error."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in coroutines:
                group.create_task(work)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
