"""JSON-LD as pages have it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.html.jsonld import main_article, text, things

WHOLE = '{"@type": "NewsArticle", "headline": "Bridge opens"}'


@pytest.mark.parametrize(
    "script",
    [
        WHOLE,
        f"<!-- {WHOLE} -->",
        f"//<![CDATA[\n{WHOLE}\n//]]>",
        f"{WHOLE};",
        '{"@type": "NewsArticle", "headline": "Bridge opens",}',
        '{"@type": "NewsArticle", "headline": "Bridge\topens",\n}',
        '{"@type": "NewsArticle", "headline": "Bridge opens", "x": "a\\q"}',
        f'[{WHOLE}, {{"@type": "Organization"}}]',
        f'{{"@graph": [{WHOLE}]}}',
        f'{{"@type": "WebPage", "mainEntity": {WHOLE}}}',
        f"{WHOLE} {WHOLE}",
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
def test_the_article_is_found_in_broken_and_nested_scripts(script: str) -> None:
    article = main_article(things([script]), "https://example.org/a", ["Bridge opens"])
    assert text((article or {}).get("headline")) == "Bridge opens"


def test_the_pages_own_article_beats_a_teasers() -> None:
    teaser = '{"@type": "NewsArticle", "headline": "Dam bursts", "url": "https://example.org/dam"}'
    own = '{"@type": "Article", "headline": "Bridge opens", "url": "https://example.org/bridge"}'
    article = main_article(
        things([teaser, own]), "https://example.org/bridge", ["Bridge opens | X"]
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


@given(st.lists(st.text(max_size=80), max_size=3))
def test_no_script_raises(scripts: list[str]) -> None:
    main_article(things(scripts), "https://example.org/", scripts)


def test_a_script_nested_deeper_than_python_goes_gives_nothing() -> None:
    assert things(["[" * 100_000]) == []
