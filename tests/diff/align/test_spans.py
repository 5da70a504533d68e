"""What changed in a sentence: the smallest spans that read well."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.diff.align.spans import changed_spans

TEXTS = st.lists(
    st.sampled_from(
        ["12", "21", "three", "$1.2", "million", "billion", "not", "정부는", "정부가", "예산을", "예산도", "3천만", "원", "달러",
         "“", "”", "'", "well-known", "l'ancien", "中", "日", ",", ".", "-"]
    ),
    max_size=9,
).map(" ".join)  # fmt: skip

# old sentence, new sentence, spans as (old, new)
SPANS = {
    "a number": ("12 died.", "21 died.", [("12", "21")]),
    "two changes far apart": ("The old man saw a red house.", "The young man saw a blue house.", [("old", "young"), ("red", "blue")]),
    "a word added": ("He did go.", "He did not go.", [("", "not")]),
    "a word removed": ("He did not go.", "He did go.", [("not", "")]),
    "only white space": ("He  went.", "He went.", []),
    "a rewritten sentence": (
        "One two three four five six.", "Aa bbbb two cccc ddd five eee ff.",
        [("One two three four five six.", "Aa bbbb two cccc ddd five eee ff.")],
    ),
    "two changes that leave little": ("Aaaaaa of bbbbbbb", "Cccccccc of ddddddd", [("Aaaaaa", "Cccccccc"), ("bbbbbbb", "ddddddd")]),
    "particles of neighbours": ("정부는 예산을 늘렸다.", "정부가 예산도 늘렸다.", [("정부는", "정부가"), ("예산을", "예산도")]),
    "numbers beside each other": ("It ended 3 1 there.", "It ended 4 2 there.", [("3", "4"), ("1", "2")]),
    "neighbours of which one is another word": ("올해도 정부는 예산을 늘렸다.", "올해도 정부가 사업도 늘렸다.", [("정부는 예산을", "정부가 사업도")]),
    "more words than before": ("정부는 늘렸다.", "정부가 예산을 늘렸다.", [("정부는", "정부가 예산을")]),
    "first part of a compound": ("A well-known story.", "A little-known story.", [("well", "little")]),
    "last part of a compound": ("A well-known story.", "A well-liked story.", [("known", "liked")]),
    "marks in a compound": ("A well-known story.", "A well‐known story.", [("well-known", "well‐known")]),
    "a short part after an apostrophe": ("He's ill.", "He'd ill.", [("He's", "He'd")]),
    "a long part after an apostrophe": ("Chef de l'ancien parti.", "Chef de l'actuel parti.", [("ancien", "actuel")]),
    "a part after a hyphen that is no word": ("A well-… one.", "A well-! one.", [("…", "!")]),
    "a last word in common": ("They met the mayor of Paris.", "They met a mayor of Paris.", [("the", "a")]),
    "a spaced unit that stayed": ("It costs 12 million now.", "It costs 13 million now.", [("12 million", "13 million")]),
    "a spaced unit that changed": ("It costs 12 million now.", "It costs 12 billion now.", [("12 million", "12 billion")]),
    "a unit that became another word": ("It has 12 million now.", "It has 12 rooms now.", [("12 million", "12 rooms")]),
    "a unit without a number": ("Some million people came.", "Some billion people came.", [("million", "billion")]),
    "a long number before a unit": (
        "It costs $1,200,300,400.55 million now.", "It costs $1,200,300,400.55 billion now.",
        [("$1,200,300,400.55 million", "$1,200,300,400.55 billion")],
    ),
    "a unit far into the sentence": (
        "The council of the town said that it costs 12 million now.", "The council of the town said that it costs 12 billion now.",
        [("12 million", "12 billion")],
    ),
    "a unit after a number that was a word": (
        "It costs twelve million now.", "It costs 12 million now.", [("twelve", "12")],
    ),
    "another word after a number": ("It has 12 rooms now.", "It has 13 rooms now.", [("12", "13")]),
    "a number that was added": ("It costs million now.", "It costs 12 million now.", [("million", "12 million")]),
    "a Korean unit": ("매출이 3천만 원을 넘었다.", "매출이 4천만 원을 넘었다.", [("3천만 원", "4천만 원")]),
    "a number of several parts": ("새 항만에 2조 3000억 원이 든다.", "새 항만에 2조 원이 든다.", [("2조 3000억 원", "2조 원")]),
    "a fraction": ("주민의 3분의 1이 떠났다.", "주민의 4분의 1이 떠났다.", [("3분의 1", "4분의 1")]),
    "a score": ("They won 2-1 at home.", "They won 3-1 at home.", [("2-1", "3-1")]),
    "a day that is an ordinal": ("Er kam am 3. Mai an.", "Er kam am 13. Mai an.", [("3. Mai", "13. Mai")]),
    "a particle after a number": ("우리 팀이 4으로 졌다.", "우리 팀이 4로 졌다.", [("4으로", "4로")]),
    "a particle after a bracket": ("등대(남쪽)을 지났다.", "등대(남쪽)를 지났다.", [("등대(남쪽)을", "등대(남쪽)를")]),
    "a number with its particle": ("쌀 2000kg을 나눴다.", "쌀 20kg을 나눴다.", [("2000kg", "20kg")]),
    "an ending of a Japanese verb": ("市は便数を増やすと決めた。", "市は便数を減らすと決めた。", [("増やす", "減らす")]),
    "a kanji of a Japanese word": ("店主は客が黒い傘を見たと話す。", "店主は客が白い傘を見たと話す。", [("黒い", "白い")]),
    "a space that came": ("석달만에 문을 열었다.", "석 달 만에 문을 열었다.", [("석달만에", "석 달 만에")]),
    "a space beside a figure": ("배달3사가 만났다.", "배달 3사가 만났다.", [("배달3사가", "배달 3사가")]),
    "a space beside a mark": ("긴 장마…강가 물바다", "긴 장마… 강가 물바다", [("장마…강가", "장마… 강가")]),
    "one of two quotation marks": (
        "노조 '거목' 김다온 시인", "노조 '거목 김다온' 시인", [("'거목' 김다온", "'거목 김다온'")],
    ),
    "one of two brackets": ("[하루 한 장 새 책을 읽다", "[하루 한 장] 새 책을 읽다", [("[하루 한 장", "[하루 한 장]")]),
    "quotation marks": ("He was horrified by it.", "He was 'horrified' by it.", [("horrified", "'horrified'")]),
    "quotation marks around 80 characters": (
        f"He said {'that ' * 14}we all win now.", f"He said “{'that ' * 14}we all win” now.",
        [(f"{'that ' * 14}we all win", f"“{'that ' * 14}we all win”")],
    ),
    "quotation marks around 81 characters": (
        f"He said {'that ' * 14}you all win now.", f"He said “{'that ' * 14}you all win” now.",
        [("", "“"), ("", "”")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), SPANS.values(), ids=SPANS.keys())
def test_the_spans_of_a_changed_sentence_read_well(
    old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    assert [(span.old, span.new) for span in changed_spans(old, new)] == expected


@pytest.mark.parametrize(("old", "new", "expected"), SPANS.values(), ids=SPANS.keys())
def test_each_span_is_where_it_says(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    for span in changed_spans(old, new):
        assert new[span.at : span.at + len(span.new)] == span.new
        assert span.old in old


@given(TEXTS, TEXTS)
def test_spans_are_in_order_and_where_they_say(old: str, new: str) -> None:
    spans = changed_spans(old, new)
    assert all(new[span.at : span.at + len(span.new)] == span.new for span in spans)
    assert [span.at for span in spans] == sorted(span.at for span in spans)


@given(TEXTS, TEXTS)
def test_every_span_differs_and_is_text_of_both_sentences(old: str, new: str) -> None:
    for span in changed_spans(old, new):
        assert span.old != span.new
        assert span.old in old


@given(TEXTS, TEXTS)
def test_undoing_the_spans_gives_the_old_sentence(old: str, new: str) -> None:
    text = new
    for span in reversed(changed_spans(old, new)):
        text = text[: span.at] + span.old + text[span.at + len(span.new) :]
    assert "".join(text.split()) == "".join(old.split())


@given(TEXTS)
def test_a_sentence_has_no_changed_spans_to_itself(text: str) -> None:
    assert all(span.old == text for span in changed_spans(text, text))
    assert changed_spans(text, text.replace(" ", "  ")) == []
