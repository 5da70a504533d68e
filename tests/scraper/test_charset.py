"""Bytes in the charsets that news pages are really in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.http.charset import decode

KOREAN = "정부는 오늘 서울에서 열린 회의에서 새로운 정책을 발표했다고 밝혔다. 똠방각하도 왔다."
JAPANESE = "市は今日、東京で開かれた会議で新しい計画を発表したと明らかにした。①号線も含まれる。"
SIMPLIFIED = "市政府今天在会议上宣布了新的计划，他们说这个项目会在年内完成，大家都来了。"
TRADITIONAL = "市政府今天在會議上宣布了新的計劃，他們說這個項目會在年內完成，大家都來了。"
THAI = "สภาท่าเรือปิดสะพานเก่าตั้งแต่วันจันทร์ เพราะวิศวกรพบรอยร้าวที่เสาสองต้น"
RUSSIAN = "Мэр сообщил, что мост через реку закрыли на двенадцать дней из-за трещин в опоре."
GREEK = "Ο δήμος έκλεισε τη γέφυρα για δώδεκα ημέρες μετά τις ρωγμές στον πύργο."
HEBREW = "העירייה סגרה את הגשר לשנים עשר ימים לאחר שנמצאו סדקים בעמודים."
ARABIC = "أغلقت البلدية الجسر اثني عشر يوما بعد العثور على شقوق في الأعمدة."
GERMAN = "Die Straße über die Brücke wurde für zwölf Tage gesperrt, hieß es."

CASES = [
    ("cp949 called euc-kr", KOREAN, "cp949", "euc-kr", None),
    ("cp949 without a word", KOREAN, "cp949", None, None),
    ("cp949 called latin-1", KOREAN, "cp949", None, "text/html; charset=iso-8859-1"),
    ("cp949 called utf-8", KOREAN, "cp949", "utf-8", None),
    ("utf-8 called euc-kr", KOREAN, "utf-8", "euc-kr", None),
    ("shift_jis", JAPANESE, "cp932", "Shift_JIS", None),
    ("shift_jis without a word", JAPANESE, "cp932", None, None),
    ("euc-jp", JAPANESE.replace("①", "一"), "euc_jp", "euc-jp", None),
    ("iso-2022-jp", JAPANESE.replace("①", "一"), "iso2022_jp", "iso-2022-jp", None),
    ("gb18030 called gb2312", SIMPLIFIED, "gb18030", "gb2312", None),
    ("gb18030 without a word", SIMPLIFIED, "gb18030", None, None),
    ("big5", TRADITIONAL, "big5", "big5", None),
    ("big5 called gbk", TRADITIONAL, "big5", "gbk", None),
    (
        "big5 of few common words called gb2312",
        "霧埔戲院擬拆除，文史協會發起連署；議員籲保存舊建築。" * 3,
        "big5",
        "gb2312",
        None,
    ),
    ("windows-1252 called latin-1", GERMAN, "cp1252", "iso-8859-1", None),
    ("windows-874", THAI, "cp874", "windows-874", None),
    ("windows-874 called tis-620", THAI, "cp874", "TIS-620", None),
    ("windows-874 called iso-8859-11", THAI, "cp874", "iso-8859-11", None),
    (
        "windows-874 called latin-1 by the server",
        THAI,
        "cp874",
        "tis-620",
        "text/html; charset=iso-8859-1",
    ),
    ("cp949 called windows-1251", KOREAN, "cp949", "windows-1251", None),
    ("gb18030 called koi8-r", SIMPLIFIED, "gb18030", "koi8-r", None),
    ("windows-1251", RUSSIAN, "cp1251", "x-cp1251", None),
    ("koi8-u called koi", RUSSIAN, "koi8-r", "koi", None),
    ("iso-8859-5", RUSSIAN, "iso8859-5", "iso88595", None),
    ("windows-1253", GREEK, "cp1253", "x-cp1253", None),
    ("iso-8859-8-i", HEBREW, "iso8859-8", "iso-8859-8-i", None),
    ("windows-1256", ARABIC, "cp1256", "x-cp1256", None),
    ("utf-16 with a mark", GERMAN, "utf-16", None, None),
    ("utf-16 without a mark", GERMAN, "utf-16-le", None, None),
    ("utf-8 with a mark", KOREAN, "utf-8-sig", "euc-kr", None),
]


@pytest.mark.parametrize(
    ("text", "charset", "meta", "header"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_page_is_decoded_in_its_actual_charset(
    text: str, charset: str, meta: str | None, header: str | None
) -> None:
    meta_tag = f'<meta charset="{meta}">' if meta else ""
    page = f"<html><head><!-- {'x' * 3000} -->{meta_tag}<title>t</title></head><body><p>{text}</p></body></html>"
    decoded_text, _ = decode(page.encode(charset), header)
    assert text in decoded_text
    assert not decoded_text.startswith("\ufeff")


def test_one_broken_byte_does_not_change_the_charset() -> None:
    page = (KOREAN * 40).encode() + b"\xff" + b"</html>"
    assert decode(page)[1] == "utf-8"


@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/html; charset=utf-7", "charset=\x00", "text/html;charset=big5"]),
)
def test_decoding_never_raises(raw: bytes, header: str | None) -> None:
    assert isinstance(decode(raw, header)[0], str)
