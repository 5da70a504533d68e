"""The page that it all began with, in six markups and three ways to send its charset.

Headline, published time, standfirst, body and caption must come out right, and nothing is an
edit until the article is edited, however much its ticker, rankings and counters move.

    python -m benchmarks.seed
    python -m benchmarks.seed --verbose --gate
    python -m benchmarks.seed --serve      the whole way: loopback, `variorum fetch`, database
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.edits.product import variorum_tracker
from benchmarks.edits.trackers import TrackerResult
from benchmarks.edits.verdict import Logged, content_edits, without_spaces
from benchmarks.pages.corpus import DEFAULT_CORPORA
from benchmarks.seed.markup import MARKUPS, Markup
from benchmarks.seed.page import (
    CAPTION_MARK,
    SEED_EDITS,
    SeedText,
    read_seed,
    response_noise,
    with_edit,
)
from benchmarks.support.local_server import Answer, address, serving
from scraper.article import Article
from scraper.errors import ScraperError
from scraper.extract import extract
from storage.diff import compare

CHECKS_BEFORE_EDITS = 4
# Name, codec, the meta in the page, the HTTP header.
CHARSETS = (
    ("utf-8", "utf-8", '<meta charset="utf-8">', "text/html; charset=utf-8"),
    ("cp949 by header", "cp949", "", "text/html; charset=euc-kr"),
    (
        "cp949 by meta",
        "cp949",
        '<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">',
        "text/html",
    ),
)
FIELD_BY_EDIT = {"headline": "headline", "standfirst": "dek"}


@dataclass(frozen=True, slots=True)
class Case:
    """One markup in one charset."""

    markup: Markup
    codec: str
    meta: str
    content_type: str
    url: str

    def raw(self, seed: SeedText, response: int, modified_at: datetime | None = None) -> bytes:
        """The page as this response gives it."""
        text = self.markup(seed, response_noise(seed, response), modified_at)
        return text.replace("{charset}", self.meta, 1).encode(self.codec, "xmlcharrefreplace")

    def read(self, seed: SeedText, response: int, modified_at: datetime | None = None) -> Article:
        """What our extractor makes of the page as this response gives it."""
        raw = self.raw(seed, response, modified_at)
        return extract(raw, self.url, content_type=self.content_type)


def faults(case: Case, seed: SeedText) -> Iterator[tuple[str, str]]:
    """Every fault: the column of the table that it belongs to, and what was seen."""
    try:
        first = case.read(seed, 1)
        yield from _wrong_fields(first, seed)
        for response in range(2, CHECKS_BEFORE_EDITS + 1):
            for edit in compare(first, case.read(seed, response)):
                yield "moves", f"{edit.field}: {edit.old!r} -> {edit.new!r}"
        later = seed.published_at + timedelta(minutes=31)
        for number, kind in enumerate(SEED_EDITS):
            after_edit = case.read(with_edit(seed, kind), 10 + number, later)
            edits = [Logged(edit.field, edit.old, edit.new) for edit in compare(first, after_edit)]
            yield from _wrong_edits(content_edits(edits), kind)
    except ScraperError as error:
        yield "read", str(error)


def _wrong_fields(actual: Article, seed: SeedText) -> Iterator[tuple[str, str]]:
    if actual.headline != seed.headline:
        yield "headline", repr(actual.headline)
    if actual.published_at != seed.published_at:
        yield "time", repr(actual.published_at)
    if actual.modified_at not in (None, seed.published_at):
        yield "time", f"modified {actual.modified_at!r}"
    if without_spaces(actual.dek) != without_spaces("".join(seed.dek)):
        yield "standfirst", repr(actual.dek)
    if actual.paragraphs != seed.paragraphs:
        extra = [text for text in actual.paragraphs if text not in seed.paragraphs]
        missing = [text for text in seed.paragraphs if text not in actual.paragraphs]
        yield "body", f"extra {extra}, lost {missing}"
    if [text.removeprefix(CAPTION_MARK) for text in actual.captions] != [
        seed.caption.removeprefix(CAPTION_MARK)
    ]:
        yield "caption", repr(actual.captions)
    if actual.byline:
        yield "byline", repr(actual.byline)


def _wrong_edits(edits: Sequence[Logged], kind: str) -> Iterator[tuple[str, str]]:
    """An edit must be logged, once, in its field, with no more than a few words around it."""
    field = FIELD_BY_EDIT.get(kind, "body")
    result = "; ".join(f"{edit.field}: {edit.old!r} -> {edit.new!r}" for edit in edits)
    if [edit.field for edit in edits] != [field]:
        yield "edits", f"{kind}: {result or 'nothing logged'}"
    elif kind in ("syllable", "number") and len(edits[0].new or "") > 12:
        yield "edits", f"{kind}: too wide: {result}"


@dataclass(slots=True)
class ServedState:
    """What the served pages show now."""

    current_text: SeedText
    modified_at: datetime | None = None
    responses: int = 0


def served_faults(cases: Sequence[Case], seed: SeedText) -> list[list[tuple[str, str]]]:
    """The faults of each case when the product looks at all of them on loopback.

    Four looks while only the lists move, then for each edit one look that must log it and one
    that must not, and the edit is taken back.
    """
    stage = ServedState(seed)
    hosts = {address(number): case for number, case in enumerate(cases)}
    actual: list[list[tuple[str, str]]] = [[] for _ in cases]

    def route(host: str, path: str) -> Answer | None:
        stage.responses += 1
        case = hosts[host]
        page = case.raw(stage.current_text, stage.responses, stage.modified_at)
        return None if path == "/robots.txt" else Answer(page, case.content_type)

    with tempfile.TemporaryDirectory() as folder, serving(len(cases), route) as server:
        product = variorum_tracker(Path(folder) / "seed.db")
        urls = [server.url(number, urlsplit(case.url).path) for number, case in enumerate(cases)]
        steps: list[tuple[SeedText, str | None]] = [(seed, None)] * CHECKS_BEFORE_EDITS
        for edit in SEED_EDITS:
            after_edit = with_edit(seed, edit)
            steps += [(after_edit, edit), (after_edit, None), (seed, edit)]
        for number, (text, kind) in enumerate(steps):
            stage.current_text = text
            if number >= CHECKS_BEFORE_EDITS:
                stage.modified_at = seed.published_at + timedelta(minutes=number)
            result = product(urls, lambda _: b"")
            for faults_here, url in zip(actual, urls, strict=True):
                faults_here += _wrong_check(result[url], kind)
    return actual


def _wrong_check(result: TrackerResult, kind: str | None) -> Iterator[tuple[str, str]]:
    if result.failure:
        yield "read", result.failure
    elif kind is None:
        yield from (("moves", str(edit)) for edit in content_edits(result.edits))
    else:
        yield from _wrong_edits(content_edits(result.edits), kind)


COLUMNS = ("read", "headline", "time", "standfirst", "body", "caption", "byline", "moves", "edits")


def main() -> int:
    """Print the table; with --gate, exit 1 on any fault."""
    arguments = _parser().parse_args()
    seed = read_seed(arguments.corpora / "korean" / "seed_page.txt")
    print(f"{'markup':<14}{'charset':<18}" + "".join(f"{name:>11}" for name in COLUMNS))
    names, cases = _cases()
    actual = (
        served_faults(cases, seed) if arguments.serve else [list(faults(c, seed)) for c in cases]
    )
    for name, case_faults in zip(names, actual, strict=True):
        counts = [
            sum(column == fault_column for fault_column, _ in case_faults) for column in COLUMNS
        ]
        print(f"{name:<32}" + "".join(f"{count or 'ok':>11}" for count in counts))
        if arguments.verbose:
            print(
                "".join(
                    f"    {fault_column}: {detail[:400]}\n" for fault_column, detail in case_faults
                ),
                end="",
            )
    total = sum(map(len, actual))
    print(f"\n{total} faults in {len(cases)} pages")
    return 1 if arguments.gate and total else 0


def _cases() -> tuple[list[str], list[Case]]:
    names: list[str] = []
    cases: list[Case] = []
    for name, markup in MARKUPS.items():
        for charset, codec, meta, content_type in CHARSETS:
            url = f"https://www.hanbit.example/news/view/{2345678 + len(cases)}"
            names.append(f"{name:<14}{charset}")
            cases.append(Case(markup, codec, meta, content_type, url))
    return names, cases


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.seed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--corpora", type=Path, default=DEFAULT_CORPORA)
    parser.add_argument("--verbose", action="store_true", help="say what was wrong")
    parser.add_argument("--serve", action="store_true", help="through the product")
    parser.add_argument("--gate", action="store_true", help="exit 1 on any fault")
    return parser


if __name__ == "__main__":
    sys.exit(main())
