"""The boxes of a page that link to another article."""

import pytest

from scraper.extract.html.document import Document

ADDRESS = "https://example.org/news/1"
LONG = "<p>Rain fell on the harbour all night, and nobody sailed.</p>" * 20


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<li><a href=/news/1>Fire</a><p>It burns.</p></li>", "Fire It burns."),
        ("<a href=https://example.org/news/1?utm_source=x#top>Fire</a>", "Fire"),
        ("<a href=/news/2>Flood</a><p>It rains.</p>", ""),
        ("<a href=/news/11>Flood</a> <a href=javascript:1>Fire</a>", ""),
    ],
    ids=["a box", "another form of the address", "another article", "no address"],
)
def test_a_teaser_is_the_box_around_a_link_to_the_article(html: str, text: str) -> None:
    page = f"<body><main>{LONG}</main><ul>{html}{LONG}</ul></body>".encode()
    assert Document(page, "https://example.org/news/9").teasers_of(ADDRESS) == text


def test_what_is_no_html_has_no_teasers() -> None:
    assert Document(b"\x00\x01", "https://example.org/news/9").teasers_of(ADDRESS) == ""
