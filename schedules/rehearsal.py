"""Two checks of an invented article, so that processes forked afterwards have read a page already.

The patterns of the program and its body model are compiled when they are first used, which takes ten
times as long as reading a page. A reader that is forked after a rehearsal shares what was compiled.
"""

from datetime import UTC, datetime, timedelta

from schedules.check.decide import decide, seems_edited
from schedules.check.observe import Observation, Request, observe, page_of
from schedules.check.page_text import LazyPageText
from schedules.check.previous import Previous
from scraper.extract.html.document import Document
from scraper.fetch import Response
from storage.articles.state import ArticleState

URL = "https://news.example/2024/05/14/ferry-timetable"
FIRST_AT = datetime(2024, 5, 14, 12, tzinfo=UTC)
PAGE = """<!doctype html><html lang="en"><head><title>Ferry timetable stays - The Harbour Gazette</title>
<meta property="og:title" content="Ferry timetable stays"><meta property="og:type" content="article">
<meta name="description" content="The winter brings no change."><link rel="canonical" href="{url}">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Ferry timetable stays", "datePublished": "2024-05-14T09:00:00Z",
"dateModified": "2024-05-14T10:00:00Z", "author": {{"@type": "Person", "name": "Ada Miles"}}}}</script></head>
<body><header><nav><a href="/">Home</a> <a href="/harbour">Harbour</a></nav></header><main><article>
<h1>Ferry timetable stays</h1><p class="dek">The winter brings no change.</p>
<p class="byline">By <a href="/authors/ada-miles">Ada Miles</a></p><time datetime="2024-05-14T09:00:00Z">14 May</time>
<figure><img src="/ferry.jpg" alt=""><figcaption>The ferry in May.</figcaption></figure>
{paragraphs}<ul><li>Six ferries</li><li>Two harbours</li></ul></article>
<aside><h2>Most read</h2><ul><li><a href="/2024/05/13/bridge">The bridge opens at {number}</a></li></ul></aside>
</main><footer>{number} readers</footer></body></html>"""
PARAGRAPH = (
    "<p>Ferry number {number} leaves at the same hour as last year, “and with as many seats”, said"
    " harbour master Sam Lee on Monday, after {count} passengers had asked for 2,000 more.</p>"
)


def rehearse() -> None:
    """Check an article twice, without network and database; the second check sees an edit."""
    nobody = Previous(ArticleState(None, URL), LazyPageText(lambda: Document(b"", URL)))
    new = _observation(FIRST_AT, count=300)
    result = decide(nobody, new, None, now=FIRST_AT)
    state = nobody.state.after(result, extractor="rehearsal", article_id=1)
    previous, later = Previous(state, page_of(new)), FIRST_AT + timedelta(hours=1)
    edited = _observation(later, count=400)
    if seems_edited(previous, edited):
        decide(previous, edited, _observation(later, count=400), now=later)


def _observation(at: datetime, *, count: int) -> Observation:
    paragraphs = "".join(PARAGRAPH.format(number=n, count=count) for n in range(1, 7))
    page = PAGE.format(url=URL, paragraphs=paragraphs, number=at.hour)
    headers = {"content-type": "text/html; charset=utf-8"}
    return observe(Request(URL), at, Response(URL, URL, 200, headers, page.encode(), 0))
