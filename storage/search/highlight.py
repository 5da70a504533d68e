"""Where a text has the words of a search, matched as the full-text index matches them."""

import re
import unicodedata
from collections.abc import Callable

from scraper.patterns import lazy_pattern
from storage.diff.text.visible import visible
from storage.search.tokens import CJK_RUN, SEARCH_WORD

# Accented Latin, Greek and Cyrillic letters, and combining accents: the index ignores these accents.
ACCENTED_LETTER = lazy_pattern("[\u00c0-\u024f\u0300-\u036f\u0370-\u04ff\u1e00-\u1fff]")


def contains_words(words: str) -> Callable[[str], bool]:
    """A test that is true for a text with all the words, in any order; for every text if there are no words.

    Case and accents do not count. CJK words match inside longer runs, other words only as a whole.

    >>> contains_words("난방 cafe")("온실 난방비, Café 온실"), contains_words("arrest")("two arrested")
    (True, False)
    """
    patterns = [re.compile(pattern) for pattern in _patterns(words)]
    return lambda text: all(pattern.search(_without_case_and_accents(text)) for pattern in patterns)


def word_spans(words: str, text: str) -> list[tuple[int, int]]:
    """The (begin, end) positions of the words in a text, in order, without overlaps.

    >>> word_spans("fire", "Fire and fire!")
    [(0, 4), (9, 13)]
    """
    patterns = _patterns(words)
    plain = _without_case_and_accents(text)
    if not patterns or len(plain) != len(
        text
    ):  # case folding made two characters of one, so positions differ
        return []
    return [match.span() for match in re.finditer("|".join(patterns), plain)]


def _patterns(words: str) -> list[str]:
    return [
        re.escape(part) if CJK_RUN.fullmatch(part) else rf"(?<![^\W_]){re.escape(part)}(?![^\W_])"
        for word in SEARCH_WORD.findall(_without_case_and_accents(visible(words)))
        for part in CJK_RUN.sub(lambda match: f" {match[0]} ", word).split()
    ]


def _without_case_and_accents(text: str) -> str:
    """The text casefolded and without accents."""
    if not ACCENTED_LETTER.search(text):
        return text.casefold()
    parts = unicodedata.normalize("NFD", text)
    unaccented = "".join(char for char in parts if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", unaccented).casefold()
