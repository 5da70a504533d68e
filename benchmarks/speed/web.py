"""How fast and how large the web pages are with 100,000 versions of 20,000 articles, on one core.

One visitor requests every page many times, each time for another article, edit, publisher or word.
The exit status is 1 if a page takes more than 100 ms at the median or 300 ms at the 95th
percentile, or is larger than 100 kB.

    python -m benchmarks web
    python -m benchmarks web --db FILE --rounds 100
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import httpx

from benchmarks.support.made_history import HistoryShape, make_history
from storage.database import Database, open_existing
from storage.vocabulary import KINDS
from tests.support.browser import served

MAX_MEDIAN_MS, MAX_P95_MS, MAX_KILOBYTES = 100, 300, 100
AddressMaker = Callable[[], str]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `web`."""
    parser.add_argument("--db", type=Path, metavar="FILE", help="default: a new, invented history")
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--versions", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=40)


def main(options: argparse.Namespace) -> int:
    """Measure and print every page; return 1 if one exceeds a limit."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # and so does the server, our child
    with tempfile.TemporaryDirectory() as folder:
        path = options.db or Path(folder) / "made.db"
        if not path.exists():
            shape = HistoryShape(options.articles, options.versions, hosts=200)
            make_history(path, shape, now=datetime.now(UTC)).close()
        db = open_existing(path)
        print(f"{_count(db, 'articles')} articles, {_count(db, 'versions')} versions, "
              f"{_count(db, 'edits')} edits, {path.stat().st_size / 1e6:.0f} MB")  # fmt: skip
        with served(path) as site:
            slow = [_measure(site, name, address, options.rounds) for name, address in _pages(db)]
    return int(any(slow))


def _pages(db: Database) -> list[tuple[str, AddressMaker]]:
    """Each page with a function that returns its next URL."""
    rng = random.Random(1)
    articles, edits = _count(db, "articles"), _count(db, "edits")
    hosts = [row[0] for row in db.execute("select distinct host from articles").fetchall()]
    largest = db.execute("select host from articles group by host order by count(*) desc").fetchone()[0]  # fmt: skip
    most_edited = db.execute(
        "select id from articles order by latest_version desc limit 20"
    ).fetchall()
    words = _words(db, rng)

    def article() -> int:
        return rng.randint(1, articles)

    return [
        ("stream", lambda: "/"),
        ("stream, older", lambda: f"/edits?before={rng.randint(1, edits)}"),
        ("stream, silent headlines", lambda: "/edits?field=headline&silent=1"),
        ("stream, a kind", lambda: f"/edits?kind={rng.choice(KINDS)}"),
        ("stream, a publisher", lambda: f"/edits?publisher={rng.choice(hosts)}"),
        ("stream, nothing fits", lambda: "/edits?field=section&kind=negation&silent=1"),
        ("stream, long ago", lambda: "/edits?until=2000-01-01"),
        ("stream, a word", lambda: f"/edits?words={quote(rng.choice(words))}"),
        ("an edit", lambda: f"/edit/{rng.randint(1, edits)}"),
        ("an article", lambda: f"/article/{article()}"),
        ("an article, side by side", lambda: f"/article/{article()}?from=1&view=side"),
        ("an article of many versions", lambda: f"/article/{rng.choice(most_edited)[0]}?from=1"),
        ("sentences", lambda: f"/article/{article()}/sentences"),
        ("publishers", lambda: "/publishers"),
        ("a publisher", lambda: f"/publisher/{rng.choice(hosts)}"),
        ("the largest publisher", lambda: f"/publisher/{largest}"),
        ("search", lambda: f"/search?q={quote(rng.choice(words))}"),
        ("search, a common word", lambda: f"/search?q={quote(words[-1])}"),
        ("search, sentences that left", lambda: f"/search?scope=sentences&q={quote(rng.choice(words))}"),
        ("search, words that left", lambda: f"/search?scope=deleted&q={quote(rng.choice(words))}"),
        ("search, a common word that left", lambda: f"/search?scope=deleted&q={quote(words[-1])}"),
        ("edits as JSON", lambda: f"/edits.json?before={rng.randint(1, edits)}"),
        ("edits as Atom", lambda: f"/edits.atom?before={rng.randint(1, edits)}"),
    ]  # fmt: skip


def _words(db: Database, rng: random.Random) -> list[str]:
    """Words from texts, the most common one last."""
    bodies = db.execute("select body from versions where id % 997 = 0 limit 100").fetchall()
    all_words = [word for row in bodies for word in row[0].split() if word.isalpha()]
    return [*rng.sample(all_words, 50), statistics.mode(all_words)]


def _count(db: Database, table: str) -> int:
    return int(db.execute(f"select count(*) from {table}").fetchone()[0])


def _measure(site: str, name: str, address: AddressMaker, rounds: int) -> bool:
    """Request a page `rounds` times and print its times and size; return whether it is over a limit."""
    times, sizes = [], []
    with httpx.Client(base_url=site, timeout=60) as client:
        for _ in range(rounds):
            path = address()
            started = time.perf_counter()
            answer = client.get(path)
            times.append((time.perf_counter() - started) * 1000)
            assert answer.status_code == 200, (path, answer.status_code)
            sizes.append(len(answer.content) / 1000)
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    is_page = " as " not in name
    is_over_limit = (
        median > MAX_MEDIAN_MS or p95 > MAX_P95_MS or (is_page and max(sizes) > MAX_KILOBYTES)
    )
    remark = "  <- too much" if is_over_limit else ""
    print(f"{name:30} {median:7.1f} ms  {p95:7.1f} ms  {max(sizes):6.1f} kB{remark}", flush=True)
    return is_over_limit
