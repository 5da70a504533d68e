"""What a check adds to the database, what reading a page back takes, and what a commit costs.

Each real page of the corpora is a site of its own on loopback. The articles are unchanged, and
the page noise differs at every check. The benchmark measures how much each check adds to the file,
with all pages kept and with only those that show something new. Then it reads every stored page
back, and packs the same pages in other ways. Last, it writes checks one by one and in batches,
with both values of `synchronous`.

    python -m benchmarks storage
"""

import argparse
import asyncio
import gzip
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from zstandard import ZstdCompressor

from benchmarks.pages import corpus
from benchmarks.pages.world import Site, build_sites
from benchmarks.support.local_server import Answer, address, serving
from benchmarks.support.paths import add_corpora_option
from schedules.check import check
from schedules.check.batch_writer import MAX_BATCH_WRITES, Writer
from schedules.check.settings import CheckSettings
from schedules.hosts.network import Network
from schedules.hosts.politeness import Hosts
from scraper.article import Article
from scraper.fetch import Fetcher
from storage.articles import record
from storage.articles.result import CheckResult, Fetch
from storage.database import Database, open_database
from storage.queue.typed_hosts import remember_typed
from storage.snapshots.store import ZSTD_LEVEL, compress_page, load_snapshot

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
COMMIT_COUNT = 2_000


class ChangingPages:
    """The pages, with new page noise at each pass and no edit."""

    def __init__(self, sites: list[Site]) -> None:
        # Noise between paragraphs would cause second fetches, so here it is around the article only.
        self.sites = [
            replace(site, blocks=tuple(b for b in site.blocks if b.name not in site.forms))
            for site in sites
        ]
        self.numbers = {address(number): number for number in range(len(sites))}
        self.now = 1

    def answer(self, host: str, path: str) -> Answer | None:
        """The page of a host in this pass."""
        if path != "/news/1":
            return None
        site = self.sites[self.numbers[host]]
        body = gzip.compress(site.html(1, self.now), 1, mtime=0)
        return Answer(body, site.content_type, headers=(("Content-Encoding", "gzip"),))


async def check_all(db: Database, urls: list[str], now: datetime, *, keeps_unchanged: bool) -> None:
    """Check all pages once."""
    async with Fetcher() as fetcher:
        network = Network(fetcher, Hosts(lambda: now, timedelta(0)), lambda: now, db)
        for url in urls:
            await check(db, url, network, settings=CheckSettings(keeps_unchanged=keeps_unchanged))


def growth_per_check(
    world: ChangingPages, urls: list[str], path: Path, passes: int, *, keeps_unchanged: bool
) -> float:
    """The bytes that each check after the first adds to the file."""
    db = open_database(path)
    remember_typed(db, urls, at=NOON)
    sizes = []
    for world.now in range(1, passes + 1):
        now = NOON + timedelta(hours=world.now)
        asyncio.run(check_all(db, urls, now, keeps_unchanged=keeps_unchanged))
        sizes.append(_size(db))
    outcomes = db.execute("select outcome, count(*) from fetches group by 1 order by 2 desc")
    print(f"  outcomes: {dict(outcomes.fetchall())}")
    db.close()
    return (sizes[-1] - sizes[0]) / (len(urls) * (passes - 1))


def _size(db: Database) -> int:
    """The bytes of the database pages in use."""
    pages, free, size = (
        db.execute(f"pragma {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def measure_reads(path: Path) -> None:
    """Print the time to read a stored page, and the sizes of the same pages packed in other ways."""
    db = open_database(path)
    rows = db.execute("select id, length(data), base_id, size from snapshots").fetchall()
    times, pages = [], {}
    for snapshot_id, *_ in rows:
        started = time.perf_counter()
        pages[snapshot_id] = load_snapshot(db, snapshot_id).raw
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    mean_delta_bytes = statistics.mean(row[1] for row in rows if row[2] is not None)
    print(f"{len(rows)} pages of {statistics.mean(row[3] for row in rows) / 1000:.0f} kB; reading one back:"
          f" median {statistics.median(times):.2f} ms, 95 % {times[int(len(times) * 0.95)]:.2f}, worst {times[-1]:.2f}")  # fmt: skip
    print(f"kept against an earlier one: {mean_delta_bytes / 1000:.2f} kB a page; ours is 1")
    sample = [row for row in rows if row[2] is not None][:300]
    packings: dict[str, Callable[[int, int], bytes]] = {
        f"zstd {ZSTD_LEVEL}, whole": lambda one, base: ZstdCompressor(level=ZSTD_LEVEL).compress(
            pages[one]
        ),
        "gzip, whole (a WARC)": lambda one, base: gzip.compress(pages[one], 6, mtime=0),
        "zstd against the base": lambda one, base: compress_page(pages[one], pages[base]),
    }
    for name, packing in packings.items():
        started = time.perf_counter()
        size = statistics.mean(len(packing(row[0], row[2])) for row in sample)
        duration = (time.perf_counter() - started) * 1000 / len(sample)
        print(
            f"  {name:24} {size / 1000:7.2f} kB {size / mean_delta_bytes:6.1f} times, {duration:.2f} ms a page"
        )
    db.close()


def _check_results(db: Database) -> Iterator[CheckResult]:
    """COMMIT_COUNT checks: two of each article, the second without a change."""
    for number in range(COMMIT_COUNT // 2):
        url = f"https://h{number % 50}.example/{number}"
        article = Article(
            url=url, headline=f"Story {number}", paragraphs=(f"It is story {number}.",)
        )
        fetch = Fetch(url, NOON, 200)
        yield CheckResult(url, "new", (fetch,), article=article, shows_version=True)
        yield CheckResult(url, "unchanged", (replace(fetch, fetched_at=NOON + timedelta(hours=1)),),
                   number + 1, base_version=1, shows_version=True)  # fmt: skip


def commit_rate(synchronous: str, *, batch_size: int) -> float:
    """Checks written per second, `batch_size` of them in a transaction."""
    with tempfile.TemporaryDirectory(dir=".") as folder:  # a real disk: /tmp may be memory
        db = open_database(Path(folder) / "v.db", synchronous=synchronous)

        async def write() -> None:
            writer = Writer(db, lambda: batch_size)
            pending_writes = []
            for result in _check_results(db):
                pending_writes.append(writer.write(record, db, result, extractor="1"))
                if len(pending_writes) == batch_size:
                    await asyncio.gather(*pending_writes)
                    pending_writes = []
            await asyncio.gather(*pending_writes)

        started = time.perf_counter()
        asyncio.run(write())
        duration = time.perf_counter() - started
        db.close()
    return COMMIT_COUNT / duration


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `storage`."""
    add_corpora_option(parser)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--passes", type=int, default=25)


def main(options: argparse.Namespace) -> int:
    """Measure and print growth, reading, packing and commits."""
    corpus_pages = list(corpus.pages(options.corpora, limit=options.pages, seed=1))
    if not corpus_pages:
        print(f"no pages in {options.corpora}", file=sys.stderr)
        return 2
    world = ChangingPages(build_sites(corpus_pages, seed=1))
    with (
        serving(len(corpus_pages), world.answer) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        urls = [server.url(number, "/news/1") for number in range(len(corpus_pages))]
        for name, keeps_unchanged in (("all", True), ("changed", False)):
            size = growth_per_check(
                world,
                urls,
                Path(folder) / f"{name}.db",
                options.passes,
                keeps_unchanged=keeps_unchanged,
            )
            print(f'bytes of a further check, snapshots = "{name}": {size:,.0f}')
        measure_reads(Path(folder) / "all.db")
    one = {mode: commit_rate(mode, batch_size=1) for mode in ("normal", "full")}
    batched = {mode: commit_rate(mode, batch_size=MAX_BATCH_WRITES) for mode in ("normal", "full")}
    for mode in one:
        print(f"synchronous {mode}: {one[mode]:,.0f} checks a second one by one, {batched[mode]:,.0f} in hundreds:"
              f" {batched[mode] / one[mode]:.1f} times")  # fmt: skip
    return 0
