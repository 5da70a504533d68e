"""Trackers to compare: Variorum's extractor alone, and what one could build from a library.

A tracker makes one check of each of many pages and returns what it logged, by URL.
"""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from benchmarks.edits.verdict import Logged
from benchmarks.pages.corpus import HTML_TAG, blank_invisible, plain_text

FetchPage = Callable[[str], bytes]  # without the network
Tracker = Callable[[Sequence[str], FetchPage], dict[str, "TrackerResult"]]


@dataclass(frozen=True, slots=True)
class TrackerResult:
    """What one check logged: the edits, or the failure that prevented them."""

    edits: tuple[Logged, ...] = ()
    failure: str | None = None


def library_tracker(read: Callable[[bytes, str], tuple[str, str]]) -> Tracker:
    """A tracker that keeps the last headline and text of each page and logs their word diff."""
    last: dict[str, tuple[str, str]] = {}

    def check_page(url: str, fetch: FetchPage) -> TrackerResult:
        headline, body = read(fetch(url), url)
        if not body:
            return TrackerResult(failure="no text")
        previous = last.get(url)
        last[url] = (headline, body)
        if previous is None:
            return TrackerResult()
        edits = [
            *word_edits("headline", previous[0], headline),
            *word_edits("body", previous[1], body),
        ]
        return TrackerResult(tuple(edits))

    return lambda urls, fetch: {url: check_page(url, fetch) for url in urls}


def extract_tracker(*, confirm: bool) -> Tracker:
    """Variorum's extractor and comparison without a database.

    With `confirm`, a check is two fetches, and only the text that both agree on counts.
    """
    from scraper.article import Article  # here: the other trackers' environments lack these
    from scraper.errors import ScraperError
    from scraper.extract import extract
    from storage.diff import compare

    last: dict[str, Article] = {}

    def read(url: str, fetch: FetchPage) -> Article:
        article = extract(fetch(url), url)
        if not confirm:
            return article
        second = extract(fetch(url), url)
        second_paragraphs = frozenset(second.paragraphs)
        return replace(
            article,
            paragraphs=tuple(text for text in article.paragraphs if text in second_paragraphs),
            captions=tuple(text for text in article.captions if text in second.captions),
            dek=article.dek if article.dek == second.dek else None,
            byline=article.byline if article.byline == second.byline else (),
        )

    def check_page(url: str, fetch: FetchPage) -> TrackerResult:
        try:
            article = read(url, fetch)
        except ScraperError as error:
            return TrackerResult(failure=str(error))
        previous = last.get(url)
        last[url] = article
        if previous is None:
            return TrackerResult()
        return TrackerResult(
            tuple(Logged(e.field, e.old, e.new) for e in compare(previous, article))
        )

    return lambda urls, fetch: {url: check_page(url, fetch) for url in urls}


def word_edits(field: str, old: str, new: str) -> list[Logged]:
    """The plain word diff of two texts."""
    if old == new:
        return []
    pattern = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+|\s+")
    a, b = pattern.findall(old), pattern.findall(new)
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return [
        Logged(field, "".join(a[i1:i2]).strip() or None, "".join(b[j1:j2]).strip() or None)
        for op, i1, i2, j1, j2 in matcher.get_opcodes()
        if op != "equal"
    ]


def read_trafilatura(raw: bytes, url: str) -> tuple[str, str]:
    """Headline and text by trafilatura with its defaults."""
    import trafilatura  # type: ignore[import-not-found]  # only in some venvs

    document = trafilatura.bare_extraction(raw, url=url, with_metadata=True)
    return (document.title or "", document.text or "") if document else ("", "")


def read_readability(raw: bytes, url: str) -> tuple[str, str]:
    """Headline and text by readability-lxml: its short title and the words of its summary."""
    from readability import Document  # type: ignore[import-not-found]  # as above

    text, _ = _decode_page(raw)
    page = Document(text)
    return page.short_title(), plain_text(page.summary().replace("<", " <"))


def read_resiliparse(raw: bytes, url: str) -> tuple[str, str]:
    """No headline, and the text by Resiliparse with main_content."""
    from resiliparse.extract.html2text import (  # type: ignore[import-not-found]  # as above
        extract_plain_text,
    )

    text, _ = _decode_page(raw)
    return "", extract_plain_text(text, main_content=True)


def read_all_text(raw: bytes, url: str) -> tuple[str, str]:
    """No headline, and all words of the page."""
    text, _ = _decode_page(raw)
    return "", plain_text(HTML_TAG.sub(lambda tag: f" {tag[0]}", blank_invisible(text)))


def _decode_page(raw: bytes) -> tuple[str, str]:
    from scraper.http.charset import decode

    return decode(raw)


LIBRARY_READERS: dict[str, Callable[[bytes, str], tuple[str, str]]] = {
    "trafilatura": read_trafilatura,
    "readability": read_readability,
    "resiliparse": read_resiliparse,
    "page": read_all_text,
}
