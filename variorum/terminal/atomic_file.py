"""Files that are written completely or not at all."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

NEW_FILE_MODE = 0o666  # the umask takes from it, as from every file that a program creates


@contextmanager
def output_file(path: Path) -> Iterator[IO[bytes]]:
    """What a user names for output: a file, replaced as a whole, or a pipe or device, written through.

    Raises OSError if it cannot be written, or if nothing reads from the pipe.
    """
    descriptor = _open_stream(path)
    if descriptor is None:
        with atomic_file(path) as file:
            yield file
    else:
        with os.fdopen(descriptor, "wb") as file:
            yield file


@contextmanager
def atomic_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write. It replaces the file at `path` only when it is complete; an error leaves no trace.

    A file that is replaced keeps its mode, and a symbolic link its target's place. The umask decides the
    mode of a new file.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(temporary, flags, NEW_FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        if target.exists():
            os.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def write_atomically(path: Path, text: bytes) -> None:
    """Replace a file as a whole."""
    with atomic_file(path) as file:
        file.write(text)


def _open_stream(path: Path) -> int | None:
    """The descriptor of a pipe or device; None if a file is there, or nothing.

    The kernel opens what is there, so it refuses the links that others plant in a shared folder.
    """
    try:
        # Without O_NONBLOCK a named pipe that nothing reads would hold the program up for ever.
        descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "nothing reads from this pipe", str(path)) from error
        raise
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
        os.set_blocking(descriptor, True)
        return descriptor
    os.close(descriptor)
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "neither a file, a pipe nor a terminal", str(path))
    return None
