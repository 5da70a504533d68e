"""The daemon in a world that misbehaves, on a machine that fails.

Is it polite? Does it forget no article, log every edit once, send every message, and keep its memory
flat? The hosts (addresses of loopback) edit their articles, and respond with 5xx, 429, hangs, resets, cut
bodies and pages that take seconds to read; their robots.txt comes and goes. Meanwhile the machine is offline, its
clock is set, its disk is full, its database locked, its descriptors few. Daemons are killed, stopped, and run in twos.

The clock is set by libfaketime (`apt install faketime`), and the disk is a tmpfs, which only root may mount. The
report says what was not tried.

    python -m benchmarks soak --minutes 20
    python -m benchmarks soak --minutes 1 --articles 60 --hosts 6 --every 10 --seed 7
    python -m benchmarks soak --minutes 5 --workers 2
"""

import argparse
import asyncio
import contextlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.daemon.soak.faults import MAIN, Machine, small_disk
from benchmarks.daemon.soak.judge import (
    judge_history,
    judge_lateness,
    judge_messages,
    judge_outcomes,
    judge_requests,
    read_history,
)
from benchmarks.daemon.soak.lives import Life, Lives, set_clock
from benchmarks.daemon.soak.plan import make_plan
from benchmarks.daemon.soak.receiver import Receiver, receiving
from benchmarks.daemon.soak.result import MAX_DAEMON_MEGABYTES, SoakResult, report
from benchmarks.daemon.soak.server import Site, serving_world
from benchmarks.daemon.soak.world import Host, SoakWorld, Story, make_world
from benchmarks.support.paths import ROOT
from tests.support.workers import Workers, running_workers

SETTINGS_TEMPLATE = """
delay = {delay}
jobs = 64
read_timeout = 4
check_timeout = 6
[cadence]
checks_per_article = 400
floor = 20
[alive]
file = "{alive}"
[[channels]]
name = "receiver"
webhook = "http://127.0.0.1:{port}/"
"""
# In the end the world is calm for a while. Then each article is fetched once more, and again if its host asks for a pause.
CALM_SECONDS, MAX_FINAL_PASSES, FINAL_PAUSE_SECONDS = 20.0, 5, 30.0
FINAL_JOBS = 32
FAULT_LINES = ("Traceback", "a fault of Variorum", "a tick failed")


@dataclass(frozen=True, slots=True)
class SoakOptions:
    """How long a soak lasts, between what seconds an article is checked, and its seed."""

    seconds: float
    every: float
    delay: float
    seed: int
    workers: int = 0
    calm_seconds: float = CALM_SECONDS


async def soak(world: SoakWorld, folder: Path, options: SoakOptions) -> SoakResult:
    """Run daemons on the world with the faults of a plan; then compare their database with the world."""
    result = SoakResult()
    dask = running_workers(folder, options.workers) if options.workers else contextlib.nullcontext()
    async with contextlib.AsyncExitStack() as stack:
        disk = stack.enter_context(small_disk(folder / "disk"))
        receiver = await stack.enter_async_context(receiving(random.Random(options.seed)))
        site = await stack.enter_async_context(serving_world(world))
        workers = stack.enter_context(dask)
        set_clock(folder, 0)
        database = (disk or folder) / "soak.db"
        command = _command(folder, database, receiver.port, options.delay, workers)
        await _watch_all(site, command, options.every)
        lives = Lives(folder, lambda name: [*command(name), "run", "--log", "json", *_cluster(workers)],
                      lambda: world.stops.append(world.elapsed), lambda: world.blocks > 0, [])  # fmt: skip
        machine = Machine(folder, database, disk, world, site, lives, random.Random(options.seed), workers)  # fmt: skip
        world.started_at = time.monotonic()
        await _live(machine, receiver, options)
        _enter_lives(machine, result)
        judge_lateness(database, world, result)
        judge_requests(world, options.every, result)
        world.is_over = True
        await _fetch_all(site, command)
        if disk:
            shutil.copy(database, folder)  # the disk ends with the run
        _judge_database(site, receiver, database, result)
    _read_log(folder / "log", result)
    return result


async def _live(machine: Machine, receiver: Receiver, options: SoakOptions) -> None:
    """Keep a daemon running while the faults of the plan come and go."""
    plan = make_plan(options.seconds, seed=options.seed)
    machine.lives.start(MAIN)
    watching = asyncio.create_task(machine.lives.watch())
    try:
        async with asyncio.TaskGroup() as group:
            for incident in plan:
                await asyncio.sleep(incident.begins_at - machine.world.elapsed)
                group.create_task(machine.suffer(incident))
        await asyncio.sleep(options.seconds - machine.world.elapsed)
        machine.world.is_calm = receiver.is_calm = True
        await asyncio.sleep(options.calm_seconds)
        await machine.lives.terminate(MAIN)
    finally:
        watching.cancel()
        machine.lives.end_all()


def _command(folder: Path, database: Path, port: int, delay: float, workers: Workers | None):  # type: ignore[no-untyped-def]  # a function that gives the command of a daemon by its name
    def command(name: str) -> list[str]:
        """Variorum with the settings of a daemon of this name."""
        settings = folder / f"{name}.toml"
        settings.write_text(
            SETTINGS_TEMPLATE.format(delay=delay, alive=folder / f"alive-{name}", port=port)
        )
        settings.chmod(0o600)
        base = [sys.executable, "-m", "variorum.cli", "--config", str(settings)]
        return [*base, "--db", str(database)]

    return command


def _cluster(workers: Workers | None) -> list[str]:
    return ["--cluster", workers.address] if workers else []


async def _watch_all(site: Site, command, every: float) -> None:  # type: ignore[no-untyped-def]
    """Watch the feeds of some hosts, and the articles of the others."""
    interval = f"{every:g}s"
    feeds = [site.url(host, "/feed.xml") for host in site.world.hosts if host.has_feed]
    articles = [url for host, url, _ in _stories(site) if not host.has_feed]
    await _variorum([*command("watch"), "add", "--every", interval, "--feed", "-"], feeds)
    await _variorum([*command("watch"), "add", "--every", interval, "-"], articles)


async def _fetch_all(site: Site, command) -> None:  # type: ignore[no-untyped-def]
    """Fetch every article once more, as a person does, until none of them fails; then send what waits."""
    urls = [url for _, url, _ in _stories(site)]
    for _ in range(MAX_FINAL_PASSES):
        fetch = [*command("final"), "fetch", "--jobs", str(FINAL_JOBS), "-"]
        if await _variorum(fetch, urls) == 0:
            break
        await asyncio.sleep(FINAL_PAUSE_SECONDS)
    await _variorum([*command("final"), "run", "--once"], [])


async def _variorum(command: Sequence[str], lines: Sequence[str]) -> int:
    """Run a command with these lines as its input; return its exit status."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT
    )
    await process.communicate("\n".join(lines).encode())
    return process.returncode or 0


def _stories(site: Site) -> list[tuple[Host, str, Story]]:
    return [
        (host, site.url(host, path), story)
        for host in site.world.hosts
        for path, story in host.stories.items()
    ]


def _judge_database(site: Site, receiver: Receiver, database: Path, result: SoakResult) -> None:
    """Enter what the database and the messages show."""
    history = read_history(database)
    stories = [(url, story) for _, url, story in _stories(site)]
    judge_history(site.world, stories, history, result)
    stops = [site.world.started_at + at for at in site.world.stops]
    judge_messages(receiver.messages, history, stops, result)
    judge_outcomes(database, result)


def _enter_lives(machine: Machine, result: SoakResult) -> None:
    lives = machine.lives
    result.machine_faults, result.skipped = dict(machine.counts), machine.skipped
    result.lives, result.failed_starts = len(lives.ended), lives.failed_starts
    result.longest_stop, result.longest_beat = lives.longest_stop, lives.longest_beat
    for text in lives.violations:
        result.wrong("life of a daemon", text)
    peaks = [sample for life in lives.ended for sample in life.memory]
    result.peak_megabytes = max(peaks, default=0) / 1024
    result.reader_megabytes = max((life.reader_memory for life in lives.ended), default=0) / 1024
    result.memory_growth = _memory_growth(max(lives.ended, key=lambda life: len(life.memory)))
    if result.peak_megabytes > MAX_DAEMON_MEGABYTES:
        result.wrong("memory", f"{result.peak_megabytes:.0f} MB")


def _memory_growth(life: Life) -> float:
    """The last quarter of the memory of a life, divided by its second quarter."""
    quarter = len(life.memory) // 4
    if quarter < 2:
        return 1.0
    return sum(life.memory[-quarter:]) / sum(life.memory[quarter : 2 * quarter])


def _read_log(path: Path, result: SoakResult) -> None:
    """Enter the lines of the log with a fault of the program."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if any(text in line for text in FAULT_LINES):
            result.wrong("fault in the log", line[:300])


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `soak`."""
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--every", type=float, default=60, help="seconds between the checks of an article")  # fmt: skip
    parser.add_argument("--delay", type=float, default=0.2, help="seconds between requests to a host")  # fmt: skip
    parser.add_argument("--workers", type=int, default=0, help="Dask workers, which are killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, help="an empty folder for the log, the settings and the database"
    )


def main(options: argparse.Namespace) -> int:
    """Soak and print the figures; return 1 if the daemon did anything wrong."""
    # What ends the benchmark must leave no daemon and no disk.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("the soak was ended"))
    seconds = options.minutes * 60
    world = make_world(
        hosts=options.hosts, articles=options.articles, seconds=seconds, delay=options.delay, seed=options.seed,
    )  # fmt: skip
    soak_options = SoakOptions(seconds, options.every, options.delay, options.seed, options.workers)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        result = asyncio.run(soak(world, folder, soak_options))
    report(result)
    return int(not result.is_clean)
