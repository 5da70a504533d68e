"""Labels: a few words that are no sentence, as a sub-heading or the name of a box. Which change is one of a label's?"""

from scraper.patterns import lazy_pattern
from storage.diff.noise.exclusions import PendingLine
from storage.diff.noise.lines.replacements import has_other_numbers
from storage.diff.text.tokens import tokens

# A line of more tokens, or one that ends like a sentence, is no label.
MAX_LABEL_TOKENS = 8
SENTENCE_ENDINGS = tuple('.!?…。！？؟।"”’»」』)')

LETTER = lazy_pattern(r"[^\W\d_]")


def is_label(text: str) -> bool:
    """Whether a text is a few words that are no sentence.

    >>> is_label("From our partners"), is_label("It rained.")
    (True, False)
    """
    return len(tokens(text)) <= MAX_LABEL_TOKENS and not _is_sentence(text)


def _is_sentence(text: str) -> bool:
    return text.endswith(SENTENCE_ENDINGS) and bool(LETTER.search(text))


def is_number_in_sentence(line: PendingLine) -> bool:
    """Whether only a number changed, in a text that is no label: if it is as it was, it was edited twice."""
    return has_other_numbers(line.instead_of, line.text) and not is_label(line.text)
