"""The demo's news site: noise in every response, edits only when it advances."""

import http.client
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from xml.etree import ElementTree

import pytest

from variorum.demo.pages import Stage, load_articles
from variorum.demo.site import DemoSite

STARTED_AT = datetime(2026, 3, 2, 9, 41, 30, tzinfo=UTC)
ARTICLES, _ = load_articles()
SLUGS = [stages[0].slug for stages in ARTICLES]


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite(seed=7, started_at=STARTED_AT) as site:
        yield site


def get(
    site: DemoSite, path: str, headers: dict[str, str] | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(*site.address, timeout=5)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def texts(stage: Stage) -> tuple[str, ...]:
    return (stage.headline, *stage.dek, stage.caption, *stage.paragraphs)


def missing_texts(stage: Stage, page: bytes) -> list[str]:
    page_text = unescape(page.decode(stage.charset))
    return [text for text in texts(stage) if text not in page_text]


@pytest.mark.parametrize("number", range(4), ids=SLUGS)
def test_two_responses_differ_in_bytes_but_not_in_text(site: DemoSite, number: int) -> None:
    stage = site.current[number]
    (_, first_page), (_, second_page) = get(site, stage.path), get(site, stage.path)
    assert first_page != second_page
    assert missing_texts(stage, first_page) == missing_texts(stage, second_page) == []


def test_the_same_seed_gives_the_same_noise() -> None:
    pages = []
    for _ in range(2):
        with DemoSite(seed=3, started_at=STARTED_AT) as site:
            page = get(site, site.current[0].path)[1].decode()
            pages.append(page.replace(site.base_url, ""))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("number", range(4), ids=SLUGS)
def test_every_stage_is_served_in_turn(site: DemoSite, number: int) -> None:
    for stage in ARTICLES[number]:
        _, page = get(site, stage.path)
        assert missing_texts(stage, page) == []
        site.advance()


def test_advance_returns_false_after_the_last_stage(site: DemoSite) -> None:
    assert [site.advance() for _ in range(4)] == [True, True, True, False]
    assert site.stage == 3


def test_the_first_stage_corrects_two_swapped_digits() -> None:
    before, after = ARTICLES[SLUGS.index("en")][:2]
    assert before.text["injured"].replace("12 people", "21 people") == after.text["injured"]


def test_a_headline_goes_and_comes_back() -> None:
    headlines = [stage.headline for stage in ARTICLES[SLUGS.index("ja")]]
    assert headlines[3] == headlines[1] != headlines[2]


def test_a_modified_time_is_shown_once_the_stage_has_one(site: DemoSite) -> None:
    path = ARTICLES[SLUGS.index("ko")][0].path
    assert "수정 20" not in get(site, path)[1].decode()
    site.advance()
    site.advance()
    assert "수정 2026-03-02 18:35" in get(site, path)[1].decode()


def test_an_etag_is_answered_304_until_the_article_changes(site: DemoSite) -> None:
    path = ARTICLES[SLUGS.index("de")][0].path
    etag = get(site, path)[0].headers["ETag"]
    statuses = []
    for _ in range(3):
        statuses.append(get(site, path, {"If-None-Match": etag})[0].status)
        site.advance()
    assert statuses == [304, 304, 200]


def test_the_japanese_page_declares_its_charset_only_in_its_meta(site: DemoSite) -> None:
    response, page = get(site, ARTICLES[SLUGS.index("ja")][0].path)
    assert response.headers["Content-Type"] == "text/html"
    assert b"charset=Shift_JIS" in page


def test_robots_txt_allows_everyone(site: DemoSite) -> None:
    assert get(site, "/robots.txt")[1] == b"User-agent: *\nAllow: /\n"


def test_home_page_and_feed_list_the_articles(site: DemoSite) -> None:
    home = get(site, "/")[1].decode()
    feed = ElementTree.fromstring(get(site, "/feed.xml")[1])
    assert all(url in home for url in site.urls)
    assert tuple(link.text for link in feed.findall("channel/item/link")) == site.urls


def test_an_unknown_path_is_not_found(site: DemoSite) -> None:
    assert get(site, "/news/view/1")[0].status == 404


def test_the_server_listens_on_one_address_only(site: DemoSite) -> None:
    assert site.address[0] == "127.0.0.1"
    with pytest.raises(OSError):  # noqa: PT011 - refused on Linux, no such address elsewhere
        socket.create_connection(("127.0.0.2", site.address[1]), timeout=2).close()


def test_nothing_listens_after_the_context_ends() -> None:
    with DemoSite() as site:
        address = site.address
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=2).close()
