"""The faults of the machine: how each begins and ends."""

import asyncio
import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.daemon.soak.lives import FAKETIME, Lives, set_clock
from benchmarks.daemon.soak.plan import Incident
from benchmarks.daemon.soak.server import Site
from benchmarks.daemon.soak.world import SoakWorld
from tests.support.workers import Workers

MAX_CLOCK_HOURS = 30
FEW_DESCRIPTORS = (40, 160)
DISK_BYTES = 2_000_000_000
PAGE_BYTES = 4096
# A daemon may start a moment before it writes, and what waited is written a moment after.
WRITE_SLACK_SECONDS = 3.0
MAIN, SECOND = "main", "second"


@dataclass(slots=True)
class Machine:
    """What the faults act on. `skipped` says which of them this machine cannot show, and why."""

    folder: Path
    database: Path
    disk: Path | None
    world: SoakWorld
    site: Site
    lives: Lives
    rng: random.Random
    workers: Workers | None = None
    counts: Counter[str] = field(default_factory=Counter)
    skipped: dict[str, str] = field(default_factory=dict)

    async def suffer(self, incident: Incident) -> None:
        """One fault, from its begin to its end."""
        if reason := self._why_skipped(incident.fault):
            self.skipped[incident.fault] = reason
            return
        self.counts[incident.fault] += 1
        async with FAULTS[incident.fault](self):
            await asyncio.sleep(incident.seconds)

    def _why_skipped(self, fault: str) -> str | None:
        if fault == "clock" and not FAKETIME.exists():
            return f"{FAKETIME} is missing: install faketime"
        if fault == "clock" and self.workers:
            return "workers have clocks of their own"
        if fault == "full disk" and self.disk is None:
            return "only root may mount a small disk"
        return None

    @contextlib.contextmanager
    def unwritable(self) -> Iterator[None]:
        """Inside, the daemon can write nothing: what it has fetched may be lost with it."""
        began_at = self.world.elapsed
        self.world.blocks += 1
        try:
            yield
        finally:
            self.world.blocks -= 1
            self.world.blocked.append((began_at, self.world.elapsed + WRITE_SLACK_SECONDS))


@contextlib.asynccontextmanager
async def _offline(machine: Machine) -> AsyncIterator[None]:
    """No host can be reached."""
    began_at = machine.world.elapsed
    machine.site.go_offline()
    try:
        yield
    finally:
        await machine.site.go_online()
        machine.world.outages.append((began_at, machine.world.elapsed))


@contextlib.asynccontextmanager
async def _clock(machine: Machine) -> AsyncIterator[None]:
    """Somebody sets the clock, and sets it right again."""
    hours = machine.rng.choice((-1, 1)) * MAX_CLOCK_HOURS ** machine.rng.random()
    set_clock(machine.folder, round(3600 * hours))
    try:
        yield
    finally:
        set_clock(machine.folder, 0)


@contextlib.asynccontextmanager
async def _full_disk(machine: Machine) -> AsyncIterator[None]:
    """The disk has no room left, but that in pages which are not full."""
    assert machine.disk
    used = shutil.disk_usage(machine.disk).used
    with machine.unwritable():
        resize_disk(machine.disk, used + PAGE_BYTES)
        try:
            yield
        finally:
            resize_disk(machine.disk, DISK_BYTES)


@contextlib.asynccontextmanager
async def _locked(machine: Machine) -> AsyncIterator[None]:
    """Another program holds the lock of the database."""
    with contextlib.closing(sqlite3.connect(machine.database, isolation_level=None)) as db:
        kind = machine.rng.choice(("immediate", "exclusive"))
        await _lock(db, kind)
        with machine.unwritable():
            yield
            db.execute("rollback")


async def _lock(db: sqlite3.Connection, kind: str) -> None:
    """Take the lock, whenever the daemon lets it go; the event loop goes on meanwhile."""
    db.execute("pragma busy_timeout = 20")
    while True:
        with contextlib.suppress(sqlite3.OperationalError):
            db.execute(f"begin {kind}")
            return
        await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def _second_daemon(machine: Machine) -> AsyncIterator[None]:
    """Two daemons share the database; one of them is killed, the other stopped."""
    machine.lives.start(SECOND)
    try:
        yield
    finally:
        if machine.rng.random() < 0.5:
            machine.lives.kill(SECOND)
        else:
            await machine.lives.terminate(SECOND)


@contextlib.asynccontextmanager
async def _few_descriptors(machine: Machine) -> AsyncIterator[None]:
    """The daemon lives with few file descriptors."""
    machine.lives.descriptors = machine.rng.randint(*FEW_DESCRIPTORS)
    await _restart(machine)
    try:
        yield
    finally:
        machine.lives.descriptors = None
        await _restart(machine)


async def _restart(machine: Machine) -> None:
    await machine.lives.terminate(MAIN)
    if MAIN not in machine.lives.running:
        machine.lives.start(MAIN)


@contextlib.asynccontextmanager
async def _kill(machine: Machine) -> AsyncIterator[None]:
    """SIGKILL, and a new start: of the daemon, or of one of its workers."""
    if machine.workers:
        await asyncio.to_thread(machine.workers.kill_worker)
        machine.world.stops.append(machine.world.elapsed)
        machine.workers.start_worker()
    else:
        machine.lives.kill(MAIN)
        machine.lives.start(MAIN)
    yield


@contextlib.asynccontextmanager
async def _terminate(machine: Machine) -> AsyncIterator[None]:
    """SIGTERM, and a new start."""
    await _restart(machine)
    yield


FAULTS = {
    "offline": _offline,
    "clock": _clock,
    "full disk": _full_disk,
    "locked": _locked,
    "second daemon": _second_daemon,
    "few descriptors": _few_descriptors,
    "kill": _kill,
    "terminate": _terminate,
}


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A disk in memory whose size can be set, mounted while the block runs; None where only root may do that."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        yield None
        return
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def resize_disk(folder: Path, size: int) -> None:
    """Set the size of a mounted disk."""
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)
