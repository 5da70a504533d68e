"""Is a change one of a name?"""

from scraper.patterns import lazy_pattern
from storage.diff.kinds.change import Change
from storage.diff.kinds.words import KOREAN_FULL_NAME, KOREAN_TITLE, NON_NAME_WORDS
from storage.diff.text.tokens import HANGUL_TOKEN, shared_start

# Characters before a word that show whether it begins a sentence or a quotation.
SENTENCE_START_WINDOW = 6
AGE_IN_BRACKETS = lazy_pattern(r"\(\d{1,3}(?:세)?[),]")
SENTENCE_START = lazy_pattern(r"(?:^|[.!?…:]\W*|[\"'“‘„«(\[])\s*$")


def is_name(change: Change) -> bool:
    """Whether a change removes or adds a name: a capitalised word, or a Korean name with a title."""
    if any(HANGUL_TOKEN.fullmatch(word) for word in change.words):
        return _is_korean_name(change)
    if change.lang == "de":  # German writes every noun with a capital
        return False
    if len({word.casefold() for word in change.words}) < len(change.words):
        return False
    return change.is_mostly(lambda word: _is_latin_name(word, change))


def _is_latin_name(word: str, change: Change) -> bool:
    if not word[:1].isupper() or word in NON_NAME_WORDS or len(word) < 2:
        return False
    is_added = word in change.added_words
    sentence = change.new_sentence if is_added else change.old_sentence
    if word.upper() == word and sentence.upper() == sentence:
        return False
    # An added word begins at the change or after it. A removed word may be anywhere in the old sentence.
    start = change.at if is_added else 0
    at = sentence.find(word, min(start, max(0, len(sentence) - len(word))))
    return at >= 0 and not SENTENCE_START.search(sentence[max(0, at - SENTENCE_START_WINDOW) : at])


def _is_korean_name(change: Change) -> bool:
    """A Korean name with its title, or before a title, an age in brackets or a slash.

    Broadcasters write a slash between the speaker's name and role.
    """
    if len(change.removed_words) == len(change.added_words) == 1:
        old, new = change.words
        tail = shared_start(old[::-1], new[::-1])
        if KOREAN_TITLE.match(old[len(old) - tail :]):
            return all(KOREAN_FULL_NAME.fullmatch(word[: len(word) - tail]) for word in (old, new))
    next_text = change.after.lstrip()
    is_before_title = (
        next_text.startswith("/")
        or AGE_IN_BRACKETS.match(next_text)
        or KOREAN_TITLE.match(next_text)
    )
    return bool(is_before_title) and all(map(KOREAN_FULL_NAME.fullmatch, change.words))
