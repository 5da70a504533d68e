"""How well the extraction does on the corpora, and what it costs.

    python -m benchmarks extraction
    python -m benchmarks extraction --gate      exit 1 if a figure is below its floor
    python -m benchmarks extraction --speed     time per page, and ratios

The corpora's own `score.py` prints the table. The truths of fundus count the dek as body, so the
prediction joins dek and body there, and only there. --speed times Variorum, a bare parse and each
installed peer (trafilatura, readability-lxml, resiliparse) on the same pages, in turns.
"""

import argparse
import contextlib
import importlib
import io
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from benchmarks.pages.corpus import corpus_scorer, read_truths, saved_page
from benchmarks.support.paths import add_corpora_option
from scraper.article import Article
from scraper.errors import ExtractError
from scraper.extract import extract

# Body F1 per corpus, snippet F1 for trafilatura, and the other fields. Floors only rise.
FLOORS = {
    ("fundus", "F1"): 0.960,
    ("magichtml", "F1"): 0.923,
    ("scrapinghub", "F1"): 0.975,
    ("newssites", "F1"): 0.846,
    ("wcxb", "F1"): 0.949,
    ("wcxb2", "F1"): 0.952,
    ("zhdataset", "F1"): 0.940,
    ("trafilatura", "snipF1"): 0.914,
    ("fundus", "title"): 0.890,
    ("fundus", "day"): 0.990,
    ("fundus", "minute"): 0.980,
    ("fundus", "authors"): 0.945,
    ("wcxb", "title"): 0.872,
    ("wcxb", "day"): 0.905,
    ("wcxb", "authors"): 0.855,
}
SPEED_PAGES = 120
ROUNDS = 3

TimedReader = Callable[[bytes, str], object]


def predict(corpora: Path) -> Iterator[dict[str, Any]]:
    """One prediction per page of the corpora, empty if the extraction raises ExtractError."""
    for truth in read_truths(corpora):
        url = truth.get("url") or ""
        try:
            article = extract(saved_page(corpora, truth), url)
        except ExtractError as error:
            yield {"id": truth["id"], "body": "", "error": str(error)}
        else:
            yield {"id": truth["id"], **_prediction(article, truth["corpus"])}


def _prediction(article: Article, corpus: str) -> dict[str, Any]:
    lines = list(article.paragraphs)
    if corpus == "fundus" and article.dek:
        lines.insert(0, article.dek)
    return {
        "body": "\n".join(lines),
        "title": article.headline,
        "authors": list(article.byline),
        "published": article.published_at.isoformat() if article.published_at else None,
    }


def score_predictions(corpora: Path, predictions: Path) -> dict[str, dict[str, float]]:
    """Print the table of the corpora's scorer; return its rows by corpus."""
    with tempfile.NamedTemporaryFile(suffix=".json") as summary:
        corpus_scorer(corpora).main([str(predictions), "--json", summary.name])
        rows = json.loads(Path(summary.name).read_text(encoding="utf-8"))
    scores: dict[str, dict[str, float]] = rows.get("corpora") or rows.get("summary") or rows
    return scores


def below_floor(rows: dict[str, dict[str, float]]) -> list[str]:
    """A line for each figure that is below its floor."""
    return [
        f"{corpus} {name}: {rows[corpus][name]:.3f} is below {floor:.3f}"
        for (corpus, name), floor in FLOORS.items()
        if rows[corpus][name] < floor
    ]


def timed_readers() -> dict[str, TimedReader]:
    """By name: a bare parse, Variorum, and every peer that is installed."""
    readers: dict[str, TimedReader] = {
        "bare parse": lambda html, url: LexborHTMLParser(html.decode("utf-8", "replace")),
        "variorum": _extract_variorum,
    }
    with contextlib.suppress(ImportError):
        trafilatura = importlib.import_module("trafilatura")
        readers["trafilatura"] = lambda html, url: trafilatura.bare_extraction(
            html, url=url or None, with_metadata=True
        )
    with contextlib.suppress(ImportError):
        readability = importlib.import_module("readability")
        readers["readability"] = lambda html, url: readability.Document(
            html.decode("utf-8", "replace")
        ).summary()
    with contextlib.suppress(ImportError):
        parse = importlib.import_module("resiliparse.parse.html")
        plain = importlib.import_module("resiliparse.extract.html2text")
        readers["resiliparse"] = lambda html, url: plain.extract_plain_text(
            parse.HTMLTree.parse(html.decode("utf-8", "replace")), main_content=True
        )
    return readers


def _extract_variorum(html: bytes, url: str) -> object:
    try:
        return extract(html, url)
    except ExtractError as error:
        return error


def print_speed(corpora: Path) -> None:
    """Print the seconds per page in the best round, against a bare parse and against trafilatura."""
    sample_truths = random.Random(7).sample(read_truths(corpora), SPEED_PAGES)
    pages = [(saved_page(corpora, truth), truth.get("url") or "") for truth in sample_truths]
    readers = timed_readers()
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(ROUNDS):
        for name, read in readers.items():
            seconds[name].append(_seconds_per_page(read, pages))
    best = {name: min(times) for name, times in seconds.items()}
    bare_seconds, trafilatura_seconds = best["bare parse"], best.get("trafilatura")
    print(f"{'':14}{'ms/page':>9}{'median':>9}{'x bare':>9}{'traf. /':>9}")
    for name, page_seconds in best.items():
        ratio = f"{trafilatura_seconds / page_seconds:9.1f}" if trafilatura_seconds else f"{'-':>9}"
        median = statistics.median(seconds[name]) * 1e3
        print(
            f"{name:14}{page_seconds * 1e3:9.2f}{median:9.2f}{page_seconds / bare_seconds:9.1f}{ratio}"
        )


def _seconds_per_page(read: TimedReader, pages: Sequence[tuple[bytes, str]]) -> float:
    started = time.perf_counter()
    for html, url in pages:
        with contextlib.redirect_stderr(io.StringIO()):
            try:
                read(html, url)
            except Exception as error:  # noqa: BLE001 - a peer's failure must not end the run
                del error
    return (time.perf_counter() - started) / len(pages)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `extraction`."""
    add_corpora_option(parser)
    parser.add_argument("--predictions", type=Path, metavar="FILE", help="keep the predictions")
    parser.add_argument("--gate", action="store_true", help="exit 1 if a figure is below its floor")
    parser.add_argument("--speed", action="store_true", help="measure time instead of quality")


def main(options: argparse.Namespace) -> int:
    """Print the table, or with --speed the times; with --gate, return 1 below a floor."""
    if options.speed:
        print_speed(options.corpora)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        target = options.predictions or Path(folder) / "predictions.jsonl"
        with target.open("w", encoding="utf-8") as out:
            for prediction in predict(options.corpora):
                out.write(json.dumps(prediction, ensure_ascii=False) + "\n")
        rows = score_predictions(options.corpora, target)
    failures = below_floor(rows) if options.gate else []
    print("\n".join(failures))
    return 1 if failures else 0
