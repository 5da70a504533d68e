"""`add`, `list`, `pause`, `resume` and `remove`, with feeds, sitemaps and sections."""

import re

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


def test_a_removed_article_keeps_its_history_and_an_erased_one_does_not(
    edited_url: str, shell: Shell
) -> None:
    assert "its history is kept" in shell("remove", edited_url).output
    assert "Harbour bridge" in shell("show", edited_url).output
    assert "with 2 versions" in shell("remove", "--erase", "--yes", edited_url).output
    assert shell("show", edited_url).exit_code == 1


def test_what_is_not_watched_cannot_be_removed(edited_url: str, shell: Shell) -> None:
    assert shell("remove", edited_url + "/none").exit_code == 1


def test_list_says_when_each_next_check_is_and_why(edited_url: str, shell: Shell) -> None:
    shell("add", edited_url)
    assert re.search(r"2 versions · next \d{4}-\d\d-\d\d \d\d:\d\d UTC · \w", shell("list").output)


def test_an_empty_list_says_how_to_begin(edited_url: str, shell: Shell) -> None:
    assert "no article is gone" in shell("list", "--state", "gone").output


def test_an_interval_and_a_cron_line_exclude_each_other(site: Site, shell: Shell) -> None:
    result = shell("add", "--every", "10m", "--cron", "* * * * *", site.url + "/a")
    assert (result.exit_code, "exclude each other" in result.output) == (2, True)


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
