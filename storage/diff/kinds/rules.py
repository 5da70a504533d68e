"""The kind of an edit: one rule for each kind, most newsworthy first.

The words that the rules know are in `words.py`. In other languages marks, digits and capitals
still distinguish some kinds.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from rapidfuzz.distance import OSA

from scraper.patterns import lazy_pattern
from scraper.phrases.corrections import CORRECTION_NOTICE
from scraper.phrases.scripts import HANGUL
from storage.diff.kinds.change import Change, Kind, quoted
from storage.diff.kinds.contraries import negation_evidence
from storage.diff.kinds.dates import date_evidence, number_evidence
from storage.diff.kinds.names import name_evidence
from storage.diff.kinds.quotes import letters, quote_evidence
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


# Why a change is of a kind, None if it is not.
KindRule = Callable[[Change], str | None]


def word_kind(
    old: str, new: str, *, old_sentence: str, new_sentence: str, at: int, lang: str | None = None
) -> Kind:
    """The kind of a change inside a sentence.

    `at` is where `new` begins in `new_sentence`, `lang` the language of the page ("de").

    >>> word_kind("12", "21", old_sentence="12 died.", new_sentence="21 died.", at=0)
    Kind(name='number', evidence='the span is a number with its unit')
    >>> word_kind("있다", "없다", old_sentence="수 있다.", new_sentence="수 없다.", at=2)
    Kind(name='negation', evidence='a negation came or went: 없다')
    """
    if len(old) + len(new) > MAX_CHANGE_CHARACTERS or len(new_sentence) > MAX_CHANGE_CHARACTERS:
        return Kind("wording", "too long for the rules of the other kinds")
    before, after = Counter(tokens(old)), Counter(tokens(new))
    change = Change(
        old, new, tuple(before - after), tuple(after - before),
        old_sentence, new_sentence, at, lang,
    )  # fmt: skip
    for name, rule in RULES_AS_TRIED:
        if evidence := rule(change):
            return Kind(name, evidence)
    return Kind("wording", "no rule of another kind fits")


def sentence_kind(op: str, text: str) -> Kind:
    """The kind of a whole sentence that was added (`op` is insert) or removed.

    >>> sentence_kind("insert", "Correction: the toll was 3.").name, sentence_kind("delete", "He left.").name
    ('correction_note', 'removed')
    """
    if notice := correction_notice(text[:MAX_CHANGE_CHARACTERS]):
        return Kind("correction_note", notice)
    if op == "insert":
        return Kind("added", "the whole of it is new")
    return Kind("removed", "the whole of it is gone")


def _typography_evidence(change: Change) -> str | None:
    """Other marks or spaces, or another form of the same number; Korean spaces are spelling."""
    if fold_typography(change.old) == fold_typography(change.new):
        return None if _is_korean_spacing(change) else "the same text in other marks or spaces"
    return "the same number or word in other signs" if same_value(change.old, change.new) else None


def _is_korean_spacing(change: Change) -> bool:
    """Whether only spaces changed, and Korean words are beside them."""
    same_marks = "".join(change.old.split()) == "".join(change.new.split())
    return same_marks and HANGUL.search(change.new) is not None


def _correction_evidence(change: Change) -> str | None:
    """The sentence is a correction note, became one or was one."""
    return correction_notice(change.new_sentence) or correction_notice(change.old)


@lru_cache(maxsize=256)  # a sentence is asked for once for each of its changes
def correction_notice(text: str) -> str | None:
    """The words by which a text is a note of the publisher about its own text, for evidence."""
    match = CORRECTION_NOTICE.search(text)
    return f"a note of the publisher says: {quoted(match[0].strip())}" if match else None


def _punctuation_evidence(change: Change) -> str | None:
    is_marks = change.old != change.new and letters(change.old) == letters(change.new)
    return "only marks changed" if is_marks else None


def _attribution_evidence(change: Change) -> str | None:
    """Who says it changed, and not only the spelling of that."""
    evidence = _attribution(change)
    return None if evidence and _is_same_word(change) else evidence


def _attribution(change: Change) -> str | None:
    """Who says it changed, or how it is said; in a change of many words that is one word among others."""
    if len(change.words) > MAX_ATTRIBUTION_WORDS:
        return None
    if words := [word for word in change.words if ATTRIBUTION.match(word)]:
        return f"words of attribution: {quoted(*words)}"
    if source := BEFORE_SOURCE.search(change.before):
        return f"the source after: {quoted(source[0].strip())}"
    if not change.old or not change.new or all(map(AUXILIARY_VERB.fullmatch, change.words)):
        return None
    speech = SPEECH_VERB.match(change.after) or AFTER_SOURCE.match(change.after)
    return f"the source before: {quoted(speech[0].strip())}" if speech else None


def _is_same_word(change: Change) -> bool:
    """Whether only marks or the spelling of a word changed."""
    return bool(_punctuation_evidence(change) or _spelling_evidence(change))


def _negation_evidence(change: Change) -> str | None:
    """The meaning was turned round, but not that of a quotation."""
    evidence = negation_evidence(change)
    return None if evidence and quote_evidence(change) else evidence


def _clause_evidence(text: str, other: str) -> str | None:
    """Whether the whole of a change is a clause on one side."""
    if other:
        return None
    count = sum(word[0].isalnum() for word in tokens(text))
    return f"a clause of {count} words" if count >= MIN_CLAUSE_WORDS else None


def _spelling_evidence(change: Change) -> str | None:
    """One word became another that differs by a letter or two, in Korean by its letters (jamo)."""
    if _same_but_spaces(change) or _is_korean_spacing(change):
        return "only spaces or capitals changed"
    if (
        _punctuation_evidence(change)
        or not len(change.removed_words) == len(change.added_words) == 1
    ):
        return None
    old, new = change.removed_words[0].casefold(), change.added_words[0].casefold()
    return "one word with a letter or two changed" if _is_typo(old, new) else None


def _is_typo(old: str, new: str) -> bool:
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
    "number": number_evidence,
    "date": date_evidence,
    "name": name_evidence,
    "negation": _negation_evidence,
    "quote": quote_evidence,
    "attribution": _attribution_evidence,
    "correction_note": _correction_evidence,
    "spelling": _spelling_evidence,
    "punctuation": _punctuation_evidence,
    "typography": _typography_evidence,
    "added": lambda change: _clause_evidence(change.new, change.old),
    "removed": lambda change: _clause_evidence(change.old, change.new),
}
# Before all others: a change of typography is never one of words, and the words of a correction
# note speak of a change.
KINDS_TRIED_FIRST = ("typography", "correction_note")
RULES_AS_TRIED = [
    (name, KIND_RULES[name]) for name in dict.fromkeys((*KINDS_TRIED_FIRST, *KIND_RULES))
]
