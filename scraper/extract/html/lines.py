"""Every line of text on a page, article or not."""

from collections import Counter
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from scraper.errors import ExtractError
from scraper.extract.html.blocks import read_all_blocks
from scraper.extract.html.document import read_page_metadata
from scraper.extract.html.parse import parse
from scraper.extract.html.tags import Tags, read_tags
from scraper.extract.metadata.dek import descriptions


class Document:
    """Owns a page's tree and its tags, which take as long to make as all that is read from them here."""

    def __init__(self, html: bytes, url: str, content_type: str | None = None) -> None:
        self._html = html
        self._url = url
        self._content_type = content_type

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """Raises ExtractError where the bytes are no HTML."""
        return parse(self._html, self._url, self._content_type)

    @cached_property
    def tags(self) -> Tags:
        """Raises ExtractError where the bytes are no HTML."""
        return read_tags(self.tree)

    @cached_property
    def lines(self) -> Counter[str]:
        """How often each line of text is shown; empty where that is no HTML.

        A line is a run of text without a break, with its white space folded: what a paragraph of
        an Article is. The descriptions in the page's tags count as lines, since a standfirst may be
        one of them.
        """
        try:
            blocks = read_all_blocks(self.tree, _no_weight, self.tags.hidden)
        except ExtractError:
            return Counter()
        return Counter([*(block.text for block in blocks), *self._descriptions])

    @cached_property
    def text(self) -> str:
        """All text in one line, hidden text, scripts and descriptions too: a line that is shown on
        the page is in it, if not the other way round. A quarter of the time that `lines` takes.
        """
        try:
            body = self.tree.body
        except ExtractError:
            return ""
        text = body.text() if body else ""
        return " ".join([*text.split(), "", *self._descriptions])

    @cached_property
    def _descriptions(self) -> list[str]:
        return list(descriptions(read_page_metadata(self.tree, self._url, self.tags)))


def _no_weight(tag: str, label: str) -> tuple[float, float]:
    return 0.0, 0.0
