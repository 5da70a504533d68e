"""How good the extraction is on the corpora, and what it costs.

    python benchmarks/extraction/score.py [--corpora DIR] [--predictions FILE]
    python benchmarks/extraction/score.py --gate      exit 1 where a figure is under its floor
    python benchmarks/extraction/score.py --speed     time per page, as ratios

The table is that of the corpus' own `score.py`; the truth of fundus counts the standfirst as
body, so there, and only there, dek and body are predicted together. --speed times ours, the
bare parse and each installed peer (trafilatura, readability-lxml, resiliparse) in
interleaved rounds on the same pages.
"""

import argparse
import contextlib
import gzip
import importlib
import io
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from selectolax.lexbor import LexborHTMLParser  # noqa: E402 - the path comes first

from scraper.article import Article  # noqa: E402
from scraper.errors import ExtractError  # noqa: E402
from scraper.extract import extract  # noqa: E402

# Body F1 per corpus, snippet F1 for trafilatura, and the other fields; they only rise.
FLOORS = {
    ("fundus", "F1"): 0.957,
    ("magichtml", "F1"): 0.922,
    ("scrapinghub", "F1"): 0.973,
    ("wcxb", "F1"): 0.948,
    ("zhdataset", "F1"): 0.935,
    ("trafilatura", "snipF1"): 0.912,
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

Reader = Callable[[bytes, str], object]


def truths(corpora: Path) -> list[dict[str, Any]]:
    """What the pages should give."""
    lines = (corpora / "articles" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def saved_page(corpora: Path, truth: dict[str, Any]) -> bytes:
    """The page as it was saved."""
    path = corpora / "articles" / "pages" / truth["corpus"] / f"{truth['id']}.html.gz"
    return gzip.decompress(path.read_bytes())


def predict(corpora: Path) -> Iterator[dict[str, Any]]:
    """One prediction per page; an ExtractError is an empty one."""
    for truth in truths(corpora):
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
    """Print the corpus' own table and give its rows."""
    sys.path.insert(0, str(corpora / "articles"))
    score = importlib.import_module("score")
    with tempfile.NamedTemporaryFile(suffix=".json") as summary:
        score.main([str(predictions), "--json", summary.name])
        rows = json.loads(Path(summary.name).read_text(encoding="utf-8"))
    scores: dict[str, dict[str, float]] = rows.get("corpora") or rows.get("summary") or rows
    return scores


def below_floor(rows: dict[str, dict[str, float]]) -> list[str]:
    """The figures that are too low."""
    return [
        f"{corpus} {name}: {rows[corpus][name]:.3f} is under {floor:.3f}"
        for (corpus, name), floor in FLOORS.items()
        if rows[corpus][name] < floor
    ]


def peers() -> dict[str, Reader]:
    """Ours, the bare parse, and every peer that can be imported."""
    readers: dict[str, Reader] = {
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
    """Time per page, the best of the rounds, and how often it goes into trafilatura's."""
    sample_truths = random.Random(7).sample(truths(corpora), SPEED_PAGES)
    pages = [(saved_page(corpora, truth), truth.get("url") or "") for truth in sample_truths]
    readers = peers()
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(ROUNDS):
        for name, read in readers.items():
            started = time.perf_counter()
            for html, url in pages:
                with contextlib.redirect_stderr(io.StringIO()):
                    try:
                        read(html, url)
                    except Exception as error:  # noqa: BLE001 - a peer's fault must not end the run
                        del error
            seconds[name].append((time.perf_counter() - started) / len(pages))
    best = {name: min(times) for name, times in seconds.items()}
    bare_seconds, trafilatura_seconds = best["bare parse"], best.get("trafilatura")
    print(f"{'':14}{'ms/page':>9}{'median':>9}{'x bare':>9}{'traf. /':>9}")
    for name, page_seconds in best.items():
        ratio = f"{trafilatura_seconds / page_seconds:9.1f}" if trafilatura_seconds else f"{'-':>9}"
        median = statistics.median(seconds[name]) * 1e3
        print(
            f"{name:14}{page_seconds * 1e3:9.2f}{median:9.2f}{page_seconds / bare_seconds:9.1f}{ratio}"
        )


def main() -> int:
    """Run what the command line asks for; 1 where a floor is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=ROOT.parent / "shared" / "corpora")
    parser.add_argument("--predictions", type=Path, help="keep the predictions here")
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--speed", action="store_true")
    arguments = parser.parse_args()
    if arguments.speed:
        print_speed(arguments.corpora)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        target = arguments.predictions or Path(folder) / "predictions.jsonl"
        with target.open("w", encoding="utf-8") as out:
            for prediction in predict(arguments.corpora):
                out.write(json.dumps(prediction, ensure_ascii=False) + "\n")
        rows = score_predictions(arguments.corpora, target)
    failures = below_floor(rows) if arguments.gate else []
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
