"""Commands that report: stats of publishers, doctor of the whole installation."""

import shutil
import statistics
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import Any

import click

from storage.database import Database
from storage.diff.render import printable
from storage.queries import articles as queries
from storage.queries import health, publishers
from storage.queue.admission import MAX_NEW_ARTICLES, MAX_NEW_PER_OTHER_SITE
from storage.queue.check_rate import stored_check_rate
from storage.queue.hosts import backing_off_hosts
from storage.queue.outages import recent_outages
from storage.queue.outbox import undelivered
from storage.timestamps import to_text
from variorum.commands.options import json_option
from variorum.context import Context, now
from variorum.monitor.extraction_drop import MAX_EARLIER_ARTICLES, NEWEST_ARTICLES, degraded_hosts
from variorum.monitor.integrity import (
    database_findings,
    disk_finding,
    overdue_finding,
    readable_findings,
)
from variorum.terminal.output import plural, print_json, say, say_styled, short_time

# A notification that has waited for longer is stuck.
STUCK_AFTER = timedelta(hours=1)
# How late checks and sources may be before something is wrong.
MAX_CHECK_DELAY, MAX_SOURCE_DELAY = timedelta(minutes=15), timedelta(hours=1)
# With fewer checks of a host, or fewer failures of a source, the cause may be chance.
MIN_JUDGED_CHECKS, MIN_JUDGED_FAILURES = 2, 3
# `doctor` names a redesign for this long.
REDESIGN_NEWS = timedelta(days=7)
OUTAGE_NEWS = timedelta(days=1)
IS_DAEMON_RUNNING = "is `variorum run` running?"
IS_SITE_REDESIGNED = "was the site redesigned?"


@click.command("stats")
@click.option("--host", help="Only this publisher.")
@json_option
@click.pass_obj
def stats_command(context: Context, host: str | None, is_json: bool) -> None:
    """Show statistics per publisher: edits, silent and headline shares, time to edit, lateness of checks.

    The time to edit and the lateness come from the newest 100,000 edits and checks overall.

    \b
    variorum stats --host example.org
    """
    db = context.open_readable()
    hours, seconds_late = publishers.hours_to_edit(db, host), publishers.lateness(db, host)
    rows = [
        {
            **row,
            "median_hours_to_edit": _median_hours(hours.get(row["host"])),
            **_lateness(seconds_late.get(row["host"], [])),
        }
        for row in publishers.host_stats(db, host)
    ]
    if is_json:
        print_json(rows)
    else:
        for row in rows:
            _print_host(row)
        if not rows:
            say(f"no article of {host} is stored" if host else "no article is stored")
    if not rows:
        sys.exit(1)


def _median_hours(hours: list[float] | None) -> float | None:
    return round(statistics.median(hours), 2) if hours else None


def _lateness(seconds: list[float]) -> dict[str, float | None]:
    """The median and 95th percentile of sorted delays in seconds; None if no check was due."""
    if not seconds:
        return {"median_seconds_late": None, "p95_seconds_late": None}
    index = min(int(len(seconds) * 0.95), len(seconds) - 1)
    return {
        "median_seconds_late": round(statistics.median(seconds), 1),
        "p95_seconds_late": round(seconds[index], 1),
    }


def _print_host(row: dict[str, Any]) -> None:
    say(row["host"], bold=True)
    say(
        f"  {plural(row['articles'], 'article')}, {_share_text(row['edited_share'])} of them edited;"
        f" {plural(row['checks'], 'check')}, {plural(row['edits'], 'edit')}"
    )
    if row["edits"]:
        hours = row["median_hours_to_edit"]
        median = f" made {hours} h after publication at the median," if hours is not None else ""
        say(
            f"  edits: {_share_text(row['headline_share'])} of headlines,"
            f" {_share_text(row['silent_share'])} silent,{median}"
            f" seen within {row['mean_gap_seconds']:.0f} s on average"
        )
    if row["median_seconds_late"] is not None:
        say(
            f"  checks: {row['median_seconds_late']:.0f} s late at the median,"
            f" {row['p95_seconds_late']:.0f} s at the 95th percentile"
        )


def _share_text(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.0%}"


@click.command("doctor")
@click.option("--full", is_flag=True, help="Also compare every stored page and version with its hash; this may take minutes.")  # fmt: skip
@json_option
@click.pass_obj
def doctor_command(context: Context, full: bool, is_json: bool) -> None:
    """Report problems of the database, checks, notifications and hosts; exit with 1 if there are any.

    A host has a problem if its pages fail, or if fewer fields are extracted from them than before. Hosts
    are judged by the newest 100,000 checks and articles overall.

    \b
    variorum doctor
    variorum doctor --full
    """
    db = context.open_readable()
    has_wrong = False
    for finding in chain(database_findings(context, db, full=full), _findings(context, db)):
        has_wrong |= finding["wrong"]
        if is_json:
            print_json([finding])
        else:
            _print_finding(finding)
    if has_wrong:
        sys.exit(1)


def _print_finding(finding: dict[str, Any]) -> None:
    mark = click.style("wrong", fg="red") if finding["wrong"] else click.style("fine ", fg="green")
    say_styled(f"{mark} {finding['check']}: {printable(finding['finding'])}")


def _findings(context: Context, db: Database) -> Iterator[dict[str, Any]]:
    """What the doctor finds, whether it is right or wrong, beside the database file itself."""
    yield from readable_findings("network", _network_findings(db))
    yield from readable_findings("checks", _schedule_findings(db))
    yield from readable_findings("hosts", _host_findings(db))
    yield from readable_findings("channels", _outbox_findings(context, db))
    size = context.db_path.stat().st_size
    free = shutil.disk_usage(context.db_path.resolve().parent).free
    yield disk_finding(size, free)


def _network_findings(db: Database) -> Iterator[dict[str, Any]]:
    """The outages of this machine's own network of the last day; wrong if it is out still."""
    for row in recent_outages(db, to_text(now() - OUTAGE_NEWS)):
        since, ended_at = short_time(row["began_at"]), row["ended_at"]
        when = f"was out from {since} to {short_time(ended_at)}" if ended_at else f"is out since {since}"  # fmt: skip
        text = f"this machine's own network {when} UTC, and no host is left alone for it: {row['reason']}"
        yield {"check": "network", "wrong": ended_at is None, "finding": text}


def _schedule_findings(db: Database) -> Iterator[dict[str, Any]]:
    """Overdue checks; feeds, sitemaps and sections that are overdue, keep failing, or list much that is new."""
    daemon_has_run = stored_check_rate(db) is not None
    before = to_text(now() - MAX_CHECK_DELAY)
    yield overdue_finding(db, before=before, daemon_has_run=daemon_has_run)
    for row in queries.failing_sources(db, to_text(now() - MAX_SOURCE_DELAY)):
        if row["is_overdue"] and not daemon_has_run:
            continue
        if row["is_overdue"]:
            text = f"overdue by more than an hour; {IS_DAEMON_RUNNING}"
        else:
            text = f"failed {plural(row['failures'], 'time')} in a row: {row['reason']}"
        wrong = bool(row["is_overdue"]) or row["failures"] >= MIN_JUDGED_FAILURES
        yield {"check": f"{row['kind']} {row['url']}", "wrong": wrong, "finding": text}
    for row in queries.sources_with_waiting(db):
        text = (
            f"{plural(row['waiting'], 'new article')} left for the next checks; one check adds at most"
            f" {MAX_NEW_ARTICLES} of its own site and {MAX_NEW_PER_OTHER_SITE} of each other site"
        )
        yield {"check": f"{row['kind']} {row['url']}", "wrong": False, "finding": text}


def _host_findings(db: Database) -> Iterator[dict[str, Any]]:
    """Hosts that back off, that show no article, that were redesigned, or whose extraction dropped."""
    for row in backing_off_hosts(db, to_text(now())):
        text = f"backing off until {short_time(row['backoff_until'])} UTC: {row['reason']}"
        yield {"check": row["host"], "wrong": False, "finding": text}
    for row in health.failing_hosts(db):
        wrong = row["failed"] * 2 > row["checks"] >= MIN_JUDGED_CHECKS
        text = f"{row['failed']} of the last {plural(row['checks'], 'check')} found no article"
        yield {"check": row["host"], "wrong": wrong, "finding": text}
    yield from _wrong_page_findings(db)
    for row in health.moved_containers(db):
        text = (
            f"in {row['moved']} of the last {plural(row['checks'], 'check')} the text was in another"
            f" place on the page; {IS_SITE_REDESIGNED}"
        )
        yield {"check": row["host"], "wrong": row["moved"] * 2 > row["checks"], "finding": text}
    for row in health.redesigned_hosts(db, to_text(now() - REDESIGN_NEWS)):
        text = (
            f"the site was redesigned: since {short_time(row['first'])} UTC {plural(row['articles'], 'article')}"
            f" changed {', '.join(row['fields'].split(','))}; none of it was logged as an edit"
        )
        yield {"check": row["host"], "wrong": False, "finding": text}
    versions = health.first_versions(db, per_host=NEWEST_ARTICLES + MAX_EARLIER_ARTICLES)
    for host, description in degraded_hosts(versions):
        yield {"check": host, "wrong": True, "finding": f"{description}; {IS_SITE_REDESIGNED}"}


def _wrong_page_findings(db: Database) -> Iterator[dict[str, Any]]:
    """Hosts that answer with another page, half a page or a 404; wrong if it is not one article only."""
    for row in health.wrong_pages(db):
        what = (
            "no page came"
            if row["missing"]
            else "the page that came was not proven to be the article"
        )
        text = (
            f"for {plural(row['articles'], 'article')} {what}, since {short_time(row['since'])} UTC"
            f" ({row['reason']}); their histories stay as they are"
        )
        yield {"check": row["host"], "wrong": row["articles"] > 1, "finding": text}


def _outbox_findings(context: Context, db: Database) -> Iterator[dict[str, Any]]:
    """Pending notifications by channel; wrong if the oldest is stuck or the channel is not set."""
    channels = {channel.name: channel for channel in context.config.channels}
    for row in undelivered(db):
        channel = channels.get(row["channel"])
        count = plural(row["waiting"], "notification")
        text = f"{count} pending since {short_time(row['oldest'])} UTC"
        if channel is None:
            text += (
                "; the settings have no such channel:"
                f" discard with `variorum config forget {row['channel']}`"
            )
        if row["last_error"]:
            text += f"; {plural(row['attempts'], 'attempt')}: {row['last_error']}"
        stuck_after = STUCK_AFTER + timedelta(seconds=channel.digest if channel else 0)
        wrong = channel is None or row["oldest"] < to_text(now() - stuck_after)
        yield {"check": f"channel {row['channel']}", "wrong": wrong, "finding": text}
