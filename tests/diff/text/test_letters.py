"""Looking for the lines of a text takes time in proportion to the text, or is refused."""

import pytest

from storage.diff.text.letters import MAX_SEARCHED_LETTERS, ScatteredError, SearchedText, letters_of

LINES = [f"The ferry of pier {number} left at noon." for number in range(1_000)]
TEXT = letters_of(" ".join(["A headline.", *LINES, "A footer."]))


@pytest.mark.parametrize("count", [250, 500, 1_000])
def test_lines_in_their_order_are_one_reading_of_the_text(count: int) -> None:
    text = SearchedText(TEXT)
    assert all(text.has(line) for line in LINES[:count])
    read = MAX_SEARCHED_LETTERS - text.left
    assert read <= len(TEXT) * count / len(LINES)


def test_a_line_before_the_last_one_is_found_as_well() -> None:
    text = SearchedText(TEXT)
    assert [text.has(line) for line in (LINES[9], LINES[3], LINES[3], "It sank.", LINES[4])] == [
        True, True, True, False, True,
    ]  # fmt: skip


def test_a_line_across_the_place_of_the_last_one_is_found() -> None:
    text = SearchedText(TEXT)
    assert text.has("of pier 500 left")
    assert text.has(" ".join(LINES[499:502]))


def test_lines_in_another_order_are_refused_once_too_much_was_read() -> None:
    text = SearchedText(TEXT, left=20 * len(TEXT))
    with pytest.raises(ScatteredError, match="takes too long"):
        list(map(text.has, reversed(LINES)))
