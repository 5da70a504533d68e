"""Where the byline of a page is: JSON-LD, metas, microdata, author elements, visible text.

A person in a weaker source beats the name of the site in a stronger one. The site, an agency or a
desk is the byline only if the page names nobody.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.byline import names as bylines
from scraper.extract.byline.visible import (
    CHINESE_PERSON,
    MAX_BYLINE_LINE,
    NOT_PERSON_WORD,
    is_person_like,
    names_anywhere,
    names_beside_dates,
    names_in_lines,
    persons,
    single_names_in_lines,
)
from scraper.extract.html.document import Document
from scraper.extract.html.jsonld import Thing, types
from scraper.extract.html.nearby import MIN_PARAGRAPH_LENGTH, Line
from scraper.extract.html.reading.elements import Attributes
from scraper.extract.html.tags import Tags, spaced_text
from scraper.extract.html.text import width
from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import EAST_ASIAN, HANGUL, IDEOGRAPH, KANA_OR_HANGUL

AUTHOR_METAS = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl",
    "cxenseparse:author", "dable:author", "citation_author", "citation_authors", "dc.creator",
    "dcterms.creator", "creator", "shareaholic:article_author_name", "article.author", "analyticsattributes.author",
    "branch:deeplink:authorname1", "twitter:creator",
)  # fmt: skip

OTHER_AUTHOR_META = lazy_pattern(
    r"(?:(?:og|article|page|post|story|content|news)[:._-]){0,2}authors?(?:[:._-]?names?)?"
)

# Elements with names on pages whose tags have none. Each selector costs 0.1 ms.
AUTHOR_SELECTOR = '[rel~="author"], a[href*="/author"], [class*="aut" i], [class*="byline" i]'
AUTHOR_CLASS = lazy_pattern("author|byline|autor", re.I)
WRITER_SELECTOR = '[class*="writer" i], [class*="reporter" i], [class*="journalist" i]'
NOT_AUTHOR_TAGS = frozenset(
    ["body", "html", "article", "main", "script", "style", "img", "input", "meta", "link"]
)
# Labels around an author element of readers, other articles, pictures; then of boxes beside the article.
OTHER_PEOPLE_MARKS_WORDS = """
    comment related recent popular trending most-read mostread ranking disqus photo caption credit foto copyright
    authority login
    """
OTHER_PEOPLE_MARKS = OTHER_PEOPLE_MARKS_WORDS.split()
SIDE_BOX_MARKS_WORDS = """
    sidebar menu teaser footer widget image recommend newsletter carousel card promo avatar
    """
SIDE_BOX_MARKS = SIDE_BOX_MARKS_WORDS.split()
HARMLESS_MARKS = ("elementor-widget", "vcard")  # on every element of a page builder; a microformat
HOUSE = "json-ld organisation"  # an author who is none: any person comes first
MAX_AUTHOR_ELEMENTS = 60
MAX_AUTHOR_NODES = 60  # nodes in an author element
MIN_HEADLINE_WIDTH, MIN_SHARE_OF_NAMES = 30, 0.8  # of a link: letters, and how many are in names
MIN_LIST_NAMES = 3  # boxes of one kind
MAX_BOXES = 16  # before or after a box, white space too
MAX_ITEM_CLIMB = 3  # elements from a name to its box
MAX_MARK_CLIMB = 5  # ancestors whose marks count

LOGIN_NAME = lazy_pattern(r"[a-z\d]+(?:[._-][a-z\d]+)*|\w++\.\w++|\w[^\W_]*+_\w++")
AUTHOR_LABELS = ("written by", "verfasst von", "écrit par", "escrito por", "scritto da")

IsSite = Callable[[str], bool]


def read_byline(
    document: Document, nearby: tuple[Line, ...], *, is_site: IsSite
) -> tuple[tuple[str, ...], str | None]:
    """The names and their source, by the first source that names somebody but the site itself.

    `nearby` are the lines around the headline, `is_site` is true for a name of the site.
    """
    fallback: tuple[tuple[str, ...], str | None] = ((), None)
    title = document.tags.title or ""
    is_weak = _is_no_chinese_name if _is_chinese(title) else _is_login
    for source, author_names in _names_by_source(document, nearby, is_site=is_site):
        others = () if source == HOUSE else _without(author_names, is_site)
        people = _without(others, is_weak)
        if people and fallback[0] and people[: len(fallback[0])] == fallback[0]:
            return fallback  # a person whose type is wrong, then the house
        if people:
            return people, source
        if author_names and not fallback[0]:
            fallback = (others or author_names, "json-ld" if source == HOUSE else source)
    # The tags of Korean papers name the paper, and the text names the 기자.
    if fallback[0] and not (HANGUL.search(title) or _is_chinese(title)):
        return fallback
    if author_names := names_anywhere(document.body_text):
        return author_names, "visible"
    return fallback if fallback[0] else _desk(document)


def _without(names: tuple[str, ...], is_excluded: IsSite) -> tuple[str, ...]:
    return tuple(name for name in names if not is_excluded(name))


def _names_by_source(
    document: Document, nearby: tuple[Line, ...], *, is_site: IsSite
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names of every source, the most trusted first; a source is read when its turn comes."""
    author = document.article.get("author") or document.article.get("creator")
    persons, groups = _jsonld_names(author, document.things_by_id)
    yield "json-ld", bylines.all_names(persons)
    yield HOUSE, bylines.all_names(groups)
    for name in AUTHOR_METAS:
        if contents := document.tags.metas.get(name):
            author_names = bylines.all_names(_whole_names(name, contents))
            if name == "author" and author_names and all(map(is_site, contents)):
                # "Bridge & Tunnel" is a paper and no two people.
                author_names = bylines.unique_names(contents)
            yield f"meta {name}", author_names
    for name, contents in document.tags.metas.items():
        if "author" in name and name not in AUTHOR_METAS and OTHER_AUTHOR_META.fullmatch(name):
            yield f"meta {name}", bylines.all_names(contents)
    if (document.tags.meta("twitter:label1") or "").lower() in AUTHOR_LABELS:
        yield "meta twitter:data1", bylines.names(document.tags.meta("twitter:data1") or "")
    yield "microdata", _microdata_names(document.tags)
    yield "visible", names_beside_dates(document.tree, nearby)
    yield "visible", names_in_lines(nearby)
    yield "visible", names_in_elements(document.tree, nearby)
    yield "visible", single_names_in_lines(nearby)
    if EAST_ASIAN.search(document.tags.title or ""):
        yield "visible", names_in_elements(document.tree, nearby, WRITER_SELECTOR)


def _desk(document: Document) -> tuple[tuple[str, ...], str | None]:
    """The desk or role that signs an article in nobody's name, and its source: "Our Editors"."""
    persons, _ = _jsonld_names(document.article.get("author"), document.things_by_id)
    for source, texts in (
        ("json-ld", persons),
        ("meta author", document.tags.metas.get("author", ())),
    ):
        for text in texts[:1]:
            if bylines.is_desk(text):
                return (text,), source
    return (), None


def _is_login(name: str) -> bool:
    return bool(LOGIN_NAME.fullmatch(name))


def _is_chinese(title: str) -> bool:
    return bool(IDEOGRAPH.search(title)) and not KANA_OR_HANGUL.search(title)


def _is_no_chinese_name(name: str) -> bool:
    """Whether a name on a Chinese page is an outlet or a login."""
    return " " not in name and "·" not in name and not CHINESE_PERSON.fullmatch(name)


def _whole_names(meta: str, contents: tuple[str, ...]) -> list[str]:
    """The names in a meta: library metas write "Family, Given", and a Twitter handle is no name."""
    if meta == "twitter:creator":
        return [text for text in contents if " " in text.strip() and not text.startswith("@")]
    if not meta.startswith(("citation_", "dc", "article:author", "parsely-")):
        return list(contents)
    given_first = []
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
        given_first.append(text)
    return given_first


def _jsonld_names(value: object, index: dict[str, Thing]) -> tuple[list[str], list[str]]:
    """The names of persons and those of organisations in a JSON-LD author."""
    persons: list[str] = []
    groups: list[str] = []
    for thing in islice(_authors(value, index), MAX_AUTHOR_ELEMENTS):
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


def _microdata_names(tags: Tags) -> tuple[str, ...]:
    """The microdata authors in the same block as the first: later ones belong to teasers."""
    marks = [mark for mark in tags.marks if mark.name == "author"]
    first = next((mark for mark in marks if _is_beside(mark.node) is not None), None)
    if first is None:
        return ()
    same_block = [mark for mark in marks if grandparent_id(mark.node) == grandparent_id(first.node)]
    return bylines.all_names(
        _itemprop_name(mark.node) or mark.value or mark.text for mark in same_block
    )


def _itemprop_name(node: LexborNode) -> str | None:
    names = [
        name.attributes.get("content") or spaced_text(name) for name in node.css("[itemprop~=name]")
    ]
    return "; ".join(name for name in names if name) or None


def names_in_elements(
    tree: LexborHTMLParser, nearby: tuple[Line, ...], selector: str = AUTHOR_SELECTOR
) -> tuple[str, ...]:
    """The names in the first author element by the headline, or else on the page, and in others of its class beside it.

    Elements in side boxes and footers count only if all of them name one person. A list of names, such as the
    columnists of a paper, counts only by the headline.
    """
    head = _head_text(nearby)
    author_names: tuple[str, ...] = ()
    first: tuple[int, str] | None = None
    is_in_head = False
    side_names: list[str] = []
    for node, words in islice(_author_elements(tree, selector), MAX_AUTHOR_ELEMENTS):
        key = grandparent_id(node), words
        text = spaced_text(node) if first in (None, key) or not is_in_head else ""
        if not 2 < len(text) <= MAX_BYLINE_LINE or (is_beside := _is_beside(node)) is None:
            continue
        names = _names_in(node, text)
        if is_beside or not names:
            side_names += names
        elif first not in (None, key) and names[0] in head:
            author_names, first, is_in_head = names, key, True
        elif first == key or (first is None and (names[0] in head or not _is_in_list(node))):
            author_names, first = bylines.unique_names((*author_names, *names)), key
            is_in_head = is_in_head or names[0] in head
    distinct_names = () if author_names else bylines.unique_names(side_names)
    return distinct_names if len(distinct_names) == 1 else author_names


def _head_text(nearby: tuple[Line, ...]) -> str:
    """The lines up to the text, so with a standfirst."""
    texts: list[str] = []
    paragraphs = 0
    for line in nearby:
        paragraphs += len(line.text) >= MIN_PARAGRAPH_LENGTH
        if paragraphs > 1:
            break
        texts.append(line.text)
    return "\n".join(texts)


def _is_in_list(node: LexborNode) -> bool:
    """Whether an author element is in one of several boxes of one kind with names in them."""
    item: LexborNode | None = node
    for _ in range(MAX_ITEM_CLIMB):
        if item is None or item.tag in NOT_AUTHOR_TAGS:
            return False
        if sum(1 for _ in islice(_named_boxes(item), MIN_LIST_NAMES)) == MIN_LIST_NAMES:
            return True
        item = item.parent
    return False


def _named_boxes(item: LexborNode) -> Iterator[LexborNode]:
    """The elements beside it and itself, as far as they have its tag and class, and a name in them."""
    kind = item.tag, item.attributes.get("class")
    child = item
    for _ in range(MAX_BOXES):
        if child.prev is None:
            break
        child = child.prev
    current: LexborNode | None = child
    for _ in range(2 * MAX_BOXES):
        if current is None:
            return
        is_alike = current.tag == kind[0] and current.attributes.get("class") == kind[1]
        if is_alike and (
            current.css_first(AUTHOR_SELECTOR) is not None
            or persons(spaced_text(current)[:MAX_BYLINE_LINE])
        ):
            yield current
        current = current.next


def _author_elements(tree: LexborHTMLParser, selector: str) -> Iterator[tuple[LexborNode, str]]:
    """The author elements that a selector finds, and their classes; it finds "auto", too."""
    for node in tree.css(selector):
        attributes = node.attributes
        words = attributes.get("class") or ""
        if node.tag not in NOT_AUTHOR_TAGS and (
            selector is not AUTHOR_SELECTOR or _is_authors(attributes, words)
        ):
            yield node, words


def _is_authors(attributes: Attributes, words: str) -> bool:
    if AUTHOR_CLASS.search(words) or "author" in (attributes.get("rel") or "").split():
        return True
    return "/author" in (attributes.get("href") or "")


def _names_in(node: LexborNode, text: str) -> tuple[str, ...]:
    """The names in an author element: its links if they are names, else the first line with one."""
    if node.tag == "a":
        return (text,) if _is_single_name(node, text) else _names_in_lines(node)
    linked = [spaced_text(link) for link in node.css("a")[:12]]
    if any(map(_is_headline, linked)):  # a box about the writer, with what else they wrote
        return _names_in_lines(node)
    people = [name for text in linked for name in bylines.names(text)]
    return bylines.unique_names(filter(is_person_like, people)) or _names_in_lines(node)


def _is_headline(text: str) -> bool:
    """Whether the text of a link is long, and not only names."""
    names = bylines.names(text)
    share = sum(map(width, filter(is_person_like, names))) / max(width(text), 1.0)
    return width(text) >= MIN_HEADLINE_WIDTH and share < MIN_SHARE_OF_NAMES


def _is_single_name(node: LexborNode, text: str) -> bool:
    """Whether a link with one word as its text is an author's name."""
    attributes = node.attributes
    address = attributes.get("href") or ""
    is_author_link = "author" in (attributes.get("rel") or "") or "/author/" in address
    return (
        is_author_link
        and text[:1].isupper()
        and text.isalpha()
        and not NOT_PERSON_WORD.search(text)
    )


def _names_in_lines(node: LexborNode) -> tuple[str, ...]:
    """The first name in the texts of an element, and those in elements like that of the first."""
    author_names: tuple[str, ...] = ()
    first: tuple[str | None, str | None] | None = None
    for child in islice(node.traverse(include_text=True), MAX_AUTHOR_NODES):
        parent = child.parent
        if child.tag != "-text" or parent is None:
            continue
        key = parent.tag, parent.attributes.get("class")
        if first in (None, key):
            names = tuple(
                filter(is_person_like, bylines.names(child.text(deep=False)[:MAX_BYLINE_LINE]))
            )
            if names:
                author_names, first = (*author_names, *names), key
    return bylines.unique_names(author_names)


def _is_beside(node: LexborNode) -> bool | None:
    """Whether an author element is beside the article; None if it is about other people."""
    current: LexborNode | None = node
    marks_above: list[str] = []
    is_beside = False
    while current is not None and len(marks_above) < MAX_MARK_CLIMB:
        tag = current.tag
        if tag in ("body", "html", "main", "article"):
            break
        if tag in ("figcaption", "figure", "form", "nav"):
            return None
        is_beside = is_beside or tag in ("footer", "aside")
        attributes = current.attributes
        marks_above.append(f"{attributes.get('class')} {attributes.get('id')}")
        current = current.parent
    marks = " ".join(marks_above).lower()
    if any(word in marks for word in OTHER_PEOPLE_MARKS):
        return None
    for word in HARMLESS_MARKS:
        marks = marks.replace(word, "")
    return is_beside or any(word in marks for word in SIDE_BOX_MARKS)


def grandparent_id(node: LexborNode) -> int:
    """The `mem_id` of the element two levels up."""
    for _ in range(2):
        if node.parent is not None:
            node = node.parent
    return node.mem_id
