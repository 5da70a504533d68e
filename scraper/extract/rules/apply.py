"""A page read by a site rule; the general extraction reads what the rule does not find."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.article import Timestamp
from scraper.extract.body import model, trusted_body
from scraper.extract.body.refine import Body
from scraper.extract.byline.names import all_names
from scraper.extract.dates.parse import day_of, parse_date
from scraper.extract.dates.visible import DateContext, VisibleDate, find_visible_dates
from scraper.extract.html.blocks import read_parts
from scraper.extract.html.document import Document
from scraper.extract.html.rows import join_rows
from scraper.extract.html.text import fold_spaces
from scraper.extract.metadata import Metadata
from scraper.extract.rules.rule import RULE_FIELDS, Rule, selector_and_attribute
from scraper.phrases.date_labels import MODIFIED_LABEL, PUBLISHED_LABEL

MAX_SELECTED_NODES = 5_000  # of one selector; the longest article page measured has 3,100 blocks
MAX_FIELD_ELEMENTS = 50  # the most captions on one page are 30
MAX_RULE_LINE_LENGTH = 2_000  # characters of one line
VALUE_ATTRIBUTES = {"meta": "content", "time": "datetime"}  # attributes that are the text

# The elements of a field, each with its lines of text.
FieldLines = list[tuple[LexborNode, tuple[str, ...]]]


def read_by_rules(
    rules: Sequence[Rule], document: Document, general: Metadata
) -> tuple[Metadata, Body] | None:
    """The fields and body of a page by the first rule whose body it has; None if it has none.

    `general` are the fields of the general extraction, for those that the rule does not find.
    """
    for rule in rules:
        if any(document.tree.css_first(selector) for selector in rule.body):
            metadata, body = _apply_rule(rule, document, general)
            if body.paragraphs:
                return metadata, replace(body, source=rule.name)
    return None


def describe_unmatched(rules: Sequence[Rule]) -> str | None:
    """A sentence if rules should have matched and none did; None if all are past their last day."""
    names = ", ".join(rule.name for rule in rules if rule.valid_until is None)
    if not names:
        return None
    return f"{names} found no body; has the site changed? The page was extracted without the rule"


def _apply_rule(rule: Rule, document: Document, general: Metadata) -> tuple[Metadata, Body]:
    tree, hidden = document.tree, document.tags.hidden
    field_lines = {key: _read_field(getattr(rule, key), tree, hidden) for key in RULE_FIELDS}
    other_nodes = [node for field in field_lines.values() for node, _ in field]
    for selector in rule.drop:
        other_nodes += tree.css(selector)[:MAX_SELECTED_NODES]
    skipped_ids = frozenset(node.mem_id for node in other_nodes)
    metadata = _overlay(general, field_lines, rule.name)
    body = Body()
    for selector in rule.body:
        roots = _outermost(tree.css(selector)[:MAX_SELECTED_NODES], skipped_ids)
        blocks = join_rows(read_parts(roots, model.prior, skipped_ids | hidden))
        body = trusted_body(blocks, metadata, _all_lines(field_lines["caption"]))
        if body.paragraphs:
            break
    return metadata, body


def _overlay(general: Metadata, field_lines: dict[str, FieldLines], name: str) -> Metadata:
    """The general metadata with the fields that a rule found; their source is its `name`."""
    date_context = general.date_context
    published = _rule_timestamp(
        field_lines["published"], date_context, lambda visible: not visible.is_modified
    )
    modified = _rule_timestamp(
        field_lines["modified"], date_context, lambda visible: visible.is_modified
    )
    by_rule = {
        "headline": next(iter(_joined_lines(field_lines["headline"])), None),
        "dek": "\n".join(_all_lines(field_lines["dek"])),
        "byline": all_names(_joined_lines(field_lines["byline"])),
        "published_at": more_precise(published, general.published_at),
        "modified_at": more_precise(modified, general.modified_at),
        "section": next(iter(_joined_lines(field_lines["section"])), None),
    }
    # `more_precise` gives back the general timestamp itself if that is the better one.
    by_rule = {
        key: value for key, value in by_rule.items() if value and value is not getattr(general, key)
    }
    sources = {**general.sources, **dict.fromkeys(by_rule, name)}
    return replace(general, **by_rule, sources=sources)  # type: ignore[arg-type] # by_rule has their types


def more_precise(timestamp: Timestamp | None, general: Timestamp | None) -> Timestamp | None:
    """The timestamp of the rule, or the general one if that says the same more exactly."""
    if timestamp is None or general is None:
        return general if timestamp is None else timestamp
    if isinstance(timestamp, datetime) and isinstance(general, datetime):
        return general if abs(general - timestamp) < timedelta(minutes=1) else timestamp
    is_same = day_of(timestamp) == day_of(general)
    return general if is_same and isinstance(general, datetime) else timestamp


def _rule_timestamp(
    field_lines: FieldLines, date_context: DateContext, is_wanted: Callable[[VisibleDate], bool]
) -> Timestamp | None:
    """The first timestamp that is wanted or has no label: then the selector is its label."""
    for text in _joined_lines(field_lines):
        if PUBLISHED_LABEL.search(text) or MODIFIED_LABEL.search(text):
            visible = find_visible_dates((text,), date_context)
            timestamps = (entry.date_match.timestamp for entry in visible if is_wanted(entry))
            timestamp = next(timestamps, None)
        else:
            timestamp = parse_date(text, zone=date_context.zone, first=date_context.first)
        if timestamp is not None:
            return timestamp
    return None


def _read_field(
    texts: tuple[str, ...], tree: LexborHTMLParser, hidden: frozenset[int]
) -> FieldLines:
    """The elements of the first selector that finds any text, with their lines."""
    for text in texts:
        selector, attribute = selector_and_attribute(text)
        nodes = _outermost(tree.css(selector)[:MAX_FIELD_ELEMENTS], frozenset())
        if field_lines := [
            (node, lines) for node in nodes if (lines := _node_lines(node, attribute, hidden))
        ]:
            return field_lines
    return []


def _node_lines(node: LexborNode, attribute: str, hidden: frozenset[int]) -> tuple[str, ...]:
    """The lines of an element: an attribute, else its text with a line per block and `<br>`."""
    name = attribute or VALUE_ATTRIBUTES.get(node.tag or "")
    if name and (attribute or name in node.attributes):
        texts = [node.attributes.get(name) or ""]
    else:
        texts = [block.text for block in read_parts([node], model.prior, hidden)]
    return tuple(line for text in texts if (line := fold_spaces(text[:MAX_RULE_LINE_LENGTH])))


def _joined_lines(field_lines: FieldLines) -> tuple[str, ...]:
    return tuple(" ".join(lines)[:MAX_RULE_LINE_LENGTH] for _, lines in field_lines)


def _all_lines(field_lines: FieldLines) -> tuple[str, ...]:
    return tuple(line for _, lines in field_lines for line in lines)


def _outermost(nodes: list[LexborNode], skipped_ids: frozenset[int]) -> Iterator[LexborNode]:
    """The nodes that are neither within each other nor within a node with `skipped_ids`."""
    bounds = skipped_ids.union(node.mem_id for node in nodes)
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in bounds:
            above = above.parent
        if above is None and node.mem_id not in skipped_ids:
            yield node
