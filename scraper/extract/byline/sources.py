"""Where on the page the byline is: JSON-LD, metas, microdata, author elements, visible text.

A person named in a weaker source beats the site's own name in a stronger one; the
site's name, an agency or a desk is the byline only where the page names nobody.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.byline import names as bylines
from scraper.extract.byline.visible import (
    CHINESE_PERSON,
    MAX_LINE,
    NOT_PERSON,
    is_person_like,
    names_anywhere,
    names_beside_dates,
    names_in_lines,
    single_names_in_lines,
)
from scraper.extract.html.document import Page
from scraper.extract.html.jsonld import Thing, types
from scraper.extract.html.nearby import Block
from scraper.extract.html.tags import Attributes, Tags, spaced_text
from scraper.patterns import pattern

AUTHOR_METAS = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl",
    "cxenseparse:author", "dable:author", "citation_author", "citation_authors", "dc.creator",
    "dcterms.creator", "creator", "shareaholic:article_author_name", "article.author", "analyticsattributes.author",
    "branch:deeplink:authorname1", "twitter:creator",
)  # fmt: skip

# Elements that hold names on pages whose tags hold none; each selector costs 0.1 ms.
ELEMENTS = '[rel~="author"], a[href*="/author"], [class*="aut" i], [class*="byline" i]'
NAMED = pattern("author|byline|autor", re.I)
WRITER_ELEMENTS = '[class*="writer" i], [class*="reporter" i], [class*="journalist" i]'
HOLDERS = frozenset(
    ["body", "html", "article", "main", "script", "style", "img", "input", "meta", "link"]
)
# Around an author element: of readers, other articles, pictures; or only beside the article.
OF_OTHERS_WORDS = """
    comment related recent popular trending most-read mostread ranking disqus photo caption credit foto copyright
    authority login
    """
OF_OTHERS = OF_OTHERS_WORDS.split()
BESIDE_WORDS = """
    sidebar menu teaser footer widget image recommend newsletter carousel card promo avatar
    """
BESIDE = BESIDE_WORDS.split()
HARMLESS = ("elementor-widget", "vcard")  # every element of a page builder; a microformat
MAX_CANDIDATES = 60
MAX_PIECES = 60  # nodes in an author element
MAX_AROUND = 5  # ancestors whose marks are looked at

HANGUL = pattern("[가-힣]")
IDEOGRAPH = pattern("[一-鿿]")
NOT_CHINESE = pattern("[ぁ-ヿ가-힣]")
EAST_ASIAN = pattern("[ぁ-ヿ一-鿿가-힣]")

LOGIN = pattern(r"[a-z\d]+(?:[._-][a-z\d]+)*|\w+[._]\w+")
WRITTEN_BY = ("written by", "verfasst von", "écrit par", "escrito por", "scritto da")

IsSite = Callable[[str], bool]


def read_byline(
    page: Page, blocks: tuple[Block, ...], *, is_site: IsSite
) -> tuple[tuple[str, ...], str | None]:
    """The names and their source; the first source that names somebody but the site itself."""
    fallback: tuple[tuple[str, ...], str | None] = ((), None)
    title = page.tags.title or ""
    is_weak = _is_no_chinese_name if _is_chinese(title) else _is_login
    for source, found in _sources(page, blocks, is_site=is_site):
        people = tuple(name for name in found if not (is_site(name) or is_weak(name)))
        if people:
            return people, source
        if found and not fallback[0]:
            fallback = tuple(name for name in found if not is_site(name)) or found, source
    # A Korean paper's own name stands in the tags while the 기자 stands in the text.
    if fallback[0] and not (HANGUL.search(title) or _is_chinese(title)):
        return fallback
    if found := names_anywhere(page.text()):
        return found, "visible"
    return fallback if fallback[0] else _desk(page)


def _sources(
    page: Page, blocks: tuple[Block, ...], *, is_site: IsSite
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every source's names, the most trusted first; each is only read when it is asked for."""
    author = page.article.get("author") or page.article.get("creator")
    persons, groups = _credited(author, page.index)
    yield "json-ld", bylines.all_names(persons)
    yield "json-ld", bylines.all_names(groups)
    for name in AUTHOR_METAS:
        if contents := page.tags.metas.get(name):
            found = bylines.all_names(_whole_names(name, contents))
            if name == "author" and found and all(map(is_site, contents)):
                found = bylines.unique(contents)  # "Bridge & Tunnel" is a paper, and no two people
            yield f"meta {name}", found
    if (page.tags.meta("twitter:label1") or "").lower() in WRITTEN_BY:
        yield "meta twitter:data1", bylines.names(page.tags.meta("twitter:data1") or "")
    yield "microdata", _marked(page.tags)
    yield "visible", names_beside_dates(page.tree, blocks)
    yield "visible", names_in_lines(blocks)
    yield "visible", names_in_elements(page.tree)
    yield "visible", single_names_in_lines(blocks)
    if EAST_ASIAN.search(page.tags.title or ""):
        yield "visible", names_in_elements(page.tree, WRITER_ELEMENTS)


def _desk(page: Page) -> tuple[tuple[str, ...], str | None]:
    """The desk or the role that signs an article where nobody is named: "Our Editors"."""
    persons, _ = _credited(page.article.get("author"), page.index)
    for source, texts in (("json-ld", persons), ("meta author", page.tags.metas.get("author", ()))):
        for text in texts[:1]:
            if bylines.is_desk(text):
                return (text,), source
    return (), None


def _is_login(name: str) -> bool:
    return bool(LOGIN.fullmatch(name))


def _is_chinese(title: str) -> bool:
    return bool(IDEOGRAPH.search(title)) and not NOT_CHINESE.search(title)


def _is_no_chinese_name(name: str) -> bool:
    """Whether a name on a Chinese page is an outlet's or a login."""
    return " " not in name and "·" not in name and not CHINESE_PERSON.fullmatch(name)


def _whole_names(meta: str, contents: tuple[str, ...]) -> list[str]:
    """Library metas write "Family, Given"; a Twitter handle is no name."""
    if meta == "twitter:creator":
        return [text for text in contents if " " in text.strip() and not text.startswith("@")]
    if not meta.startswith(("citation_", "dc", "article:author", "parsely-")):
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
    for thing in islice(_authors(value, index), MAX_CANDIDATES):
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
    marks = [mark for mark in tags.marks if mark.name == "author"]
    first = next((mark for mark in marks if _is_beside(mark.node) is not None), None)
    if first is None:
        return ()
    together = [mark for mark in marks if home(mark.node) == home(first.node)]
    return bylines.all_names(_named(mark.node) or mark.value or mark.text for mark in together)


def _named(node: LexborNode) -> str | None:
    names = [
        name.attributes.get("content") or spaced_text(name) for name in node.css("[itemprop~=name]")
    ]
    return "; ".join(name for name in names if name) or None


def names_in_elements(tree: LexborHTMLParser, selector: str = ELEMENTS) -> tuple[str, ...]:
    """Names in the first author element, and in others of its class beside it.

    An element in a side box or a footer counts where all of them name the same one person.
    """
    found: tuple[str, ...] = ()
    first: tuple[int, str] | None = None
    beside: list[str] = []
    for node, words in islice(_author_elements(tree, selector), MAX_CANDIDATES):
        key = home(node), words
        text = spaced_text(node) if first in (None, key) else ""
        if not 2 < len(text) <= MAX_LINE or (is_beside := _is_beside(node)) is None:
            continue
        names = _names_in(node, text)
        if is_beside:
            beside += names
        elif names:
            found, first = bylines.unique((*found, *names)), key
    alone = () if found else bylines.unique(beside)
    return alone if len(alone) == 1 else found


def _author_elements(tree: LexborHTMLParser, selector: str) -> Iterator[tuple[LexborNode, str]]:
    """The elements of the selector that are of an author (it finds "auto", too), with their classes."""
    for node in tree.css(selector):
        attributes = node.attributes
        words = attributes.get("class") or ""
        if node.tag not in HOLDERS and (selector is not ELEMENTS or _is_authors(attributes, words)):
            yield node, words


def _is_authors(attributes: Attributes, words: str) -> bool:
    if NAMED.search(words) or "author" in (attributes.get("rel") or "").split():
        return True
    return "/author" in (attributes.get("href") or "")


def _names_in(node: LexborNode, text: str) -> tuple[str, ...]:
    """Names in an author element: its links where they are names, else its first line with one."""
    if node.tag == "a":
        return (text,) if _is_single_name(node, text) else _names_in_lines(node)
    linked = [name for link in node.css("a")[:12] for name in bylines.names(spaced_text(link))]
    return bylines.unique(filter(is_person_like, linked)) or _names_in_lines(node)


def _is_single_name(node: LexborNode, text: str) -> bool:
    """One word is a name in a link to an author's page."""
    attributes = node.attributes
    address = attributes.get("href") or ""
    leads = "author" in (attributes.get("rel") or "") or "/author/" in address
    return leads and text[:1].isupper() and text.isalpha() and not NOT_PERSON.search(text)


def _names_in_lines(node: LexborNode) -> tuple[str, ...]:
    """The first name in an element's texts, and those of others in elements like its own."""
    found: tuple[str, ...] = ()
    first: tuple[str | None, str | None] | None = None
    for child in islice(node.traverse(include_text=True), MAX_PIECES):
        parent = child.parent
        if child.tag != "-text" or parent is None:
            continue
        key = parent.tag, parent.attributes.get("class")
        if first in (None, key):
            names = tuple(filter(is_person_like, bylines.names(child.text(deep=False)[:MAX_LINE])))
            if names:
                found, first = (*found, *names), key
    return bylines.unique(found)


def _is_beside(node: LexborNode) -> bool | None:
    """Whether an element stands beside the article; None where it is of other people."""
    current: LexborNode | None = node
    around: list[str] = []
    is_beside = False
    while current is not None and len(around) < MAX_AROUND:
        tag = current.tag
        if tag in ("body", "html", "main", "article"):
            break
        if tag in ("figcaption", "figure", "form", "nav"):
            return None
        is_beside = is_beside or tag in ("footer", "aside")
        attributes = current.attributes
        around.append(f"{attributes.get('class')} {attributes.get('id')}")
        current = current.parent
    marks = " ".join(around).lower()
    if any(word in marks for word in OF_OTHERS):
        return None
    for word in HARMLESS:
        marks = marks.replace(word, "")
    return is_beside or any(word in marks for word in BESIDE)


def home(node: LexborNode) -> int:
    """Which element two levels up holds the node."""
    for _ in range(2):
        if node.parent is not None:
            node = node.parent
    return node.mem_id
