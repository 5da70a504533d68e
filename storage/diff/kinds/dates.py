"""Is a change one of a number, or of a date or time?"""

from scraper.patterns import lazy_pattern
from storage.diff.kinds.change import Change, quoted
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


def number_evidence(change: Change) -> str | None:
    """Why a number came, went or became another one, and little else changed; None if not so."""
    if date_evidence(change):
        return None
    old, new = change.old.strip(), change.new.strip()
    if all(not text or NUMBER_EXPRESSION.fullmatch(text) for text in (old, new)):
        return "the span is a number with its unit" if change.words else None
    if figures := change.main_words(is_figure):
        return f"figures: {figures}"
    if all(map(CJK_NUMBER.fullmatch, change.words)) and change.words:
        return f"numerals: {quoted(*change.words)}"
    return f"a sign beside a figure: {quoted(*change.words)}" if _is_sign(change) else None


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


def date_evidence(change: Change) -> str | None:
    """Why a date or a time came, went or became another one, and little else changed; None if not so."""
    if any(map(FRACTION_ONLY.search, (change.old, change.new))):
        return None
    if (dates := _main_dates(change)) and not _is_duration(change):
        return f"dates or times: {dates}"
    if any(map(CJK_DATE.fullmatch, (change.old, change.new))):
        return "the span is a date"
    # May 3 → May 4, 3 de mayo → 4 de mayo, 5 p.m. → 6 p.m.
    if not change.words or not all(map(DAY_NUMBER.fullmatch, change.words)):
        return None
    if BEFORE_HOUR.match(change.after):
        return f"before an hour: {quoted(*change.words)}"
    return f"beside a date: {quoted(*change.words)}" if _is_beside_date(change) else None


def _main_dates(change: Change) -> str | None:
    """The dates among the changed words, if hardly any other word is, but for those beside dates."""
    if not any(is_date_word(word, change.lang) for word in change.words):
        return None
    return change.main_words(
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
