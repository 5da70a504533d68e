"""What `fetch` does: look, record, and tell what was seen."""

import asyncio
import contextlib
import logging
import sys
from typing import Any

import click

from schedules.cadence.budget import current_pace
from schedules.check import Checked, check
from schedules.check.batch_writer import Writer
from schedules.daemon.delivery import Channel, Outbox
from schedules.hosts.by_hand import holding, side_by_side
from schedules.hosts.network import Network
from schedules.settings import Settings
from scraper.urls import canonical_url, host_name
from storage.database import Database
from storage.diff.render import printable
from storage.queue.outbox import Audience
from variorum.config import Config, ConfigError, read_sites
from variorum.context import (
    BAR_FROM,
    Context,
    Usage,
    network,
    now,
    plural,
    print_json,
    progress,
    say,
    say_edit,
    say_marked,
)

log = logging.getLogger("variorum")

COLOURS = {
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
    db = context.untouched() if dry_run else context.writable()
    try:
        settings = looking_settings(context, db)
        channels = () if dry_run else channels_of(context, db)
    except ConfigError as error:
        raise Usage(str(error)) from error
    outcomes: list[str] = []
    hosts: dict[str, list[str]] = {}
    for url in dict.fromkeys(canonical_url(url) for url in urls):
        hosts.setdefault(host_name(url), []).append(url)
    slots = asyncio.Semaphore(jobs)
    left = set(hosts)
    writer = Writer(db, lambda: min(jobs, len(left)))
    with progress(len(urls)) as bar:
        task = bar.add_task("looking", total=sum(map(len, hosts.values())))

        async def look_at_host(host: str, queue: list[str], way: Network) -> None:
            held = contextlib.nullcontext() if dry_run else holding(db, host, way, writer)
            async with slots, held:
                for url in queue:
                    checked = await check(
                        db, url, way, settings=settings, writer=writer, dry_run=dry_run
                    )
                    outcomes.append(checked.look.outcome)
                    bar.stop()  # the line printed takes its place, and it comes back below
                    tell(checked, as_json=as_json)
                    bar.advance(task)
                    bar.start()
            left.discard(host)

        async with network(context.config, delay, None if dry_run else db) as way:
            await side_by_side(look_at_host(host, queue, way) for host, queue in hosts.items())
    await Outbox(db, now, channels).until_sent()
    if not as_json and len(outcomes) >= BAR_FROM:
        counts = {name: outcomes.count(name) for name in dict.fromkeys(outcomes)}
        say(
            f"{plural(len(outcomes), 'look')}: "
            + ", ".join(f"{n} {name}" for name, n in counts.items())
        )
    return outcomes


def audiences_of(config: Config) -> tuple[Audience, ...]:
    """Which edits each channel wants."""
    if not config.channels:
        return ()
    from variorum.notify.channels import (
        audience_of,  # only who has channels needs XML, HMAC and the like
    )

    return tuple(audience_of(channel) for channel in config.channels)


def channels_of(context: Context, db: Database) -> tuple[Channel, ...]:
    """The channels that edits are announced by; raises ConfigError."""
    if not context.config.channels:
        return ()
    from variorum.notify.channels import open_channels

    return open_channels(context.config, db, now)


def looking_settings(context: Context, db: Database) -> Settings:
    """What the user has set for looks; raises ConfigError."""
    config = context.config
    return Settings(
        read_sites(config),
        current_pace(db, config.budget),
        audiences_of(config),
        keeps_unchanged=config.storage.snapshots == "all",
    )


def tell(checked: Checked, *, as_json: bool) -> None:
    """One look, for a person or for a program."""
    if as_json:
        print_json([look_json(checked)])
        sys.stdout.flush()
        return
    look = checked.look
    outcome = click.style(look.outcome, fg=COLOURS.get(look.outcome))
    recorded = checked.recorded
    versions = f" v{recorded.version}" if recorded.version else ""
    if recorded.reverts_to:
        versions += f" (back to v{recorded.reverts_to})"
    say_marked(
        f"{outcome}{versions} {look.url}" + (f"\n  {printable(look.reason)}" if look.reason else "")
    )
    for edit in look.edits:
        say_edit(edit)


def look_json(checked: Checked) -> dict[str, Any]:
    """What `fetch --json` prints of a look."""
    look, recorded = checked.look, checked.recorded
    return {
        "url": look.url,
        "article_id": recorded.article_id,
        "outcome": look.outcome,
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
            for edit in look.edits
        ],
        "reason": look.reason,
        "http_status": look.fetches[0].http_status if look.fetches else None,
    }
