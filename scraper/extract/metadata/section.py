"""The section of an article: from the tags, the breadcrumbs, or the trail of links above the headline."""

from selectolax.lexbor import LexborNode

from scraper.extract.html import jsonld
from scraper.extract.html.document import Document, ValueWithSource
from scraper.extract.html.nearby import text_before
from scraper.extract.html.text import bare, fold_spaces
from scraper.patterns import lazy_pattern

SECTION_METAS = (
    "article:section",
    "og:article:section",
    "section",
    "parsely-section",
    "dable:section",
    "cxenseparse:section",
    "article2:section",
    "outbrainsection",
    "bi3dsection",
    "category",
)
HOME_NAMES_WORDS = """
    홈 home homepage hjem hem etusivu start startseite accueil inicio início portada principal トップ ホーム
    topページ top 首页 首頁 主页 главная strona główna ana sayfa domů головна
    """
HOME_NAMES = frozenset(HOME_NAMES_WORDS.split())
TRAIL_POINTER = lazy_pattern(r">{1,2}|[›»＞≫]")  # the sign may be in an element of its own
MAX_SECTION_LENGTH = 100  # characters
MAX_BREADCRUMBS = 10
MAX_TRAIL_STEP = 30  # characters
TRAIL_WINDOW = 80  # characters beside a pointer
MAX_TEXT_ABOVE_HEADLINE = 1_500  # characters


def read_section(document: Document, headline: str, node: LexborNode | None) -> ValueWithSource:
    """The section's name and its source; `node` is the element that shows the headline."""
    claims = [("json-ld", document.claim("articleSection"))]
    claims += [(f"meta {name}", document.tags.meta(name)) for name in SECTION_METAS]
    for source, name in claims:
        if name and len(name) <= MAX_SECTION_LENGTH and not name.startswith(("http:", "https:")):
            return fold_spaces(jsonld.unescape(name)), source
    if name := _breadcrumb_section(document, headline):
        return name, "breadcrumb"
    above = text_before(node, MAX_TEXT_ABOVE_HEADLINE) if node is not None else ""
    name = visible_section(above, document.tags.title or "")
    return (name, "breadcrumb") if name and bare(name) != bare(headline) else (None, None)


def _breadcrumb_section(document: Document, headline: str) -> str | None:
    """The first breadcrumb after the home page, unless it is the article itself."""
    for thing in document.things:
        entries = thing.get("itemListElement")
        if "BreadcrumbList" not in jsonld.types(thing) or not isinstance(entries, list):
            continue
        names = [
            fold_spaces(jsonld.text(entry.get("name")) or jsonld.text(entry.get("item")) or "")
            for entry in entries[:MAX_BREADCRUMBS]
            if isinstance(entry, dict)
        ]
        if len(names) >= 2 and names[1] and bare(names[1]) != bare(headline):
            return names[1]
    return None


def visible_section(above: str, title: str) -> str | None:
    """The step after the home page, whose name is "Home" or ends the title.

    >>> visible_section("Menu\\nHome > Region > Town\\n", "")
    'Region'
    """
    for pointer in TRAIL_POINTER.finditer(above):
        home = _last_step(above[max(0, pointer.start() - TRAIL_WINDOW) : pointer.start()])
        section = _first_step(above[pointer.end() : pointer.end() + TRAIL_WINDOW])
        is_home = home.casefold() in HOME_NAMES or (bare(home) and title.endswith(home))
        if is_home and 2 <= len(section) <= MAX_TRAIL_STEP:
            return section
    return None


def _last_step(before: str) -> str:
    return fold_spaces(TRAIL_POINTER.split(before.rstrip().rpartition("\n")[2])[-1])


def _first_step(after: str) -> str:
    return fold_spaces(TRAIL_POINTER.split(after.lstrip().partition("\n")[0])[0])
