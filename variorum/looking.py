"""What `fetch` and `run` do: look, record, and tell what was seen."""

import asyncio
import sys
from typing import Any

import click

from schedules.check import Checked, check
from schedules.daemon import run_daemon
from schedules.network import Network
from schedules.run import look_at_due, side_by_side
from scraper.urls import canonical_url, host_of
from storage.diff.render import printable, redline
from variorum.context import (
    BAR_FROM,
    Context,
    network,
    plural,
    print_json,
    progress,
    say,
    say_marked,
    style,
)

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
    rules = context.site_rules()
    db = context.untouched() if dry_run else context.writable()
    outcomes: list[str] = []
    hosts: dict[str, list[str]] = {}
    for url in dict.fromkeys(canonical_url(url) for url in urls):
        hosts.setdefault(host_of(url), []).append(url)
    slots = asyncio.Semaphore(jobs)
    with progress(len(urls)) as bar:
        task = bar.add_task("looking", total=sum(map(len, hosts.values())))

        async def look_at_host(queue: list[str], way: Network) -> None:
            async with slots:
                for url in queue:
                    checked = await check(db, url, way, rules=rules, dry_run=dry_run)
                    outcomes.append(checked.look.outcome)
                    bar.stop()  # the line printed takes its place, and it comes back below
                    tell(checked, as_json=as_json)
                    bar.advance(task)
                    bar.start()

        async with network(context.config, delay) as way:
            await side_by_side(look_at_host(queue, way) for queue in hosts.values())
    if not as_json and len(outcomes) >= BAR_FROM:
        counts = {name: outcomes.count(name) for name in dict.fromkeys(outcomes)}
        say(
            f"{plural(len(outcomes), 'look')}: "
            + ", ".join(f"{n} {name}" for name, n in counts.items())
        )
    return outcomes


async def watch(
    context: Context, *, once: bool, delay: float | None, jobs: int, as_json: bool
) -> None:
    """The daemon, or one pass over what is due."""
    rules = context.site_rules()
    db = context.writable()

    def report(checked: Checked) -> None:
        tell(checked, as_json=as_json)

    async with network(context.config, delay) as way:
        if once:
            looks = await look_at_due(db, way, jobs=jobs, report=report, rules=rules)
            if not looks and not as_json:
                say("nothing is due; `variorum list` shows when the next look is")
        else:
            if not as_json:
                say("watching; Ctrl-C ends it")
            await run_daemon(db, way, jobs=jobs, report=report, rules=rules)


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
        say_marked(f"  {edit.field} · {edit.kind.replace('_', ' ')}: {redline(edit, style())}")


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
