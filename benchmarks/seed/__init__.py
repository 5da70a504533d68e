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

from benchmarks.edits.product import by_product
from benchmarks.edits.trackers import Seen
from benchmarks.edits.verdict import Logged, content_edits, squeeze
from benchmarks.pages.corpus import DEFAULT
from benchmarks.seed.markup import MARKUPS, Markup
from benchmarks.seed.page import CAPTION, EDITS, SeedText, edited, moving, read_seed
from benchmarks.support.local_server import Answer, address, serving
from scraper.article import Article
from scraper.errors import ScraperError
from scraper.extract import extract
from storage.diff import compare

LOOKS = 4
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
FIELD_OF = {"headline": "headline", "standfirst": "dek"}


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
        text = self.markup(seed, moving(seed, response), modified_at)
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
        for response in range(2, LOOKS + 1):
            for edit in compare(first, case.read(seed, response)):
                yield "moves", f"{edit.field}: {edit.old!r} -> {edit.new!r}"
        later = seed.published_at + timedelta(minutes=31)
        for number, kind in enumerate(EDITS):
            now = case.read(edited(seed, kind), 10 + number, later)
            edits = [Logged(edit.field, edit.old, edit.new) for edit in compare(first, now)]
            yield from _wrong_edits(content_edits(edits), kind)
    except ScraperError as error:
        yield "read", str(error)


def _wrong_fields(found: Article, seed: SeedText) -> Iterator[tuple[str, str]]:
    if found.headline != seed.headline:
        yield "headline", repr(found.headline)
    if found.published_at != seed.published_at:
        yield "time", repr(found.published_at)
    if found.modified_at not in (None, seed.published_at):
        yield "time", f"modified {found.modified_at!r}"
    if squeeze(found.dek) != squeeze("".join(seed.dek)):
        yield "standfirst", repr(found.dek)
    if found.paragraphs != seed.paragraphs:
        extra = [text for text in found.paragraphs if text not in seed.paragraphs]
        lost = [text for text in seed.paragraphs if text not in found.paragraphs]
        yield "body", f"extra {extra}, lost {lost}"
    if [text.removeprefix(CAPTION) for text in found.captions] != [
        seed.caption.removeprefix(CAPTION)
    ]:
        yield "caption", repr(found.captions)
    if found.byline:
        yield "byline", repr(found.byline)


def _wrong_edits(edits: Sequence[Logged], kind: str) -> Iterator[tuple[str, str]]:
    """An edit must be logged, once, in its field, with no more than a few words around it."""
    field = FIELD_OF.get(kind, "body")
    seen = "; ".join(f"{edit.field}: {edit.old!r} -> {edit.new!r}" for edit in edits)
    if [edit.field for edit in edits] != [field]:
        yield "edits", f"{kind}: {seen or 'nothing logged'}"
    elif kind in ("syllable", "number") and len(edits[0].new or "") > 12:
        yield "edits", f"{kind}: too wide: {seen}"


@dataclass(slots=True)
class Stage:
    """What the served pages show now."""

    shown: SeedText
    modified_at: datetime | None = None
    responses: int = 0


def served_faults(cases: Sequence[Case], seed: SeedText) -> list[list[tuple[str, str]]]:
    """The faults of each case when the product looks at all of them on loopback.

    Four looks while only the lists move, then for each edit one look that must log it and one
    that must not, and the edit is taken back.
    """
    stage = Stage(seed)
    hosts = {address(number): case for number, case in enumerate(cases)}
    found: list[list[tuple[str, str]]] = [[] for _ in cases]

    def route(host: str, path: str) -> Answer | None:
        stage.responses += 1
        case = hosts[host]
        page = case.raw(stage.shown, stage.responses, stage.modified_at)
        return None if path == "/robots.txt" else Answer(page, case.content_type)

    with tempfile.TemporaryDirectory() as folder, serving(len(cases), route) as server:
        product = by_product(Path(folder) / "seed.db")
        urls = [server.url(number, urlsplit(case.url).path) for number, case in enumerate(cases)]
        steps: list[tuple[SeedText, str | None]] = [(seed, None)] * LOOKS
        for edit in EDITS:
            now = edited(seed, edit)
            steps += [(now, edit), (now, None), (seed, edit)]
        for number, (text, kind) in enumerate(steps):
            stage.shown = text
            if number >= LOOKS:
                stage.modified_at = seed.published_at + timedelta(minutes=number)
            seen = product(urls, lambda _: b"")
            for faults_here, url in zip(found, urls, strict=True):
                faults_here += _wrong_look(seen[url], kind)
    return found


def _wrong_look(seen: Seen, kind: str | None) -> Iterator[tuple[str, str]]:
    if seen.failed:
        yield "read", seen.failed
    elif kind is None:
        yield from (("moves", str(edit)) for edit in content_edits(seen.edits))
    else:
        yield from _wrong_edits(content_edits(seen.edits), kind)


COLUMNS = ("read", "headline", "time", "standfirst", "body", "caption", "byline", "moves", "edits")


def main() -> int:
    """Print the table; with --gate, exit 1 on any fault."""
    asked = _parser().parse_args()
    seed = read_seed(asked.corpora / "korean" / "seed_page.txt")
    print(f"{'markup':<14}{'charset':<18}" + "".join(f"{name:>11}" for name in COLUMNS))
    names, cases = _cases()
    found = served_faults(cases, seed) if asked.serve else [list(faults(c, seed)) for c in cases]
    for name, wrong in zip(names, found, strict=True):
        counts = [sum(column == where for where, _ in wrong) for column in COLUMNS]
        print(f"{name:<32}" + "".join(f"{count or 'ok':>11}" for count in counts))
        if asked.verbose:
            print("".join(f"    {where}: {what[:400]}\n" for where, what in wrong), end="")
    total = sum(map(len, found))
    print(f"\n{total} faults in {len(cases)} pages")
    return 1 if asked.gate and total else 0


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
    parser.add_argument("--corpora", type=Path, default=DEFAULT)
    parser.add_argument("--verbose", action="store_true", help="say what was wrong")
    parser.add_argument("--serve", action="store_true", help="through the product")
    parser.add_argument("--gate", action="store_true", help="exit 1 on any fault")
    return parser


if __name__ == "__main__":
    sys.exit(main())
