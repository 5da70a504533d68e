"""What a span never cuts: a Korean word, a number with its unit, one of two quotation marks."""

from collections.abc import Callable
from dataclasses import dataclass

from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import HANGUL, KANA_CHARACTER
from storage.diff.text.numbers import NUMBER_EXPRESSION
from storage.diff.text.quotations import paired_marks

WORD = lazy_pattern(r"[^\W_]++")
# A particle after a closing mark belongs to the word before the mark: 서울(수도)을.
WORD_BEFORE_PARTICLE = lazy_pattern(r"(?<![^\s…])[^\s…]*[)\]’”'\"」』》](?=[가-힣]{1,4}(?!\w))")
# Kanji and the syllables in which a Japanese verb or adjective ends. Particles are no such syllables.
JAPANESE_WORD = lazy_pattern(
    "(?<![々㐀-鿿])[々㐀-鿿]{1,4}(?:が(?=[るっりらげ])|[かけきこさせしそたてちなねまめみもらりれろわえやじびべげ]){0,2}?"
    "(?:な?かった|ない|った|いた|した|んだ|れた|めた|けた|せた|えた|たい|[るすいくうむつぐぬめ]|ぶ(?!り))(?![っゃゅょ])"
)
KANJI_WORD = lazy_pattern("(?<![々㐀-鿿])[々㐀-鿿]{2,4}(?![々㐀-鿿])")


@dataclass(frozen=True, slots=True)
class Whole:
    """The characters `start` to `end` of a text. A span that has part of the core has all of them."""

    start: int
    end: int
    core_start: int
    core_end: int

    def is_cut_by(self, start: int, end: int) -> bool:
        """Whether a span from `start` to `end` has a part of the core but not the whole."""
        if start == end:
            return self.core_start < start < self.core_end
        touches = max(start, self.core_start) < min(end, self.core_end)
        return touches and (start > self.start or end < self.end)


# What a span from a start to an end may cut.
WholesAt = Callable[[int, int], list[Whole]]


def wholes(text: str) -> WholesAt:
    """What of a text no span cuts, by what is written in it.

    >>> text = "값이 2조 3000억 원이다"
    >>> [text[whole.start : whole.end] for whole in wholes(text)(1, 2)]
    ['2조 3000억 원', '값이']
    """
    numbers = [match.span() for match in NUMBER_EXPRESSION.finditer(text)]
    found = [Whole(*span, *span) for span in numbers]
    if KANA_CHARACTER.search(text):
        spans = [m.span() for p in (JAPANESE_WORD, KANJI_WORD) for m in p.finditer(text)]
        found += [Whole(*span, *span) for span in spans]
    if not HANGUL.search(text):
        return lambda start, end: found
    number_ends = {at: end for start, end in numbers for at in range(start, end)}
    return lambda start, end: (
        found + [word for at in (start, end) if (word := _korean_word(text, at, number_ends))]
    )


def _korean_word(text: str, at: int, number_ends: dict[int, int]) -> Whole | None:
    """The word with a Korean syllable that a cut at `at` parts; of a number with a particle, the particle is the core.

    `number_ends` has for each character of a number where the number ends.
    """
    if not (0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()):
        return None
    start = end = at
    while start and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    core = min(number_ends.get(start, start), end)
    return Whole(start, end, core, end) if HANGUL.search(text, start, end) else None


def words_of_particles(text: str) -> WholesAt:
    """Each word and its particle that are parted by a closing mark; the particle is the core."""
    found = []
    for match in WORD_BEFORE_PARTICLE.finditer(text):
        particle = WORD.match(text, match.end())
        if particle:
            found.append(Whole(match.start(), particle.end(), match.end(), particle.end()))
    return lambda start, end: found


def marks(text: str) -> WholesAt:
    """Each text in a pair of marks, once for either mark: a span has both marks or neither."""
    found = [
        Whole(start, end, *mark)
        for start, end in paired_marks(text)
        for mark in ((start, start + 1), (end - 1, end))
    ]
    return lambda start, end: found
