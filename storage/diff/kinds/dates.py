"""Is a change one of a number, or of a date or time?"""

from scraper.patterns import lazy_pattern
from storage.diff.kinds.change import Change
from storage.diff.kinds.values import is_numeral
from storage.diff.kinds.words import (
    BEFORE_HOUR,
    CJK_DATE,
    CJK_NUMBER,
    DATE_COMPANION,
    DATE_WORD,
    DATE_WORDS_BY_LANG,
    DAY_NUMBER,
    NUMBER_WORD,
)
from storage.diff.text.numbers import FRACTION, NUMBER_EXPRESSION
from storage.diff.text.tokens import NUMBER_SIGNS, NUMBER_TOKEN, tokens

# Minutes are a time after an hour, else a duration; a day or an hour before one of these words is a duration, too.
MINUTES = lazy_pattern("\\d{1,2}[분分]")
AFTER_HOUR = lazy_pattern(r"[시時时点]\s*$")
BEFORE_DURATION = lazy_pattern("^\\s?(?:동안|간(?![가-힣])|만에|째|간[의을은]|間|间|钟|鐘)")
FRACTION_ONLY = lazy_pattern(FRACTION)
NEIGHBOUR_WINDOW = 24


def is_number(change: Change) -> bool:
    """Whether a number came, went or became another one, and little else changed."""
    if is_date(change):
        return False
    old, new = change.old.strip(), change.new.strip()
    if all(not text or NUMBER_EXPRESSION.fullmatch(text) for text in (old, new)):
        return bool(change.words)
    if change.is_mostly(is_figure):
        return True
    if all(map(CJK_NUMBER.fullmatch, change.words)) and change.words:
        return True
    return _is_sign(change)


def _is_sign(change: Change) -> bool:
    """Whether a sign beside a digit changed: -0.5, 5%."""
    if change.before[-1:].isalpha() or not all(word in NUMBER_SIGNS for word in change.words):
        return False
    # A hyphen after a digit is not a sign: 3-1.
    after_figure = change.before[-1:].isdigit() and "-" not in change.words
    return after_figure or (not change.before[-1:].isdigit() and change.after[:1].isdigit())


def is_figure(word: str) -> bool:
    """Whether a word is a number, in digits or in letters."""
    return bool(NUMBER_WORD.match(word) or NUMBER_TOKEN.fullmatch(word) or is_numeral(word))


def is_date(change: Change) -> bool:
    """Whether a date or a time came, went or became another one, and little else changed."""
    if any(map(FRACTION_ONLY.search, (change.old, change.new))):
        return False
    if _is_mostly_date(change) and not _is_duration(change):
        return True
    if any(map(CJK_DATE.fullmatch, (change.old, change.new))):
        return True
    # May 3 → May 4, 3 de mayo → 4 de mayo, 5 p.m. → 6 p.m.
    if not change.words or not all(map(DAY_NUMBER.fullmatch, change.words)):
        return False
    return bool(BEFORE_HOUR.match(change.after)) or _is_beside_date(change)


def _is_mostly_date(change: Change) -> bool:
    """Whether a date is among the changed words, and hardly any word that is not beside dates."""
    if not any(is_date_word(word, change.lang) for word in change.words):
        return False
    return change.is_mostly(
        lambda word: is_date_word(word, change.lang) or bool(DATE_COMPANION.match(word))
    )


def _is_duration(change: Change) -> bool:
    """Whether what looks like a time is how long something takes, or a bare number."""
    if BEFORE_DURATION.match(change.after):
        return True
    figures = [word for word in change.words if word[0].isdigit()]
    if figures and all(map(MINUTES.fullmatch, figures)):
        return not AFTER_HOUR.search(change.before)
    return False


def _is_beside_date(change: Change) -> bool:
    neighbours = [
        *tokens(change.before[-NEIGHBOUR_WINDOW:])[-2:],
        *tokens(change.new),
        *tokens(change.after[:NEIGHBOUR_WINDOW])[:3],
    ]
    return any(word[:1].isalpha() and is_date_word(word, change.lang) for word in neighbours)


def is_date_word(word: str, lang: str | None) -> bool:
    """Whether a word alone is a date or a time, in the language of the page."""
    lang_dates = DATE_WORDS_BY_LANG.get(lang or "")
    return bool(DATE_WORD.match(word) or (lang_dates and lang_dates.match(word)))
