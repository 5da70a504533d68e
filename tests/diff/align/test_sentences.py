"""Which sentences of two versions belong together."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.diff.align.sentences import match_sentences

COUNCIL = "The council met on Monday to discuss the new bridge over the river."
VOTE = "Twelve members voted for the plan and three voted against it."
SPRING = "The mayor said that work would begin in the spring of next year."
HARBOUR = "Nobody was hurt when the storm tore away a pier in the harbour."
SENTENCES = st.lists(
    st.sampled_from(
        [COUNCIL, VOTE, SPRING, HARBOUR, VOTE.replace("three", "four"), "Yes.", "He left."]
    ),
    max_size=8,
)

Expected = list[tuple[tuple[int, int], tuple[int, int], bool]]
# old sentences, new sentences, matches as (old, new, moved)
MATCHES: dict[str, tuple[list[str], list[str], Expected]] = {
    "edited": ([COUNCIL, VOTE], [COUNCIL, VOTE.replace("three", "four")], [((1, 2), (1, 2), False)]),
    "added": ([COUNCIL, SPRING], [COUNCIL, VOTE, SPRING], [((1, 1), (1, 2), False)]),
    "removed": ([COUNCIL, VOTE, SPRING], [COUNCIL, SPRING], [((1, 2), (1, 1), False)]),
    "replaced by a like one": (["The mayor left."], ["The council met."], [((0, 1), (0, 1), False)]),
    "replaced by an unlike one": ([COUNCIL], ["Rain fell."], [((0, 1), (0, 0), False), ((1, 1), (0, 1), False)]),
    "split": (
        ["He said that it was fine, and then he left the room.", SPRING.upper()],
        ["He said that it was fine.", "Then he left the room.", SPRING.upper() + "!"],
        [((0, 1), (0, 2), False), ((1, 2), (2, 3), False)],
    ),
    "merged": (
        ["He said that it was fine.", "Then he left the room.", SPRING.upper() + "!"],
        ["He said that it was fine, and then he left the room.", SPRING.upper()],
        [((0, 2), (0, 1), False), ((2, 3), (1, 2), False)],
    ),
    "three merged": (
        ["The storm hit the coast.", "It tore away a pier.", "It sank two boats."],
        ["The storm hit the coast, it tore away a pier, it sank two boats.", "Rain fell later."],
        [((0, 3), (0, 1), False), ((3, 3), (1, 2), False)],
    ),
    "split into three": (
        ["The storm hit the coast, it tore away a pier, it sank two boats.", "Rain fell later."],
        ["The storm hit the coast.", "It tore away a pier.", "It sank two boats."],
        [((0, 1), (0, 3), False), ((1, 2), (3, 3), False)],
    ),
    "moved down": ([COUNCIL, VOTE, SPRING], [VOTE, SPRING, COUNCIL], [((0, 1), (2, 3), True)]),
    "moved up": ([COUNCIL, VOTE, SPRING], [SPRING, COUNCIL, VOTE], [((2, 3), (0, 1), True)]),
    "moved and edited": (
        [COUNCIL, VOTE, SPRING], [VOTE, SPRING, COUNCIL.replace("Monday", "Tuesday")], [((0, 1), (2, 3), True)],
    ),
    "moved and rewritten": (
        [COUNCIL, VOTE, SPRING], [VOTE, SPRING, "The council met to discuss the old harbour, and a road."],
        [((0, 1), (0, 0), False), ((3, 3), (2, 3), False)],
    ),
    "too short to be moved": (
        ["Yes.", VOTE, SPRING], [VOTE, SPRING, "Yes."], [((0, 1), (0, 0), False), ((3, 3), (2, 3), False)],
    ),
    "long enough to be moved": (["Sure.", VOTE, SPRING], [VOTE, SPRING, "Sure."], [((0, 1), (2, 3), True)]),
    "short with the sentence before it": (
        [COUNCIL, "Yes.", VOTE, SPRING, HARBOUR], [VOTE, SPRING, HARBOUR, COUNCIL, "Yes."],
        [((0, 1), (3, 4), True), ((1, 2), (4, 5), True)],
    ),
    "short with the sentence after it": (
        ["Yes.", COUNCIL, VOTE, SPRING, HARBOUR], [VOTE, SPRING, HARBOUR, "Yes.", COUNCIL],
        [((0, 1), (3, 4), True), ((1, 2), (4, 5), True)],
    ),
    "two short ones with the sentence after them": (
        ["No.", "Yes.", COUNCIL, VOTE, SPRING, HARBOUR, "Why?"], [VOTE, SPRING, HARBOUR, "Why?", "No.", "Yes.", COUNCIL],
        [((0, 1), (4, 5), True), ((1, 2), (5, 6), True), ((2, 3), (6, 7), True)],
    ),
    "edited with the sentence before it": (
        [COUNCIL, "Rain fell.", VOTE, SPRING], [VOTE, SPRING, COUNCIL, "Rain came."],
        [((0, 1), (2, 3), True), ((1, 2), (3, 4), True)],
    ),
    "another one beside a moved sentence": (
        [COUNCIL, "Rain fell.", VOTE, SPRING], [VOTE, SPRING, COUNCIL, "He left!"],
        [((1, 2), (0, 0), False), ((0, 1), (2, 3), True), ((4, 4), (3, 4), False)],
    ),
    "removed once and added twice": (
        [COUNCIL, VOTE, SPRING, HARBOUR], [VOTE, SPRING, HARBOUR, COUNCIL, COUNCIL],
        [((0, 1), (3, 4), True), ((4, 4), (4, 5), False)],
    ),
    "a short sentence between unchanged ones": (
        [COUNCIL, "Yes.", VOTE, SPRING, HARBOUR], [COUNCIL, VOTE, SPRING, "Yes.", HARBOUR],
        [((1, 2), (1, 1), False), ((4, 4), (3, 4), False)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), MATCHES.values(), ids=MATCHES.keys())
def test_sentences_are_matched_as_a_reader_would(
    old: list[str], new: list[str], expected: Expected
) -> None:
    matches = match_sentences(old, new)
    assert [(match.old, match.new, match.moved) for match in matches] == expected


@given(SENTENCES, SENTENCES)
def test_each_sentence_is_in_one_match_or_unchanged(old: list[str], new: list[str]) -> None:
    matches = match_sentences(old, new)
    old_positions = list(chain(*(range(*match.old) for match in matches)))
    new_positions = list(chain(*(range(*match.new) for match in matches)))
    assert new_positions == sorted(set(new_positions))
    assert len(old_positions) == len(set(old_positions))
    assert [text for at, text in enumerate(old) if at not in old_positions] == [
        text for at, text in enumerate(new) if at not in new_positions
    ]


@given(SENTENCES)
def test_a_list_of_sentences_has_no_differences_to_itself(sentences: list[str]) -> None:
    assert match_sentences(sentences, sentences) == []


def test_a_lone_very_long_sentence_is_matched_unread() -> None:
    old, new = "one " * 15_000, "other " * 15_000
    assert [match.old for match in match_sentences([old], [new])] == [(0, 1)]
    assert len(match_sentences([old[:30_000]], [new[:30_000]])) == 2


def test_two_lone_sentences_of_too_many_words_are_not_compared() -> None:
    sentence = "a " * 6_000
    edited_sentence = f"b {sentence}"
    assert len(match_sentences([sentence], [edited_sentence])) == 2
    assert len(match_sentences([sentence[:8_000]], [edited_sentence[:8_000]])) == 1


def test_a_region_of_too_many_sentences_is_not_paired() -> None:
    def numbered(word: str, count: int) -> list[str]:
        return [f"Line {number} of the list has one {word}." for number in range(count)]

    assert {match.old[1] - match.old[0] for match in match_sentences(numbered("old", 4_001), numbered("new", 4_001))} == {0, 1}  # fmt: skip
    assert len(match_sentences(numbered("old", 40), numbered("new", 40))) == 40


def test_only_unchanged_sentences_move_among_very_many() -> None:
    old = [f"The {number} members of the council voted for the plan." for number in range(60)]
    new = [text.replace("plan", "bridge") for text in old]
    middle = [COUNCIL] * 300
    matches = match_sentences([*old, *middle], [*middle, *new])
    assert not [match for match in matches if match.moved]
    matches = match_sentences([*old, *middle], [*middle, *old])
    assert len([match for match in matches if match.moved]) == 60


def test_a_moved_sentence_of_many_characters_is_moved_only_if_unchanged() -> None:
    sentence = "word " * 2_001
    assert match_sentences([sentence, VOTE], [VOTE, sentence])[0].moved
    assert not any(
        match.moved for match in match_sentences([sentence, VOTE], [VOTE, f"A {sentence}"])
    )
