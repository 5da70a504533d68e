"""Which of a page's titles is its headline."""

import pytest

from scraper.extract.headline import pick, with_kicker
from scraper.extract.titles import Titles, is_own_name, strip_site


def titles(
    *,
    json_ld: str | None = None,
    og: str | None = None,
    title: str | None = None,
    h1s: tuple[str, ...] = (),
    sites: tuple[str, ...] = (),
    host: str = "www.example.org",
) -> Titles:
    claims = (("json-ld", json_ld), ("og:title", og))
    known = tuple((source, text) for source, text in claims if text)
    return Titles(known, h1s, title, sites, host)


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
    ],
)
def test_the_sites_name_is_taken_off_where_there_is_evidence(
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
def test_a_title_with_a_separator_stays_whole_without_evidence(text: str) -> None:
    assert strip_site(text, titles(sites=("Example Daily",))) == text


@pytest.mark.parametrize(
    ("given", "headline", "source"),
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
        (titles(), None, None),
    ],
    ids=[
        "the h1 that the title repeats",
        "what a reader sees beats the tags",
        "a site's name is no headline",
        "the tags where no heading is",
        "a kicker inside the h1",
        "a date inside the h1",
        "an only h1 in other words",
        "a last part behind a bar",
        "nothing",
    ],
)
def test_the_headline_is_what_a_reader_sees(
    given: Titles, headline: str | None, source: str | None
) -> None:
    assert pick(given)[:2] == (headline, source)


def test_a_kicker_above_the_h1_belongs_to_the_headline_where_two_tags_have_it() -> None:
    known = titles(json_ld="Traffic: Bridge opens", og="Traffic: Bridge opens")
    assert with_kicker("Bridge opens", known, ["Traffic"]) == "Traffic: Bridge opens"
    assert with_kicker("Bridge opens", known, ["Region"]) == "Bridge opens"


@pytest.mark.parametrize(
    ("name", "is_own"),
    [("Example Daily", True), ("Morgenblatt", True), ("Ana Example", False)],
)
def test_a_byline_may_be_the_site_itself(name: str, is_own: bool) -> None:
    known = titles(sites=("Example Daily",), host="www.morgenblatt.example")
    assert is_own_name(name, known) is is_own
