"""Which sentences of two versions belong together: kept, changed, split, merged, moved."""

from dataclasses import dataclass

from rapidfuzz.distance import Indel

from storage.diff.align.words import align
from storage.diff.text.tokens import tokens

# Two sentences are one changed sentence where at least this share of their words is common.
# Unrelated sentences of one language share 0.1 to 0.3.
SAME = 0.4
# A lone sentence in the place of another is its replacement already at this share.
SAME_PLACE = 0.2
# A sentence found elsewhere counts as moved at this share, and from this length in characters.
MOVED = 0.8
MOVED_LENGTH, LONGEST_MOVE = 20, 10_000
# The same words count from this length on, a sentence beside a moved one at this share.
SAME_LENGTH, BESIDE = 5, 0.5
# Above this many words to be read for it, only equal sentences of a changed stretch are matched.
MAX_WORK = 1_000_000
# … and near the diagonal only, where that leaves at least so many sentences on each side.
MIN_BAND = 4
# Above so many sentences, or so many pairs of words per sentence, none are.
MAX_SENTENCES, MAX_PAIRS = 8_000, 20_000_000
# Sentences that may be one sentence of the other version: a pair, a merge, a split.
# (of three only where there are few pairs in all).
MANY = 1_000
JOINED = ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3))
# Two sentences of more characters than this in one place are taken for one, unread.
MAX_CHARACTERS = 100_000
# Above this many pairs of sentences gone and come, only unchanged ones are seen to have moved.
MAX_MOVES = 2_500

Range = tuple[int, int]
# By (sentences of the old, of the new) so far: the words shared, and the last step.
Best = dict[tuple[int, int], tuple[float, int, int]]


@dataclass(frozen=True, slots=True)
class Match:
    """Sentences `old` (from, to) stand now as sentences `new`; either may be empty."""

    old: Range
    new: Range
    moved: bool = False


def match_sentences(old: list[str], new: list[str]) -> list[Match]:
    """Every changed place of two lists of sentences, in the order of the new one.

    Unchanged sentences are not listed. A match of one to two is a split, of two to one
    a merge; moved sentences are matches with `moved` set, whether or not they changed.
    """
    matches: list[Match] = []
    for op, i1, i2, j1, j2 in align(old, new):
        if op == "replace":
            matches += _match_region(old, new, (i1, i2), (j1, j2))
        elif op != "equal":
            matches += [Match((i, i + 1), (j1, j1)) for i in range(i1, i2)]
            matches += [Match((i1, i1), (j, j + 1)) for j in range(j1, j2)]
    return _with_moves(matches, old, new)


def _match_region(old: list[str], new: list[str], olds: Range, news: Range) -> list[Match]:
    """The best monotone pairing of one changed stretch, by dynamic programming.

    In a long stretch only pairs near the diagonal are tried.
    """
    n, m = olds[1] - olds[0], news[1] - news[0]
    if n == m == 1 and len(old[olds[0]]) + len(new[news[0]]) > MAX_CHARACTERS:
        return [Match(olds, news)]
    if n + m > MAX_SENTENCES:
        return _unmatched(olds, news)
    before = [tokens(text) for text in old[olds[0] : olds[1]]]
    after = [tokens(text) for text in new[news[0] : news[1]]]
    words = sum(map(len, before)), sum(map(len, after))
    band = max(n, m) * MAX_WORK // (m * words[0] + n * words[1])
    # From one row to the next the diagonal moves by m / n: less, and no way would lead along it.
    if words[0] * words[1] > MAX_PAIRS * max(n, m) or band < MIN_BAND + m // n:
        return _unmatched(olds, news)
    found = [
        Match((olds[0] + i1, olds[0] + i2), (news[0] + j1, news[0] + j2))
        for i1, i2, j1, j2 in _best_way(before, after, band)
    ]
    return _in_place(found, old, new)


def _best_way(
    before: list[list[str]], after: list[list[str]], band: int
) -> list[tuple[int, int, int, int]]:
    """The steps (i1, i2, j1, j2) of the best pairing, at most `band` off the diagonal."""
    n, m = len(before), len(after)
    best: Best = {(0, 0): (0.0, 0, 0)}
    for i in range(n + 1):
        middle = i * m // n
        for j in range(max(0, middle - band), min(m, middle + band) + 1):
            if i or j:
                # On a tie what came stands last: a reader sees the old sentence before the new one.
                ways = _steps(best, before, after, i, j)
                best[i, j] = max(ways, key=lambda way: (way[0], way[2]), default=(-1.0, 0, 0))
    steps: list[tuple[int, int, int, int]] = []
    i, j = n, m
    while i or j:
        _, di, dj = best[i, j]
        steps.append((i - di, i, j - dj, j))
        i, j = i - di, j - dj
    return steps[::-1]


def _steps(
    best: Best,
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
    joined = JOINED if len(before) * len(after) <= MANY else JOINED[:3]
    for di, dj in joined:
        if (i - di, j - dj) in best:
            left = [word for words in before[i - di : i] for word in words]
            right = [word for words in after[j - dj : j] for word in words]
            share = Indel.normalized_similarity(left, right, score_cutoff=SAME)
            if share >= SAME:
                size = (len(left) + len(right)) / 2
                # A hair off for taking in a sentence, so that a plain pair wins a tie.
                ways.append((best[i - di, j - dj][0] + share * size - 0.01 * (di + dj), di, dj))
    return ways


def _in_place(found: list[Match], old: list[str], new: list[str]) -> list[Match]:
    """A sentence that left and the one that came in its very place are one replacement."""
    joined: list[Match] = []
    for match in found:
        last = joined[-1] if joined else None
        if last and _size(last.old) + _size(match.old) == 1 == _size(last.new) + _size(match.new):
            whole = Match(
                (min(last.old[0], match.old[0]), max(last.old[1], match.old[1])),
                (min(last.new[0], match.new[0]), max(last.new[1], match.new[1])),
            )
            left, right = tokens(old[whole.old[0]]), tokens(new[whole.new[0]])
            if len(found) == 2 and Indel.normalized_similarity(left, right) >= SAME_PLACE:
                joined[-1] = whole
                continue
        joined.append(match)
    return joined


def _unmatched(olds: Range, news: Range) -> list[Match]:
    gone = [Match((i, i + 1), (news[0], news[0])) for i in range(*olds)]
    return gone + [Match((olds[1], olds[1]), (j, j + 1)) for j in range(*news)]


def _size(span: Range) -> int:
    return span[1] - span[0]


def _with_moves(matches: list[Match], old: list[str], new: list[str]) -> list[Match]:
    """Pairs of one sentence gone here and come there become one moved match."""
    gone = [match for match in matches if not _size(match.new)]
    come = [match for match in matches if not _size(match.old)]
    if not gone or not come:
        return matches
    by_text = {old[match.old[0]]: match for match in gone if len(old[match.old[0]]) >= SAME_LENGTH}
    words = {text: tokens(text) for text in by_text if MOVED_LENGTH <= len(text) <= LONGEST_MOVE}
    if len(words) * len(come) > MAX_MOVES:
        words = {}
    used: set[Match] = set()
    moved: dict[Match, Match] = {}
    for match in come:
        text = new[match.new[0]]
        source = by_text.get(text) or by_text.get(_most_like(text, words))
        if source and source not in used:
            used.add(source)
            moved[match] = Match(source.old, match.new, moved=True)
    _take_along(gone, come, used, moved, old, new)
    return [moved.get(match, match) for match in matches if match not in used]


def _take_along(
    gone: list[Match],
    come: list[Match],
    used: set[Match],
    moved: dict[Match, Match],
    old: list[str],
    new: list[str],
) -> None:
    """Sentences beside a moved one, in the same words or nearly, moved with it."""
    left = {match.old[0]: match for match in gone if match not in used}
    places = {match.new[0]: match.old[0] for match in moved.values()}
    for match in [*come, *reversed(come)]:
        at = match.new[0]
        if match in moved:
            continue
        for step in (-1, 1):
            source = left.get(places[at + step] - step) if at + step in places else None
            if source and source not in used and _is_like(old[source.old[0]], new[at]):
                used.add(source)
                moved[match] = Match(source.old, match.new, moved=True)
                places[at] = source.old[0]
                break


def _is_like(one: str, other: str) -> bool:
    if one == other:
        return True
    if max(len(one), len(other)) > LONGEST_MOVE:
        return False
    return Indel.normalized_similarity(tokens(one), tokens(other), score_cutoff=BESIDE) >= BESIDE


def _most_like(text: str, others: dict[str, list[str]]) -> str:
    """The other text that is this one but for some words, or ""."""
    if not MOVED_LENGTH <= len(text) <= LONGEST_MOVE or not others:
        return ""
    words = tokens(text)
    shares = {
        other: Indel.normalized_similarity(words, others[other], score_cutoff=MOVED)
        for other in others
    }
    best = max(shares, key=lambda other: shares[other])
    return best if shares[best] >= MOVED else ""
