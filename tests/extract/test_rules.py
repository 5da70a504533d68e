"""Site rules: reading them, choosing among them, and what they find on a page."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.article import Article, Stamp
from scraper.errors import RuleError
from scraper.extract import EXTRACTOR, extract, extractor_for
from scraper.extract.body import Body
from scraper.extract.dates.published import Clock
from scraper.extract.html.tags import read_tags
from scraper.extract.metadata import Metadata
from scraper.extract.rules.apply import finer, missed, read_by_rules
from scraper.extract.rules.rule import (
    Rule,
    built_in_rules,
    fingerprint,
    read_rules,
    rules_for,
)

FOLDER = Path(__file__).parents[2] / "scraper" / "extract" / "rules" / "sites"
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


def read(html: str, *rules: Rule) -> tuple[Metadata, Body]:
    """What rules find alone; an empty body where none matches."""
    general = Metadata(clock=KOREA)
    return read_alone(rules, page(html), general) or (general, Body())


def read_alone(
    rules: Sequence[Rule], tree: LexborHTMLParser, general: Metadata
) -> tuple[Metadata, Body] | None:
    return read_by_rules(rules, tree, read_tags(tree), general)


def read_page(html: str, *rules: Rule, url: str = "https://example.com/news/1") -> Article:
    return extract(html.encode(), url, rules=rules)


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


def test_a_rule_past_its_day_is_not_missed() -> None:
    assert missed((rule(body="p", valid_until=date(2024, 1, 1)),)) is None
    assert missed(()) is None


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<div class="new"><p>One.</p><p>Two.</p></div>', " [paper]"),
        ('<div class="old">One.<br><br>Two.</div>', " [paper-2024]"),
        ('<div class="old">One.<p>Two.</p></div><div class="new"></div>', " [paper-2024]"),
        ("<main><p>One.</p><p>Two.</p></main>", "page"),
    ],
    ids=["new", "old", "new-is-empty", "neither"],
)
def test_each_generation_is_read_by_its_own_rule(html: str, name: str) -> None:
    _, body = read(html, *rules_for("http://example.com", read_rules(TWO_GENERATIONS, "")))
    assert body.source == name
    assert body.paragraphs == (() if name == "page" else ("One.", "Two."))


@pytest.mark.parametrize(
    "html",
    [
        '<div class="story"></div>',
        '<div class="story"> \n <img src="a.jpg"></div>',
        '<div class="story"><script>var a = "text"</script></div>',
        '<div class="story"><p hidden>Secret text.</p></div>',
        '<div class="story"><div class="ad">Buy <b>this</b></div></div>',
        '<div class="story"><figure>Caption</figure></div>',
        '<div class="story"><p>무단 전재 및 재배포 금지</p></div>',
        '<div class="ad"><div class="story">Buy this</div></div>',
    ],
    ids=["empty", "picture", "script", "hidden", "dropped", "caption", "furniture", "in-dropped"],
)
def test_a_body_without_text_of_its_own_is_no_match(html: str) -> None:
    only = rule(body=".story", caption="figure", drop=".ad")
    assert read_alone((only,), page(html), Metadata()) is None


@pytest.mark.parametrize(
    ("html", "paragraphs"),
    [
        ('<div class="s"><div class="s">One.</div></div><p class="s">Two.</p>', ("One.", "Two.")),
        ('<div class="s">One.<br><br>Two <b>and</b> three.</div>', ("One.", "Two and three.")),
        ('<div class="s"><h3>Ferries</h3><ul><li>One.</li></ul></div>', ("Ferries", "One.")),
        ('<div class="s"><b class="dek">In short</b><p>One.</p></div>', ("One.",)),
        ('<div class="s"><p>One.</p><div class="ad"><p class="ad">Buy</p></div></div>', ("One.",)),
        ('<div class="s"><p>One.</p><p style="display:none">Two.</p></div>', ("One.",)),
        ('<div class="t">One.</div><div class="s"> </div>', ("One.",)),
        (
            '<div class="s"><p>다리가 폭풍에 무너진 지 두 해 만에 다시 열렸다고 부두 사무소가 월요일에 밝혔다.</p>'
            "<p>▲부두의 배. 부두통신</p><p>김보기 기자 kim@example.com</p>"
            "<div><p>관련기사</p><a href=/2>시장이 물러났다는 소식이 전해졌다</a></div>"
            "<p>저작권자 ⓒ 부두통신, 무단 전재 및 재배포 금지</p></div>",
            ("다리가 폭풍에 무너진 지 두 해 만에 다시 열렸다고 부두 사무소가 월요일에 밝혔다.",),
        ),
    ],
    ids=["nested", "breaks", "blocks", "field", "drop", "hidden", "second-selector", "furniture"],
)
def test_the_body_is_what_stands_in_it_without_the_furniture(
    html: str, paragraphs: tuple[str, ...]
) -> None:
    only = rule(body=[".s", ".t"], dek=".dek", drop=[".ad", "nav"])
    assert read(html, only)[1].paragraphs == paragraphs


def test_a_caption_printed_twice_is_no_paragraph() -> None:
    html = "<div class=s><p class=c>▲부두의 배</p><p>▲부두의 배</p><p>배가 떠났다.</p></div>"
    _, body = read(html, rule(body=".s", caption=".c"))
    assert (body.captions, body.paragraphs) == (("▲부두의 배",), ("배가 떠났다.",))


def test_applying_a_rule_leaves_the_tree_as_it_was() -> None:
    tree = page('<div class="s">One.<div class="ad">Buy</div></div>')
    before = tree.html
    read_alone((rule(body=".s", drop=".ad"),), tree, Metadata())
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
    metadata, _ = read(f"{html}<div class=s>Text.</div>", rule(body=".s", dek=selector))
    assert (metadata.dek or "") == "\n".join(lines)


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
    only = rule(body=".s", published=".t", modified=".t")
    metadata, _ = read(f"{html}<div class=s>글</div>", only)
    assert (metadata.published_at, metadata.modified_at) == (published, modified)


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


# In an extraction

PAPER = """
<html lang="en"><head><meta property="og:title" content="Bridge opens"><title>Bridge opens</title></head>
<body><h1>Bridge opens</h1><div class="{body}"><p>The harbour bridge opened to traffic on Monday,
two years after a storm tore away its middle span.</p><p>Repairs cost 12 million crowns, the port
authority said, and 21 people worked on the site every day.</p></div></body></html>
"""
STORY = {"hosts": "example.com", "body": "div.story"}


def test_a_rule_that_stopped_matching_falls_back_and_says_so() -> None:
    article = read_page(PAPER.format(body="renewed"), rule(**STORY))
    assert len(article.paragraphs) == 2
    assert article.sources["body"] == "page"
    assert "my.toml [paper]" in article.sources["rule"]


def test_the_sources_name_the_rule_for_what_it_found() -> None:
    html = PAPER.format(body="story").replace("<h1>", "<h2 class=h>Ferry stays</h2><h1>")
    article = read_page(html, rule(**STORY, headline=".h", dek=".none"))
    assert (article.headline, article.dek) == ("Ferry stays", None)
    assert article.sources == {"headline": "my.toml [paper]", "body": "my.toml [paper]"}


def test_a_page_of_another_host_is_read_the_general_way() -> None:
    article = read_page(PAPER.format(body="story"), rule(**STORY), url="https://example.org/a")
    assert article.sources["body"] == "page"
    assert "rule" not in article.sources


def test_the_users_rule_comes_before_the_one_that_is_built_in() -> None:
    html = PAPER.format(body="news_txt").replace("<div ", "<div itemprop=articleBody ")
    url = "https://imnews.imbc.com/news/1"
    own = rule(hosts="imbc.com", body=".news_txt p")
    assert read_page(html, url=url).sources["body"] == "imnews.imbc.com.toml [imbc]"
    assert read_page(html, own, url=url).sources["body"] == "my.toml [paper]"


def test_the_extractors_name_changes_with_the_rules_of_the_host_alone() -> None:
    one, other = rule(body="p"), rule(body="div")
    url = "https://www.example.com/a"
    assert extractor_for(url) == extractor_for("https://example.org/a", (one,)) == EXTRACTOR
    assert len({EXTRACTOR, extractor_for(url, (one,)), extractor_for(url, (other,))}) == 3
    assert extractor_for("https://www.mbn.co.kr/1") != EXTRACTOR


# Built in, on pages made from the rules' own selectors

ALL_RULES = tuple(
    each for file in FILES for each in read_rules(file.read_text(encoding="utf-8"), file.name)
)
SIMPLE = re.compile(r"([#.])([\w-]+)|\[([\w-]+)(?:[\^$*]?=['\"]?([^'\"\]]+))?[^\]]*\]")
VALUE_OF = {"meta": "content", "time": "datetime"}
NO_BOX = re.compile(r"(?:^| )(?:p|span)\b[^ ]*$")
PARAGRAPHS = ("다리가 열렸다고 사무소가 밝혔다.", "배는 봄까지 다닌다고 한다.")
# What a page shows for a key, and what the article has then.
SHOWN = {
    "headline": ("부두 다리 열려", "부두 다리 열려"),
    "dek": ("첫 줄입니다<br>둘째 줄입니다", "첫 줄입니다\n둘째 줄입니다"),
    "byline": ("김보기 기자", ("김보기",)),
    "published": ("입력 2026-01-06 08:05:24", korean(8, 5, 24)),
    "modified": ("수정 2026-01-06 09:10:30", korean(9, 10, 30)),
    "section": ("사회", "사회"),
    "caption": ("부두를 떠나는 배", ("부두를 떠나는 배",)),
}
NAMES = {"published": "published_at", "modified": "modified_at", "caption": "captions"}


def made(selector: str, text: str) -> str:
    """The elements that a selector asks for around a text, or with it in the attribute."""
    path, _, attribute = selector.split(", ")[0].partition("::attr(")
    for part in reversed(re.split(r" > | ", path)):
        tag = re.split(r"[#.\[]", part)[0] or "div"
        marks: dict[str, str] = {}
        for sign, name, key, value in SIMPLE.findall(part):
            key = {"#": "id", ".": "class"}.get(sign, key)
            marks[key] = f"{marks.get(key, '')} {name or value or 1}".strip()
        if key := attribute.removesuffix(")") or VALUE_OF.get(tag, ""):
            marks[key], text, attribute = text.removeprefix("입력 ").removeprefix("수정 "), "", ""
        attributes = "".join(f' {key}="{value}"' for key, value in marks.items())
        text = f"<{tag}{attributes}>{text}</{tag}>"
    return text


def made_page(each: Rule, body: str) -> str:
    """An article page in the shape of a rule: every field by its first selector."""
    fields = [
        made(selector, text)
        for key, (text, _) in SHOWN.items()
        for selector in getattr(each, key)[:1]
    ]
    dropped = "".join(made(selector, "오늘만 반값입니다") for selector in each.drop)
    told = "<br><br>".join(PARAGRAPHS)
    main = (
        made(body, told) + dropped
        if NO_BOX.search(body.split(", ")[0])
        else made(body, told + dropped)
    )
    head = "<html lang=ko><head><meta property=og:title content='부두 다리 열려'></head>"
    return f"{head}<body><p>밖의 글입니다</p>{''.join(fields)}{main}</body></html>"


@pytest.mark.parametrize("each", ALL_RULES, ids=lambda each: each.name)
def test_a_page_in_a_rules_shape_gives_each_of_its_fields(each: Rule) -> None:
    article = read_page(made_page(each, each.body[0]), url=f"https://www.{each.hosts[0]}/news/1")
    expected = {key: value for key, (_, value) in SHOWN.items() if getattr(each, key)}
    assert {key: getattr(article, NAMES.get(key, key)) for key in expected} == expected
    assert (article.paragraphs, article.sources["body"]) == (PARAGRAPHS, each.name)


OTHER_BODIES = [(each, body) for each in ALL_RULES for body in each.body[1:]]


@pytest.mark.parametrize(
    ("each", "body"), OTHER_BODIES, ids=[f"{each.name} {body}" for each, body in OTHER_BODIES]
)
def test_the_other_places_of_a_body_are_found_too(each: Rule, body: str) -> None:
    article = read_page(made_page(each, body), url=f"https://{each.hosts[0]}/news/1")
    assert (article.paragraphs, article.sources["body"]) == (PARAGRAPHS, each.name)


NUMBERED = """
<h2 class="news_ttl">부두 다리 열려</h2>
<div class="news_cnt_detail_wrap" itemprop="articleBody">
<div class="mid_title"><div class="midtitle_text">첫 줄<br>둘째 줄</div></div>
<figure><figcaption><span class="thum_figure_txt">부두의 배</span></figcaption></figure>
<p refid="1">다리가 열렸다.</p><div class="border_org">작은 제목</div><p refid="2">배가 떠났다.</p></div>
"""
FIRST = """
<h1>부두 다리 열려</h1><div class="col-main" itemprop="articleBody"><h2>첫 줄<br>둘째 줄</h2>
<p class="editor-p">다리가 열렸다.</p><h3>작은 제목</h3><p class="editor-p">배가 떠났다.</p>
<div class="editor-img-box"><div class="caption">부두의 배</div></div>
<div class="side"><p>많이 본 기사</p></div></div>
"""
THIRD = """
<h1>부두 다리 열려</h1><div id="article-view-content" class="article-view"><p>다리가 열렸다.</p>
<h3>작은 제목</h3><p>배가 떠났다.</p></div>
"""


@pytest.mark.parametrize(
    ("url", "html", "dek"),
    [
        ("https://www.mk.co.kr/news/1", NUMBERED, "첫 줄\n둘째 줄"),
        ("https://www.hankookilbo.com/News/Read/1", FIRST, "첫 줄\n둘째 줄"),
        ("https://www.hankookilbo.com/News/Read/1", THIRD, None),
    ],
    ids=["numbered", "first", "third"],
)
def test_sub_headings_stay_in_the_body(url: str, html: str, dek: str | None) -> None:
    article = read_page(html, url=url)
    assert article.paragraphs == ("다리가 열렸다.", "작은 제목", "배가 떠났다.")
    assert article.dek == dek


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
        found = read_alone((each,), tree, Metadata(clock=KOREA))
        assert found is None or found[1].paragraphs


GUIDE = (Path(__file__).parents[2] / "docs" / "site-rules.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The guide's code blocks in one language."""
    return [part.split("```")[0] for part in GUIDE.split(f"```{language}\n")[1:]]


def test_the_guides_example_does_what_it_says() -> None:
    rules = read_rules(blocks("toml")[0], "my-sites.toml")
    url = "https://www.example.com/news/1"
    metadata, body = read(blocks("html")[0], *rules_for(url, rules))
    assert metadata.headline == "Harbour bridge opens two weeks early"
    assert metadata.dek == "Council saves a fortnight\nFerries run until March"
    assert metadata.byline == ("Ana Example",)
    assert (metadata.published_at, metadata.modified_at) == (korean(8, 5), korean(9, 10))
    assert [text[:7] for text in body.paragraphs] == ["The har", "Ferries", "Ferries"]
    assert body.captions == ("The bridge on Tuesday morning",)
    assert body.source == "my-sites.toml [courier]"


def test_the_guides_generations_load() -> None:
    rules = read_rules(blocks("toml")[1], "my-sites.toml")
    chosen = rules_for("https://example.com/news/1", rules)
    assert [each.name for each in chosen] == [
        "my-sites.toml [courier]",
        "my-sites.toml [courier-2025]",
    ]
