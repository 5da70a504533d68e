"""Spans and kinds of logged edits against those that an editor marked.

Texts of real pairs of versions, and pairs written for this benchmark, are compared field by field.
The labels were made by reading, before anybody saw what `compare` says of the pairs. Without the
corpora only the written pairs are scored.

    python -m benchmarks kinds
    python -m benchmarks kinds --source written --lang de --verbose
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.kinds.judge import JudgedPair, judge
from benchmarks.kinds.labels import LabelledPair, labelled_pairs
from benchmarks.kinds.report import print_pair, print_report
from benchmarks.support.paths import CorporaError, find_corpora
from scraper.article import Article
from storage.diff import compare
from storage.diff.edit import Edit

SOURCES = ("feed", "pairs", "written")
ADDRESS = "https://example.org/article"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument(
        "--corpora",
        dest="texts",  # `corpora` must exist, texts need not
        type=Path,
        metavar="DIR",
        help="the corpora; default: $VARIORUM_CORPORA, else ../shared/corpora beside the checkout",
    )
    parser.add_argument("--source", choices=SOURCES, help="only pairs of this source")
    parser.add_argument("--lang", help="only pairs in this language")
    parser.add_argument("--verbose", action="store_true", help="print each edit that is not right")


def main(options: argparse.Namespace) -> int:
    """Score the pairs and print the tables."""
    sources = (options.source,) if options.source else SOURCES
    pairs = [
        pair
        for pair in labelled_pairs(_corpora(options.texts), sources)
        if options.lang in (None, pair.lang)
    ]
    judged = [judge_pair(pair) for pair in pairs]
    if options.verbose:
        for outcome in judged:
            print_pair(outcome)
    print_report(judged)
    return 0 if judged else 1


def _corpora(given: Path | None) -> Path | None:
    """The folder of the corpora, or None if there is none and none was named."""
    try:
        return find_corpora(given)
    except CorporaError:
        if given:
            raise
        return None


def judge_pair(pair: LabelledPair) -> JudgedPair:
    """Compare the texts of a pair, and judge what is logged."""
    return judge(pair, logged_edits(pair))


def logged_edits(pair: LabelledPair) -> Sequence[Edit]:
    """What `compare` logs between two articles that differ in the field of the pair."""
    old, new = (_article(pair, text) for text in (pair.old, pair.new))
    return compare(old, new)


def _article(pair: LabelledPair, text: str) -> Article:
    lines = tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
    headline = text if pair.field == "headline" else ""
    return Article(
        ADDRESS,
        headline,
        dek=text if pair.field == "dek" else None,
        lang=pair.lang,
        paragraphs=lines if pair.field == "body" else (),
        captions=lines if pair.field == "caption" else (),
    )
