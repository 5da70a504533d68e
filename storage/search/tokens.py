"""Text for full-text search: Chinese, Japanese and Korean as pairs of characters.

FTS5's unicode61 tokenizer reads a run of ideographs, or a Korean eojeol (a word with its particles), as
one word. Indexed as pairs, a two-syllable word is found inside it. The trigram tokenizer finds nothing
shorter than three characters.
"""

import re

from scraper.patterns import lazy_pattern
from storage.diff.text.visible import visible

CJK_RUN = lazy_pattern("[ぁ-ヿ々㐀-鿿가-힣豈-﫿𠀀-𯨟]+")
SEARCH_WORD = lazy_pattern(r"[^\W_]+")


def bigrams(text: str) -> str:
    """The text as it is indexed: visible text, with each CJK run as its pairs and its last character.

    >>> bigrams("AI 인공지능 시장")
    'AI 인공 공지 지능 능 시장 장'
    """
    shown = visible(text)
    if not CJK_RUN.search(shown):
        return shown
    return " ".join(CJK_RUN.sub(_spaced_pairs, shown).split())


def all_words_query(words: str) -> str:
    """An FTS5 query for all the words; a single CJK character matches any pair that begins with it.

    Empty if there is no letter or digit.

    >>> all_words_query("인공지능 market")
    '"인공 공지 지능" "market"'
    >>> all_words_query("달")
    '"달"*'
    """
    return " ".join(_terms(words))


def any_word_query(words: str) -> str:
    """An FTS5 query for any of the words; empty if there is no letter or digit.

    >>> any_word_query("인공지능 market")
    '"인공 공지 지능" OR "market"'
    """
    return " OR ".join(_terms(words))


def _terms(words: str) -> list[str]:
    return [
        _term(part)
        for word in SEARCH_WORD.findall(visible(words))
        for part in CJK_RUN.sub(lambda match: f" {match[0]} ", word).split()
    ]


def _term(part: str) -> str:
    if not CJK_RUN.fullmatch(part):
        return f'"{part}"'
    return f'"{part}"*' if len(part) == 1 else f'"{_pairs(part)}"'


def _spaced_pairs(run: re.Match[str]) -> str:
    text = run[0]
    return f" {text} " if len(text) == 1 else f" {_pairs(text)} {text[-1]} "


def _pairs(run: str) -> str:
    return " ".join(run[i : i + 2] for i in range(len(run) - 1))
