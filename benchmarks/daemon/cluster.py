"""What workers gain: checks a second of one process, and of one with Dask workers on the same cores.

The pages are real ones of the corpora, four on each host of loopback (gzip). Every check is a
first one, which extracts the page and writes a version; extraction is most of its cost. The rounds
alternate, and the time is that between the first check and the last. What happens if workers are
killed is the subject of `python -m benchmarks soak --workers 2`.

    python -m benchmarks cluster
"""

import argparse
import gzip
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.pages import corpus
from benchmarks.support.local_server import Answer, address, serving
from benchmarks.support.paths import ROOT, add_corpora_option
from tests.support.workers import running_workers

JOBS = 128
WARM_UP_PAGES_PER_WORKER = 60
PAGES_PER_HOST = 4


@dataclass(frozen=True, slots=True)
class Speed:
    """How many checks, how many per second, and the CPU seconds of the process that writes."""

    checks: int
    per_second: float
    writer_cpu: float

    @property
    def writer_ms(self) -> float:
        """CPU milliseconds of the writing process per check."""
        return self.writer_cpu * 1000 / self.checks


def run_once(folder: Path, urls: list[str], *options: str) -> Speed:
    """Check each URL once with `variorum run --once` and a fresh database in `folder`.

    Raises RuntimeError if fewer than 90 % of the pages give a version.
    """
    base = [sys.executable, "-m", "variorum.cli", "--db", str(folder / "v.db")]
    subprocess.run(
        [*base, "add", "-"], input="\n".join(urls).encode(), check=True, cwd=ROOT, stdout=subprocess.DEVNULL
    )  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [*base, "run", "--once", "--delay", "0", f"--jobs={JOBS}", "--json", *options]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with sqlite3.connect(folder / "v.db") as db:
        count, first, last = db.execute(
            "select count(*), min(fetched_at), max(fetched_at) from fetches"
        ).fetchone()
        versions = db.execute("select count(*) from versions").fetchone()[0]
    if versions < 0.9 * len(urls):
        raise RuntimeError(f"only {versions} of {len(urls)} pages gave a version")
    seconds = (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Speed(count, count / seconds, cpu)


def run_fresh(urls: list[str], *options: str) -> Speed:
    """Check each URL once, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return run_once(Path(folder), urls, *options)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `cluster`."""
    add_corpora_option(parser)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)


def main(options: argparse.Namespace) -> int:
    """Measure in turns and print the best rounds."""
    gzip_headers = (("Content-Encoding", "gzip"),)
    pages = [
        Answer(gzip.compress(page.html.encode("utf-8", "replace"), 6), headers=gzip_headers)
        for page in corpus.pages(options.corpora, limit=options.pages, seed=1)
    ]
    if not pages:
        print(f"no pages in {options.corpora}", file=sys.stderr)
        return 2
    hosts = -(-len(pages) // PAGES_PER_HOST)
    answers_by_address = {
        (address(number % hosts), f"/news/{number}"): page for number, page in enumerate(pages)
    }

    def answer(host: str, path: str) -> Answer | None:
        return answers_by_address.get((host, path))

    alone_speeds, worker_speeds = list[Speed](), list[Speed]()
    with (
        serving(hosts, answer) as server,
        tempfile.TemporaryDirectory() as home,
        running_workers(Path(home), options.workers) as dask,
    ):
        urls = [server.url(number % hosts, f"/news/{number}") for number in range(len(pages))]
        # Workers run for weeks, so the imports of their first batch do not count.
        run_fresh(urls[: WARM_UP_PAGES_PER_WORKER * options.workers], "--cluster", dask.address)
        for _ in range(options.rounds):
            alone_speeds.append(run_fresh(urls))
            worker_speeds.append(run_fresh(urls, "--cluster", dask.address))
            print(f"{alone_speeds[-1].per_second:.1f} checks a second alone, {worker_speeds[-1].per_second:.1f} with workers")  # fmt: skip
    print(
        f"{len(pages)} pages, {os.cpu_count()} cores, {options.workers} workers, best of {options.rounds}:"
    )
    _print_best(alone_speeds, worker_speeds)
    return 0


def _print_best(alone_speeds: list[Speed], worker_speeds: list[Speed]) -> None:
    alone = max(alone_speeds, key=lambda speed: speed.per_second)
    with_workers = max(worker_speeds, key=lambda speed: speed.per_second)
    print(f"{with_workers.per_second / alone.per_second:.2f} times one process")
    print(
        f"CPU of the writing process: {alone.writer_ms:.1f} ms a check alone, {with_workers.writer_ms:.1f} with workers: "
        f"at most {1000 / with_workers.writer_ms:.0f} such checks a second with any number of workers"
    )
