"""Trackers to put to the test: ours at two depths, and what one could build from a library.

A tracker takes a round, one look at each of many pages, and gives per URL what it logged.
"""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from benchmarks.edits.verdict import Logged
from benchmarks.pages.corpus import TAG, blanked, fold

Fetch = Callable[[str], bytes]  # in process, without the network
Round = Callable[[Sequence[str], Fetch], dict[str, "Seen"]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look gave: the edits, or why there is nothing."""

    edits: tuple[Logged, ...] = ()
    failed: str | None = None


def by_library(read: Callable[[bytes, str], tuple[str, str]]) -> Round:
    """A tracker that remembers headline and text per page and logs their word diff."""
    last: dict[str, tuple[str, str]] = {}

    def look(url: str, fetch: Fetch) -> Seen:
        headline, body = read(fetch(url), url)
        if not body:
            return Seen(failed="no text")
        before = last.get(url)
        last[url] = (headline, body)
        if before is None:
            return Seen()
        edits = [*word_edits("headline", before[0], headline), *word_edits("body", before[1], body)]
        return Seen(tuple(edits))

    return lambda urls, fetch: {url: look(url, fetch) for url in urls}


def by_extract(*, confirm: bool) -> Round:
    """Our extractor and comparison without a database.

    With `confirm`, a look is two requests, and only what both agree on counts.
    """
    from scraper.article import Article  # not in the venvs of the other trackers
    from scraper.errors import ScraperError
    from scraper.extract import extract
    from storage.diff import compare

    last: dict[str, Article] = {}

    def read(url: str, fetch: Fetch) -> Article:
        article = extract(fetch(url), url)
        if not confirm:
            return article
        again = extract(fetch(url), url)
        both = frozenset(again.paragraphs)
        return replace(
            article,
            paragraphs=tuple(text for text in article.paragraphs if text in both),
            captions=tuple(text for text in article.captions if text in again.captions),
            dek=article.dek if article.dek == again.dek else None,
            byline=article.byline if article.byline == again.byline else (),
        )

    def look(url: str, fetch: Fetch) -> Seen:
        try:
            article = read(url, fetch)
        except ScraperError as error:
            return Seen(failed=str(error))
        before = last.get(url)
        last[url] = article
        if before is None:
            return Seen()
        return Seen(tuple(Logged(e.field, e.old, e.new) for e in compare(before, article)))

    return lambda urls, fetch: {url: look(url, fetch) for url in urls}


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
    """Plain trafilatura, its defaults."""
    import trafilatura  # type: ignore[import-not-found]  # only in some venvs

    found = trafilatura.bare_extraction(raw, url=url, with_metadata=True)
    return (found.title or "", found.text or "") if found else ("", "")


def read_readability(raw: bytes, url: str) -> tuple[str, str]:
    """readability-lxml: the short title and the words of the summary."""
    from readability import Document  # type: ignore[import-not-found]  # as above

    text, _ = _decoded(raw)
    page = Document(text)
    return page.short_title(), fold(page.summary().replace("<", " <"))


def read_resiliparse(raw: bytes, url: str) -> tuple[str, str]:
    """Resiliparse with main_content."""
    from resiliparse.extract.html2text import (  # type: ignore[import-not-found]  # as above
        extract_plain_text,
    )

    text, _ = _decoded(raw)
    return "", extract_plain_text(text, main_content=True)


def read_page(raw: bytes, url: str) -> tuple[str, str]:
    """All words of the page."""
    text, _ = _decoded(raw)
    return "", fold(TAG.sub(lambda tag: f" {tag[0]}", blanked(text)))


def _decoded(raw: bytes) -> tuple[str, str]:
    from scraper.http.charset import decode

    return decode(raw)


LIBRARIES: dict[str, Callable[[bytes, str], tuple[str, str]]] = {
    "trafilatura": read_trafilatura,
    "readability": read_readability,
    "resiliparse": read_resiliparse,
    "page": read_page,
}
