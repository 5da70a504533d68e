"""The section in the trail of links above a headline: "Home > Region > Town"."""

from scraper.extract.html.tags import bare, fold_spaces
from scraper.patterns import lazy_pattern

HOME_NAMES_WORDS = """
    홈 home homepage hjem hem etusivu start startseite accueil inicio início portada principal トップ ホーム
    topページ top 首页 首頁 主页 главная strona główna ana sayfa domů головна
    """
HOME_NAMES = frozenset(HOME_NAMES_WORDS.split())
TRAIL_POINTER = lazy_pattern(r">{1,2}|[›»＞≫]")  # the sign may stand in an element of its own
MAX_TRAIL_STEP = 30  # characters
TRAIL_WINDOW = 80  # characters beside a pointer
MAX_TEXT_ABOVE_HEADLINE = 1_500  # characters above the headline


def visible_section(above: str, title: str) -> str | None:
    """The step after the home page, which is called so or by the site's name in the title.

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
