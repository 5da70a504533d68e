"""The daemon in a world that misbehaves, killed now and then.

Is it polite? Does it forget no article, log every edit once, and keep its memory flat? There are
20,000 articles on 200 hosts (addresses of loopback). The hosts edit them, and respond with 5xx,
429, hangs, resets and cut bodies; their robots.txt comes and goes. Every few minutes the benchmark
kills the daemon with SIGKILL and starts it again.

    python -m benchmarks soak --minutes 20
    python -m benchmarks soak --minutes 1 --articles 500 --hosts 20
    python -m benchmarks soak --minutes 5 --workers 2 --kill-every 15
"""

import argparse
import asyncio
import contextlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.daemon.soak_site import (
    SoakWorld,
    Story,
    make_world,
    serving_world,
    soak_address,
)
from benchmarks.support.paths import ROOT
from storage.queue.leases import CRASH_REASON
from storage.timestamps import to_text
from tests.support.workers import Workers, running_workers

LOAD_COUNT = re.compile(r"counted (\d+) loads")
SETTINGS_TEMPLATE = """
delay = {delay}
jobs = 64
read_timeout = 4
check_timeout = 6
[cadence]
checks_per_article = {checks}
floor = 20
"""
# A response sent so shortly before a kill may belong to a check that the kill ended.
IN_FLIGHT_SECONDS = 20.0
# A check that has been due for longer than this was forgotten.
FORGOTTEN_AFTER = timedelta(minutes=5)
MEMORY_SAMPLE_SECONDS = 5.0
# After the run the daemon may take this long to check the articles that it never checked.
FINAL_CHECK_SECONDS = 20.0


@dataclass(slots=True)
class SoakResult:
    """What the daemon did in a soak, and what it did wrong."""

    requests: int = 0
    checks: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    impolite_requests: list[str] = field(default_factory=list)
    never_checked: int = 0
    overdue: int = 0
    edits: int = 0
    missed_edits: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    late_median: float = 0.0
    late_p95: float = 0.0
    memory: list[list[int]] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether the daemon was polite, forgot nothing, and logged every edit once."""
        return not (
            self.impolite_requests
            or self.never_checked
            or self.overdue
            or self.missed_edits
            or self.duplicates
        )

    @property
    def memory_growth(self) -> float:
        """The last quarter of the longest run's memory, divided by its second quarter."""
        longest = max(self.memory, key=len, default=[])
        if len(longest) < 8:
            return 1.0
        quarter = len(longest) // 4
        early, late = longest[quarter : 2 * quarter], longest[-quarter:]
        return (sum(late) / len(late)) / (sum(early) / len(early))


async def soak(
    world: SoakWorld,
    folder: Path,
    *,
    seconds: float,
    kill_every: float,
    checks: float,
    delay: float,
    every: str | None = None,
    workers: int = 0,
) -> SoakResult:
    """Run the daemon on the world for `seconds` with kills; then compare its database with the world.

    The cadence plans the checks, or `every` gives an interval. With `workers`, Dask workers send
    the requests, and the kills hit them.
    """
    result = SoakResult()
    (folder / "variorum.toml").write_text(
        SETTINGS_TEMPLATE.format(delay=delay, checks=checks), encoding="utf-8"
    )
    dask = running_workers(folder, workers) if workers else contextlib.nullcontext()
    async with serving_world(world) as port:
        await _watch_all(folder, world, port, every)
        with dask as cluster:
            world.started_at = time.monotonic()
            run_memory = await _run_with_kills(world, folder, cluster, seconds, kill_every)
    result.memory, result.kills = run_memory, len(world.killed_at)
    result.requests, result.faults = world.requests, dict(world.faults)
    result.impolite_requests = world.violations
    result.never_checked = _never_checked_count(folder / "soak.db")
    _compare_with_served(world, folder / "soak.db", port, result)
    return result


async def _run_with_kills(
    world: SoakWorld, folder: Path, cluster: Workers | None, seconds: float, kill_every: float
) -> list[list[int]]:
    """Keep the daemon running for `seconds`; return samples of its memory in kB, run by run."""
    process = _start(folder, cluster)
    next_kill_at = kill_every
    run_memory: list[list[int]] = [[]]
    try:
        while world.elapsed < seconds or (
            world.elapsed < seconds + FINAL_CHECK_SECONDS
            and _never_checked_count(folder / "soak.db")
        ):
            await asyncio.sleep(min(MEMORY_SAMPLE_SECONDS, seconds / 20))
            if process.poll() is not None:
                raise RuntimeError(f"the daemon ended by itself: see {folder}/log")
            run_memory[-1].append(_resident_kilobytes(process.pid))
            if world.elapsed < next_kill_at or world.elapsed > seconds - kill_every / 2:
                continue
            next_kill_at += kill_every
            if cluster:
                await asyncio.to_thread(cluster.kill_worker)
                world.forget_visitor()
                cluster.start_worker()
                continue
            process.kill()
            process.wait()
            world.forget_visitor()
            process = _start(folder, cluster)
            run_memory.append([])
        process.terminate()
        await asyncio.to_thread(process.wait, 15)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()
    return run_memory


def _never_checked_count(path: Path) -> int:
    """How many articles were never checked. Those that were checked at a kill wait for ten minutes."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        row = db.execute(
            "select count(*) from articles where checked_at is null and next_check_reason is not ?",
            [CRASH_REASON],
        ).fetchone()
        return int(row[0])


def _command(folder: Path, *arguments: str) -> list[str]:
    base = [sys.executable, "-m", "variorum.cli", "--config", str(folder / "variorum.toml")]
    return [*base, "--db", str(folder / "soak.db"), *arguments]


async def _watch_all(folder: Path, world: SoakWorld, port: int, every: str | None) -> None:
    urls = [
        f"http://{soak_address(number)}:{port}{path}"
        for number, host in enumerate(world.hosts)
        for path in host.stories
    ]
    process = await asyncio.create_subprocess_exec(
        *_command(folder, "add", *(["--every", every] if every else []), "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
    )
    await process.communicate("\n".join(urls).encode())


def _start(folder: Path, cluster: Workers | None) -> "subprocess.Popen[bytes]":
    options = ["--cluster", cluster.address] if cluster else []
    command = _command(folder, "run", "--log", "json", *options)
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, stderr=log, cwd=ROOT)


def _resident_kilobytes(pid: int) -> int:
    """The resident memory of a process, in kilobytes."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = re.search(r"VmRSS:\s+(\d+)", text)
    return int(line[1]) if line else 0


def _compare_with_served(world: SoakWorld, path: Path, port: int, result: SoakResult) -> None:
    """Compare the database with what the site served, and enter the faults in `result`."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        _read_schedule(db, result)
        versions, edits = _recorded_editions(db)
    for number, host in enumerate(world.hosts):
        for story in host.stories.values():
            url = f"http://{soak_address(number)}:{port}{story.path}"
            _compare_story(story, url, versions.get(url, []), edits, world, result)


def _read_schedule(db: sqlite3.Connection, result: SoakResult) -> None:
    """Enter the number of checks, how late they were, and how many are overdue."""
    result.checks = db.execute(
        "select count(distinct coalesce(confirms, id)) from fetches"
    ).fetchone()[0]
    cutoff = to_text(datetime.now(UTC) - FORGOTTEN_AFTER)
    result.overdue = db.execute(
        "select count(*) from articles a join hosts h on h.host = a.host where a.next_check_at < ?"
        " and (h.backoff_until is null or h.backoff_until < ?)", [cutoff, cutoff],
    ).fetchone()[0]  # fmt: skip
    late = [
        row[0]
        for row in db.execute(
            "select late_seconds from fetches where late_seconds is not null order by 1"
        )
    ]
    if late:
        result.late_median, result.late_p95 = (
            late[len(late) // 2],
            late[int(len(late) * 0.95)],
        )


def _recorded_editions(
    db: sqlite3.Connection,
) -> tuple[dict[str, list[int]], "Counter[tuple[str, int]]"]:
    """The editions of the versions by URL, and how often each edition was logged as an edit."""
    versions: dict[str, list[int]] = {}
    for url, body in db.execute(
        "select a.url, v.body from versions v join articles a on a.id = v.article_id order by v.article_id, v.number"
    ):
        versions.setdefault(url, []).append(int(LOAD_COUNT.search(body)[1]) - 1000)  # type: ignore[index]  # every body has it
    edits = Counter(
        (url, int(new) - 1000)
        for url, new in db.execute(
            "select a.url, e.new from edits e join articles a on a.id = e.article_id where e.field = 'body'"
        )
    )
    return versions, edits


def _compare_story(
    story: Story,
    url: str,
    versions: list[int],
    edits: "Counter[tuple[str, int]]",
    world: SoakWorld,
    result: SoakResult,
) -> None:
    """Enter the faults of one article.

    Every edition that lasted a whole check must be one version, and each version after the first
    must have one edit.
    """
    counts = Counter(versions)
    result.duplicates += [
        f"{url} version of edition {edition} {n} times" for edition, n in counts.items() if n > 1
    ]
    if versions != sorted(versions):
        result.duplicates.append(f"{url} versions out of order: {versions}")
    for edition in versions[1:]:
        result.edits += 1
        if edits[url, edition] != 1:
            result.duplicates.append(
                f"{url} edit to edition {edition} logged {edits[url, edition]} times"
            )
    for edition in sorted(_confirmed_editions(story, world) - set(versions)):
        result.missed_edits.append(f"{url} edition {edition}")


def _confirmed_editions(story: Story, world: SoakWorld) -> set[int]:
    """The editions that two successive responses showed, without a kill around them."""
    confirmed = set[int]()
    for (early, edition), (late, next_edition) in zip(
        story.served_editions, story.served_editions[1:], strict=False
    ):
        was_killed = any(early <= at <= late + IN_FLIGHT_SECONDS for at in world.killed_at)
        if edition == next_edition and not was_killed and late < world.elapsed - IN_FLIGHT_SECONDS:
            confirmed.add(edition)
    return confirmed


def report(result: SoakResult) -> None:
    """Print the figures of a soak."""
    print(
        f"{result.checks} checks, {result.requests} requests, {result.kills} kills, faults {result.faults}"
    )
    for name, violations in (
        ("concurrent or early requests", result.impolite_requests),
        ("missed edits that lasted a whole check", result.missed_edits),
        ("versions or edits logged twice", result.duplicates),
    ):
        print(f"{name}: {len(violations)}{'  ' + '; '.join(violations[:5]) if violations else ''}")
    print(f"edits logged once: {result.edits}")
    print(
        f"articles never checked: {result.never_checked}, overdue by more than 5 min: {result.overdue}"
    )
    print(
        f"checks late by {result.late_median:.1f} s at the median, {result.late_p95:.1f} s at 95 %"
    )
    peaks = ", ".join(
        f"{max(run_samples) / 1024:.0f}" for run_samples in result.memory if run_samples
    )
    print(
        f"memory: peaks {peaks} MB; in the longest run the end is {result.memory_growth:.2f} times the second quarter"
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `soak`."""
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--kill-every", type=float, default=240, help="seconds")
    parser.add_argument(
        "--delay", type=float, default=0.2, help="seconds between requests to a host"
    )
    parser.add_argument("--checks", type=float, default=24, help="per article")
    parser.add_argument("--workers", type=int, default=0, help="Dask workers, which are killed")
    parser.add_argument("--seed", type=int, default=1)


def main(options: argparse.Namespace) -> int:
    """Soak and print the figures; return 1 if the daemon did anything wrong."""
    seconds = options.minutes * 60
    world = make_world(
        hosts=options.hosts, articles=options.articles, seconds=seconds, delay=options.delay, seed=options.seed,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(
            soak(world, Path(folder), seconds=seconds, kill_every=options.kill_every,
                 checks=options.checks, delay=options.delay, workers=options.workers)
        )  # fmt: skip
    report(result)
    return int(not result.is_clean)
