"""Pages of other sites cannot ask for ours, start queries, embed them or read them through another name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.web_history import Visitor, many_edits, visitor_of

OUR_PAGES = ("/", "/edit/1", "/article/1.json", "/search?q=fire", "/edits.atom")
TABLE_PAGES = (
    "/variorum",
    "/variorum/edits",
    "/variorum/edits.json?_facet=kind",
    "/variorum?sql=select+1",
)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    path: Path = tmp_path_factory.mktemp("web") / "v.db"
    many_edits(path, articles=2).close()
    with visitor_of(path, sql=True) as visitor:
        yield visitor


def status(visitor: Visitor, path: str, **headers: str) -> int:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor.send_request(path, **names).status_code


@pytest.mark.parametrize("path", [*OUR_PAGES, *TABLE_PAGES])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    "target", ["image", "script", "style", "iframe", "object", "empty", "audio"]
)
def test_another_site_embeds_and_fetches_nothing(
    visitor: Visitor, path: str, site: str, target: str
) -> None:
    mode = "navigate" if target in ("iframe", "object") else "no-cors"
    assert (
        status(visitor, path, sec_fetch_site=site, sec_fetch_mode=mode, sec_fetch_dest=target)
        == 403
    )


@pytest.mark.parametrize("path", OUR_PAGES)
def test_a_link_from_another_site_leads_to_our_pages(visitor: Visitor, path: str) -> None:
    headers = {
        "sec_fetch_site": "cross-site",
        "sec_fetch_mode": "navigate",
        "sec_fetch_dest": "document",
    }
    assert status(visitor, path, **headers) == 200


@pytest.mark.parametrize("path", TABLE_PAGES)
def test_a_link_from_another_site_starts_no_query(visitor: Visitor, path: str) -> None:
    headers = {
        "sec_fetch_site": "cross-site",
        "sec_fetch_mode": "navigate",
        "sec_fetch_dest": "document",
    }
    assert status(visitor, path, **headers) == 403


@pytest.mark.parametrize("path", [*OUR_PAGES, *TABLE_PAGES])
@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_ones_own_requests_are_answered(visitor: Visitor, path: str, site: str | None) -> None:
    assert status(visitor, path, **({"sec_fetch_site": site} if site else {})) == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:9", "http://localhost.evil.example"])  # fmt: skip
def test_an_old_browser_is_judged_by_its_origin(visitor: Visitor, origin: str) -> None:
    assert status(visitor, "/", origin=origin) == 403
    assert status(visitor, "/", origin="http://localhost") == 200


def test_an_old_browser_starts_no_query_from_another_site(visitor: Visitor) -> None:
    assert status(visitor, "/variorum/edits", referer="https://evil.example/page") == 403
    assert status(visitor, "/variorum/edits", referer="http://localhost/variorum") == 200
