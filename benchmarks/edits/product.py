"""Variorum as a tracker: `variorum fetch` on a list of URLs, then the edits in its database."""

import contextlib
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.edits.trackers import FetchPage, Tracker, TrackerResult
from benchmarks.edits.verdict import Logged
from benchmarks.support.paths import ROOT

ROUND_TIMEOUT_SECONDS = 1800
ARTICLE_OUTCOMES = frozenset({"new", "unchanged", "not_modified", "edited", "technical"})

FETCHES_AFTER_ID = (
    "select id, url, article_id, outcome, reason from fetches where id > ? order by id"
)
EDITS_AFTER_ID = "select id, article_id, field, old, new from edits where id > ? order by id"


def variorum_tracker(database: Path, *, jobs: int = 2, hours_apart: float = 0) -> Tracker:
    """A tracker whose every round is one `variorum fetch` of all URLs.

    With `hours_apart`, so many hours pass between two rounds on the clock of the command.
    """
    last_fetch_id = last_edit_id = 0
    hours = -hours_apart

    def check_all(urls: Sequence[str], fetch: FetchPage) -> dict[str, TrackerResult]:
        nonlocal last_fetch_id, last_edit_id, hours
        hours += hours_apart
        run_fetch(database, urls, jobs=jobs, hours=hours)
        with contextlib.closing(sqlite3.connect(database)) as db:
            fetches = db.execute(FETCHES_AFTER_ID, [last_fetch_id]).fetchall()
            edits = db.execute(EDITS_AFTER_ID, [last_edit_id]).fetchall()
        last_fetch_id = max([last_fetch_id, *(row[0] for row in fetches)])
        last_edit_id = max([last_edit_id, *(row[0] for row in edits)])
        results = {url: TrackerResult(failure="no row in fetches") for url in urls}
        url_by_address = _urls_by_address(urls)
        for _, address, article, outcome, reason in fetches:
            url = url_by_address.get(address) or url_by_address.get(urlsplit(address).netloc)
            if url is None:  # left from an earlier run on the same database
                continue
            logged_edits = tuple(Logged(*row[2:]) for row in edits if row[1] == article)
            failure = None if outcome in ARTICLE_OUTCOMES else f"{outcome}: {reason}"
            results[url] = TrackerResult(logged_edits, failure)
        return results

    return check_all


def _urls_by_address(urls: Sequence[str]) -> dict[str, str]:
    """Each URL by itself, and by its host if it is the only one there.

    A row may hold another form of a URL; the host tells which one only if it has no other page.
    """
    host_counts = Counter(urlsplit(url).netloc for url in urls)
    alone = {host: url for url in urls if host_counts[host := urlsplit(url).netloc] == 1}
    return alone | {url: url for url in urls}


def run_fetch(database: Path, urls: Sequence[str], *, jobs: int = 2, hours: float = 0) -> None:
    """Run `variorum fetch` on these URLs, some hours from now on its clock.

    Raises RuntimeError if it breaks off.

    It ends with 1 if a check failed, which is an ordinary outcome, and if it breaks off.
    """
    program = ["benchmarks.support.later", str(hours)] if hours else ["variorum.cli"]
    command = [sys.executable, "-m", *program, "--db", str(database), "fetch"]
    options = ["--json", "--delay", "0", "--jobs", str(jobs), "-"]
    process = subprocess.run(
        [*command, *options],
        input="\n".join(urls) + "\n",
        text=True,
        capture_output=True,
        cwd=ROOT,
        timeout=ROUND_TIMEOUT_SECONDS,
        check=False,
    )
    has_broken_off = any(
        line.startswith(("Error:", "Traceback")) for line in process.stderr.splitlines()
    )
    if process.returncode not in (0, 1) or has_broken_off:
        raise RuntimeError(
            f"variorum fetch ended with {process.returncode}:\n{process.stderr[-2000:]}"
        )
