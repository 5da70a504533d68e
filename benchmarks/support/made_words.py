"""Invented Korean and English words and sentences, with frequencies by Zipf's law."""

import random
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from storage.search.tokens import bigrams

ONSETS = ("", "b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "br", "st", "tr")
NUCLEI = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
CODAS = ("", "", "l", "m", "n", "r", "s", "t", "nd", "st")
JOSA = ("이", "가", "은", "는", "을", "를", "에", "의", "도", "로", "")
ENDINGS = ("했다", "밝혔다", "전했다", "보인다", "알려졌다")
# The first Hangul syllable, and how many there are.
FIRST_SYLLABLE, SYLLABLE_COUNT = 0xAC00, 11_172
# About as many different words as a newspaper uses in some years.
WORD_COUNT, SENTENCE_COUNT = 20_000, 60_000
ZIPF_EXPONENT = 1.05


@dataclass(frozen=True)
class Sentence:
    """A sentence, with its text in the search index computed once."""

    text: str

    @cached_property
    def bigram_text(self) -> str:
        """The sentence as the search index stores it."""
        return bigrams(self.text)


@dataclass(frozen=True)
class Language:
    """The words of a language, the most common first, and its sentences."""

    code: str
    words: tuple[str, ...]
    sentences: tuple[Sentence, ...]


def zipf_weights(count: int) -> list[float]:
    """The cumulative weights of the first `count` ranks.

    >>> [round(weight, 2) for weight in zipf_weights(3)]
    [1.0, 1.48, 1.8]
    """
    return list(accumulate(1 / rank**ZIPF_EXPONENT for rank in range(1, count + 1)))


def make_languages(
    seed: int, *, words: int = WORD_COUNT, sentences: int = SENTENCE_COUNT
) -> list[Language]:
    """Korean and English; the same seed gives the same words."""
    rng = random.Random(seed)
    korean = _distinct(lambda: _korean_word(rng), words)
    english = _distinct(lambda: _english_word(rng), words)
    weights = zipf_weights(words)
    return [
        Language("ko", korean, tuple(
            Sentence(_korean_sentence(rng, korean, weights)) for _ in range(sentences))),
        Language("en", english, tuple(
            Sentence(_english_sentence(rng, english, weights)) for _ in range(sentences))),
    ]  # fmt: skip


def _distinct(make, count: int) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    distinct: dict[str, None] = {}
    while len(distinct) < count:
        distinct[make()] = None
    return tuple(distinct)


def _korean_word(rng: random.Random) -> str:
    """A word, mostly of two syllables; a few hundred syllables make up most of a text."""
    return "".join(
        chr(FIRST_SYLLABLE + int(rng.betavariate(1, 3) * 900) * 12 % SYLLABLE_COUNT)
        for _ in range(rng.choice((2, 2, 2, 3)))
    )


def _english_word(rng: random.Random) -> str:
    return "".join(
        rng.choice(ONSETS) + rng.choice(NUCLEI) + rng.choice(CODAS)
        for _ in range(rng.choice((1, 2, 2, 3)))
    )


def _korean_sentence(rng: random.Random, words: tuple[str, ...], weights: list[float]) -> str:
    sentence_words = rng.choices(words, cum_weights=weights, k=rng.randint(5, 13))
    parts = [word + rng.choice(JOSA) for word in sentence_words[:-1]]
    if rng.random() < 0.3:
        parts.insert(1, f"{rng.randint(2, 99)}명이")
    return " ".join([*parts, sentence_words[-1] + rng.choice(ENDINGS)]) + "."


def _english_sentence(rng: random.Random, words: tuple[str, ...], weights: list[float]) -> str:
    parts = rng.choices(words, cum_weights=weights, k=rng.randint(9, 22))
    if rng.random() < 0.3:
        parts.insert(2, f"{rng.randint(2, 99)}")
    return " ".join(parts).capitalize() + "."
