"""One Korean page, the first that Variorum was written for, in six markups and three charsets.

Variorum must extract headline, publication time, dek, body and caption exactly. However much the
ticker, rankings and counters change, it must log nothing until the article is edited.

    python -m benchmarks seed
    python -m benchmarks seed --verbose --gate
    python -m benchmarks seed --serve      by `variorum fetch` on loopback and its database
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.edits.product import variorum_tracker
from benchmarks.edits.trackers import TrackerResult
from benchmarks.edits.verdict import Logged, content_edits, without_spaces
from benchmarks.extraction.seed.markup import MARKUPS, Markup
from benchmarks.extraction.seed.page import (
    CAPTION_MARK,
    SEED_EDITS,
    SeedText,
    read_seed,
    response_noise,
    with_edit,
)
from benchmarks.support.local_server import Answer, address, serving
from benchmarks.support.paths import add_corpora_option
from scraper.article import Article
from scraper.errors import ScraperError
from scraper.extract import extract
from storage.diff import compare

CHECKS_BEFORE_EDITS = 4
MAX_DETAIL_CHARACTERS = 400
COLUMNS = ("read", "headline", "time", "dek", "body", "caption", "byline", "moves", "edits")
# Name, codec, the meta element in the page, the HTTP header.
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
FIELD_BY_EDIT = {"headline": "headline", "dek": "dek"}


@dataclass(frozen=True, slots=True)
class Case:
    """One markup in one charset."""

    markup: Markup
    codec: str
    meta: str
    content_type: str
    url: str

    def raw(self, seed: SeedText, response: int, modified_at: datetime | None = None) -> bytes:
        """The bytes of the page in this response."""
        text = self.markup(seed, response_noise(seed, response), modified_at)
        return text.replace("{charset}", self.meta, 1).encode(self.codec, "xmlcharrefreplace")

    def read(self, seed: SeedText, response: int, modified_at: datetime | None = None) -> Article:
        """The article that Variorum extracts from the page in this response."""
        raw = self.raw(seed, response, modified_at)
        return extract(raw, self.url, content_type=self.content_type)


def extraction_faults(case: Case, seed: SeedText) -> Iterator[tuple[str, str]]:
    """The faults of extraction and comparison: the column of the table, and what came out."""
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
        yield "dek", repr(actual.dek)
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
    """The fault if an edit is not logged once, in its field, with few words around it."""
    field = FIELD_BY_EDIT.get(kind, "body")
    result = "; ".join(f"{edit.field}: {edit.old!r} -> {edit.new!r}" for edit in edits)
    if [edit.field for edit in edits] != [field]:
        yield "edits", f"{kind}: {result or 'nothing logged'}"
    elif kind in ("syllable", "number") and len(edits[0].new or "") > 12:
        yield "edits", f"{kind}: too wide: {result}"


@dataclass(slots=True)
class ServedState:
    """What the served pages show at the moment."""

    current_text: SeedText
    modified_at: datetime | None = None
    responses: int = 0


def served_faults(cases: Sequence[Case], seed: SeedText) -> list[list[tuple[str, str]]]:
    """The faults of each case if `variorum fetch` checks all of them on loopback.

    In the first four checks only the page noise changes. Then, for each edit, one check must log
    it, the next must not, and a third must log that it is undone.
    """
    state = ServedState(seed)
    hosts = {address(number): case for number, case in enumerate(cases)}
    actual: list[list[tuple[str, str]]] = [[] for _ in cases]

    def route(host: str, path: str) -> Answer | None:
        state.responses += 1
        case = hosts[host]
        page = case.raw(state.current_text, state.responses, state.modified_at)
        return None if path == "/robots.txt" else Answer(page, case.content_type)

    with tempfile.TemporaryDirectory() as folder, serving(len(cases), route) as server:
        tracker = variorum_tracker(Path(folder) / "seed.db")
        urls = [server.url(number, urlsplit(case.url).path) for number, case in enumerate(cases)]
        steps: list[tuple[SeedText, str | None]] = [(seed, None)] * CHECKS_BEFORE_EDITS
        for edit in SEED_EDITS:
            after_edit = with_edit(seed, edit)
            steps += [(after_edit, edit), (after_edit, None), (seed, edit)]
        for number, (text, kind) in enumerate(steps):
            state.current_text = text
            if number >= CHECKS_BEFORE_EDITS:
                state.modified_at = seed.published_at + timedelta(minutes=number)
            result = tracker(urls, lambda _: b"")
            for case_faults, url in zip(actual, urls, strict=True):
                case_faults += _wrong_check(result[url], kind)
    return actual


def _wrong_check(result: TrackerResult, kind: str | None) -> Iterator[tuple[str, str]]:
    if result.failure:
        yield "read", result.failure
    elif kind is None:
        yield from (("moves", str(edit)) for edit in content_edits(result.edits))
    else:
        yield from _wrong_edits(content_edits(result.edits), kind)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `seed`."""
    add_corpora_option(parser)
    parser.add_argument("--verbose", action="store_true", help="describe every fault")
    parser.add_argument("--serve", action="store_true", help="use `variorum fetch` on loopback")
    parser.add_argument("--gate", action="store_true", help="exit 1 on any fault")


def main(options: argparse.Namespace) -> int:
    """Print the table; with --gate, return 1 on any fault."""
    seed = read_seed(options.corpora / "korean" / "seed_page.txt")
    print(f"{'markup':<14}{'charset':<18}" + "".join(f"{name:>11}" for name in COLUMNS))
    names, cases = _cases()
    if options.serve:
        actual = served_faults(cases, seed)
    else:
        actual = [list(extraction_faults(case, seed)) for case in cases]
    for name, case_faults in zip(names, actual, strict=True):
        counts = Counter(column for column, _ in case_faults)
        print(f"{name:<32}" + "".join(f"{counts[column] or 'ok':>11}" for column in COLUMNS))
        if options.verbose:
            for column, detail in case_faults:
                print(f"    {column}: {detail[:MAX_DETAIL_CHARACTERS]}")
    total = sum(map(len, actual))
    print(f"\n{total} faults in {len(cases)} pages")
    return 1 if options.gate and total else 0


def _cases() -> tuple[list[str], list[Case]]:
    names: list[str] = []
    cases: list[Case] = []
    for name, markup in MARKUPS.items():
        for charset, codec, meta, content_type in CHARSETS:
            url = f"https://www.hanbit.example/news/view/{2345678 + len(cases)}"
            names.append(f"{name:<14}{charset}")
            cases.append(Case(markup, codec, meta, content_type, url))
    return names, cases
