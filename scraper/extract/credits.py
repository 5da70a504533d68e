"""Names that a reader sees: by-lines near the headline, author elements, lines of credit."""

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract import byline as bylines
from scraper.extract.tags import fold, spaced_text
from scraper.extract.vicinity import Block, page_blocks

# Elements that hold names on pages whose tags hold none.
ELEMENTS = (
    '[rel~="author"], [class*="author" i], [class*="byline" i], [class*="autor" i], [class*="writer" i], '
    '[class*="reporter" i], [class*="journalist" i], [class*="redakteur" i], [class*="firma" i], '
    'a[href*="/author/"], a[href*="/authors/"], a[href*="/autor/"], a[href*="/people/"]'
)
ELSEWHERE = re.compile(
    r"comment|related|recent|sidebar|menu|teaser|footer|widget|popular|trending|most-?read|photo|image|caption"
    r"|credit|foto|recommend|newsletter|carousel|(?<!v)card|promo|copyright|ranking|authority|disqus|avatar|login",
    re.I,
)
NOT_PERSON = re.compile(
    r"\b(?:about|authors?|follow|share|more|posts?|view|read|articles?|profile|written|subscribe|comments?|see|all"
    r"|biography|bio|min|minutes?|ago|date|updated|published|newsletter|contact|home|login|search|twitter"
    r"|instagram|artikel|mehr|alle|zum|über|website|autor(?:in|en)?|click|here|meet|our|this|what|why|how|folgen|seguir|suivre|lesen|teilen|quelle|source|categor(?:y|ies)|uncategorized"
    r"|hardware|image|ansicht|verfasst|beitrag|beiträge|drucken|print|save|listen|speichern|merken|kommentare?)\b",
    re.I,
)
PARTICLES_WORDS = """
    von van de der den del della di da do dos das du la le el al bin ibn ben ter ten zu y e d'
    """
PARTICLES = frozenset(PARTICLES_WORDS.split())
MAX_CANDIDATES = 60
MAX_LINE = 140
KOREAN_LINE = re.compile(
    r"(?:^|[\s\[(=·,])([가-힣]{2,4})\s?(?:선임|수석|전문|인턴)?\s?(?:기자|특파원)\s*(?:[\[(<]?[\w.+-]+@|[\])=]|\n)"
)
CHINESE = re.compile(
    r"(?:作者|记者|記者|撰文|(?:^|\s)文)\s*[：:／/]\s*([\u4e00-\u9fff·、\s]{2,20})"
)
CHINESE_LINE = re.compile(
    r"[（(□]\s*(?:\w{2,6})?(?:记者|記者)\s*([\u4e00-\u9fff·、 ]{2,12})[）)\n]"
)
WHOLE_LINE = re.compile(
    r"(?:written\s+|posted\s+)?(?:by|von|par|por|av|door)\s+[^\W\d_][\w.'’-]+(?:\s+[^\W\d_][\w.'’-]*){1,6}$",
    re.I,
)


def names_in_lines(blocks: Iterable[Block]) -> tuple[str, ...]:
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


def names_anywhere(tree: LexborHTMLParser) -> tuple[str, ...]:
    """Whole lines of the page that are a byline and nothing else."""
    for block in page_blocks(tree):
        if len(block.text) <= MAX_LINE and (
            WHOLE_LINE.match(block.text) or CHINESE.search(block.text)
        ):
            found = tuple(name for name in bylines.names(block.text) if is_person_like(name))
            if found and len(found) <= 4:
                return found
        elif len(block.text) > MAX_LINE and (found := _in_dateline(block.text)):
            return found
    return ()


def names_in_elements(tree: LexborHTMLParser) -> tuple[str, ...]:
    """Names in the first author element, and in others of its class beside it."""
    found: tuple[str, ...] = ()
    first: tuple[int, str] | None = None
    for node in tree.css(ELEMENTS)[:MAX_CANDIDATES]:
        if node.tag in (
            "body",
            "html",
            "article",
            "main",
            "script",
            "style",
            "img",
            "input",
            "meta",
            "link",
        ):
            continue
        key = (home(node), node.attributes.get("class") or "")
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
    if (
        node.tag == "a"
        and _is_author_link(node)
        and text[:1].isupper()
        and text.isalpha()
        and not NOT_PERSON.search(text)
    ):
        return (text,)
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


def _is_author_link(node: LexborNode) -> bool:
    """A link to an author's page: there a single name is one too."""
    attributes = node.attributes
    return "author" in (attributes.get("rel") or "") or "/author/" in (attributes.get("href") or "")


def _lines(node: LexborNode) -> list[str]:
    pieces = [
        child.text(deep=False) for child in node.traverse(include_text=True) if child.tag == "-text"
    ]
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
    """Whether visible text reads as a name: few words, capitals, no words of a page's furniture.

    >>> is_person_like("Maria de la Example"), is_person_like("But no worry")
    (True, False)
    """
    words = fold(name).split()
    if NOT_PERSON.search(name) or len(words) > 5 or re.search(r"\d|[!?/#%…]", name):
        return False
    if not any(character.islower() or character.isupper() for character in name):
        return True  # a script without case
    return len(words) >= 2 and all(word[:1].isupper() or word in PARTICLES for word in words)


def home(node: LexborNode) -> int:
    """Which element two levels up holds the node."""
    for _ in range(2):
        if node.parent is not None:
            node = node.parent
    return node.mem_id
