"""Bylines become lists of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract import extract
from scraper.extract.byline.names import all_names, is_desk, names
from scraper.extract.byline.visible import is_person_like


@pytest.mark.parametrize(
    ("text", "byline_names"),
    [
        ("(서울=연합뉴스) 홍길순 기자 = 다리가 열렸다", ["홍길순"]),
        ("[서울=뉴시스]홍길순 기자 = 다리가 열렸다", ["홍길순"]),
        ("(서울=뉴스1) 홍길순 기자 =", ["홍길순"]),
        ("[이데일리 홍길순 기자]", ["홍길순"]),
        ("[헤럴드경제=홍길순 기자]", ["홍길순"]),
        ("[OSEN=대구, 홍길순 기자]", ["홍길순"]),
        ("홍길순 기자 gilsun@example.com", ["홍길순"]),
        ("홍길순(gilsun@example.com)", ["홍길순"]),
        ("YTN 홍길순 (gilsun@example.com)", ["홍길순"]),
        ("홍길순·김바다 기자", ["홍길순", "김바다"]),
        ("홍길순 기자, 김바다 기자", ["홍길순", "김바다"]),
        ("워싱턴=홍길순 특파원", ["홍길순"]),
        ("홍길순 선임기자", ["홍길순"]),
        ("홍길순기자", ["홍길순"]),
        ("기자 홍길순", ["홍길순"]),
        ("길순 홍", ["홍길순"]),
        ("山田花 記者", ["山田花"]),
        ("記者 陳小樹", ["陳小樹"]),
        ("文／陳小樹", ["陳小樹"]),
        ("홍길순 | 정치부 기자", ["홍길순"]),
    ],
)
def test_korean_japanese_and_chinese_bylines_give_the_name(
    text: str, byline_names: list[str]
) -> None:
    assert list(names(text)) == byline_names


@pytest.mark.parametrize(
    "text",
    [
        "입력 2026. 1. 6. 08:05",
        "최종수정 : 오전 9:10",
        "Updated",
        "취재기자",
        "전문기자",
        "칼럼 기자",
        "질문하는 기자",
        "전체보기 기자",
        "닫기 기자",
        "다만 기자",
        "한국기자협회",
        "한국기자",
        "백악관 기자",
        "정치부 기자",
    ],
)
def test_words_before_reporter_are_not_names(text: str) -> None:
    assert names(text) == ()


@pytest.mark.parametrize(
    ("text", "byline_names"),
    [
        ("By ANA EXAMPLE and Bo Sample, Political Editor", ["ANA EXAMPLE", "Bo Sample"]),
        ("Von Ana Muster und Bo Beispiel", ["Ana Muster", "Bo Beispiel"]),
        ("Par Anne Exemple (avec AFP)", ["Anne Exemple"]),
        ("Por Ana Ejemplo y Bo Muestra", ["Ana Ejemplo", "Bo Muestra"]),
        ("Di Ana Esempio", ["Ana Esempio"]),
        ("Door Jan Voorbeeld", ["Jan Voorbeeld"]),
        ("Written by Ana Example Updated May 3, 2024", ["Ana Example"]),
        ("Ana Example (Reuters)", ["Ana Example"]),
        ("Ana Example, AFP", ["Ana Example"]),
        ("Ana Example, London, Bo Sample", ["Ana Example", "Bo Sample"]),
        ("Ana Example, Bo Sample and Cy Instance", ["Ana Example", "Bo Sample", "Cy Instance"]),
        ("Bo Sample, Jr.", ["Bo Sample, Jr."]),
        ("Dr. Ana Example, MD, PhD", ["Dr. Ana Example"]),
        ("Ana Example Senior Reporter", ["Ana Example"]),
        ("Ana Ejemplo y Muestra", ["Ana Ejemplo y Muestra"]),
        ("Texte: Ana Muster / Fotos: Bo Beispiel", ["Ana Muster"]),
        ("von Ana von Muster", ["Ana von Muster"]),
        ("Ana Example 5 min read", ["Ana Example"]),
        ("【見本つむぎ】", ["見本つむぎ"]),
        ("Ana Example &amp; Bo Sample", ["Ana Example", "Bo Sample"]),
        ("ana.example@example.com", []),
        ("https://example.org/authors/ana", []),
        ("admin", []),
        ("Reuters", ["Reuters"]),
        ("The Example Team", ["The Example Team"]),
        ("by Ana Example ● December 3, 2025 ● 6 min read", ["Ana Example"]),
        ("This post was written by Ana Example, Head of Tides and Currents", ["Ana Example"]),
        ("Ana Example, CEO of Samples", ["Ana Example"]),
        ("Ana Example, Senior Director, Bo Sample", ["Ana Example", "Bo Sample"]),
        ("Ana Example Senior Tides Reporter", ["Ana Example"]),
        ("Ana Example And Bo Sample For The Example On Sunday", ["Ana Example", "Bo Sample"]),
        ("Ana Example for Example Daily", ["Ana Example"]),
    ],
)
def test_a_byline_is_reduced_to_its_names(text: str, byline_names: list[str]) -> None:
    assert list(names(text)) == byline_names


def test_a_name_is_listed_once_in_its_first_spelling() -> None:
    assert all_names(["Ana Example", "ANA EXAMPLE", "Bo Sample"]) == ("Ana Example", "Bo Sample")


@pytest.mark.parametrize(
    ("text", "is_person"),
    [
        ("Ana Example", True),
        ("Ana de la Example", True),
        ("홍길순", True),
        ("But no worry", False),
        ("Read more", False),
        ("Ana", False),
        ("12 Monkeys", False),
        ("Recipe von", False),
    ],
)
def test_visible_text_is_a_person_only_if_it_looks_like_a_name(text: str, is_person: bool) -> None:
    assert is_person_like(text) is is_person


@pytest.mark.parametrize(
    ("text", "is_a_desk"),
    [
        ("Our Editors", True),
        ("Example Contributor", True),
        ("Ana Example", False),
        ("editor", False),
    ],
)
def test_a_desk_is_a_role_and_not_a_name(text: str, is_a_desk: bool) -> None:
    assert is_desk(text) is is_a_desk


@given(st.text(max_size=300))
def test_names_never_raises_and_gives_short_distinct_names(text: str) -> None:
    byline_names = names(text)
    assert all(2 <= len(name) <= 70 for name in byline_names)
    assert len(set(byline_names)) == len(byline_names)


@pytest.mark.parametrize(
    "headline",
    ["홍길순 의원 사퇴", "홍길순 위원 사퇴…다리 공사 안갯속", "홍길순 위원 “다리 공사는 끝났다”", "홍길순 위원 사퇴, 나루시 다리 공사 앞날 안갯속으로"],
)  # fmt: skip
def test_a_headline_about_a_person_beside_the_article_is_no_byline(headline: str) -> None:
    text = "다리가 월요일에 다시 열려 주민들이 이 년 만에 강을 걸어서 건넜다고 나루시가 밝혔다."
    html = (
        f"<title>다리가 열렸다</title><main><h1>다리가 열렸다</h1><div id=text>{text}<br><br>{text}</div>"
        f"<p class=reporter>김바다</p><ol><li><a href=/2>{headline}</a></li></ol></main>"
    )
    article = extract(html.encode(), "https://example.org/1", content_type="text/html; charset=utf-8")  # fmt: skip
    assert article.byline == ("김바다",)


def test_the_headlines_in_a_box_about_the_writer_are_no_byline() -> None:
    text = "The bridge opened on Monday, and for the first time in two years people walked across the river."
    links = "".join(f"<li><a href='/{n}'>{words}</a></li>" for n, words in enumerate(("Old Ferry, New Crew, Since 2019 on the River", "Harbour Master, Dockers At Odds Over Pay")))  # fmt: skip
    html = (
        f"<title>Bridge opens</title><main><h1>Bridge opens</h1><p>{text}</p><p>{text} Boats sailed on.</p>"
        f"<div class='author-box'><strong>Ada Moss</strong><p>writes on rivers</p><ul>{links}</ul></div></main>"
    )
    assert extract(html.encode(), "https://example.org/1", content_type="text/html").byline == ("Ada Moss",)  # fmt: skip
