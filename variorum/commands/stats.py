"""Commands that sum up: stats of publishers, doctor of the whole."""

import shutil
import statistics
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import click

from storage.database import Database
from storage.queries import articles as queries
from storage.queries import health
from storage.queue.hosts import backing_off_hosts
from storage.queue.outbox import undelivered
from storage.timestamps import to_text
from variorum.context import Context, now, plural, print_json, say, say_styled, short_time
from variorum.monitor.extraction_drop import MAX_EARLIER_ARTICLES, NEWEST_ARTICLES, degraded_hosts

# An announcement that has waited for longer than this is stuck.
STUCK_AFTER = timedelta(hours=1)
# A host with fewer looks, a source with fewer failures, may have had bad luck.
MIN_JUDGED_CHECKS, MIN_JUDGED_FAILURES = 2, 3


@click.command()
@click.option("--host", help="Only this publisher.")
@click.option("--json", "as_json_", is_flag=True, help="One JSON object per line.")
@click.pass_obj
def stats(context: Context, host: str | None, as_json_: bool) -> None:
    """Per publisher: articles, edits, silent and headline shares, time to edit, gaps between looks.

    The time to edit and how late looks are come from the newest 100,000 edits and looks of all.

    \b
    variorum stats --host example.org
    """
    db = context.open_readable()
    hours, seconds_late = health.hours_to_edit(db, host), health.lateness(db, host)
    rows = [
        {
            **row,
            "median_hours_to_edit": _median_hours(hours.get(row["host"])),
            **_lateness(seconds_late.get(row["host"], [])),
        }
        for row in health.host_stats(db, host)
    ]
    if as_json_:
        print_json(rows)
    for row in () if as_json_ else rows:
        say(row["host"], bold=True)
        say(f"  {plural(row['articles'], 'article')}, {plural(row['checks'], 'look')}, {plural(row['edits'], 'edit')};"
            f" {_share_text(row['edited_share'])} of articles edited")  # fmt: skip
        if row["edits"]:
            hours_after = row["median_hours_to_edit"]
            median = (
                f" median {hours_after} h after publication," if hours_after is not None else ""
            )
            say(f"  headline {_share_text(row['headline_share'])}, silent {_share_text(row['silent_share'])},{median}"
                f" seen within {row['mean_gap_seconds']:.0f} s on average")  # fmt: skip
        if row["median_seconds_late"] is not None:
            say(f"  looks {row['median_seconds_late']:.0f} s late at the median,"
                f" {row['p95_seconds_late']:.0f} s at the 95th percentile")  # fmt: skip
    if not rows:
        if not as_json_:
            say("nothing is stored" + (f" of {host}" if host else ""))
        sys.exit(1)


def _median_hours(hours: list[float] | None) -> float | None:
    return round(statistics.median(hours), 2) if hours else None


def _lateness(seconds: list[float]) -> dict[str, float | None]:
    """How late looks are; None where none was due."""
    if not seconds:
        return {"median_seconds_late": None, "p95_seconds_late": None}
    index = min(int(len(seconds) * 0.95), len(seconds) - 1)
    return {
        "median_seconds_late": round(statistics.median(seconds), 1),
        "p95_seconds_late": round(seconds[index], 1),
    }


def _share_text(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.0%}"


@click.command()
@click.option(
    "--full", is_flag=True, help="Read a database of more than 1 GB whole; takes minutes."
)
@click.option("--json", "as_json_", is_flag=True, help="One JSON object per finding and line.")
@click.pass_obj
def doctor(context: Context, full: bool, as_json_: bool) -> None:
    """Tell whether all is well, and what is not; exit 1 where something is wrong.

    The database, overdue looks, hosts that fail or are read worse than before, announcements that are stuck,
    disk. Hosts are judged by the newest 100,000 looks and articles of all.

    \b
    variorum doctor
    variorum doctor --full
    """
    db = context.open_readable()
    findings = [_database_finding(context, db, full=full), *_findings(context, db)]
    if as_json_:
        print_json(findings)
    for finding in () if as_json_ else findings:
        mark = (
            click.style("wrong", fg="red") if finding["wrong"] else click.style("fine ", fg="green")
        )
        say_styled(f"{mark} {finding['check']}: {finding['finding']}")
    if any(finding["wrong"] for finding in findings):
        sys.exit(1)


def _database_finding(context: Context, db: Database, *, full: bool) -> dict[str, Any]:
    """Is the file sound, as far as it is read?"""
    size = context.db_path.stat().st_size
    is_whole = full or size <= health.MAX_FULL_INTEGRITY_BYTES
    faults = health.integrity(db) if is_whole else health.integrity_of_scheduling_tables(db)
    faults += [
        f"version numbers of {url} have gaps" for url in queries.articles_with_number_gaps(db)
    ]
    unread = f"; the texts were not checked: `doctor --full` reads all {size / 1e9:.1f} GB"
    finding = ("; ".join(faults) or "sound") + ("" if is_whole else unread)
    return {"check": "database", "wrong": bool(faults), "finding": finding}


def _findings(context: Context, db: Database) -> Iterator[dict[str, Any]]:
    overdue = queries.overdue(db, to_text(now() - timedelta(minutes=15)))
    text = f"{plural(overdue, 'look')} overdue by more than 15 min; is `variorum run` running?"
    yield {
        "check": "checks",
        "wrong": bool(overdue),
        "finding": text if overdue else "none overdue",
    }
    yield from _source_findings(db)
    yield from _host_findings(db)
    yield from _outbox_findings(context, db)
    size = context.db_path.stat().st_size
    yield {
        "check": "disk",
        "wrong": False,
        "finding": f"{size / 1e6:.1f} MB, {_free_bytes(context) / 1e9:.1f} GB free",
    }


def _source_findings(db: Database) -> Iterator[dict[str, Any]]:
    """Feeds, sitemaps and sections that fail again and again, or are not looked at."""
    for row in queries.failing_sources(db, to_text(now() - timedelta(hours=1))):
        if row["is_overdue"]:
            text = "overdue by more than an hour; is `variorum run` running?"
        else:
            text = f"failed {plural(row['failures'], 'time')} in a row: {row['reason']}"
        wrong = bool(row["is_overdue"]) or row["failures"] >= MIN_JUDGED_FAILURES
        yield {"check": f"{row['kind']} {row['url']}", "wrong": wrong, "finding": text}


def _host_findings(db: Database) -> Iterator[dict[str, Any]]:
    """Hosts that are left alone, that show no article, whose pages have changed, that are read worse."""
    for row in backing_off_hosts(db, to_text(now())):
        text = f"left alone until {short_time(row['backoff_until'])} UTC: {row['reason']}"
        yield {"check": row["host"], "wrong": False, "finding": text}
    for row in health.failing_hosts(db):
        wrong = row["failed"] * 2 > row["checks"] >= MIN_JUDGED_CHECKS
        yield {"check": row["host"], "wrong": wrong,
               "finding": f"{row['failed']} of the last {row['checks']} looks saw no article"}  # fmt: skip
    for row in health.moved_containers(db):
        text = f"in {row['moved']} of the last {row['checks']} looks the text stood elsewhere on the page; was the site redesigned?"
        yield {"check": row["host"], "wrong": row["moved"] * 2 > row["checks"], "finding": text}
    for host, description in degraded_hosts(
        health.first_versions(db, per_host=NEWEST_ARTICLES + MAX_EARLIER_ARTICLES)
    ):
        yield {"check": host, "wrong": True, "finding": f"{description}; was the site redesigned?"}


def _outbox_findings(context: Context, db: Database) -> Iterator[dict[str, Any]]:
    """Announcements that wait; stuck where the oldest has been tried and failed for STUCK."""
    channels = {channel.name: channel for channel in context.config.channels}
    for row in undelivered(db):
        channel = channels.get(row["channel"])
        text = f"{plural(row['waiting'], 'announcement')} waiting since {short_time(row['oldest'])} UTC"
        if channel is None:
            text += f"; no channel of this name is set (`variorum config forget {row['channel']}`)"
        if row["last_error"]:
            text += f"; {plural(row['attempts'], 'attempt')}: {row['last_error']}"
        stuck_after = STUCK_AFTER + timedelta(seconds=channel.digest if channel else 0)
        wrong = channel is None or row["oldest"] < to_text(now() - stuck_after)
        yield {"check": f"channel {row['channel']}", "wrong": wrong, "finding": text}


def _free_bytes(context: Context) -> int:
    return shutil.disk_usage(context.db_path.resolve().parent).free


COMMANDS = (stats, doctor)
