"""Text as a reader sees it: without invisible characters, and with typography folded if asked."""

import unicodedata
from functools import lru_cache

from scraper.patterns import lazy_pattern

# Soft hyphen, zero-width characters, directional marks, byte order mark, variation selectors.
# Between letters of Arabic and Indic scripts a joiner is visible: it changes their shapes. Between
# emoji it makes one picture of two.
JOINING_SCRIPTS = "[\u0600-\u08ff\u0900-\u0dff\u2600-\u27bf\U0001f000-\U0001faff]"
JOINERS = "\u200c\u200d"
# The pattern begins with a set, for which `re` searches in C: beginning with an alternative took three times as long.
INVISIBLE_CHARACTER = lazy_pattern(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f]"
    f"(?:(?<![{JOINERS}])|(?!{JOINING_SCRIPTS})|(?<!{JOINING_SCRIPTS}[{JOINERS}]))"
)
WHITE_SPACE = lazy_pattern(r"\s+")
# No letter has more combining marks than this; normalising takes quadratic time in a run of them.
COMBINING_MARK = "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
COMBINING_RUN = lazy_pattern(f"({COMBINING_MARK}{COMBINING_MARK}{{29}}){COMBINING_MARK}+")
# A longer text is not cached: few lines of a page are that long.
MAX_CACHED_CHARACTERS = 2_000
# Superscripts, subscripts and fractions: 10² is not 102.
RAISED_SIGN = lazy_pattern("[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u215e]")

# "1,234.5" and "12:30" are one number each.
NUMBER = lazy_pattern(r"\d+(?:[.,:]\d+)*")

# Typographic variants of one mark.
TYPOGRAPHIC_VARIANTS = str.maketrans(
    {
        # Double instead of single marks are a matter of style too.
        **dict.fromkeys('“”„‟«»〝〞＂″"‘’‚‛`´′＇ʼ‹›「」『』', "'"),
        **dict.fromkeys("‐‑‒–—―−－", "-"),
        **dict.fromkeys("·・･‧ㆍ•", "·"),
        **dict.fromkeys("～〜∼", "~"),
        "…": "...",
        "⋯": "...",
    }
)


def visible(text: str) -> str:
    """The text in NFC, without invisible characters, each run of white space as one space.

    >>> visible("co\\u00adoperate\\u200b  now ")
    'cooperate now'
    """
    if text.isascii():
        return " ".join(text.split())
    return (
        _visible_unicode(text)
        if len(text) < MAX_CACHED_CHARACTERS
        else _visible_unicode.__wrapped__(text)
    )


@lru_cache(maxsize=4096)
def _visible_unicode(text: str) -> str:
    """`visible` of a text that is not ASCII. Cached, since each check reads the same lines."""
    # Invisible characters go first: one may stand between a letter and its combining mark.
    shown = INVISIBLE_CHARACTER.sub("", text)
    bounded = COMBINING_RUN.sub(r"\1", shown) if COMBINING_RUN.search(shown) else shown
    return " ".join(unicodedata.normalize("NFC", bounded).split())


def fold_digits(text: str) -> str:
    """The text as a reader sees it, with every number as 0.

    >>> fold_digits("41 % left,  1,234 readers")
    '0 % left, 0 readers'
    """
    return NUMBER.sub("0", visible(text))


def fold_typography(text: str) -> str:
    """The text without white space, and with one mark for all typographic variants of it.

    Two texts that fold to the same one differ in typography only.

    >>> fold_typography("“Yes” – 9 …") == fold_typography('"Yes" - 9...')
    True
    """
    raised = RAISED_SIGN.sub(lambda sign: f"^{ord(sign[0])}", text)
    plain = unicodedata.normalize("NFKC", raised.translate(TYPOGRAPHIC_VARIANTS))
    return WHITE_SPACE.sub("", plain.translate(TYPOGRAPHIC_VARIANTS)).replace("--", "-")
