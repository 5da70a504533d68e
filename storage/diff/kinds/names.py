"""Is a change one of a name?

Capitals show a name, else what is beside it does: a title, an age in brackets, a verb of speech.
"""

from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import HANGUL
from storage.diff.kinds.change import Change, quoted
from storage.diff.kinds.contraries import negation_evidence
from storage.diff.kinds.words import KOREAN_FULL_NAME, KOREAN_TITLE, NON_NAME_WORDS
from storage.diff.text.tokens import HANGUL_TOKEN, shared_start

# Characters before a word that show whether it begins a sentence or a quotation.
SENTENCE_START_WINDOW = 6
AGE_IN_BRACKETS = lazy_pattern(r"\(\d{1,3}(?:세)?[),]")
SENTENCE_START = lazy_pattern(r"(?:^|[.!?…:]\W*|[\"'“‘„«(\[])\s*$")
# 한빛은행장은: a title at the end of the word after a Korean name.
TITLE_AFTER_OFFICE = lazy_pattern(
    r"^\s[가-힣A-Za-z]{1,12}?(?:장|대표|대변인|의원|위원|교수|수석|감독|총재|이사|청장|판사|검사|변호사|비서관)(?:[은는이가을를의도]|에게|측)?(?!\w)"
)
# Capitals tell no name in German, except two in a row: a first name or a title, and a name.
CAPITALISED_WORD = lazy_pattern(r"(?<=[a-zäöüß,] )[A-ZÄÖÜ][a-zäöüß]+ $")
MAX_NAME_CHARACTERS = 30
BESIDE_TITLE = "beside a title, an age or a verb of speech: {}"
# What is before and after names in scripts without capitals: titles and verbs of speech.
BEFORE_NAME = lazy_pattern(
    "(?:市长|市長|主席|部长|部長|总理|總理|总统|總統|教授|记者|記者|院长|院長|经理|經理|导演|導演|先生|女士|首相|社長|会長|選手|監督"
    "|الرئيس|الوزير|رئيس|وزير|السيد|السيدة|الدكتور|المدرب|اللاعب|الكاتب|الشاعر|الفنان|النائب|مدرب|لاعب|قال|قالت|أضاف|أضافت"
    "|मंत्री|नेता|डॉ|श्री|श्रीमती|प्रोफेसर|अध्यक्ष|कोच|लेखक|लेखिका|गायक|कलाकार|विधायक|सांसद|महापौर)[ ، .]?$"
)
AFTER_NAME = lazy_pattern(
    "(?:さん|氏|容疑者|被告|首相|社長|会長|選手|監督|教授|市長|議員|先生|女士|说|說|表示|称，|指出|（\\d{1,3}[)）歳]|[(（]\\d{1,3}"
    "|\\s?(?:قال|قالت|أن)\\s|\\s(?:ने|जी)\\s)"
)
FOREIGN_NAME = lazy_pattern("[ァ-ヴー]{2,}(?:[・＝][ァ-ヴー]{2,})+")
UNCASED_WORD = lazy_pattern(
    "[々㐀-鿿]{1,4}|[\u0621-\u064a ]{3,20}|[\u0900-\u0963 ]{3,20}|[ァ-ヴー・＝]+"
)


def name_evidence(change: Change) -> str | None:
    """Why a change removes or adds a name, and changes hardly anything else; None if not so."""
    if any(HANGUL_TOKEN.fullmatch(word) for word in change.words):
        return BESIDE_TITLE.format(quoted(*change.words)) if _is_korean_name(change) else None
    if all(not text or UNCASED_WORD.fullmatch(text) for text in (change.old, change.new)):
        return BESIDE_TITLE.format(quoted(*change.words)) if _is_uncased_name(change) else None
    if len({word.casefold() for word in change.words}) < len(change.words):
        return None
    if change.lang == "de" and not _is_beside_capital(change):  # every noun has a capital
        return None
    names = change.main_words(lambda word: _is_latin_name(word, change))
    return f"capitals inside the sentence: {names}" if names else None


def _is_beside_capital(change: Change) -> bool:
    """Whether a capitalised word, which does not begin the sentence, is right before the change."""
    return CAPITALISED_WORD.search(change.before[-MAX_NAME_CHARACTERS:]) is not None


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


def _is_uncased_name(change: Change) -> bool:
    """A name in a script without capitals: beside a title or a verb of speech, or with a middle dot."""
    if not change.old or not change.new or HANGUL.search(change.new_sentence):
        return False
    if negation_evidence(change):
        return False
    if FOREIGN_NAME.fullmatch(change.old) and FOREIGN_NAME.fullmatch(change.new):
        return True
    before, after = change.before[-MAX_NAME_CHARACTERS:], change.after
    return bool(BEFORE_NAME.search(before) or AFTER_NAME.match(after))


def _is_korean_name(change: Change) -> bool:
    """A Korean name with its title, or before a title, an age in brackets or a slash.

    Broadcasters write a slash between the speaker's name and role.
    """
    if len(change.removed_words) == len(change.added_words) == 1:
        old, new = change.words
        tail = shared_start(old[::-1], new[::-1])
        if KOREAN_TITLE.match(old[len(old) - tail :]):
            return all(KOREAN_FULL_NAME.fullmatch(word[: len(word) - tail]) for word in (old, new))
        is_one_syllable = len(old) == len(new) == 3 and sum(map(str.__eq__, old, new)) == 2
        if is_one_syllable and TITLE_AFTER_OFFICE.match(change.after):
            return all(map(KOREAN_FULL_NAME.fullmatch, change.words))
    next_text = change.after.lstrip()
    is_before_title = (
        next_text.startswith("/")
        or AGE_IN_BRACKETS.match(next_text)
        or KOREAN_TITLE.match(next_text)
    )
    return bool(is_before_title) and all(map(KOREAN_FULL_NAME.fullmatch, change.words))
