"""How long `doctor --full` takes to compare every stored page and text with its hash, and with how much memory.

The pages of a history from made-history are invented: a frame of 30 kB around the text of each version. They are
stored as a check stores them, each as a delta of the one before.

    python -m benchmarks made-history /tmp/made.db --articles 10000 --versions 10 --no-search
    python -m benchmarks verify /tmp/made.db --pages
"""

import argparse
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.support.paths import ROOT
from storage.database import Database, open_database, write_transaction
from storage.snapshots.store import Snapshot, store_snapshot

FRAME_WORDS = 4_000
ARTICLES_PER_COMMIT = 500


@dataclass(frozen=True, slots=True)
class DoctorRun:
    """What `doctor --full` cost, and what it says of the pages."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    verdict: str


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `verify`."""
    parser.add_argument("path", type=Path)
    parser.add_argument("--pages", action="store_true", help="store a page for each version first")
    parser.add_argument("--seed", type=int, default=1)


def main(options: argparse.Namespace) -> int:
    """Print the size of the history, and the seconds, the CPU time and the peak memory of `doctor --full`."""
    db = open_database(options.path)
    if options.pages:
        print(f"{add_pages(db, random.Random(options.seed)):,} pages stored")
    counts = {name: db[name].count for name in ("articles", "versions", "snapshots")}
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()
    print(", ".join(f"{count:,} {name}" for name, count in counts.items()))
    print(f"{options.path.stat().st_size / 1e9:.2f} GB")
    run = timed_doctor(options.path)
    print(
        f"doctor --full: {run.seconds:.0f} s, {run.cpu_seconds:.0f} s of CPU, {run.peak_bytes / 1e6:.0f} MB; {run.verdict}"
    )
    return 0


def add_pages(db: Database, rng: random.Random) -> int:
    """Store a page for each version that has none; gives how many."""
    articles = [row[0] for row in db.execute("select id from articles order by id").fetchall()]
    count = 0
    for start in range(0, len(articles), ARTICLES_PER_COMMIT):
        with write_transaction(db):
            for article_id in articles[start : start + ARTICLES_PER_COMMIT]:
                count += _add_pages_of(db, article_id, rng)
    return count


def _add_pages_of(db: Database, article_id: int, rng: random.Random) -> int:
    frame = " ".join(f"w{rng.randrange(1 << 20):x}" for _ in range(FRAME_WORDS))
    rows = db.execute(
        "select id, headline, body from versions where article_id = ? and snapshot_id is null order by number",
        [article_id],
    ).fetchall()
    base: int | None = None
    for version_id, headline, body in rows:
        html = f"<html><title>{headline}</title><p>{body}</p><!-- {article_id} {frame} --></html>"
        base = store_snapshot(db, Snapshot(html.encode()), base_id=base)
        db.execute("update versions set snapshot_id = ? where id = ?", [base, version_id])
    return len(rows)


def timed_doctor(path: Path) -> DoctorRun:
    """A run of `doctor --full` in a process of its own."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "variorum.cli", "--db", str(path), "doctor", "--full"],
        stdout=subprocess.PIPE, text=True, cwd=path.parent, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None
    lines = [line for line in process.stdout.read().splitlines() if "pages:" in line]
    _, _, usage = os.wait4(process.pid, 0)
    return DoctorRun(
        time.monotonic() - started,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * 1024,
        lines[-1] if lines else "no answer",
    )
