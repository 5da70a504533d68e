"""Is a change one of what somebody is quoted as saying?"""

import unicodedata
from functools import lru_cache

from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import HANGUL
from storage.diff.kinds.change import Change, quoted
from storage.diff.kinds.words import APOSTROPHE, ATTRIBUTION
from storage.diff.text.quotations import QUOTED_WORDS
from storage.diff.text.tokens import QUOTATION_MARKS, tokens
from storage.diff.text.visible import fold_typography

# These marks are around the name of a book, a film or a law.
TITLE_MARKS = "《〈『"
# Korean sets words apart in single marks and quotes people in double ones. From this many words on it is speech.
SINGLE_MARKS = "'‘"
MIN_SPOKEN_WORDS = 3
# What follows the closing mark of Korean speech.
KOREAN_SPEECH_ENDING = lazy_pattern(
    "^(?:이?라[고며는]|고\\s|며\\s|[은는]?\\s?(?:말|발언|지적|주장|답변|비판))"
)
# A speaker or a verb of speech is within this many characters of a quotation.
SPEAKER_WINDOW = 24
# Signs of vowels are parts of letters.
VOWEL_SIGNS = ("Mn", "Mc")


def quote_evidence(change: Change) -> str | None:
    """Why only the words of a quotation changed, or what is quoted; None if not so."""
    if letters(change.old) == letters(change.new):
        is_marked = mark_count(change.old) != mark_count(change.new) and _quotes_somebody(change)
        return "quotation marks came or went" if is_marked else None
    if quotation := _quotation(change.new_sentence, change.at, change.at + len(change.new)):
        return f"inside the quotation {quoted(quotation)}"
    if mark_count(change.old + change.new) and _unquoted(change.old) == _unquoted(change.new):
        return "only words in quotation marks changed"
    return None


def _quotes_somebody(change: Change) -> bool:
    """Whether marks that came or went are those of speech, as far as their form tells."""
    marked, sentence = (
        (change.new, change.new_sentence)
        if mark_count(change.new) > mark_count(change.old)
        else (change.old, change.old_sentence)
    )
    quotation = QUOTED_WORDS.search(marked)
    return quotation is None or is_speech(
        quotation[0], sentence, max(0, sentence.find(quotation[0]))
    )


def is_speech(quotation: str, sentence: str, at: int) -> bool:
    """Whether a text in marks, which begins at `at` in a sentence, is speech and no title or emphasis."""
    if quotation[0] in TITLE_MARKS:
        return False
    if quotation[0] not in SINGLE_MARKS or not HANGUL.search(quotation):
        return True
    words = [token for token in tokens(quotation) if token[0].isalnum()]
    before, after = sentence[max(0, at - SPEAKER_WINDOW) : at], sentence[at + len(quotation) :]
    beside = tokens(before)[-2:] + tokens(after[:SPEAKER_WINDOW])[:3]
    return (
        len(words) >= MIN_SPOKEN_WORDS
        or KOREAN_SPEECH_ENDING.match(after) is not None
        or any(map(ATTRIBUTION.match, beside))
    )


def _quotation(sentence: str, start: int, end: int) -> str | None:
    """The speech in marks that has `start` to `end` inside.

    >>> _quotation('He said "we won" twice', 9, 11), _quotation('He said "we won" twice', 17, 22)
    ('"we won"', None)
    """
    return next(
        (
            quotation[0]
            for quotation in QUOTED_WORDS.finditer(sentence)
            if quotation.start() < start
            and end < quotation.end()
            and is_speech(quotation[0], sentence, quotation.start())
        ),
        None,
    )


def _unquoted(text: str) -> str:
    return letters(QUOTED_WORDS.sub("", text))


def mark_count(text: str) -> int:
    """How many quotation marks a text has; apostrophes are none."""
    return sum(c in QUOTATION_MARKS for c in APOSTROPHE.sub("", text))


@lru_cache(maxsize=1024)  # each rule asks for those of the same change
def letters(text: str) -> str:
    """The letters and digits of a text, whatever its typography."""
    return "".join(
        c for c in fold_typography(text) if c.isalnum() or unicodedata.category(c) in VOWEL_SIGNS
    )
