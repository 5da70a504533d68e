"""Real pairs of saved versions of the same article, labelled by hand: which edits do we log?

Both versions are extracted and compared, and the corpus' own scorer prints its table. With
--serve the pages go the whole way: served on loopback, fetched by the product, switched to the
second version, fetched again, and the edits read from the database.

    python -m benchmarks.edits.pairs
    python -m benchmarks.edits.pairs --serve --db /tmp/pairs.db
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
from benchmarks.pages.corpus import DEFAULT_CORPORA
from benchmarks.support.local_server import Answer, address, serving
from scraper.errors import ScraperError
from scraper.extract import extract
from storage.diff import compare

CONTENT_FIELDS = frozenset({"headline", "dek", "byline", "body", "caption"})
MAX_FALSE_ALARMS = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """Two saved versions of one page."""

    article_id: str
    numbers: tuple[int, int]
    url: str
    pages: tuple[bytes, bytes]
    fields: frozenset[str]  # that were edited, by the label


@dataclass(frozen=True, slots=True)
class PairOutcome:
    """What was logged between the versions of a pair, or why nothing could be."""

    edits: tuple[Logged, ...] = ()
    failure: str | None = None


def read_pairs(folder: Path) -> Iterator[Pair]:
    """The pairs of the corpus."""
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
    """The edits by extraction and comparison alone."""
    url = _url(pair)
    try:
        old, new = (extract(page, url) for page in pair.pages)
    except ScraperError as error:
        return PairOutcome(failure=str(error))
    return PairOutcome(tuple(Logged(edit.field, edit.old, edit.new) for edit in compare(old, new)))


def fetch_pairs(pairs: Sequence[Pair], database: Path) -> list[PairOutcome]:
    """The edits by two rounds of `variorum fetch`, with the pages switched between them."""
    hosts = {address(number): pair for number, pair in enumerate(pairs)}
    version_index = 0

    def route(host: str, path: str) -> Answer | None:
        page = hosts[host].pages[version_index]
        return None if path == "/robots.txt" else Answer(page, "text/html")

    product = variorum_tracker(database)
    with serving(len(pairs), route) as server:
        urls = [server.url(number, _path(pair)) for number, pair in enumerate(pairs)]
        first = product(urls, _no_fetch)
        version_index = 1
        second = product(urls, _no_fetch)
    return [
        PairOutcome(second[url].edits, first[url].failure or second[url].failure) for url in urls
    ]


def _no_fetch(url: str) -> bytes:
    raise AssertionError("the product fetches by itself")


def _url(pair: Pair) -> str:
    return pair.url if pair.url.startswith("http") else f"https://news.example{_path(pair)}"


def _path(pair: Pair) -> str:
    path = urlsplit(pair.url).path if pair.url.startswith("http") else ""
    return quote(path or f"/news/{pair.article_id.removeprefix('sw:')}", safe="/%:@,;=+~!$'()*")


def score(pairs: Sequence[Pair], outcomes: Sequence[PairOutcome], folder: Path) -> None:
    """The table of the corpus' scorer."""
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


def main() -> int:
    """Print failures, the time taken and the scorer's table."""
    arguments = _parser().parse_args()
    folder = arguments.corpora / "pairs"
    pairs = list(read_pairs(folder))
    started = time.monotonic()
    if arguments.serve:
        with tempfile.TemporaryDirectory() as scratch:
            outcomes = fetch_pairs(pairs, arguments.db or Path(scratch) / "pairs.db")
    else:
        outcomes = [compare_pair(pair) for pair in pairs]
    for pair, outcome in zip(pairs, outcomes, strict=True):
        if outcome.failure:
            print(f"failed: {pair.article_id} {pair.numbers} {pair.url[:80]}: {outcome.failure}")
    print(f"{len(pairs)} pairs in {time.monotonic() - started:.1f} s\n", flush=True)
    score(pairs, outcomes, folder)
    return 1 if arguments.gate and not passes_gate(pairs, outcomes) else 0


def passes_gate(pairs: Sequence[Pair], outcomes: Sequence[PairOutcome]) -> bool:
    """No edit logged where nothing a reader reads was edited, and every edited body logged."""
    alarms = missed = 0
    for pair, outcome in zip(pairs, outcomes, strict=True):
        logged_fields = {edit.field for edit in outcome.edits} & CONTENT_FIELDS
        alarms += bool(logged_fields) and not pair.fields & CONTENT_FIELDS
        missed += "body" in pair.fields and "body" not in logged_fields
    print(
        f"gate: {alarms} false alarms (at most {MAX_FALSE_ALARMS}), {missed} edited bodies missed (none)"
    )
    return alarms <= MAX_FALSE_ALARMS and not missed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.edits.pairs",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--corpora", type=Path, default=DEFAULT_CORPORA)
    parser.add_argument("--serve", action="store_true", help="through the product and its database")
    parser.add_argument("--gate", action="store_true", help="exit 1 under the bars")
    parser.add_argument("--db", type=Path, help="with --serve: keep the database here")
    return parser


if __name__ == "__main__":
    sys.exit(main())
