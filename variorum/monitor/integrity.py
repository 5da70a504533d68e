"""Is the database sound? What `doctor` says of the file, of its pages and of its texts."""

from collections.abc import Iterable, Iterator
from typing import Any

from storage.database import Database, damage_located
from storage.errors import DamagedError
from storage.queries import articles as queries
from storage.queries import health
from storage.queries.damage.articles import Damage, verified_articles
from storage.queries.damage.foreign import foreign_value
from storage.queries.damage.rows import search_faults
from storage.timestamps import to_text
from variorum.context import Context, now
from variorum.terminal.output import plural, progress, short_time

Finding = dict[str, Any]
# With less room on the disk, the next large page may not fit.
MIN_FREE_BYTES = 20_000_000


def database_findings(context: Context, db: Database, *, full: bool) -> Iterator[Finding]:
    """The state of the file; with `full` also every page and version that is damaged.

    Without `full`, a large file is read only in part, and no page and no text is compared with its hash.
    """
    size = context.db_path.stat().st_size
    is_whole = full or size <= health.MAX_FULL_INTEGRITY_BYTES
    faults = health.integrity(db) if is_whole else health.integrity_of_scheduling_tables(db)
    if not faults:
        faults = [
            f"version numbers of {url} have gaps" for url in queries.articles_with_number_gaps(db)
        ]
    if not faults and is_whole and (value := foreign_value(db)):
        faults = [value]
    unread = f"; the texts were not read: `doctor --full` reads all {size / 1e9:.1f} GB"
    finding = ("; ".join(faults) or "sound") + ("" if is_whole else unread)
    yield {"check": "database", "wrong": bool(faults), "finding": finding}
    if full:
        yield from readable_findings("pages", _part_findings(db))
        yield from readable_findings("search index", _search_findings(db))


def readable_findings(name: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, up to the first that needs a damaged part of the file: that is a finding, too."""
    try:
        with damage_located("not known"):
            yield from findings
    except DamagedError as error:
        yield {"check": name, "wrong": True, "finding": str(error)}


def _part_findings(db: Database) -> Iterator[Finding]:
    """Every damaged page and version by its address and number, then how many were verified."""
    pages = versions = text_only = damaged = 0
    count = db.execute("select count(*) from articles").fetchone()[0]
    with progress(count) as bar:
        task = bar.add_task("verifying", total=count)
        for verified in verified_articles(db):
            pages, versions = pages + verified.pages, versions + verified.versions
            text_only, damaged = text_only + verified.text_only, damaged + len(verified.damages)
            bar.advance(task)
            if verified.damages:
                bar.stop()  # what is found is printed in its place
                yield from map(_damage_finding, verified.damages)
                bar.start()
    text = f"{plural(pages, 'page')} and {plural(versions, 'version')} verified, {damaged} damaged"
    if text_only:
        text += f"; of {plural(text_only, 'version')} no page is stored: text only"
    yield {"check": "pages", "wrong": bool(damaged), "finding": text}


def _search_findings(db: Database) -> Iterator[Finding]:
    """The state of the search index. Nothing but a search reads it."""
    faults = list(search_faults(db))
    finding = "; ".join([*faults, "an export imported into another file has a new index"])
    yield {
        "check": "search index",
        "wrong": bool(faults),
        "finding": finding if faults else "sound",
    }


def _damage_finding(damage: Damage) -> Finding:
    """One damaged part, named so that a person finds it."""
    what = {
        "page": f"the page of {short_time(damage.fetched_at)} UTC"
        + (f" (version {damage.version})" if damage.version else ""),
        "version": f"version {damage.version}",
        "rows": "its history",
    }[damage.part]
    return {
        "check": damage.url,
        "wrong": True,
        "finding": f"{what} is damaged: {damage.reason}",
        "damaged": damage.part,
        "version": damage.version,
        "fetched_at": damage.fetched_at,
    }


def disk_finding(size: int, free: int) -> Finding:
    """How large the database is, and whether there is room for it to grow; in bytes.

    >>> disk_finding(3_000_000, 0)["finding"]
    '3.0 MB used, 0.0 GB free: the disk is full; `variorum run` requests no page until there is room'
    """
    text = f"{size / 1e6:.1f} MB used, {free / 1e9:.1f} GB free"
    if free < MIN_FREE_BYTES:
        text += ": the disk is full; `variorum run` requests no page until there is room"
    return {"check": "disk", "wrong": free < MIN_FREE_BYTES, "finding": text}


def overdue_finding(db: Database, *, before: str, daemon_has_run: bool) -> Finding:
    """Checks that should have been made before a time. Before a daemon has run, nobody has promised any."""
    if not daemon_has_run:
        due = queries.overdue(db, to_text(now()))
        text = f"{plural(due, 'check')} due; no `variorum run` has worked on this database yet"
        return {"check": "checks", "wrong": False, "finding": text if due else "none due"}
    overdue = queries.overdue(db, before)
    text = f"{plural(overdue, 'check')} overdue by more than 15 min; is `variorum run` running?"
    return {
        "check": "checks",
        "wrong": bool(overdue),
        "finding": text if overdue else "none overdue",
    }
