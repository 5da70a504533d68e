"""`add`, `list`, `pause`, `resume` and `remove`, with feeds, sitemaps and sections."""

import pytest

from tests.support.pages import article_html
from tests.support.shell import Shell
from tests.support.site import Answer, Site


def test_a_watch_is_added_paused_resumed_and_removed(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    shell("add", url)
    assert [row["state"] for row in shell.json("list", "--json")] == ["active"]
    shell("pause", url)
    assert "nothing is due" in shell("run", "--once").output
    shell("resume", url)
    assert "new v1" in shell("run", "--once", "--delay", "0").output
    shell("remove", url)
    assert "nothing is due" in shell("run", "--once").output
    assert "Harbour bridge" in shell("show", url).output
    assert shell("remove", site.url + "/none").exit_code == 1


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>{url}/</link>
<item><title>One</title><link>{url}/news/1?utm_source=rss</link></item>
<item><title>Two</title><link>/news/2</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{url}/news/1"/></entry>
<entry><link href="{url}/news/2"/></entry></feed>"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>{url}/news/1</loc></url><url><loc>{url}/news/2</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{url}/news.xml</loc>
</sitemap></sitemapindex>"""
SECTION = """<p><a href=/news/1>One</a> <a href="/news/2#c">Two</a> <a href=/about>About</a>
<a href=https://elsewhere.example/news/33333>Else</a> <a href=/photo-12345.jpg>Photo</a>
<a href=/2026/05/14/bridge>3</a>"""


@pytest.mark.parametrize(
    ("option", "source"),
    [("--feed", FEED), ("--feed", ATOM), ("--sitemap", SITEMAP), ("--sitemap", INDEX)],
    ids=["rss", "atom", "sitemap", "index"],
)
def test_a_source_adds_its_articles(site: Site, shell: Shell, option: str, source: str) -> None:
    for number in (1, 2):
        site.page(f"/news/{number}", article_html(f"Story {number} of the day"))
    site.answers["/news.xml"] = Answer(SITEMAP.format(url=site.url).encode())
    site.answers["/source"] = Answer(source.format(url=site.url).encode())
    shell("add", option, site.url + "/source")
    shell("run", "--once", "--delay", "0")
    article_urls = sorted(
        str(row["url"]) for row in shell.json("list", "--json") if row["kind"] == "article"
    )
    assert article_urls == [f"{site.url}/news/1", f"{site.url}/news/2"]


def test_a_source_cannot_add_private_addresses(site: Site, shell: Shell) -> None:
    feed_xml = ATOM.replace("{url}/news/2", "http://127.0.0.2:1/secret").format(url=site.url)
    site.answers["/source"] = Answer(feed_xml.encode())
    shell("add", "--feed", site.url + "/source")
    shell("run", "--once", "--delay", "0")
    kinds = {str(row["url"]): row["kind"] for row in shell.json("list", "--json")}
    assert kinds == {f"{site.url}/source": "feed", f"{site.url}/news/1": "article"}


def test_a_section_page_adds_the_articles_it_links_to(site: Site, shell: Shell) -> None:
    site.answers["/world"] = Answer(SECTION.encode(), headers={"Content-Type": "text/html"})
    shell("add", "--section", site.url + "/world")
    shell("run", "--once", "--delay", "0")
    article_urls = sorted(
        str(row["url"]) for row in shell.json("list", "--json") if row["kind"] == "article"
    )
    assert article_urls == [f"{site.url}/2026/05/14/bridge"]
