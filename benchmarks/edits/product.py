"""The product under test: `variorum fetch` on a list of URLs, then what its database says."""

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.edits.trackers import Fetch, Round, Seen
from benchmarks.edits.verdict import Logged

ROOT = Path(__file__).resolve().parents[2]
ROUND_SECONDS = 1800
FINE = frozenset({"new", "unchanged", "not_modified", "edited", "technical"})

LOOKS = "select id, url, article_id, outcome, reason from fetches where id > ? order by id"
EDITS = "select id, article_id, field, old, new from edits where id > ? order by id"


def by_product(database: Path, *, jobs: int = 2) -> Round:
    """A tracker that is the command line; every round is one `variorum fetch` of all URLs."""
    seen_fetch = seen_edit = 0

    def look(urls: Sequence[str], fetch: Fetch) -> dict[str, Seen]:
        nonlocal seen_fetch, seen_edit
        run_fetch(database, urls, jobs=jobs)
        with contextlib.closing(sqlite3.connect(database)) as db:
            looks = db.execute(LOOKS, [seen_fetch]).fetchall()
            edits = db.execute(EDITS, [seen_edit]).fetchall()
        seen_fetch = max([seen_fetch, *(row[0] for row in looks)])
        seen_edit = max([seen_edit, *(row[0] for row in edits)])
        found = {url: Seen(failed="no row in fetches") for url in urls}
        # One page per host; a row may hold another form of the address.
        asked = {urlsplit(url).netloc: url for url in urls}
        for _, address, article, outcome, reason in looks:
            url = asked.get(urlsplit(address).netloc)
            if url is None:  # from an earlier run on the same database
                continue
            logged = tuple(Logged(*row[2:]) for row in edits if row[1] == article)
            failed = None if outcome in FINE else f"{outcome}: {reason}"
            found[url] = Seen(logged, failed)
        return found

    return look


def run_fetch(database: Path, urls: Sequence[str], *, jobs: int = 2) -> None:
    """One `variorum fetch` of these URLs; exit 1 (a look failed) is an ordinary outcome."""
    command = [sys.executable, "-m", "variorum.cli", "--db", str(database), "fetch"]
    options = ["--json", "--delay", "0", "--jobs", str(jobs), "-"]
    done = subprocess.run(
        [*command, *options],
        input="\n".join(urls) + "\n",
        text=True,
        capture_output=True,
        cwd=ROOT,
        timeout=ROUND_SECONDS,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"variorum fetch ended with {done.returncode}:\n{done.stderr[-2000:]}")
