"""Text becomes tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.diff.text.tokens import shared_start, spaced_tokens, tokens

TEXTS = st.text(
    st.sampled_from("ab 12.,가나中日“”\u200b\u00ad\n\u0301é²½…—"), max_size=40
) | st.text(max_size=40)


TOKENS = [
    ("$1,200.50", ["$1,200.50"]),
    ("1 200 300 people", ["1 200 300", "people"]),
    ("1 2000", ["1", "2000"]),
    ("3천만 원", ["3천만", "원"]),
    ("12km/h", ["12km/h"]),
    ("12kmh", ["12km", "h"]),
    ("5pm", ["5pm"]),
    ("5 pm", ["5", "pm"]),
    ("20g", ["20g"]),
    ("20gm", ["20", "gm"]),
    ("3%p", ["3%p"]),
    ("1조9150억원이", ["1조9150억원", "이"]),
    ("100여명", ["100여명"]),
    ("don't", ["don't"]),
    ("well-known", ["well-known"]),
    ("Wait...", ["Wait", "..."]),
    ("ラーメン屋", ["ラーメン", "屋"]),
    ("🇰🇷🇯🇵", ["🇰🇷", "🇯🇵"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), TOKENS, ids=[text for text, _ in TOKENS])
def test_a_text_is_cut_into_its_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(TEXTS)
def test_tokens_and_their_spaces_give_the_text_back(text: str) -> None:
    pairs = spaced_tokens(text)
    assert "".join(word + space for word, space in pairs) == text
    assert [word for word, _ in pairs if word] == tokens(text)


@given(TEXTS, TEXTS)
def test_the_shared_start_is_the_longest_one(one: str, other: str) -> None:
    size = shared_start(one, other)
    assert one[:size] == other[:size]
    assert size == min(len(one), len(other)) or one[size] != other[size]
