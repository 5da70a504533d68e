"""Names that a reader sees: by-lines near the headline, author elements, lines of credit."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract import byline as bylines
from scraper.extract.tags import fold, spaced_text
from scraper.extract.vicinity import Block

# Elements that hold names on pages whose tags hold none; each selector costs 0.1 ms.
ELEMENTS = '[rel~="author"], a[href*="/author"], [class*="aut" i], [class*="byline" i]'
NAMED = re.compile("author|byline|autor", re.I)
WRITER_ELEMENTS = '[class*="writer" i], [class*="reporter" i], [class*="journalist" i]'
HOLDERS = frozenset(
    ["body", "html", "article", "main", "script", "style", "img", "input", "meta", "link"]
)
ELSEWHERE = re.compile(
    r"comment|related|recent|sidebar|menu|teaser|footer|widget|popular|trending|most-?read|photo|image|caption"
    r"|credit|foto|recommend|newsletter|carousel|(?<!v)card|promo|copyright|ranking|authority|disqus|avatar|login",
    re.I,
)
NOT_PERSON = re.compile(
    r"\b(?:about|authors?|follow|share|more|posts?|view|read|articles?|profile|written|subscribe|comments?|see|all"
    r"|biography|bio|min|minutes?|ago|date|updated|published|newsletter|contact|home|login|search|twitter"
    r"|instagram|artikel|mehr|alle|zum|über|website|autor(?:in|en)?|click|here|meet|our|this|what|why|how"
    r"|folgen|seguir|suivre|lesen|teilen|quelle|source|categor(?:y|ies)|uncategorized"
    r"|hardware|image|ansicht|verfasst|beitrag|beiträge|drucken|print|save|listen|speichern|merken|kommentare?)\b"
    r"|一覧|記事|全文|ランキング|もっと|手机|客户端|プロフィール|全部|更多|기사|구독|보기|뉴스",
    re.I,
)
PARTICLES_WORDS = """
    von van de der den del della di da do dos das du la le el al bin ibn ben ter ten zu y e d'
    """
PARTICLES = frozenset(PARTICLES_WORDS.split())
MAX_CANDIDATES = 60
MAX_LINE = 140
MAX_KOREAN_LINE = 70
HANGUL = re.compile("[가-힣]")
KOREAN = re.compile("[가-힣]{2,4}")
MAX_CASELESS = 10  # characters of a Chinese or Japanese name
MAX_PIECES = 60  # nodes in an author element
KOREAN_LINE = re.compile(
    r"(?:^|[\s\[(=·,])([가-힣]{2,4})\s?(?:선임|수석|전문|인턴)?\s?(?:기자|특파원)\s*(?:[\[(<]?[\w.+-]+@|[\])=]|\n)"
)
KOREAN_OPENING = re.compile(r"[)\]]\s*((?:[가-힣]{2,4}\s){1,5})\s?(?:기자|특파원)\s*=")
CHINESE = re.compile(
    r"(?:作者|记者|記者|撰文|(?:^|\s)文)\s*[：:／/]\s*([\u4e00-\u9fff·、\s]{2,20})"
)
CHINESE_LINE = re.compile(
    r"[（(□]\s*(?:\w{2,6})?(?:记者|記者)\s*([\u4e00-\u9fff·、 ]{2,12})[）)\n]"
)
# "By" and the name may stand in two elements, so in two lines.
BY = re.compile(
    r"\n[ \t]*+(?:by|By|BY|von|Von|VON|par|Par|por|Por|[Ww]ritten by|[Pp]osted by|[Dd]oor)\b:?"
)
NAME_LINE = re.compile(r"\s+([^\W\d_][\w.'’-]+(?:[ \u00a0][^\W\d_][\w.'’-]*){1,6})[ \t]*(?=[\n,])")
MAX_BY_LINES = 20
CJK = re.compile("[\u3040-\u9fff\uac00-\ud7a3]")
CJK_PROBE = 5_000
REPORTERS = ("기자", "특파원", "作者", "记者", "記者", "撰文")
MAX_BESIDE = 5  # reporters after the first
MAX_ANYWHERE = 4  # names in one line that no tag marks as a byline


def names_in_lines(blocks: Iterable[Block]) -> tuple[str, ...]:
    """A short line near the headline that begins with "By" or names a 기자."""
    blocks = tuple(blocks)
    for at, block in enumerate(blocks):
        if len(block.text) > MAX_LINE:
            if found := _in_dateline(block.text):
                return found
        elif bylines.PREFIX.match(block.text) or _names_a_reporter(block.text):
            found = tuple(name for name in bylines.names(block.text) if is_person_like(name))
            if found:
                return bylines.unique((*found, *_beside(at, blocks)))
        elif chinese := CHINESE.search(block.text):
            return bylines.names(chinese[1])
    return ()


def _beside(at: int, blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """Other reporters in the lines of the same kind that follow at once: one element each."""
    found: list[str] = []
    for other in blocks[at + 1 : at + 1 + MAX_BESIDE]:
        if other.marks != blocks[at].marks or not _names_a_reporter(other.text):
            break
        found += filter(is_person_like, bylines.names(other.text))
    return tuple(found)


def _names_a_reporter(text: str) -> bool:
    """A short Korean line with a name and 기자, which is no sentence about one."""
    return len(text) <= MAX_KOREAN_LINE and bool(bylines.KOREAN_NAME.search(text))


def _in_dateline(text: str) -> tuple[str, ...]:
    """Names that open or close a paragraph: "(서울=연합뉴스) 홍길동 기자 =", "（记者 张三）"."""
    ends = f"{text[:MAX_LINE]} \n {text[-60:]}"
    if (opening := KOREAN_OPENING.search(text[:MAX_LINE])) and len(opening[1].split()) > 1:
        return bylines.all_names(f"{name} 기자" for name in opening[1].split())
    if korean := KOREAN_LINE.findall(ends):
        return bylines.all_names(f"{name} 기자" for name in korean)
    chinese = CHINESE_LINE.search(ends)
    return bylines.names(chinese[1]) if chinese else ()


def names_anywhere(text: str) -> tuple[str, ...]:
    """Names in a line that is a byline and nothing else, or in a dateline, anywhere on the page."""
    for match in islice(BY.finditer(text), MAX_BY_LINES):
        line = NAME_LINE.match(text, match.end())
        found = tuple(filter(is_person_like, bylines.names(line[1]))) if line else ()
        if found and len(found) <= MAX_ANYWHERE:
            return found
    for window in _windows(text):
        if found := _in_dateline(window):
            return found
        if chinese := CHINESE.search(window):
            return bylines.names(chinese[1])
    return ()


def _windows(text: str) -> Iterator[str]:
    """The text around each word for a reporter: a search for the words is fast, the forms are not."""
    if not CJK.search(text[:CJK_PROBE]):
        return
    for word in REPORTERS:
        at = text.find(word)
        for _ in range(MAX_BY_LINES):
            if at < 0:
                break
            yield text[max(0, at - 40) : at + 40]
            at = text.find(word, at + 1)


def names_in_elements(tree: LexborHTMLParser, selector: str = ELEMENTS) -> tuple[str, ...]:
    """Names in the first author element, and in others of its class beside it."""
    found: tuple[str, ...] = ()
    first: tuple[int, str] | None = None
    count = 0
    for node in tree.css(selector):
        attributes = node.attributes
        words = attributes.get("class") or ""
        if selector is ELEMENTS and not _is_authors(attributes, words):
            continue
        count += 1
        if count > MAX_CANDIDATES:
            break
        if node.tag in HOLDERS:
            continue
        key = (home(node), words)
        if first is not None and key != first:
            continue
        text = spaced_text(node)
        if not 2 < len(text) <= MAX_LINE or _is_elsewhere(node):
            continue
        names = _names_in(node, text)
        if names:
            found, first = bylines.unique((*found, *names)), key
    return found


def _is_authors(attributes: dict[str, str | None], words: str) -> bool:
    """Whether an element is of an author: its selector finds "auto", too."""
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
        # A script without case: a Korean name has two to four syllables.
        return bool(KOREAN.fullmatch(name)) if HANGUL.search(name) else len(name) <= MAX_CASELESS
    return len(words) >= 2 and all(word[:1].isupper() or word in PARTICLES for word in words)


def home(node: LexborNode) -> int:
    """Which element two levels up holds the node."""
    for _ in range(2):
        if node.parent is not None:
            node = node.parent
    return node.mem_id
