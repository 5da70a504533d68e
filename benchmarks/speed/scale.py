"""How fast a large history is read: queries, leases, and whole commands with their peak memory.

python -m benchmarks made-history /tmp/made.db --articles 100000 --versions 10 --sentences 20
python -m benchmarks scale /tmp/made.db
python -m benchmarks scale /tmp/made.db --overdue 100000 --no-commands
python -m benchmarks scale /tmp/made.db --bytes
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.support.made_history import make_overdue
from benchmarks.support.paths import ROOT
from storage.articles.load import article_state
from storage.database import Database, open_database
from storage.queries import articles as queries
from storage.queries import health
from storage.queries.edits import EditFilter, matching_edits
from storage.queue import check_rate, leases, uptime
from storage.queue.outbox import ChannelFilter, latest_edits, sendable_notifications, undelivered
from storage.queue.watches import postpone
from storage.search import first_hits
from storage.search.hits import Scope
from storage.timestamps import to_text

MAX_RUNS = 50
# A query that takes longer than this is timed less often.
SLOW_SECONDS = 0.2
FREE_SLOTS = 20
SAMPLED_ARTICLES = 2_000


@dataclass(frozen=True, slots=True)
class Target:
    """The database, some of its articles (id, URL), and words to search for by how common they are."""

    db: Database
    path: Path
    now: datetime
    articles: list[tuple[int, str]]
    words: dict[str, str]


def open_target(path: Path, *, seed: int = 1) -> Target:
    """The database at `path`, with a sample of its articles and words."""
    db = open_database(path)
    rng = random.Random(seed)
    last = db.execute("select max(id) from articles").fetchone()[0]
    article_ids = [rng.randint(1, last) for _ in range(SAMPLED_ARTICLES)]
    rows = [
        db.execute("select id, url from articles where id = ?", [target]).fetchone()
        for target in article_ids
    ]
    return Target(db, path, datetime.now(UTC), rows, _words(db))


def _words(db: Database) -> dict[str, str]:
    """The most common, a middling and a rare two-syllable word; none if nothing is indexed."""
    if not db.execute("select 1 from version_words_docsize limit 1").fetchone():
        return {}
    db.execute(
        "create virtual table if not exists temp.terms using fts5vocab('main', 'version_words', 'row')"
    )
    rows = db.execute(
        "select term, doc from temp.terms where length(term) = 2 and term >= '가' order by doc desc"
    ).fetchall()
    ranks = {"most common": 0, "middling": len(rows) // 20, "rare": len(rows) - 1}
    return {f"{name} ({rows[at][1]:,})": rows[at][0] for name, at in ranks.items()}


def measured_queries(target: Target) -> dict[str, Callable[[int], object]]:
    """The queries timed in this process, by name. Each is called with the number of the run."""
    db, now = target.db, target.now
    day, month = to_text(now - timedelta(days=1)), to_text(now - timedelta(days=30))

    def article(run: int) -> tuple[int, str]:
        return target.articles[run % len(target.articles)]

    def edits(**filters: object) -> Callable[[int], object]:
        return lambda _: list(matching_edits(db, EditFilter(**filters), limit=100))  # type: ignore[arg-type]

    timings: dict[str, Callable[[int], object]] = {
        "history of an article": lambda run: list(
            matching_edits(db, EditFilter(article_id=article(run)[0]), limit=100)
        ),
        "newest 100 edits": edits(),
        "newest edits of a rare kind": edits(kind="correction_note"),
        "newest silent edits": edits(silent=True),
        "newest edits of a rare field": edits(field="section"),
        "silent headline edits since a day": edits(field="headline", silent=True, since=day),
        "edits since a month": edits(since=month),
        "edits of a kind there is none of, since a month": edits(kind="none", since=month),
        "article_state of an article": lambda run: article_state(db, article(run)[1]),
        "is anything due": lambda _: leases._is_any_due(db, _lease_times(now)),
        "hosts due": lambda _: leases._hosts_due(db, _lease_times(now), FREE_SLOTS),
        "hosts due, in one pass": lambda _: leases._hosts_due(
            db, {**_lease_times(now), "pass_started_at": day}, FREE_SLOTS
        ),
        "lease_work, 1 host": lambda run: _lease(db, now, run),
        "reschedule": lambda run: _reschedule(db, now, article(run)[0]),
        "count what is overdue": lambda _: queries.overdue(db, to_text(now)),
        "first 50 of list": lambda _: _first(queries.articles(db), 50),
        "notifications to send": lambda _: sendable_notifications(db, "desk", 0, now=now),
        "notifications undelivered": lambda _: undelivered(db),
        "feed of one rare host": lambda _: latest_edits(
            db, ChannelFilter("desk", ("news1999.example",)), limit=200
        ),
        "checks planned": lambda _: check_rate.planned_checks_per_day(db),
        "ages of articles": lambda _: list(
            check_rate.article_ages(db, now, max_age=timedelta(days=30))
        ),
        "intervals with an edit": lambda _: check_rate.edit_age_intervals(db, limit=1000),
        "watched spans": lambda _: check_rate.watched_spans(
            db, since=to_text(now - timedelta(days=90))
        ),
        "failing hosts": lambda _: health.failing_hosts(db),
        "moved containers": lambda _: health.moved_containers(db),
        "first versions": lambda _: list(health.first_versions(db, per_host=220)),
        "gaps in numbers": lambda _: queries.articles_with_number_gaps(db),
    }
    for name, word in target.words.items():
        timings[f"search, {name}"] = lambda _, word=word: first_hits(db, word, limit=20)
        timings[f"search --deleted, {name}"] = lambda _, word=word: first_hits(
            db, word, scope=Scope.DELETED, limit=20
        )
    return timings


def _lease_times(now: datetime) -> dict[str, str | None]:
    return {
        **_claim(now, "scale").values(),
        "pass_started_at": None,
    }


def _lease(db: Database, now: datetime, run: int) -> object:
    """Lease one host, as another process at each run, so that earlier hosts are not free."""
    return leases.lease_work(db, _claim(now, f"scale {run}"), limit=1)


def _claim(now: datetime, holder: str) -> leases.LeaseClaim:
    return leases.LeaseClaim(holder, now, uptime.uptime(), timedelta(minutes=10))


def _reschedule(db: Database, now: datetime, article_id: int) -> None:
    db.execute("update articles set next_check_at = ? where id = ?", [to_text(now), article_id])
    postpone(db, article_id, now=now, until=now + timedelta(hours=4), reason="measured")


def _first(rows: Iterator[object], count: int) -> list[object]:
    return [row for row, _ in zip(rows, range(count), strict=False)]


def timings(work: Callable[[int], object]) -> tuple[float, float]:
    """Median and 95th percentile of a query in seconds, with its pages in memory."""
    _seconds(work)
    seconds = _seconds(work)
    return statistics.median(seconds), sorted(seconds)[int(len(seconds) * 0.95)]


def _seconds(work: Callable[[int], object]) -> list[float]:
    seconds: list[float] = []
    while len(seconds) < MAX_RUNS and sum(seconds) < SLOW_SECONDS * MAX_RUNS / 5:
        started = time.perf_counter()
        work(len(seconds))
        seconds.append(time.perf_counter() - started)
    return seconds


def measured_commands(target: Target) -> list[list[str]]:
    """The arguments of each command that is timed as a process."""
    url = target.db.execute(
        "select url from articles where edits > 2 order by id desc limit 1"
    ).fetchone()[0]
    words = [["search", word] for word in target.words.values()]
    return [
        ["list"], ["list", "--json"], ["log"], ["log", url], ["log", "--since", "1d", "--limit", "100000"],
        *words, *[[*command, "--deleted"] for command in words], ["stats"], ["stats", "--host", "news0.example"],
        ["doctor"], ["show", url], ["diff", url], ["blame", url], ["export", "--since", "1d"],
        ["export", "--format", "atom"],
    ]  # fmt: skip


def run_command(path: Path, command: Sequence[str]) -> tuple[float, float, int]:
    """Run one command; return its seconds, its peak memory in MB and the bytes that it prints."""
    call = [sys.executable, "-m", "variorum.cli", "--db", str(path), *command]
    started = time.perf_counter()
    process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT)
    assert process.stdout is not None
    printed_bytes = 0
    while part := process.stdout.read(1 << 20):
        printed_bytes += len(part)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - started, usage.ru_maxrss / 1024, printed_bytes


def print_bytes(db: Database) -> None:
    """Print the size of every table and index, which reads the whole file."""
    rows = db.execute(
        "select name, sum(pgsize) from dbstat group by name order by 2 desc"
    ).fetchall()
    for name, size in rows:
        print(f"{name:34} {size / 1e6:10.1f} MB")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `scale`."""
    parser.add_argument("path", type=Path, help="a database that made-history made")
    parser.add_argument("--overdue", type=int, help="first make this many articles overdue")
    parser.add_argument("--commands", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--bytes", action="store_true", help="print the size of tables instead")


def main(options: argparse.Namespace) -> int:
    """Print the times, or with --bytes the sizes."""
    target = open_target(options.path)
    if options.bytes:
        print_bytes(target.db)
        return 0
    if options.overdue:
        make_overdue(target.db, options.overdue, now=target.now)
    for name, work in measured_queries(target).items():
        median, p95 = timings(work)
        print(f"{name:50} {median * 1000:10.2f} ms  p95 {p95 * 1000:10.2f}", flush=True)
    for command in measured_commands(target) if options.commands else ():
        seconds, megabytes, printed_bytes = run_command(options.path, command)
        name = " ".join(command)[:50]
        print(
            f"{name:50} {seconds:10.2f} s   {megabytes:6.0f} MB  {printed_bytes / 1e6:8.1f} MB printed",
            flush=True,
        )
    return 0
