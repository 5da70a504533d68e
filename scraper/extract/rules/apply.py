"""What a site's rule finds on a page; all else is as the general way has it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.article import Stamp
from scraper.extract.body import Body, model, trusted_body
from scraper.extract.byline.names import all_names
from scraper.extract.dates.parse import day_of, parse_stamp
from scraper.extract.dates.published import (
    MODIFIED_LABEL,
    PUBLISHED_LABEL,
    Clock,
    Visible,
    visible_stamps,
)
from scraper.extract.html.blocks import read_parts
from scraper.extract.html.nearby import Block
from scraper.extract.html.tags import Tags, fold
from scraper.extract.metadata import Metadata
from scraper.extract.rules.rule import FIELDS, Rule, selector_and_attribute

MAX_NODES = 5_000  # that one selector finds; the longest article page measured has 3,100 blocks
MAX_FIELD = 50  # elements of one field; the most captions seen on a page are 30
MAX_TEXT = 2_000  # characters of one line
VALUES = {"meta": "content", "time": "datetime"}  # elements whose text an attribute may hold

# The elements of a field, each with its lines of text.
Read = list[tuple[LexborNode, tuple[str, ...]]]


def read_by_rules(
    rules: Sequence[Rule], tree: LexborHTMLParser, tags: Tags, general: Metadata
) -> tuple[Metadata, Body] | None:
    """The page by the first rule whose body is on it, `general` where that rule says nothing.

    None where no rule's body has any text. The tree stays as it was.
    """
    for rule in rules:
        if any(tree.css_first(selector) for selector in rule.body):
            metadata, body = _read_by(rule, tree, tags.hidden, general)
            if body.paragraphs:
                return metadata, replace(body, source=rule.name)
    return None


def missed(rules: Sequence[Rule]) -> str | None:
    """A sentence where rules should have matched and none did; a rule past its day need not."""
    names = ", ".join(rule.name for rule in rules if rule.valid_until is None)
    if not names:
        return None
    return f"no body where {names} looks for it: has the site changed? Read the general way"


def _read_by(
    rule: Rule, tree: LexborHTMLParser, hidden: frozenset[int], general: Metadata
) -> tuple[Metadata, Body]:
    read = {key: _read(getattr(rule, key), tree, hidden) for key in FIELDS}
    others = [node for field in read.values() for node, _ in field]
    for selector in rule.drop:
        others += tree.css(selector)[:MAX_NODES]
    apart = frozenset(node.mem_id for node in others)
    metadata = _overlaid(general, read, rule.name)
    body = Body()
    for selector in rule.body:
        roots = _outermost(tree.css(selector)[:MAX_NODES], apart)
        blocks = read_parts(roots, model.prior, apart | hidden)
        body = trusted_body(blocks, metadata, _lines(read["caption"]))
        if body.paragraphs:
            break
    return metadata, body


def _overlaid(general: Metadata, read: dict[str, Read], name: str) -> Metadata:
    """The general metadata under the fields that a rule found; their source is its name."""
    clock = general.clock
    published = _stamp(read["published"], clock, lambda seen: not seen.is_modified)
    modified = _stamp(read["modified"], clock, lambda seen: seen.is_modified)
    own = {
        "headline": next(iter(_joined(read["headline"])), None),
        "dek": "\n".join(_lines(read["dek"])),
        "byline": all_names(_joined(read["byline"])),
        "published_at": finer(published, general.published_at),
        "modified_at": finer(modified, general.modified_at),
        "section": next(iter(_joined(read["section"])), None),
    }
    # `finer` hands the general stamp itself back where that is the better one.
    own = {key: value for key, value in own.items() if value and value is not getattr(general, key)}
    sources = {**general.sources, **dict.fromkeys(own, name)}
    return replace(general, **own, sources=sources)  # type: ignore[arg-type] # own has their types


def finer(stamp: Stamp | None, general: Stamp | None) -> Stamp | None:
    """The rule's stamp; the general way's where the rule has none or says the same less exactly."""
    if stamp is None or general is None:
        return general if stamp is None else stamp
    if isinstance(stamp, datetime) and isinstance(general, datetime):
        return general if abs(general - stamp) < timedelta(minutes=1) else stamp
    is_same = day_of(stamp) == day_of(general)
    return general if is_same and isinstance(general, datetime) else stamp


def _stamp(read: Read, clock: Clock, is_wanted: Callable[[Visible], bool]) -> Stamp | None:
    """The first stamp that is wanted, or that stands without a label: the selector is its label."""
    for text in _joined(read):
        if PUBLISHED_LABEL.search(text) or MODIFIED_LABEL.search(text):
            seen = visible_stamps((Block("", "", text, None, False),), clock)
            stamps = (entry.sighting.stamp for entry in seen if is_wanted(entry))
            stamp = next(stamps, None)
        else:
            stamp = parse_stamp(text, zone=clock.zone, month_first=clock.month_first)
        if stamp is not None:
            return stamp
    return None


def _read(texts: tuple[str, ...], tree: LexborHTMLParser, hidden: frozenset[int]) -> Read:
    """The elements that the first selector which finds any text finds."""
    for text in texts:
        selector, attribute = selector_and_attribute(text)
        nodes = _outermost(tree.css(selector)[:MAX_FIELD], frozenset())
        if read := [(node, lines) for node in nodes if (lines := _text(node, attribute, hidden))]:
            return read
    return []


def _text(node: LexborNode, attribute: str, hidden: frozenset[int]) -> tuple[str, ...]:
    """What an element says: an attribute, else its text, a line to each block and `<br>`."""
    name = attribute or VALUES.get(node.tag or "")
    if name and (attribute or name in node.attributes):
        texts = [node.attributes.get(name) or ""]
    else:
        texts = [block.text for block in read_parts([node], model.prior, hidden)]
    return tuple(line for text in texts if (line := fold(text[:MAX_TEXT])))


def _joined(read: Read) -> tuple[str, ...]:
    return tuple(" ".join(lines)[:MAX_TEXT] for _, lines in read)


def _lines(read: Read) -> tuple[str, ...]:
    return tuple(line for _, lines in read for line in lines)


def _outermost(nodes: list[LexborNode], apart: frozenset[int]) -> Iterator[LexborNode]:
    """Those of the nodes that are not within each other or within what is apart."""
    bounds = apart.union(node.mem_id for node in nodes)
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in bounds:
            above = above.parent
        if above is None and node.mem_id not in apart:
            yield node
