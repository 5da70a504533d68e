"""JSON-LD as pages have it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.html.jsonld import main_article, text, things

ARTICLE_JSON = '{"@type": "NewsArticle", "headline": "Bridge opens"}'


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE_JSON,
        f"<!-- {ARTICLE_JSON} -->",
        f"//<![CDATA[\n{ARTICLE_JSON}\n//]]>",
        f"{ARTICLE_JSON};",
        '{"@type": "NewsArticle", "headline": "Bridge opens",}',
        '{"@type": "NewsArticle", "headline": "Bridge\topens",\n}',
        '{"@type": "NewsArticle", "headline": "Bridge opens", "x": "a\\q"}',
        f'[{ARTICLE_JSON}, {{"@type": "Organization"}}]',
        f'{{"@graph": [{ARTICLE_JSON}]}}',
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE_JSON}}}',
        f"{ARTICLE_JSON} {ARTICLE_JSON}",
        '{"@type": "NewsArticle", "headline": "Bridge opens", "author": {"name": "A" "B"}}',
    ],
    ids=[
        "whole",
        "html comment",
        "cdata",
        "semicolon",
        "trailing comma",
        "control character",
        "bad escape",
        "list",
        "graph",
        "nested",
        "two in a row",
        "broken beyond repair",
    ],
)
def test_the_article_is_read_from_broken_and_nested_scripts(script: str) -> None:
    article = main_article(things([script]), "https://example.org/a", ["Bridge opens"])
    assert text((article or {}).get("headline")) == "Bridge opens"


def test_the_pages_own_article_beats_a_teaser() -> None:
    teaser = '{"@type": "NewsArticle", "headline": "Dam bursts", "url": "https://example.org/dam"}'
    own_article = (
        '{"@type": "Article", "headline": "Bridge opens", "url": "https://example.org/bridge"}'
    )
    article = main_article(
        things([teaser, own_article]), "https://example.org/bridge", ["Bridge opens | X"]
    )
    assert article is not None
    assert article["headline"] == "Bridge opens"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        (["", "Second"], "Second"),
        ({"@value": "Inner"}, "Inner"),
        ({"name": "Named"}, "Named"),
        ("a\ud800b", "ab"),
        (True, None),
        (None, None),
        ({"name": {"name": "x"}}, None),
        ("", None),
    ],
)
def test_a_value_is_plain_text_or_nothing(value: object, plain: str | None) -> None:
    assert text(value) == plain


JSON_PIECES = st.sampled_from(
    ["{", "}", "[", "]", ",", ":", '"', '"@type"', '"NewsArticle"', '"@graph"', '"@id"', '"headline"', "1", "null", "\\", "<!--"]
)  # fmt: skip


@given(st.lists(st.one_of(st.text(max_size=80), st.lists(JSON_PIECES, max_size=20).map("".join)), max_size=3))  # fmt: skip
def test_any_scripts_give_no_article_or_one_of_their_things(scripts: list[str]) -> None:
    all_things = list(things(scripts))
    article = main_article(all_things, "https://example.org/", scripts)
    assert article is None or article in all_things


def test_a_script_nested_beyond_the_recursion_limit_gives_nothing() -> None:
    assert things(["[" * 100_000]) == []
