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

DEFAULT_CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
MAX_PAGE_CHARACTERS = 1_500_000  # characters; the few larger ones only cost time
MIN_PARAGRAPH_CHARACTERS = 60  # characters; under it a line is often found in menus too
MIN_CJK_PARAGRAPH_CHARACTERS = 25  # the same for Chinese, Japanese and Korean
MIN_HEADLINE_CHARACTERS = 12

INVISIBLE_MARKUP = re.compile(
    r"<!--.*?-->|<(script|style|noscript|template|textarea|svg|head)\b.*?</\1\s*>", re.S | re.I
)
HTML_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^>]*)>")
INLINE_TAG_NAME = re.compile(
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|rp|rt|ruby|s|samp|"
    "small|span|strike|strong|sub|sup|time|tt|u|var|wbr",
    re.I,
)
CJK_CHARACTER = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
PARAGRAPH_BREAK = re.compile(r"\s*(</(p|div)\s*>)\s*<\2\b[^>]*>|(?:\s*<br\s*/?>){1,3}", re.I)
H1_ELEMENT = re.compile(r"<h1\b[^>]*>(.*?)</h1\s*>", re.S | re.I)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text without a block tag in it: its place in the HTML and its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class CorpusPage:
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


def plain_text(markup: str) -> str:
    """The words of a piece of HTML as a reader sees them, white space folded.

    >>> plain_text("a <b>b</b>&nbsp;&amp;  c")
    'a b & c'
    """
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def is_cjk(text: str) -> bool:
    """Whether a text is written in a script with about two letters to a word."""
    return len(CJK_CHARACTER.findall(text)) * 3 > len(text)


def pages(corpora: Path, *, limit: int, seed: int) -> Iterator[CorpusPage]:
    """Up to `limit` pages in which the headline or three paragraphs were found.

    Corpora take turns, and no host comes twice.
    """
    truths = list(_truths(corpora))
    random.Random(seed).shuffle(truths)
    queues: dict[str, list[dict[str, object]]] = {}
    for truth in truths:
        queues.setdefault(str(truth["corpus"]), []).append(truth)
    hosts: set[str] = set()
    page_count = 0
    while page_count < limit and any(queues.values()):
        for corpus in sorted(queues):
            page = _next_page(corpora, queues[corpus], hosts)
            if page is not None and page_count < limit:
                page_count += 1
                yield page


def _truths(corpora: Path) -> Iterator[dict[str, object]]:
    with (corpora / "articles" / "truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            truth = json.loads(line)
            if truth.get("body") or truth.get("snippets_with"):
                yield truth


def _next_page(corpora: Path, queue: list[dict[str, object]], hosts: set[str]) -> CorpusPage | None:
    while queue:
        truth = queue.pop()
        host = urlsplit(str(truth.get("url", ""))).hostname or str(truth.get("publisher"))
        if host in hosts:
            continue
        page = locate_paragraphs(corpora, truth)
        if page is not None:
            hosts.add(host)
            return page
    return None


def locate_paragraphs(corpora: Path, truth: dict[str, object]) -> CorpusPage | None:
    """The page of a truth line with its paragraphs found, or None where too few are."""
    corpus, ident = str(truth["corpus"]), str(truth["id"])
    path = corpora / "articles" / "pages" / corpus / f"{ident}.html.gz"
    text, charset = decode(gzip.decompress(path.read_bytes()))
    if len(text) > MAX_PAGE_CHARACTERS or "\x00" in text:
        return None
    visible = blank_invisible(text)
    runs = _true_runs(visible, truth)
    gaps = tuple(_gaps(visible, runs, is_complete=bool(truth.get("body"))))
    if len(runs) < (3 if truth.get("body") else 2) or not gaps:
        return None
    return CorpusPage(
        id=ident,
        corpus=corpus,
        url=str(truth.get("url") or f"https://{ident}.example/article"),
        lang=str(truth.get("lang") or "en"),
        html=text,
        charset=charset,
        runs=runs,
        gaps=gaps,
        headline=_headline(visible, str(truth.get("title") or "")),
    )


def _true_runs(visible: str, truth: dict[str, object]) -> tuple[Run, ...]:
    """The runs that are a paragraph of the truth, each only if it is there once."""
    lines = {" ".join(line.split()) for line in str(truth.get("body") or "").split("\n")}
    snippets = truth.get("snippets_with")
    parts = [" ".join(str(part).split()) for part in snippets] if isinstance(snippets, list) else []
    parts = [part for part in parts if len(part) > 15]
    matches: dict[str, list[Run]] = {}
    for run in runs_of(visible):
        min_length = MIN_CJK_PARAGRAPH_CHARACTERS if is_cjk(run.text) else MIN_PARAGRAPH_CHARACTERS
        if len(run.text) < min_length:
            continue
        if run.text in lines or any(part in run.text for part in parts):
            matches.setdefault(run.text, []).append(run)
    unique_runs = (group[0] for group in matches.values() if len(group) == 1)
    return tuple(sorted(unique_runs, key=lambda run: run.start))


def blank_invisible(markup: str) -> str:
    """The HTML with white space in place of all that no reader sees; places stay the same."""
    return INVISIBLE_MARKUP.sub(lambda match: " " * len(match[0]), markup)


def _gaps(visible: str, runs: tuple[Run, ...], *, is_complete: bool) -> Iterator[int]:
    """Places between a known paragraph and its next sibling.

    That is known too, or (not `is_complete`: the truth is a few snippets) as long as a paragraph.
    """
    paragraph_starts = {run.start for run in runs}
    siblings = {run.start: len(run.text) for run in runs_of(visible)}
    for run in runs:
        gap = PARAGRAPH_BREAK.match(visible, run.end)
        if gap is None:
            continue
        is_long_enough = not is_complete and siblings.get(gap.end(), 0) >= MIN_PARAGRAPH_CHARACTERS
        if gap.end() in paragraph_starts or is_long_enough:
            yield gap.end(1) if gap[1] else gap.end()


def runs_of(visible: str) -> Iterator[Run]:
    """Every stretch of text between two block tags (or line breaks), in page order."""
    start = 0
    for tag in HTML_TAG.finditer(visible):
        if INLINE_TAG_NAME.fullmatch(tag[2]):
            continue
        yield from _run(visible, start, tag.start())
        start = tag.end()
    yield from _run(visible, start, len(visible))


def _run(visible: str, start: int, end: int) -> Iterator[Run]:
    text = plain_text(visible[start:end])
    if text:
        yield Run(start, end, text)


def _headline(visible: str, title: str) -> Run | None:
    """The page's one `h1` where its words are the headline that the truth knows."""
    matches = [
        match
        for match in H1_ELEMENT.finditer(visible)
        if len(plain_text(match[1])) >= MIN_HEADLINE_CHARACTERS
    ]
    if len(matches) != 1:
        return None
    text = plain_text(matches[0][1])
    if (
        title
        and text.casefold() not in title.casefold()
        and title.casefold() not in text.casefold()
    ):
        return None
    return Run(matches[0].start(1), matches[0].end(1), text)
