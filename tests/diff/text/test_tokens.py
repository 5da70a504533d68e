"""Text becomes tokens."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.diff.align.spans import changed_spans
from storage.diff.kinds.rules import word_kind
from storage.diff.text.tokens import (
    shared_start,
    spaced_tokens,
    tokens,
)

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
    ("मंगलवार को।", ["मंगलवार", "को", "।"]),
    ("মঙ্গলবার", ["মঙ্গলবার"]),
    ("الثُّلاثاءِ", ["الثُّلاثاءِ"]),
    ("שָׁלוֹם", ["שָׁלוֹם"]),
    ("می\u200cخواهم", ["می\u200cخواهم"]),
    ("தமிழ்நாடு", ["தமிழ்நாடு"]),
    ("ที่รั", ["ที่", "รั"]),
    ("ให้เปิด", ["ให้", "เปิ", "ด"]),
    ("10⁶ litres", ["10⁶", "litres"]),
    ("10⁻³", ["10⁻³"]),
    ("5 m²", ["5", "m²"]),
    ("🏴\U000e0067\U000e0062\U000e007f!", ["🏴\U000e0067\U000e0062\U000e007f", "!"]),
    ("cafe\u0301s", ["cafe\u0301s"]),
    ("👨\u200d👩\u200d👧!", ["👨\u200d👩\u200d👧", "!"]),
    ("👍🏽❤\ufe0f", ["👍🏽", "❤\ufe0f"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), TOKENS, ids=[text for text, _ in TOKENS])
def test_a_text_is_cut_into_its_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_no_mark_of_a_living_script_is_cut_from_its_letter() -> None:
    """But for Thai and Burmese, whose syllable signs are tokens of their own."""
    marks = [chr(code) for code in range(0x300, 0x1C00) if unicodedata.category(chr(code)) in ("Mn", "Mc")]  # fmt: skip
    cut = [ord(mark) for mark in marks if len(tokens(f"x{mark}x")) > 1]
    assert [
        f"{code:x}" for code in cut if not (0xE00 <= code < 0xE80 or 0x1000 <= code < 0x10A0)
    ] == []


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


# Each unit that may follow a number in its token.
JOINED_UNITS = (
    "%포인트 퍼센트포인트 퍼센트 개월간 년간 주간 일간 시간 분기 달러 유로 위안 엔 원 명 개월 개국 개 년 월 일 시 분 초 배 차례 차 회 건 곳 대"
    " 세 살 위 호 층 가구 마리 채 톤 킬로미터 킬로그램 미터 포인트 年 月 日 時 时 分 秒 人 名 円 元 圆 韩元 美元 港元 歳 岁 個 个 件 倍 回 次"
    " 度 号 號 位 ドル ウォン ユーロ %p % ％ ‰ ℃ °C °F km/h kg km cm mm ml GW MW kW kB MB GB m² ㎡ ㎞ ㎝ ㎏ ° g l h ha a.m. pm AM ppm bn tn k K m M"
)


@pytest.mark.parametrize("unit", JOINED_UNITS.split(" "))
def test_a_unit_is_part_of_the_token_of_its_number(unit: str) -> None:
    assert tokens(f"a 12{unit}, b") == ["a", f"12{unit}", ",", "b"]


SPACED_UNITS = (
    "thousand,million,Billion,trillion,percent,per cent,percentage point,percentage points,Prozent,Millionen,Milliarden,millions,milliard"
    ",milliards,millones,mil millones,milhões,bilhões,miliardi,milioni,km,miles,tonnes,million euros,млрд,ملايين,करोड़ रुपये,원,달러,엔,유로,명,천만 원,억 달러,백만원,조 원"
)


@pytest.mark.parametrize("unit", SPACED_UNITS.split(","))
def test_the_span_of_a_number_takes_in_the_unit_after_it(unit: str) -> None:
    (span,) = changed_spans(f"It cost 12 {unit} then.", f"It cost 13 {unit} then.")
    assert (span.old, span.new) == (f"12 {unit}", f"13 {unit}")


@pytest.mark.parametrize("word", ["rooms", "millionaire", "원래", "위안", "천"])
def test_the_span_of_a_number_ends_before_another_word(word: str) -> None:
    (span,) = changed_spans(f"It cost 12 {word} then.", f"It cost 13 {word} then.")
    assert (span.old, span.new) == ("12", "13")


@pytest.mark.parametrize("sign", "-−–+±$€£¥₩")
def test_a_sign_before_a_digit_belongs_to_the_number(sign: str) -> None:
    kind = word_kind("", sign, old_sentence="up 5", new_sentence=f"up {sign}5", at=3)
    assert kind.name == "number"


@pytest.mark.parametrize("sign", "%‰+")
def test_a_sign_after_a_digit_belongs_to_the_number(sign: str) -> None:
    kind = word_kind("", sign, old_sentence="up 5 now", new_sentence=f"up 5{sign} now", at=4)
    assert kind.name == "number"


@pytest.mark.parametrize("sign", ["％", "*", "#", "km"])
def test_another_sign_beside_a_digit_is_not_one_of_the_number(sign: str) -> None:
    kind = word_kind("", sign, old_sentence="up 5 now", new_sentence=f"up 5{sign} now", at=4)
    assert kind.name != "number"
