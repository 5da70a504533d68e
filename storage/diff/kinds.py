"""What sort of change an edit is: rules to read, most newsworthy first.

Words are given for Korean and English first, then German, French, Spanish, Japanese
and Chinese; where a language has no words here, the marks, digits and capitals still tell.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from storage.diff.text import fold
from storage.diff.words import HANGUL, NUMBER, tokens

KINDS = (
    "number", "date", "name", "negation", "quote", "attribution", "correction_note",
    "wording", "spelling", "punctuation", "typography", "added", "removed", "moved",
)  # fmt: skip

QUOTES = frozenset("\"'“”„‟«»‘’‚‛‹›「」『』《》〈〉〝〞＂")
OPENERS = frozenset("“„«「『‘《")
CLOSERS = frozenset("”»」』’》")

DATE = re.compile(
    r"""(?ix) ^(?:
      \d{1,2}\s*(?:월|일|시|분|月|日|時|时|点|分|号|號|Uhr|a\.?m\.?|p\.?m\.?) | \d{4}\s*[년年]
    | \d{1,2}:\d{2}(?::\d{2})? | \d{4}[./-]\d{1,2}[./-]\d{1,2} | (?:19|20)\d\d
    | jan(?:uar[yi]?)? | feb(?:ruar[yi]?)? | märz | (?-i:Mar(?:ch)?) | apr(?:il)? | (?-i:May) | mai | june? | juni
    | july? | juli | aug(?:ust)? | sept?(?:ember)? | o[ck]t(?:ober)? | nov(?:ember)? | de[cz](?:ember)?
    | janvier | février | mars | avril | juin | juillet | août | septembre | octobre | novembre | décembre
    | enero | febrero | marzo | abril | mayo | junio | julio | agosto | septiembre | octubre | noviembre
    | diciembre
    | (?:mon|tues|wednes|thurs|fri|satur|sun)day | montag | dienstag | mittwoch | donnerstag | freitag
    | samstag | sonntag | lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche
    | lunes | martes | miércoles | jueves | viernes | sábado | domingo
    | today | yesterday | tomorrow | heute | gestern | morgen | hier | demain | aujourd['’]hui | hoy | ayer
    | 오늘 | 어제 | 내일 | 그제 | 모레 | 지난달 | 이달 | 지난해 | 올해 | 내년 | 오전 | 오후
    | [월화수목금토일]요일
    )(?:[은는이가을를에의도]|에서|부터|까지)?$"""
)
# Chinese and Japanese days stand without spaces: looked for in the whole span.
CJK_DATE = re.compile(
    "(?:[上下本這这]?(?:週|周|星期|曜)[一二三四五六日天]?|[月火水木金土日]曜日?|[今昨明前去本来來]年|[今昨明]天|[今昨明]日|[上下本先来來]月|[上下]午)"
)
# Numbers in words; "one" and its like are articles as often.
NUMBER_WORD = re.compile(
    r"""(?ix) ^(?: two | three | four | five | six | seven | eight | nine | ten | eleven | twelve | (?:thir|four|fif|six|seven|eigh|nine)teen
    | (?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)? | hundreds? | thousands? | millions? | billions? | dozens? | double | triple
    | zwei | drei | vier | fünf | sechs | sieben | acht | neun | zehn | elf | zwölf | hundert | tausend | millionen | milliarden
    | deux | trois | quatre | cinq | sept | huit | neuf | dix | onze | douze | vingt | trente | cent | mille | millions
    | (?:اثنا|ثلاث|أربع|خمس|ست|سبع|ثمان|تسع|عشر)\w{0,2} | مئة | ألف | مليون
    | dos | tres | cuatro | cinco | seis | siete | ocho | nueve | diez | doce | veinte | treinta | cien | mil | millones
    )$"""
)
NEGATION = re.compile(
    r"""(?ix) ^(?: not | no | never | none | nobody | nothing | neither | nor | without | cannot | \w+n['’]t
    | nicht | kein\w* | nie(?:mals)? | ohne | ne | pas | jamais | sans | aucune? | sin | nunca | ningun[oa]?
    | لا | لم | لن | ليس | ليست | غير | не | ни | нет
    | 안 | 못 | 아니\w* | 않\w* | 없\w* | \w+(?:없|않|아니|못하|못했)\w* | 不 | 没 | 沒 | 未 | 無 | 无 | 非 | 否
    )$"""
)
ATTRIBUTION = re.compile(
    r"""(?ix) ^(?: sa(?:id|ys?) | told | tells? | according | claim(?:s|ed)? | alleg\w+ | report(?:s|ed|edly)
    | stat(?:es|ed) | announc\w+ | admit\w* | den(?:y|ies|ied) | insist\w* | argu(?:es|ed) | sources? | officials?
    | sagte\w* | laut | zufolge | erklärte\w* | teilte | selon | déclaré\w* | affirm\w+ | según | dijo | afirmó
    | (?:\w*(?:밝혔|말했|전했|주장했|설명했|강조했|보도했|발표했|덧붙였|알려졌|전해졌)\w*) | 따르면 | 관계자\w* | 측은?
    )$"""
)
CORRECTION = re.compile(
    r"""(?ix) ^[\s\W]*(?: corrections?\b | clarifications?\b | editor['’]?s?['’]?\s+note | update[ds]?\s*:
    | this\s+(?:article|story|report|headline|piece)\s+(?:has\s+been|was)\s+(?:\w+\s+)?(?:correct|updat|amend|chang|edit|clarif)\w+
    | (?:정정|바로\s?잡습니다|바로\s?잡았습니다|고침|기사\s?보강|기사\s?수정|알립니다|반론\s?보도|정정\s?보도)
    | korrektur | berichtigung | anm(?:erkung|\.)\s+der\s+red | in\s+einer\s+(?:früheren|ersten)\s+version
    | rectificati(?:f|on) | correctif | fe\s+de\s+errat\w+ | correcci[oó]n | errata\s+corrige
    | 訂正 | お詫びと訂正 | 更正 | 勘誤 | 勘误 )
    | \b(?:an?\s+)?(?:earlier|previous)\s+version\s+of\s+this\b | 이전\s*(?:기사|버전)에서
    | corrected\s+(?:to|from|on|version) """
)
# A longer change is no matter of one word; its kind is not looked for.
MAX_CHARACTERS = 5_000
# In a longer change a "not" is one word among many.
FEW = 6
# From this many words on, what came or left inside a sentence is a clause of its own.
CLAUSE = 5
# What stands before the source of a statement.
SOURCE = re.compile(
    r"(?:\baccording to|\bsources? (?:at|in|from)|\blaut|\bselon|\bsegún|\bd['’]après)\W*$", re.I
)
# Titles that follow a Korean name, and what makes a Latin word no name although it has a capital.
TITLES = re.compile(
    r"^(?:씨|군|양|대통령|총리|장관|차관|의원|대표|회장|부회장|사장|부사장|전무|상무|이사|교수|박사|위원장|위원|시장|지사|구청장|청장|국장|과장"
    r"|팀장|감독|선수|기자|특파원|변호사|판사|검사|총장|원장|본부장|센터장|연구원|수석|실장|대변인|대사|여사)"
)
NO_NAMES = frozenset(
    [
        "The",
        "A",
        "An",
        "This",
        "That",
        "These",
        "Those",
        "It",
        "He",
        "She",
        "They",
        "We",
        "I",
        "In",
        "On",
        "At",
        "By",
        "For",
        "From",
        "With",
        "But",
        "And",
        "Or",
        "If",
        "As",
        "When",
        "While",
        "After",
        "Before",
        "Der",
        "Die",
        "Das",
        "Ein",
        "Eine",
        "Le",
        "La",
        "Les",
        "Un",
        "Une",
        "El",
        "Los",
        "Las",
        "Not",
        "No",
    ]
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule looks at: the words lost and gained, and where they stand."""

    old: str
    new: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    old_sentence: str
    new_sentence: str
    at: int
    lang: str | None

    @property
    def words(self) -> tuple[str, ...]:
        return self.lost + self.gained


Rule = Callable[[Change], bool]


def word_kind(
    old: str, new: str, *, old_sentence: str, new_sentence: str, at: int, lang: str | None = None
) -> str:
    """The kind of a change inside a sentence; `at` is where `new` begins in `new_sentence`.

    >>> word_kind("12", "21", old_sentence="12 died.", new_sentence="21 died.", at=0)
    'number'
    >>> word_kind("있다", "없다", old_sentence="수 있다.", new_sentence="수 없다.", at=2)
    'negation'
    """
    if len(old) + len(new) > MAX_CHARACTERS or len(new_sentence) > MAX_CHARACTERS:
        return "wording"
    before, after = Counter(tokens(old)), Counter(tokens(new))
    change = Change(
        old, new, tuple(before - after), tuple(after - before),
        old_sentence, new_sentence, at, lang,
    )  # fmt: skip
    return next((kind for kind, holds in RULES if holds(change)), "wording")


def sentence_kind(op: str, text: str) -> str:
    """The kind of a sentence that came or left as a whole."""
    if CORRECTION.search(text):
        return "correction_note"
    return "added" if op == "insert" else "removed"


def _is_typography(change: Change) -> bool:
    return fold(change.old) == fold(change.new)


def _is_number(change: Change) -> bool:
    return any(
        NUMBER_WORD.match(word) or (NUMBER.fullmatch(word) and not DATE.match(word))
        for word in change.words
    )


def _is_date(change: Change) -> bool:
    spans = (change.old, change.new)
    return any(DATE.match(word) for word in change.words) or any(map(CJK_DATE.fullmatch, spans))


def _is_negation(change: Change) -> bool:
    if len(change.words) > FEW:
        return False
    lost = sum(bool(NEGATION.match(word)) for word in change.lost)
    return lost != sum(bool(NEGATION.match(word)) for word in change.gained)


def _is_punctuation(change: Change) -> bool:
    return bool(change.words) and _letters(change.old) == _letters(change.new)


def _is_quote(change: Change) -> bool:
    marks = (
        Counter(c for c in change.old if c in QUOTES),
        Counter(c for c in change.new if c in QUOTES),
    )
    if marks[0].total() != marks[1].total() and "'" not in fold("".join(change.words)).strip("'\""):
        return True
    return _inside_quotes(change.new_sentence, change.at) and not _is_punctuation(change)


def _is_attribution(change: Change) -> bool:
    before = change.new_sentence[: change.at]
    return any(ATTRIBUTION.match(word) for word in change.words) or bool(SOURCE.search(before))


def _is_clause(op: str) -> Rule:
    """What came (or left) is a clause of its own: the other side has nothing."""

    def holds(change: Change) -> bool:
        text, other = (change.new, change.old) if op == "insert" else (change.old, change.new)
        return not other and sum(word[0].isalnum() for word in tokens(text)) >= CLAUSE

    return holds


def _is_correction(change: Change) -> bool:
    return bool(CORRECTION.search(change.new)) or bool(CORRECTION.search(change.old))


def _is_name(change: Change) -> bool:
    if any(HANGUL.fullmatch(word) for word in change.words):
        return _is_korean_name(change)
    if change.lang == "de":  # every noun has a capital there
        return False
    return any(_is_latin_name(word, change) for word in change.words) and not _is_spelling(change)


def _is_latin_name(word: str, change: Change) -> bool:
    if not word[:1].isupper() or word in NO_NAMES or len(word) < 2:
        return False
    sentence = change.new_sentence if word in change.gained else change.old_sentence
    if word.upper() == word and sentence.upper() == sentence:
        return False
    begins = rf"(?:^|[.!?…:]\W*|[\"'“‘„«(\[])\s*{re.escape(word)}"
    return not re.search(begins, sentence)


def _is_korean_name(change: Change) -> bool:
    end = change.at + len(change.new)
    following = change.new_sentence[end:].split(maxsplit=1)
    # A title follows a name, and in broadcasts a slash with the speaker's role.
    title = bool(following) and bool(TITLES.match(following[0]) or following[0].startswith("/"))
    return title and all(2 <= len(word) <= 4 and HANGUL.fullmatch(word) for word in change.words)


def _is_spelling(change: Change) -> bool:
    """One word for one word, off by a letter or two; Korean is judged by its letters (jamo)."""
    if len(change.lost) != 1 or len(change.gained) != 1:
        return False
    old, new = change.lost[0].casefold(), change.gained[0].casefold()
    if old == new:
        return True
    if HANGUL.fullmatch(old) and HANGUL.fullmatch(new):
        return len(old) == len(new) and len(old) > 1 and _jamo_distance(old, new) <= 2
    return min(len(old), len(new)) >= 4 and OSA.distance(old, new) <= (1 if len(old) < 6 else 2)


def _jamo_distance(old: str, new: str) -> int:
    return OSA.distance(unicodedata.normalize("NFD", old), unicodedata.normalize("NFD", new))


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _inside_quotes(sentence: str, at: int) -> bool:
    """Does `at` lie between an opening and a closing quotation mark?

    >>> _inside_quotes('He said "we won" twice', 10), _inside_quotes('He said "we won" twice', 18)
    (True, False)
    """
    head, tail = sentence[:at], sentence[at:]
    opened = sum(c in OPENERS for c in head) - sum(c in CLOSERS for c in head)
    if opened > 0 and any(c in CLOSERS for c in tail):
        return True
    return head.count('"') % 2 == 1 and '"' in tail


# First match wins. Marks come first, since a change of marks alone is never one of words.
RULES: tuple[tuple[str, Rule], ...] = (
    ("typography", _is_typography),
    ("number", _is_number),
    ("date", _is_date),
    ("correction_note", _is_correction),
    ("name", _is_name),
    ("negation", _is_negation),
    ("quote", _is_quote),
    ("punctuation", _is_punctuation),
    ("attribution", _is_attribution),
    ("spelling", _is_spelling),
    ("added", _is_clause("insert")),
    ("removed", _is_clause("delete")),
    ("wording", lambda change: True),
)
