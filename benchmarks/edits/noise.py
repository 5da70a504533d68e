"""Does a tracker log the edits of an article, and nothing if only page noise changes?

Each real page of the corpora is a site of its own on loopback. Its ads, related links, newsletter
pitches, comments, rankings and tickers change in every response or between checks. The tracker
checks every page four times, sometimes after a real edit.

    python -m benchmarks noise
    python -m benchmarks noise --tracker trafilatura --sites 100 --verbose
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks.edits.noise_report import SiteCheck, print_report, shares
from benchmarks.edits.product import variorum_tracker
from benchmarks.edits.trackers import LIBRARY_READERS, Tracker, extract_tracker, library_tracker
from benchmarks.pages import corpus
from benchmarks.pages.noise_forms import FAMILIES
from benchmarks.pages.world import CHECKS_PER_SITE, NAMING_WEIGHTS, Site, build_sites
from benchmarks.support.local_server import Answer, address, serving
from benchmarks.support.paths import add_corpora_option

MAX_FALSE_ALARM_SHARE = 0.01
MIN_FOUND_SHARE, MIN_RIGHT_FIELD_SHARE, MIN_EXACT_SHARE = 0.98, 0.98, 0.95


@dataclass(slots=True)
class PassState:
    """The number of the check, and how many responses each site has given.

    So the noise of a site is the same in every run, whatever the order of the checks.
    """

    check_number: int = 1
    responses: Counter[int] = field(default_factory=Counter)

    def page(self, site: Site) -> bytes:
        """The next response of a site."""
        self.responses[site.number] += 1
        return site.html(self.check_number, self.responses[site.number])


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `noise`."""
    add_corpora_option(parser)
    parser.add_argument(
        "--tracker", choices=["variorum", "extract", *LIBRARY_READERS], default="variorum"
    )
    parser.add_argument(
        "--confirm", action="store_true", help="extract only: two fetches per check"
    )
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mix", choices=list(NAMING_WEIGHTS), default="usual")
    parser.add_argument(
        "--family",
        choices=list(FAMILIES),
        default="first",
        help="the words and markup of the noise",
    )
    parser.add_argument("--db", type=Path, metavar="FILE", help="keep the database")
    parser.add_argument("--verbose", action="store_true", help="list every failure")
    parser.add_argument("--gate", action="store_true", help="exit 1 if a share misses its limit")


def main(options: argparse.Namespace) -> int:
    """Make the checks and print the tables; with --gate, return 1 if a share misses its limit."""
    pages = list(corpus.pages(options.corpora, limit=options.sites, seed=options.seed))
    if not pages:
        print(f"no pages in {options.corpora}", file=sys.stderr)
        return 2
    sites = build_sites(pages, seed=options.seed, mix=options.mix, family=options.family)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        database = options.db or Path(folder) / "noise.db"
        checks = check_sites(sites, _tracker(options.tracker, options.confirm, database))
    name = options.tracker + (" --confirm" if options.confirm else "")
    print(
        f"{name}: {len(sites)} sites, mix {options.mix}, {options.family} family, {time.monotonic() - started:.0f} s\n"
    )
    print_report(checks, verbose=options.verbose)
    return 1 if options.gate and not passes_gate(checks) else 0


def passes_gate(checks: list[SiteCheck]) -> bool:
    """Whether every share is within its limit."""
    alarms, found_share, right, exact, _ = shares(checks)
    return (
        alarms <= MAX_FALSE_ALARM_SHARE
        and found_share >= MIN_FOUND_SHARE
        and right >= MIN_RIGHT_FIELD_SHARE
        and exact >= MIN_EXACT_SHARE
    )


def check_sites(sites: list[Site], tracker: Tracker) -> list[SiteCheck]:
    """Four rounds of checks of all sites."""
    state, checks = PassState(), []
    with serving(len(sites), _route(sites, state)) as server:
        urls = {server.url(site.number, _path(site)): site for site in sites}

        def fetch(url: str) -> bytes:
            return state.page(urls[url])

        for number in range(1, CHECKS_PER_SITE + 1):
            state.check_number = number
            results = tracker(list(urls), fetch)
            checks += [SiteCheck(site, number, results[url]) for url, site in urls.items()]
    return checks


def _route(sites: list[Site], state: PassState) -> Callable[[str, str], Answer | None]:
    hosts = {address(site.number): site for site in sites}

    def route(host: str, path: str) -> Answer | None:
        if path == "/robots.txt":
            return None
        site = hosts[host]  # whatever form of its URL the tracker requests
        return Answer(state.page(site), site.content_type)

    return route


def _path(site: Site) -> str:
    """The path of the page at its publisher, as a client sends it."""
    split = urlsplit(site.page.url)
    query = f"?{quote(split.query, safe='=&%')}" if split.query else ""
    return quote("/" + split.path.lstrip("/"), safe="/%:@,;=+~!$'()*") + query


def _tracker(name: str, confirm: bool, database: Path) -> Tracker:
    if name == "variorum":
        return variorum_tracker(database)
    if name == "extract":
        return extract_tracker(confirm=confirm)
    return library_tracker(LIBRARY_READERS[name])
