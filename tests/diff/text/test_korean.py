"""What is the stem of a Korean word."""

import pytest

from storage.diff.text.korean import shared_stem

STEMS = [
    ("중국이", "중국은", 2),
    ("정부가", "정부", 2),
    ("정부", "정부가", 2),
    ("서울에서", "서울에서도", 4),
    ("서울처럼", "서울까지", 2),
    ("나", "나는", 0),
    ("그가", "그는", 1),
    ("있다", "없다", 0),
    ("이", "은", 0),
    ("중국", "중국", 0),
    ("the", "they", 0),
    ("중국이", "China", 0),
    ("중국이", "중국사", 0),
]


@pytest.mark.parametrize(("old", "new", "expected"), STEMS)
def test_the_stem_of_a_korean_word_ends_before_its_particle(
    old: str, new: str, expected: int
) -> None:
    assert shared_stem(old, new) == expected
