"""One input after the other in a process that can be killed: what fails, hangs or takes too much memory."""

import os
import pickle
import resource
import signal
import struct
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_SECONDS = 2.0  # of processor time
MAX_MEGABYTES = 300
HARD_SECONDS = 8.0  # then the input is a finding, and the process is killed
HARD_BYTES = 3_000_000_000
LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Trial:
    """One input: its number, what it took, and what is wrong, if anything."""

    number: int
    seconds: float = 0.0
    megabytes: float = 0.0
    fault: str | None = None


def trials(run: Callable[[int], None], numbers: range, *, until: float) -> Iterator[Trial]:
    """Run inputs by their numbers, in as many processes as it takes, until a time of the monotonic clock."""
    start = numbers.start
    while start < numbers.stop and time.monotonic() < until:
        last = start - 1
        for trial in _in_child(run, range(start, numbers.stop), until):
            yield trial
            last = trial.number
        start = last + 1


def _in_child(run: Callable[[int], None], numbers: range, until: float) -> Iterator[Trial]:
    """The trials of one process. If it dies, the last one says so."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            _work(run, numbers, until, writing)
        finally:
            os._exit(0)
    os.close(writing)
    expected = numbers.start
    with os.fdopen(reading, "rb") as stream:
        while head := stream.read(LENGTH.size):
            trial: Trial = pickle.loads(stream.read(LENGTH.unpack(head)[0]))
            if trial.number < 0:  # the end of what could be done in time
                os.waitpid(child, 0)
                return
            expected = trial.number + 1
            yield trial
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and expected < numbers.stop:
        number = os.WTERMSIG(status)
        is_slow = number in (signal.SIGPROF, signal.SIGALRM)
        fault = f"hangs for more than {HARD_SECONDS:g} s" if is_slow else f"dies of signal {number}"
        yield Trial(expected, HARD_SECONDS, fault=fault)


def _work(run: Callable[[int], None], numbers: range, until: float, writing: int) -> None:
    """Run inputs until one takes so much memory that a fresh process must go on."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (HARD_BYTES, HARD_BYTES))
    for number in numbers:
        if time.monotonic() > until:
            _send(writing, Trial(-1))
            return
        trial = _trial(run, number)
        _send(writing, trial)
        if trial.megabytes > MAX_MEGABYTES / 2:
            return
    _send(writing, Trial(-1))


def _trial(run: Callable[[int], None], number: int) -> Trial:
    peak, started = _peak(), time.process_time()
    signal.setitimer(signal.ITIMER_PROF, HARD_SECONDS)
    signal.alarm(int(HARD_SECONDS * 10))
    fault = None
    try:
        run(number)
    except BaseException as error:  # noqa: BLE001 - every exception that gets here is a finding
        last = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__} at {Path(last.filename).name} {last.lineno}: {error}"[:200]
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.alarm(0)
    seconds, megabytes = time.process_time() - started, _peak() - peak
    if fault is None and seconds > MAX_SECONDS:
        fault = f"takes more than {MAX_SECONDS:g} s"
    if fault is None and megabytes > MAX_MEGABYTES:
        fault = f"takes more than {MAX_MEGABYTES} MB"
    return Trial(number, seconds, megabytes, fault)


def _peak() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _send(writing: int, trial: Trial) -> None:
    data = pickle.dumps(trial)
    os.write(writing, LENGTH.pack(len(data)) + data)
