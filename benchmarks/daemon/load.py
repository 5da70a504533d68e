"""The daemon with many articles at a steady rate: how late its looks are, and what it takes.

100,000 articles on 400 hosts of loopback, each with a timetable of its own so that so many looks a second are
due; their pages stand but for a counter beside the article, one answer in four is 304. No delay between requests
to a host. Prints lateness, CPU and memory of `variorum run` after a warm-up.

    python -m benchmarks.daemon.load
    python -m benchmarks.daemon.load --rate 100 --articles 1000000
    python -m benchmarks.daemon.load --rate 400 --workers 1
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
from benchmarks.support.workers import running_workers
from schedules.check import check
from schedules.hosts.network import Network
from schedules.hosts.politeness import Hosts
from scraper.fetch import Fetcher
from storage.database import Database, open_database
from storage.timestamps import to_text

ROOT = Path(__file__).resolve().parents[2]
HOST_COUNT = 400
WARM_UP_SECONDS = 15.0
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
    "last_pages": "article_id etag last_modified container_path container fingerprint extracted_at",
}


def page(readers: int) -> bytes:
    """A page of 17 kB, by its counter."""
    return PAGE_TEMPLATE.format(links=LINKS, paragraphs=PARAGRAPHS, readers=readers).encode()


def make_articles(db: Database, port: int, *, articles: int, seconds: float) -> None:
    """Articles that were looked at once, due one after the other over so many seconds, again and again."""
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
        now = lambda: datetime.now(UTC)  # noqa: E731 - it is a clock
        checked = await check(db, url, Network(fetcher, Hosts(now, timedelta(0)), now, db))
    assert checked.result.outcome == "new", checked.result


def _resident_megabytes(pid: int) -> float:
    """Megabytes of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _cpu_seconds(pid: int) -> float:
    """CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure_daemon(folder: Path, path: Path, seconds: float, cluster: str | None) -> None:
    """Run the daemon for so long after its warm-up, and print what it did then."""
    settings = folder / "variorum.toml"
    settings.write_text("delay = 0\njobs = 64\n[cadence]\nfloor = 10\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "variorum.cli",
        "--config",
        str(settings),
        "--db",
        str(path),
        "run",
    ]
    command += ["--cluster", cluster, "--jobs", "128"] if cluster else []
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
    try:
        time.sleep(WARM_UP_SECONDS)
        started_at, cpu = to_text(datetime.now(UTC)), _cpu_seconds(process.pid)
        memory = []
        for _ in range(int(seconds / 5)):
            time.sleep(5)
            memory.append(_resident_megabytes(process.pid))
        cpu_seconds, ended_at = _cpu_seconds(process.pid) - cpu, to_text(datetime.now(UTC))
    finally:
        process.terminate()
        process.wait(timeout=20)
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
    print(
        f"{len(lateness) / seconds:.0f} looks a second ({outcomes}), {cpu_seconds * 1000 / len(lateness):.2f} ms CPU each"
    )
    print(f"late by {lateness[len(lateness) // 2]:.2f} s at the median, {lateness[int(len(lateness) * 0.99)]:.2f} s at 99 %,"
          f" {lateness[-1]:.2f} s at most")  # fmt: skip
    print(
        f"memory {memory[0]:.0f} MB at first, {memory[-1]:.0f} at the end, {max(memory):.0f} at most"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=200, help="looks a second that are due")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=0, help="of a Dask cluster, which look")
    arguments = parser.parse_args()
    count = itertools.count()

    def answer(host: str, path: str) -> Answer | None:
        number = next(count)
        if path == "/robots.txt":
            return Answer(b"", "text/plain")
        is_unchanged = number > 2 and number % 4 == 0
        return Answer(b"", status=304) if is_unchanged else Answer(page(number))

    with serving(HOST_COUNT, answer) as server, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "v.db"
        db = open_database(path)
        make_articles(
            db,
            server.port,
            articles=arguments.articles,
            seconds=arguments.articles / arguments.rate,
        )
        db.close()
        print(
            f"{arguments.articles:,} articles on {HOST_COUNT} hosts, {arguments.rate:.0f} looks a second due"
        )
        with (
            running_workers(Path(folder), arguments.workers)
            if arguments.workers
            else nullcontext() as dask
        ):
            measure_daemon(Path(folder), path, arguments.seconds, dask.address if dask else None)


if __name__ == "__main__":
    main()
