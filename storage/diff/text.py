"""How a reader sees text: what is invisible is not compared, what looks alike can be told."""

import re
import unicodedata

# Soft hyphen, zero-width characters, directional marks, byte order mark, variation selectors.
# Between letters of Arabic and Indic scripts a joiner is seen: it changes their shapes.
JOINED = "[\u0600-\u08ff\u0900-\u0dff]"
INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff]"
    f"|[\u200c\u200d](?!{JOINED})|(?<!{JOINED})[\u200c\u200d]"
)
SPACES = re.compile(r"\s+")

# Typographic variants of one mark.
TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»〝〞＂″", '"'),
        **dict.fromkeys("‘’‚‛`´′＇ʼ‹›", "'"),
        **dict.fromkeys("‐‑‒–—―−－", "-"),
        **dict.fromkeys("·・･‧ㆍ", "·"),
        **dict.fromkeys("～〜∼", "~"),
        "…": "...",
        "⋯": "...",
    }
)


def visible(text: str) -> str:
    """The text as a reader sees it: NFC, no invisible characters, white space folded.

    >>> visible("co\\u00adoperate\\u200b  now ")
    'cooperate now'
    """
    composed = unicodedata.normalize("NFC", text)
    return SPACES.sub(" ", INVISIBLE.sub("", composed)).strip()


def fold(text: str) -> str:
    """The text with typographic variants and white space set aside.

    >>> fold("“Yes” – 9 …") == fold('"Yes" - 9...')
    True
    """
    plain = unicodedata.normalize("NFKC", text.translate(TYPOGRAPHY))
    return SPACES.sub("", plain.translate(TYPOGRAPHY))
