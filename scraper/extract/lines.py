"""Every line of text on a page, article or not."""

from collections import Counter

from scraper.errors import ExtractError
from scraper.extract.blocks import read_shown_blocks
from scraper.extract.dek import descriptions
from scraper.extract.page import read_page
from scraper.extract.tree import parse


def read_lines(html: bytes, url: str, *, content_type: str | None = None) -> Counter[str]:
    """How often each line of text is shown on a page; empty where that is no HTML.

    A line is a run of text without a break, with its white space folded: what a paragraph of
    an Article is. The descriptions in the page's tags count as lines, since a standfirst may be
    one of them.
    """
    try:
        tree = parse(html, url, content_type)
    except ExtractError:
        return Counter()
    lines = [block.text for block in read_shown_blocks(tree, _no_weight)]
    return Counter([*lines, *descriptions(read_page(tree, url))])


def read_text(html: bytes, url: str, *, content_type: str | None = None) -> str:
    """All text of a page in one line, hidden text, scripts and descriptions too: a line that is shown on
    the page is in it, if not the other way round. A quarter of the time that `read_lines` takes.
    """
    try:
        tree = parse(html, url, content_type)
    except ExtractError:
        return ""
    text = tree.body.text() if tree.body else ""
    return " ".join([*text.split(), "", *descriptions(read_page(tree, url))])


def _no_weight(tag: str, label: str) -> tuple[float, float]:
    return 0.0, 0.0
