"""`variorum serve` as a process of its own, for the length of a context."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def served(path: Path, *options: str) -> Iterator[str]:
    """The pages of a database on a free port of loopback; gives their address without its last slash."""
    command = [sys.executable, "-m", "variorum.cli", "--db", str(path), "serve", "--port", "0"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[0].rstrip("/")
        finally:
            server.terminate()
            server.wait(timeout=20)
