"""The articles of the demo, checked over six days, each under the name of an invented publisher."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schedules.daemon.runner import check_due
from schedules.hosts.network import Network
from schedules.hosts.politeness import Hosts
from scraper.fetch import Fetcher
from storage.articles.watch import watch_article
from storage.database import Database, open_database, write_transaction
from variorum.demo.site import DemoSite

STARTED_AT = datetime(2026, 5, 12, 6, 30, tzinfo=UTC)
# Hours after the first check, and the stage of the demo at that time. Near the end it undoes the
# last edits and makes them again, in all articles at once. An old page from a cache looks like that,
# so that Variorum waits for three checks over two days.
STAGE_AT_HOURS = (
    (0, 0),
    (1, 0),
    (2, 1),
    (5, 1),
    (9, 2),
    (10, 2),
    (14, 3),
    (22, 3),
    (30, 2),
    (54, 2),
    (79, 2),
    (80, 3),
    (104, 3),
    (129, 3),
)
HOST_NAMES = (
    "haeon-ilbo.example",
    "ansel-courier.example",
    "wehr-bote.example",
    "hamanose.example",
)


def make_demo_history(path: Path) -> None:
    """Write the history into a new database at `path`."""
    path.unlink(missing_ok=True)
    db = open_database(path)
    with DemoSite(seed=5, started_at=STARTED_AT) as site:
        asyncio.run(_check_stages(db, site))
        _rename_hosts(db, site)
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()


async def _check_stages(db: Database, site: DemoSite) -> None:
    now = STARTED_AT

    def clock() -> datetime:
        return now

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += timedelta(seconds=seconds)

    async with Fetcher() as fetcher:
        network = Network(fetcher, Hosts(clock, timedelta(0), sleep), clock)
        for hours, stage in STAGE_AT_HOURS:
            now = STARTED_AT + timedelta(hours=hours)
            site.stage = stage
            for url in site.urls:
                watch_article(db, url, at=now)
            await check_due(db, network, jobs=1, report=lambda checked: None)


def _rename_hosts(db: Database, site: DemoSite) -> None:
    """Give each article the host of its own publisher; the demo serves all from one host."""
    with write_transaction(db):
        for number, host in enumerate(HOST_NAMES, 1):
            for table, column, key in (("articles", "url", "id"), ("aliases", "url", "article_id"),
                                       ("fetches", "url", "article_id")):  # fmt: skip
                db.execute(
                    f"update {table} set {column} = replace({column}, ?, ?) where {key} = ?",
                    [site.base_url, f"https://www.{host}", number],
                )
            db.execute("update articles set host = ? where id = ?", [f"www.{host}", number])
