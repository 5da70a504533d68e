"""Where a sentence ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.diff.text.sentences import sentences

TEXTS = st.text(
    st.sampled_from("ab 12.,가나中日“”\u200b\u00ad\n\u0301é²½…—"), max_size=40
) | st.text(max_size=40)


SENTENCES = {
    "question and exclamation": ("Why? Because! Yes.", ["Why?", "Because!", "Yes."]),
    "no full stop at the end": ("He left. She", ["He left.", "She"]),
    "abbreviation": (
        "Mr. Kim met Ms. Lee and Dr. Roe. They left.",
        ["Mr. Kim met Ms. Lee and Dr. Roe.", "They left."],
    ),
    "initials": ("J. R. Hale spoke. He left.", ["J. R. Hale spoke.", "He left."]),
    "abbreviation far back": (
        "Mr. Kim said that the bridge over the river was closed. He left.",
        ["Mr. Kim said that the bridge over the river was closed.", "He left."],
    ),
    "small letter after it": ("He left. and came.", ["He left. and came."]),
    "closing marks": ("He said “Go.” She went.", ["He said “Go.”", "She went."]),
    "decimal": ("It rose 3.5 percent. Then it fell.", ["It rose 3.5 percent.", "Then it fell."]),
    "Chinese": ("他走了。她来了！", ["他走了。", "她来了！"]),
    "Arabic": ("هل جاء؟ نعم.", ["هل جاء؟", "نعم."]),
    "Hindi": ("वह गया। वह आई।", ["वह गया।", "वह आई।"]),
    "only space": ("  ", []),
    "space around": (" He left. ", ["He left."]),
}


@pytest.mark.parametrize(("text", "expected"), SENTENCES.values(), ids=SENTENCES.keys())
def test_a_paragraph_is_cut_into_its_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(TEXTS)
def test_sentences_keep_every_character_but_white_space(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(TEXTS)
def test_sentences_begin_and_end_with_no_space(text: str) -> None:
    assert all(sentence and sentence == sentence.strip() for sentence in sentences(text.strip()))
