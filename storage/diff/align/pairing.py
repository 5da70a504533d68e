"""Which sentences of one region became which: the best pairing that keeps their order.

Dynamic programming over the sentences, as Gale and Church align translations ("A Program for
Aligning Sentences in Bilingual Corpora", 1993). The score is the number of words in common.
"""

from storage.diff.align.similarity import MIN_PAIR_SHARE, similarity

# How many sentences of each version one step may pair: one edited, two merged, one split, and so on.
PAIRINGS = ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3))
# Above this many pairs of sentences, three are neither merged nor split.
MAX_TRIPLE_PAIRS = 1_000
# Subtracted for each sentence of a step, so that a plain pair wins a tie.
SENTENCE_PENALTY = 0.01
# In a long region only pairs near the diagonal are compared: this many words in all …
MAX_BAND_WORDS = 1_000_000
# … up to this many where one side has few sentences, so that the band is most of it …
MAX_COMPARED_WORDS = 4_000_000
# … and at least this many sentences on each side of the diagonal, else the region is not paired.
MIN_BAND_SENTENCES = 4
# Nor is a region with more pairs of words than this for each sentence.
MAX_WORD_PAIRS = 20_000_000

TokenLists = list[list[str]]
Step = tuple[int, int, int, int]  # old sentences i1 to i2 became new sentences j1 to j2
# Score, and how many old and new sentences the last step takes.
ScoredStep = tuple[float, int, int]
# By the numbers of old and new sentences so far.
BestSteps = dict[tuple[int, int], ScoredStep]


def best_pairing(before: TokenLists, after: TokenLists) -> list[Step] | None:
    """The steps of the best pairing of two lists of sentences, in order.

    A step without an old sentence is an addition, one without a new sentence a removal.
    None if the region is too large.

    >>> best_pairing([["a", "b"], ["c", "d"]], [["a", "b", "c", "d"], ["x"]])
    [(0, 2, 0, 1), (2, 2, 1, 2)]
    """
    band = _band_width(before, after)
    if band is None:
        return None
    n, m = len(before), len(after)
    best: BestSteps = {(0, 0): (0.0, 0, 0)}
    for i in range(n + 1):
        middle = i * m // n
        for j in range(max(0, middle - band), min(m, middle + band) + 1):
            if i or j:
                steps = _steps_to(best, before, after, i, j)
                # On a tie the addition comes last: a reader sees the old sentence before the new one.
                best[i, j] = max(steps, key=lambda step: (step[0], step[2]), default=(-1.0, 0, 0))
    return _path(best, n, m)


def _band_width(before: TokenLists, after: TokenLists) -> int | None:
    """How many sentences off the diagonal are compared; None if the region is too large."""
    n, m = len(before), len(after)
    words = sum(map(len, before)), sum(map(len, after))
    if words[0] * words[1] > MAX_WORD_PAIRS * max(n, m):
        return None
    all_words = m * words[0] + n * words[1]
    band = max(n, m) * MAX_BAND_WORDS // all_words
    if all_words * min(1.0, (2 * band + 1) / (min(n, m) + 1)) > MAX_COMPARED_WORDS:
        return None
    # From one row to the next the diagonal moves by m / n. In a narrower band no path follows it.
    return band if band >= MIN_BAND_SENTENCES + m // n else None


def _path(best: BestSteps, n: int, m: int) -> list[Step]:
    steps: list[Step] = []
    i, j = n, m
    while i or j:
        _, di, dj = best[i, j]
        steps.append((i - di, i, j - dj, j))
        i, j = i - di, j - dj
    return steps[::-1]


def _steps_to(
    best: BestSteps, before: TokenLists, after: TokenLists, i: int, j: int
) -> list[ScoredStep]:
    """The steps that lead to (i, j): a removal, an addition, a pair, a merge, a split."""
    steps: list[ScoredStep] = []
    if (i - 1, j) in best:
        steps.append((best[i - 1, j][0], 1, 0))
    if (i, j - 1) in best:
        steps.append((best[i, j - 1][0], 0, 1))
    pairings = PAIRINGS if len(before) * len(after) <= MAX_TRIPLE_PAIRS else PAIRINGS[:3]
    for di, dj in pairings:
        if (i - di, j - dj) in best:
            left = [word for words in before[i - di : i] for word in words]
            right = [word for words in after[j - dj : j] for word in words]
            share = similarity(left, right, at_least=MIN_PAIR_SHARE)
            if share >= MIN_PAIR_SHARE:
                score = share * (len(left) + len(right)) / 2 - SENTENCE_PENALTY * (di + dj)
                steps.append((best[i - di, j - dj][0] + score, di, dj))
    return steps
