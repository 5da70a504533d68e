"""What counts as a unit."""

import pytest

from storage.diff.text.units import NUMBER_SIGNS, SPACED_UNIT


@pytest.mark.parametrize(
    "text",
    [
        " million",
        " Million",
        " per cent",
        " percent",
        " Milliarden",
        " 원",
        " 천만 원",
        " 억 달러",
        " 명",
    ],
)
def test_a_unit_may_be_a_word_of_its_own(text: str) -> None:
    assert SPACED_UNIT.fullmatch(text)


@pytest.mark.parametrize("text", ["million", " km", " millionaire", " 원래", " 위안"])
def test_another_word_after_a_number_is_no_unit(text: str) -> None:
    assert not SPACED_UNIT.match(text)


def test_a_sign_beside_a_digit_is_one_character() -> None:
    assert {"-", "−", "+", "$", "€", "%", "‰"} <= NUMBER_SIGNS
    assert all(len(sign) == 1 for sign in NUMBER_SIGNS)
