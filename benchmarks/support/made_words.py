"""Invented words and sentences, Korean and English, as often as Zipf's law has them."""

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
FIRST_SYLLABLE, SYLLABLES = 0xAC00, 11_172
# As many words as a newspaper of some years has, and as many sentences as stand in its memory.
WORDS, SENTENCES = 20_000, 60_000
ZIPF = 1.05


@dataclass(frozen=True)
class Sentence:
    """A sentence and what the search index holds of it, which is made once."""

    text: str

    @cached_property
    def indexed(self) -> str:
        return bigrams(self.text)


@dataclass(frozen=True)
class Language:
    """The words of a language, the most common first, and its sentences."""

    code: str
    words: tuple[str, ...]
    sentences: tuple[Sentence, ...]


def zipf_weights(count: int) -> list[float]:
    """The cumulative weights of the ranks from the first on.

    >>> [round(weight, 2) for weight in zipf_weights(3)]
    [1.0, 1.48, 1.8]
    """
    return list(accumulate(1 / rank**ZIPF for rank in range(1, count + 1)))


def make_languages(seed: int, *, words: int = WORDS, sentences: int = SENTENCES) -> list[Language]:
    """Korean and English, the same for the same seed."""
    chance = random.Random(seed)
    korean = _distinct(lambda: _korean_word(chance), words)
    english = _distinct(lambda: _english_word(chance), words)
    weights = zipf_weights(words)
    return [
        Language("ko", korean, tuple(
            Sentence(_korean_sentence(chance, korean, weights)) for _ in range(sentences))),
        Language("en", english, tuple(
            Sentence(_english_sentence(chance, english, weights)) for _ in range(sentences))),
    ]  # fmt: skip


def _distinct(make, count: int) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    found: dict[str, None] = {}
    while len(found) < count:
        found[make()] = None
    return tuple(found)


def _korean_word(chance: random.Random) -> str:
    """Two syllables most often; a few hundred syllables make up most of a text."""
    return "".join(
        chr(FIRST_SYLLABLE + int(chance.betavariate(1, 3) * 900) * 12 % SYLLABLES)
        for _ in range(chance.choice((2, 2, 2, 3)))
    )


def _english_word(chance: random.Random) -> str:
    return "".join(
        chance.choice(ONSETS) + chance.choice(NUCLEI) + chance.choice(CODAS)
        for _ in range(chance.choice((1, 2, 2, 3)))
    )


def _korean_sentence(chance: random.Random, words: tuple[str, ...], weights: list[float]) -> str:
    drawn = chance.choices(words, cum_weights=weights, k=chance.randint(5, 13))
    parts = [word + chance.choice(JOSA) for word in drawn[:-1]]
    if chance.random() < 0.3:
        parts.insert(1, f"{chance.randint(2, 99)}명이")
    return " ".join([*parts, drawn[-1] + chance.choice(ENDINGS)]) + "."


def _english_sentence(chance: random.Random, words: tuple[str, ...], weights: list[float]) -> str:
    parts = chance.choices(words, cum_weights=weights, k=chance.randint(9, 22))
    if chance.random() < 0.3:
        parts.insert(2, f"{chance.randint(2, 99)}")
    return " ".join(parts).capitalize() + "."
