"""Which of the dates on a page is the article's: not those in its text, beside it, or of its entries."""

from datetime import UTC, date, datetime

import pytest

from scraper.extract.html.document import Document
from scraper.extract.metadata import Metadata, read_metadata

HEADLINE = "Lantern keepers vote to light the northern pier again"
TEXTS = (
    "The lantern keepers of Osk voted on Monday to light the northern pier again, four winters after the last lamp was"
    " carried into the town hall and forgotten there.",
    "Fishers had asked for the lamps since the spring, when two boats ran on the stones below the pier in one night and"
    " were only found by their dogs.",
    "The oil will come from the mainland, in small barrels, because the large ones no longer fit through the door of the"
    " keepers' hut since it was painted.",
)
PARAGRAPHS = [f"<p>{text}</p>" for text in TEXTS]
TAGGED = datetime(2026, 7, 6, 5, 5, tzinfo=UTC)
JSON_LD = (
    f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{HEADLINE}",'
    ' "datePublished": "2026-07-06T05:05:00Z", "dateModified": "2026-07-06T05:05:00Z"}</script>'
)
SHOWN = '<div class="byline">By Ana Example | 6 July 2026</div>'


def read(html: str, url: str = "https://www.example.org/osk/lanterns") -> Metadata:
    return read_metadata(Document(html.encode(), url))


def page(
    *, head: str = "", top: str = "", between: str = "", after: str = "", lead: str = ""
) -> str:
    return f"""<html lang="en"><head><title>{HEADLINE}</title>{head}</head><body>
        <div class="page"><div class="head">{top}<a href="/">Osk Lantern</a><ul><li><a href="/n">News</a></li><li><a
        href="/s">Sea</a></li><li><a href="/h">Harbour</a></li><li><a href="/w">Wind</a></li><li><a href="/t">Tide</a></li>
        <li><a href="/b">Boats</a></li></ul></div>
        <div class="story"><h1>{HEADLINE}</h1>{lead}{PARAGRAPHS[0]}{between}{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div></div>
        {after}</body></html>"""


DATES_IN_TEXT = {
    "a sentence": "<p>The last lamp went out on 12 March 2019.</p>",
    "a date alone": "<p><b>12 March 2019</b></p>",
    "a heading": "<h3>12 March 2019</h3>",
    "a list": "<ul><li>12 March 2019: lamp lit</li><li>3 May 2020: lamp lost</li></ul>",
    "a table": "<table><tr><td>12 March 2019</td><td>lit</td></tr><tr><td>3 May 2020</td><td>lost</td></tr></table>",
    "terms": "<dl><dt>12 March 2019</dt><dd>lit</dd><dt>3 May 2020</dt><dd>lost</dd></dl>",
    "a time element": '<p>It went out on <time datetime="2019-03-12">12 March 2019</time>.</p>',
    "a quotation": "<blockquote>It went out on 12 March 2019.</blockquote>",
    "a caption": "<figure><img src=x><figcaption>The pier, 12 March 2019</figcaption></figure>",
    "a fact": "<p>Last lit: 12 March 2019</p>",
    "a report that was published": "<p>The report was published on 12 March 2019.</p>",
    "Korean": "<p>등대는 2019년 3월 12일에 꺼졌다.</p>",
    "entries": '<div class="item"><time datetime="2019-03-12">12 March</time><p>The lamp was lit by the keepers</p></div>'
    '<div class="item"><time datetime="2020-05-03">3 May</time><p>The lamp was lost by the keepers</p></div>',
}
in_text = pytest.mark.parametrize("line", DATES_IN_TEXT.values(), ids=DATES_IN_TEXT)


@in_text
def test_a_date_in_the_text_is_not_that_of_the_article(line: str) -> None:
    assert read(page(between=line)).published_at is None


@in_text
def test_a_date_in_the_text_overrules_no_tag(line: str) -> None:
    assert read(page(head=JSON_LD, between=line)).published_at == TAGGED
    assert read(page(head=JSON_LD, lead=line)).published_at == TAGGED


@in_text
def test_a_date_in_the_text_overrules_no_date_by_the_headline(line: str) -> None:
    assert read(page(lead=SHOWN, between=line)).published_at == date(2026, 7, 6)


@pytest.mark.parametrize(
    "box",
    [
        '<div class="comments"><b>Bo</b> <time datetime="2026-08-01T10:00Z">1 August 2026</time><p>Good.</p></div>',
        '<aside><time datetime="2026-08-01">1 August 2026</time> Boat race won</aside>',
        '<div><span class="date">1 August 2026</span> <a href="/x">Boat race won by the youngest of the keepers</a></div>',
        '<ul><li>1 August 2026 <a href="/x">Boat race</a></li><li>2 August 2026 <a href="/y">Fog</a></li></ul>',
        "<footer><p>Updated 1 August 2026, 09:12</p></footer>",
        "<footer><span>1 August 2026</span></footer>",
        '<div class="sidebar"><p>1 August 2026</p></div>',
    ],
    ids=["comments", "aside", "teaser", "list", "footer with a label", "footer", "sidebar"],
)
def test_a_date_beside_the_text_is_not_that_of_the_article(box: str) -> None:
    assert read(page(after=box)).published_at is None
    assert read(page(after=box, lead=SHOWN)).published_at == date(2026, 7, 6)


@pytest.mark.parametrize(
    "clock", ["<b>Monday, 30 November 2026</b>", '<i class="date">30.11.2026, 09:12</i>']
)
def test_the_clock_in_the_header_of_a_page_is_not_the_date_of_the_article(clock: str) -> None:
    assert read(page(top=clock)).published_at is None


@pytest.mark.parametrize(
    "line",
    [
        "Date: 12 December 2026, 19:30. Place: Keepers' hut",
        "When: 12 December 2026, 19:30",
        "Last lit: March 12, 2019",
        "The meeting is on 12 December 2026.",
    ],
)
def test_the_date_of_an_event_below_the_headline_is_not_that_of_the_article(line: str) -> None:
    assert read(page(lead=f"<p>{line}</p>")).published_at is None


@pytest.mark.parametrize(
    "line",
    [
        "<p>6 July 2026</p>",
        "<p>By Ana Example · 6 July 2026 · 5 min read</p>",
        f'<p class="standfirst">{TEXTS[2]}</p><p>6 July 2026</p>',
        "<ul><li>Ana Example</li><li>6 July 2026</li><li>5 comments</li></ul>",
        '<div><a href="/2026/07">6 July 2026</a></div>',
        '<div><time datetime="2026-07-06">6 July</time></div>',
        "<p>Osk Lantern</p><p>Date: 6 July 2026</p>",
    ],
)
def test_a_date_by_the_headline_is_that_of_the_article(line: str) -> None:
    assert read(page(lead=line)).published_at == date(2026, 7, 6)


def test_a_date_inside_the_headline_is_that_of_the_article() -> None:
    html = page().replace("</h1>", "<br><small>6 July 2026</small></h1>")
    assert read(html).published_at == date(2026, 7, 6)


@pytest.mark.parametrize(
    "line", ["Published 6 July 2026", "This article was originally published on 6 July 2026."]
)
def test_a_label_makes_a_date_below_the_text_that_of_the_article(line: str) -> None:
    assert read(page(after=f"<p>{line}</p>")).published_at == date(2026, 7, 6)


def live_blog(posts: int, tag: str) -> str:
    entries = "".join(
        f'<{tag} class="post" id="p{post}"><header><time datetime="2026-07-06T1{post}:05Z">{post} o\'clock</time>'
        f"<h3>Post {post}</h3></header>{PARAGRAPHS[post % 3]}</{tag}>"
        for post in range(posts, 0, -1)
    )
    return f"<html><title>{HEADLINE}</title><body><article><h1>{HEADLINE}</h1>{entries}</article></body></html>"


@pytest.mark.parametrize("tag", ["article", "div", "li", "section"])
def test_a_new_post_of_a_live_blog_does_not_move_its_publication(tag: str) -> None:
    assert read(live_blog(4, tag)).published_at == read(live_blog(5, tag)).published_at


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2026/july/06/lanterns", date(2026, 7, 6)),
        ("/lanterns-26-07-2026", date(2026, 7, 26)),
        ("/06-07-2026/x", None),
    ],
)
def test_the_address_may_name_the_month_or_begin_with_the_day(path: str, day: date | None) -> None:
    assert read(page(), f"https://www.example.org{path}").published_at == day


def test_the_address_tells_the_day_from_the_month() -> None:
    html = page(lead='<p class="date">06/07/2026</p>')
    assert read(html, "https://www.example.org/2026/07/06/lanterns").published_at == date(
        2026, 7, 6
    )
    assert read(html).published_at == date(2026, 6, 7)


def test_the_earliest_of_the_metas_that_name_a_publication_counts() -> None:
    metas = '<meta name="x-published-time" content="2026-07-09T08:00Z"><meta name="x-published-date" content="2026-07-06">'
    assert read(page(head=metas)).published_at == date(2026, 7, 6)
