"""The kind of an edit: one rule for each kind, most newsworthy first.

The words that the rules know are in `words.py`. In other languages marks, digits and capitals
still distinguish some kinds.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable

from rapidfuzz.distance import OSA

from scraper.patterns import lazy_pattern
from scraper.phrases.corrections import CORRECTION_NOTICE
from scraper.phrases.scripts import HANGUL
from storage.diff.kinds.change import Change
from storage.diff.kinds.contraries import is_negation
from storage.diff.kinds.dates import is_date, is_number
from storage.diff.kinds.names import is_name
from storage.diff.kinds.quotes import is_quote, letters
from storage.diff.kinds.values import same_value
from storage.diff.kinds.words import (
    AFTER_SOURCE,
    ATTRIBUTION,
    BEFORE_SOURCE,
    SPEECH_VERB,
)
from storage.diff.text.tokens import (
    HANGUL_TOKEN,
    tokens,
)
from storage.diff.text.visible import fold_typography

# A change of more characters is "wording", without asking the rules.
MAX_CHANGE_CHARACTERS = 5_000
# Words that an attribution takes, with its source.
MAX_ATTRIBUTION_WORDS = 10
# From this many words on, text that was added to a sentence or removed from it is a clause.
MIN_CLAUSE_WORDS = 5
JOSA = "이가은는을를에의도"
DOUBLE_LETTER = lazy_pattern(r"([^\W\d_])\1")
AUXILIARY_VERB = lazy_pattern("(?i)(?:is|are|was|were|has|have|had|be|been)")


KindRule = Callable[[Change], bool]


def word_kind(
    old: str, new: str, *, old_sentence: str, new_sentence: str, at: int, lang: str | None = None
) -> str:
    """The kind of a change inside a sentence, one of `KINDS`.

    `at` is where `new` begins in `new_sentence`, `lang` the language of the page ("de").

    >>> word_kind("12", "21", old_sentence="12 died.", new_sentence="21 died.", at=0)
    'number'
    >>> word_kind("있다", "없다", old_sentence="수 있다.", new_sentence="수 없다.", at=2)
    'negation'
    """
    if len(old) + len(new) > MAX_CHANGE_CHARACTERS or len(new_sentence) > MAX_CHANGE_CHARACTERS:
        return "wording"
    before, after = Counter(tokens(old)), Counter(tokens(new))
    change = Change(
        old, new, tuple(before - after), tuple(after - before),
        old_sentence, new_sentence, at, lang,
    )  # fmt: skip
    order = (*KINDS_TRIED_FIRST, *KIND_RULES)
    return next((kind for kind in order if KIND_RULES[kind](change)), "wording")


def sentence_kind(op: str, text: str) -> str:
    """The kind of a whole sentence that was added (`op` is insert) or removed.

    >>> sentence_kind("insert", "Correction: the toll was 3."), sentence_kind("delete", "He left.")
    ('correction_note', 'removed')
    """
    if CORRECTION_NOTICE.search(text[:MAX_CHANGE_CHARACTERS]):
        return "correction_note"
    return "added" if op == "insert" else "removed"


def _is_typography(change: Change) -> bool:
    """Other marks or spaces, or another form of the same number; Korean spaces are spelling."""
    if fold_typography(change.old) == fold_typography(change.new):
        return not _is_korean_spacing(change)
    return same_value(change.old, change.new)


def _is_korean_spacing(change: Change) -> bool:
    """Whether only spaces changed, and Korean words are beside them."""
    same_marks = "".join(change.old.split()) == "".join(change.new.split())
    return same_marks and HANGUL.search(change.new) is not None


def _is_correction_note(change: Change) -> bool:
    """The sentence is a correction note, became one or was one."""
    return bool(
        CORRECTION_NOTICE.search(change.new_sentence) or CORRECTION_NOTICE.search(change.old)
    )


def _is_punctuation(change: Change) -> bool:
    return change.old != change.new and letters(change.old) == letters(change.new)


def _is_attribution(change: Change) -> bool:
    """Who says it changed, or how it is said; in a change of many words that is one word among others."""
    if len(change.words) > MAX_ATTRIBUTION_WORDS:
        return False
    if any(ATTRIBUTION.match(word) for word in change.words) or BEFORE_SOURCE.search(change.before):
        return True
    if not change.old or not change.new or all(map(AUXILIARY_VERB.fullmatch, change.words)):
        return False
    return bool(SPEECH_VERB.match(change.after) or AFTER_SOURCE.match(change.after))


def _is_same_word(change: Change) -> bool:
    """Whether only marks or the spelling of a word changed."""
    return _is_punctuation(change) or _is_spelling(change)


def _is_clause(text: str) -> bool:
    return sum(word[0].isalnum() for word in tokens(text)) >= MIN_CLAUSE_WORDS


def _is_spelling(change: Change) -> bool:
    """One word became another that differs by a letter or two, in Korean by its letters (jamo)."""
    if _same_but_spaces(change) or _is_korean_spacing(change):
        return True
    if _is_punctuation(change) or len(change.removed_words) != 1 or len(change.added_words) != 1:
        return False
    old, new = change.removed_words[0].casefold(), change.added_words[0].casefold()
    if HANGUL_TOKEN.fullmatch(old) and HANGUL_TOKEN.fullmatch(new):
        return _is_korean_typo(old, new)
    if DOUBLE_LETTER.sub(r"\1", old) == DOUBLE_LETTER.sub(r"\1", new):
        return True
    return min(len(old), len(new)) >= 4 and OSA.distance(old, new) <= (1 if len(old) < 6 else 2)


def _same_but_spaces(change: Change) -> bool:
    """Whether only capitals and spaces changed: in Frage, infrage."""
    texts = [fold_typography(text).casefold() for text in (change.old, change.new)]
    return texts[0] == texts[1] and change.old != change.new


def _is_korean_typo(old: str, new: str) -> bool:
    # Two words of two syllables are different words: 여당 and 야당.
    if len(old) == len(new):
        return len(old.rstrip(JOSA)) > 2 and _jamo_distance(old, new) <= 2
    # A syllable inside a word was left out: 결안이 → 결의안이. One at an end makes another word: 부위원장.
    is_inside = old[0] == new[0] and old[-1] == new[-1]
    return is_inside and min(len(old), len(new)) > 2 and OSA.distance(old, new) == 1


def _jamo_distance(old: str, new: str) -> int:
    return OSA.distance(unicodedata.normalize("NFD", old), unicodedata.normalize("NFD", new))


# The rules in the order of KINDS, most newsworthy first: the first that matches gives the kind.
# "wording" has no rule, because it is the rest. "moved" has none, because the alignment decides it.
KIND_RULES: dict[str, KindRule] = {
    "number": is_number,
    "date": is_date,
    "name": is_name,
    "negation": lambda change: is_negation(change) and not is_quote(change),
    "quote": is_quote,
    "attribution": lambda change: _is_attribution(change) and not _is_same_word(change),
    "correction_note": _is_correction_note,
    "spelling": _is_spelling,
    "punctuation": _is_punctuation,
    "typography": _is_typography,
    "added": lambda change: not change.old and _is_clause(change.new),
    "removed": lambda change: not change.new and _is_clause(change.old),
}
# Before all others: a change of typography is never one of words, and the words of a correction
# note speak of a change.
KINDS_TRIED_FIRST = ("typography", "correction_note")
