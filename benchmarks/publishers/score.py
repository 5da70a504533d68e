"""Does a tracker know the lines of a publisher from the lines of its articles?

Some thirty publishers in eight languages have four to six invented articles each. Their newsletter
pitches, calls, partner lines, paywall prompts and credits stand in plain paragraphs inside the
text. Now and then a publisher exchanges them, for all articles at once or one after another. The
newsroom edits an article before a third of the checks. Two trackers see the same pages.

The second world has other languages, places, rhythms and sizes: lines in lists, boxes, captions and
bylines, that change by request, by weekday or in one section, on sites of two to thirteen articles.

    python -m benchmarks publishers
    python -m benchmarks publishers --world second
    python -m benchmarks publishers --seed 2 --verbose
    python -m benchmarks publishers --stories 10000
"""

import argparse
import contextlib
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.edits.product import variorum_tracker
from benchmarks.edits.trackers import LIBRARY_READERS, Tracker, extract_tracker, library_tracker
from benchmarks.publishers.learning import print_learning_cost
from benchmarks.publishers.report import (
    ArticleCheck,
    lines_in_text,
    passes_gate,
    print_publishers_report,
)
from benchmarks.publishers.second.sites import build_sites
from benchmarks.publishers.served import AnyPublisher, ServedWorld
from benchmarks.publishers.world import build_publishers

TEXTS_OF_VERSIONS = """
    select articles.url, versions.headline, dek, byline, captions, body from versions
    join articles on articles.id = versions.article_id where versions.number = {number}
"""
# The name, the number of the version in SQL, and the round whose lines count; 0 is the last round.
VERSIONS_TO_READ = (("first", "1", 1), ("latest", "articles.latest_version", 0))


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `publishers`."""
    parser.add_argument("--world", choices=["first", "second"], default="first")
    parser.add_argument("--publishers", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--hours-apart",
        type=float,
        default=2,
        metavar="N",
        help="hours between two rounds on the clock of Variorum; 0 is the real clock",
    )
    parser.add_argument(
        "--peer",
        choices=["extract", *LIBRARY_READERS, "none"],
        default="extract",
        help="the tracker beside Variorum; extract is its extraction without any history",
    )
    parser.add_argument("--db", type=Path, metavar="FILE", help="keep the database")
    parser.add_argument("--verbose", action="store_true", help="list every failure")
    parser.add_argument(
        "--stories",
        type=int,
        metavar="N",
        help="only measure what it costs that one host with so many stories teaches",
    )
    parser.add_argument("--gate", action="store_true", help="exit 1 if a share misses its limit")


def main(options: argparse.Namespace) -> int:
    """Make the checks and print the tables; with --gate, return 1 if Variorum misses a limit."""
    if options.stories:
        print_learning_cost(options.stories, seed=options.seed)
        return 0
    build = build_sites if options.world == "second" else build_publishers
    publishers: Sequence[AnyPublisher] = build(
        options.publishers, rounds=options.rounds, seed=options.seed
    )
    world = ServedWorld(publishers)
    with tempfile.TemporaryDirectory() as folder, world.serving():
        database = options.db or Path(folder) / "publishers.db"
        print(f"{len(publishers)} publishers, {len(world.articles)} articles, seed {options.seed}")
        if options.peer != "none":
            checks = check_rounds(world, _peer(options.peer), options.rounds)
            print_publishers_report(options.peer, checks, verbose=False)
        started = time.monotonic()
        tracker = variorum_tracker(database, hours_apart=options.hours_apart)
        checks = check_rounds(world, tracker, options.rounds)
        print_publishers_report("variorum", checks, verbose=options.verbose)
        for name, number, round_number in VERSIONS_TO_READ:
            articles = articles_with_lines(database, world, number, round_number or options.rounds)
            print(f"{name} versions with a site line: {len(articles)} of {len(world.articles)}")
        print(f"variorum took {time.monotonic() - started:.0f} s")
    return 1 if options.gate and not passes_gate(checks) else 0


def check_rounds(world: ServedWorld, tracker: Tracker, rounds: int) -> list[ArticleCheck]:
    """All checks of all articles by one tracker."""
    checks = []
    for number in range(1, rounds + 1):
        world.round_number = number
        urls = world.published()
        results = tracker(urls, world.page)
        checks += [ArticleCheck(*world.articles[url], number, results[url]) for url in urls]
    return checks


def articles_with_lines(
    database: Path, world: ServedWorld, number: str, round_number: int
) -> list[str]:
    """The URLs of the articles whose version holds a site-wide line of a round.

    `number` is the SQL expression for the number of the version.
    """
    with contextlib.closing(sqlite3.connect(database)) as db:
        rows = db.execute(TEXTS_OF_VERSIONS.format(number=number)).fetchall()
    urls = []
    for url, *texts in rows:
        publisher: Any
        publisher, article = world.articles[url]
        shown_in = max(round_number, article.first_round)
        lines = [insert.text for insert in publisher.inserts(article, shown_in)]
        if lines_in_text("\n\n".join(text or "" for text in texts), lines):
            urls.append(url)
    return urls


def _peer(name: str) -> Tracker:
    if name == "extract":
        return extract_tracker(confirm=False)
    return library_tracker(LIBRARY_READERS[name])
