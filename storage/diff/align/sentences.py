"""Which sentences of two versions belong together: edited, split, merged, moved."""

from collections.abc import Iterable
from dataclasses import dataclass

from storage.diff.align.moves import in_place
from storage.diff.align.pairing import MAX_WORD_PAIRS, best_pairing
from storage.diff.align.similarity import (
    MIN_MOVE_SHARE,
    MIN_NEIGHBOUR_SHARE,
    MIN_REPLACEMENT_SHARE,
    are_similar,
    most_similar,
    similarity,
)
from storage.diff.align.words import align
from storage.diff.text.terms import terms
from storage.diff.text.tokens import tokens

# In a region of more sentences than this, none are paired.
MAX_REGION_SENTENCES = 8_000
# Two sentences with more characters than this in one place are one edited sentence, unread.
MAX_SENTENCE_CHARACTERS = 100_000
# A sentence that was edited as it moved is recognised within these lengths …
MIN_MOVE_CHARACTERS, MAX_MOVE_CHARACTERS = 20, 10_000
# … an unchanged one from this length on.
MIN_EXACT_MOVE_CHARACTERS = 5
# Above this many pairs of a removed and an added sentence, only unchanged ones are recognised.
MAX_MOVE_PAIRS = 2_500

# A sentence in the place of another tells the same if they share this many terms and this part of the fewer ones.
MIN_COMMON_TERMS, MIN_TERM_SHARE = 2, 0.4

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SentenceMatch:
    """The old sentences from `old[0]` to `old[1]` became the new ones of `new`.

    Either range may be empty: then the sentences were added or removed.
    """

    old: Range
    new: Range
    moved: bool = False


# Each added match that moved, with the removed match of the same sentence.
MovedMatches = dict[SentenceMatch, SentenceMatch]


def match_sentences(old: list[str], new: list[str]) -> list[SentenceMatch]:
    """Every difference between two lists of sentences, in the order of the new list.

    Unchanged sentences are not listed. A match of one sentence to two is a split, of two to one
    a merge. A moved sentence is one match with `moved` set, whether or not it was edited too.

    >>> match_sentences(["It rained.", "He left."], ["He left.", "It rained."])
    [SentenceMatch(old=(1, 2), new=(0, 1), moved=True)]
    """
    matches: list[SentenceMatch] = []
    for op, i1, i2, j1, j2 in align(old, new):
        if op == "replace":
            matches += _match_region(old, new, (i1, i2), (j1, j2))
        elif op != "equal":
            matches += _unpaired((i1, i2), (j1, j2))
    return _with_moves(matches, old, new)


def _match_region(old: list[str], new: list[str], olds: Range, news: Range) -> list[SentenceMatch]:
    """The matches of a region in which no sentence stayed as it was."""
    n, m = _length(olds), _length(news)
    if n == m == 1:
        return _match_lone(old[olds[0]], new[news[0]], olds, news)
    if n + m > MAX_REGION_SENTENCES:
        return _unpaired(olds, news)
    before = [tokens(text) for text in old[slice(*olds)]]
    after = [tokens(text) for text in new[slice(*news)]]
    steps = best_pairing(before, after)
    if steps is None:
        return _unpaired(olds, news)
    return _with_rewritten(
        [
            SentenceMatch((olds[0] + i1, olds[0] + i2), (news[0] + j1, news[0] + j2))
            for i1, i2, j1, j2 in steps
        ],
        old,
        new,
    )


def _with_rewritten(
    matches: list[SentenceMatch], old: list[str], new: list[str]
) -> list[SentenceMatch]:
    """The matches, with a removed sentence and the added one in its place joined if they share their terms."""
    joined: list[SentenceMatch] = []
    for match in matches:
        last = joined[-1] if joined else None
        if (
            last
            and not _length(last.new)
            and not _length(match.old)
            and _is_rewritten(old[last.old[0]], new[match.new[0]])
        ):
            joined[-1] = SentenceMatch(last.old, match.new)
        else:
            joined.append(match)
    return joined


def _is_rewritten(one: str, other: str) -> bool:
    """Whether two sentences tell the same: they share names and other long words."""
    terms_before, terms_after = terms(one), terms(other)
    common = len(terms_before & terms_after)
    return common >= MIN_COMMON_TERMS and common >= MIN_TERM_SHARE * min(
        len(terms_before), len(terms_after)
    )


def _match_lone(one: str, other: str, olds: Range, news: Range) -> list[SentenceMatch]:
    """A lone sentence was edited, or another sentence came in its place."""
    if len(one) + len(other) > MAX_SENTENCE_CHARACTERS:
        return [SentenceMatch(olds, news)]
    left, right = tokens(one), tokens(other)
    if len(left) * len(right) > MAX_WORD_PAIRS:
        return _unpaired(olds, news)
    if similarity(left, right, at_least=MIN_REPLACEMENT_SHARE) >= MIN_REPLACEMENT_SHARE:
        return [SentenceMatch(olds, news)]
    return _unpaired(olds, news)


def _unpaired(olds: Range, news: Range) -> list[SentenceMatch]:
    """Every old sentence removed and every new one added."""
    removed = [SentenceMatch((i, i + 1), (news[0], news[0])) for i in range(*olds)]
    return removed + [SentenceMatch((olds[1], olds[1]), (j, j + 1)) for j in range(*news)]


def _length(span: Range) -> int:
    return span[1] - span[0]


def _with_moves(
    matches: list[SentenceMatch], old: list[str], new: list[str]
) -> list[SentenceMatch]:
    """The matches, with one moved match for each sentence that was removed here and added there."""
    removed = [match for match in matches if not _length(match.new)]
    added = [match for match in matches if not _length(match.old)]
    if not removed or not added:
        return matches
    moved = _moved_matches(removed, added, old, new)
    moved |= _moved_neighbours(moved, removed, added, old, new)
    sources = set(moved.values())
    if not moved:
        return matches
    found = [
        SentenceMatch(moved[match].old, match.new, moved=True) if match in moved else match
        for match in matches
        if match not in sources
    ]
    return _lighter_moved(found, old, new)


def _lighter_moved(
    matches: list[SentenceMatch], old: list[str], new: list[str]
) -> list[SentenceMatch]:
    """The matches, so that of sentences that passed each other those with less text moved."""
    pairs = [match for match in matches if _length(match.old) and _length(match.new)]
    pairs += _unchanged(matches, len(old), len(new))
    # On a tie what was in place stays.
    weights = [len(new[pair.new[0]]) + 0.5 * (not pair.moved) for pair in pairs]
    kept = in_place(
        [(p.old[0], p.new[0], weight) for p, weight in zip(pairs, weights, strict=True)]
    )
    placed = [
        SentenceMatch(pair.old, pair.new, moved=number not in kept)
        for number, pair in enumerate(pairs)
        if number not in kept or old[slice(*pair.old)] != new[slice(*pair.new)]
    ]
    lone = [match for match in matches if not (_length(match.old) and _length(match.new))]
    return sorted(lone + placed, key=lambda match: (match.new, match.old))


def _unchanged(matches: list[SentenceMatch], olds: int, news: int) -> list[SentenceMatch]:
    """The sentences that are in no match: each is the same in both versions, and in order."""
    before = {at for match in matches for at in range(*match.old)}
    after = {at for match in matches for at in range(*match.new)}
    left = [at for at in range(olds) if at not in before]
    right = [at for at in range(news) if at not in after]
    return [SentenceMatch((i, i + 1), (j, j + 1)) for i, j in zip(left, right, strict=True)]


def _moved_matches(
    removed: Iterable[SentenceMatch], added: list[SentenceMatch], old: list[str], new: list[str]
) -> MovedMatches:
    """The added sentences that are removed ones, in the same words or nearly."""
    removed_by_text = {
        old[match.old[0]]: match
        for match in removed
        if len(old[match.old[0]]) >= MIN_EXACT_MOVE_CHARACTERS
    }
    words = {text: tokens(text) for text in removed_by_text if _can_move_edited(text)}
    if len(words) * len(added) > MAX_MOVE_PAIRS:
        words = {}
    moved: MovedMatches = {}
    used: set[SentenceMatch] = set()
    for match in added:
        text = new[match.new[0]]
        source = removed_by_text.get(text)
        if source is None and _can_move_edited(text):
            closest = most_similar(text, words, at_least=MIN_MOVE_SHARE)
            source = removed_by_text[closest] if closest else None
        if source and source not in used:
            used.add(source)
            moved[match] = source
    return moved


def _can_move_edited(text: str) -> bool:
    return MIN_MOVE_CHARACTERS <= len(text) <= MAX_MOVE_CHARACTERS


def _moved_neighbours(
    moved: MovedMatches,
    removed: Iterable[SentenceMatch],
    added: list[SentenceMatch],
    old: list[str],
    new: list[str],
) -> MovedMatches:
    """The added sentences that moved with a neighbour: each is beside it in both versions."""
    sources = set(moved.values())
    unused = {match.old[0]: match for match in removed if match not in sources}
    old_positions = {match.new[0]: source.old[0] for match, source in moved.items()}
    neighbours: MovedMatches = {}
    for match in [*added, *reversed(added)]:
        at = match.new[0]
        if at in old_positions:
            continue
        beside = [old_positions[at + step] - step for step in (-1, 1) if at + step in old_positions]
        for position in beside:
            if position in unused and _is_similar_neighbour(old[position], new[at]):
                neighbours[match] = unused.pop(position)
                old_positions[at] = position
                break
    return neighbours


def _is_similar_neighbour(one: str, other: str) -> bool:
    return are_similar(one, other, at_least=MIN_NEIGHBOUR_SHARE, max_characters=MAX_MOVE_CHARACTERS)
