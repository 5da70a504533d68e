"""Text becomes tokens: words, numbers with their units, single ideographs, marks.

The only white space in a token is that of a number such as "1 200 300".
"""

from collections.abc import Sequence
from itertools import pairwise

from scraper.patterns import lazy_pattern
from storage.diff.text.units import CURRENCY_SIGNS, JOINED_MULTIPLES, JOINED_UNITS

TOKEN_PATTERNS = {
    "number": rf"[{CURRENCY_SIGNS}]?(?:\d{{1,3}}(?: \d{{3}})+(?!\d)|\d(?:[\d.,:]*\d)?)(?:{JOINED_MULTIPLES}+(?:\d(?:[\d.,]*\d)?)?)*여?(?:{JOINED_UNITS})?",
    "hangul": "[가-힣ㄱ-ㆎ]+",
    "katakana": "[ァ-ヴー]+",
    "ideograph": "[々〆㐀-鿿豈-﫿𠀀-𯨟]|[ぁ-ゟ]|[\u0e00-\u0e7f\u1000-\u109f]",
    "word": r"(?:[^\W\d_ぁ-ヿ㐀-鿿가-힣豈-﫿](?:[’'’\-]?[^\W_ぁ-ヿ㐀-鿿가-힣豈-﫿])*)",
    "mark": r"\.{2,}|[\U0001f1e6-\U0001f1ff]{2}|[^\s]",
}
QUOTATION_MARKS = frozenset("\"'“”„‟«»‘’‚‛‹›「」『』《》〈〉〝〞＂")
TOKEN = lazy_pattern("|".join(TOKEN_PATTERNS.values()))
NUMBER_TOKEN = lazy_pattern(TOKEN_PATTERNS["number"])
HANGUL_TOKEN = lazy_pattern(TOKEN_PATTERNS["hangul"])


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order.

    >>> tokens("약 57조3000억원을, 12.5% of $425")
    ['약', '57조3000억원', '을', ',', '12.5%', 'of', '$425']
    >>> tokens("日本は3年ぶり。")
    ['日', '本', 'は', '3年', 'ぶ', 'り', '。']
    """
    return TOKEN.findall(text)


def spaced_tokens(text: str) -> list[tuple[str, str]]:
    """Each token with the white space that follows it; leading space follows an empty token.

    All tokens and spaces, joined, are the text.

    >>> spaced_tokens(" so it is ")
    [('', ' '), ('so', ' '), ('it', ' '), ('is', ' ')]
    """
    spans = [match.span() for match in TOKEN.finditer(text)]
    # Only white space is between two tokens: every other character belongs to one.
    pairs = [(text[a:b], text[b:c]) for (a, b), (c, _) in pairwise([*spans, (len(text), 0)])]
    lead = text[: len(text) - len(text.lstrip())]
    return [("", lead), *pairs] if lead else pairs


def shared_start(one: Sequence[str], other: Sequence[str]) -> int:
    """How many tokens two lists have in common at the start, or characters two texts.

    >>> shared_start("12 died", "12 dead"), shared_start(["a", "b"], ["a", "b"])
    (4, 2)
    """
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
