"""Labels: a few words that are no sentence. And how many words a line has, in any script."""

from scraper.patterns import lazy_pattern
from storage.diff.text.terms import UNSPACED_LETTER
from storage.diff.text.tokens import tokens

# A line of more words, or one that ends like a sentence, is no label.
MAX_LABEL_WORDS = 8
SENTENCE_ENDINGS = tuple('.!?…。！？؟।"”’»」』)')
# In scripts without spaces, two signs are about as much as a word elsewhere.
WORDS_OF_A_SIGN = 0.5

LETTER = lazy_pattern(r"[^\W\d_]")


def is_label(text: str) -> bool:
    """Whether a text is a few words that are no sentence: a title, a name, a number.

    >>> is_label("Port Albion"), is_label("It rained."), is_label("3")
    (True, False, True)
    """
    return word_count(text) <= MAX_LABEL_WORDS and not _is_sentence(text)


def word_count(text: str) -> float:
    """How many words a text has, a number being one; marks are none.

    >>> word_count("+++ 12:30 +++ Nobody came."), word_count("誰も来なかった。")
    (3, 3.5)
    """
    return sum(WORDS_OF_A_SIGN if UNSPACED_LETTER.match(word) else 1 for word in words(text))


def words(text: str) -> list[str]:
    """The tokens of a text that are no marks."""
    return [token for token in tokens(text) if any(map(str.isalnum, token))]


def _is_sentence(text: str) -> bool:
    return text.endswith(SENTENCE_ENDINGS) and bool(LETTER.search(text))
