"""Saved article pages of the corpora, with the known paragraphs found again in the HTML.

The corpora are other people's text: they are read at run time and never copied here.
"""

import gzip
import html
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from scraper.http.charset import decode

DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "corpora"
LARGEST_PAGE = 1_500_000  # characters; the few larger ones only cost time
SHORTEST_PARAGRAPH = 60  # characters; under it a line is often found in menus too
SHORTEST_WIDE_PARAGRAPH = 25  # the same for Chinese, Japanese and Korean
SHORTEST_HEADLINE = 12

UNSEEN = re.compile(
    r"<!--.*?-->|<(script|style|noscript|template|textarea|svg|head)\b.*?</\1\s*>", re.S | re.I
)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^>]*)>")
INLINE = re.compile(
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|rp|rt|ruby|s|samp|"
    "small|span|strike|strong|sub|sup|time|tt|u|var|wbr",
    re.I,
)
WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
GAP = re.compile(r"\s*(</(p|div)\s*>)\s*<\2\b[^>]*>|(?:\s*<br\s*/?>){1,3}", re.I)
H1 = re.compile(r"<h1\b[^>]*>(.*?)</h1\s*>", re.S | re.I)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text without a block tag in it: its place in the HTML and its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """One saved page: `runs` are the paragraphs that the truth knows, in page order.

    `gaps` are the places in the HTML between two neighbouring paragraphs.
    """

    id: str
    corpus: str
    url: str
    lang: str
    html: str
    charset: str
    runs: tuple[Run, ...]
    gaps: tuple[int, ...]
    headline: Run | None


def fold(markup: str) -> str:
    """The words of a piece of HTML as a reader sees them, white space folded.

    >>> fold("a <b>b</b>&nbsp;&amp;  c")
    'a b & c'
    """
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def is_wide(text: str) -> bool:
    """Whether a text is written in a script with about two letters to a word."""
    return len(WIDE.findall(text)) * 3 > len(text)


def pages(corpora: Path, *, wanted: int, seed: int) -> Iterator[Page]:
    """Up to `wanted` pages in which the headline or three paragraphs were found.

    Corpora take turns, and no host comes twice.
    """
    truths = list(_truths(corpora))
    random.Random(seed).shuffle(truths)
    queues: dict[str, list[dict[str, object]]] = {}
    for truth in truths:
        queues.setdefault(str(truth["corpus"]), []).append(truth)
    hosts: set[str] = set()
    given = 0
    while given < wanted and any(queues.values()):
        for corpus in sorted(queues):
            page = _next_page(corpora, queues[corpus], hosts)
            if page is not None and given < wanted:
                given += 1
                yield page


def _truths(corpora: Path) -> Iterator[dict[str, object]]:
    with (corpora / "articles" / "truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            truth = json.loads(line)
            if truth.get("body") or truth.get("snippets_with"):
                yield truth


def _next_page(corpora: Path, queue: list[dict[str, object]], hosts: set[str]) -> Page | None:
    while queue:
        truth = queue.pop()
        host = urlsplit(str(truth.get("url", ""))).hostname or str(truth.get("publisher"))
        if host in hosts:
            continue
        page = located(corpora, truth)
        if page is not None:
            hosts.add(host)
            return page
    return None


def located(corpora: Path, truth: dict[str, object]) -> Page | None:
    """The page of a truth line with its paragraphs found, or None where too few are."""
    corpus, ident = str(truth["corpus"]), str(truth["id"])
    packed = corpora / "articles" / "pages" / corpus / f"{ident}.html.gz"
    text, charset = decode(gzip.decompress(packed.read_bytes()))
    if len(text) > LARGEST_PAGE or "\x00" in text:
        return None
    seen = blanked(text)
    runs = _known_runs(seen, truth)
    gaps = tuple(_gaps(seen, runs, closed=bool(truth.get("body"))))
    if len(runs) < (3 if truth.get("body") else 2) or not gaps:
        return None
    return Page(
        id=ident,
        corpus=corpus,
        url=str(truth.get("url") or f"https://{ident}.example/article"),
        lang=str(truth.get("lang") or "en"),
        html=text,
        charset=charset,
        runs=runs,
        gaps=gaps,
        headline=_headline(seen, str(truth.get("title") or "")),
    )


def _known_runs(seen: str, truth: dict[str, object]) -> tuple[Run, ...]:
    """The runs that are a paragraph of the truth, each only if it is there once."""
    lines = {" ".join(line.split()) for line in str(truth.get("body") or "").split("\n")}
    snippets = truth.get("snippets_with")
    parts = [" ".join(str(part).split()) for part in snippets] if isinstance(snippets, list) else []
    parts = [part for part in parts if len(part) > 15]
    found: dict[str, list[Run]] = {}
    for run in runs_of(seen):
        short = SHORTEST_WIDE_PARAGRAPH if is_wide(run.text) else SHORTEST_PARAGRAPH
        if len(run.text) < short:
            continue
        if run.text in lines or any(part in run.text for part in parts):
            found.setdefault(run.text, []).append(run)
    alone = (same[0] for same in found.values() if len(same) == 1)
    return tuple(sorted(alone, key=lambda run: run.start))


def blanked(markup: str) -> str:
    """The HTML with white space in place of all that no reader sees; places stay the same."""
    return UNSEEN.sub(lambda match: " " * len(match[0]), markup)


def _gaps(seen: str, runs: tuple[Run, ...], *, closed: bool) -> Iterator[int]:
    """Places between a known paragraph and its next sibling.

    That is known too, or (not `closed`: the truth is a few snippets) as long as a paragraph.
    """
    known = {run.start for run in runs}
    siblings = {run.start: len(run.text) for run in runs_of(seen)}
    for run in runs:
        gap = GAP.match(seen, run.end)
        if gap is None:
            continue
        long_enough = not closed and siblings.get(gap.end(), 0) >= SHORTEST_PARAGRAPH
        if gap.end() in known or long_enough:
            yield gap.end(1) if gap[1] else gap.end()


def runs_of(seen: str) -> Iterator[Run]:
    """Every stretch of text between two block tags (or line breaks), in page order."""
    start = 0
    for tag in TAG.finditer(seen):
        if INLINE.fullmatch(tag[2]):
            continue
        yield from _run(seen, start, tag.start())
        start = tag.end()
    yield from _run(seen, start, len(seen))


def _run(seen: str, start: int, end: int) -> Iterator[Run]:
    text = fold(seen[start:end])
    if text:
        yield Run(start, end, text)


def _headline(seen: str, title: str) -> Run | None:
    """The page's one `h1` where its words are the headline that the truth knows."""
    found = [match for match in H1.finditer(seen) if len(fold(match[1])) >= SHORTEST_HEADLINE]
    if len(found) != 1:
        return None
    text = fold(found[0][1])
    if (
        title
        and text.casefold() not in title.casefold()
        and title.casefold() not in text.casefold()
    ):
        return None
    return Run(found[0].start(1), found[0].end(1), text)
