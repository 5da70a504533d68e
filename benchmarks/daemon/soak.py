"""The daemon for a while in a world that misbehaves, killed now and then: is it polite, does it forget
nothing, is every edit logged once, does its memory stay flat?

20,000 articles on 200 hosts (addresses of loopback) that edit them and answer with 5xx, 429, hangs,
resets and cut bodies, whose robots.txt comes and goes; `kill -9` every few minutes.

    python -m benchmarks.daemon.soak --minutes 20
    python -m benchmarks.daemon.soak --minutes 1 --articles 500 --hosts 20
    python -m benchmarks.daemon.soak --minutes 5 --workers 2 --kill-every 15
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

from benchmarks.daemon.soak_site import Story, World, address, make_world, serving
from benchmarks.support.workers import Workers, working
from storage.timestamps import moment

ROOT = Path(__file__).resolve().parents[2]
LOADS = re.compile(r"counted (\d+) loads")
SETTINGS = """
delay = {delay}
jobs = 64
read_timeout = 4
look_timeout = 6
[cadence]
looks_per_article = {looks}
floor = 20
"""
# What went out so long before a kill may belong to a look that the kill took.
IN_FLIGHT = 20.0
# A look that should have been made so long ago was forgotten.
FORGOTTEN = timedelta(minutes=5)
MEMORY_EVERY = 5.0
# After the world stands still the daemon has this long to see the last editions.
SETTLE_SECONDS = 20.0


@dataclass(slots=True)
class Outcome:
    """What a soak found."""

    requests: int = 0
    looks: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    impolite: list[str] = field(default_factory=list)
    unseen: int = 0
    forgotten: int = 0
    edits: int = 0
    missed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    late_median: float = 0.0
    late_p95: float = 0.0
    memory: list[list[int]] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.impolite or self.unseen or self.forgotten or self.missed or self.doubled)

    @property
    def growth(self) -> float:
        """Resident memory at the end of the longest life against its second quarter."""
        longest = max(self.memory, key=len, default=[])
        if len(longest) < 8:
            return 1.0
        quarter = len(longest) // 4
        early, late = longest[quarter : 2 * quarter], longest[-quarter:]
        return (sum(late) / len(late)) / (sum(early) / len(early))


async def soak(
    world: World,
    folder: Path,
    *,
    seconds: float,
    kill_every: float,
    looks: float,
    delay: float,
    every: str | None = None,
    workers: int = 0,
) -> Outcome:
    """Run the daemon on the world for so long, with kills; then hold its database against the book.

    The articles are looked at by the cadence, or at an interval where `every` gives one. With `workers`
    it is they who look, and they who are killed.
    """
    outcome = Outcome()
    (folder / "variorum.toml").write_text(
        SETTINGS.format(delay=delay, looks=looks), encoding="utf-8"
    )
    dask = working(folder, workers) if workers else contextlib.nullcontext()
    async with serving(world) as port:
        await _watch_all(folder, world, port, every)
        with dask as cluster:
            world.begun = time.monotonic()
            lives = await _lives(world, folder, cluster, seconds, kill_every)
    outcome.memory, outcome.kills = lives, len(world.killed_at)
    outcome.requests, outcome.faults = world.requests, dict(world.faults)
    outcome.impolite = world.wrongs
    outcome.unseen = _unseen(folder / "soak.db")
    _hold_against_book(world, folder / "soak.db", port, outcome)
    return outcome


async def _lives(
    world: World, folder: Path, cluster: Workers | None, seconds: float, kill_every: float
) -> list[list[int]]:
    """Keep the daemon running for so long; the memory of each of its lives, now and then."""
    process = _start(folder, cluster)
    next_kill = kill_every
    lives: list[list[int]] = [[]]
    try:
        while world.second < seconds or (
            world.second < seconds + SETTLE_SECONDS and _unseen(folder / "soak.db")
        ):
            await asyncio.sleep(min(MEMORY_EVERY, seconds / 20))
            if process.poll() is not None:
                raise RuntimeError(f"the daemon ended by itself; see {folder}/log")
            lives[-1].append(_resident(process.pid))
            if world.second < next_kill or world.second > seconds - kill_every / 2:
                continue
            next_kill += kill_every
            if cluster:
                await asyncio.to_thread(cluster.kill_worker)
                world.forget_visitor()
                cluster.start_worker()
                continue
            process.kill()
            process.wait()
            world.forget_visitor()
            process = _start(folder, cluster)
            lives.append([])
        process.terminate()
        await asyncio.to_thread(process.wait, 15)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()
    return lives


def _unseen(path: Path) -> int:
    """How many articles were never looked at."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        row = db.execute("select count(*) from articles where checked_at is null").fetchone()
        return int(row[0])


def _command(folder: Path, *arguments: str) -> list[str]:
    base = [sys.executable, "-m", "variorum.cli", "--config", str(folder / "variorum.toml")]
    return [*base, "--db", str(folder / "soak.db"), *arguments]


async def _watch_all(folder: Path, world: World, port: int, every: str | None) -> None:
    urls = [
        f"http://{address(number)}:{port}{path}"
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


def _resident(pid: int) -> int:
    """The resident memory of a process, in kilobytes."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+)", text)
    return int(found[1]) if found else 0


def _hold_against_book(world: World, path: Path, port: int, outcome: Outcome) -> None:
    """What the database holds against what the site served."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        outcome.looks = db.execute(
            "select count(distinct coalesce(confirms, id)) from fetches"
        ).fetchone()[0]
        before = moment(datetime.now(UTC) - FORGOTTEN)
        outcome.forgotten = db.execute(
            "select count(*) from articles a join hosts h on h.host = a.host where a.next_check_at < ?"
            " and (h.not_before is null or h.not_before < ?)", [before, before],
        ).fetchone()[0]  # fmt: skip
        late = [
            row[0]
            for row in db.execute(
                "select late_seconds from fetches where late_seconds is not null order by 1"
            )
        ]
        if late:
            outcome.late_median, outcome.late_p95 = (
                late[len(late) // 2],
                late[int(len(late) * 0.95)],
            )
        versions: dict[str, list[int]] = {}
        for url, body in db.execute(
            "select a.url, v.body from versions v join articles a on a.id = v.article_id order by v.article_id, v.number"
        ):
            versions.setdefault(url, []).append(int(LOADS.search(body)[1]) - 1000)  # type: ignore[index]  # every body has it
        edits = Counter(
            (url, int(new) - 1000)
            for url, new in db.execute(
                "select a.url, e.new from edits e join articles a on a.id = e.article_id where e.field = 'body'"
            )
        )
    for number, host in enumerate(world.hosts):
        for story in host.stories.values():
            url = f"http://{address(number)}:{port}{story.path}"
            _hold_story(story, url, versions.get(url, []), edits, world, outcome)


def _hold_story(
    story: Story,
    url: str,
    versions: list[int],
    edits: "Counter[tuple[str, int]]",
    world: World,
    outcome: Outcome,
) -> None:
    """Every edition that stood through a look is a version, once, and each version after the first an edit, once."""
    counts = Counter(versions)
    outcome.doubled += [
        f"{url} version of edition {one} {n} times" for one, n in counts.items() if n > 1
    ]
    if versions != sorted(versions):
        outcome.doubled.append(f"{url} versions out of order: {versions}")
    for edition in versions[1:]:
        outcome.edits += 1
        if edits[url, edition] != 1:
            outcome.doubled.append(
                f"{url} edit to edition {edition} logged {edits[url, edition]} times"
            )
    for edition in sorted(_stood(story, world) - set(versions)):
        outcome.missed.append(f"{url} edition {edition}")


def _stood(story: Story, world: World) -> set[int]:
    """The editions that two answers in a row showed, with no kill about: one look and its confirmation."""
    found = set[int]()
    for (early, one), (late, other) in zip(story.served, story.served[1:], strict=False):
        killed = any(early <= at <= late + IN_FLIGHT for at in world.killed_at)
        if one == other and not killed and late < world.second - IN_FLIGHT:
            found.add(one)
    return found


def report(outcome: Outcome) -> None:
    """Print what came of it."""
    print(
        f"{outcome.looks} looks, {outcome.requests} requests, {outcome.kills} kills, faults {outcome.faults}"
    )
    for name, wrongs in (
        ("requests at once or too early", outcome.impolite),
        ("edits missed that stood through a look", outcome.missed),
        ("versions or edits logged twice", outcome.doubled),
    ):
        print(f"{name}: {len(wrongs)}{'  ' + '; '.join(wrongs[:5]) if wrongs else ''}")
    print(f"edits logged once: {outcome.edits}")
    print(
        f"articles never looked at: {outcome.unseen}, overdue by more than 5 min: {outcome.forgotten}"
    )
    print(
        f"looks late by {outcome.late_median:.1f} s at the median, {outcome.late_p95:.1f} s at 95 %"
    )
    peaks = ", ".join(f"{max(life) / 1024:.0f}" for life in outcome.memory if life)
    print(
        f"memory: peaks {peaks} MB; the longest life's end is {outcome.growth:.2f} times its second quarter"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--kill-every", type=float, default=240, help="seconds")
    parser.add_argument(
        "--delay", type=float, default=0.2, help="seconds between requests to a host"
    )
    parser.add_argument("--looks", type=float, default=24, help="per article")
    parser.add_argument("--workers", type=int, default=0, help="of a Dask cluster; they are killed")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    seconds = options.minutes * 60
    world = make_world(
        hosts=options.hosts, articles=options.articles, seconds=seconds, delay=options.delay, seed=options.seed,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(
            soak(world, Path(folder), seconds=seconds, kill_every=options.kill_every,
                 looks=options.looks, delay=options.delay, workers=options.workers)
        )  # fmt: skip
    report(outcome)
    sys.exit(not outcome.is_clean)


if __name__ == "__main__":
    main()
