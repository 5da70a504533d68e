"""The text of one page, parsed when it is first needed: most checks need none of it."""

from collections import Counter
from collections.abc import Callable
from functools import cached_property, lru_cache

from scraper.extract.html.document import Document
from storage.diff.text.visible import visible

# The pages of one check: the stored one, and the responses. A larger page is parsed at each step.
SHARED_PAGES, MAX_SHARED_BYTES = 4, 2_000_000


class LazyPageText:
    """Owns one parsed page; a `storage.diff.noise.PageText`.

    >>> page = LazyPageText(lambda: Document(b"<p>One.</p><p hidden>Two.</p>", "https://example.org/"))
    >>> page.lines, page.text
    (Counter({'One.': 1}), 'One.Two. One.')
    """

    def __init__(self, load: Callable[[], Document]) -> None:
        self._load = load

    def __reduce__(
        self,
    ) -> tuple[Callable[[bytes, str, str | None], "LazyPageText"], tuple[bytes, str, str | None]]:
        return page_text, self.document.source  # another process reads the page; it has no database

    @cached_property
    def document(self) -> Document:
        """The page; empty if it is not stored."""
        return self._load()

    def load(self) -> Document:
        """The page, loaded now: a loader may have to run in the thread that owns the database."""
        return self.document

    @cached_property
    def lines(self) -> Counter[str]:
        """How often the page shows each line, as a reader sees it."""
        counts: Counter[str] = Counter()
        for text, count in self.document.lines.items():
            counts[visible(text)] += count
        return counts

    @cached_property
    def placed_lines(self) -> list[tuple[str, str]]:
        """Each line of the page in order, as a reader sees it, with its place."""
        return [(visible(text), place) for text, place in self.document.placed_lines]

    @cached_property
    def places(self) -> dict[str, str]:
        """The place of each line, as a reader sees it, among the elements of the page."""
        return dict(self.placed_lines)

    @cached_property
    def links(self) -> dict[str, str]:
        """The address of each link by its text, as a reader sees it."""
        return {visible(text): address for text, address in self.document.links.items()}

    @cached_property
    def text(self) -> str:
        """All text of the page as a reader sees it, and hidden text, too."""
        return visible(self.document.text)

    def teasers_of(self, url: str) -> str:
        """The text of the boxes of the page that link to an address, as a reader sees it."""
        return visible(self.document.teasers_of(url))


def page_text(html: bytes, url: str, content_type: str | None = None) -> LazyPageText:
    """The text of a page. One that was asked for a moment ago is not parsed again."""
    if len(html) > MAX_SHARED_BYTES:
        return _new_page_text(html, url, content_type)
    return _shared_page_text(html, url, content_type)


def _new_page_text(html: bytes, url: str, content_type: str | None) -> LazyPageText:
    document = Document(html, url, content_type)
    return LazyPageText(lambda: document)


_shared_page_text = lru_cache(maxsize=SHARED_PAGES)(_new_page_text)
