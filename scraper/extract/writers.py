"""Where on the page the byline is: JSON-LD, metas, microdata, author elements, visible text.

A person named in a weaker source beats the site's own name in a stronger one; the
site's name, an agency or a desk is the byline only where the page names nobody.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract import byline as bylines
from scraper.extract.jsonld import Thing, types
from scraper.extract.tags import Tags, fold, spaced_text
from scraper.extract.vicinity import Block, page_blocks

AUTHOR_METAS = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl",
    "cxenseparse:author", "dable:author", "dc.creator", "dcterms.creator", "creator", "citation_author",
    "citation_authors", "shareaholic:article_author_name", "article.author", "analyticsattributes.author",
    "branch:deeplink:authorname1", "twitter:creator",
)  # fmt: skip
# Elements that hold names on pages whose tags hold none.
ELEMENTS = (
    '[rel~="author"], [class*="author" i], [class*="byline" i], [class*="autor" i], [class*="writer" i], '
    '[class*="reporter" i], [class*="journalist" i], [class*="redakteur" i], [class*="firma" i], '
    'a[href*="/author/"], a[href*="/authors/"], a[href*="/autor/"], a[href*="/people/"]'
)
ELSEWHERE = re.compile(
    r"comment|related|recent|sidebar|menu|teaser|footer|widget|popular|trending|most-?read|photo|image|caption"
    r"|credit|foto|recommend|newsletter|carousel|card|promo|copyright|ranking|authority|disqus|avatar|login",
    re.I,
)
NOT_PERSON = re.compile(
    r"\b(?:about|authors?|follow|share|more|posts?|view|read|articles?|profile|written|subscribe|comments?|see|all"
    r"|biography|bio|min|minutes?|ago|date|updated|published|newsletter|contact|home|login|search|twitter"
    r"|instagram|artikel|mehr|alle|zum|über|website|autor(?:in|en)?|click|here|meet|our|this|what|why|how|folgen|seguir|suivre|lesen|teilen|quelle|source|categor(?:y|ies)|uncategorized"
    r"|hardware|image|ansicht|verfasst|beitrag|beiträge|drucken|print|save|listen|speichern|merken|kommentare?)\b",
    re.I,
)
MAX_CANDIDATES = 60
MAX_LINE = 140
KOREAN_LINE = re.compile(
    r"(?:^|[\s\[(=·,])([가-힣]{2,4})\s?(?:선임|수석|전문|인턴)?\s?(?:기자|특파원)\s*(?:[\[(<]?[\w.+-]+@|[\])=]|\n)"
)
CHINESE = re.compile(r"(?:作者|记者|記者|撰文|(?:^|\s)文)\s*[：:／/]\s*([\u4e00-\u9fff·、\s]{2,20})")
CHINESE_LINE = re.compile(r"[（(□]\s*(?:\w{2,6})?(?:记者|記者)\s*([\u4e00-\u9fff·、 ]{2,12})[）)\n]")
WHOLE_LINE = re.compile(r"(?:written\s+|posted\s+)?(?:by|von|par|por|av|door)\s+[^\W\d_][\w.'’-]+(?:\s+[^\W\d_][\w.'’-]*){1,6}$", re.I)

IsSite = Callable[[str], bool]


def read_byline(
    tree: LexborHTMLParser,
    tags: Tags,
    article: Thing | None,
    index: dict[str, Thing],
    blocks: tuple[Block, ...],
    *,
    is_site: IsSite,
) -> tuple[tuple[str, ...], str | None]:
    """The names and their source; the first source that names somebody but the site itself."""
    fallback: tuple[tuple[str, ...], str | None] = ((), None)
    for source, found in _sources(tree, tags, article, index, blocks):
        people = tuple(name for name in found if not is_site(name))
        if people:
            return people, source
        if found and not fallback[0]:
            fallback = found, source
    return fallback


def _sources(
    tree: LexborHTMLParser, tags: Tags, article: Thing | None, index: dict[str, Thing], blocks: tuple[Block, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    if article:
        persons, groups = _credited(article.get("author") or article.get("creator"), index)
        yield "json-ld", bylines.all_names(persons)
        yield "json-ld", bylines.all_names(groups)
    for name in AUTHOR_METAS:
        if name in tags.metas:
            yield f"meta {name}", bylines.all_names(_whole_names(name, tags.metas[name]))
    yield "microdata", _marked(tags)
    yield "visible", _by_lines(blocks)
    yield "visible", _elements(tree)
    yield "visible", _anywhere(tree)


def _whole_names(meta: str, contents: tuple[str, ...]) -> list[str]:
    """Library metas write "Family, Given"; a Twitter handle is no name."""
    if meta == "twitter:creator":
        return [text for text in contents if " " in text.strip() and not text.startswith("@")]
    if not meta.startswith(("citation_", "dc", "article:author")):
        return list(contents)
    turned = []
    for text in contents:
        family, comma, given = text.partition(",")
        if comma and "," not in given and len(text.split()) <= 4 and len(family.split()) <= 2 and given.strip():
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
        names = [text for text in (name if isinstance(name, list) else [name]) if isinstance(text, str)]
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
            yield index.get(identity, entry) if "name" not in entry and isinstance(identity, str) else entry


def _marked(tags: Tags) -> tuple[str, ...]:
    """Microdata authors that stand together with the first: later ones are teasers'."""
    marks = [mark for mark in tags.marks if mark.name == "author"]
    together = [mark for mark in marks if _home(mark.node) == _home(marks[0].node)]
    return bylines.all_names(_named(mark.node) or mark.value or mark.text for mark in together)


def _named(node: LexborNode) -> str | None:
    names = [name.attributes.get("content") or spaced_text(name) for name in node.css("[itemprop~=name]")]
    return "; ".join(name for name in names if name) or None


def _home(node: LexborNode) -> int:
    for _ in range(2):
        if node.parent is not None:
            node = node.parent
    return node.mem_id


def _by_lines(blocks: Iterable[Block]) -> tuple[str, ...]:
    """A short line near the headline that begins with "By" or names a 기자."""
    for block in blocks:
        if len(block.text) > MAX_LINE:
            if found := _in_dateline(block.text):
                return found
        elif bylines.PREFIX.match(block.text) or bylines.KOREAN_NAME.search(block.text):
            found = tuple(name for name in bylines.names(block.text) if is_person_like(name))
            if found:
                return found
        elif chinese := CHINESE.search(block.text):
            return bylines.names(chinese[1])
    return ()


def _in_dateline(text: str) -> tuple[str, ...]:
    """Names that open or close a paragraph: "(서울=연합뉴스) 홍길동 기자 =", "（记者 张三）"."""
    ends = f"{text[:MAX_LINE]} \n {text[-60:]}"
    if korean := KOREAN_LINE.findall(ends):
        return bylines.all_names(f"{name} 기자" for name in korean)
    chinese = CHINESE_LINE.search(ends)
    return bylines.names(chinese[1]) if chinese else ()


def _anywhere(tree: LexborHTMLParser) -> tuple[str, ...]:
    """Whole lines of the page that are a byline and nothing else."""
    for block in page_blocks(tree):
        if len(block.text) <= MAX_LINE and (WHOLE_LINE.match(block.text) or CHINESE.search(block.text)):
            found = tuple(name for name in bylines.names(block.text) if is_person_like(name))
            if found and len(found) <= 4:
                return found
        elif len(block.text) > MAX_LINE and (found := _in_dateline(block.text)):
            return found
    return ()


def _elements(tree: LexborHTMLParser) -> tuple[str, ...]:
    """Names in the first author element, and in others of its class beside it."""
    found: tuple[str, ...] = ()
    first: tuple[int, str] | None = None
    for node in tree.css(ELEMENTS)[:MAX_CANDIDATES]:
        if node.tag in ("body", "html", "article", "main", "script", "style", "img", "input", "meta", "link"):
            continue
        key = (_home(node), node.attributes.get("class") or "")
        if first is not None and key != first:
            continue
        text = spaced_text(node)
        if not 2 < len(text) <= MAX_LINE or _is_elsewhere(node):
            continue
        names = _names_in(node, text)
        if names:
            found, first = bylines.unique((*found, *names)), key
    return found


def _names_in(node: LexborNode, text: str) -> tuple[str, ...]:
    """Names in an author element: its links where they are names, else its first line with one."""
    linked = [spaced_text(link) for link in node.css("a")] if node.tag != "a" else []
    for pieces in (linked, _lines(node)):
        found: tuple[str, ...] = ()
        for piece in pieces[:12]:
            names = tuple(name for name in bylines.names(piece) if is_person_like(name))
            if names and pieces is not linked:
                return names
            found = bylines.unique((*found, *names))
        if found:
            return found
    return tuple(name for name in bylines.names(text) if is_person_like(name))


def _lines(node: LexborNode) -> list[str]:
    pieces = [child.text(deep=False) for child in node.traverse(include_text=True) if child.tag == "-text"]
    return [line for piece in pieces if (line := fold(piece))]


def _is_elsewhere(node: LexborNode) -> bool:
    current: LexborNode | None = node
    for _ in range(5):
        if current is None or current.tag in ("body", "html", "main", "article"):
            return False
        if current.tag in ("footer", "nav", "aside", "figcaption", "figure", "form"):
            return True
        attributes = current.attributes
        if ELSEWHERE.search(f"{attributes.get('class')} {attributes.get('id')}"):
            return True
        current = current.parent
    return False


def is_person_like(name: str) -> bool:
    """Whether visible text reads as a name: few words, capitals, no words of a page's furniture."""
    if NOT_PERSON.search(name) or len(name.split()) > 5 or re.search(r"\d|[!?/#%…]", name):
        return False
    first = fold(name)[:1]
    return first.isupper() or not (first.islower() or first.isupper())
