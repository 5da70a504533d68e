"""No control character of a page gets into an article, from wherever it is read."""

import json
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import ExtractError
from scraper.extract import extract
from scraper.extract.printable import printable_text
from storage.diff import compare

URL = "https://courier.example/2026/bridge"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
TEXT = "The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span."
# As a byte, as a character of UTF-8, as two kinds of reference.
SIGNS = {"byte": "\x08", "escape": "\x1b", "c1": "\x9b", "decimal": "&#8;", "hexadecimal": "&#x1b;"}


def page(sign: str) -> bytes:
    """A page with a sign in every text that is read from it; in scripts it is an escape of JSON."""
    script = json.dumps(
        {"@type": "NewsArticle", "headline": "Bridge opens", "articleSection": "Ne\x07ws",
         "author": {"@type": "Person", "name": "Ana\x07 Bo"}}
    )  # fmt: skip
    return (
        f'<html><head><title>Bridge{sign} opens</title><meta property="og:title" content="Bridge{sign} opens">'
        f'<meta name="description" content="After {sign}a storm"><script type="application/ld+json">{script}</script></head>'
        f"<body><article><h1>Bridge opens\r{sign}</h1><p>{TEXT} {sign}</p><p>{sign}</p><p>A second{sign} bridge, further up"
        f" the river, stays closed.</p><figure><img src=a><figcaption>A {sign}bridge</figcaption></figure></article></body></html>"
    ).encode()


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
def test_an_article_has_no_control_characters(sign: str) -> None:
    article = extract(page(sign), URL)
    texts = [article.headline, article.dek or "", article.section or "", *article.byline,
             *article.paragraphs, *article.captions, *article.headlines.values()]  # fmt: skip
    assert [text for text in texts if CONTROL.search(text) or text != text.strip()] == []
    assert not compare(extract(page(""), URL), article)


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
def test_an_element_of_control_characters_alone_is_empty(sign: str) -> None:
    pages = [f"<article><h1>{text}</h1><p>{TEXT}</p><p>{text}</p></article>" for text in ("", sign)]
    empty, spoiled = (extract(html.encode(), URL) for html in pages)
    assert (spoiled, spoiled.headlines) == (empty, empty.headlines)


def test_a_headline_of_control_characters_in_a_script_is_none() -> None:
    script = f'{{"@type": "NewsArticle", "headline": "\\u0008", "articleBody": "{TEXT}"}}'
    with pytest.raises(ExtractError):
        extract(f'<script type="application/ld+json">{script}</script><p></p>'.encode(), URL)


@pytest.mark.parametrize("text", ["&#80; &#x1c2;", "&#x9c;uf", "&#160;12", "\xa0é €"])
def test_a_letter_is_no_control_character(text: str) -> None:
    html = f"<article><h1>Bridge {text} opens</h1><p>{TEXT}</p><p>Second, and {text} later.</p></article>"
    assert unescape(text).split()[0] in extract(html.encode(), URL).headline


def test_a_headline_of_one_digit_has_no_space_after_it() -> None:
    html = f"<article><h1>0\r\x08</h1><p>{TEXT}</p><p>A second bridge stays closed.</p></article>"
    assert extract(html.encode(), URL).headline == "0"


@given(st.text())
def test_a_printable_text_stays_as_it_is(text: str) -> None:
    once = printable_text(text)
    assert printable_text(once) == once
    assert not re.search("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]", once)
