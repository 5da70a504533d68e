"""Article text that only the script data of a page has.

Chosun has `Fusion.globalContent = {…}`, Next.js pages `__NEXT_DATA__`, others a `contentHtml` string.
This module assumes nothing about the site. It reads the JSON of all scripts, prefers the object with
the headline, and takes the path with the most prose in it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.html.blocks import Element, no_weight, read_blocks
from scraper.extract.html.jsonld import UNPRINTABLE
from scraper.extract.html.parse import bounded
from scraper.extract.html.tags import read_tags
from scraper.extract.html.text import bare, width
from scraper.patterns import lazy_pattern

Json = Any  # what `json.loads` gives

MIN_SCRIPT_LENGTH = 300  # characters
MAX_SCRIPTS = 60
MAX_JSON_STARTS = 6  # of one script that are tried
MAX_JSON_VALUES = 100_000
MAX_JSON_DEPTH = 60
MIN_SCRIPT_PARAGRAPH_WIDTH = 30.0  # letters of a string that may be a paragraph
MIN_WIDTH_WITH_HEADLINE = 60.0  # letters of a text in the object with the headline
MIN_WIDTH_WITHOUT_HEADLINE = 400.0  # of a text elsewhere
JSON_START = lazy_pattern(r"""(?:^|[=(,:])\s*(?=\{["}\s]|\[\s*[{\[])""")
PROSE_SENTENCE_END = lazy_pattern(r"[.!?…。！？।؟][\"'”’»)\]」』]*(?:\s|$|<)|[。！？]")
CODE_OR_ADDRESS = lazy_pattern(r"^(?:https?:|/|data:|\{|\[[\[{\"]|#)|function\s*\(|=>")
BLOCK_MARKUP = lazy_pattern(r"<(?:p|br|div|h[1-6]|li)\b", re.I)
ANY_TAG = lazy_pattern("<[^<>]+>")


def script_text(tree: LexborHTMLParser, headline: str | None) -> tuple[list[str], list[str]]:
    """The paragraphs and captions in the scripts of a page; empty lists if they have no such text."""
    template = max(_template_paragraphs(tree), key=total_width, default=[])
    if total_width(template) >= MIN_WIDTH_WITHOUT_HEADLINE:
        return template, []
    bare_headline = bare(headline or "")
    values = list(_script_values(tree))
    scopes = [
        scope for value in values if (scope := _headline_object(value, bare_headline)) is not None
    ]
    scope = max(scopes, key=lambda scope: total_width(_most_prose(scope)), default=None)
    if scope is not None and isinstance(scope.get("content_elements"), list):
        return _ans_story(scope["content_elements"])
    member = _most_prose(scope) if scope is not None else []
    if total_width(member) < MIN_WIDTH_WITH_HEADLINE:
        member = max(map(_most_prose, values), key=total_width, default=[])
        return (member if total_width(member) >= MIN_WIDTH_WITHOUT_HEADLINE else []), []
    return member, []


def _ans_story(elements: list[Json]) -> tuple[list[str], list[str]]:
    """The paragraphs and captions of a story in ANS, the format of Arc, by the kinds of elements."""
    paragraphs: list[str] = []
    captions: list[str] = []
    for element in elements:
        if not isinstance(element, dict):
            continue
        kind = element.get("type")
        texts = [element] if kind in ("text", "header") else element.get("items") or []
        if kind == "quote":
            texts = element.get("content_elements") or []
        if kind == "image" and isinstance(element.get("caption"), str):
            captions += split_paragraphs(element["caption"])
        for text in texts if isinstance(texts, list) else []:
            if isinstance(text, dict) and isinstance(text.get("content"), str):
                paragraphs += split_paragraphs(ANY_TAG.sub("", text["content"]))
    return paragraphs, captions


def total_width(paragraphs: Iterable[str]) -> float:
    """The letters of all paragraphs, as `width` measures them."""
    return sum(map(width, paragraphs))


def split_paragraphs(text: str) -> list[str]:
    """The lines of a text or of a piece of HTML, white space folded, without empty ones.

    >>> split_paragraphs("One.\\n\\n Two  words.")
    ['One.', 'Two words.']
    >>> split_paragraphs("<p>One.</p><p>Two &amp; three.</p>")
    ['One.', 'Two & three.']
    """
    text = UNPRINTABLE.sub("", text)
    if BLOCK_MARKUP.search(text):
        tree = LexborHTMLParser(bounded(text.encode()))
        blocks = read_blocks(tree, no_weight, read_tags(tree).hidden)
        return [block.text for block in blocks if not _is_in_figure(block.element)]
    return [line for part in text.splitlines() if (line := " ".join(part.split()))]


def _is_in_figure(element: Element) -> bool:
    return element.tag in ("figure", "figcaption")


def _template_paragraphs(tree: LexborHTMLParser) -> Iterator[list[str]]:
    """The paragraphs of each template that a script puts into the page, such as Blogger's posts."""
    for node in tree.css('script[type="text/template"], script[type="text/html"]')[:MAX_SCRIPTS]:
        text = node.text(strip=False)
        if len(text) >= MIN_SCRIPT_LENGTH and BLOCK_MARKUP.search(text):
            yield [line for line in split_paragraphs(text) if "{{" not in line]


def _script_values(tree: LexborHTMLParser) -> Iterator[Json]:
    """The JSON values that scripts are or assign."""
    scripts = [node for node in tree.css("script") if "src" not in node.attributes]
    decoder = json.JSONDecoder()
    for node in scripts[:MAX_SCRIPTS]:
        if (node.attributes.get("type") or "").endswith("ld+json"):
            continue
        text = node.text(strip=False)
        if len(text) < MIN_SCRIPT_LENGTH:
            continue
        at = 0
        for _ in range(MAX_JSON_STARTS):
            start = JSON_START.search(text, at)
            if start is None:
                break
            try:
                value, at = decoder.raw_decode(text, start.end())
            except (ValueError, RecursionError):
                at = start.end() + 1
                continue
            if isinstance(value, dict | list):
                yield value


def _walk_json(value: Json) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Every value within a value, with its path; a path has "*" for each index of a list."""
    stack: list[tuple[tuple[str, ...], Json]] = [((), value)]
    for _ in range(MAX_JSON_VALUES):
        if not stack:
            return
        path, member = stack.pop()
        yield path, member
        if len(path) >= MAX_JSON_DEPTH:
            continue
        if isinstance(member, dict):
            stack.extend(((*path, str(key)), member[key]) for key in reversed(member))
        elif isinstance(member, list):
            stack.extend(((*path, "*"), below) for below in reversed(member))


def _headline_object(value: Json, bare_headline: str) -> Json | None:
    """The object with the headline and the most prose; None if no object has the headline."""
    if not bare_headline:
        return None
    best, best_size = None, 0.0
    for _, member in _walk_json(value):
        if isinstance(member, dict) and _has_headline(member, bare_headline):
            size = sum(map(width, _most_prose(member)))
            if size > best_size:
                best, best_size = member, size
    return best


def _has_headline(member: dict[str, Json], bare_headline: str) -> bool:
    names = list(member.values())
    for below in member.values():
        if isinstance(below, dict) and len(below) < 8:
            names.extend(below.values())
    return any(
        isinstance(name, str) and len(name) < 400 and bare(name) == bare_headline for name in names
    )


def _most_prose(value: Json) -> list[str]:
    """The paragraphs at the path with the most prose, in order."""
    places: dict[tuple[str, ...], list[str]] = {}
    for path, member in _walk_json(value):
        if isinstance(member, str) and _is_paragraph(member):
            places.setdefault(path, []).append(member)
    if not places:
        return []
    best = max(places.values(), key=lambda texts: sum(map(width, texts)))
    lines = [line for text in best for line in split_paragraphs(text)]
    return list(dict.fromkeys(ANY_TAG.sub("", line) for line in lines))


def _is_paragraph(text: str) -> bool:
    return (
        len(text) >= 12
        and width(text) >= MIN_SCRIPT_PARAGRAPH_WIDTH
        and bool(PROSE_SENTENCE_END.search(text))
        and not CODE_OR_ADDRESS.search(text[:200])
    )
