"""Which sentences of two versions belong together: kept, changed, split, merged, moved."""

from dataclasses import dataclass

from rapidfuzz.distance import Indel

from storage.diff.align.words import align
from storage.diff.text.tokens import tokens

# Two sentences are one changed sentence where at least this share of their words is common.
# Unrelated sentences of one language share 0.1 to 0.3.
MIN_PAIR_SHARE = 0.4
# A lone sentence in the place of another is its replacement already at this share.
MIN_REPLACEMENT_SHARE = 0.2
# A sentence found elsewhere counts as moved at this share, and from this length in characters.
MIN_MOVE_SHARE = 0.8
MIN_MOVE_LENGTH, MAX_MOVE_LENGTH = 20, 10_000
# The same words count from this length on, a sentence beside a moved one at this share.
MIN_EXACT_MOVE_LENGTH, MIN_NEIGHBOUR_SHARE = 5, 0.5
# Above this many words to be read for it, only equal sentences of a changed stretch are matched.
MAX_BAND_WORDS = 1_000_000
# … and near the diagonal only, where that leaves at least so many sentences on each side.
MIN_BAND_SENTENCES = 4
# Above so many sentences, or so many pairs of words per sentence, none are.
MAX_REGION_SENTENCES, MAX_WORD_PAIRS = 8_000, 20_000_000
# Sentences that may be one sentence of the other version: a pair, a merge, a split.
# (of three only where there are few pairs in all).
MAX_TRIPLE_PAIRS = 1_000
PAIRINGS = ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3))
# Two sentences of more characters than this in one place are taken for one, unread.
MAX_SENTENCE_CHARACTERS = 100_000
# Above this many pairs of sentences gone and come, only unchanged ones are seen to have moved.
MAX_MOVE_PAIRS = 2_500

Range = tuple[int, int]
# By (sentences of the old, of the new) so far: the words shared, and the last step.
BestPaths = dict[tuple[int, int], tuple[float, int, int]]


@dataclass(frozen=True, slots=True)
class SentenceMatch:
    """Sentences `old` (from, to) stand now as sentences `new`; either may be empty."""

    old: Range
    new: Range
    moved: bool = False


def match_sentences(old: list[str], new: list[str]) -> list[SentenceMatch]:
    """Every changed place of two lists of sentences, in the order of the new one.

    Unchanged sentences are not listed. A match of one to two is a split, of two to one
    a merge; moved sentences are matches with `moved` set, whether or not they changed.
    """
    matches: list[SentenceMatch] = []
    for op, i1, i2, j1, j2 in align(old, new):
        if op == "replace":
            matches += _match_region(old, new, (i1, i2), (j1, j2))
        elif op != "equal":
            matches += [SentenceMatch((i, i + 1), (j1, j1)) for i in range(i1, i2)]
            matches += [SentenceMatch((i1, i1), (j, j + 1)) for j in range(j1, j2)]
    return _with_moves(matches, old, new)


def _match_region(old: list[str], new: list[str], olds: Range, news: Range) -> list[SentenceMatch]:
    """The best monotone pairing of one changed stretch, by dynamic programming.

    In a long stretch only pairs near the diagonal are tried.
    """
    n, m = olds[1] - olds[0], news[1] - news[0]
    if n == m == 1 and len(old[olds[0]]) + len(new[news[0]]) > MAX_SENTENCE_CHARACTERS:
        return [SentenceMatch(olds, news)]
    if n + m > MAX_REGION_SENTENCES:
        return _unpaired(olds, news)
    before = [tokens(text) for text in old[olds[0] : olds[1]]]
    after = [tokens(text) for text in new[news[0] : news[1]]]
    words = sum(map(len, before)), sum(map(len, after))
    band = max(n, m) * MAX_BAND_WORDS // (m * words[0] + n * words[1])
    # From one row to the next the diagonal moves by m / n: less, and no way would lead along it.
    if words[0] * words[1] > MAX_WORD_PAIRS * max(n, m) or band < MIN_BAND_SENTENCES + m // n:
        return _unpaired(olds, news)
    pairs = [
        SentenceMatch((olds[0] + i1, olds[0] + i2), (news[0] + j1, news[0] + j2))
        for i1, i2, j1, j2 in _best_path(before, after, band)
    ]
    return _join_replacements(pairs, old, new)


def _best_path(
    before: list[list[str]], after: list[list[str]], band: int
) -> list[tuple[int, int, int, int]]:
    """The steps (i1, i2, j1, j2) of the best pairing, at most `band` off the diagonal."""
    n, m = len(before), len(after)
    best: BestPaths = {(0, 0): (0.0, 0, 0)}
    for i in range(n + 1):
        middle = i * m // n
        for j in range(max(0, middle - band), min(m, middle + band) + 1):
            if i or j:
                # On a tie what came stands last: a reader sees the old sentence before the new one.
                ways = _ways_to(best, before, after, i, j)
                best[i, j] = max(ways, key=lambda way: (way[0], way[2]), default=(-1.0, 0, 0))
    steps: list[tuple[int, int, int, int]] = []
    i, j = n, m
    while i or j:
        _, di, dj = best[i, j]
        steps.append((i - di, i, j - dj, j))
        i, j = i - di, j - dj
    return steps[::-1]


def _ways_to(
    best: BestPaths,
    before: list[list[str]],
    after: list[list[str]],
    i: int,
    j: int,
) -> list[tuple[float, int, int]]:
    """The ways to reach (i, j): leave one out, pair, merge two, split one."""
    ways: list[tuple[float, int, int]] = []
    if (i - 1, j) in best:
        ways.append((best[i - 1, j][0], 1, 0))
    if (i, j - 1) in best:
        ways.append((best[i, j - 1][0], 0, 1))
    joined = PAIRINGS if len(before) * len(after) <= MAX_TRIPLE_PAIRS else PAIRINGS[:3]
    for di, dj in joined:
        if (i - di, j - dj) in best:
            left = [word for words in before[i - di : i] for word in words]
            right = [word for words in after[j - dj : j] for word in words]
            share = Indel.normalized_similarity(left, right, score_cutoff=MIN_PAIR_SHARE)
            if share >= MIN_PAIR_SHARE:
                size = (len(left) + len(right)) / 2
                # A hair off for taking in a sentence, so that a plain pair wins a tie.
                ways.append((best[i - di, j - dj][0] + share * size - 0.01 * (di + dj), di, dj))
    return ways


def _join_replacements(
    pairs: list[SentenceMatch], old: list[str], new: list[str]
) -> list[SentenceMatch]:
    """A sentence that left and the one that came in its very place are one replacement."""
    joined: list[SentenceMatch] = []
    for match in pairs:
        last = joined[-1] if joined else None
        if last and _length(last.old) + _length(match.old) == 1 == _length(last.new) + _length(
            match.new
        ):
            replacement = SentenceMatch(
                (min(last.old[0], match.old[0]), max(last.old[1], match.old[1])),
                (min(last.new[0], match.new[0]), max(last.new[1], match.new[1])),
            )
            left, right = tokens(old[replacement.old[0]]), tokens(new[replacement.new[0]])
            if (
                len(pairs) == 2
                and Indel.normalized_similarity(left, right) >= MIN_REPLACEMENT_SHARE
            ):
                joined[-1] = replacement
                continue
        joined.append(match)
    return joined


def _unpaired(olds: Range, news: Range) -> list[SentenceMatch]:
    removed = [SentenceMatch((i, i + 1), (news[0], news[0])) for i in range(*olds)]
    return removed + [SentenceMatch((olds[1], olds[1]), (j, j + 1)) for j in range(*news)]


def _length(span: Range) -> int:
    return span[1] - span[0]


def _with_moves(
    matches: list[SentenceMatch], old: list[str], new: list[str]
) -> list[SentenceMatch]:
    """Pairs of one sentence gone here and come there become one moved match."""
    removed = [match for match in matches if not _length(match.new)]
    added = [match for match in matches if not _length(match.old)]
    if not removed or not added:
        return matches
    by_text = {
        old[match.old[0]]: match
        for match in removed
        if len(old[match.old[0]]) >= MIN_EXACT_MOVE_LENGTH
    }
    words = {
        text: tokens(text) for text in by_text if MIN_MOVE_LENGTH <= len(text) <= MAX_MOVE_LENGTH
    }
    if len(words) * len(added) > MAX_MOVE_PAIRS:
        words = {}
    used: set[SentenceMatch] = set()
    moved: dict[SentenceMatch, SentenceMatch] = {}
    for match in added:
        text = new[match.new[0]]
        source = by_text.get(text) or by_text.get(_closest_moved(text, words))
        if source and source not in used:
            used.add(source)
            moved[match] = SentenceMatch(source.old, match.new, moved=True)
    _move_neighbours(removed, added, used, moved, old, new)
    return [moved.get(match, match) for match in matches if match not in used]


def _move_neighbours(
    removed: list[SentenceMatch],
    added: list[SentenceMatch],
    used: set[SentenceMatch],
    moved: dict[SentenceMatch, SentenceMatch],
    old: list[str],
    new: list[str],
) -> None:
    """Sentences beside a moved one, in the same words or nearly, moved with it."""
    left = {match.old[0]: match for match in removed if match not in used}
    old_positions = {match.new[0]: match.old[0] for match in moved.values()}
    for match in [*added, *reversed(added)]:
        at = match.new[0]
        if match in moved:
            continue
        for step in (-1, 1):
            source = (
                left.get(old_positions[at + step] - step) if at + step in old_positions else None
            )
            if source and source not in used and _is_similar_neighbour(old[source.old[0]], new[at]):
                used.add(source)
                moved[match] = SentenceMatch(source.old, match.new, moved=True)
                old_positions[at] = source.old[0]
                break


def _is_similar_neighbour(one: str, other: str) -> bool:
    if one == other:
        return True
    if max(len(one), len(other)) > MAX_MOVE_LENGTH:
        return False
    return (
        Indel.normalized_similarity(tokens(one), tokens(other), score_cutoff=MIN_NEIGHBOUR_SHARE)
        >= MIN_NEIGHBOUR_SHARE
    )


def _closest_moved(text: str, others: dict[str, list[str]]) -> str:
    """The other text that is this one but for some words, or ""."""
    if not MIN_MOVE_LENGTH <= len(text) <= MAX_MOVE_LENGTH or not others:
        return ""
    words = tokens(text)
    shares = {
        other: Indel.normalized_similarity(words, others[other], score_cutoff=MIN_MOVE_SHARE)
        for other in others
    }
    best = max(shares, key=lambda other: shares[other])
    return best if shares[best] >= MIN_MOVE_SHARE else ""
