"""Which of a page's titles is its headline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.html.document import Document
from scraper.extract.html.nearby import Line
from scraper.extract.metadata.headline import pick_headline, with_kicker
from scraper.extract.metadata.titles import (
    TITLE_SEPARATOR,
    Titles,
    is_own_name,
    read_titles,
    separators,
    strip_site,
)


def titles(
    *,
    json_ld: str | None = None,
    og: str | None = None,
    title: str | None = None,
    h1s: tuple[str, ...] = (),
    sites: tuple[str, ...] = (),
    host: str = "www.example.org",
    below: tuple[str, ...] = (),
    path: str = "",
) -> Titles:
    claims = (("json-ld", json_ld), ("og:title", og))
    candidates = tuple((source, text) for source, text in claims if text)
    blocks = tuple(Line("p", "", line, None, False) for line in below)
    return Titles(candidates, h1s, title, sites, host, path, below=lambda index: blocks)


@pytest.mark.parametrize(
    ("text", "sites", "host"),
    [
        ("Bridge opens after nine years – Example Daily", ("Example Daily",), ""),
        ("Bridge opens after nine years | Example Daily", ("Example Daily",), ""),
        ("Bridge opens after nine years : Example Daily", ("Example Daily",), ""),
        ("Bridge opens after nine years - 보기일보", ("보기일보",), ""),
        ("Example Daily: Bridge opens after nine years", ("Example Daily",), ""),
        ("Bridge opens after nine years - Morgenblatt", (), "www.morgenblatt.example"),
        ("Bridge opens after nine years › morgenblatt.de", (), "morgenblatt.de"),
        (
            "Bridge opens after nine years | Politics | Example Daily",
            ("Example Daily", "Politics"),
            "",
        ),
        ("Bridge opens after nine years", ("Example Daily",), ""),
        ("Bridge opens after nine years -", (), ""),
    ],
)
def test_the_site_name_is_removed_where_there_is_evidence(
    text: str, sites: tuple[str, ...], host: str
) -> None:
    assert strip_site(text, titles(sites=sites, host=host)) == "Bridge opens after nine years"


@pytest.mark.parametrize(
    "text",
    [
        "Bridge opens - after nine years of work",
        "Interview: the engineer of the bridge",
        "Bridge, dam | tunnel: what comes next",
    ],
)
def test_a_title_with_a_separator_is_kept_without_evidence(text: str) -> None:
    assert strip_site(text, titles(sites=("Example Daily",))) == text


@pytest.mark.parametrize(
    ("candidate_titles", "headline", "source"),
    [
        (
            titles(h1s=("Example Daily", "Bridge opens at last"), title="Bridge opens at last"),
            "Bridge opens at last",
            "h1",
        ),
        (
            titles(h1s=("Bridge opens at last",), og="Bridge opens at last, mayor says", title="x"),
            "Bridge opens at last",
            "h1",
        ),
        (
            titles(h1s=("Example Daily",), og="Bridge opens at last", sites=("Example Daily",)),
            "Bridge opens at last",
            "og:title",
        ),
        (
            titles(json_ld="Bridge opens at last", title="Bridge opens at last | Region | Example"),
            "Bridge opens at last",
            "json-ld",
        ),
        (
            titles(
                h1s=("Traffic Nine-year bridge works are over",),
                json_ld="Nine-year bridge works are over",
                og="Nine-year bridge works are over",
            ),
            "Nine-year bridge works are over",
            "json-ld",
        ),
        (
            titles(h1s=("01.03.2024 Nine-year bridge works over",), title="Nine-year bridge works"),
            "Nine-year bridge works over",
            "h1",
        ),
        (
            titles(h1s=("What the new bridge changes for you",), og="Bridge: the FAQ", title="FAQ"),
            "What the new bridge changes for you",
            "h1",
        ),
        (
            titles(title="Bridge opens at last today | Region"),
            "Bridge opens at last today",
            "title",
        ),
        (
            titles(
                h1s=("Bridge opening: what the mayor says now",),
                json_ld="Mayor calls nine years a success",
                og="Bridge opening: what the mayor says now",
                below=("Traffic", "Mayor calls nine years a success", "12 May 2024"),
            ),
            "Mayor calls nine years a success",
            "json-ld",
        ),
        (
            titles(
                h1s=("Mayor hails bridge after nine years",),
                og="After nine years: Mayor praises her bridge",
                below=("After nine years", "Mayor praises her bridge"),
            ),
            "Mayor praises her bridge",
            "og:title",
        ),
        (
            titles(
                h1s=("Mayor hails bridge after nine years",),
                json_ld="At last: Mayor praises bridge",
                og="At last: Mayor praises bridge",
                below=("At last Mayor praises bridge",),
            ),
            "At last: Mayor praises bridge",
            "json-ld",
        ),
        (
            titles(
                h1s=("Bridge opens at last",),
                json_ld="Bridge opens at last",
                og="Nine years were too long for Port Ansel.",
                below=("Nine years were too long for Port Ansel.",),
            ),
            "Bridge opens at last",
            "h1",
        ),
        (
            titles(
                h1s=("Bridge opens at last: all you need to know",),
                og="Bridge opens at last",
                title="Bridge opens at last",
            ),
            "Bridge opens at last: all you need to know",
            "h1",
        ),
        (
            titles(
                h1s=("Bridge opens at last Welcome to the harbour of Port Ansel",),
                json_ld="Bridge opens at last",
                og="Bridge opens at last",
            ),
            "Bridge opens at last",
            "json-ld",
        ),
        (
            titles(
                h1s=("Most bridges of the harbour are open",),
                og="Bridges of the harbour are open",
                title="Bridges of the harbour are open",
            ),
            "Most bridges of the harbour are open",
            "h1",
        ),
        (
            titles(
                h1s=("Bridge tolls What drivers pay from May",),
                json_ld="What drivers pay from May",
                og="Bridge tolls",
            ),
            "What drivers pay from May",
            "json-ld",
        ),
        (
            titles(h1s=("TrafficBridge opens at last",), og="Traffic | Bridge opens at last"),
            "Traffic | Bridge opens at last",
            "og:title",
        ),
        (
            titles(h1s=("Bridge: it opens at last",), og="Bridge - it opens at last"),
            "Bridge: it opens at last",
            "h1",
        ),
        (
            titles(
                h1s=("Storm: bridge closed +++ Storm: two trees fall on rails",),
                json_ld="Storm over Port Ansel: the news of the day",
                title="Storm: bridge closed +++ Storm: two trees fall on rails",
            ),
            "Storm over Port Ansel: the news of the day",
            "json-ld",
        ),
        (
            titles(
                json_ld="Port Ansel opens its bridge after nine years of works, three mayors and",
                og="Port Ansel opens its bridge after nine years of works, three mayors and a flood",
            ),
            "Port Ansel opens its bridge after nine years of works, three mayors and a flood",
            "json-ld",
        ),
        (
            titles(json_ld="Example Daily", og="Bridge opens at last", sites=("Example Daily",)),
            "Bridge opens at last",
            "og:title",
        ),
        (
            titles(
                h1s=("What drivers pay from May", "What drivers pay from May"),
                og="What tolls are in May",
            ),
            "What drivers pay from May",
            "h1",
        ),
        (titles(h1s=("Goodbye!",), title="Home"), "Goodbye!", "h1"),
        (
            titles(h1s=("Welcome!",), title="Example Daily", sites=("Example Daily",)),
            "Welcome!",
            "h1",
        ),
        (
            titles(h1s=("Can bridges feel / sense cold?",), og="Can bridges feel?", title="x"),
            "Can bridges feel / sense cold?",
            "h1",
        ),
        (titles(title="新大桥终于通车_要闻_频道名"), "新大桥终于通车", "title"),
        (titles(), None, None),
    ],
    ids=[
        "the h1 that the title repeats",
        "what a reader sees beats the tags",
        "a site's name is no headline",
        "the tags if there is no heading",
        "a kicker inside the h1",
        "a date inside the h1",
        "an only h1 in other words",
        "a last part behind a bar",
        "a line below an h1 for search engines",
        "a line below with its kicker above it",
        "a line below with its kicker in it",
        "a sentence below is a dek",
        "an h1 that says more than the tags",
        "a welcome inside the h1",
        "a single word that JSON-LD does not leave out",
        "a kicker that is a tag's title",
        "an h1 that lost the mark after its kicker",
        "an h1 with another mark",
        "a live ticker's last entries",
        "a title that was cut",
        "a site's name in JSON-LD",
        "an only h1, twice on the page",
        "an only h1 beside a title that says nothing",
        "an only h1 beside the site's name",
        "an h1 whose first half is a title",
        "parts behind low lines",
        "nothing",
    ],
)
def test_the_headline_is_what_a_reader_sees(
    candidate_titles: Titles, headline: str | None, source: str | None
) -> None:
    assert pick_headline(candidate_titles)[:2] == (headline, source)


@pytest.mark.parametrize(
    ("json_ld", "og", "above", "headline"),
    [
        ("Traffic: Bridge opens", "Traffic: Bridge opens", "Traffic", "Traffic: Bridge opens"),
        ("Traffic: Bridge opens", "Traffic: Bridge opens", "Region", "Bridge opens"),
        ("Bridge opens", "Traffic: Bridge opens", "Traffic", "Bridge opens"),
    ],
    ids=["two tags have it", "the page does not show it", "JSON-LD does not have it"],
)
def test_a_kicker_above_the_h1_belongs_to_the_headline_where_json_ld_and_another_tag_have_it(
    json_ld: str, og: str, above: str, headline: str
) -> None:
    assert with_kicker("Bridge opens", titles(json_ld=json_ld, og=og), [above]) == headline


@pytest.mark.parametrize(
    ("h1", "og", "headline"),
    [
        (
            "At the harbour - The bridge opens at last",
            "Ansel: The bridge opens at last",
            "The bridge opens at last",
        ),
        (
            "Port: The bridge opens at last",
            "Ansel: The bridge opens at last",
            "Port: The bridge opens at last",
        ),
        (
            "New harbour bridge - Who built it and why",
            "Harbour bridge: Who built it and why",
            "New harbour bridge - Who built it and why",
        ),
    ],
    ids=["another kicker", "a colon is the headline's", "the same words before it"],
)
def test_a_kicker_only_in_the_h1_is_not_part_of_the_headline(
    h1: str, og: str, headline: str
) -> None:
    assert pick_headline(titles(og=og, h1s=(h1,)))[0] == headline


def test_an_h1_repeated_in_the_url_wins_over_a_different_title() -> None:
    page_titles = titles(
        title="Walks along the coast",
        h1s=("Ansel-Easternharbour",),
        path="/a/anseleasternharbour.htm",
    )
    assert pick_headline(page_titles) == ("Ansel-Easternharbour", "h1", 0)
    assert (
        pick_headline(titles(title=page_titles.title, h1s=page_titles.h1s))[0]
        == "Walks along the coast"
    )


@given(st.text("ab  -–|:»<›/~_｜：\t", max_size=20))
def test_the_separator_signs_agree_with_the_separator_pattern(text: str) -> None:
    spans = [match.span() for match in TITLE_SEPARATOR.finditer(text)]
    assert [match.span() for match in separators(text)] == spans


def read(html: str) -> Titles:
    return read_titles(Document(html.encode(), "https://example.org/1"))


def test_the_lines_below_an_h1_come_from_the_page() -> None:
    page_titles = read(
        "<div><h1>Bridge opening</h1><p>Traffic</p><p>Mayor is <b>glad</b></p></div>"
    )
    assert [block.text for block in page_titles.below(0)[:2]] == ["Traffic", "Mayor is glad"]


def test_a_pages_title_is_not_a_site_name() -> None:
    name = "Bridge opens at last after nine years"
    page_titles = read(
        f'<title>{name}</title><meta property="og:site_name" content="{name}"><p>Text'
    )
    assert page_titles.site_names == ()


def test_a_doubly_escaped_entity_is_one_character_of_the_h1() -> None:
    assert read("<h1>Bridges &amp;amp; tunnels</h1>").h1s == ("Bridges & tunnels",)


@pytest.mark.parametrize(
    ("name", "is_own"),
    [("Example Daily", True), ("Morgenblatt", True), ("Ana Example", False)],
)
def test_a_byline_may_be_the_sites_own_name(name: str, is_own: bool) -> None:
    page_titles = titles(sites=("Example Daily",), host="www.morgenblatt.example")
    assert is_own_name(name, page_titles) is is_own
