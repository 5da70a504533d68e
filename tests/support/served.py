"""`variorum serve` as a process, for the length of a block."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def served(path: Path, *options: str) -> Iterator[str]:
    """Serve the web pages of a database on a free port of loopback; yields their URL, no slash at the end."""
    command = [sys.executable, "-m", "variorum.cli", "--db", str(path), "serve", "--port", "0"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[0].rstrip("/")
        finally:
            server.terminate()
            server.wait(timeout=20)
