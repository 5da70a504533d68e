"""Article text that stands only in a page's script data.

Chosun prints `Fusion.globalContent = {…}`, Next.js pages carry `__NEXT_DATA__`, others a
`contentHtml` string. No site's shape is assumed: the JSON of all scripts is read, the
object that bears the headline is preferred, and in it the place with the most prose.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.body.features import width
from scraper.extract.html.blocks import Frame, read_blocks
from scraper.extract.html.jsonld import UNPRINTABLE
from scraper.extract.html.parse import bounded
from scraper.extract.html.tags import read_tags
from scraper.patterns import pattern

Json = Any  # what json.loads gives

MIN_SCRIPT = 300  # characters
MAX_SCRIPTS = 60
MAX_STARTS = 6  # assignments of one script that are tried
MAX_VALUES = 100_000
MAX_DEPTH = 60
MIN_PROSE = 30.0  # letters of a string that may be a paragraph
MIN_NAMED = 60.0  # letters of text under the page's own headline
MIN_UNNAMED = 400.0  # and elsewhere
START = pattern(r"""(?:^|[=(,:])\s*(?=\{["}\s]|\[\s*[{\[])""")
PROSE = pattern(r"[.!?…。！？।؟][\"'”’»)\]」』]*(?:\s|$|<)|[。！？]")
NOT_PROSE = pattern(r"^(?:https?:|/|data:|\{|\[[\[{\"]|#)|function\s*\(|=>")
MARKUP = pattern(r"<(?:p|br|div|h[1-6]|li)\b", re.I)
TAGS = pattern(r"<[^>]+>")


def script_text(tree: LexborHTMLParser, headline: str | None) -> tuple[list[str], list[str]]:
    """Paragraphs and captions in the JSON of a page's scripts; none where there is no such text."""
    shown = max(_templates(tree), key=_size, default=[])
    if _size(shown) >= MIN_UNNAMED:
        return shown, []
    wanted = _bare(headline or "")
    values = list(_values(tree))
    scopes = [scope for value in values if (scope := _about(value, wanted)) is not None]
    scope = max(scopes, key=lambda scope: _size(_most_prose(scope)), default=None)
    if scope is not None and isinstance(scope.get("content_elements"), list):
        return _story(scope["content_elements"])
    found = _most_prose(scope) if scope is not None else []
    if _size(found) < MIN_NAMED:
        found = max(map(_most_prose, values), key=_size, default=[])
        return (found if _size(found) >= MIN_UNNAMED else []), []
    return found, []


def _story(elements: list[Json]) -> tuple[list[str], list[str]]:
    """Paragraphs and captions of a story in Arc's format (ANS), which names each element's kind."""
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
                paragraphs += split_paragraphs(TAGS.sub("", text["content"]))
    return paragraphs, captions


def _size(paragraphs: list[str]) -> float:
    return sum(map(width, paragraphs))


def split_paragraphs(text: str) -> list[str]:
    """Lines of a text or of a piece of HTML, white space folded, empty ones left out.

    >>> split_paragraphs("One.\\n\\n Two  words.")
    ['One.', 'Two words.']
    >>> split_paragraphs("<p>One.</p><p>Two &amp; three.</p>")
    ['One.', 'Two & three.']
    """
    text = UNPRINTABLE.sub("", text)
    if MARKUP.search(text):
        tree = LexborHTMLParser(bounded(text.encode()))
        blocks = read_blocks(tree, _no_prior, read_tags(tree).hidden)
        return [block.text for block in blocks if not _is_pictured(block.frame)]
    return [line for part in text.splitlines() if (line := " ".join(part.split()))]


def _no_prior(tag: str, label: str) -> tuple[float, float]:
    return 0.0, 0.0


def _is_pictured(frame: Frame) -> bool:
    return frame.tag in ("figure", "figcaption")


def _bare(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))


def _templates(tree: LexborHTMLParser) -> Iterator[list[str]]:
    """HTML that a script is to put into the page: Blogger keeps whole posts so."""
    for node in tree.css('script[type="text/template"], script[type="text/html"]')[:MAX_SCRIPTS]:
        text = node.text(strip=False)
        if len(text) >= MIN_SCRIPT and MARKUP.search(text):
            yield [line for line in split_paragraphs(text) if "{{" not in line]


def _values(tree: LexborHTMLParser) -> Iterator[Json]:
    """The JSON values that scripts hold or assign."""
    scripts = [node for node in tree.css("script") if "src" not in node.attributes]
    decoder = json.JSONDecoder()
    for node in scripts[:MAX_SCRIPTS]:
        if (node.attributes.get("type") or "").endswith("ld+json"):
            continue
        text = node.text(strip=False)
        if len(text) < MIN_SCRIPT:
            continue
        at = 0
        for _ in range(MAX_STARTS):
            start = START.search(text, at)
            if start is None:
                break
            try:
                value, at = decoder.raw_decode(text, start.end())
            except (ValueError, RecursionError):
                at = start.end() + 1
                continue
            if isinstance(value, dict | list):
                yield value


def _walk(value: Json) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Every value below with its path; places in lists have no number in it."""
    stack: list[tuple[tuple[str, ...], Json]] = [((), value)]
    for _ in range(MAX_VALUES):
        if not stack:
            return
        path, found = stack.pop()
        yield path, found
        if len(path) >= MAX_DEPTH:
            continue
        if isinstance(found, dict):
            stack.extend(((*path, str(key)), found[key]) for key in reversed(found))
        elif isinstance(found, list):
            stack.extend(((*path, "*"), below) for below in reversed(found))


def _about(value: Json, wanted: str) -> Json | None:
    """The object that bears the headline and has the most prose."""
    if not wanted:
        return None
    best, best_size = None, 0.0
    for _, found in _walk(value):
        if isinstance(found, dict) and _bears(found, wanted):
            size = sum(map(width, _most_prose(found)))
            if size > best_size:
                best, best_size = found, size
    return best


def _bears(found: dict[str, Json], wanted: str) -> bool:
    names = list(found.values())
    for below in found.values():
        if isinstance(below, dict) and len(below) < 8:
            names.extend(below.values())
    return any(
        isinstance(name, str) and len(name) < 400 and _bare(name) == wanted for name in names
    )


def _most_prose(value: Json) -> list[str]:
    """The paragraphs of the place that has the most of them, in order."""
    places: dict[tuple[str, ...], list[str]] = {}
    for path, found in _walk(value):
        if isinstance(found, str) and _is_prose(found):
            places.setdefault(path, []).append(found)
    if not places:
        return []
    best = max(places.values(), key=lambda texts: sum(map(width, texts)))
    lines = [line for text in best for line in split_paragraphs(text)]
    return list(dict.fromkeys(TAGS.sub("", line) for line in lines))


def _is_prose(text: str) -> bool:
    return (
        len(text) >= 12
        and width(text) >= MIN_PROSE
        and bool(PROSE.search(text))
        and not NOT_PROSE.search(text[:200])
    )
