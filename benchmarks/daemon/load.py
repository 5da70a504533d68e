"""The daemon with many articles at a steady rate: how late its checks are, and what they cost.

There are 100,000 articles on 400 hosts of loopback. Their timetables make a fixed number of checks
due every second. The articles never change; a counter beside each does. One response in four is a
304, and there is no delay between requests to a host. After a warm-up the benchmark prints the
lateness, CPU and memory of `variorum run`.

    python -m benchmarks daemon
    python -m benchmarks daemon --rate 100 --articles 1000000
    python -m benchmarks daemon --rate 400 --workers 1
"""

import argparse
import asyncio
import itertools
import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.support.local_server import Answer, address, serving
from benchmarks.support.paths import ROOT
from benchmarks.support.processor_time import SessionTime
from schedules.check import check
from schedules.hosts.network import Network
from schedules.hosts.politeness import Hosts
from scraper.fetch import Fetcher
from storage.database import Database, open_database
from storage.queue.typed_hosts import remember_typed
from storage.timestamps import to_text
from tests.support.workers import running_workers

HOST_COUNT = 400
UNCHANGED_EVERY = 4  # one response in this many is a 304
WARM_UP_SECONDS = 15.0
MEMORY_SAMPLE_SECONDS = 5
READINGS_PER_SAMPLE = 10  # at the processor time
PAGE_TEMPLATE = """<!doctype html><html lang="en"><head><title>Ferry timetable stays as it is</title></head><body>
<nav>{links}</nav><article><h1>Ferry timetable stays as it is</h1>{paragraphs}</article>
<aside>{readers} readers</aside></body></html>"""
PARAGRAPHS = "".join(
    f"<p>The ferry number {n} leaves at the same hour as last year, said the harbour master, and takes as many"
    " passengers, cars and bicycles as the winter allows on that crossing.</p>" for n in range(12)
)  # fmt: skip
LINKS = "".join(f'<a href="/section/{n}">Section {n}</a>' for n in range(300))
COPIED_COLUMNS = {
    "articles": "id url host headline first_seen_at checked_at next_check_at next_check_reason state latest_version"
    " born_at rate_shape rate_scale every",
    "aliases": "url article_id",
    "versions": "article_id number seen_at last_seen_at headline byline captions body content_hash extractor",
    "last_pages": "article_id fetched_at etag last_modified container_path",
}


def page_with_counter(readers: int) -> bytes:
    """A page of 17 kB with this many readers."""
    return PAGE_TEMPLATE.format(links=LINKS, paragraphs=PARAGRAPHS, readers=readers).encode()


def make_articles(db: Database, port: int, *, articles: int, seconds: float) -> None:
    """Write articles that were checked once and are due one after the other, every `seconds`."""
    hosts = (f"http://{address(number)}:{port}/" for number in range(HOST_COUNT))
    remember_typed(db, hosts, at=_now())
    asyncio.run(_check_once(db, f"http://{address(0)}:{port}/0"))
    started_at = datetime.now(UTC) + timedelta(seconds=4)
    first_rows = {
        table: dict(next(iter(db.query(f"select * from {table}")))) for table in COPIED_COLUMNS
    }
    db.conn.execute("begin immediate")
    for number in range(1, articles):
        host = address(number % HOST_COUNT)
        changes = {"id": number + 1, "article_id": number + 1, "url": f"http://{host}:{port}/{number}", "host": host,
               "next_check_at": to_text(started_at + timedelta(seconds=seconds * number / articles)),
               "every": f"{seconds:.0f}s"}  # fmt: skip
        for table, columns in COPIED_COLUMNS.items():
            names = columns.split()
            row = first_rows[table] | changes
            placeholders = ", ".join("?" * len(names))
            db.conn.execute(
                f"insert into {table} ({', '.join(names)}) values ({placeholders})",
                [row[name] for name in names],
            )
    db.conn.execute("commit")


async def _check_once(db: Database, url: str) -> None:
    async with Fetcher() as fetcher:
        network = Network(fetcher, Hosts(_now, timedelta(0)), _now, db)
        checked = await check(db, url, network)
    assert checked.result.outcome == "new", checked.result


def _now() -> datetime:
    return datetime.now(UTC)


def _resident_megabytes(pid: int) -> float:
    """The resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure_daemon(folder: Path, path: Path, seconds: float, cluster: str | None) -> None:
    """Run the daemon for `seconds` after its warm-up, and print what it did in that time."""
    process = subprocess.Popen(
        _daemon_command(folder, path, cluster),
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    )
    time_used = SessionTime(process.pid)
    try:
        time.sleep(WARM_UP_SECONDS)
        started_at, cpu_before = to_text(_now()), time_used.ask()
        memory = []
        for _ in range(int(seconds / MEMORY_SAMPLE_SECONDS)):
            for _ in range(READINGS_PER_SAMPLE):
                time.sleep(MEMORY_SAMPLE_SECONDS / READINGS_PER_SAMPLE)
                cpu = time_used.ask()
            memory.append(_resident_megabytes(process.pid))
        cpu_seconds, ended_at = cpu - cpu_before, to_text(_now())
    finally:
        process.terminate()
        process.wait(timeout=20)
    _print_checks(path, started_at, ended_at, seconds, cpu_seconds)
    print(
        f"memory {memory[0]:.0f} MB at first, {memory[-1]:.0f} at the end, {max(memory):.0f} at most"
    )


def _daemon_command(folder: Path, path: Path, cluster: str | None) -> list[str]:
    settings = folder / "variorum.toml"
    settings.write_text("delay = 0\njobs = 64\n[cadence]\nfloor = 10\n", encoding="utf-8")
    command = [sys.executable, "-m", "variorum.cli", "--config", str(settings), "--db", str(path)]
    options = ["--cluster", cluster, "--jobs", "128"] if cluster else []
    return [*command, "run", *options]


def _print_checks(
    path: Path, started_at: str, ended_at: str, seconds: float, cpu_seconds: float
) -> None:
    """Print the rate, CPU and lateness of the checks between two times."""
    db = open_database(path)
    lateness = [
        row[0]
        for row in db.execute(
            "select late_seconds from fetches where fetched_at between ? and ? and late_seconds is not null"
            " order by 1", [started_at, ended_at],
        )
    ]  # fmt: skip
    outcomes = dict(
        db.execute(
            "select outcome, count(*) from fetches where fetched_at >= ? group by 1", [started_at]
        )
    )
    db.close()
    print(
        f"{len(lateness) / seconds:.0f} checks a second ({outcomes}), {cpu_seconds * 1000 / len(lateness):.2f} ms CPU each"
    )
    print(f"late by {lateness[len(lateness) // 2]:.2f} s at the median, {lateness[int(len(lateness) * 0.99)]:.2f} s at 99 %,"
          f" {lateness[-1]:.2f} s at most")  # fmt: skip


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `daemon`."""
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=200, help="checks that are due per second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument(
        "--workers", type=int, default=0, help="Dask workers that send the requests"
    )


def main(options: argparse.Namespace) -> int:
    """Make the articles, run the daemon and print its figures."""
    count = itertools.count()

    def answer(host: str, path: str) -> Answer | None:
        number = next(count)
        if path == "/robots.txt":
            return Answer(b"", "text/plain")
        is_unchanged = number > 2 and number % UNCHANGED_EVERY == 0
        if is_unchanged:
            return Answer(b"", status=304)
        return Answer(page_with_counter(number), headers=(("ETag", '"ferry"'),))

    with serving(HOST_COUNT, answer) as server, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "v.db"
        db = open_database(path)
        period = options.articles / options.rate
        make_articles(db, server.port, articles=options.articles, seconds=period)
        db.close()
        print(
            f"{options.articles:,} articles on {HOST_COUNT} hosts, {options.rate:.0f} checks a second due"
        )
        workers = (
            running_workers(Path(folder), options.workers) if options.workers else nullcontext()
        )
        with workers as dask:
            measure_daemon(Path(folder), path, options.seconds, dask.address if dask else None)
    return 0
