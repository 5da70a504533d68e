"""Which lines do several real pages of one publisher teach, and are any of them the article's?

The pages of the corpora are read host by host, as new articles that are watched. Each line that the
stories of a host prove to be the publisher's is looked for in the true text of the page.

    python -m benchmarks boilerplate
    python -m benchmarks boilerplate --list
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.pages.corpus import read_truths, saved_page
from benchmarks.support.paths import add_corpora_option
from scraper.errors import ExtractError
from scraper.extract import extract
from scraper.urls import hostname
from storage.articles.stories import load_boilerplate, shared_lines, store_boilerplate, store_story
from storage.database import Database, open_in_memory, write_transaction
from storage.diff.noise.boilerplate import Boilerplate, BoilerplateLine, without_boilerplate
from storage.diff.noise.shared_lines import learn_lines, story_of

FETCHED_AT = datetime(2026, 5, 14, 12, tzinfo=UTC)
NO_WORD = re.compile(r"\W+")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this benchmark."""
    add_corpora_option(parser)
    parser.add_argument("--list", action="store_true", help="print every line that is learned")


def main(options: argparse.Namespace) -> int:
    """Print how many lines are learned and how many are in a true text; give the exit status."""
    pages = hosts = learned = in_truth = repeated = 0
    for truths in _truths_by_host(options.corpora):
        hosts += 1
        for truth, lines, is_repeated in _lessons(options.corpora, truths):
            pages += 1
            repeated += is_repeated
            for line in lines:
                learned += 1
                is_true = _letters(line.text) in _letters(truth.get("body") or "")
                in_truth += is_true
                if options.list:
                    mark = "TRUE TEXT" if is_true else "byline" if line.is_name else "line"
                    print(
                        f"{mark:<10} {line.stories:<8} {hostname(truth['url'])}: {line.text[:100]}"
                    )
    print(f"{pages} pages of {hosts} hosts; {repeated} repeat another page's story")
    print(f"{learned} lines learned, {in_truth} of them in the true text of their page")
    return 0


def _truths_by_host(corpora: Path) -> Iterator[list[dict[str, Any]]]:
    by_host: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for truth in read_truths(corpora):
        if truth.get("url"):
            by_host[hostname(truth["url"])].append(truth)
    yield from (truths for truths in by_host.values() if len(truths) > 1)


def _lessons(
    corpora: Path, truths: list[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], tuple[BoilerplateLine, ...], bool]]:
    """Each page of a host with the lines that it proves, and whether it repeats a story."""
    db: Database = open_in_memory()
    host = hostname(truths[0]["url"])
    for truth in truths:
        try:
            article = extract(saved_page(corpora, truth), truth["url"])
        except ExtractError:
            continue
        article = without_boilerplate(article, load_boilerplate(db, host)[0])
        story = story_of(article, host, truth["url"], at=FETCHED_AT)
        story, lines = learn_lines(story, shared_lines(db, story), Boilerplate())
        with write_transaction(db):
            store_boilerplate(db, host, lines, at=FETCHED_AT)
            store_story(db, story, None, at=FETCHED_AT)
        yield truth, lines, story.same_as is not None


def _letters(text: str) -> str:
    return NO_WORD.sub("", text)
