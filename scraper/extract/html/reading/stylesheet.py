"""Which elements the style sheets in a page hide: from everybody, or from all but screen readers.

Only rules that hold for every reader count: one within `@media`, or for a class that another rule shows
again (a menu, a tab, a fold), says nothing about the text.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scraper.patterns import lazy_pattern

# The declarations as style sheets write them, each after a text by which it is found: that takes a tenth of the
# time of a pattern.
HIDING = (("display:none", "display:none"), ("display: none", "display: none"))
CLIPPING = (
    ("clip", "clip:rect(", "clip: rect(", "clip-path:inset(", "clip-path: inset("),
    ("left:-", "left:-9999", "left:-10000"),
)
SHOWING = lazy_pattern(r"display\s*:\s*(?!none)[a-z]")
# A tag with classes or an id, which no other element and no state of the page has a say in: a rule such as
# ".paywall .text" is for a script that shows the text.
PLAIN_SELECTOR = lazy_pattern(r"(?:[a-z][a-z0-9]{0,10})?(?:[.#][\w-]{1,80}){1,3}")
CLASS_OR_ID = lazy_pattern(r"[.#][\w-]+")
RULE_OF_NAME = lazy_pattern(r"(?![\w-])[^{}]{0,500}\{([^{}]{0,2000})")
COMMENT = lazy_pattern(r"/\*.*?(?:\*/|\Z)", re.S)
# At-rules around rules that hold for every reader, and around rules that hold on a small screen or on paper.
EVERYWHERE = lazy_pattern(r"@(?:layer|supports)\b.*|@media (?:only )?(?:screen|all)")
ELSEWHERE = lazy_pattern(r"@media.*(?:print|max-width).*")
MAX_SHEET = 100_000  # characters of all sheets of a page
MAX_RULES, MAX_MENTIONS, MAX_SELECTORS = 400, 20, 40
MAX_SELECTOR_TEXT = 2_000


class HiddenSelectors(NamedTuple):
    """The selectors of what nobody sees, and of what only screen readers read out."""

    invisible: tuple[str, ...]
    spoken: tuple[str, ...]


def hidden_selectors(sheets: Iterable[str]) -> HiddenSelectors:
    """What the style sheets of a page hide.

    >>> hidden_selectors([".promo{display:none}.tab{display:none}.tab.open{display:block}.vh{clip:rect(0,0,0,0)}"])
    HiddenSelectors(invisible=('.promo',), spoken=('.vh',))
    """
    css = "\n".join(sheets)[:MAX_SHEET]
    invisible = [
        selector
        for selector in _hiding(css, HIDING)
        if not any(_is_shown(css, name) for name in CLASS_OR_ID.findall(selector))
    ]
    return HiddenSelectors(tuple(invisible), tuple(_hiding(css, CLIPPING)))


def _hiding(css: str, declarations: Iterable[tuple[str, ...]]) -> list[str]:
    """The plain selectors of the rules with one of the declarations that hold for every reader."""
    hiding: dict[str, None] = {}
    for text_to_find, *forms in declarations:
        for text, at in _rules(css, text_to_find, tuple(forms)):
            plain = [
                name for part in text.split(",") if PLAIN_SELECTOR.fullmatch(name := part.strip())
            ]
            if plain and ((at_rule := _at_rule(css, at)) == "" or EVERYWHERE.fullmatch(at_rule)):
                hiding.update(dict.fromkeys(plain))
    return list(hiding)[:MAX_SELECTORS]


def _is_shown(css: str, name: str) -> bool:
    """Whether another rule shows what has a class or an id, other than on paper or a small screen."""
    at = -1
    for _ in range(MAX_MENTIONS):
        at = css.find(name, at + 1)
        if at < 0:
            return False
        end = css.find("}", at)
        if css.find("display", at, end) < 0:
            continue
        rule = RULE_OF_NAME.match(css, at + len(name))
        shows = rule is not None and SHOWING.search(rule[1])
        if shows and not ELSEWHERE.fullmatch(_at_rule(css, at)):
            return True
    return True  # too many to say


def _rules(css: str, text_to_find: str, forms: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """The selectors of each rule with a declaration in one of the forms, and where they begin."""
    at = -1
    for _ in range(MAX_RULES):
        at = css.find(text_to_find, at + 1)
        if at < 0:
            return
        start = css.rfind("{", 0, at) if css.startswith(forms, at) else -1
        if start >= 0:
            begin = max(css.rfind(sign, 0, start) for sign in "{};") + 1
            text = css[begin:start]
            yield (COMMENT.sub("", text) if "/*" in text else text)[:MAX_SELECTOR_TEXT], begin


def _at_rule(css: str, at: int) -> str:
    """The at-rule around a place in a style sheet; empty if there is none."""
    outer = css.rfind("@", 0, at)
    if outer < 0 or css.count("{", outer, at) <= css.count("}", outer, at):
        return ""
    return " ".join(css[outer : css.find("{", outer)][:MAX_SELECTOR_TEXT].split())
