"""What tests and pictures of the web pages need: a Chromium, and `variorum serve` as a process."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Playwright's own browsers are not downloaded: the one of the machine is used.
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    """The path of the browser: $CHROMIUM, or the first on $PATH; None if there is none."""
    configured_path = os.environ.get("CHROMIUM")
    return configured_path or next(
        (path for name in BROWSER_NAMES if (path := shutil.which(name))), None
    )


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
