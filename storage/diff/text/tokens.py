"""Text becomes tokens: words, numbers with their units, single ideographs, marks.

The only white space in a token is that of a number such as "1 200 300".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Flag, auto
from itertools import pairwise

from scraper.patterns import lazy_pattern


class UnitUse(Flag):
    """For what a unit of a number counts."""

    JOINED = auto()  # written to a number, it is part of the number's token: "12km"
    SPACED = auto()  # as the word after a number, it is part of the number's span: "12 million"
    SPACED_KOREAN = auto()  # the same for a word that particles follow: "3천만 원을"
    SIGN = auto()  # removed or added beside a digit, it changes the number: "12%"


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """Units with the same uses, as the alternatives of a pattern."""

    pattern: str
    uses: UnitUse


_JOINED, _SPACED, _SIGN = UnitUse.JOINED, UnitUse.SPACED, UnitUse.SIGN

# The units of numbers, in one table that says for which uses each of them counts. Three questions
# need units: what is one token, what is the span of an edit, and is an edit one of a number?
# The first alternative that fits is taken: a longer unit goes before its own beginning.
UNITS = (
    UnitGroup("%포인트|퍼센트포인트|퍼센트|개월간|년간|주간|일간|시간|분기", _JOINED),
    UnitGroup("달러|유로", _JOINED | UnitUse.SPACED_KOREAN),
    UnitGroup("위안", _JOINED),
    UnitGroup("엔|원|명", _JOINED | UnitUse.SPACED_KOREAN),
    UnitGroup("개월|개국|개|년|월|일|시|분|초", _JOINED),
    UnitGroup("타|점|골|승|패|석|표|척|쪽|쌍", _JOINED),
    UnitGroup("배|차례|차|회|건|곳|대|세|살|위|호|층|가구|마리|채|톤", _JOINED),
    UnitGroup("킬로미터|킬로그램|미터|포인트", _JOINED),
    UnitGroup("分钟|分鐘|小时|小時|時間|年間|日間|か月|カ月", _JOINED),
    UnitGroup("年|月|日|時|时|分|秒|人|名|円|元|圆|韩元|美元|港元", _JOINED),
    UnitGroup(
        "歳|岁|個|个|件|倍|回|次|度|号|號|位|吨|噸|トン|台|本|枚|匹|頭|軒|戸|社|校|点|ドル|ウォン|ユーロ",
        _JOINED,
    ),
    UnitGroup("%p", _JOINED),
    UnitGroup("%", _JOINED | _SIGN),
    UnitGroup("％", _JOINED),
    UnitGroup("‰", _JOINED | _SIGN),
    UnitGroup("℃|°C|°F|km/h|kg|km|cm|mm|ml|GW|MW|kW|kB|MB|GB|m²|㎡|㎞|㎝|㎏|°", _JOINED),
    UnitGroup("(?:g|l|h|ha|t)(?![A-Za-z])", _JOINED),
    UnitGroup("(?:[AaPp]\\.[Mm]\\.|[AaPp][Mm])(?![A-Za-z])", _JOINED),
    UnitGroup("ppm|bn|tn|[kKmM](?![A-Za-z])", _JOINED),
    UnitGroup("thousand|million|billion|trillion|per ?cent|percentage points?", _SPACED),
    UnitGroup("Prozent|Millionen|Milliarden|millions?|milliards?", _SPACED),
    UnitGroup("millones|mil millones|milhões|bilhões|miliardi|milioni", _SPACED),
    UnitGroup("тысяч\\w*|миллион\\w*|миллиард\\w*|млн|млрд|трлн|процент\\w*", _SPACED),
    UnitGroup("ملايين|مليون|مليارات|مليار|آلاف|ألف|تريليون|في المئة|بالمئة", _SPACED),
    UnitGroup("करोड़|लाख|हज़ार|हजार|अरब|प्रतिशत|फीसदी|फ़ीसदी", _SPACED),
    UnitGroup(
        "kmh?|kg|miles?|kilomet(?:er|re)s?|met(?:er|re)s?|feet|inches|acres?|hectares?|tons?|tonnes?|lit(?:er|re)s?",
        _SPACED,
    ),
    UnitGroup(
        "Kilometer|Meter|Hektar|Tonnen|Liter|kilomètres?|mètres?|kilómetros?|metros?|hectáreas?|toneladas?",
        _SPACED,
    ),
)
# Before a number they are part of its token; beside a digit they count as signs.
CURRENCY_SIGNS = "$€£¥₩"
ARITHMETIC_SIGNS = "-−–+±"
# Powers of ten between a number and its unit: within a token, and before a spaced Korean unit.
JOINED_MULTIPLES = "[조억만천백십兆亿億万萬千百]"
KOREAN_MULTIPLES = "(?:천|백)?(?:조|억|만)?"
JOINED_UNITS = "|".join(group.pattern for group in UNITS if UnitUse.JOINED in group.uses)
SPACED_UNITS = "|".join(group.pattern for group in UNITS if UnitUse.SPACED in group.uses)
KOREAN_UNITS = "|".join(group.pattern for group in UNITS if UnitUse.SPACED_KOREAN in group.uses)
SIGN_UNITS = [group.pattern for group in UNITS if UnitUse.SIGN in group.uses]
# A currency may follow a multiple: 3 million euros.
CURRENCIES = (
    "dollars?|euros?|pounds?|francs?|yen|won|yuan|crowns?|Dollar|Euro|Franken|d[’']euros|de euros|de dólares"
    "|рублей|долларов|евро|دينار|دولار|ريال|درهم|جنيه|يورو|रुपये|डॉलर"
)
SPACED_UNIT = lazy_pattern(
    rf" (?:(?:{SPACED_UNITS})(?: (?:{CURRENCIES}))?(?!\w)|{KOREAN_MULTIPLES}\s?(?:{KOREAN_UNITS})(?=[은는이가을를의에도]|\W|$))",
    re.I,
)
NUMBER_SIGNS = frozenset([*ARITHMETIC_SIGNS, *CURRENCY_SIGNS, *SIGN_UNITS])

# Vowel signs, points and accents, and joiners between letters: `\w` has none of them. The ranges have
# letters and digits, which do no harm, but no punctuation.
COMBINING_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711-\u07f3\u07fd\u0816-\u082d\u0859-\u085b\u0898-\u08e1\u08e3-\u0963"
    "\u0981-\u09e3\u09fe-\u0a75\u0a81-\u0ae3\u0afa-\u0b63\u0b82-\u0bd7\u0c00-\u0c63\u0c81-\u0c83\u0cbc-\u0d4d"
    "\u0d57-\u0d63\u0d81-\u0df3\u0eb1-\u0ecd\u0f18\u0f19\u0f35\u0f37\u0f39\u0f3e-\u0f84\u0f86-\u0fbc\u0fc6\u135d-\u135f\u1712-\u1734"
    "\u1752-\u17d3\u17dd\u180b-\u180d\u180f-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1b44\u1b6b-\u1b73\u1b80-\u1bf3\u1c24-\u1c37\u1dc0-\u1dff\u200c\u200d"
)
# The same of Thai and Burmese, which are written without spaces: each syllable sign is a token.
SYLLABLE_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d"
    "\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d"
)
LEADING_VOWELS = "\u0e40-\u0e44"  # of Thai, written before the consonant that they follow
PICTOGRAPH = "[\u2190-\u2bff\U0001f000-\U0001faff]"
# Skin tones, the emoji style, a key's frame, the letters of a flag: a pictograph with them, or with a joined one, is one sign.
PICTOGRAPH_STYLES = "[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f]"

TOKEN_PATTERNS = {
    "number": rf"[{CURRENCY_SIGNS}]?(?:\d{{1,3}}(?: \d{{3}})+(?!\d)|\d(?:[\d.,:]*\d)?)(?:[⁺⁻]?[⁰¹²³⁴-⁹]+)?(?:{JOINED_MULTIPLES}++(?:\d(?:[\d.,]*\d)?)?)*여?(?:{JOINED_UNITS})?",
    "hangul": "[가-힣ㄱ-ㆎ]+",
    "katakana": "[ァ-ヴー]+",
    "ideograph": f"[々〆㐀-鿿豈-﫿𠀀-𯨟]|[ぁ-ゟ]|[{LEADING_VOWELS}]?[\u0e00-\u0e7f\u1000-\u109f][{SYLLABLE_MARKS}]*",
    "word": rf"(?:[^\W\d_ぁ-ヿ㐀-鿿가-힣豈-﫿](?:[’'’\-]?[^\W_ぁ-ヿ㐀-鿿가-힣豈-﫿]|[{COMBINING_MARKS}])*)",
    "mark": r"\.{2,}|[\U0001f1e6-\U0001f1ff]{2}"
    rf"|{PICTOGRAPH}{PICTOGRAPH_STYLES}*(?:\u200d{PICTOGRAPH}{PICTOGRAPH_STYLES}*)*|[^\s]",
}
QUOTATION_MARKS = frozenset("\"'“”„‟«»‘’‚‛‹›「」『』《》〈〉〝〞＂")
TOKEN = lazy_pattern("|".join(TOKEN_PATTERNS.values()))
NUMBER_TOKEN = lazy_pattern(TOKEN_PATTERNS["number"])
HANGUL_TOKEN = lazy_pattern(TOKEN_PATTERNS["hangul"])


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order.

    >>> tokens("약 57조3000억원을, 12.5% of $425")
    ['약', '57조3000억원', '을', ',', '12.5%', 'of', '$425']
    >>> tokens("日本は3年ぶり。")
    ['日', '本', 'は', '3年', 'ぶ', 'り', '。']
    """
    return TOKEN.findall(text)


def spaced_tokens(text: str) -> list[tuple[str, str]]:
    """Each token with the white space that follows it; leading space follows an empty token.

    All tokens and spaces, joined, are the text.

    >>> spaced_tokens(" so it is ")
    [('', ' '), ('so', ' '), ('it', ' '), ('is', ' ')]
    """
    spans = [match.span() for match in TOKEN.finditer(text)]
    # Only white space is between two tokens: every other character belongs to one.
    pairs = [(text[a:b], text[b:c]) for (a, b), (c, _) in pairwise([*spans, (len(text), 0)])]
    lead = text[: len(text) - len(text.lstrip())]
    return [("", lead), *pairs] if lead else pairs


def shared_start(one: Sequence[str], other: Sequence[str]) -> int:
    """How many tokens two lists have in common at the start, or characters two texts.

    >>> shared_start("12 died", "12 dead"), shared_start(["a", "b"], ["a", "b"])
    (4, 2)
    """
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
