"""Text as a reader sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.diff.text.visible import MAX_CACHED_CHARACTERS, fold_typography, visible

TEXTS = st.text(
    st.sampled_from("ab 12.,가나中日“”\u200b\u00ad\n\u0301é²½…—"), max_size=40
) | st.text(max_size=40)


@given(TEXTS)
def test_visible_text_is_visible_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


VISIBLE = {
    "soft hyphen": ("co\u00adoperate", "cooperate"),
    "zero-width space": ("a\u200bb", "ab"),
    "byte order mark": ("\ufeffFire", "Fire"),
    "zero-width space before a combining mark": ("Cafe\u200b\u0301", "Café"),
    "joiner between Latin letters": ("a\u200db", "ab"),
    "joiner between Arabic letters": ("می\u200cخواهم", "می\u200cخواهم"),
    "joiner after an Arabic letter": ("می\u200c now", "می now"),
    "joiner before an Arabic letter": ("a\u200cخ", "aخ"),
    "joiner between emoji": ("👨\u200d👧", "👨\u200d👧"),
    "joiner after an emoji": ("👨\u200d and", "👨 and"),
    "decomposed letter": ("Cafe\u0301", "Café"),
    "white space": (" a \n\t b\u00a0c ", "a b c"),
    "white space of a text in ASCII": (" a \n b ", "a b"),
    "long run of combining marks": ("x" + "\u0316" * 40, "x" + "\u0316" * 30),
    "run of combining marks at the limit": ("x" + "\u0316" * 30, "x" + "\u0316" * 30),
}


@pytest.mark.parametrize(("text", "expected"), VISIBLE.values(), ids=VISIBLE.keys())
def test_visible_text_has_no_invisible_characters(text: str, expected: str) -> None:
    assert visible(text) == expected


@pytest.mark.parametrize("size", [MAX_CACHED_CHARACTERS - 2, MAX_CACHED_CHARACTERS + 2])
def test_a_long_text_is_as_visible_as_a_short_one(size: int) -> None:
    assert visible("é\u00ad" + "x" * size) == "é" + "x" * size


SAME_BUT_FOR_TYPOGRAPHY = [
    ("“Yes”", '"Yes"'),
    ("‘Yes’", '"Yes"'),
    ("«Oui»", "„Oui“"),
    ("9 – 5", "9-5"),
    ("a -- b", "a-b"),
    ("Wait…", "Wait..."),
    ("관계·부처", "관계ㆍ부처"),
    ("3〜4", "3~4"),
    ("ｆｉｒｅ", "fire"),
]
DIFFERENT = [
    ("10²", "102"),
    ("½", "12"),
    ("H₂O", "H2O"),
    ("a.b", "ab"),
    ("Fire", "fire"),
    ("x²", "x³"),
]


@pytest.mark.parametrize(("one", "other"), SAME_BUT_FOR_TYPOGRAPHY)
def test_typographic_variants_fold_to_one_text(one: str, other: str) -> None:
    assert fold_typography(one) == fold_typography(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_texts_fold_to_different_texts(one: str, other: str) -> None:
    assert fold_typography(one) != fold_typography(other)
