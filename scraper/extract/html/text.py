"""Text on one line, text to compare, and the length of text across scripts."""

from collections.abc import Sequence
from functools import lru_cache

from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import HANGUL_SYLLABLES, KANA_AND_IDEOGRAPHS

ZERO_WIDTH = lazy_pattern("[\u200b\u2060\ufeff]")
NOT_WORD = lazy_pattern(r"\W+")
# Deleting bytes takes a fortieth of the time of the pattern, which is left with the rest.
NOT_WORD_ASCII = bytes(code for code in range(128) if NOT_WORD.match(chr(code)))

INITIAL = lazy_pattern(r"[\"'“”„‟«»‘’‚‛‹›]?[^\W\d_]")
ONE_LETTER_WORDS = frozenset("AÀÁEÉÈIÍOÓUÚYXWZSKVАВИКОСУЯБЖЙΗΟ")  # of the languages of Europe
MAX_INITIAL_LENGTH = 2  # a letter and a quotation mark
WIDE_RUN = lazy_pattern(f"[{KANA_AND_IDEOGRAPHS}]+")
HANGUL_RUN = lazy_pattern(f"[{HANGUL_SYLLABLES}]+")
WIDE_CHARACTER = lazy_pattern(f"[{KANA_AND_IDEOGRAPHS}{HANGUL_SYLLABLES}]")
SCRIPT_PROBE_LENGTH = 40  # characters in which a wide script shows


def one_line(text: str) -> str:
    """The text with its white space folded.

    No white space but a single blank is printable: that test takes half the time.
    """
    text = text.strip()
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def fold_spaces(text: str) -> str:
    """The text on one line, without zero-width characters and soft hyphens.

    >>> fold_spaces(" Bridge\\u00a0opens\\n after\\u00ad  all ")
    'Bridge opens after all'
    """
    if text.isascii():
        return " ".join(text.split())
    if "\u00ad" in text:
        text = text.replace("\u00ad", "")
    if "\u200b" in text or "\u2060" in text or "\ufeff" in text:
        text = ZERO_WIDTH.sub(" ", text)
    return " ".join(text.split())


def is_initial(letter: str, rest: str) -> bool:
    """Whether a single capital, with or without a quotation mark before it, is the start of a word.

    >>> is_initial("T", "he mayor"), is_initial("A", "Mayor")
    (True, False)
    """
    is_start = letter[-1:].isupper() and INITIAL.fullmatch(letter) is not None
    return is_start and (rest[:1].islower() or (rest[:2].isupper() and rest[:2].isalpha()))


def join_drop_cap(parts: Sequence[str], text: str) -> str:
    """A text whose first letter is an element of its own, with white space inside it, as one word again.

    >>> join_drop_cap(["\\n T \\n", "he mayor"], "T he mayor"), join_drop_cap(["A", " mayor"], "A mayor")
    ('The mayor', 'A mayor')
    """
    letter, _, rest = text.partition(" ")
    words = [part for part in parts if not part.isspace()]
    first = words[0]
    is_apart = first[0].isspace() and first[-1].isspace() and first.strip() == letter
    if not is_apart or len(words) < 2 or not is_initial(letter, rest):
        return text
    is_glued = len(words) == len(parts[parts.index(first) :]) and not words[1][0].isspace()
    return letter + rest if is_glued or letter[-1] not in ONE_LETTER_WORDS else text


@lru_cache(maxsize=1024)
def bare(text: str) -> str:
    """The letters and digits without case: two spellings of a headline share them."""
    if not text.isalnum():
        letters = text.encode("utf-8", "surrogatepass").translate(None, NOT_WORD_ASCII)
        text = letters.decode("utf-8", "surrogatepass")
        if not text.isascii():
            text = NOT_WORD.sub("", text)
    return text.casefold()


def long_words(text: str) -> set[str]:
    """The words of four letters and more, and all words in East Asian scripts, without case."""
    return {word for word in NOT_WORD.split(text.casefold()) if len(word) >= 4 or word > "\u2e80"}


def width(text: str) -> float:
    """The length of a text in Latin letters: a Chinese character counts as 2.8, a Korean one as 1.9.

    >>> width("abc"), width("中文")
    (3.0, 5.6)
    """
    if text.isascii() or not WIDE_CHARACTER.search(text, 0, SCRIPT_PROBE_LENGTH):
        return float(len(text))
    wide, hangul = "".join(WIDE_RUN.findall(text)), "".join(HANGUL_RUN.findall(text))
    return len(text) + 1.8 * len(wide) + 0.9 * len(hangul)
