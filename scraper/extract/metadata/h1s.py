"""The text of an `h1` without what is no headline in it: kickers and badges that are elements of their own."""

from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from scraper.extract.html.tags import spaced_text
from scraper.extract.html.text import bare, fold_spaces
from scraper.patterns import lazy_pattern

ReadParts = Callable[[], frozenset[str]]

MAX_LABELS = 2  # elements before or after the headline
MAX_H1_CHILDREN, MAX_H1_DEPTH = 12, 4
MAX_BADGE_LENGTH = 24  # characters
MIN_LABELLED_LENGTH = 10  # letters of a headline beside a badge
MIN_LABEL_TITLE = 15  # letters of a label that may be the headline itself
MIN_SHARE_OF_H1 = 0.5  # of the letters of an h1
LABEL_SEPARATORS = " :|•·–—-/"
UNSHOWN_TAGS = frozenset(["script", "style", "template", "svg"])
# Classes of what says in which state a story is, which no headline does.
BADGE_MARK = lazy_pattern(
    r"(?<![a-z])(?:badges?|labels?|flags?|live|status|pills?|chips?|stickers?|breaking)(?![a-z])"
)
FRONT_PAGES = frozenset(["", "/", "/index.html", "/index.php", "/index.htm", "/home", "/#"])


def headline_of_h1(
    node: LexborNode, text: str, read_claims: ReadParts, read_title: ReadParts
) -> str:
    """The text of an h1 without its badges, and without the kicker that no other title of the page has.

    The titles in the tags and the `<title>` are read with the parts between their separators, by their letters, for an
    h1 that has elements. Search engines like a kicker, so the `<title>` alone keeps none.
    """
    parts = _parts(node)
    if len(parts) < 2:
        return text
    claims, title = read_claims(), read_title()
    if bare(text) in claims:
        return text
    least = len(bare(text)) * MIN_SHARE_OF_H1
    for titles in (claims, frozenset() if bare(text) in title else title):
        for labels, rest in _without_labels([part for part, _ in parts]):
            if bare(rest) in titles and len(bare(rest)) >= least:
                # Where a label is another title of the page, `headline.py` chooses.
                names = [name for name in map(bare, labels) if len(name) >= MIN_LABEL_TITLE]
                return text if any(name in claims | title for name in names) else rest
    kept = [part for part, element in parts if element is None or not _is_badge(part, element)]
    rest = _joined(kept)
    return rest if len(kept) < len(parts) and len(bare(rest)) >= MIN_LABELLED_LENGTH else text


def is_front_page_link(node: LexborNode, text: str, url: str) -> bool:
    """Whether all text of an h1 is a link to the front page of its site, so the site's name."""
    link = node.css_first("a[href]")
    if link is None and node.parent is not None and node.parent.tag == "a":
        link = node.parent
    if link is None or bare(spaced_text(link)) != bare(text):
        return False
    try:
        page, target = urlsplit(url), urlsplit(urljoin(url, link.attributes.get("href") or ""))
    except ValueError:
        return False
    is_same_host = not target.netloc or target.netloc == page.netloc
    return is_same_host and target.path.lower() in FRONT_PAGES and page.path not in FRONT_PAGES


def _parts(node: LexborNode) -> list[tuple[str, LexborNode | None]]:
    """The texts directly in an h1, each with its element if it has one of its own."""
    children = list(_shown_children(node))
    for _ in range(MAX_H1_DEPTH):
        if len(children) == 1 and children[0].tag != "-text":
            children = list(_shown_children(children[0]))
    return [
        (child.text_content or "", None) if child.tag == "-text" else (spaced_text(child), child)
        for child in children[:MAX_H1_CHILDREN]
    ]


def _shown_children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    for _ in range(4 * MAX_H1_CHILDREN):
        if child is None:
            return
        is_shown = child.tag not in UNSHOWN_TAGS and not (child.tag or "").startswith("-comment")
        if is_shown and child.text().strip():
            yield child
        child = child.next


def _without_labels(parts: list[str]) -> Iterator[tuple[list[str], str]]:
    """The parts without the first ones, the last ones or both, which have letters; fewest labels first."""
    ends = [(start, end) for start in range(MAX_LABELS + 1) for end in range(MAX_LABELS + 1)]
    for start, end in sorted(ends, key=sum)[1:]:
        labels = [*parts[:start], *parts[len(parts) - end :]]
        if start + end < len(parts) and all(map(bare, labels)):
            yield labels, _joined(parts[start : len(parts) - end])


def _joined(parts: list[str]) -> str:
    return fold_spaces(" ".join(parts)).strip(LABEL_SEPARATORS)


def _is_badge(part: str, element: LexborNode) -> bool:
    marks = f"{element.attributes.get('class') or ''} {element.attributes.get('id') or ''}".lower()
    return len(part) <= MAX_BADGE_LENGTH and BADGE_MARK.search(marks) is not None
