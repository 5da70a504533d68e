"""Hostile pages: each gives the article or a clear error, soon, in text that SQLite and JSON take."""

import contextlib
import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.article import Article
from scraper.errors import ExtractError
from scraper.extract import extract
from tests.support.pages import article_html

URL = "https://example.org/news/bridge"
HEADLINE = "Harbour bridge opens after long repair"
PARAGRAPH_TEXT = "The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span."
LAST_PARAGRAPH = "A second bridge, further up the river, will be closed for inspection in the autumn of next year."
KOREAN = "정부는 오늘 서울에서 열린 회의에서 새로운 정책을 발표했다고 밝혔다. 똠방각하도 왔다."
CHINESE = "市政府今天在会议上宣布了新的计划，他们说这个项目会在年内完成，大家都来了。"
# A page may cost as much as this many plain ones of 2,000 paragraphs: a second on the machine
# on which one takes 0.08 s.
MAX_PLAIN_PAGE_COSTS = 16
SEEDS = sorted((Path(__file__).parents[2] / "fixtures" / "articles").glob("*/v1.html"))


def around(before: str = "", after: str = "", **parts: Any) -> bytes:
    """The article between two stretches of markup."""
    page = article_html(**parts)
    return page.replace("<main>", f"{before}<main>").replace("</main>", f"</main>{after}").encode()


def page_with_json(script: str, **parts: Any) -> bytes:
    return article_html(
        head=f'<script type="application/ld+json">{script}</script>', **parts
    ).encode()


def page_with_only_json(values: dict[str, Any], *, is_assigned: bool = False) -> bytes:
    """A page whose text is only in JSON, with the signs of markup escaped."""
    json_text = json.dumps({"@type": "NewsArticle", "headline": HEADLINE, **values})
    json_text = json_text.replace("<", "\\u003c").replace(">", "\\u003e")
    script = f"<script>x={json_text}</script>"
    if is_assigned:
        return article_html(paragraphs=(), head=script).encode()
    return page_with_json(json_text, paragraphs=())


def faults(article: Article) -> list[str]:
    """Texts of an article that SQLite or JSON cannot take, or that are too long to be what they are."""
    short_texts = [article.headline, article.dek, article.section, article.lang, *article.byline]
    texts = [text for text in (*short_texts, *article.paragraphs, *article.captions) if text]
    invalid_texts = [text[:60] for text in texts if "\x00" in text or not _is_utf8(text)]
    return invalid_texts + [text[:60] for text in short_texts if text and len(text) > 3_000]


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


@cache
def max_page_seconds() -> float:
    """Seconds of processor time that a page may cost on this machine."""
    plain_page = article_html(
        paragraphs=tuple(f"{PARAGRAPH_TEXT} {number}" for number in range(2_000))
    ).encode()
    return MAX_PLAIN_PAGE_COSTS * min(_page_seconds(plain_page) for _ in range(3))


def _page_seconds(page: bytes) -> float:
    started = time.process_time()
    extract(page, URL)
    return time.process_time() - started


def test_seed_pages_are_found() -> None:
    assert len(SEEDS) >= 12


def repeat_markup(form: str, count: int) -> str:
    """The form repeated `count` times, each `#` replaced by a number of its own."""
    return "".join(form.replace("#", str(number)) for number in range(count))


def nested_lists(depth: int) -> str:
    """JSON of 20 names, or of 20 lists of them, and so on."""
    return "[" + ",".join([nested_lists(depth - 1) if depth > 1 else '"Ana Bo"'] * 20) + "]"


# The whole article is extracted; what is around it is no part of it, or only adds to it.
ARTICLE_PAGES: dict[str, Callable[[], bytes]] = {
    "3 MB of script before": lambda: around(f"<script>{'var a=1;' * 400_000}</script>"),
    "10 MB of script after": lambda: around(after=f"<script>{'var a=1;' * 1_300_000}"),
    "a comment of 3 MB": lambda: around(f"<!--{'x' * 3_000_000}-->"),
    "500 divs around": lambda: around("<div>" * 500, "</div>" * 500),
    "50,000 divs around": lambda: around("<div>" * 50_000, "</div>" * 50_000),
    "50,000 divs after": lambda: around(after="<div>" * 50_000),
    "100,000 line breaks": lambda: around(after="<br>" * 100_000),
    "a million paragraphs after": lambda: around(after="<p>x" * 1_000_000),
    "a paragraph of 900 kB": lambda: around(after=f"<p>{'w' * 900_000}"),
    "5 MB of white space": lambda: around(after=f"<pre>{' ' * 5_000_000}"),
    "an attribute of 1 MB": lambda: around(f'<div class="{"word " * 200_000}">', "</div>"),
    "an attribute that never ends": lambda: around(after=f'<div class="{"a" * 3_000_000}'),
    "100,000 attributes": lambda: around(after=f"<p {repeat_markup(' a#=1', 100_000)}>x"),
    "5 MB of less-than signs": lambda: around(after="<" * 5_000_000),
    "5 MB of half tags": lambda: around(after="<a " * 1_700_000),
    "900 kB of ampersands": lambda: around(after="&" * 900_000),
    "a script that only seems to end": lambda: around(f"<script>{'</script' * 9_000}</script>"),
    "scripts that never end": lambda: around(after="<script>" * 100_000),
    "attributes after a script that is none": lambda: around(
        after=f"<!--<script--><i title='<script'>x</i><p {repeat_markup(' a#=1', 100_000)}>x<script></script>"
    ),
    "attributes that hold <": lambda: around(
        after=f"<p {repeat_markup(' a#=!<b!', 60_000).replace('!', chr(34))}>x"
    ),
    "options in capitals": lambda: around(f"<SELECT>{'<OPTION>x</OPTION>' * 20_000}</SELECT>"),
    "character data": lambda: around("<svg><![CDATA[<p>]]></svg><![CDATA[x]]>"),
    "drawings nested 50,000 deep": lambda: around("<svg>" * 50_000, "</svg>" * 50_000),
    "tables nested 20,000 deep": lambda: around("<table><tr><td>" * 20_000),
    "templates nested": lambda: around("<template>" * 3_000 + "</template>" * 3_000),
    "formatting that never ends": lambda: around(repeat_markup("<font id=#>", 900), "<p>x" * 3_000),
    "30,000 captions": lambda: around(
        after="<figure><figcaption>A bridge</figcaption></figure>" * 30_000
    ),
    "100,000 metas": lambda: article_html(
        head=repeat_markup("<meta name=m# content=x>", 60_000)
    ).encode(),
    "30,000 times": lambda: around(after="<time datetime=2024-01-01>x</time>" * 30_000),
    "JSON nested 100,000 deep": lambda: page_with_json("[" * 100_000),
    "objects nested 100,000 deep": lambda: page_with_json('{"a":' * 100_000),
    "JSON of white space": lambda: page_with_json("{" + " " * 1_900_000 + "x"),
    "JSON of backslashes": lambda: page_with_json('{"a":"' + "\\x" * 900_000 + '"}'),
    "20,000 broken JSON scripts": lambda: article_html(
        head='<script type="application/ld+json">{"a",,}</script>' * 20_000
    ).encode(),
    "JSON of the wrong types": lambda: page_with_json(
        json.dumps(
            {
                "@type": ["NewsArticle", 1, None, {}],
                "@id": ["x"],
                "headline": [{"a": 1}],
                "author": [None, 1, [["x"]], {"name": {"x": 1}}, {"@id": {"a": 1}}],
                "datePublished": {"x": 1},
                "publisher": {"name": [[]]},
                "description": True,
            }
        )
    ),
    "a number of 4,000 digits": lambda: page_with_json(
        f'{{"@type":"NewsArticle","headline":{"9" * 4_000},"datePublished":{"9" * 4_000}}}'
    ),
    "a canonical address that is none": lambda: article_html(
        head='<link rel=canonical href="http://[bad">'
    ).encode(),
    "NUL between all": lambda: article_html().encode().replace(b"e", b"\x00e"),
    "UTF-16 without a mark": lambda: article_html().encode("utf-16-le"),
    "UTF-16 with a mark": lambda: article_html().encode("utf-16"),
    "UTF-32": lambda: article_html().encode("utf-32"),
    "attributes that hold >": lambda: around(
        after=f"<p {repeat_markup(' a#=!>!', 30_000).replace('!', chr(39))}>x"
    ),
    "attributes without spaces": lambda: around(after=f"<p {repeat_markup('/a#', 30_000)}>x"),
    "a tag that never ends": lambda: around(after=f"<p {repeat_markup(' a#', 30_000)}"),
    "20,000 options": lambda: around(f"<select>{'<option>x</option>' * 20_000}</select>"),
    "a line of months": lambda: article_html(
        paragraphs=(
            PARAGRAPH_TEXT,
            LAST_PARAGRAPH,
            f"{'2024.1.' * 15}x",
            *(f"{PARAGRAPH_TEXT} {at}" for at in range(5)),
        )
    ).encode(),
    "authors in lists in lists": lambda: page_with_json(
        f'{{"@type":"NewsArticle","headline":"{HEADLINE}","author":{nested_lists(4)}}}'
    ),
    "150,000 tags in a comment": lambda: around(f"<!--{'<p>x' * 200_000}-->"),
    "150,000 tags in a script": lambda: around(f"<script>'{'<p>x' * 200_000}'</script>"),
    "7,000 menu entries before": lambda: around(
        repeat_markup("<div><p>Entry # x</p></div>", 7_000)
    ),
    "60,000 authors in a meta": lambda: article_html(
        head='<meta name="author" content="By Ana Bo, Cy Do">' * 60_000
    ).encode(),
    "markup in JSON that nests": lambda: page_with_only_json(
        {"articleBody": f"<p>{PARAGRAPH_TEXT}</p><p>{LAST_PARAGRAPH}</p>" * 9 + "<div>" * 30_000}
    ),
    "markup in JSON with attributes": lambda: page_with_only_json(
        {
            "articleBody": f"<p>{PARAGRAPH_TEXT}</p><p>{LAST_PARAGRAPH}</p>" * 9
            + f"<p {repeat_markup(' a#', 30_000)}>x"
        }
    ),
    "markup in a script that nests": lambda: page_with_only_json(
        {"text": f"<p>{PARAGRAPH_TEXT}</p><p>{LAST_PARAGRAPH}</p>" * 9 + "<div>" * 20_000},
        is_assigned=True,
    ),
}

# An article or an error, whatever it may be.
ANY_PAGES: dict[str, Callable[[], bytes]] = {
    "NUL alone": lambda: b"\x00" * 1_000_000,
    "all bytes": lambda: bytes(range(256)) * 2_000,
    "high bytes": lambda: b"<p>" + b"\x81\xff\xfe\xa4" * 100_000,
    "a million paragraphs before": lambda: around("<p>x</p>" * 1_000_000),
    "a comment that never ends": lambda: around("<!-- x"),
    "a text area that never ends": lambda: around("<textarea>"),
    "plain text from here on": lambda: around("<plaintext>"),
    "frames": lambda: b"<frameset><frame></frameset>",
    "links nested 50,000 deep": lambda: around("<a href=x><div>" * 50_000),
    "bold and paragraphs crossed": lambda: around("<b><p></b>" * 40_000),
    "blocks thrown out of a table": lambda: around(f"<table>{'<div>x</div>' * 40_000}</table>"),
    "a headline of 1 MB": lambda: article_html("Harbour bridge " * 70_000).encode(),
    "a title of separators": lambda: article_html(" - ".join(["abc"] * 100_000)).encode(),
    "a headline of surrogates": lambda: article_html(
        "Bridge &#xD800; &#0; opens &#57343;"
    ).encode(),
    "surrogates in JSON": lambda: page_with_json(
        '{"@type":"NewsArticle","headline":"Bridge \\ud800 opens","author":{"name":"Ana \\udc00 Bo"},'
        '"articleSection":"S\\ud800\\u0000","articleBody":"%s"}'
        % (f"{PARAGRAPH_TEXT}\\ud800\\u0000 " * 20)
    ),
    "surrogates in bytes": lambda: (
        article_html().encode().replace(b"bridge", b"bri\xed\xa0\x80dge")
    ),
    "the mark of ISO-2022-JP": lambda: b"\x1b$" * 300_000 + article_html().encode(),
    "more white space in a link than text": lambda: (
        f"<title>Ferry</title><p><a href=x>{'ferry ' * 13} pier</a>".encode()
    ),
    "no headline, no text": lambda: b"<html><body><p></p></body></html>",
    "4 MB of high bytes": lambda: b"<p>" + b"\x81\xff\xfe\xa4" * 1_000_000,
    "a list 3,000 deep as author": lambda: page_with_json(
        f'{{"@type":"NewsArticle","headline":"{HEADLINE}","author":{"[" * 3_000}{"]" * 3_000}}}'
    ),
    "metas without an end": lambda: b"<meta " * 700_000 + b"\xff\xa4\xa4" + article_html().encode(),
    "surrogates in a script": lambda: page_with_only_json(
        {"text": f"{PARAGRAPH_TEXT} \ud800 \x00 " * 9}, is_assigned=True
    ),
    "20,000 boxes of other names": lambda: around(
        repeat_markup("<div class=c#abc>word</div>", 20_000)
    ),
}


def as_params(table: dict[str, Callable[[], bytes]]) -> list[Any]:
    """The table as parameters."""
    return [pytest.param(make, id=name) for name, make in table.items()]


@pytest.mark.parametrize("make", as_params(ARTICLE_PAGES))
def test_the_article_is_extracted_from_hostile_markup(make: Callable[[], bytes]) -> None:
    page = make()
    started = time.process_time()
    article = extract(page, URL)
    assert time.process_time() - started < max_page_seconds()
    assert article.headline == HEADLINE
    assert {PARAGRAPH_TEXT, LAST_PARAGRAPH} <= set(article.paragraphs)
    assert faults(article) == []


@pytest.mark.parametrize("make", as_params(ANY_PAGES))
def test_any_page_gives_clean_text_or_an_error_in_bounded_time(make: Callable[[], bytes]) -> None:
    page = make()
    started = time.process_time()
    with contextlib.suppress(ExtractError):
        assert faults(extract(page, URL)) == []
    assert time.process_time() - started < max_page_seconds()


INVALID_TIMES = (
    "99999-01-01", "0000-00-00", "0000-01-01T00:00:00Z", "2024-02-30", "2024-01-01T99:99:99",
    "2024-01-01T10:00:00+99:99", "2024-01-01T10:00:00+14:59", "20240101T100000+9999",
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "1990-01-01T00:00:01+14:00",
    "9999999999", "9999999999999", "9" * 4_000, "²024-01-01", "٢٠٢٤-٠١-٠١T١٠:٠٠:٠٠",
    "1 January 2024 at 10:00 UTC+99:99", "1/1/9999999", "-1", "1e999", "2024-W01-1", "\ud800",
)  # fmt: skip


@pytest.mark.parametrize(
    "invalid_time", INVALID_TIMES, ids=lambda invalid_time: ascii(invalid_time[:30])
)
def test_an_invalid_time_does_no_harm(invalid_time: str) -> None:
    visible_time = invalid_time.encode("utf-8", "replace").decode()
    metas = [
        f"<meta property=article:{name}_time content='{visible_time}'>"
        for name in ("published", "modified")
    ]
    json_text = json.dumps(
        {"@type": "NewsArticle", "headline": HEADLINE, "datePublished": invalid_time}
    )
    page = page_with_json(
        json_text, around=f"<time datetime='{visible_time}'>{visible_time}</time>"
    )
    article = extract(page.replace(b"</title>", f"</title>{''.join(metas)}".encode()), URL)
    for read in (article.published_at, article.modified_at):
        assert read is None or 1990 <= read.year <= 2100
    assert PARAGRAPH_TEXT in article.paragraphs


@pytest.mark.parametrize("charset", ["cp949", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_korean_is_decoded_without_a_declared_charset(charset: str) -> None:
    page = article_html("항구 다리 다시 열려", (KOREAN,) * 1 + (f"{KOREAN} 이어진다.",))
    assert KOREAN in extract(page.encode(charset), URL).paragraphs


@pytest.mark.parametrize("broken", [b"\xff", b"\xe9", b"\xe2\x80", b"\xed\xa0\x80"], ids=ascii)
def test_a_broken_character_leaves_the_others_unchanged(broken: bytes) -> None:
    page = article_html(head="<meta charset=utf-8>")
    broken_page = page.encode().replace(b"storm", b"sto" + broken + b"rm")
    expected_paragraphs = extract(page.encode(), URL).paragraphs
    assert extract(broken_page, URL).paragraphs[1:] == expected_paragraphs[1:]


# Among them codecs of Python that are no charsets, and charsets in which a tag is no tag.
CHARSET_LABELS = (
    "", '"', "utf-8", "utf-32", "utf-7", "utf-8\x00\ud800;;", "hz", "cp65001", "iso-2022-kr",
    "x-user-defined", "symbol", "mbcs", "unicode_escape", "a" * 100_000, "base64", "hex", "rot13",
    "zlib", "bz2", "idna", "punycode", "undefined", "uu", "cp037", "utf-16",
)  # fmt: skip


@pytest.mark.parametrize("label", CHARSET_LABELS, ids=lambda label: ascii(label[:20]))
def test_a_wrong_charset_label_is_not_trusted(label: str) -> None:
    header = f"text/html; charset={label}"
    chinese = article_html("市政府宣布新的计划", (CHINESE, f"{CHINESE}以后再说。")).encode(
        "gb18030"
    )
    assert CHINESE in extract(chinese, URL, content_type=header).paragraphs
    western = article_html().encode("cp1252") + b"caf\xe9 na\xefve"
    assert PARAGRAPH_TEXT in extract(western, URL, content_type=header).paragraphs


MARKUP_PIECES = (
    b"<div>", b"</div>", b"<p>", b"<table><td>", b"<b>", b"<a href=x>", b"<!--", b"-->", b"<script>", b"</script>",
    b"<select>", b"<svg>", b"<template>", b"<title>", b"<h1>", b"<plaintext>", b'"', b"'", b">", b"<", b"&#xD800;",
    b"&#0;", b"\x00", b"\xff", b"\xed\xa0\x80", b"\\ud800", b"\x1b$B", b"{", b"]", b"2024-01-01T10:00:00+99:99",
)  # fmt: skip
positions = st.floats(0, 1, exclude_max=True)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("cut"), positions, positions),
        st.tuples(st.just("flip"), positions, st.integers(0, 255)),
        st.tuples(st.just("put"), positions, st.sampled_from(MARKUP_PIECES), st.integers(1, 300)),
        st.tuples(st.just("again"), positions, st.integers(1, 400), st.integers(2, 60)),
    ),
    min_size=1,
    max_size=6,
)


def apply_change(page: bytes, change: tuple[Any, ...]) -> bytes:
    """The page cut at the end, with a byte flipped, a piece put in, or a stretch repeated."""
    kind, position, value, *count = change
    at = int(position * len(page))
    if kind == "cut":
        return page[:at] + page[at + int(value * 2_000) :] if value < 0.7 else page[:at]
    if kind == "flip":
        return page[:at] + bytes([value]) + page[at + 1 :]
    piece = value if kind == "put" else page[at : at + value]
    return page[:at] + piece * count[0] + page[at:]


@given(
    st.sampled_from(SEEDS),
    changes,
    st.sampled_from([None, "text/html; charset=euc-kr", "text/html; charset=iso-8859-1"]),
)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_broken_page_gives_an_article_or_an_error(
    seed: Path, page_changes: list[tuple[Any, ...]], header: str | None
) -> None:
    page = seed.read_bytes()
    for change in page_changes:
        page = apply_change(page, change)
    with contextlib.suppress(ExtractError):
        article = extract(page, URL, content_type=header)
        assert article.headline
        assert all(article.paragraphs)
        assert faults(article) == []
