"""Real pairs of saved versions of the same article, labelled by hand: which edits are logged?

Variorum extracts and compares both versions, and the corpora's scorer prints its table. With
--serve the pages take the whole way. A server on loopback serves the first versions, `variorum
fetch` checks them, the server switches to the second versions, `variorum fetch` checks again, and
the benchmark reads the edits from the database.

    python -m benchmarks pairs
    python -m benchmarks pairs --serve --db /tmp/pairs.db
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks.edits.product import variorum_tracker
from benchmarks.edits.verdict import Logged
from benchmarks.support.local_server import Answer, address, serving
from benchmarks.support.paths import add_corpora_option
from scraper.errors import ScraperError
from scraper.extract import extract
from storage.diff import compare

CONTENT_FIELDS = frozenset({"headline", "dek", "byline", "body", "caption"})
MAX_FALSE_ALARMS = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """Two saved versions of one page. `fields` are the edited ones by the hand-made label."""

    article_id: str
    numbers: tuple[int, int]
    url: str
    pages: tuple[bytes, bytes]
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class PairOutcome:
    """The edits logged between the versions of a pair, or the failure that prevented them."""

    edits: tuple[Logged, ...] = ()
    failure: str | None = None


def read_pairs(folder: Path) -> Iterator[Pair]:
    """The pairs of a corpus."""
    with (folder / "pairs.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            pair = json.loads(line)
            old, new = (
                gzip.decompress((folder / pair[side]).read_bytes())
                for side in ("from_html", "to_html")
            )
            numbers, fields = (pair["from"], pair["to"]), frozenset(pair["fields"])
            yield Pair(pair["article_id"], numbers, pair["url"], (old, new), fields)


def compare_pair(pair: Pair) -> PairOutcome:
    """The edits that extraction and comparison alone give."""
    url = _url(pair)
    try:
        old, new = (extract(page, url) for page in pair.pages)
    except ScraperError as error:
        return PairOutcome(failure=str(error))
    return PairOutcome(tuple(Logged(edit.field, edit.old, edit.new) for edit in compare(old, new)))


def fetch_pairs(pairs: Sequence[Pair], database: Path) -> list[PairOutcome]:
    """The edits that two rounds of `variorum fetch` log; the pages change between the rounds."""
    hosts = {address(number): pair for number, pair in enumerate(pairs)}
    version_index = 0

    def route(host: str, path: str) -> Answer | None:
        page = hosts[host].pages[version_index]
        return None if path == "/robots.txt" else Answer(page, "text/html")

    tracker = variorum_tracker(database)
    with serving(len(pairs), route) as server:
        urls = [server.url(number, _path(pair)) for number, pair in enumerate(pairs)]
        first = tracker(urls, _no_fetch)
        version_index = 1
        second = tracker(urls, _no_fetch)
    return [
        PairOutcome(second[url].edits, first[url].failure or second[url].failure) for url in urls
    ]


def _no_fetch(url: str) -> bytes:
    raise AssertionError("`variorum fetch` sends its own requests")


def _url(pair: Pair) -> str:
    return pair.url if pair.url.startswith("http") else f"https://news.example{_path(pair)}"


def _path(pair: Pair) -> str:
    path = urlsplit(pair.url).path if pair.url.startswith("http") else ""
    return quote(path or f"/news/{pair.article_id.removeprefix('sw:')}", safe="/%:@,;=+~!$'()*")


def score(pairs: Sequence[Pair], outcomes: Sequence[PairOutcome], folder: Path) -> None:
    """Print the table of the corpora's scorer."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as predictions:
        for pair, outcome in zip(pairs, outcomes, strict=True):
            predictions.write(json.dumps(_prediction(pair, outcome), ensure_ascii=False) + "\n")
        predictions.flush()
        subprocess.run(
            [sys.executable, str(folder / "score_edits.py"), predictions.name], check=True
        )


def _prediction(pair: Pair, outcome: PairOutcome) -> dict[str, object]:
    return {
        "article_id": pair.article_id,
        "from": pair.numbers[0],
        "to": pair.numbers[1],
        "changed_fields": sorted({edit.field for edit in outcome.edits}),
        "edits": [{"field": e.field, "old": e.old, "new": e.new} for e in outcome.edits],
    }


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `pairs`."""
    add_corpora_option(parser)
    parser.add_argument("--serve", action="store_true", help="use `variorum fetch` on loopback")
    parser.add_argument("--gate", action="store_true", help="exit 1 on a false alarm or a miss")
    parser.add_argument("--db", type=Path, metavar="FILE", help="with --serve: keep the database")


def main(options: argparse.Namespace) -> int:
    """Print failures, the time and the scorer's table; with --gate, return 1 if the gate fails."""
    folder = options.corpora / "pairs"
    pairs = list(read_pairs(folder))
    started = time.monotonic()
    if options.serve:
        with tempfile.TemporaryDirectory() as scratch:
            outcomes = fetch_pairs(pairs, options.db or Path(scratch) / "pairs.db")
    else:
        outcomes = [compare_pair(pair) for pair in pairs]
    for pair, outcome in zip(pairs, outcomes, strict=True):
        if outcome.failure:
            print(f"failed: {pair.article_id} {pair.numbers} {pair.url[:80]}: {outcome.failure}")
    print(f"{len(pairs)} pairs in {time.monotonic() - started:.1f} s\n", flush=True)
    score(pairs, outcomes, folder)
    return 1 if options.gate and not passes_gate(pairs, outcomes) else 0


def passes_gate(pairs: Sequence[Pair], outcomes: Sequence[PairOutcome]) -> bool:
    """Whether false alarms stay within MAX_FALSE_ALARMS and every edited body has a logged edit.

    A false alarm is an edit of a text field in a pair whose label has no edited text field.
    """
    alarms = missed = 0
    for pair, outcome in zip(pairs, outcomes, strict=True):
        logged_fields = {edit.field for edit in outcome.edits} & CONTENT_FIELDS
        alarms += bool(logged_fields) and not pair.fields & CONTENT_FIELDS
        missed += "body" in pair.fields and "body" not in logged_fields
    print(
        f"gate: {alarms} false alarms (at most {MAX_FALSE_ALARMS}), {missed} edited bodies missed (none)"
    )
    return alarms <= MAX_FALSE_ALARMS and not missed
