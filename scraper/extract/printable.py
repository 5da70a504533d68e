"""Texts without the characters that no reader sees and a terminal obeys: the control characters of a page."""

from dataclasses import replace

from scraper.article import Article
from scraper.patterns import lazy_pattern

# Not those that are white space.
UNSEEN_CHARACTER = lazy_pattern("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")


def without_controls(article: Article) -> Article:
    """The article without control characters, and without lines that have nothing else.

    A parser leaves them in the text of an element; scripts and character references have more of them.
    """
    return replace(
        article,
        headline=printable_text(article.headline),
        dek=printable_text(article.dek or "") or None,
        section=printable_text(article.section or "") or None,
        byline=_printable_lines(article.byline),
        paragraphs=_printable_lines(article.paragraphs),
        captions=_printable_lines(article.captions),
        headlines={source: printable_text(text) for source, text in article.headlines.items()},
    )


def printable_text(text: str) -> str:
    """The text without control characters, and without white space at its ends or where they were.

    >>> printable_text("0 \\x08"), printable_text("Bridge \\x07 opens"), printable_text("one\\ntwo")
    ('0', 'Bridge opens', 'one\\ntwo')
    """
    if text.isprintable() or not UNSEEN_CHARACTER.search(text):
        return text.strip()
    lines = (" ".join(line.split()) for line in UNSEEN_CHARACTER.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line)


def _printable_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for line in map(printable_text, lines) if line)
