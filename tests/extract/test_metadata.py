"""Metadata of whole pages, written here in the shapes of real ones."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.extract.html.document import Document
from scraper.extract.metadata import Metadata, read_metadata

BODY = "<p>{}</p><p>{}</p>".format(
    "The new bridge over the river opened on Friday after nine years of work, the town said. " * 2,
    "Engineers had warned in spring that the last span would not be ready before the autumn. " * 2,
)


def read(html: str, url: str = "https://www.example.org/news/bridge") -> Metadata:
    page = f"<!doctype html>{html}".encode("utf-8", "surrogatepass")
    return read_metadata(Document(page, url, "text/html; charset=utf-8"))


def json_ld(**fields: object) -> str:
    article = {"@type": "NewsArticle", "headline": "Bridge opens at last", **fields}
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


def test_a_complete_page_gives_every_field_and_its_source() -> None:
    page = read(
        f"""<html lang="en-GB"><head><title>Bridge opens at last - Example Daily</title>
        <meta property="og:site_name" content="Example Daily">
        <link rel="canonical" href="/news/bridge?ref=x">
        {
            json_ld(
                author={"@type": "Person", "name": "Ana Example"},
                datePublished="2024-03-01T09:30:00+01:00",
                dateModified="2024-03-01T11:00:00+01:00",
                articleSection="Region",
                articleBody="The new bridge.",
            )
        }</head><body><article><h1>Bridge opens at last</h1>
        <p class="standfirst">Nine years late, and over budget by half</p>{BODY}</article>"""
    )
    assert page == Metadata(
        headline="Bridge opens at last",
        dek="Nine years late, and over budget by half",
        byline=("Ana Example",),
        published_at=datetime(2024, 3, 1, 8, 30, tzinfo=UTC),
        modified_at=datetime(2024, 3, 1, 10, 0, tzinfo=UTC),
        section="Region",
        lang="en",
        canonical_url="https://www.example.org/news/bridge?ref=x",
        schema_body="The new bridge.",
    )
    assert page.sources == {
        "headline": "h1",
        "dek": "visible",
        "byline": "json-ld",
        "published_at": "json-ld",
        "modified_at": "json-ld",
        "section": "json-ld",
    }


def test_a_korean_page_without_meta_tags_is_read_from_its_visible_text() -> None:
    page = read(
        """<html><head><title>새 다리 9년 만에 개통 - 보기경제</title></head><body>
        <div class="view"><h1>새 다리 9년 만에 개통</h1>
        <div class="info"><span>입력 2024-03-01 15:31</span> <span>수정 2024-03-01 16:02</span></div>
        <div class="top"><p><strong>공사비는 예산의 절반을 넘겨</strong></p>
        <p><strong>시장 “시민들께 송구하고 감사”</strong></p></div>
        <div><p>[보기경제 홍길순 기자] 강을 가로지르는 새 다리가 9년의 공사 끝에 금요일 개통했다고 시가 이날 밝혔다.
        기술자들은 봄에 이미 마지막 구간이 가을 전에는 준비되지 않을 것이라고 경고한 바 있다.</p></div></div>""",
        "https://www.example.com/news/view/1",
    )
    assert page.lang == "ko"
    assert page.headline == "새 다리 9년 만에 개통"
    assert page.dek == "공사비는 예산의 절반을 넘겨\n시장 “시민들께 송구하고 감사”"
    assert page.byline == ("홍길순",)
    assert page.published_at == datetime(2024, 3, 1, 6, 31, tzinfo=UTC)
    assert page.modified_at == datetime(2024, 3, 1, 7, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("visible_text", "hour"),
    [("입력 2024.03.01 10:00", 1), ("입력 2024.03.01 19:00", 10), ("", 10)],
    ids=["the same wall time: KST", "nine hours later: UTC", "no other time: as labelled"],
)
def test_kst_labelled_as_utc_is_detected_from_the_visible_time(
    visible_text: str, hour: int
) -> None:
    page = read(
        f"""<html lang="ko">{json_ld(headline="새 다리 개통", datePublished="2024-03-01T10:00:00Z")}
        <h1>새 다리 개통</h1><p>{visible_text}</p>""",
        "https://www.example.co.kr/1",
    )
    assert page.published_at == datetime(2024, 3, 1, hour, 0, tzinfo=UTC)


def test_jst_labelled_as_utc_is_detected_from_the_visible_time() -> None:
    page = read(
        f"""<html lang="ja">{json_ld(headline="新しい橋が開通", datePublished="2024-03-01T10:00:00Z")}
        <h1>新しい橋が開通</h1><p>2024年3月1日 10:00</p>""",
        "https://www.example.jp/1",
    )
    assert page.published_at == datetime(2024, 3, 1, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "day", "source"),
    [
        ("Updated: 1 March 2024", date(2024, 3, 1), "visible"),
        ("Updated: 1 March 2024</p><p>Posted: 28 February 2024", date(2024, 2, 28), "visible"),
        ("No day", None, None),
    ],
    ids=["a change only", "a change and a publication", "nothing"],
)
def test_a_day_far_below_the_headline_is_used_only_without_a_nearer_one(
    line: str, day: date | None, source: str | None
) -> None:
    page = read(
        f"<article><h1>Bridge opens at last</h1>{BODY}{BODY}<footer><p>{line}</p></footer></article>"
    )
    assert (page.published_at, page.sources.get("published_at")) == (day, source)


def test_a_publication_hours_after_the_modification_is_kst_labelled_as_utc() -> None:
    page = read(
        json_ld(datePublished="2024-03-01T10:00:00Z", dateModified="2024-03-01T10:20:00+09:00"),
        "https://www.example.co.kr/1",
    )
    assert page.published_at == datetime(2024, 3, 1, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "timestamp"),
    [
        (json_ld(datePublished="2024-03-01T09:30:00"), datetime(2024, 3, 1, 8, 30, tzinfo=UTC)),
        (
            '<meta property="article:published_time" content="2024-03-01T09:30:00Z">',
            datetime(2024, 3, 1, 9, 30, tzinfo=UTC),
        ),
        ('<meta name="dc.date.issued" content="2024-03-01">', date(2024, 3, 1)),
        ('<meta name="date" value="2024-03-01">', date(2024, 3, 1)),
        (
            '<span itemprop="datePublished" content="2024-03-01T09:30:00+01:00">x</span>',
            datetime(2024, 3, 1, 8, 30, tzinfo=UTC),
        ),
        (
            '<span property="schema:dateCreated" content="2024-03-01T09:30:00+01:00"></span>',
            datetime(2024, 3, 1, 8, 30, tzinfo=UTC),
        ),
        (
            '<p>x<script>{"publishedDate":"2024-03-01T09:30:00Z"}</script>',
            datetime(2024, 3, 1, 9, 30, tzinfo=UTC),
        ),
        (
            """<p>x<script>[{"published_at":"2024-03-01T09:30:00Z"},
            {"published_at":"2024-03-02T09:30:00Z"}]</script>""",
            None,
        ),
        (
            '<meta name="dc.date" content="2024-03-01"><h1>Bridge</h1><time datetime="2024-03-01T09:30+01:00">',
            date(2024, 3, 1),
        ),
    ],
    ids=[
        "local time of the TLD",
        "open graph",
        "dublin core",
        "value for content",
        "microdata",
        "RDFa",
        "script data",
        "script data of several articles",
        "day",
    ],
)
def test_the_publication_time_is_read_from_each_kind_of_tag(head: str, timestamp: object) -> None:
    assert read(head, "https://www.example.de/bridge").published_at in (
        timestamp,
        datetime(2024, 3, 1, 8, 30, tzinfo=UTC) if isinstance(timestamp, date) else timestamp,
    )


PAGE_TEMPLATE = "<h1>Bridge opens at last</h1><p>{}</p>" + BODY
HEADED_TEMPLATE = "<h1>Bridge opens at last</h1><div><span>{}</span></div><div>" + BODY + "</div>"


@pytest.mark.parametrize(
    ("html", "day"),
    [
        ('<meta name="dc.date" content="2024-01-09">' + PAGE_TEMPLATE.format("1 March 2024"), 1),
        (
            json_ld(datePublished="2024-09-09T09:00Z", dateModified="2024-09-09T09:00Z")
            + HEADED_TEMPLATE.format("1 March 2024"),
            1,
        ),
        (
            json_ld(datePublished="2024-09-09T09:00Z", dateModified="2024-09-09T11:00Z")
            + HEADED_TEMPLATE.format("1 March 2024"),
            9,
        ),
        (
            json_ld(datePublished="2024-09-09T09:00Z", dateModified="2024-09-09T09:00Z")
            + PAGE_TEMPLATE.format("1 March 2024"),
            9,
        ),
        (
            json_ld(datePublished="2024-09-09T09:00Z")
            + '<meta name="date" content="2024-03-01">'
            + HEADED_TEMPLATE.format("1 March 2024"),
            1,
        ),
        (
            json_ld(datePublished="2024-03-05T09:00Z", dateModified="2024-03-09T09:00Z")
            + HEADED_TEMPLATE.format("1 March 2024"),
            5,
        ),
        (
            json_ld(datePublished="2024-09-09T09:00Z")
            + PAGE_TEMPLATE.format("Updated 1 March 2024"),
            9,
        ),
        (
            PAGE_TEMPLATE.format("Ana Example</p><p>1 March 2024")
            + '<b itemprop="datePublished">9 May 2024</b>' * 4,
            1,
        ),
        (
            PAGE_TEMPLATE.format(
                "The bridge on the river in spring, 9 February 2023, seen from the hill</p><p>1 March 2024"
            ),
            1,
        ),
    ],
    ids=[
        "the record is older than the article",
        "moved to another system since",
        "changed since",
        "a day beside the text",
        "another tag agrees with the visible day",
        "published some days after the visible day",
        "only the modification is visible",
        "the comments' microdata",
        "a date in a caption",
    ],
)
def test_a_date_on_its_own_line_is_the_publication_date(html: str, day: int) -> None:
    published = read(html).published_at
    assert published is not None
    assert published.day == day


def test_times_in_adjacent_inline_elements_are_separated() -> None:
    page = read(
        """<title>새 공원</title><h4>새 공원</h4><em>입력 2024.03.01 (17:45)</em><em>수정 2024.03.01 (18:00)</em>""",
        "https://news.example.co.kr/a",
    )
    assert page.published_at == datetime(2024, 3, 1, 8, 45, tzinfo=UTC)
    assert page.modified_at == datetime(2024, 3, 1, 9, 0, tzinfo=UTC)


def test_a_modification_days_before_publication_is_ignored() -> None:
    page = read(json_ld(datePublished="2024-03-05T09:00Z", dateModified="2024-03-01T09:00Z"))
    assert page.modified_at is None


def test_the_url_gives_the_day_when_nothing_else_does() -> None:
    page = read("<h1>Bridge opens at last</h1>", "https://example.org/2024/03/01/bridge")
    assert (page.published_at, page.sources["published_at"]) == (date(2024, 3, 1), "url")


@pytest.mark.parametrize(
    ("html", "names"),
    [
        (
            json_ld(author=[{"name": "Ana Example"}, {"name": "Bo Sample"}]),
            ("Ana Example", "Bo Sample"),
        ),
        (json_ld(author="Ana Example and Bo Sample"), ("Ana Example", "Bo Sample")),
        (json_ld(author={"name": ["Ana Example", "Bo Sample"]}), ("Ana Example", "Bo Sample")),
        (
            json_ld(author={"@type": "Person", "url": "https://x.org/ana"})
            + '<meta name="author" content="Ana Example">',
            ("Ana Example",),
        ),
        (
            json_ld(author={"@type": "Organization", "name": "Example"})
            + '<h1>Bridge opens at last</h1><p class="byline">By Ana Example</p>',
            ("Ana Example",),
        ),
        (json_ld(author={"@type": "Organization", "name": "Example"}), ("Example",)),
        ('<meta property="article:author" content="https://social.org/ana">', ()),
        (
            '<h1>Bridge opens</h1><div><a rel="author" href="/author/ana">Ana Example</a></div>',
            ("Ana Example",),
        ),
        (
            '<span itemprop="author"><span itemprop="name">Ana Example</span> Editor</span>',
            ("Ana Example",),
        ),
        ('<div class="comment"><span class="comment-author">Bo Sample</span></div>', ()),
        ('<aside class="related"><a rel="author">Bo Sample</a></aside>', ()),
        ('<footer><p class="author">Ana Example</p></footer>', ("Ana Example",)),
        ('<footer><i class="author">Ana Example</i><i class="author">Bo Sample</i></footer>', ()),
        ('<figure><i class="author">Bo Sample</i></figure>', ()),
        ('<b class="elementor-widget"><i class="author">Ana Example</i></b>', ("Ana Example",)),
        (
            json_ld(author="ana.example7") + '<i class="author">Ana Example</i>',
            ("Ana Example",),
        ),
        (json_ld(author="anaexample"), ("anaexample",)),
        (
            '<meta name="twitter:label1" content="Written by">'
            '<meta name="twitter:data1" content="Ana Example">',
            ("Ana Example",),
        ),
        (PAGE_TEMPLATE.format("By</p><p>Ana Example"), ("Ana Example",)),
        (
            PAGE_TEMPLATE.format("Medically reviewed by Dr. Bo Sample</p><p>By Ana Example"),
            ("Ana Example",),
        ),
        (
            PAGE_TEMPLATE.format("x") + "<p>This article was written by</p><p>Ana Example</p>",
            ("Ana Example",),
        ),
        (
            PAGE_TEMPLATE.format("x") + "<h3>About the author</h3><p>Ana Example</p>",
            ("Ana Example",),
        ),
        (
            PAGE_TEMPLATE.format('Ana Example</p><p>1 March 2024<img alt="Ana Example">'),
            ("Ana Example",),
        ),
        (PAGE_TEMPLATE.format("Breaking Tides</p><p>1 March 2024"), ()),
        (PAGE_TEMPLATE.format("Posted by Ana"), ("Ana",)),
        (PAGE_TEMPLATE.format("01.03.2024 13:30 von Ana"), ("Ana",)),
        (PAGE_TEMPLATE.format("By sea and by rail"), ()),
        ('<meta name="parsely-author" content="Example, Ana">', ("Ana Example",)),
        ('<meta name="author" content="Our Editors">', ("Our Editors",)),
        (
            '<meta property="og:site_name" content="Bridge &amp; Tunnel">'
            '<meta name="author" content="Bridge &amp; Tunnel"><h1>A bridge opens</h1><p>By Bo Sample</p>',
            ("Bo Sample",),
        ),
        (
            '<meta name="dc.creator" content="Example, Ana">'
            '<meta name="citation_author" content="Example, Ana">'
            '<meta name="citation_author" content="Sample, Bo">',
            ("Ana Example", "Bo Sample"),
        ),
    ],
    ids=[
        "list of persons",
        "one string",
        "list of names",
        "an address is no name",
        "a person beats the site",
        "the site if nobody is named",
        "a profile's address",
        "author link",
        "microdata",
        "a commenter",
        "a teaser's author",
        "the one author in the footer",
        "several in the footer",
        "a photographer",
        "a page builder's box",
        "a name beats a login",
        "a login if nobody is named",
        "twitter label",
        "by in a line of its own",
        "a reviewer",
        "a sentence at the end",
        "a box about the author",
        "a name beside the date, pictured",
        "a section beside the date",
        "one word after by",
        "one word after a date and by",
        "more than one word after by",
        "family name first",
        "a desk",
        "a paper with an and in its name",
        "a journal's list",
    ],
)
def test_the_byline_is_the_author(html: str, names: tuple[str, ...]) -> None:
    assert read(html).byline == names


@pytest.mark.parametrize(
    ("html", "dek"),
    [
        (
            f'<h1>Bridge opens at last</h1><h2 class="subtitle">Nine years late and dear</h2>{BODY}',
            True,
        ),
        (
            '<meta property="og:description" content="Nine years late and dear">'
            f"<h1>Bridge opens at last</h1><div>Nine years late and dear</div>{BODY}",
            True,
        ),
        (
            '<meta property="og:description" content="The new bridge over the river opened on Friday '
            f'after nine years…"><h1>Bridge opens at last</h1>{BODY}',
            False,
        ),
        (
            '<meta property="og:description" content="Why the town of nine bridges waited nine years for its '
            f'tenth, in pictures"><h1>Bridge opens at last</h1>{BODY}',
            False,
        ),
        (
            '<meta name="description" content="News, sport and weather from all over the region, daily">'
            f"<h1>Bridge opens at last</h1>{BODY}",
            False,
        ),
        (f"<h1>Bridge opens at last</h1>{BODY}", False),
        (f"<h1>Bridge opens at last</h1><p class='date-lead'>1 March 2024, 10:00</p>{BODY}", False),
    ],
    ids=[
        "marked",
        "claimed",
        "the body's beginning",
        "for search engines only",
        "a slogan",
        "none",
        "a date line",
    ],
)
def test_a_dek_is_more_than_the_beginning_of_the_body(html: str, dek: bool) -> None:
    assert read(html).dek == ("Nine years late and dear" if dek else None)


@pytest.mark.parametrize(
    ("html", "lang"),
    [
        ('<html lang="en"><h1>새 다리 개통</h1>', "ko"),
        ('<html lang="zh-TW"><h1>新橋通車</h1>', "zh"),
        ('<html lang="ja"><h1>新橋開通</h1>', "ja"),
        ('<html lang="PT-br">', "pt"),
        ('<meta property="og:locale" content="de_AT">', "de"),
        ('<html lang="{{lang}}">', None),
        ("", None),
    ],
)
def test_the_language_follows_the_script_where_the_script_decides(
    html: str, lang: str | None
) -> None:
    assert read(html).lang == lang


@pytest.mark.parametrize(
    ("html", "canonical"),
    [
        ('<link rel="canonical" href="/a?x=1">', "https://www.example.org/a?x=1"),
        ('<meta property="og:url" content="https://example.org/a">', "https://example.org/a"),
        ('<link rel="canonical" href="https://www.example.org/">', None),
        ('<link rel="canonical" href="https://elsewhere.net/a">', None),
        ('<link rel="canonical" href="http://[broken/a">', None),
        ("", None),
    ],
    ids=["relative", "open graph", "home page", "other site", "broken", "none"],
)
def test_the_canonical_url_is_on_the_same_site(html: str, canonical: str | None) -> None:
    assert read(html).canonical_url == canonical


def test_a_day_before_a_headline_without_an_h1_is_not_part_of_it() -> None:
    page = read("<title>23.01.2025 - Bridge opens at last</title><h2>Bridge opens at last</h2>")
    assert page.headline == "Bridge opens at last"


def test_the_section_may_come_from_a_breadcrumb() -> None:
    breadcrumbs = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"name": "Home"},
            {"item": {"name": "Region"}},
            {"name": "Bridge opens"},
        ],
    }
    page = read(f'<script type="application/ld+json">{json.dumps(breadcrumbs)}</script>')
    assert (page.section, page.sources["section"]) == ("Region", "breadcrumb")


@pytest.mark.parametrize(
    ("line", "is_dek"),
    [
        ("橋の記事の転載をご希望の方は、下記の窓口までお問い合わせください。", False),
        ("橋の完成は当初の予定より九年遅れ、工費は予算の一・五倍に膨らんだ。", True),
    ],
)
def test_a_copyright_notice_is_not_a_dek(line: str, is_dek: bool) -> None:
    text = "新しい橋が金曜日に開通し、市は式典を開いた。" * 5
    page = read(
        f'<h1>新しい橋がついに開通</h1><div class="lead">{line}</div><div><p>{text}</p></div>'
    )
    assert (page.dek == line) is is_dek


def test_a_korean_dek_may_be_inside_the_body_element() -> None:
    share = "<li><button>공유</button> 글자 크기 조절</li>" * 40
    page = read(
        f"""<title>새 다리 개통</title><h1>새 다리 개통</h1><ul>{share}</ul><div itemprop="articleBody">
        <div class="mid_title"><div class="midtitle_text">공사비는 예산의 절반 넘겨<br>시장 “송구하고 감사”</div></div>
        <p>강을 가로지르는 새 다리가 아홉 해의 공사 끝에 금요일 개통했다고 시가 이날 아침 브리핑에서 밝혔다. 기술자들은
        봄에 이미 경고했다.</p></div>"""
    )
    assert page.dek == "공사비는 예산의 절반 넘겨\n시장 “송구하고 감사”"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("홍길순 기자 gilsun@example.com", ("홍길순",)),
        ("[보기경제 홍길순·김바다 기자]", ("홍길순", "김바다")),
        ("시장은 기자 회견에서 사과했다", ()),
        ("그는 기자 출신이다", ()),
        ("취재기자", ()),
        ("기사 전체보기 기자", ()),
        ("홍길순(gilsun@example.com)", ("홍길순",)),
        ("본보기방송 홍길순 (gilsun@example.com)", ("홍길순",)),
        ("제보(tips@example.com)", ()),
    ],
)
def test_a_korean_line_gives_its_author_or_nobody(line: str, names: tuple[str, ...]) -> None:
    page = read(
        f"<title>새 다리 개통</title><h1>새 다리 개통</h1><div>{line}</div><p>강을 건넌다.</p>"
    )
    assert page.byline == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("作者：程样本 李范例", ("程样本", "李范例")),
        ("作者：</p><p>程样本</p><p>时间：2024-03-01", ("程样本",)),
        ("作者:yangben7 阅读(12)", ("yangben7",)),
        ("作者：</p><p>size=12", ()),
        ("本报记者程样本发自海州", ("程样本",)),
        ("记者 程样本", ("程样本",)),
        ("记者了解到，大桥周五通车", ()),
        ("文：程样本", ("程样本",)),
        ("大家都很高兴。（程样本 海州报道）", ("程样本",)),
        ("大家（程样本）都很高兴。", ()),
        ("（ 责任编辑：程样本 ）", ("程样本",)),
        ("来源: 程样本", ("程样本",)),
        ("来源: 样本晚报</p><p>记者 程样本", ("程样本",)),
    ],
)
def test_a_chinese_line_gives_its_author_or_nobody(line: str, names: tuple[str, ...]) -> None:
    text = (
        "<p>工程师春天已经警告说，最后一段在秋天之前不可能完工，因为江水的水位比往年高出许多。</p>"
    )
    page = read(f"<title>新桥通车</title><h1>新桥通车</h1>{text * 9}<p>{line}</p>")
    assert page.byline == names


def test_a_visible_person_beats_a_vendor_in_a_chinese_pages_tags() -> None:
    page = read(
        '<title>新桥通车</title><meta name="author" content="样本网络"><h1>新桥通车</h1><p>记者 程样本</p>'
    )
    assert page.byline == ("程样本",)


def test_a_korean_author_is_read_from_the_last_line() -> None:
    text = (
        "<p>"
        + "강을 가로지르는 새 다리가 아홉 해의 공사 끝에 개통했다고 시가 밝혔다. " * 8
        + "</p>"
    )
    page = read(
        f"<title>새 다리 개통</title><h1>새 다리 개통</h1>{text * 5}<p>홍길순 기자 gilsun@example.com</p>"
    )
    assert page.byline == ("홍길순",)


def test_an_arc_page_without_json_ld_is_read_from_its_state() -> None:
    story = {
        "headlines": {"basic": "새 다리 개통"},
        "first_publish_date": "2024-03-01T00:30:00Z",
        "last_updated_date": "2024-03-01T01:30:00.5Z",
        "credits": {"by": [{"name": "길순 홍", "type": "author"}]},
    }
    page = read(
        f'<script id="fusion-metadata">window.Fusion={{}};Fusion.globalContent={json.dumps(story)};x=1'
        f"</script><title>새 다리 개통 - 보기일보</title>"
    )
    assert (page.headline, page.byline) == ("새 다리 개통", ("홍길순",))
    assert page.modified_at == datetime(2024, 3, 1, 1, 30, tzinfo=UTC)


def test_the_tree_is_left_unchanged() -> None:
    html = f"<html><body><h1>Bridge</h1>{BODY}<time>1 May 2024</time></body></html>"
    document = Document(html.encode(), "https://example.org/a")
    before = document.tree.html
    read_metadata(document)
    assert document.tree.html == before


MARKUP_PIECES = st.sampled_from(
    [
        "<h1>", "</h1>", "<p>", "<div class=author>", "<time datetime='2024-99-99'>", "<b>", "<br>", "By A B",
        "<meta name=author content='", "'>", "<script type='application/ld+json'>", "{\"@type\":[1,{}],", "\"@id\":{}",
        "\"author\":[[{\"@id\":3}]]}", "</script>", "2024-03-01 99:99", "<link rel=canonical href='http://[", "<title>",
        "<span itemprop=author>", "<svg>", "<template>", "\ud7ff", "기자", "</body>", "<html lang=1>",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(MARKUP_PIECES, st.text(max_size=15)), max_size=25), st.text(max_size=30))
def test_any_markup_gives_fields_of_one_line(pieces: list[str], url: str) -> None:
    metadata = read("".join(pieces).encode("utf-8", "ignore").decode(), url)
    for text in (metadata.headline, metadata.section, *metadata.byline):
        assert text is None or (text == text.strip() and text.splitlines() == [text])


@pytest.mark.parametrize(
    "html",
    [
        "<meta name=author content='" + "a" * 1_000_000 + "'>",
        "<h1>" + "word " * 200_000 + "</h1>",
        "<h1>x</h1>" * 20_000,
        "<h1>Bridge</h1>" + "<span>a</span>" * 20_000,
        json_ld(headline="- " * 100_000, description="a" * 1_000_000),
        json_ld(author="a" * 1_000_000, articleSection="x " * 500_000),
        '<span class="author">' * 200 + "1.1." * 50_000,
    ],
    ids=[
        "long meta",
        "long h1",
        "many h1s",
        "long line",
        "long json-ld",
        "long author",
        "deep author",
    ],
)
def test_a_hostile_page_is_read(html: str) -> None:
    assert read(html).published_at is None


def page_of(top: str, middle: str, *, title: str, body: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{top}<h1>{title}</h1>{middle}{body}"


KOREAN_BODY = "".join(
    f"<p>{'강을 가로지르는 새 다리가 9년의 공사 끝에 금요일 개통했다고 시가 이날 밝혔다. ' * 3}{n}</p>"
    for n in range(3)
)
CHINESE_BODY = "".join(
    f"<p>{line}</p>"
    for line in (
        "本报海州3月1日电（记者程样本）经过九年施工，横跨大江的新桥周五通车，比原计划晚了三年，市政府当天表示。",
        "工程师春天已经警告说，最后一段在秋天之前不可能完工，因为江水的水位比往年高出许多，材料也来得很晚。",
        "当地居民说，过去去对岸要坐四十分钟的渡轮，现在开车只要五分钟，孩子们上学也方便多了，大家都很高兴。",
    )
)


@pytest.mark.parametrize(
    "trail",
    [
        '<div><a href="/">홈</a> &gt; <a href="/r">지역</a></div>',
        '<div><a href="/">Home</a><span>›</span><a href="/r">지역</a><span>›</span>기사</div>',
        "<p>トップ ＞ 지역 ＞ 記事</p>",
        '<div class="path"><a href="/">본보기일보</a>&gt;&gt;<a href="/r">지역</a></div>',
    ],
    ids=["tables", "spans", "full width", "site name"],
)
def test_the_section_is_the_step_after_home_in_a_visible_trail(trail: str) -> None:
    html = page_of(trail, "", title="새 다리 9년 만에 개통", body=KOREAN_BODY)
    assert read(html.replace("</title>", " - 본보기일보</title>")).section == "지역"


def test_an_arrow_without_a_home_link_is_not_a_breadcrumb() -> None:
    html = page_of("<p>A > B</p><p>Log in > Read on</p>", "", title="Bridge opens", body=BODY)
    assert read(html).section is None


def test_a_first_paragraph_equal_to_the_description_is_not_a_dek() -> None:
    first = CHINESE_BODY[3:].partition("</p>")[0]
    html = page_of("", "", title="横跨大江的新桥周五通车", body=CHINESE_BODY)
    page = read(html.replace("<head>", f'<head><meta name="description" content="{first}">'))
    assert page.dek is None
    assert page.byline == ("程样本",)


@pytest.mark.parametrize(
    "dek",
    [
        "<table><tr><td><b>공사비는 예산의 절반을 넘겨<br>새 다리 개통에 금요일 강변 인파</b></td></tr></table>",
        '<div class="x1"><div>공사비는 예산의 절반을 넘겨</div><div>새 다리 개통에 금요일 강변 인파</div></div>',
    ],
    ids=["bold cell", "bare boxes"],
)
def test_short_lines_before_korean_text_are_the_dek(dek: str) -> None:
    body = f'<div class="x2">{KOREAN_BODY}</div>'
    page = read(page_of("", dek, title="새 다리 9년 만에 개통", body=body))
    assert page.dek == "공사비는 예산의 절반을 넘겨\n새 다리 개통에 금요일 강변 인파"


def test_bold_lines_with_no_text_after_them_are_the_body() -> None:
    lines = "<p><b>공사비는 예산의 절반을 넘겨</b></p><p><b>시장이 시민들께 송구하고 감사</b></p>"
    assert read(page_of("", lines, title="새 다리 9년 만에 개통", body="")).dek is None


def test_reporters_in_separate_elements_are_all_in_the_byline() -> None:
    writers = "".join(
        f'<div class="w"><a>{name}기자</a><button>구독</button></div>'
        for name in ("홍길순", "김본보")
    )
    assert read(page_of("", writers, title="새 다리 개통", body=KOREAN_BODY)).byline == (
        "홍길순",
        "김본보",
    )


def test_adjacent_names_in_a_dateline_are_all_in_the_byline() -> None:
    body = f"<p>(본보시=본보기통신) 홍길순 김본보 기자 = {'새 다리가 금요일에 개통했다. ' * 12}</p>"
    page = read(page_of("", "", title="새 다리 개통", body=body))
    assert page.byline == ("홍길순", "김본보")


def test_a_bold_line_separates_headline_and_site_in_the_title() -> None:
    page = read(
        f"""<html><head><title>새 다리 9년 만에 금요일 개통 - 본보기</title></head><body><table>
        <tr><td><font size="5"><b>새 다리 9년 만에 금요일 개통</b></font></td></tr>
        <tr><td>입력 2024-03-01 15:31</td></tr><tr><td>{KOREAN_BODY}</td></tr></table>"""
    )
    assert page.headline == "새 다리 9년 만에 금요일 개통"
    assert isinstance(page.published_at, datetime)


def test_a_script_rendered_page_has_the_newsrooms_own_dek() -> None:
    story = {
        "headlines": {"basic": "Bridge opens at last"},
        "subheadlines": {"basic": "Nine years late"},
        "credits": {"by": [{"name": "Ana Example"}, {"name": "Bo Sample"}]},
    }
    page = read(
        "<title>Bridge opens at last</title><script id='fusion-metadata'>"
        f"Fusion.globalContent={json.dumps(story)};</script>"
    )
    assert (page.dek, page.byline) == ("Nine years late", ("Ana Example", "Bo Sample"))
