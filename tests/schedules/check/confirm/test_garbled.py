"""Letters that were spoiled on the way are told from letters that somebody changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.check.confirm.garbled import is_garbled
from scraper.article import Article

TEXTS = {
    "German": "Die Bäche führen längst kein Wasser mehr, sagte Jörg Müller.",
    "Korean": "마을 회관에서 열린 회의는 3시간 만에 끝났다.",
    "Japanese": "会議は三時間で終わり、結論は出なかった。",
    "Polish": "Rzeka wylała już po raz drugi, mówią mieszkańcy łąk.",
    "English": "“Nobody asked us,” she said – it wasn’t the first time.",
}


def article(*paragraphs: str) -> Article:
    return Article("https://example.org/a", "Water", paragraphs=paragraphs)


def read_as_latin(text: str) -> str:
    return text.encode().decode("cp1252", "replace")


def with_question_marks(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def with_replacement_signs(text: str) -> str:
    return text.encode("cp1252", "replace").decode("utf-8", "replace")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("spoil", [read_as_latin, with_question_marks, with_replacement_signs])
def test_a_text_in_a_wrong_encoding_is_garbled(text: str, spoil: type[str]) -> None:
    assert is_garbled(article("All quiet.", text), article("All quiet.", spoil(text)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Das sagte Jorg Muller am Montag.", "Das sagte Jörg Müller am Montag."),
        ("Das sagte Jörg Müller am Montag.", "Das sagte Joerg Mueller am Montag."),
        ("Das sagte Jörg Müller am Montag.", "Das sagte Jörg Möller am Montag."),
        ("회의는 3시간 만에 끝났다.", "회의는 3시간 만에 아무런 합의도 없이 끝나고 말았다고 참석자들이 전했다."),
        ("He called it “a mess”.", "He called it a mess."),
        ("Will the “mess” end – and when.", "Will the mess end and when?"),
    ],
)  # fmt: skip
def test_a_text_that_somebody_changed_is_not_garbled(old: str, new: str) -> None:
    assert not is_garbled(article("All quiet.", old), article("All quiet.", new))


def test_a_few_spoiled_letters_beside_a_new_text_are_no_reason_to_wait() -> None:
    news = "The council met for three hours and decided nothing. " * 3
    assert not is_garbled(article(TEXTS["German"]), article(read_as_latin(TEXTS["German"]), news))


@given(st.text(min_size=1))
def test_a_text_is_never_garbled_by_itself(text: str) -> None:
    assert not is_garbled(article(text), article(text))
