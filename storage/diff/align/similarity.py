"""How similar two texts are, and from which similarity on they count as one text.

The similarity of two texts is the share of their tokens that both have in the same order:
1 - d / (n + m). Here d is the Indel distance (tokens deleted plus tokens inserted), n and m
are the numbers of tokens. Equal texts have 1.0, unrelated sentences of one language 0.1 to 0.3.
"""

from collections.abc import Mapping, Sequence

from rapidfuzz.distance import Indel

from storage.diff.text.tokens import tokens

# Two sentences that could be anywhere in a changed region are one edited sentence.
MIN_PAIR_SHARE = 0.4
# A lone sentence in the place of another is its replacement.
MIN_REPLACEMENT_SHARE = 0.2
# A sentence in another place has moved.
MIN_MOVE_SHARE = 0.8
# A sentence beside a moved one has moved with it.
MIN_NEIGHBOUR_SHARE = 0.5
# Two paragraphs in one place are one paragraph, in which a counter or a clock moves.
MIN_PARAGRAPH_SHARE = 0.6
# Two lines in one place are one edited line; below it, one line replaced the other.
MIN_LINE_SHARE = 0.5


def similarity(one: Sequence[str], other: Sequence[str], *, at_least: float = 0.0) -> float:
    """The similarity of two token lists, from 0.0 to 1.0; 0.0 if it is below `at_least`.

    Rounding in rapidfuzz also gives 0.0 for a similarity of exactly `at_least`, if that is 0.4,
    0.6 or 0.8. The thresholds were tuned with it.

    >>> similarity(["a", "b", "c"], ["a", "c", "d"]) == 1 - 2 / 6
    True
    >>> similarity(["a", "b", "c"], ["a", "c", "d"], at_least=0.8)
    0.0
    """
    return Indel.normalized_similarity(one, other, score_cutoff=at_least)


def are_similar(one: str, other: str, *, at_least: float, max_characters: int) -> bool:
    """Whether two texts share at least this part of their tokens.

    A text of more than `max_characters` is similar only to itself.

    >>> are_similar("12 died.", "21 died.", at_least=0.5, max_characters=100)
    True
    """
    if one == other:
        return True
    if max(len(one), len(other)) > max_characters:
        return False
    return similarity(tokens(one), tokens(other), at_least=at_least) >= at_least


def most_similar(
    text: str, candidates: Mapping[str, Sequence[str]], *, at_least: float
) -> str | None:
    """The candidate most similar to `text`, the first of several; None if all are below `at_least`.

    `candidates` maps each text to its tokens.

    >>> most_similar("12 died.", {"Fire": ["Fire"], "21 died.": ["21", "died", "."]}, at_least=0.5)
    '21 died.'
    """
    if not candidates:
        return None
    words = tokens(text)
    shares = {
        other: similarity(words, other_words, at_least=at_least)
        for other, other_words in candidates.items()
    }
    best = max(shares, key=lambda other: shares[other])
    return best if shares[best] >= at_least else None
