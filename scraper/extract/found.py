"""What a site's rule finds on a page, and what is the body there."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.article import Stamp
from scraper.extract.blocks import INLINE
from scraper.extract.dates import day_of, parse_stamp
from scraper.extract.sites import Rule, selector_and_attribute
from scraper.extract.stamps import (
    MODIFIED_LABEL,
    PUBLISHED_LABEL,
    Clock,
    Visible,
    visible_stamps,
)
from scraper.extract.tags import fold
from scraper.extract.vicinity import Block

MAX_NODES = 5_000  # that one selector finds; the longest article page measured has 3,100 blocks
MAX_FIELD = 50  # elements of one field; the most captions seen on a page are 30
MAX_PIECES = 500  # nodes in one of them
MAX_TEXT = 2_000  # characters of one line
VALUES = {"meta": "content", "time": "datetime"}  # elements whose text an attribute may hold
UNREAD = frozenset(("script", "style", "template", "noscript"))

# The elements of a field, each with its lines of text.
Read = list[tuple[LexborNode, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Found:
    """The fields of a page as its rule gives them, white space folded and else raw.

    Where the rule's body is not on the page it has stopped matching: `rule` is None and all
    is empty. `body` are the elements that hold the text, in page order, none within
    another; `apart` has the `mem_id` of each element that is dropped or another field's.
    """

    rule: Rule | None = None
    headline: str | None = None
    dek: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    section: str | None = None
    captions: tuple[str, ...] = ()
    body: tuple[LexborNode, ...] = ()
    apart: frozenset[int] = frozenset()


def find(rules: Iterable[Rule], tree: LexborHTMLParser) -> Found:
    """What the first rule that matches finds; an empty Found where none does."""
    for rule in rules:
        found = apply(rule, tree)
        if found.rule:
            return found
    return Found()


def apply(rule: Rule, tree: LexborHTMLParser) -> Found:
    """What one rule finds; the tree stays as it was."""
    bodies = [nodes for selector in rule.body if (nodes := tree.css(selector)[:MAX_NODES])]
    if not bodies:
        return Found()
    headline, section = _read(rule.headline, tree), _read(rule.section, tree)
    dek, captions = _read(rule.dek, tree), _read(rule.caption, tree)
    byline = _read(rule.byline, tree)
    published, modified = _read(rule.published, tree), _read(rule.modified, tree)
    fields = (headline, section, dek, captions, byline, published, modified)
    others = [node for field in fields for node, _ in field]
    if rule.drop:
        others += tree.css(", ".join(rule.drop))[:MAX_NODES]
    apart = frozenset(node.mem_id for node in others)
    for nodes in bodies:
        if body := tuple(_outermost(nodes, apart)):
            return Found(
                rule=rule,
                headline=next(iter(_joined(headline)), None),
                dek=_lines(dek),
                byline=_joined(byline),
                published=_joined(published),
                modified=_joined(modified),
                section=next(iter(_joined(section)), None),
                captions=tuple(dict.fromkeys(_lines(captions))),
                body=body,
                apart=apart,
            )
    return Found()


def published_at(found: Found, clock: Clock) -> Stamp | None:
    """When the article was published, by the rule; a time labelled as a change is none."""
    return _stamp(found.published, clock, lambda seen: not seen.is_modified)


def modified_at(found: Found, clock: Clock) -> Stamp | None:
    """When the article was changed, by the rule; a time labelled as the publication is none."""
    return _stamp(found.modified, clock, lambda seen: seen.is_modified)


def finer(stamp: Stamp | None, general: Stamp | None) -> Stamp | None:
    """The rule's stamp; the general way's where the rule has none or says the same less exactly."""
    if stamp is None or general is None:
        return general if stamp is None else stamp
    if isinstance(stamp, datetime) and isinstance(general, datetime):
        return general if abs(general - stamp) < timedelta(minutes=1) else stamp
    is_same = day_of(stamp) == day_of(general)
    return general if is_same and isinstance(general, datetime) else stamp


def missed(rules: tuple[Rule, ...]) -> str | None:
    """A sentence where rules should have matched and none did; a rule past its day need not."""
    names = ", ".join(rule.name for rule in rules if rule.valid_until is None)
    if not names:
        return None
    return f"no body where {names} looks for it: has the site changed? Read the general way"


def _stamp(
    texts: tuple[str, ...], clock: Clock, is_wanted: Callable[[Visible], bool]
) -> Stamp | None:
    """The first stamp that is wanted, or that stands without a label: the selector is its label."""
    for text in texts:
        if PUBLISHED_LABEL.search(text) or MODIFIED_LABEL.search(text):
            seen = visible_stamps((Block("", "", text, None, False),), clock)
            stamps = (entry.sighting.stamp for entry in seen if is_wanted(entry))
            stamp = next(stamps, None)
        else:
            stamp = parse_stamp(text, zone=clock.zone, month_first=clock.month_first)
        if stamp is not None:
            return stamp
    return None


def _read(texts: tuple[str, ...], tree: LexborHTMLParser) -> Read:
    """The elements that the first selector which finds any text finds."""
    for text in texts:
        selector, attribute = selector_and_attribute(text)
        nodes = tree.css(selector)[:MAX_FIELD]
        if read := [(node, lines) for node in nodes if (lines := _lines_of(node, attribute))]:
            return read
    return []


def _joined(read: Read) -> tuple[str, ...]:
    return tuple(" ".join(lines)[:MAX_TEXT] for _, lines in read)


def _lines(read: Read) -> tuple[str, ...]:
    return tuple(line for _, lines in read for line in lines)


def _lines_of(node: LexborNode, attribute: str) -> tuple[str, ...]:
    """What an element says: an attribute, else its text, a line to each block and `<br>`."""
    name = attribute or VALUES.get(node.tag or "")
    if name and (attribute or name in node.attributes):
        line = fold((node.attributes.get(name) or "")[:MAX_TEXT])
        return (line,) if line else ()
    lines = "".join(_pieces(node)).split("\n")
    return tuple(line for text in lines if (line := fold(text[:MAX_TEXT])))


def _pieces(node: LexborNode) -> Iterator[str]:
    for count, child in enumerate(node.traverse(include_text=True)):
        if count > MAX_PIECES:
            return
        if child.tag == "-text":
            if child.parent is None or child.parent.tag not in UNREAD:
                before = child.prev
                after_block = before is not None and not _is_inline(before)
                text = (child.text_content or "").replace("\n", " ")
                yield f"\n{text}" if after_block else text
        elif not _is_inline(child):
            yield "\n"


def _is_inline(node: LexborNode) -> bool:
    tag = node.tag or "-"
    return tag.startswith("-") or tag in INLINE


def _outermost(nodes: list[LexborNode], apart: frozenset[int]) -> Iterator[LexborNode]:
    """Those of the nodes with text of their own, not within each other or what is apart."""
    bounds = apart.union(node.mem_id for node in nodes)
    for node in nodes:
        if node.mem_id not in apart and not _above(node, bounds) and _has_text(node, apart):
            yield node


def _above(node: LexborNode, ids: frozenset[int]) -> int:
    """The nearest element around a node that is one of these; 0 where none is."""
    at = node.parent
    while at is not None and at.mem_id not in ids:
        at = at.parent
    return at.mem_id if at is not None else 0


def _has_text(node: LexborNode, apart: frozenset[int]) -> bool:
    """Whether an element has any text outside of what is apart."""
    for child in node.traverse(include_text=True):
        if child.tag == "-text" and (child.text_content or "").strip():
            is_read = child.parent is not None and child.parent.tag not in UNREAD
            if is_read and _is_own(child, node.mem_id, apart):
                return True
    return False


def _is_own(child: LexborNode, whole: int, apart: frozenset[int]) -> bool:
    """Whether nothing that is apart stands between a piece of text and the whole around it."""
    at = child.parent
    while at is not None and at.mem_id != whole and at.mem_id not in apart:
        at = at.parent
    return at is not None and at.mem_id == whole
