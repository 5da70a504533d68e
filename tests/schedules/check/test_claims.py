"""Nobody claims an address on another host: what leads elsewhere is checked there."""

import pytest

from scraper.http.addresses import AllowedHosts
from storage.articles.watch import watch_article
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Names, Site

STORY = article_html(head='<meta property="og:type" content="article">')
FORGERY = STORY.replace("two years after", "two years and a bribe after")
VICTIM, EVIL, PAPER = "victim.example", "evil.example", "paper.co.kr"


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch, checker: Checker) -> Names:
    """All hosts of these tests are at 127.0.0.1, which stands for the internet."""
    names = Names(monkeypatch)
    names.addresses = dict.fromkeys(
        (VICTIM, EVIL, "m.blogspot.com", "n.blogspot.com", f"news.{PAPER}", f"www.{PAPER}"), "127.0.0.1"
    )  # fmt: skip
    checker.allowed = AllowedHosts.of(["127.0.0.1"])
    return names


def at(site: Site, host: str, path: str = "/2026/bridge-opens") -> str:
    return site.url.replace("127.0.0.1", host) + path


def serve(site: Site, path: str, **by_host: str | Answer) -> None:
    """Let a path answer by the host that is asked, such as `victim=…` for victim.example."""

    def answer(headers: dict[str, str]) -> Answer:
        page = by_host[headers["host"].partition(".")[0]]
        html = {"Content-Type": "text/html; charset=utf-8"}
        return Answer(page.encode(), headers=html) if isinstance(page, str) else page

    site.answers[path] = answer


def redirect(target: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": target})


def hosts_asked(site: Site) -> list[str]:
    return [
        headers["host"].partition(":")[0]
        for path, headers in site.requests
        if path != "/robots.txt"
    ]


def articles(checker: Checker) -> list[tuple[str, str]]:
    return checker.db.execute("select url, host from articles order by id").fetchall()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("is_watched", [False, True], ids=["fetched", "watched"])
def test_a_redirect_to_another_owner_is_the_article_of_that_address(
    site: Site, checker: Checker, status: int, is_watched: bool
) -> None:
    """A forgery that the redirecting host serves later is never asked for."""
    victim, evil = at(site, VICTIM), at(site, EVIL, "/2026/a")
    serve(site, "/2026/bridge-opens", victim=STORY)
    serve(site, "/2026/a", evil=redirect(victim, status))
    if is_watched:
        watch_article(checker.db, evil, at=checker.clock.now())
    assert checker(evil).result.outcome == "new"
    assert articles(checker) == [(victim, VICTIM)]
    serve(site, "/2026/a", evil=FORGERY)
    site.requests.clear()
    for url in (victim, evil):
        checker.clock.skip(hours=1)
        assert checker(url).result.outcome == "unchanged"
    assert hosts_asked(site) == [VICTIM, VICTIM]


def test_a_host_whose_name_reads_like_another_is_not_taken_for_it(
    site: Site, checker: Checker, names: Names
) -> None:
    """Who is asked for "faß.example" owns xn--fa-hia.example. Its answer was recorded for fass.example."""
    names.addresses |= {"fass.example": "127.0.0.1", "xn--fa-hia.example": "127.0.0.1"}
    victim, evil = at(site, "fass.example"), at(site, EVIL, "/2026/a")
    pages = {"fass": STORY, "xn--fa-hia": FORGERY}
    serve(site, "/2026/bridge-opens", **pages)
    serve(site, "/2026/a", evil=redirect(at(site, "faß.example")))
    checker(victim)
    checker.clock.skip(hours=1)
    assert checker(evil).result.outcome == "new"
    assert checker(victim).result.outcome == "unchanged"
    assert articles(checker) == [(victim, "fass.example"), (at(site, "xn--fa-hia.example"), "xn--fa-hia.example")]  # fmt: skip


def test_a_forgery_at_a_redirecting_address_is_no_edit_of_the_stored_target(
    site: Site, checker: Checker
) -> None:
    victim, evil = at(site, VICTIM), at(site, EVIL, "/2026/a")
    serve(site, "/2026/bridge-opens", victim=STORY)
    serve(site, "/2026/a", evil=redirect(victim))
    checker(victim)
    checker(evil)
    serve(site, "/2026/a", evil=FORGERY)
    checker.clock.skip(hours=1)
    assert (checker(victim).result.outcome, checker(evil).result.outcome) == ("unchanged", "unchanged")  # fmt: skip
    assert len(articles(checker)) == 1


@pytest.mark.parametrize("rel", ["canonical", "alternate"])
def test_a_page_that_names_an_address_of_another_host_does_not_get_it(
    site: Site, checker: Checker, rel: str
) -> None:
    victim, evil = at(site, VICTIM), at(site, EVIL, "/2026/a")
    link = f'<link rel="{rel}" href="{victim}"><meta property="og:url" content="{victim}">'
    serve(site, "/2026/a", evil=FORGERY.replace("</head>", link + "</head>"))
    serve(site, "/2026/bridge-opens", victim=STORY)
    checker(evil)
    site.requests.clear()
    assert checker(victim).result.outcome == "new"
    checker.clock.skip(hours=1)
    assert checker(victim).result.outcome == "unchanged"
    assert set(hosts_asked(site)) == {VICTIM}


def test_a_stored_claim_of_another_site_is_not_asked(site: Site, checker: Checker) -> None:
    victim, evil = at(site, VICTIM), at(site, EVIL, "/2026/a")
    serve(site, "/2026/a", evil=FORGERY)
    serve(site, "/2026/bridge-opens", victim=STORY)
    checker(evil)
    checker.db.execute("insert into aliases (url, article_id, declared_by) values (?, 1, 1)", [victim])  # fmt: skip
    site.requests.clear()
    assert checker(victim).result.outcome == "new"
    assert hosts_asked(site) == [VICTIM]


def test_a_temporary_redirect_of_one_owner_keeps_its_address(site: Site, checker: Checker) -> None:
    old, new = at(site, f"news.{PAPER}", "/2026/a"), at(site, f"www.{PAPER}")
    serve(site, "/2026/a", news=redirect(new))
    serve(site, "/2026/bridge-opens", www=STORY)
    checker(old)
    assert articles(checker) == [(old, f"news.{PAPER}")]


def test_a_copy_in_a_cache_that_names_its_source_stays_there(site: Site, checker: Checker) -> None:
    source, cache = at(site, VICTIM, "/2026/a"), at(site, EVIL)
    link = f'<link rel="canonical" href="{source}">'
    serve(site, "/2026/a", victim=redirect(cache))
    serve(site, "/2026/bridge-opens", evil=STORY.replace("</head>", link + "</head>"))
    checker(source)
    assert articles(checker) == [(source, VICTIM)]


def test_two_people_under_one_public_suffix_are_two_sites(site: Site, checker: Checker) -> None:
    """A prefix such as m. is somebody's name there."""
    mine, theirs = at(site, "m.blogspot.com", "/2026/a"), at(site, "n.blogspot.com")
    link = f'<link rel="canonical" href="{theirs}">'
    serve(site, "/2026/a", m=FORGERY.replace("</head>", link + "</head>"))
    serve(site, "/2026/bridge-opens", n=STORY)
    checker(mine)
    site.requests.clear()
    assert checker(theirs).result.outcome == "new"
    assert hosts_asked(site) == ["n.blogspot.com"]
