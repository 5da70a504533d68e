"""body: the article's text, all of it, once, and nothing else."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.extract.body import find_body
from scraper.extract.body.refine import Body
from scraper.extract.html.document import Document
from scraper.extract.metadata import Metadata
from scraper.phrases.boilerplate import is_boilerplate

URL = "https://example.org/news/ferry"
HEADLINE = "Island ferry returns after storm"
PARAGRAPHS = (
    "The island ferry returned to service on Tuesday, three days after a storm had damaged its pier.",
    "“We worked through two nights to get the ramp ready,” said the harbour master, Ada Quill.",
    "About 400 people had been waiting on the mainland, some of them since Saturday morning.",
    "The operator said that tickets bought for the missed crossings would stay valid until June.",
    "A second ship, the Marigold, is to join the route next spring, the council decided last month.",
    "Fishermen on the east shore, who lost several boats, have asked the regional government for help.",
)
KOREAN_PARAGRAPHS = (
    "(서울=연합뉴스) 홍길동 기자 = 섬과 육지를 잇는 여객선이 사흘 만에 운항을 다시 시작했다고 선사가 화요일 밝혔다.",
    "지난 토요일 폭풍으로 부두의 다리가 부서져 400여 명이 육지에 발이 묶여 있었다고 항만청은 설명했다.",
    "선사 관계자는 “이틀 밤을 새워 다리를 고쳤다”며 “놓친 배편의 표는 6월까지 쓸 수 있다”고 말했다.",
    "두 번째 배는 내년 봄에 이 항로에 투입될 예정이며, 의회는 지난달 예산 30억 원을 통과시켰다.",
)


NOTES = (
    "更正:本文此前误写了一处人名。",
    "정정합니다. 이 기사는 처음에 이름 하나를 잘못 적었습니다.",
    "Correction: this article gave a wrong date.",
)


def page(inner: str, *, head: str = "", around: str = "") -> bytes:
    return (
        f"<html><head><title>{HEADLINE}</title>{head}</head><body>"
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
        f"<main><article class='article'><h1>{HEADLINE}</h1><div class='article-body'>{inner}</div>"
        f"</article>{around}</main><footer><p>© 2031 Example Media. All rights reserved.</p></footer>"
        "</body></html>"
    ).encode()


def as_paragraphs(texts: tuple[str, ...] = PARAGRAPHS) -> list[str]:
    return [f"<p>{text}</p>" for text in texts]


def body_of(html: bytes, **options: Any) -> Body:
    return find_body(
        Document(html, URL),
        Metadata(**{"headline": HEADLINE, **options}),
    )


def test_the_body_is_exactly_the_article_paragraphs() -> None:
    assert body_of(page("".join(as_paragraphs()))).paragraphs == PARAGRAPHS


def test_without_a_headline_the_line_above_the_text_is_the_title() -> None:
    markup = f"<div class=top>Ferry is back</div><div>{''.join(as_paragraphs())}</div>"
    body = body_of(markup.encode(), headline=None)
    assert body.title == "Ferry is back"
    assert body.paragraphs == PARAGRAPHS


def test_a_byline_on_its_own_line_is_not_a_paragraph() -> None:
    html = page("".join(["<p>[Ada Quill]</p>", *as_paragraphs()]))
    assert body_of(html, byline=("Ada Quill",)).paragraphs == PARAGRAPHS


def test_text_scrambled_behind_a_paywall_is_not_body() -> None:
    scrambled = [f"<p class='p_1 obfuscated'>{text.swapcase()[::-1]}</p>" for text in PARAGRAPHS]
    html = page("".join([*as_paragraphs(PARAGRAPHS[:3]), *scrambled]))
    assert body_of(html).paragraphs == PARAGRAPHS[:3]


def test_a_dek_among_the_paragraphs_stays_a_paragraph() -> None:
    assert body_of(page("".join(as_paragraphs())), dek=PARAGRAPHS[0]).paragraphs == PARAGRAPHS


def test_korean_paragraphs_keep_their_dateline() -> None:
    assert body_of(page("".join(as_paragraphs(KOREAN_PARAGRAPHS)))).paragraphs == KOREAN_PARAGRAPHS


INLINE_NOISE = {
    "ad": "<div class='ad-slot'><span>Advertisement</span><p>Save on kettles today.</p></div>",
    "bare ad label": "<p>Advertisement</p>",
    "pitch": "<div class='newsletter'><p>Sign up for our newsletter.</p><button>Go</button></div>",
    "counters": "<p>1,204 views · 56 comments · 12 shares</p>",
    "related box": "<div class='related'><h3>Related stories</h3><a href='/a'>Other news</a></div>",
    "related list": "<ul><li><a href='/a'>Council raises fees</a></li><li><a href='/b'>New bus</a></li></ul>",
    "read more": "<p><strong>Read more:</strong> <a href='/x'>Council raises harbour fees again</a></p>",
    "korean related": "<p>[관련기사] <a href='/x'>여객선 표값 오른다</a></p>",
    "german related": "<p>Lesen Sie auch: <a href='/x'>Fähre fährt wieder</a></p>",
    "tweet": "<iframe src='https://social.example'></iframe><script>embed('x')</script>",
    "hidden": "<div style='display:none'><p>Choose your cookies before you go on reading this.</p></div>",
    "share bar": "<ul class='share-bar'><li><a href='#'>Share</a></li><li><a href='#'>Tweet</a></li></ul>",
    "share links": "<div><a href='#w'>WhatsApp</a><a href='#f'>Facebook</a><a href='#x'>X</a> 12 comentarios</div>",
    "sign-off": "<p>Reporting by Ada Quill in Marsh End; Editing by Jo Fenn</p>",
    "bare pitch": "<div><p>Newsletter</p><p>Petit matin : l’essentiel à 7 heures</p><a href='/nl'>S’inscrire</a></div>",
    "offer": "<div><h3>Keep reading</h3><ul><li>Every story on web and app</li><li>The weekly edition, every"
    " Thursday</li></ul><a href='/buy'>Subscribe</a></div>",
    "contact": "<p>홍길동 기자 hong@example.com</p>",
    "copyright": "<p>ⓒ Example Media. 무단전재 및 재배포 금지</p>",
}


@pytest.mark.parametrize("noise", INLINE_NOISE.values(), ids=INLINE_NOISE.keys())
@pytest.mark.parametrize("position", [1, 3, 6])
def test_noise_between_paragraphs_changes_nothing(noise: str, position: int) -> None:
    parts = as_paragraphs()
    parts.insert(position, noise)
    assert body_of(page("".join(parts))).paragraphs == PARAGRAPHS


OUTSIDE_NOISE = {
    "comments": "<section class='comments'><h3>Comments (2)</h3><p>I was there.</p><p>So was I.</p></section>",
    "ranking": "<aside><h3>Most read</h3><ol><li><a href='/a'>Fees rise</a></li></ol></aside>",
    "cards": "<div class='cards'><a href='/a'><h3>Council raises fees</h3></a><a href='/b'><h3>Bus</h3></a></div>",
    "ticker": "<ul class='ticker'><li>LUM 1,204 +1.2%</li><li>OKU 88 -0.4%</li></ul>",
    "bio": "<div class='author-bio'><p>Jo Fenn is a reporter at Example Media.</p></div>",
}


@pytest.mark.parametrize("around", OUTSIDE_NOISE.values(), ids=OUTSIDE_NOISE.keys())
def test_noise_around_the_article_changes_nothing(around: str) -> None:
    assert body_of(page("".join(as_paragraphs()), around=around)).paragraphs == PARAGRAPHS


@pytest.mark.parametrize("at", range(len(PARAGRAPHS)))
def test_one_changed_character_changes_the_body(at: int) -> None:
    edited_paragraphs = (
        *PARAGRAPHS[:at],
        PARAGRAPHS[at].replace("the", "thy", 1),
        *PARAGRAPHS[at + 1 :],
    )
    assert body_of(page("".join(as_paragraphs(edited_paragraphs)))).paragraphs == edited_paragraphs


def test_subheadings_lists_and_quotes_stay_in_the_body() -> None:
    parts = as_paragraphs()
    parts.insert(2, "<h2>What comes next</h2>")
    parts.insert(
        4, "<blockquote><p>It was the worst night that I have seen on this pier.</p></blockquote>"
    )
    paragraphs = body_of(page("".join(parts))).paragraphs
    assert "What comes next" in paragraphs
    assert "It was the worst night that I have seen on this pier." in paragraphs


def test_lines_separated_by_br_are_paragraphs() -> None:
    assert body_of(page("<br><br>".join(PARAGRAPHS))).paragraphs == PARAGRAPHS


def test_dek_and_headline_are_not_repeated_in_the_body() -> None:
    dek = "Repairs took three days; a second ship is to follow."
    inner = f"<h2>{HEADLINE}</h2><p class='standfirst'>{dek}</p>" + "".join(as_paragraphs())
    assert body_of(page(inner), dek=dek).paragraphs == PARAGRAPHS


def test_captions_are_listed_once_and_not_in_the_body() -> None:
    caption = "▲부두로 들어오는 여객선. 연합뉴스"
    figure = f"<figure><img src='a.jpg'><figcaption>{caption}</figcaption></figure><p>{caption}</p>"
    body = body_of(page(figure + "".join(as_paragraphs(KOREAN_PARAGRAPHS))))
    assert body.paragraphs == KOREAN_PARAGRAPHS
    assert body.captions == (caption,)


def test_a_print_copy_does_not_duplicate_the_text() -> None:
    copy = "<div class='print-version'>" + "".join(as_paragraphs()) + "</div>"
    assert body_of(page("".join(as_paragraphs()), around=copy)).paragraphs == PARAGRAPHS


def test_inline_markup_neither_joins_nor_splits_words() -> None:
    broken = "The <b>is</b>land <i>ferry</i>\n<a href='/f'>returned</a> to service on&nbsp;Tuesday, it said."
    body = body_of(page(f"<p>{broken}</p>" + "".join(as_paragraphs()[1:])))
    assert body.paragraphs[0] == "The island ferry returned to service on Tuesday, it said."


def test_script_data_is_used_when_the_page_shows_no_text() -> None:
    story = {"title": HEADLINE, "elements": [{"type": "text", "content": p} for p in PARAGRAPHS]}
    other_content = {
        "title": "Bus timetable",
        "elements": [{"content": "A bus left. It was late."}] * 9,
    }
    script = f"<script>App.state={json.dumps({'stories': [other_content, story]})};</script>"
    body = body_of(f"<html><body><div id='root'></div>{script}</body></html>".encode())
    assert (body.paragraphs, body.source) == (PARAGRAPHS, "script")


def test_json_ld_text_is_used_when_the_page_shows_no_text() -> None:
    body = body_of(b"<html><body><div id=r></div></body></html>", schema_body="\n".join(PARAGRAPHS))
    assert (body.paragraphs, body.source) == (PARAGRAPHS, "json-ld")


def test_a_part_streamed_by_react_is_not_treated_as_hidden() -> None:
    html = f"<body><div hidden id='S:1'><article>{''.join(as_paragraphs())}</article></div></body>"
    assert body_of(html.encode()).paragraphs == PARAGRAPHS


def test_a_page_without_text_has_no_paragraphs() -> None:
    assert body_of(b"<html><body><img src=a.jpg></body></html>").paragraphs == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Advertisement", True),
        ("1,234 views · 56 comments", True),
        ("좋아요0", True),
        ("Read more: Harbour plan rejected", True),
        ("▶ 관련기사: 여객선 운항 재개", True),
        ("2031년 3월 30일 16:19 최종수정: 16:28", True),
        ("Copyright law is a mess, says a judge.", False),
        ("Ad spending rises.", False),
        ("2031", False),
        ("Read it as a warning.", False),
        ("More than 40 people died.", False),
    ],
)
def test_boilerplate_must_match_the_whole_line(text: str, expected: bool) -> None:
    assert is_boilerplate(text) is expected


@given(st.lists(st.sampled_from(["<p>", "</p>", "<b>", "</b>", "<br>", "<div>", "</div>", "<li>", "a. ", "b ", "<a href=x>", "</a>", "<td>", "&amp;", "<script>", "</script>", "<!--"]), max_size=60))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_find_body_never_raises(parts: list[str]) -> None:
    html = ("<p>" + "".join(parts)).encode()
    assert all(text == " ".join(text.split()) for text in body_of(html).paragraphs)


WORDS = st.text("abcdefgh", min_size=3, max_size=8)


@given(st.lists(WORDS, min_size=5, max_size=30))
@settings(max_examples=60, deadline=None)
def test_every_body_word_is_on_the_page(words: list[str]) -> None:
    inner = "".join(
        f"<b>{word}</b> " if at % 3 else f"<i>{word}</i>\n" for at, word in enumerate(words)
    )
    body = body_of(
        page("".join(as_paragraphs()) + f"<p>{inner}said the mayor, and left it at that.</p>")
    )
    page_words = (
        set(words)
        | set(" ".join(PARAGRAPHS).split())
        | {"said", "the", "mayor,", "and", "left", "it", "at", "that."}
    )
    assert set(" ".join(body.paragraphs).split()) <= page_words


CAPTIONS = {
    "in the text": ("<figure><figcaption>{}</figcaption></figure>", "The pier. Jo Fenn"),
    "deep in the figure": (
        "<figure><figcaption><div><div><div><p>{}</p></div></div></div></figcaption></figure>",
        "The pier. Jo Fenn",
    ),
    "between signs": ("<div>{}</div>", "▼渡輪晚上抵達碼頭的情況▼"),
    "with who took it": ("<div>{}</div>", "渡輪抵達碼頭。（陳大文攝）"),
    "counter": ("<figure><figcaption>[1/4] {}</figcaption></figure>", "The pier. Jo Fenn"),
    "licence": (
        "<figure><figcaption>{} <a href='/buy'>License this picture</a></figcaption></figure>",
        "The pier on Tuesday morning. Jo Fenn",
    ),
    "chinese credit": ("<table><tr><td>{}</td></tr></table>", "11月20日，渡轮停靠在码头。柳岸摄"),
}


@pytest.mark.parametrize(("shape", "caption"), CAPTIONS.values(), ids=CAPTIONS.keys())
def test_a_caption_is_not_a_paragraph_and_has_no_markup(shape: str, caption: str) -> None:
    parts = as_paragraphs()
    parts.insert(1, shape.format(caption))
    body = body_of(page("".join(parts)))
    assert (body.paragraphs, body.captions) == (PARAGRAPHS, (caption,))


def test_an_article_keeps_its_lead_image_but_not_a_neighbours() -> None:
    own_figure = (
        "<figure><figcaption>Barriers at the pier. Photograph: Jo Fenn</figcaption></figure>"
    )
    other_content = "<article><figure><figcaption>A vole on a log.</figcaption></figure></article>"
    article = (
        f"<main>{own_figure}<article>{''.join(as_paragraphs())}</article>{other_content}</main>"
    )
    assert body_of(article.encode()).captions == ("Barriers at the pier. Photograph: Jo Fenn",)


def test_an_article_inside_menu_like_markup_is_extracted() -> None:
    html = f"<nav class='footer menu sidebar'><div>{''.join(as_paragraphs())}</div></nav>"
    assert body_of(html.encode()).paragraphs == PARAGRAPHS


def test_an_article_in_a_header_beside_teasers_is_extracted() -> None:
    """A page that never closes its header has all of the article in it."""
    teasers = (PARAGRAPHS[1], PARAGRAPHS[3], PARAGRAPHS[4])
    story = tuple(text.replace("ferry", "steamer") for text in PARAGRAPHS * 2)
    story = tuple(f"{text} Part {at}." for at, text in enumerate(story))
    html = (
        f"<section><div>{''.join(as_paragraphs(teasers))}</div></section>"
        "<header class='header banner'><header class='header banner'><main class='main-content'>"
        f"<article><h1>{HEADLINE}</h1><div class='article-body'><div class='text-formatted field--name-body'>"
        f"{''.join(as_paragraphs(story))}</div></div></article>"
    )
    assert set(story) <= set(body_of(html.encode()).paragraphs)


def test_a_story_in_script_data_keeps_its_headings_and_captions() -> None:
    elements = [
        {"type": "text", "content": PARAGRAPHS[0]},
        {"type": "image", "caption": "The pier. Jo Fenn"},
        {"type": "interstitial_link", "content": "[Related] Fees rise"},
        {"type": "header", "content": "What comes next"},
        *({"type": "text", "content": text} for text in PARAGRAPHS[1:]),
    ]
    story = json.dumps({"headlines": {"basic": HEADLINE}, "content_elements": elements})
    body = body_of(f"<body><div id=app></div><script>x.content={story};</script></body>".encode())
    assert body.paragraphs == (PARAGRAPHS[0], "What comes next", *PARAGRAPHS[1:])
    assert body.captions == ("The pier. Jo Fenn",)


WEIGHT_SCRIPT = """
from scraper.extract.body.model import _weights, prior
words = sorted(word for word in _weights()["far"] if word.isalpha())
print([prior("div", " ".join(words[at : at + 12])) for at in range(0, len(words), 6)])
"""


def test_an_element_has_the_same_weight_in_every_process() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", WEIGHT_SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "4")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("after", ["", "<p><a href='/go'>Follow the Courier on Telegram.</a></p>"], ids=["last", "before a call"])  # fmt: skip
def test_a_correction_note_among_the_paragraphs_is_text(note: str, after: str) -> None:
    texts = "".join(as_paragraphs((*KOREAN_PARAGRAPHS, note)))
    bare = f"<html lang=ko><body><section><h1>{HEADLINE}</h1><div>{texts}{after}</div></section></body></html>"
    assert note in body_of(bare.encode()).paragraphs


def test_a_correction_note_of_another_story_is_not_text() -> None:
    around = f"<aside><h4>More news</h4><p>{NOTES[2]}</p></aside>"
    assert NOTES[2] not in body_of(page("".join(as_paragraphs()), around=around)).paragraphs
