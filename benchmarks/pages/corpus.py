"""Saved article pages of the corpora, with the place of each true paragraph in their HTML.

The corpora are other people's text: benchmarks read them where they are and never copy them.
"""

import gzip
import html
import importlib.util
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scraper.http.charset import decode

MAX_PAGE_CHARACTERS = 1_500_000  # the few larger pages only cost time
MIN_PARAGRAPH_CHARACTERS = 60  # menus often repeat shorter lines
MIN_CJK_PARAGRAPH_CHARACTERS = 25  # the same for Chinese, Japanese and Korean
MIN_SNIPPET_CHARACTERS = 16
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
    """Text between two block tags: its start and end in the HTML, and its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """One saved page. `runs` are its true paragraphs in page order.

    `gaps` are the positions in the HTML between two neighbouring paragraphs.
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
    """The words of a piece of HTML as a reader sees them, with single spaces between them.

    >>> plain_text("a <b>b</b>&nbsp;&amp;  c")
    'a b & c'
    """
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def is_cjk(text: str) -> bool:
    """Whether more than a third of a text is Chinese, Japanese or Korean characters."""
    return len(CJK_CHARACTER.findall(text)) * 3 > len(text)


def pages(corpora: Path, *, limit: int, seed: int) -> Iterator[CorpusPage]:
    """Up to `limit` pages whose true paragraphs `locate_paragraphs` can locate.

    The corpora take turns, and each host comes once.
    """
    truths = [t for t in read_truths(corpora) if t.get("body") or t.get("snippets_with")]
    random.Random(seed).shuffle(truths)
    queues: dict[str, list[dict[str, Any]]] = {}
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


def read_truths(corpora: Path) -> list[dict[str, Any]]:
    """What the saved pages should give, a dictionary per page."""
    with (corpora / "articles" / "truth.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def saved_page(corpora: Path, truth: dict[str, Any]) -> bytes:
    """The bytes of the saved page of a truth."""
    path = corpora / "articles" / "pages" / str(truth["corpus"]) / f"{truth['id']}.html.gz"
    return gzip.decompress(path.read_bytes())


def corpus_scorer(corpora: Path) -> Any:
    """The module `score` that the corpora bring."""
    path = corpora / "articles" / "score.py"
    spec = importlib.util.spec_from_file_location("corpus_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _next_page(corpora: Path, queue: list[dict[str, Any]], hosts: set[str]) -> CorpusPage | None:
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


def locate_paragraphs(corpora: Path, truth: dict[str, Any]) -> CorpusPage | None:
    """The page of a truth with the places of its paragraphs, None if it has too few of them."""
    corpus, ident = str(truth["corpus"]), str(truth["id"])
    text, charset = decode(saved_page(corpora, truth))
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


def _true_runs(visible: str, truth: dict[str, Any]) -> tuple[Run, ...]:
    """The runs that are a paragraph of the truth and that the page has only once."""
    lines = {" ".join(line.split()) for line in str(truth.get("body") or "").split("\n")}
    snippets = truth.get("snippets_with")
    parts = [" ".join(str(part).split()) for part in snippets] if isinstance(snippets, list) else []
    parts = [part for part in parts if len(part) >= MIN_SNIPPET_CHARACTERS]
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
    """The HTML with spaces in place of everything invisible; all positions stay the same."""
    return INVISIBLE_MARKUP.sub(lambda match: " " * len(match[0]), markup)


def _gaps(visible: str, runs: tuple[Run, ...], *, is_complete: bool) -> Iterator[int]:
    """The positions between a true paragraph and its next sibling.

    The sibling must be a true paragraph too. If the truth is only a few snippets (it is not
    `is_complete`), a sibling as long as a paragraph will do.
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
    """The text between each two block tags (or line breaks), in page order."""
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
    """The only `h1` of the page, if its words are the true headline."""
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
