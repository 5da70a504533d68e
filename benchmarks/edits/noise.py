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

from benchmarks.edits.noise_report import Look, print_report, shares
from benchmarks.edits.product import by_product
from benchmarks.edits.trackers import LIBRARIES, Round, by_extract, by_library
from benchmarks.pages import corpus
from benchmarks.pages.world import LOOKS, Site, build
from benchmarks.support.local_server import Answer, address, serving

MOST_FALSE_ALARMS = 0.01
FEWEST_FOUND, FEWEST_RIGHT_FIELD, FEWEST_EXACT = 0.98, 0.98, 0.95


@dataclass(slots=True)
class Clock:
    """Which look it is, and how many responses each site gave: whatever the order of the looks,
    a site's noise is the same in every run."""

    look: int = 1
    responses: Counter[int] = field(default_factory=Counter)

    def page(self, site: Site) -> bytes:
        """The site's next response."""
        self.responses[site.number] += 1
        return site.html(self.look, self.responses[site.number])


def main() -> int:
    """Run the looks, print the tables; with --gate, exit 1 under the bars."""
    asked = _parser().parse_args()
    pages = list(corpus.pages(asked.corpora, wanted=asked.sites, seed=asked.seed))
    if not pages:
        print(f"no pages in {asked.corpora}", file=sys.stderr)
        return 2
    sites = build(pages, seed=asked.seed, mix=asked.mix, family=asked.family)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        database = asked.db or Path(folder) / "noise.db"
        looks = run(sites, _tracker(asked.tracker, asked.confirm, database))
    name = asked.tracker + (" --confirm" if asked.confirm else "")
    print(
        f"{name}: {len(sites)} sites, mix {asked.mix}, {asked.family} family, {time.monotonic() - started:.0f} s\n"
    )
    print_report(looks, verbose=asked.verbose)
    alarms, found, right, exact, _ = shares(looks)
    passed = alarms <= MOST_FALSE_ALARMS and found >= FEWEST_FOUND
    passed = passed and right >= FEWEST_RIGHT_FIELD and exact >= FEWEST_EXACT
    return 1 if asked.gate and not passed else 0


def run(sites: list[Site], tracker: Round) -> list[Look]:
    """Four rounds of looks over all sites."""
    clock, looks = Clock(), []
    with serving(len(sites), _route(sites, clock)) as server:
        urls = {server.url(site.number, _path(site)): site for site in sites}

        def fetch(url: str) -> bytes:
            return clock.page(urls[url])

        for number in range(1, LOOKS + 1):
            clock.look = number
            seen = tracker(list(urls), fetch)
            looks += [Look(site, number, seen[url]) for url, site in urls.items()]
    return looks


def _route(sites: list[Site], clock: Clock) -> Callable[[str, str], Answer | None]:
    hosts = {address(site.number): site for site in sites}

    def route(host: str, path: str) -> Answer | None:
        if path == "/robots.txt":
            return None
        site = hosts[host]  # whatever form of its address the tracker asks for
        return Answer(clock.page(site), site.content_type)

    return route


def _path(site: Site) -> str:
    """The path of the page on its publisher's site, as a client sends it."""
    split = urlsplit(site.page.url)
    query = f"?{quote(split.query, safe='=&%')}" if split.query else ""
    return quote("/" + split.path.lstrip("/"), safe="/%:@,;=+~!$'()*") + query


def _tracker(name: str, confirm: bool, database: Path) -> Round:
    if name == "variorum":
        return by_product(database)
    if name == "extract":
        return by_extract(confirm=confirm)
    return by_library(LIBRARIES[name])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.edits.noise",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--corpora", type=Path, default=corpus.DEFAULT)
    parser.add_argument(
        "--tracker", choices=["variorum", "extract", *LIBRARIES], default="variorum"
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
