"""Site rules: reading them, choosing among them, and what they find on a page."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.article import Stamp
from scraper.errors import RuleError
from scraper.extract.byline import all_names
from scraper.extract.found import (
    Found,
    apply,
    find,
    finer,
    missed,
    modified_at,
    published_at,
)
from scraper.extract.sites import (
    Rule,
    built_in_rules,
    fingerprint,
    read_rules,
    rules_for,
)
from scraper.extract.stamps import Clock

FOLDER = Path(__file__).parents[1] / "scraper" / "extract" / "sites"
FILES = sorted(FOLDER.glob("*.toml"))
KOREA = Clock(ZoneInfo("Asia/Seoul"), month_first=False)

TWO_GENERATIONS = """
[paper-2024]
hosts = ["example.com"]
valid_until = 2025-06-30
body = ["div.old"]

[paper]
hosts = ["example.com"]
valid_from = 2025-07-01
body = ["div.new > p"]
"""


def rule(**keys: object) -> Rule:
    """A rule for example.com, its keys as TOML has them."""
    values = {"hosts": "example.com", **keys}.items()
    lines = [
        f"{key} = {value if isinstance(value, date) else repr(value)}" for key, value in values
    ]
    return read_rules("\n".join(["[paper]", *lines]), "my.toml")[0]


def page(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<html><body>{html}</body></html>")


def texts(found: Found) -> list[str]:
    return [" ".join(node.text().split()) for node in found.body]


def korean(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time of 2026-01-06 in Korea."""
    return datetime(2026, 1, 6, hour, minute, second, tzinfo=KOREA.zone)


# Reading


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_built_in_file_loads_and_is_about_the_host_it_is_named_for(file: Path) -> None:
    rules = read_rules(file.read_text(encoding="utf-8"), file.name)
    hosts = [host for each in rules for host in each.hosts]
    assert hosts
    assert all(f".{host}".endswith(f".{file.stem}") for host in hosts)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_built_in_selector_never_counts_siblings(file: Path) -> None:
    """Lexbor takes 40 s for `.a ~ p` on the longest page that is parsed."""
    assert not any(sign in file.read_text(encoding="utf-8") for sign in (" ~ ", ":nth-", ":has("))


def test_there_are_built_in_rules() -> None:
    assert len(FILES) >= 25


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("[a", "not TOML", id="not-toml"),
        pytest.param('hosts = ["example.com"]', "[name]", id="no-table"),
        pytest.param('[a]\nbody = ["p"]', "'hosts' is missing", id="no-hosts"),
        pytest.param('[a]\nhosts = ["example.com"]', "'body' is missing", id="no-body"),
        pytest.param('[a]\nhosts = ["example.com"]\nbody = []', "'body' is missing", id="empty"),
        pytest.param("[a]\nheadlines = 'h1'", "did you mean 'headline'?", id="near-key"),
        pytest.param("[a]\nxyz = 'h1'", "there are: hosts, valid_from", id="far-key"),
        pytest.param("[a.b]\nbody = 'p'", "there is no key 'b'", id="nested"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str, told: str) -> None:
    with pytest.raises(RuleError, match=r"my\.toml") as raised:
        read_rules(text, "my.toml")
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param('drop = ["p["]', "'p[' in 'drop' is no CSS selector", id="bracket"),
        pytest.param('drop = ["div.a,"]', "is no CSS selector", id="comma"),
        pytest.param('drop = ["[href=\'a]"]', "is no CSS selector", id="open-quote"),
        pytest.param('drop = ["//div[@id]"]', "is no CSS selector", id="xpath"),
        pytest.param('drop = ["p:contains(x)"]', "is no CSS selector", id="jquery"),
        pytest.param('drop = ["p::attr(id)"]', "stands only at the end", id="drop-attribute"),
        pytest.param('dek = ["p::attr(id) b"]', "stands only at the end", id="not-last"),
        pytest.param('dek = ["p::attr()"]', "stands only at the end", id="no-attribute"),
        pytest.param('dek = [""]', "text or a list of texts", id="empty-text"),
        pytest.param("dek = 5", "text or a list of texts", id="number"),
        pytest.param('valid_until = "2026-01-31"', "without quotation marks", id="quoted-day"),
        pytest.param("valid_until = 2026-01-31T09:00:00", "must be a day", id="day-and-time"),
        pytest.param("valid_until = 2026", "must be a day", id="year"),
        pytest.param("valid_from = 2026-02-01\nvalid_until = 2026-01-01", "lies after", id="days"),
    ],
)
def test_a_key_that_cannot_be_used_says_where_it_stands(line: str, told: str) -> None:
    with pytest.raises(RuleError) as raised:
        read_rules(f'[paper]\nhosts = ["example.com"]\nbody = ["p"]\n{line}', "my.toml")
    assert str(raised.value).startswith("my.toml [paper]: ")
    assert told in str(raised.value)


@pytest.mark.parametrize(
    "host",
    ["https://example.com", "example.com/a", "example.com:80", "*.example.com", "com", "a b.com"],
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(RuleError, match="is no host name"):
        rule(hosts=host, body="p")


def test_a_day_out_of_the_calendar_is_told_with_its_line() -> None:
    with pytest.raises(RuleError, match="line 2"):
        read_rules("[a]\nvalid_until = 2026-02-30\n", "my.toml")


# Choosing


@pytest.mark.parametrize(
    ("url", "count"),
    [
        ("https://example.com/a", 2),
        ("https://WWW.Example.com:8080/a", 2),
        ("https://m.news.example.com./a", 2),
        ("https://notexample.com/a", 0),
        ("https://example.com.org/a", 0),
        ("https://example.org/example.com", 0),
        ("page.html", 0),
        ("", 0),
        ("https://[broken/a", 0),
    ],
)
def test_a_host_covers_itself_and_its_subdomains(url: str, count: int) -> None:
    assert len(rules_for(url, read_rules(TWO_GENERATIONS, "my.toml"))) == count


def test_the_newest_generation_comes_first() -> None:
    chosen = rules_for("https://example.com/a", read_rules(TWO_GENERATIONS, "my.toml"))
    assert [each.valid_until for each in chosen] == [None, date(2025, 6, 30)]


def test_a_subdomain_with_a_rule_of_its_own_comes_before_its_parent() -> None:
    parent, child = rule(body="p"), rule(hosts="tv.example.com", body="p")
    assert rules_for("https://tv.example.com/a", (parent, child)) == (child, parent)
    assert rules_for("https://example.com/a", (parent, child)) == (parent,)


@given(st.text() | st.from_regex(r"https?://[^/]*\.kr[./:@\[\]]*.*"))
def test_no_address_raises(url: str) -> None:
    chosen = rules_for(url, read_rules(TWO_GENERATIONS, "my.toml")) + built_in_rules(url)
    assert all(isinstance(each, Rule) for each in chosen)


@pytest.mark.parametrize(
    ("url", "names"),
    [
        (
            "https://n.news.naver.com/article/001/1",
            ["news.naver.com.toml [naver]", "news.naver.com.toml [naver-2020]"],
        ),
        ("https://www.mk.co.kr/news/1", ["mk.co.kr.toml [mk]", "mk.co.kr.toml [mk-euckr]"]),
        ("https://imnews.imbc.com/1", ["imnews.imbc.com.toml [imbc]"]),
        ("https://co.kr/1", []),
        ("https://kr/1", []),
        ("https://example.com/1", []),
    ],
)
def test_built_in_rules_are_found_by_host(url: str, names: list[str]) -> None:
    assert [each.name for each in built_in_rules(url)] == names


def test_another_rule_has_another_fingerprint() -> None:
    one, other = rule(body="p"), rule(body="div")
    assert fingerprint((one,)) == fingerprint((rule(body="p"),)) != fingerprint((other,))


# Finding


def test_a_rule_that_stopped_matching_finds_nothing_and_says_so() -> None:
    rules = rules_for("https://example.com/a", read_rules(TWO_GENERATIONS, "my.toml"))
    assert find(rules, page("<main><p>The bridge opened.</p></main>")) == Found()
    assert "my.toml [paper]" in (missed(rules) or "")


def test_a_rule_past_its_day_is_not_missed() -> None:
    assert missed((rule(body="p", valid_until=date(2024, 1, 1)),)) is None
    assert missed(()) is None


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<div class="new"><p>One.</p><p>Two.</p></div>', "my.toml [paper]"),
        ('<div class="old">One.<br><br>Two.</div>', "my.toml [paper-2024]"),
    ],
)
def test_each_generation_is_read_by_its_own_rule(html: str, name: str) -> None:
    found = find(rules_for("http://example.com", read_rules(TWO_GENERATIONS, "")), page(html))
    assert found.rule is not None
    assert found.rule.name == name.removeprefix("my.toml")
    assert "One." in " ".join(texts(found))


@pytest.mark.parametrize(
    "html",
    [
        '<div class="story"></div>',
        '<div class="story"> \n <img src="a.jpg"></div>',
        '<div class="story"><script>var a = "text"</script></div>',
        '<div class="story"><div class="ad">Buy <b>this</b></div></div>',
        '<div class="story"><figure>Caption</figure></div>',
        '<div class="ad"><div class="story">Buy this</div></div>',
    ],
    ids=["empty", "picture", "script", "all-dropped", "caption-only", "within-dropped"],
)
def test_a_body_without_text_of_its_own_is_no_match(html: str) -> None:
    assert apply(rule(body=".story", caption="figure", drop=".ad"), page(html)) == Found()


def test_the_second_selector_stands_in_where_the_first_finds_no_text() -> None:
    tree = page('<div class="a"> </div><div class="b">One.</div><h1></h1><h2>Bridge opens</h2>')
    found = apply(rule(body=[".a", ".b"], headline=["h1", "h2"]), tree)
    assert texts(found) == ["One."]
    assert found.headline == "Bridge opens"


def test_elements_of_the_body_are_not_counted_twice() -> None:
    tree = page('<div class="s"><div class="s">One.</div></div><p class="s">Two.</p>')
    assert texts(apply(rule(body=".s"), tree)) == ["One.", "Two."]


def test_what_is_dropped_or_another_fields_is_apart() -> None:
    tree = page(
        '<div class="s"><b class="dek">In short</b><p>One.</p><figure><figcaption>Pier'
        '</figcaption></figure><div class="ad"><p class="ad">Buy</p></div></div>'
    )
    found = apply(rule(body=".s", dek=".dek", caption="figcaption", drop=[".ad", "nav"]), tree)
    apart = [node for node in tree.css("*") if node.mem_id in found.apart]
    assert [node.tag for node in apart] == ["b", "figcaption", "div", "p"]
    assert (found.dek, found.captions) == (("In short",), ("Pier",))


def test_applying_a_rule_leaves_the_tree_as_it_was() -> None:
    tree = page('<div class="s">One.<div class="ad">Buy</div></div>')
    before = tree.html
    apply(rule(body=".s", drop=".ad"), tree)
    assert tree.html == before


@pytest.mark.parametrize(
    ("html", "selector", "lines"),
    [
        ("<p class=d>One<br>two <b>and</b><br>\n<br>three</p>", ".d", ("One", "two and", "three")),
        ("<ul class=d><li>One</li><li>two</li></ul>", ".d", ("One", "two")),
        ("<div class=d><p>One</p>two<!-- no --> three</div>", ".d", ("One", "two three")),
        ("<p class=d>One</p><p class=d>two</p>", ".d", ("One", "two")),
        ("<p class=d>[속보]<em>다리</em> 열려</p>", ".d", ("[속보]다리 열려",)),
        ("<p class=d>One<script>x</script><style>y</style></p>", ".d", ("One",)),
        ('<meta name=d content=" One  two">', "[name=d]", ("One two",)),
        ('<p class=d title="One">two</p>', ".d::attr(title)", ("One",)),
        ('<p class=d title="One">two</p>', ".d::attr(lang)", ()),
    ],
)
def test_a_field_has_a_line_for_each_block(
    html: str, selector: str, lines: tuple[str, ...]
) -> None:
    tree = page(f"{html}<div class=s>Text.</div>")
    assert apply(rule(body=".s", dek=selector), tree).dek == lines


@pytest.mark.parametrize(
    ("html", "published", "modified"),
    [
        (
            "<em class=t>입력 2026.01.06 (08:26)</em><em class=t>수정 2026.01.06 (09:10)</em>",
            korean(8, 26),
            korean(9, 10),
        ),
        (
            "<p class=t>기사입력 2026-01-06 19:01 l 최종수정 2026-01-06 19:40</p>",
            korean(19, 1),
            korean(19, 40),
        ),
        ("<p class=t>등록 2026.01.06 16:27</p>", korean(16, 27), None),
        (
            "<dl class=t><dt>입력 :</dt><dd>2026-01-06 08:05:24</dd></dl>",
            korean(8, 5, 24),
            None,
        ),
        ("<p class=t>2026.01.06. 오후 6:23.</p>", korean(18, 23), korean(18, 23)),
        (
            '<time class=t datetime="2026-01-06T18:23:00+09:00">어제</time>',
            korean(18, 23),
            korean(18, 23),
        ),
        ("<p class=t>조금 전</p>", None, None),
    ],
    ids=["kbs", "mbn", "unedited", "list", "no-label", "time-element", "no-date"],
)
def test_a_times_label_tells_which_it_is(
    html: str, published: Stamp | None, modified: Stamp | None
) -> None:
    found = apply(
        rule(body=".s", published=".t", modified=".t"), page(f"{html}<div class=s>글</div>")
    )
    assert (published_at(found, KOREA), modified_at(found, KOREA)) == (published, modified)


NINE = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
NINE_AND_A_HALF = NINE.replace(second=30)


@pytest.mark.parametrize(
    ("stamp", "general", "taken"),
    [
        (None, NINE, NINE),
        (NINE, None, NINE),
        (NINE, NINE_AND_A_HALF, NINE_AND_A_HALF),
        (NINE, NINE.replace(hour=8), NINE),
        (NINE.date(), NINE, NINE),
        (NINE.date(), NINE.replace(day=5), NINE.date()),
        (NINE, NINE.date(), NINE),
    ],
)
def test_a_rules_time_wins_unless_it_only_says_the_same_less_exactly(
    stamp: Stamp | None, general: Stamp | None, taken: Stamp
) -> None:
    assert finer(stamp, general) == taken


# Built in, on pages in the shapes of the real ones

NUMBERED = """
<h2 class="news_ttl">부두 다리 열려</h2><dl class="author"><dt class="name">김보기 기자</dt></dl>
<dl class="registration"><dt>입력 : </dt><dd>2026-01-06 08:05:24</dd></dl>
<div class="news_cnt_detail_wrap" itemprop="articleBody">
<div class="mid_title"><div class="midtitle_text">첫 줄<br>둘째 줄</div></div>
<div class="thumb_area img"><figure><figcaption><span class="thum_figure_txt">부두의 배</span></figcaption></figure></div>
<p refid="1">다리가 열렸다.</p><div class="border_org">작은 제목</div><p refid="2">배가 떠났다.</p>
<div class="ad_wrap">광고</div></div>
"""
PORTAL = """
<h2 id="title_area"><span>부두 다리 열려</span></h2>
<span class="_ARTICLE_DATE_TIME" data-date-time="2026-01-06 08:05:24">2026.01.06. 오전 8:05</span>
<span class="_ARTICLE_MODIFY_DATE_TIME" data-modify-date-time="2026-01-06 09:10:00">수정</span>
<article id="dic_area"><strong class="media_end_summary">첫 줄<br>둘째 줄</strong>
<span class="end_photo_org"><img><em class="img_desc">부두의 배</em></span>
다리가 열렸다.<br><br>배가 떠났다.</article>
<em class="media_end_head_journalist_name">김보기 기자</em>
"""
THIRD = """
<div id="article-view-content" class="article-view"><p>다리가 열렸다.</p><h3>작은 제목</h3>
<p>배가 떠났다.</p></div>
"""
FIRST = """
<div class="col-main" itemprop="articleBody"><h2>첫 줄<br>둘째 줄</h2>
<p class="editor-p">다리가 열렸다.</p><h3>작은 제목</h3><p class="editor-p">배가 떠났다.</p>
<div class="editor-img-box"><div class="caption">부두의 배</div></div>
<div class="side"><p>많이 본 기사</p></div></div>
"""


def test_sub_headings_between_numbered_paragraphs_stay_in_the_body() -> None:
    found = find(built_in_rules("https://www.mk.co.kr/news/1"), page(NUMBERED))
    assert "작은 제목" in texts(found)[0]
    assert found.dek == ("첫 줄", "둘째 줄")
    assert found.captions == ("부두의 배",)
    assert all_names(found.byline) == ("김보기",)


def test_a_portals_page_gives_times_from_its_attributes() -> None:
    found = find(built_in_rules("https://n.news.naver.com/article/001/1"), page(PORTAL))
    assert published_at(found, KOREA) == korean(8, 5, 24)
    assert modified_at(found, KOREA) == korean(9, 10)
    assert (found.headline, found.captions) == ("부두 다리 열려", ("부두의 배",))


@pytest.mark.parametrize(
    ("html", "body", "dek"),
    [
        (THIRD, ["다리가 열렸다.", "작은 제목", "배가 떠났다."], ()),
        (FIRST, ["다리가 열렸다.", "작은 제목", "배가 떠났다."], ("첫 줄", "둘째 줄")),
        ('<script>{"contentHtml": "<p>다리</p>"}</script>', [], ()),
    ],
    ids=["third", "first", "second-in-a-script"],
)
def test_three_generations_of_one_paper(html: str, body: list[str], dek: tuple[str, ...]) -> None:
    found = find(built_in_rules("https://www.hankookilbo.com/News/Read/1"), page(html))
    assert (texts(found), found.dek) == (body, dek)


SHAPES = [
    ("www.etoday.co.kr", '<div class="articleView" itemprop="articleBody">글</div>'),
    ("www.yna.co.kr", '<article class="story-news article"><p>글</p><aside>곁</aside></article>'),
    ("www.joongang.co.kr", '<div id="article_body"><p data-divno="1">글</p><div>곁</div></div>'),
    ("www.donga.com", '<section class="news_view">글<br><br>글</section>'),
    ("www.donga.com", '<div class="article_txt">글</div>'),
    ("www.hani.co.kr", '<div class="article-text"><p class="text">글</p><p>곁</p></div>'),
    ("www.hani.co.kr", '<div class="article-text"><div><div class="text">글</div></div></div>'),
    ("www.khan.co.kr", '<div id="articleBody"><p class="content_text">글</p></div>'),
    ("magazine.hankyung.com", '<div id="magazineView">글</div>'),
    ("www.hankyung.com", '<div id="articletxt">글</div>'),
    ("www.mk.co.kr", '<div class="art_txt">글</div>'),
    ("www.sedaily.com", '<div id="article-body" itemprop="articleBody">글</div>'),
    ("www.sedaily.com", '<div class="view_con">글</div>'),
    ("www.edaily.co.kr", '<div class="news_body">글<div class="x_dable">곁</div></div>'),
    ("www.newsis.com", '<div class="articleView"><div class="viewer_article">글</div></div>'),
    ("www.newsis.com", '<div id="textBody">글</div>'),
    ("www.news1.kr", '<div id="articles_detail">글<div class="sideBlock">곁</div></div>'),
    ("news.kbs.co.kr", '<div id="cont_newstext" class="detail-body font-size">글</div>'),
    ("news.sbs.co.kr", '<div class="text_area" itemprop="articleBody">글</div>'),
    ("imnews.imbc.com", '<div class="news_txt" itemprop="articleBody">글</div>'),
    ("www.mbn.co.kr", '<div id="newsViewArea" itemprop="articleBody">글</div>'),
    ("www.ytn.co.kr", '<div id="CmAdContent"><span>글</span></div>'),
    ("www.nocutnews.co.kr", '<div id="pnlContent">글</div>'),
    ("www.ohmynews.com", '<div class="text" itemprop="articleBody">글</div>'),
    ("www.yonhapnewstv.co.kr", '<div class="article-body-text">글</div>'),
    ("www.yonhapnewstv.co.kr", '<div id="articleBody" itemprop="articleBody">글</div>'),
    ("news.tvchosun.com", '<div class="contents" itemprop="articleBody">글</div>'),
    ("www.segye.com", '<article class="viewBox2"><p>글</p></article>'),
    ("n.news.naver.com", '<div id="articleBodyContents">글</div>'),
    ("v.daum.net", '<div class="article_view"><section><p>글</p></section></div>'),
]


@pytest.mark.parametrize(("host", "html"), SHAPES, ids=[host for host, _ in SHAPES])
def test_a_built_in_rule_finds_its_publishers_body(host: str, html: str) -> None:
    found = find(built_in_rules(f"https://{host}/news/1"), page(f"<p>밖</p>{html}"))
    told = "".join(texts(found))
    assert "글" in told
    assert "밖" not in told


ALL_RULES = tuple(
    each for file in FILES for each in read_rules(file.read_text(encoding="utf-8"), file.name)
)
MARKS = ["news_view", "date", "reporter", "drop", "caption", "publish", "articletxt"]
BITS = st.sampled_from(["<div>", "</div>", "<p>", "<br>", "</p>", "<b>", "글", "<figure>", "<ul>"])
TAGGED = st.builds(
    '<{} class="{}" id="{}">'.format,
    st.sampled_from(["div", "p", "figure", "span", "em"]),
    st.sampled_from(MARKS),
    st.sampled_from(MARKS),
)


@given(st.lists(BITS | TAGGED | st.text(max_size=20), max_size=40).map("".join))
def test_no_page_raises(html: str) -> None:
    tree = page(html)
    for each in ALL_RULES:
        found = apply(each, tree)
        assert (found.rule is None) == (not found.body)
        published_at(found, KOREA)
        modified_at(found, KOREA)


GUIDE = (Path(__file__).parents[1] / "docs" / "site-rules.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The guide's code blocks in one language."""
    return [part.split("```")[0] for part in GUIDE.split(f"```{language}\n")[1:]]


def test_the_guides_example_does_what_it_says() -> None:
    rules = read_rules(blocks("toml")[0], "my-sites.toml")
    tree = LexborHTMLParser(blocks("html")[0])
    found = find(rules_for("https://www.example.com/news/1", rules), tree)
    assert found.headline == "Harbour bridge opens two weeks early"
    assert found.dek == ("Council saves a fortnight", "Ferries run until March")
    assert all_names(found.byline) == ("Ana Example",)
    assert found.captions == ("The bridge on Tuesday morning",)
    assert published_at(found, KOREA) == korean(8, 5)
    assert modified_at(found, KOREA) == korean(9, 10)


def test_the_guides_generations_load() -> None:
    rules = read_rules(blocks("toml")[1], "my-sites.toml")
    chosen = rules_for("https://example.com/news/1", rules)
    assert [each.name for each in chosen] == [
        "my-sites.toml [courier]",
        "my-sites.toml [courier-2025]",
    ]
