"""Does a text hold the words of a search, as the full-text index would say?"""

import re
import unicodedata
from collections.abc import Callable

from storage.diff.text.visible import visible
from storage.search.tokens import RUN, WORD

# Latin, Greek and Cyrillic letters with marks, and the marks: those that the index takes off.
ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f\u0370-\u04ff\u1e00-\u1fff]")


def held_in(words: str) -> Callable[[str], bool]:
    """A test that is true of a text with all the words in it; of any text where there are none.

    >>> held_in("난방 cafe")("온실 난방비, Café 온실"), held_in("arrest")("two arrested")
    (True, False)
    """
    patterns = [re.compile(pattern) for pattern in _patterns(words)]
    return lambda text: all(pattern.search(_plain(text)) for pattern in patterns)


def first_places(words: str, text: str) -> list[tuple[int, int]]:
    """Where in a text the words stand, in order, none within another.

    >>> first_places("fire", "Fire and fire!")
    [(0, 4), (9, 13)]
    """
    patterns = _patterns(words)
    plain = _plain(text)
    if not patterns or len(plain) != len(text):  # a folded character became two
        return []
    return [match.span() for match in re.finditer("|".join(patterns), plain)]


def _patterns(words: str) -> list[str]:
    return [
        re.escape(part) if RUN.fullmatch(part) else rf"(?<![^\W_]){re.escape(part)}(?![^\W_])"
        for word in WORD.findall(_plain(visible(words)))
        for part in RUN.sub(lambda match: f" {match[0]} ", word).split()
    ]


def _plain(text: str) -> str:
    """The text without case and accents."""
    if not ACCENTED.search(text):
        return text.casefold()
    parts = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in parts if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", bare).casefold()
