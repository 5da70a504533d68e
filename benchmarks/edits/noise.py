"""Does a tracker log the edits of an article, and nothing when only its page moves?

Real pages of the corpora, each a site of its own on loopback, with ads, related links, pitches,
comments, rankings and tickers that differ in every response or between looks; four looks at
each, some of them after a real edit.

    python -m benchmarks.edits.noise --tracker variorum
    python -m benchmarks.edits.noise --tracker trafilatura --sites 100 --verbose
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
from benchmarks.pages.world import CHECKS_PER_SITE, Site, build_sites
from benchmarks.support.local_server import Answer, address, serving

MAX_FALSE_ALARM_SHARE = 0.01
MIN_FOUND_SHARE, MIN_RIGHT_FIELD_SHARE, MIN_EXACT_SHARE = 0.98, 0.98, 0.95


@dataclass(slots=True)
class PassState:
    """Which look it is, and how many responses each site gave: whatever the order of the looks,
    a site's noise is the same in every run."""

    check_number: int = 1
    responses: Counter[int] = field(default_factory=Counter)

    def page(self, site: Site) -> bytes:
        """The site's next response."""
        self.responses[site.number] += 1
        return site.html(self.check_number, self.responses[site.number])


def main() -> int:
    """Run the looks, print the tables; with --gate, exit 1 under the bars."""
    arguments = _parser().parse_args()
    pages = list(corpus.pages(arguments.corpora, limit=arguments.sites, seed=arguments.seed))
    if not pages:
        print(f"no pages in {arguments.corpora}", file=sys.stderr)
        return 2
    sites = build_sites(pages, seed=arguments.seed, mix=arguments.mix, family=arguments.family)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        database = arguments.db or Path(folder) / "noise.db"
        checks = run(sites, _tracker(arguments.tracker, arguments.confirm, database))
    name = arguments.tracker + (" --confirm" if arguments.confirm else "")
    print(
        f"{name}: {len(sites)} sites, mix {arguments.mix}, {arguments.family} family, {time.monotonic() - started:.0f} s\n"
    )
    print_report(checks, verbose=arguments.verbose)
    alarms, found_share, right, exact, _ = shares(checks)
    passed = alarms <= MAX_FALSE_ALARM_SHARE and found_share >= MIN_FOUND_SHARE
    passed = passed and right >= MIN_RIGHT_FIELD_SHARE and exact >= MIN_EXACT_SHARE
    return 1 if arguments.gate and not passed else 0


def run(sites: list[Site], tracker: Tracker) -> list[SiteCheck]:
    """Four rounds of looks over all sites."""
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
        site = hosts[host]  # whatever form of its address the tracker asks for
        return Answer(state.page(site), site.content_type)

    return route


def _path(site: Site) -> str:
    """The path of the page on its publisher's site, as a client sends it."""
    split = urlsplit(site.page.url)
    query = f"?{quote(split.query, safe='=&%')}" if split.query else ""
    return quote("/" + split.path.lstrip("/"), safe="/%:@,;=+~!$'()*") + query


def _tracker(name: str, confirm: bool, database: Path) -> Tracker:
    if name == "variorum":
        return variorum_tracker(database)
    if name == "extract":
        return extract_tracker(confirm=confirm)
    return library_tracker(LIBRARY_READERS[name])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.edits.noise",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--corpora", type=Path, default=corpus.DEFAULT_CORPORA)
    parser.add_argument(
        "--tracker", choices=["variorum", "extract", *LIBRARY_READERS], default="variorum"
    )
    parser.add_argument(
        "--confirm", action="store_true", help="extract only: two requests per look"
    )
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mix", choices=["usual", "hard"], default="usual")
    parser.add_argument(
        "--family", choices=["first", "second"], default="first", help="whose noise it is"
    )
    parser.add_argument("--db", type=Path, help="keep the database here")
    parser.add_argument("--verbose", action="store_true", help="list every failure")
    parser.add_argument("--gate", action="store_true", help="exit 1 under the bars")
    return parser


if __name__ == "__main__":
    sys.exit(main())
