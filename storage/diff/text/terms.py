"""The terms of a text: the beginnings of its longer words, by which two texts are about the same."""

from unicodedata import category

from scraper.patterns import lazy_pattern

# Vowel signs and other marks are no letters for `re`, but belong to the word: "पुल" is one.
MARKS = "".join(sign for sign in map(chr, range(0x300, 0x1100)) if category(sign) in ("Mn", "Mc"))
LETTERS = lazy_pattern(rf"[^\W\d_]+(?:[{MARKS}]+[^\W\d_]*)*")
# Scripts that put no spaces between words: each pair of characters is a term.
UNSPACED_LETTER = lazy_pattern("[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")
JAPANESE_ENDING = lazy_pattern("[\u3040-\u309f]{2}")
HANGUL_LETTER = lazy_pattern("[\uac00-\ud7a3]")
# Shorter words are articles and particles. Longer ones agree in their beginnings, whatever their endings.
MIN_TERM_LETTERS, MAX_TERM_LETTERS = 4, 6
HANGUL_TERM_LETTERS = 2


def terms(text: str) -> frozenset[str]:
    """The terms of a text, in lower case.

    >>> sorted(terms("The bridges on a bridge: 12 cranes")), sorted(terms("부두를 부두가")), sorted(terms("新橋梁"))
    (['bridge', 'cranes'], ['부두'], ['新橋', '橋梁'])
    >>> sorted(terms("पुल और विवाद"))
    ['विवाद']
    """
    return frozenset(term for word in LETTERS.findall(text.lower()) for term in _word_terms(word))


def _word_terms(word: str) -> list[str]:
    if UNSPACED_LETTER.search(word):
        pairs = (word[at : at + 2] for at in range(len(word) - 1))
        return [pair for pair in pairs if not JAPANESE_ENDING.fullmatch(pair)]
    if HANGUL_LETTER.search(word):
        return [word[:HANGUL_TERM_LETTERS]] if len(word) >= HANGUL_TERM_LETTERS else []
    return [word[:MAX_TERM_LETTERS]] if len(word) >= MIN_TERM_LETTERS else []
