"""Site rules: reading them, choosing among them, and what they find on a page."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article, Timestamp
from scraper.errors import RuleError
from scraper.extract import EXTRACTOR, extract, extractor_for
from scraper.extract.body.refine import Body
from scraper.extract.dates.visible import DateContext
from scraper.extract.html.document import Document
from scraper.extract.metadata import Metadata
from scraper.extract.rules.apply import describe_unmatched, more_precise, read_by_rules
from scraper.extract.rules.rule import (
    Rule,
    built_in_rules,
    read_rules,
    rules_fingerprint,
    rules_for,
)

RULE_FOLDER = Path(__file__).parents[2] / "scraper" / "extract" / "rules" / "sites"
RULE_FILES = sorted(RULE_FOLDER.glob("*.toml"))
KOREAN_CLOCK = DateContext(ZoneInfo("Asia/Seoul"), first="year")

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


def page(html: str) -> Document:
    return Document(f"<html><body>{html}</body></html>".encode(), "https://example.org/a")


def read(html: str, *rules: Rule) -> tuple[Metadata, Body]:
    """What rules alone read; an empty body if none matches."""
    general = Metadata(date_context=KOREAN_CLOCK)
    return apply_rules(rules, page(html), general) or (general, Body())


def apply_rules(
    rules: Sequence[Rule], document: Document, general: Metadata
) -> tuple[Metadata, Body] | None:
    return read_by_rules(rules, document, general)


def extract_page(html: str, *rules: Rule, url: str = "https://example.com/news/1") -> Article:
    return extract(html.encode(), url, rules=rules)


def korean_time(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time of 2026-01-06 in Korea."""
    return datetime(2026, 1, 6, hour, minute, second, tzinfo=KOREAN_CLOCK.zone)


# Reading


@pytest.mark.parametrize("file", RULE_FILES, ids=lambda file: file.stem)
def test_a_built_in_file_loads_and_covers_the_host_in_its_name(file: Path) -> None:
    rules = read_rules(file.read_text(encoding="utf-8"), file.name)
    hosts = [host for site_rule in rules for host in site_rule.hosts]
    assert hosts
    assert all(f".{host}".endswith(f".{file.stem}") for host in hosts)


@pytest.mark.parametrize("file", RULE_FILES, ids=lambda file: file.stem)
def test_a_built_in_selector_never_counts_siblings(file: Path) -> None:
    """Lexbor takes 40 s for `.a ~ p` on the longest page that is parsed."""
    assert not any(sign in file.read_text(encoding="utf-8") for sign in (" ~ ", ":nth-", ":has("))


def test_built_in_rules_exist() -> None:
    assert len(RULE_FILES) >= 25


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("[a", "not TOML", id="not-toml"),
        pytest.param('hosts = ["example.com"]', "[name]", id="no-table"),
        pytest.param('[a]\nbody = ["p"]', "'hosts' is missing", id="no-hosts"),
        pytest.param('[a]\nhosts = ["example.com"]', "'body' is missing", id="no-body"),
        pytest.param('[a]\nhosts = ["example.com"]\nbody = []', "'body' is missing", id="empty"),
        pytest.param("[a]\nheadlines = 'h1'", "did you mean 'headline'?", id="near-key"),
        pytest.param("[a]\nxyz = 'h1'", "the keys are: hosts, valid_from", id="far-key"),
        pytest.param("[a.b]\nbody = 'p'", "unknown key 'b'", id="nested"),
    ],
)
def test_an_invalid_file_says_why(text: str, message: str) -> None:
    with pytest.raises(RuleError, match=r"my\.toml") as error_info:
        read_rules(text, "my.toml")
    assert message in str(error_info.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param('drop = ["p["]', "'p[' in 'drop' is no CSS selector", id="bracket"),
        pytest.param('drop = ["div.a,"]', "is no CSS selector", id="comma"),
        pytest.param('drop = ["[href=\'a]"]', "is no CSS selector", id="open-quote"),
        pytest.param('drop = ["//div[@id]"]', "is no CSS selector", id="xpath"),
        pytest.param('drop = ["p:contains(x)"]', "is no CSS selector", id="jquery"),
        pytest.param('drop = ["p::attr(id)"]', "must come last", id="drop-attribute"),
        pytest.param('dek = ["p::attr(id) b"]', "must come last", id="not-last"),
        pytest.param('dek = ["p::attr()"]', "must come last", id="no-attribute"),
        pytest.param('dek = [""]', "text or a list of texts", id="empty-text"),
        pytest.param("dek = 5", "text or a list of texts", id="number"),
        pytest.param('valid_until = "2026-01-31"', "without quotation marks", id="quoted-day"),
        pytest.param("valid_until = 2026-01-31T09:00:00", "must be a day", id="day-and-time"),
        pytest.param("valid_until = 2026", "must be a day", id="year"),
        pytest.param("valid_from = 2026-02-01\nvalid_until = 2026-01-01", "is after", id="days"),
    ],
)
def test_an_invalid_key_says_where_it_is(line: str, message: str) -> None:
    with pytest.raises(RuleError) as error_info:
        read_rules(f'[paper]\nhosts = ["example.com"]\nbody = ["p"]\n{line}', "my.toml")
    assert str(error_info.value).startswith("my.toml [paper]: ")
    assert message in str(error_info.value)


@pytest.mark.parametrize(
    "host",
    ["https://example.com", "example.com/a", "example.com:80", "*.example.com", "com", "a b.com"],
)
def test_an_invalid_host_is_rejected(host: str) -> None:
    with pytest.raises(RuleError, match="is no host name"):
        rule(hosts=host, body="p")


def test_a_rule_is_for_the_host_that_is_asked() -> None:
    """A rule for straße.example was one for strasse.example."""
    assert rule(hosts="Straße.example", body="p").hosts == ("xn--strae-oqa.example",)


def test_an_impossible_day_is_reported_with_its_line() -> None:
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
    selected_rules = rules_for("https://example.com/a", read_rules(TWO_GENERATIONS, "my.toml"))
    assert [site_rule.valid_until for site_rule in selected_rules] == [None, date(2025, 6, 30)]


def test_a_subdomain_with_a_rule_of_its_own_comes_before_its_parent() -> None:
    parent, child = rule(body="p"), rule(hosts="tv.example.com", body="p")
    assert rules_for("https://tv.example.com/a", (parent, child)) == (child, parent)
    assert rules_for("https://example.com/a", (parent, child)) == (parent,)


@given(st.text() | st.from_regex(r"https?://[^/]*\.kr[./:@\[\]]*.*"))
def test_rules_for_never_raises(url: str) -> None:
    selected_rules = rules_for(url, read_rules(TWO_GENERATIONS, "my.toml")) + built_in_rules(url)
    assert all(isinstance(site_rule, Rule) for site_rule in selected_rules)


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
def test_built_in_rules_are_selected_by_host(url: str, names: list[str]) -> None:
    assert [site_rule.name for site_rule in built_in_rules(url)] == names


def test_different_rules_have_different_fingerprints() -> None:
    first_rule, second_rule = rule(body="p"), rule(body="div")
    assert (
        rules_fingerprint((first_rule,))
        == rules_fingerprint((rule(body="p"),))
        != rules_fingerprint((second_rule,))
    )


# Finding


def test_an_expired_rule_is_not_reported_as_missed() -> None:
    assert describe_unmatched((rule(body="p", valid_until=date(2024, 1, 1)),)) is None
    assert describe_unmatched(()) is None


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
def test_each_page_generation_uses_its_own_rule(html: str, name: str) -> None:
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
    ids=["empty", "picture", "script", "hidden", "dropped", "caption", "boilerplate", "in-dropped"],
)
def test_a_body_without_text_does_not_match(html: str) -> None:
    single_rule = rule(body=".story", caption="figure", drop=".ad")
    assert apply_rules((single_rule,), page(html), Metadata()) is None


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
    ids=["nested", "breaks", "blocks", "field", "drop", "hidden", "second-selector", "boilerplate"],
)
def test_the_body_is_its_text_without_boilerplate(html: str, paragraphs: tuple[str, ...]) -> None:
    single_rule = rule(body=[".s", ".t"], dek=".dek", drop=[".ad", "nav"])
    assert read(html, single_rule)[1].paragraphs == paragraphs


def test_a_repeated_caption_is_not_a_paragraph() -> None:
    html = "<div class=s><p class=c>▲부두의 배</p><p>▲부두의 배</p><p>배가 떠났다.</p></div>"
    _, body = read(html, rule(body=".s", caption=".c"))
    assert (body.captions, body.paragraphs) == (("▲부두의 배",), ("배가 떠났다.",))


def test_applying_a_rule_leaves_the_tree_unchanged() -> None:
    document = page('<div class="s">One.<div class="ad">Buy</div></div>')
    before = document.tree.html
    apply_rules((rule(body=".s", drop=".ad"),), document, Metadata())
    assert document.tree.html == before


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
def test_a_field_has_one_line_per_block(html: str, selector: str, lines: tuple[str, ...]) -> None:
    metadata, _ = read(f"{html}<div class=s>Text.</div>", rule(body=".s", dek=selector))
    assert (metadata.dek or "") == "\n".join(lines)


@pytest.mark.parametrize(
    ("html", "published", "modified"),
    [
        (
            "<em class=t>입력 2026.01.06 (08:26)</em><em class=t>수정 2026.01.06 (09:10)</em>",
            korean_time(8, 26),
            korean_time(9, 10),
        ),
        (
            "<p class=t>기사입력 2026-01-06 19:01 l 최종수정 2026-01-06 19:40</p>",
            korean_time(19, 1),
            korean_time(19, 40),
        ),
        ("<p class=t>등록 2026.01.06 16:27</p>", korean_time(16, 27), None),
        (
            "<dl class=t><dt>입력 :</dt><dd>2026-01-06 08:05:24</dd></dl>",
            korean_time(8, 5, 24),
            None,
        ),
        ("<p class=t>2026.01.06. 오후 6:23.</p>", korean_time(18, 23), korean_time(18, 23)),
        (
            '<time class=t datetime="2026-01-06T18:23:00+09:00">어제</time>',
            korean_time(18, 23),
            korean_time(18, 23),
        ),
        ("<p class=t>조금 전</p>", None, None),
    ],
    ids=["kbs", "mbn", "unedited", "list", "no-label", "time-element", "no-date"],
)
def test_a_label_decides_between_published_and_modified(
    html: str, published: Timestamp | None, modified: Timestamp | None
) -> None:
    single_rule = rule(body=".s", published=".t", modified=".t")
    metadata, _ = read(f"{html}<div class=s>글</div>", single_rule)
    assert (metadata.published_at, metadata.modified_at) == (published, modified)


NINE = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
NINE_AND_A_HALF = NINE.replace(second=30)


@pytest.mark.parametrize(
    ("rule_time", "general", "expected_time"),
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
def test_a_rules_time_wins_unless_it_is_a_less_exact_form_of_the_general_one(
    rule_time: Timestamp | None, general: Timestamp | None, expected_time: Timestamp
) -> None:
    assert more_precise(rule_time, general) == expected_time


# In an extraction

PAPER_PAGE = """
<html lang="en"><head><meta property="og:title" content="Bridge opens"><title>Bridge opens</title></head>
<body><h1>Bridge opens</h1><div class="{body}"><p>The harbour bridge opened to traffic on Monday,
two years after a storm tore away its middle span.</p><p>Repairs cost 12 million crowns, the port
authority said, and 21 people worked on the site every day.</p></div></body></html>
"""
STORY_KEYS = {"hosts": "example.com", "body": "div.story"}


def test_a_rule_that_no_longer_matches_falls_back_and_is_reported() -> None:
    article = extract_page(PAPER_PAGE.format(body="renewed"), rule(**STORY_KEYS))
    assert len(article.paragraphs) == 2
    assert article.sources["body"] == "page"
    assert "my.toml [paper]" in article.sources["rule"]


def test_the_sources_name_the_rule_that_gave_each_field() -> None:
    html = PAPER_PAGE.format(body="story").replace("<h1>", "<h2 class=h>Ferry stays</h2><h1>")
    article = extract_page(html, rule(**STORY_KEYS, headline=".h", dek=".none"))
    assert (article.headline, article.dek) == ("Ferry stays", None)
    assert article.sources == {"headline": "my.toml [paper]", "body": "my.toml [paper]"}


def test_a_page_of_another_host_uses_the_general_extractor() -> None:
    article = extract_page(
        PAPER_PAGE.format(body="story"), rule(**STORY_KEYS), url="https://example.org/a"
    )
    assert article.sources["body"] == "page"
    assert "rule" not in article.sources


def test_a_users_rule_comes_before_the_built_in_one() -> None:
    html = PAPER_PAGE.format(body="news_txt").replace("<div ", "<div itemprop=articleBody ")
    url = "https://imnews.imbc.com/news/1"
    user_rule = rule(hosts="imbc.com", body=".news_txt p")
    assert extract_page(html, url=url).sources["body"] == "imnews.imbc.com.toml [imbc]"
    assert extract_page(html, user_rule, url=url).sources["body"] == "my.toml [paper]"


def test_the_extractor_name_changes_only_with_the_hosts_rules() -> None:
    first_rule, second_rule = rule(body="p"), rule(body="div")
    url = "https://www.example.com/a"
    assert extractor_for(url) == extractor_for("https://example.org/a", (first_rule,)) == EXTRACTOR
    assert (
        len({EXTRACTOR, extractor_for(url, (first_rule,)), extractor_for(url, (second_rule,))}) == 3
    )
    assert extractor_for("https://www.mbn.co.kr/1") != EXTRACTOR


# Built in, on pages made from the rules' own selectors

BUILT_IN_RULES = tuple(
    site_rule
    for file in RULE_FILES
    for site_rule in read_rules(file.read_text(encoding="utf-8"), file.name)
)
SIMPLE_SELECTOR = re.compile(r"([#.])([\w-]+)|\[([\w-]+)(?:[\^$*]?=['\"]?([^'\"\]]+))?[^\]]*\]")
VALUE_ATTRIBUTE = {"meta": "content", "time": "datetime"}
INLINE_SELECTOR = re.compile(r"(?:^| )(?:p|span)\b[^ ]*$")
PARAGRAPHS = ("다리가 열렸다고 사무소가 밝혔다.", "배는 봄까지 다닌다고 한다.")
# What a page shows for a key, and what the article has then.
FIELD_TEXTS = {
    "headline": ("부두 다리 열려", "부두 다리 열려"),
    "dek": ("첫 줄입니다<br>둘째 줄입니다", "첫 줄입니다\n둘째 줄입니다"),
    "byline": ("김보기 기자", ("김보기",)),
    "published": ("입력 2026-01-06 08:05:24", korean_time(8, 5, 24)),
    "modified": ("수정 2026-01-06 09:10:30", korean_time(9, 10, 30)),
    "section": ("사회", "사회"),
    "caption": ("부두를 떠나는 배", ("부두를 떠나는 배",)),
}
ARTICLE_FIELD = {"published": "published_at", "modified": "modified_at", "caption": "captions"}


def markup_for(selector: str, text: str) -> str:
    """The elements that a selector asks for around a text, or with it in the attribute."""
    path, _, attribute = selector.split(", ")[0].partition("::attr(")
    for part in reversed(re.split(r" > | ", path)):
        tag = re.split(r"[#.\[]", part)[0] or "div"
        attribute_values: dict[str, str] = {}
        for sign, name, key, value in SIMPLE_SELECTOR.findall(part):
            key = {"#": "id", ".": "class"}.get(sign, key)
            attribute_values[key] = f"{attribute_values.get(key, '')} {name or value or 1}".strip()
        if key := attribute.removesuffix(")") or VALUE_ATTRIBUTE.get(tag, ""):
            attribute_values[key], text, attribute = (
                text.removeprefix("입력 ").removeprefix("수정 "),
                "",
                "",
            )
        attributes = "".join(f' {key}="{value}"' for key, value in attribute_values.items())
        text = f"<{tag}{attributes}>{text}</{tag}>"
    return text


def page_for_rule(site_rule: Rule, body: str) -> str:
    """An article page in the shape of a rule: every field by its first selector."""
    fields = [
        markup_for(selector, text)
        for key, (text, _) in FIELD_TEXTS.items()
        for selector in getattr(site_rule, key)[:1]
    ]
    ignored_html = "".join(markup_for(selector, "오늘만 반값입니다") for selector in site_rule.drop)
    text_html = "<br><br>".join(PARAGRAPHS)
    main = (
        markup_for(body, text_html) + ignored_html
        if INLINE_SELECTOR.search(body.split(", ")[0])
        else markup_for(body, text_html + ignored_html)
    )
    head = "<html lang=ko><head><meta property=og:title content='부두 다리 열려'></head>"
    return f"{head}<body><p>밖의 글입니다</p>{''.join(fields)}{main}</body></html>"


@pytest.mark.parametrize("site_rule", BUILT_IN_RULES, ids=lambda site_rule: site_rule.name)
def test_a_page_built_from_a_rule_gives_each_of_its_fields(site_rule: Rule) -> None:
    article = extract_page(
        page_for_rule(site_rule, site_rule.body[0]), url=f"https://www.{site_rule.hosts[0]}/news/1"
    )
    expected = {key: value for key, (_, value) in FIELD_TEXTS.items() if getattr(site_rule, key)}
    assert {key: getattr(article, ARTICLE_FIELD.get(key, key)) for key in expected} == expected
    assert (article.paragraphs, article.sources["body"]) == (PARAGRAPHS, site_rule.name)


ALTERNATIVE_BODIES = [
    (site_rule, body) for site_rule in BUILT_IN_RULES for body in site_rule.body[1:]
]


@pytest.mark.parametrize(
    ("site_rule", "body"),
    ALTERNATIVE_BODIES,
    ids=[f"{site_rule.name} {body}" for site_rule, body in ALTERNATIVE_BODIES],
)
def test_the_alternative_body_selectors_match(site_rule: Rule, body: str) -> None:
    article = extract_page(
        page_for_rule(site_rule, body), url=f"https://{site_rule.hosts[0]}/news/1"
    )
    assert (article.paragraphs, article.sources["body"]) == (PARAGRAPHS, site_rule.name)


MK_PAGE = """
<h2 class="news_ttl">부두 다리 열려</h2>
<div class="news_cnt_detail_wrap" itemprop="articleBody">
<div class="mid_title"><div class="midtitle_text">첫 줄<br>둘째 줄</div></div>
<figure><figcaption><span class="thum_figure_txt">부두의 배</span></figcaption></figure>
<p refid="1">다리가 열렸다.</p><div class="border_org">작은 제목</div><p refid="2">배가 떠났다.</p></div>
"""
HANKOOK_DEK_PAGE = """
<h1>부두 다리 열려</h1><div class="col-main" itemprop="articleBody"><h2>첫 줄<br>둘째 줄</h2>
<p class="editor-p">다리가 열렸다.</p><h3>작은 제목</h3><p class="editor-p">배가 떠났다.</p>
<div class="editor-img-box"><div class="caption">부두의 배</div></div>
<div class="side"><p>많이 본 기사</p></div></div>
"""
HANKOOK_PLAIN_PAGE = """
<h1>부두 다리 열려</h1><div id="article-view-content" class="article-view"><p>다리가 열렸다.</p>
<h3>작은 제목</h3><p>배가 떠났다.</p></div>
"""


@pytest.mark.parametrize(
    ("url", "html", "dek"),
    [
        ("https://www.mk.co.kr/news/1", MK_PAGE, "첫 줄\n둘째 줄"),
        ("https://www.hankookilbo.com/News/Read/1", HANKOOK_DEK_PAGE, "첫 줄\n둘째 줄"),
        ("https://www.hankookilbo.com/News/Read/1", HANKOOK_PLAIN_PAGE, None),
    ],
    ids=["numbered", "first", "third"],
)
def test_subheadings_stay_in_the_body(url: str, html: str, dek: str | None) -> None:
    article = extract_page(html, url=url)
    assert article.paragraphs == ("다리가 열렸다.", "작은 제목", "배가 떠났다.")
    assert article.dek == dek


CLASS_NAMES = ["news_view", "date", "reporter", "drop", "caption", "publish", "articletxt"]
MARKUP_PIECES = st.sampled_from(
    ["<div>", "</div>", "<p>", "<br>", "</p>", "<b>", "글", "<figure>", "<ul>"]
)
TAGGED_ELEMENTS = st.builds(
    '<{} class="{}" id="{}">'.format,
    st.sampled_from(["div", "p", "figure", "span", "em"]),
    st.sampled_from(CLASS_NAMES),
    st.sampled_from(CLASS_NAMES),
)


@given(st.lists(MARKUP_PIECES | TAGGED_ELEMENTS | st.text(max_size=20), max_size=40).map("".join))
def test_applying_rules_never_raises(html: str) -> None:
    tree = page(html)
    for site_rule in BUILT_IN_RULES:
        result = apply_rules((site_rule,), tree, Metadata(date_context=KOREAN_CLOCK))
        assert result is None or result[1].paragraphs


GUIDE = (Path(__file__).parents[2] / "docs" / "site-rules.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The guide's code blocks in one language."""
    return [part.split("```")[0] for part in GUIDE.split(f"```{language}\n")[1:]]


def test_the_guides_example_works_as_described() -> None:
    rules = read_rules(blocks("toml")[0], "my-sites.toml")
    url = "https://www.example.com/news/1"
    metadata, body = read(blocks("html")[0], *rules_for(url, rules))
    assert metadata.headline == "Harbour bridge opens two weeks early"
    assert metadata.dek == "Council saves a fortnight\nFerries run until March"
    assert metadata.byline == ("Ana Example",)
    assert (metadata.published_at, metadata.modified_at) == (korean_time(8, 5), korean_time(9, 10))
    assert [text[:7] for text in body.paragraphs] == ["The har", "Ferries", "Ferries"]
    assert body.captions == ("The bridge on Tuesday morning",)
    assert body.source == "my-sites.toml [courier]"


def test_the_guides_generations_example_loads() -> None:
    rules = read_rules(blocks("toml")[1], "my-sites.toml")
    selected_rules = rules_for("https://example.com/news/1", rules)
    assert [site_rule.name for site_rule in selected_rules] == [
        "my-sites.toml [courier]",
        "my-sites.toml [courier-2025]",
    ]
