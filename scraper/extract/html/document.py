"""One page, parsed once: its tree, tags, JSON-LD and text, each read when it is first used."""

from collections import Counter
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from scraper.errors import ExtractError
from scraper.extract.html import jsonld
from scraper.extract.html.arc import fusion_article
from scraper.extract.html.blocks import Block, Element, no_weight, read_all_blocks
from scraper.extract.html.jsonld import Thing
from scraper.extract.html.parse import parse
from scraper.extract.html.rows import join_rows
from scraper.extract.html.tags import Tags, read_tags
from scraper.extract.html.teasers import teasers_of
from scraper.extract.html.text import fold_spaces, one_line
from scraper.http.completeness import is_closed
from scraper.patterns import lazy_pattern

# A field's value with the name of the source it was read from.
ValueWithSource = tuple[str | None, str | None]

DESCRIPTION_METAS = ("og:description", "description", "twitter:description", "sailthru.description")
MAX_DESCRIPTION_LENGTH = 2_000
MAX_BODY_TEXT = 160_000
# A place names so many elements, and more around them until one of them has a class or an id.
MIN_PLACE_ELEMENTS, MAX_PLACE_ELEMENTS = 2, 4
DIGITS = lazy_pattern(r"\d+")
# Every table has them: what is around it says more about a cell.
ROW_TAGS = frozenset(("thead", "tbody", "tr"))
HEADING_TAG = lazy_pattern(r"h[1-6]")
# Bold is not among them: a line in bold is a sub-heading.
SET_OFF_SELECTOR = "em, i, cite, small, time"


class Document:
    """Owns a page's tree and everything that several fields are read from.

    The readers of fields take a Document, so that nothing is parsed twice. Only `lines` and `text`
    accept bytes that are no HTML; every other attribute raises ExtractError for them.
    """

    def __init__(self, html: bytes, url: str, content_type: str | None = None) -> None:
        self.url = url
        self._html = html
        self._content_type = content_type

    @property
    def source(self) -> tuple[bytes, str, str | None]:
        """The bytes, the URL and the content type that it was made from."""
        return self._html, self.url, self._content_type

    @cached_property
    def has_closing_tags(self) -> bool:
        """Whether the page closes its `html` or `body` element: one that broke off does not."""
        return is_closed(self._html)

    @cached_property
    def _tree_and_tags(self) -> tuple[LexborHTMLParser, Tags]:
        tree = parse(self._html, self.url, self._content_type)
        return tree, read_tags(tree)

    @property
    def tree(self) -> LexborHTMLParser:
        """The parsed page, its small signs as a reader reads them. Raises ExtractError if the bytes are no HTML."""
        return self._tree_and_tags[0]

    @property
    def tags(self) -> Tags:
        """What the tags say. Takes as long as parsing does."""
        return self._tree_and_tags[1]

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """The JSON-LD things of the page, in order."""
        return tuple(jsonld.things(self.tags.scripts))

    @cached_property
    def things_by_id(self) -> dict[str, Thing]:
        """The JSON-LD things that others refer to, by their `@id`."""
        return jsonld.things_by_id(self.things)

    @cached_property
    def article(self) -> Thing:
        """The JSON-LD thing, or the Arc story, that describes the article; empty if none does."""
        tags = self.tags
        titles = [tags.meta("og:title"), tags.title, *(text for text, _ in tags.h1s)]
        article = jsonld.main_article(self.things, self.url, filter(None, titles)) or {}
        if not article and tags.fusion:
            article = fusion_article(tags.fusion) or {}
        identity = article.get("@id")
        return self.things_by_id.get(identity, article) if isinstance(identity, str) else article

    def claim(self, *names: str) -> str | None:
        """The first of the named JSON-LD values that the article has, as plain text."""
        return next(filter(None, (jsonld.text(self.article.get(name)) for name in names)), None)

    @cached_property
    def descriptions(self) -> tuple[str, ...]:
        """What the tags say that the page is about, each text once, on one line."""
        texts = [self.claim("description"), *(self.tags.meta(name) for name in DESCRIPTION_METAS)]
        return tuple(
            dict.fromkeys(
                fold_spaces(jsonld.unescape(text)[:MAX_DESCRIPTION_LENGTH])
                for text in texts
                if text
            )
        )

    @cached_property
    def body_text(self) -> str:
        """All text of the body, scripts too, a line feed between elements.

        For what is nowhere else: a search of it costs more than reading a tag.
        """
        body = self.tree.body
        return body.text(separator="\n")[:MAX_BODY_TEXT] if body is not None else ""

    @cached_property
    def lines(self) -> Counter[str]:
        """How often the page shows each line of text; empty if the bytes are no HTML.

        A line is a run of text without a break, its white space folded, as in a paragraph of an
        Article. Each description counts as a line, since a dek may be one of them.
        """
        blocks = self._all_blocks
        return Counter([*(block.text for block in blocks), *self.descriptions] if blocks else ())

    @cached_property
    def placed_lines(self) -> list[tuple[str, str]]:
        """Each line of the page in order, with its place: the tags, classes and ids of the elements around it.

        Numbers are folded, so that a template gives the same place to the same part of every page. A line that is
        all in italics, small print or the like is in another place than the lines beside it.
        """
        return [
            (block.text, _place_of(block.element, self._set_off.get(block.text, "")))
            for block in self._all_blocks
        ]

    @cached_property
    def _set_off(self) -> dict[str, str]:
        """The tag of each line, or part of one, that is set off from the text around it."""
        nodes = self.tree.css(SET_OFF_SELECTOR)
        return {one_line(node.text()): node.tag or "" for node in nodes}

    @cached_property
    def places(self) -> dict[str, str]:
        """The place of each line."""
        return dict(self.placed_lines)

    @cached_property
    def links(self) -> dict[str, str]:
        """The address of each link by its text; empty if the bytes are no HTML."""
        try:
            nodes = self.tree.css("a[href]")
        except ExtractError:
            return {}
        return {one_line(node.text()): node.attributes.get("href") or "" for node in nodes}

    @cached_property
    def _all_blocks(self) -> list[Block]:
        try:
            return join_rows(read_all_blocks(self.tree, no_weight, self.tags.hidden))
        except ExtractError:
            return []

    def lines_until(self, text: str) -> list[str]:
        """The lines of the page in order, up to and with the first that is `text`; all if none is.

        >>> page = Document(b"<p>One.</p><p>Two.</p><p>Three.</p>", "https://example.org/")
        >>> page.lines_until("Two."), page.lines_until("Four.")
        (['One.', 'Two.'], ['One.', 'Two.', 'Three.'])
        """
        blocks = read_all_blocks(self.tree, no_weight, self.tags.hidden, last_text=text)
        return [*(block.text for block in join_rows(blocks)), *self.descriptions]

    @cached_property
    def text(self) -> str:
        """All text on one line: visible and hidden text, scripts, and all `lines`.

        Empty if the bytes are no HTML.
        """
        try:
            body = self.tree.body
        except ExtractError:
            return ""
        text = body.text() if body else ""
        return " ".join([*text.split(), "", *self.lines])

    def teasers_of(self, url: str) -> str:
        """The text of the boxes that link to an address; empty if the bytes are no HTML."""
        try:
            return "\n".join(teasers_of(self.tree, self.url, url))
        except ExtractError:
            return ""


def _place_of(element: Element, set_off: str) -> str:
    elements = [element]
    outer = element.parent
    while outer is not None and len(elements) < MAX_PLACE_ELEMENTS:
        if len(elements) >= MIN_PLACE_ELEMENTS and any(part.label for part in elements):
            break
        if outer.label or outer.tag not in ROW_TAGS:
            elements.insert(0, outer)
        outer = outer.parent
    parts = [f"{part.tag} {part.label}".strip() for part in elements]
    if set_off and not HEADING_TAG.fullmatch(element.tag):
        parts[-1] = parts[-1].replace(element.tag, f"{element.tag}-{set_off}", 1)
    return DIGITS.sub("#", " > ".join(parts))
