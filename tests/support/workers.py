"""A Dask scheduler and its workers, as processes of this machine, for benchmarks and tests only."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT_SECONDS = 30


@dataclass(slots=True)
class Workers:
    """Owns the processes. Their files and their log go into a folder."""

    folder: Path
    options: tuple[str, ...] = ()  # of the scheduler and of every worker
    worker_options: tuple[str, ...] = ()
    scheduler: "subprocess.Popen[bytes] | None" = None
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def _file(self) -> Path:
        return self.folder / "scheduler.json"

    @property
    def address(self) -> str:
        """The address of the scheduler: tcp://HOST:PORT."""
        return str(json.loads(self._file.read_text(encoding="utf-8"))["address"])

    def start_scheduler(self) -> None:
        """Start the scheduler and wait until it answers. Raises RuntimeError if it does not."""
        self.scheduler = self._start("scheduler", "--host=127.0.0.1", "--port=0")
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not self._file.exists():
            if time.monotonic() > deadline or self.scheduler.poll() is not None:
                raise RuntimeError(f"the scheduler did not start: see {self.folder}/dask.log")
            time.sleep(0.02)

    def start_worker(self) -> None:
        """Start one more worker, a process with threads for four batches."""
        options = ("--no-nanny", "--nthreads=4", "--host=127.0.0.1", *self.worker_options)
        process = self._start("worker", *options, f"--local-directory={self.folder}")
        self.workers.append(process)

    def kill_worker(self, at: int = 0) -> None:
        """Kill a worker, by its index in `workers`."""
        process = self.workers.pop(at)
        process.kill()
        process.wait()

    def stop(self) -> None:
        """Kill all processes."""
        while self.workers:
            self.kill_worker()
        if self.scheduler:
            self.scheduler.kill()
            self.scheduler.wait()

    def _start(self, kind: str, *options: str) -> "subprocess.Popen[bytes]":
        module = f"distributed.cli.dask_{kind}"

        with (self.folder / "dask.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module, "--no-dashboard", f"--scheduler-file={self._file}", *self.options, *options],
                stdout=log, stderr=log, cwd=ROOT,
            )  # fmt: skip


@contextlib.contextmanager
def running_workers(
    folder: Path, count: int, *, options: tuple[str, ...] = (), worker_options: tuple[str, ...] = ()
) -> Iterator[Workers]:
    """A scheduler with `count` workers, until the block ends."""
    cluster = Workers(folder, options, worker_options)
    try:
        cluster.start_scheduler()
        for _ in range(count):
            cluster.start_worker()
        yield cluster
    finally:
        cluster.stop()
