"""Work on strangers' bytes, in processes that end when it takes too long.

A thread cannot be ended, and a pattern or a parser in a thread holds up the event loop as well. So a
page is read and compared in a process of its own kind: a reader. The kernel ends a reader whose work
takes too much processor time, and its memory is bounded. The check that waited for it fails; the next
work gets a new reader.

Readers are forked from one process, the *origin*. It is forked while the program has a single thread,
and it never gets a second. So a reader starts within milliseconds and shares most of its memory. A
reader and the origin end by themselves once the program has closed their connections or was killed.
"""

import asyncio
import gc
import os
import pickle
import resource
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import NoReturn, Protocol, TypeVar

T = TypeVar("T")

# The slowest hostile page of the tests takes a fifth of this.
MAX_WORK_SECONDS = 10.0
# By the clock, a reader may take this much longer: other programs are running, too.
MAX_WAIT_FACTOR = 6
MAX_READER_BYTES = 2_000_000_000
# More than there are cores: a host whose pages take long must not hold up the others.
MAX_READERS = 4
# A reader that has done so much is replaced, so that fragmented memory does not pile up.
MAX_READER_WORK = 2_000
# A larger page takes tens of milliseconds to read.
LARGE_PAGE_BYTES = 300_000
MAX_DESCRIPTORS = 65_536  # the limit may be a billion, and some systems close them one by one
LENGTH = struct.Struct(">Q")
# What would end a program. Readers end with their connection, so that checks in progress can finish.
IGNORED_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class WorkEndedError(Exception):
    """The work was ended, or its reader was killed. The text is a reason that a check can give."""


class Reader(Protocol):
    """Where work on what strangers sent is done."""

    async def run(self, work: Callable[[], T], *, size: int, about: str) -> T:
        """The result of work on a page of `size` bytes, about the article or source at a URL.

        Raises what the work raises, and WorkEndedError if it was ended.
        """


class InProcess:
    """Does the work in this process, that on large pages in a thread. It cannot be ended."""

    async def run(self, work: Callable[[], T], *, size: int, about: str) -> T:
        """The result of the work."""
        return await asyncio.to_thread(work) if size > LARGE_PAGE_BYTES else work()


@dataclass(frozen=True, slots=True)
class Origin:
    """The process that readers are forked from, and the connection to it."""

    connection: socket.socket
    pid: int

    def end(self) -> None:
        """End it now: it holds nothing, and nobody waits for it to import its modules."""
        self.connection.close()
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


@dataclass(slots=True)
class Processes:
    """Owns the connections to the origin and to the readers that wait for work."""

    origin: Origin
    rehearsal: str | None = None
    max_seconds: float = MAX_WORK_SECONDS
    # By the last work, which its pages are still parsed for: each reader, and how much it has done.
    _waiting: dict[str, tuple[socket.socket, int]] = field(default_factory=dict)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_READERS))

    async def run(self, work: Callable[[], T], *, size: int, about: str) -> T:
        """The result of the work, which a reader does; both must be picklable."""
        message = pickle.dumps(work, pickle.HIGHEST_PROTOCOL)
        async with self._slots:
            reader, count = self._take(about)
            try:
                reply = await _ask(reader, message)
            except (EOFError, OSError) as error:
                reader.close()
                raise WorkEndedError(
                    f"reading the page was ended: it took more than {self.max_seconds:g} s"
                    " of processor time, or the system ended it"
                ) from error
            except BaseException:
                reader.close()
                raise
            self._keep(about, reader, count + 1)
        is_result, value = pickle.loads(reply)
        if is_result:
            return value  # type: ignore[no-any-return] # what a reader sends has the type of the work
        raise value

    def close(self) -> None:
        """Let all readers end, and the origin."""
        while self._waiting:
            self._waiting.popitem()[1][0].close()
        self.origin.end()

    def _take(self, about: str) -> tuple[socket.socket, int]:
        """The reader that has the pages of this work, else the one that did nothing for longest, else a new one."""
        if not self._waiting:
            return self._start(), 0
        return self._waiting.pop(about if about in self._waiting else next(iter(self._waiting)))

    def _keep(self, about: str, reader: socket.socket, count: int) -> None:
        if count < MAX_READER_WORK and about not in self._waiting:
            self._waiting[about] = reader, count
        else:
            reader.close()

    def _start(self) -> socket.socket:
        """A connection to a new reader; to one of a new origin if somebody killed the old one."""
        own, other = socket.socketpair()
        with other:
            try:
                socket.send_fds(self.origin.connection, [b"\0"], [other.fileno()])
            except OSError:
                self.origin.end()
                self.origin = _fork_origin(self.rehearsal, self.max_seconds)
                socket.send_fds(self.origin.connection, [b"\0"], [other.fileno()])
        own.setblocking(False)
        return own


@contextmanager
def open_processes(
    rehearsal: str | None = None, *, max_seconds: float = MAX_WORK_SECONDS
) -> Iterator[Processes]:
    """Readers that end their work after `max_seconds` of processor time. Open it before any thread begins.

    `rehearsal` is the name of a module. The origin imports it, and calls its `rehearse()` before it forks
    the first reader, so that no reader has to load or compile what the rehearsal needed.
    """
    processes = Processes(_fork_origin(rehearsal, max_seconds), rehearsal, max_seconds)
    try:
        yield processes
    finally:
        processes.close()


async def _ask(reader: socket.socket, message: bytes) -> bytes:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(reader, LENGTH.pack(len(message)))
    await loop.sock_sendall(reader, message)
    (size,) = LENGTH.unpack(await _receive(loop, reader, LENGTH.size))
    return await _receive(loop, reader, size)


async def _receive(loop: asyncio.AbstractEventLoop, reader: socket.socket, size: int) -> bytes:
    buffer = bytearray(size)
    view, position = memoryview(buffer), 0
    while position < size:
        received = await loop.sock_recv_into(reader, view[position:])
        if not received:
            raise EOFError
        position += received
    return bytes(buffer)


def _fork_origin(rehearsal: str | None, max_seconds: float) -> Origin:
    """A new origin."""
    own, other = socket.socketpair()
    if pid := os.fork():
        other.close()
        return Origin(own, pid)
    _run_child(other, lambda connection: _serve_origin(connection, rehearsal, max_seconds))


def _run_child(connection: socket.socket, serve: Callable[[socket.socket], None]) -> NoReturn:
    """Serve a connection as a forked process, which shares nothing else with the program, and end."""
    status = 1
    try:
        for number in IGNORED_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):  # whoever reads the program's output waits for it alone
            os.dup2(nothing, standard)
        kept = connection.fileno()
        os.closerange(3, kept)
        os.closerange(kept + 1, MAX_DESCRIPTORS)
        serve(connection)
        status = 0
    finally:
        os._exit(status)  # nothing of the program is cleaned up twice


def _serve_origin(connection: socket.socket, rehearsal: str | None, max_seconds: float) -> None:
    """Fork a reader for each connection that the program hands over, until it closes its own."""
    rehearse = import_module(rehearsal).rehearse if rehearsal else None
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # readers that ended are not waited for
    while True:
        message, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
        if not message:
            return
        reader = socket.socket(fileno=descriptors[0])
        if rehearse:
            rehearse()
            gc.freeze()  # what is not collected is not written to, and so stays shared
            rehearse = None
        if not os.fork():
            _run_child(reader, lambda own: _serve_work(own, max_seconds))
        reader.close()


def _serve_work(connection: socket.socket, max_seconds: float) -> None:
    """Do the work that arrives, each within its limits, until the connection ends."""
    with suppress(OSError):  # where memory runs out, the system ends a reader first
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    resource.setrlimit(resource.RLIMIT_AS, (MAX_READER_BYTES, MAX_READER_BYTES))
    with connection.makefile("rwb") as stream:
        while len(head := stream.read(LENGTH.size)) == LENGTH.size:
            message = stream.read(LENGTH.unpack(head)[0])
            _set_timers(max_seconds)
            reply = _reply(message)
            _set_timers(0)
            stream.write(LENGTH.pack(len(reply)) + reply)
            stream.flush()


def _set_timers(seconds: float) -> None:
    """Let the kernel end this process after so much processor time, or six times that by the clock."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * MAX_WAIT_FACTOR)


def _reply(message: bytes) -> bytes:
    """Whether the work gave a result, and the result or the error, as bytes."""
    try:
        return pickle.dumps((True, pickle.loads(message)()), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps((False, WorkEndedError("reading the page took too much memory")))
    except Exception as error:  # noqa: BLE001 - it is raised where the work was asked for
        return pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
