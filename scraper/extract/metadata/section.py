"""The section in the trail of links above a headline: "Home > Region > Town"."""

from scraper.extract.html.tags import bare, fold
from scraper.patterns import pattern

HOME_WORDS = """
    홈 home homepage hjem hem etusivu start startseite accueil inicio início portada principal トップ ホーム
    topページ top 首页 首頁 主页 главная strona główna ana sayfa domů головна
    """
HOME = frozenset(HOME_WORDS.split())
POINTER = pattern(r">{1,2}|[›»＞≫]")  # the sign may stand in an element of its own
MAX_STEP = 30  # characters
WINDOW = 80  # characters beside a pointer
MAX_ABOVE = 1_500  # characters above the headline


def shown_crumb(above: str, title: str) -> str | None:
    """The step after the home page, which is called so or by the site's name in the title.

    >>> shown_crumb("Menu\\nHome > Region > Town\\n", "")
    'Region'
    """
    for pointer in POINTER.finditer(above):
        home = _last_line(above[max(0, pointer.start() - WINDOW) : pointer.start()])
        section = _first_line(above[pointer.end() : pointer.end() + WINDOW])
        is_home = home.casefold() in HOME or (bare(home) and title.endswith(home))
        if is_home and 2 <= len(section) <= MAX_STEP:
            return section
    return None


def _last_line(before: str) -> str:
    return fold(POINTER.split(before.rstrip().rpartition("\n")[2])[-1])


def _first_line(after: str) -> str:
    return fold(POINTER.split(after.lstrip().partition("\n")[0])[0])
