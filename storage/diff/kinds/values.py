"""Is a number the same number, written otherwise? Are words, such as 前 and 전?"""

from functools import cache

from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import HANGUL

# From one on, in order. The values follow from the order.
NUMERALS = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
    "de": "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince",
    "pt": "um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze",
    "it": "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici",
    "nl": "een twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "ru": "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
    "hi": "एक दो तीन चार पांच छह सात आठ नौ दस ग्यारह बारह",
    "ko": "한 두 세 네 다섯 여섯 일곱 여덟 아홉 열",
}  # fmt: skip
POWERS = {"십": 10, "백": 10**2, "천": 10**3, "만": 10**4, "억": 10**8, "조": 10**12, "十": 10, "百": 10**2, "千": 10**3,
             "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}  # fmt: skip
MAX_VALUE_CHARACTERS = 80
FIGURE_AND_POWER = lazy_pattern(r"(\d[\d,.   ]*)([십백천만억조十百千万萬亿億兆]*)")
GROUPED = lazy_pattern(r"\d{1,3}(?:([,.   ’'])\d{3})(?:\1\d{3})*")
# What Korean headlines write in one ideograph.
HANJA_SHORT = str.maketrans(
    "前現新舊美日中北與野女男對故軍檢警車黨李尹朴金韓英佛獨露全後反親無有株銀社父母子弟兄妻夫家人内內外上下大小高低重初再最左右生死",
    "전현신구미일중북여야여남대고군검경차당이윤박김한영불독러전후반친무유주은사부모자제형처부가인내내외상하대소고저중초재최좌우생사",
)


def same_value(old: str, new: str) -> bool:
    """Whether two texts are one number or one word, in figures and letters or in other signs.

    >>> same_value("3천만원", "3000만원"), same_value("twelve", "12"), same_value("€3000000", "€3,000,000"), same_value("12", "21")
    (True, True, True, False)
    """
    if not old or not new or len(old) + len(new) > MAX_VALUE_CHARACTERS:
        return False
    if HANGUL.search(old + new):
        old, new = old.translate(HANJA_SHORT), new.translate(HANJA_SHORT)
    return _plain(old) == _plain(new)


def is_numeral(word: str) -> bool:
    """Whether a word is a number in letters; not "one", which is an article as often."""
    return _numerals().get(word.casefold(), "1") != "1"


def _plain(text: str) -> str:
    """A text with each number as its value, without spaces and marks of thousands."""
    words = " ".join(_numerals().get(word.casefold(), word) for word in text.split())
    grouped = GROUPED.sub(lambda match: "".join(c for c in match[0] if c.isdigit()), words)
    valued = FIGURE_AND_POWER.sub(lambda match: _value(match[1], match[2]), grouped)
    return "".join(valued.split())


def _value(figure: str, multiples: str) -> str:
    digits = figure.rstrip().rstrip(",.")
    factor = 1
    for sign in multiples:
        factor *= POWERS[sign]
    if factor == 1 or not digits.isdigit():
        return figure + multiples
    return str(int(digits) * factor)


@cache
def _numerals() -> dict[str, str]:
    return {
        word: str(value)
        for words in NUMERALS.values()
        for value, word in enumerate(words.split(), 1)
    }
