"""What workers bring: looks a second of one process, and of one with Dask workers on the same cores.

Real pages of the corpora, four on each host of loopback (gzip), looked at for the first time: each is read
whole and a version is written, so that extraction is most of it. The rounds alternate; the time is that between
the first look and the last. That nothing is lost, doubled or asked for at once while workers are killed is
shown by `python -m benchmarks.daemon.soak --workers 2`.

    python -m benchmarks.daemon.cluster
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
from benchmarks.support.workers import running_workers

ROOT = Path(__file__).resolve().parents[2]
JOBS = 128
WARM_UP_PAGES_PER_WORKER = 60
PAGES_PER_HOST = 4


@dataclass(frozen=True, slots=True)
class Speed:
    """Looks a second between the first and the last, and the CPU seconds that the writing process took."""

    checks: int
    per_second: float
    writer_cpu: float

    @property
    def writer_ms(self) -> float:
        return self.writer_cpu * 1000 / self.checks


def run(folder: Path, urls: list[str], *options: str) -> Speed:
    """Look once at each URL with `variorum run --once`, in a fresh database."""
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
    """Look once at each URL, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return run(Path(folder), urls, *options)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpora", type=Path, default=corpus.DEFAULT_CORPORA)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    gzip_headers = (("Content-Encoding", "gzip"),)
    pages = [
        Answer(gzip.compress(page.html.encode("utf-8", "replace"), 6), headers=gzip_headers)
        for page in corpus.pages(arguments.corpora, limit=arguments.pages, seed=1)
    ]
    if not pages:
        sys.exit(f"no pages in {arguments.corpora}")
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
        running_workers(Path(home), arguments.workers) as dask,
    ):
        urls = [server.url(number % hosts, f"/news/{number}") for number in range(len(pages))]
        # Workers live for weeks: what they import at their first batch is not counted.
        run_fresh(urls[: WARM_UP_PAGES_PER_WORKER * arguments.workers], "--cluster", dask.address)
        for _ in range(arguments.rounds):
            alone_speeds.append(run_fresh(urls))
            worker_speeds.append(run_fresh(urls, "--cluster", dask.address))
            print(f"{alone_speeds[-1].per_second:.1f} looks a second alone, {worker_speeds[-1].per_second:.1f} with workers")  # fmt: skip
    best_alone = max(alone_speeds, key=lambda speed: speed.per_second)
    best_with_workers = max(worker_speeds, key=lambda speed: speed.per_second)
    print(
        f"{len(pages)} pages, {os.cpu_count()} cores, {arguments.workers} workers, best of {arguments.rounds}:"
    )
    print(f"{best_with_workers.per_second / best_alone.per_second:.2f} times one process")  # fmt: skip
    print(
        f"CPU of the writing process: {best_alone.writer_ms:.1f} ms a look alone, {best_with_workers.writer_ms:.1f} with workers: "
        f"at most {1000 / best_with_workers.writer_ms:.0f} such looks a second however many workers there are"
    )


if __name__ == "__main__":
    main()
