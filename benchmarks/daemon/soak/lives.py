"""The daemons of a soak: started, watched, and ended."""

import asyncio
import contextlib
import os
import re
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.support.paths import ROOT

# A daemon gives signs of life every second. It may take so long on a busy machine, and so long to start.
MAX_BEAT_SECONDS, MAX_START_SECONDS = 10.0, 60.0
# SIGTERM gives the running checks five seconds.
MAX_STOP_SECONDS = 15.0
WATCH_SECONDS, MEMORY_SECONDS = 0.25, 2.0
# As systemd does.
RESTART_SECONDS = 2.0
RESIDENT = re.compile(r"VmRSS:\s+(\d+)")
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


@dataclass(slots=True)
class Life:
    """A daemon from its start to its end, its signs of life and samples of its memory (kB)."""

    process: "subprocess.Popen[bytes]"
    alive_file: Path
    name: str
    began_at: float
    beat: int = 0
    beat_at: float = 0.0
    measured_at: float = 0.0
    memory: list[int] = field(default_factory=list)
    reader_memory: int = 0


@dataclass(slots=True)
class Lives:
    """Owns the running daemons. `descriptors` limits those that start from now on.

    `stopped` is called whenever a process of the daemon was ended. `ended` holds those that were. While
    `is_unwritable`, a daemon need not start.
    """

    folder: Path
    command: Callable[[str], list[str]]
    stopped: Callable[[], None]
    is_unwritable: Callable[[], bool]
    violations: list[str]
    descriptors: int | None = None
    running: dict[str, Life] = field(default_factory=dict)
    ended: list[Life] = field(default_factory=list)
    longest_stop: float = 0.0
    longest_beat: float = 0.0
    failed_starts: int = 0

    def start(self, name: str) -> None:
        """Start a daemon under a name."""
        alive_file = self.folder / f"alive-{name}"
        alive_file.unlink(missing_ok=True)
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                self.command(name), stderr=log, cwd=ROOT, env=clock_environment(self.folder),
                preexec_fn=None if self.descriptors is None else _descriptor_limit(self.descriptors),
            )  # fmt: skip
        now = time.monotonic()
        self.running[name] = Life(process, alive_file, name, now, beat_at=now)

    def kill(self, name: str) -> None:
        """End a daemon by SIGKILL, if it runs."""
        if life := self.running.pop(name, None):
            life.process.kill()
            life.process.wait()
            self._note_end(life)

    async def terminate(self, name: str) -> None:
        """End a daemon by SIGTERM, and measure how long that takes."""
        life = self.running.pop(name, None)
        if life is None:
            return
        began_at = time.monotonic()
        life.process.terminate()
        try:
            status = await asyncio.to_thread(life.process.wait, 3 * MAX_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            life.process.kill()
            status = life.process.wait()
        took = time.monotonic() - began_at
        self.longest_stop = max(self.longest_stop, took)
        is_starting = not life.beat
        if took > MAX_STOP_SECONDS or (status and not is_starting):
            self.violations.append(f"SIGTERM took {took:.1f} s, status {status}")
        self._note_end(life)

    def end_all(self) -> None:
        """Kill what is left."""
        for name in list(self.running):
            self.kill(name)

    async def watch(self) -> None:
        """Watch the daemons until this task is cancelled. One that has ended by itself is started again."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            for life in list(self.running.values()):
                if life.process.poll() is None:
                    self._measure(life)
                else:
                    await self._restart(life)

    async def _restart(self, life: Life) -> None:
        if self.running.get(life.name) is not life:
            return
        del self.running[life.name]
        if not life.beat and self.is_unwritable():
            self.failed_starts += 1
        else:
            self.violations.append(f"the daemon ended by itself with {life.process.returncode}")
        self._note_end(life)
        await asyncio.sleep(RESTART_SECONDS)
        if life.name not in self.running:
            self.start(life.name)

    def _measure(self, life: Life) -> None:
        now = time.monotonic()
        with contextlib.suppress(FileNotFoundError):
            beat = life.alive_file.stat().st_mtime_ns
            if beat != life.beat:
                life.beat, life.beat_at = beat, now
        silence = now - life.beat_at
        if life.beat:
            self.longest_beat = max(self.longest_beat, silence)
        limit = MAX_BEAT_SECONDS if life.beat else MAX_START_SECONDS
        if silence > limit:
            self.violations.append(f"no sign of life for {silence:.1f} s")
            life.beat_at = now
        if now - life.measured_at > MEMORY_SECONDS:
            life.measured_at = now
            life.memory.append(resident_kilobytes(life.process.pid))
            readers = (resident_kilobytes(pid) for pid in descendants(life.process.pid))
            life.reader_memory = max(life.reader_memory, *readers, 0)

    def _note_end(self, life: Life) -> None:
        self.ended.append(life)
        self.stopped()


def resident_kilobytes(pid: int) -> int:
    """The resident memory of a process; 0 once it has ended."""
    try:
        line = RESIDENT.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(line[1]) if line else 0


def descendants(pid: int) -> Iterator[int]:
    """The processes that a process has begun, and theirs."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return
    for child in text.split():
        yield int(child)
        yield from descendants(int(child))


def clock_environment(folder: Path) -> dict[str, str]:
    """The environment of a program whose time of day follows the file `clock`; its uptime does not."""
    if not FAKETIME.exists():
        return dict(os.environ)
    return {
        **os.environ,
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


def set_clock(folder: Path, seconds: int) -> None:
    """Set the clock of the daemons: so many seconds away from ours."""
    new = folder / "clock.new"
    new.write_text(f"{seconds:+d}", encoding="ascii")
    new.replace(folder / "clock")


def _descriptor_limit(count: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))
