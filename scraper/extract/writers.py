"""Where on the page the byline is: JSON-LD, metas, microdata, author elements, visible text.

A person named in a weaker source beats the site's own name in a stronger one; the
site's name, an agency or a desk is the byline only where the page names nobody.
"""

import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode

from scraper.extract import byline as bylines
from scraper.extract.credits import (
    WRITER_ELEMENTS,
    home,
    names_anywhere,
    names_in_elements,
    names_in_lines,
)
from scraper.extract.jsonld import Thing, types
from scraper.extract.page import Page
from scraper.extract.tags import Tags, spaced_text
from scraper.extract.vicinity import Block

AUTHOR_METAS = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl",
    "cxenseparse:author", "dable:author", "dc.creator", "dcterms.creator", "creator", "citation_author",
    "citation_authors", "shareaholic:article_author_name", "article.author", "analyticsattributes.author",
    "branch:deeplink:authorname1", "twitter:creator",
)  # fmt: skip

HANGUL = re.compile("[가-힣]")
EAST_ASIAN = re.compile("[ぁ-ヿ一-鿿가-힣]")

IsSite = Callable[[str], bool]


def read_byline(
    page: Page, blocks: tuple[Block, ...], *, is_site: IsSite
) -> tuple[tuple[str, ...], str | None]:
    """The names and their source; the first source that names somebody but the site itself."""
    fallback: tuple[tuple[str, ...], str | None] = ((), None)
    for source, found in _sources(page, blocks):
        people = tuple(name for name in found if not is_site(name))
        if people:
            return people, source
        if found and not fallback[0]:
            fallback = found, source
    # A Korean paper's own name stands in the tags while the 기자 stands in the text.
    if fallback[0] and not _is_korean(page):
        return fallback
    if found := names_anywhere(page.text()):
        return found, "visible"
    return fallback


def _sources(page: Page, blocks: tuple[Block, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every source's names, the most trusted first; each is only read when it is asked for."""
    author = page.article.get("author") or page.article.get("creator")
    persons, groups = _credited(author, page.index)
    yield "json-ld", bylines.all_names(persons)
    yield "json-ld", bylines.all_names(groups)
    for name in AUTHOR_METAS:
        if contents := page.tags.metas.get(name):
            yield f"meta {name}", bylines.all_names(_whole_names(name, contents))
    yield "microdata", _marked(page.tags)
    yield "visible", names_in_lines(blocks)
    yield "visible", names_in_elements(page.tree)
    if EAST_ASIAN.search(page.tags.title or ""):
        yield "visible", names_in_elements(page.tree, WRITER_ELEMENTS)


def _is_korean(page: Page) -> bool:
    return bool(HANGUL.search(page.tags.title or ""))


def _whole_names(meta: str, contents: tuple[str, ...]) -> list[str]:
    """Library metas write "Family, Given"; a Twitter handle is no name."""
    if meta == "twitter:creator":
        return [text for text in contents if " " in text.strip() and not text.startswith("@")]
    if not meta.startswith(("citation_", "dc", "article:author")):
        return list(contents)
    turned = []
    for text in contents:
        family, comma, given = text.partition(",")
        if (
            comma
            and "," not in given
            and len(text.split()) <= 4
            and len(family.split()) <= 2
            and given.strip()
        ):
            text = f"{given.strip()} {family.strip()}"
        turned.append(text)
    return turned


def _credited(value: object, index: dict[str, Thing]) -> tuple[list[str], list[str]]:
    """(names of persons, names of organisations) of a JSON-LD author."""
    persons: list[str] = []
    groups: list[str] = []
    for thing in _authors(value, index):
        if isinstance(thing, str):
            persons.append(thing)
            continue
        name = thing.get("name")
        names = [
            text for text in (name if isinstance(name, list) else [name]) if isinstance(text, str)
        ]
        is_group = "Organization" in " ".join(types(thing))
        (groups if is_group else persons).extend(names)
    return persons, groups


def _authors(value: object, index: dict[str, Thing]) -> Iterator[str | Thing]:
    for entry in (value if isinstance(value, list) else [value])[:30]:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, list):
            yield from _authors(entry, index)
        elif isinstance(entry, dict):
            identity = entry.get("@id")
            yield (
                index.get(identity, entry)
                if "name" not in entry and isinstance(identity, str)
                else entry
            )


def _marked(tags: Tags) -> tuple[str, ...]:
    """Microdata authors that stand together with the first: later ones are teasers'."""
    marks = [mark for mark in tags.marks if mark.name == "author" and not _is_comment(mark.node)]
    together = [mark for mark in marks if home(mark.node) == home(marks[0].node)]
    return bylines.all_names(_named(mark.node) or mark.value or mark.text for mark in together)


def _is_comment(node: LexborNode) -> bool:
    current: LexborNode | None = node
    for _ in range(6):
        if current is None:
            return False
        if "comment" in f"{current.attributes.get('class')} {current.attributes.get('id')}":
            return True
        current = current.parent
    return False


def _named(node: LexborNode) -> str | None:
    names = [
        name.attributes.get("content") or spaced_text(name) for name in node.css("[itemprop~=name]")
    ]
    return "; ".join(name for name in names if name) or None
