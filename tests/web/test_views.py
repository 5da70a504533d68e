"""The web pages, requested as browsers, feed readers, programs and attackers do."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pytest
from datasette.app import Datasette

from scraper.article import Article
from storage.database import open_database, open_existing
from storage.search import first_hits
from storage.search.highlight import contains_words
from storage.search.hits import Scope
from tests.support.demo_history import make_demo_history
from tests.support.web_history import (
    Visitor,
    add_article,
    hostile_history,
    many_edits,
    unusual_history,
    visitor_of,
)
from variorum.web.security import STRICT_POLICY, NamedSigns
from variorum.web.views.publisher import PUBLISHERS_PER_PAGE

ATOM = "{http://www.w3.org/2005/Atom}"
VIEWS = (
    "/edits", "/edit/1", "/article/1", "/article/1/sentences", "/publishers", "/publisher/www.ansel-courier.example",
    "/search?q=harbour", "/search?q=people&scope=sentences", "/article/3?from=1&to=3&view=side", "/edit/999",
)  # fmt: skip


class Markup(HTMLParser):
    """What a page is made of: its tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def links(self) -> list[str]:
        return [attrs.get("href") or "" for tag, attrs in self.tags if tag == "a"]


@pytest.fixture(scope="module")
def demo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web") / "demo.db"
    make_demo_history(path)
    return path


@pytest.fixture(scope="module")
def demo(demo_path: Path) -> Iterator[Visitor]:
    with visitor_of(demo_path, sql=True) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def edits_visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, Path]]:
    path = tmp_path_factory.mktemp("web") / "many.db"
    many_edits(path, articles=60).close()
    with visitor_of(path) as visitor:
        yield visitor, path


@pytest.fixture(scope="module")
def hostile_visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    path = tmp_path_factory.mktemp("web") / "hostile.db"
    hostile_history(path).close()
    with visitor_of(path) as visitor:
        yield visitor


def edit_stream(page: str) -> str:
    """The edits on a page, without what is around them."""
    return page.partition('<div class="stream">')[2].partition("</main>")[0]


def with_extension(view: str, extension: str) -> str:
    path, separator, query = view.partition("?")
    return f"{path}.{extension}{separator}{query}"


# What the site serves.


@pytest.mark.parametrize("view", VIEWS[:-1])
@pytest.mark.parametrize("extension", ["atom", "json", "csv"])
def test_a_view_has_every_format(demo: Visitor, view: str, extension: str) -> None:
    answer = demo.send_request(with_extension(view, extension))
    assert answer.status_code == 200
    if extension == "atom":
        feed = ElementTree.fromstring(answer.content)
        assert feed.findtext(f"{ATOM}id")
    elif extension == "json":
        assert json.loads(answer.text)["title"]
    else:
        assert next(csv.reader(io.StringIO(answer.text)))


def test_the_front_page_shows_each_edit_and_the_checks_around_it(demo: Visitor) -> None:
    page = demo.page("/")
    assert "<del>있다고</del><ins>없다고</ins>" in page
    assert 'between <time datetime="2026-05-15T13:30:' in page


def test_a_page_links_to_its_feed(demo: Visitor) -> None:
    links = [
        attrs
        for tag, attrs in Markup(demo.page("/publisher/www.ansel-courier.example")).tags
        if tag == "link"
    ]
    (feed,) = [attrs["href"] for attrs in links if attrs.get("rel") == "alternate"]
    assert feed == "/publisher/www.ansel-courier.example.atom"
    assert demo.send_request(str(feed)).headers["content-type"].startswith("application/atom+xml")


def test_a_feed_entry_links_to_the_edit(demo: Visitor) -> None:
    feed = ElementTree.fromstring(demo.page("/edits.atom"))
    link = feed.find(f"{ATOM}entry/{ATOM}link")
    assert link is not None
    path = link.attrib["href"].removeprefix("http://localhost")
    assert path.startswith("/edit/")
    assert demo.send_request(path).status_code == 200


def sharing_metadata(page: str) -> dict[str, str]:
    """What a page says of itself to those who show its address elsewhere."""
    metas = [attrs for tag, attrs in Markup(page).tags if tag == "meta"]
    return {
        str(attrs.get("property") or attrs.get("name")): str(attrs.get("content"))
        for attrs in metas
    }


def test_an_edit_page_has_sharing_metadata(demo: Visitor) -> None:
    results = sharing_metadata(demo.page("/edit/2"))
    assert results["og:title"].startswith("Body edited silently: Ferry")
    assert "[-12-]{+21+}" in results["og:description"]
    assert (results["og:type"], results["og:site_name"]) == ("article", "Variorum")
    assert results["twitter:card"] == "summary"
    assert results["article:published_time"] == demo.rows("/edit/2.json")[0]["seen_at"]


def test_sharing_metadata_has_a_url_only_when_the_site_url_is_set(
    demo: Visitor, demo_path: Path
) -> None:
    assert "og:url" not in sharing_metadata(demo.page("/edit/2"))
    with visitor_of(demo_path, url="https://edits.example.org/v") as visitor:
        assert (
            sharing_metadata(visitor.page("/v/edit/2"))["og:url"]
            == "https://edits.example.org/v/edit/2"
        )


ODD_VALUES = (
    "",
    "9" * 18,
    "9" * 300,
    "-1",
    "%00",
    "1%00",
    "%2F..%2F",
    "%ff",
    "%C2%B2",
    "'",
    "%22*(",
    "9999-12-31",
    quote("말" * 3_000),
)
ODD_QUERIES = (
    *(f"/edits?{name}=" for name in ("before", "publisher", "article", "kind", "silent", "since", "until", "words", "x")),
    *(f"/search?q=fire&{name}=" for name in ("q", "scope", "before")), "/publishers?before=",
    "/article/1?from=", "/article/1?view=side&to=", "/edit/", "/article/", "/publisher/",
)  # fmt: skip


@pytest.mark.parametrize("extension", ["html", "atom", "json", "csv"])
@pytest.mark.parametrize("is_empty", [True, False], ids=["empty", "unusual"])
def test_no_query_makes_a_page_fail(tmp_path: Path, is_empty: bool, extension: str) -> None:
    path = tmp_path / "odd.db"
    (open_database if is_empty else unusual_history)(path).close()
    with visitor_of(path) as visitor:
        for view in ODD_QUERIES:
            for value in ODD_VALUES:
                query_path = view + value
                answer = visitor.send_request(
                    query_path if extension == "html" else with_extension(query_path, extension)
                )
                assert answer.status_code < 500, query_path
                assert is_well_formed(answer), query_path


def is_well_formed(answer: httpx.Response) -> bool:
    """Is the answer well-formed for its content type? Raises the parser's error if it is not."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == "application/atom+xml":
        return ElementTree.fromstring(answer.content).tag == f"{ATOM}feed"
    if kind == "application/json":
        return isinstance(json.loads(answer.text), dict)
    return len(answer.content) < 100_000


def test_equivalent_feed_urls_have_one_feed_id(demo: Visitor) -> None:
    queries = (
        "field=body&silent=1",
        "silent=1&field=body&utm_source=letter",
        "kind=&silent=1&field=body",
    )
    feeds = [ElementTree.fromstring(demo.page(f"/edits.atom?{query}")) for query in queries]
    assert len({feed.findtext(f"{ATOM}id") for feed in feeds}) == 1


def test_an_unknown_path_is_a_not_found_page(demo: Visitor) -> None:
    for path in (
        "/edit/999",
        "/article/999",
        "/publisher/nobody.example",
        "/nothing",
        "/variorum/nothing",
    ):
        answer = demo.send_request(path)
        assert answer.status_code == 404, path
        assert "<h1>Not found</h1>" in answer.text


@pytest.mark.parametrize(
    "query", ["field=body'", "kind=x", "before=-1", "since=yesterday", "silent=2", "since=0000-01-01", "until=10000-01-01",
              "until=9999-12-31T23:59-14:00", "since=0001-01-01T00:00%2B14:00", "since=2026-02-30"]
)  # fmt: skip
def test_an_invalid_filter_is_a_bad_request(demo: Visitor, query: str) -> None:
    assert demo.send_request(f"/edits?{query}").status_code == 400


def test_an_alternating_headline_is_shown(demo: Visitor) -> None:
    page = demo.page("/article/4")
    assert page.count(">returned<") >= 2
    assert "of the time" in page


def test_an_article_page_has_a_timeline_and_the_reason_for_the_next_check(demo: Visitor) -> None:
    page = demo.page("/article/4")
    assert page.count('<rect class="bar"') == 5
    assert "because:" in page


def test_a_moved_paragraph_is_shown_as_moved(demo: Visitor) -> None:
    assert "moved here from paragraph" in demo.page("/article/3?from=1&to=3")
    assert "moved here from paragraph" in demo.page("/article/3?from=1&to=3&view=side")


def long_article(path: Path) -> None:
    """Two hundred Korean paragraphs, of which one of the last is another in the second version."""
    texts = [
        [f"{number}번째 단락. {'긴 글이다. ' * 30}" for number in range(200)] for _ in range(2)
    ]
    texts[1][190] = "모두 바뀌었다."
    url = "https://long.example/1"
    versions = [Article(url, "긴 글", lang="ko", paragraphs=tuple(each)) for each in texts]
    db = open_database(path)
    add_article(db, url, "long.example", versions)
    db.close()


def test_the_changes_of_a_long_article_are_shown(tmp_path: Path) -> None:
    long_article(tmp_path / "long.db")
    with visitor_of(tmp_path / "long.db") as visitor:
        for view in ("inline", "side"):
            page = visitor.page(f"/article/1?view={view}")
            assert "모두" in page.partition('id="redline"')[2].partition('id="edits"')[0]
            assert "… 189 paragraphs unchanged …" in page
            assert len(page.encode()) < 100_000
        assert len(visitor.page("/article/1/sentences").encode()) < 100_000


def test_a_change_too_long_to_show_is_counted_and_not_called_unchanged(tmp_path: Path) -> None:
    url = "https://long.example/1"
    versions = [Article(url, "Long", paragraphs=(f"{word} " * 9_000, "End.")) for word in ("old", "new")]  # fmt: skip
    db = open_database(tmp_path / "long.db")
    add_article(db, url, "long.example", versions)
    db.close()
    with visitor_of(tmp_path / "long.db") as visitor:
        assert "not shown, 1 changed" in visitor.page("/article/1")


def test_only_the_last_of_many_versions_are_drawn_and_listed(tmp_path: Path) -> None:
    unusual_history(tmp_path / "unusual.db").close()
    with visitor_of(tmp_path / "unusual.db") as visitor:
        page = visitor.page("/article/3?from=1")
        assert "The timeline shows the last 100 of 200 versions" in page
        assert page.count('<rect class="bar"') == 100
        assert "<option selected>1</option>" in page
        assert len(page.encode()) < 80_000
        assert len(json.loads(visitor.page("/article/3.json"))["headlines"]) == 200


def test_an_unchanged_paragraph_is_shown_as_written(demo: Visitor, demo_path: Path) -> None:
    db = open_existing(demo_path)
    (body,) = db.execute("select body from versions where article_id = 4 and number = 1").fetchone()
    db.close()
    page = demo.page("/article/4").partition('<div class="text">')[2].partition("</div>")[0]
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    longest = max(body.split("\n"), key=lambda paragraph: paragraph.count("。"))
    assert longest.count("。") > 1
    assert longest in text


def test_removed_sentences_are_listed(demo: Visitor) -> None:
    page = demo.page("/article/2/sentences").partition("Deleted sentences")[2]
    assert "The ambulance service said 12 people" in page


def test_every_publisher_is_listed_once(tmp_path: Path) -> None:
    path = tmp_path / "hosts.db"
    db = open_database(path)
    for number in range(PUBLISHERS_PER_PAGE + 30):
        for article_number in range(1 + number % 3):
            url = f"https://h{number}.example/{article_number}"
            add_article(db, url, f"h{number}.example", [Article(url, "Fire", paragraphs=("It burns.",))])  # fmt: skip
    db.close()
    with visitor_of(path) as visitor:
        first = json.loads(visitor.page("/publishers.json"))
        assert ">Next</a>" in visitor.page("/publishers")
        next_page = json.loads(visitor.page(first["older"].removeprefix("http://localhost")))
    rows = [*first["rows"], *next_page["rows"]]
    assert next_page["older"] is None
    assert len({row["host"] for row in rows}) == len(rows) == PUBLISHERS_PER_PAGE + 30
    assert [row["articles"] for row in rows] == sorted((row["articles"] for row in rows), reverse=True)  # fmt: skip


def test_a_publishers_figures_have_confidence_limits(demo: Visitor) -> None:
    figures = json.loads(demo.page("/publisher/www.ansel-courier.example.json"))["stats"]
    assert figures["per_day"]["low"] < figures["per_day"]["value"] < figures["per_day"]["high"]
    assert figures["silent_share"]["value"] == 0.2


def test_search_finds_a_two_syllable_korean_word(demo: Visitor) -> None:
    rows = demo.rows(f"/search.json?q={quote('온실')}")
    assert [row["article_id"] for row in rows] == [1]
    assert "<mark>온실</mark>" in demo.page(f"/search?q={quote('온실')}")


def test_search_finds_a_removed_sentence(demo: Visitor) -> None:
    rows = demo.rows("/search.json?q=12+people+treated&scope=sentences")
    assert [row["article_id"] for row in rows] == [2]
    assert all("12 people" in sentence for sentence in rows[0]["sentences"])


def test_deleted_search_agrees_with_the_command_line(demo: Visitor, demo_path: Path) -> None:
    db = open_existing(demo_path)
    for words in (
        "people",
        "12 people",
        "있다고",
        "帰る人",
        "Freibad",
        "afternoon",
        "No such word",
    ):
        expected = {hit.url for hit in first_hits(db, words, scope=Scope.DELETED)}
        results = demo.rows(f"/search.json?scope=deleted&q={quote(words)}")
        assert {row["url"] for row in results} == expected
        assert all(row["deleted"] for row in results)
    assert first_hits(db, "있다고", scope=Scope.DELETED)
    db.close()


@pytest.mark.parametrize("scope", list(Scope))
def test_paging_a_search_gives_every_article_once(
    edits_visitor: tuple[Visitor, Path], scope: Scope
) -> None:
    visitor, _ = edits_visitor
    results: list[int] = []
    at = f"/search.json?q=burns&scope={scope}"
    while at:
        document = json.loads(visitor.page(at))
        results += [row["article_id"] for row in document["rows"]]
        at = (document["older"] or "").removeprefix("http://localhost")
    expected_ids = (
        [] if scope is Scope.SENTENCES else list(range(60, 0, -1))
    )  # the headlines lost the word
    assert results == expected_ids


def test_searching_for_a_url_links_to_its_article(demo: Visitor) -> None:
    address = quote("https://www.hamanose.example/articles/DA4K20601.html")
    assert 'href="/article/4"' in demo.page(f"/search?q={address}")


# The cursor and the filters.


def test_paging_gives_every_edit_once(edits_visitor: tuple[Visitor, Path]) -> None:
    visitor, path = edits_visitor
    results: list[int] = []
    at = "/edits.json?field=headline"
    while at:
        document = json.loads(visitor.page(at))
        results += [row["id"] for row in document["rows"]]
        at = (document["older"] or "").removeprefix("http://localhost")
    db = open_existing(path)
    expected = [
        row[0]
        for row in db.execute("select id from edits where field = 'headline' order by id desc")
    ]
    assert results == expected
    db.close()


def test_a_new_edit_does_not_shift_the_older_page(tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    db = many_edits(path, articles=30)
    with visitor_of(path) as visitor:
        (older_link,) = [link for link in Markup(visitor.page("/")).links() if "before=" in link]
        before = edit_stream(visitor.page(older_link))
        first_version = Article("https://new.example/1", "Fire", paragraphs=("It burns.",))
        second_version = Article("https://new.example/1", "Fire is out", paragraphs=("It burns.",))
        add_article(db, first_version.url, "new.example", [first_version, second_version])
        assert "Fire is out" in visitor.page("/")
        assert edit_stream(visitor.page(older_link)) == before
    db.close()


def test_imported_edits_are_ordered_by_when_they_were_seen(tmp_path: Path) -> None:
    path = tmp_path / "imported.db"
    db = open_database(path)
    for number, hour in enumerate((0, -48, -24)):
        url = f"https://a.example/{number}"
        texts = [Article(url, f"Fire {part}", paragraphs=("It burns.",)) for part in ("one", "two")]
        add_article(db, url, "a.example", texts, hour=hour)
    db.close()
    with visitor_of(path) as visitor:
        assert [row["id"] for row in visitor.rows("/edits.json")] == [1, 3, 2]
        assert [row["id"] for row in visitor.rows("/edits.json?before=1")] == [3, 2]
        assert [row["id"] for row in visitor.rows("/edits.json?before=3&field=headline")] == [2]
        assert [row["id"] for row in visitor.rows("/edits.json?words=two&until=2026-05-13")] == [3, 2]  # fmt: skip


FILTERS = {
    "publisher=a1.example": "host = 'a1.example'",
    "field=headline": "field = 'headline'",
    "kind=number": "kind = 'number'",
    "silent=1": "disclosed = 0",
    "silent=1&field=headline&publisher=a0.example": "disclosed = 0 and field = 'headline' and host = 'a0.example'",
    "since=2026-05-15": "seen_at >= '2026-05-15'",
    "until=2026-05-14": "seen_at < '2026-05-15'",
    "until=2026-05-13": "seen_at < '2026-05-14'",
    "until=9999-12-31": "true",
    "since=0001-01-01": "true",
    "article=7": "article_id = 7",
    "kind=number&article=7": "kind = 'number' and article_id = 7",
}


@pytest.mark.parametrize("query", FILTERS)
def test_a_filter_gives_exactly_the_matching_edits(
    edits_visitor: tuple[Visitor, Path], query: str
) -> None:
    visitor, path = edits_visitor
    db = open_existing(path)
    expected = [
        row[0]
        for row in db.execute(
            f"select id from edit_log where {FILTERS[query]} order by id desc limit 100"
        )
    ]
    assert [row["id"] for row in visitor.rows(f"/edits.json?{query}")] == expected
    assert expected or query in ("since=2026-05-15", "until=2026-05-13")
    db.close()


@pytest.mark.parametrize("words", ["harbour 45", "mill 17", "burnt", "nowhere"])
def test_words_match_the_edits_that_contain_them(
    edits_visitor: tuple[Visitor, Path], words: str
) -> None:
    visitor, path = edits_visitor
    db = open_existing(path)
    matches = contains_words(words)
    all_edits = db.execute("select id, old, new, context from edits order by id desc").fetchall()
    expected = [row[0] for row in all_edits if matches(f"{row[1]} \n {row[2]} \n {row[3]}")]
    assert [row["id"] for row in visitor.rows(f"/edits.json?words={quote(words)}")] == expected[
        :100
    ]
    db.close()


# Text of strangers.


@pytest.mark.parametrize("view", [*VIEWS[:4], "/publishers", "/", "/search?q=stands", "/article/1?view=side",
                                  "/publisher/%22%3E%3Cimg%20src%3Dx%3E", "/search?q=alert&scope=sentences"])  # fmt: skip
def test_scraped_text_is_not_markup(hostile_visitor: Visitor, view: str) -> None:
    page = hostile_visitor.page(view)
    markup = Markup(page)
    assert {tag for tag, _ in markup.tags} & {"img", "b", "iframe", "object", "style"} == set()
    assert [attrs for tag, attrs in markup.tags if tag == "script"] == [
        {"src": "/-/variorum/keys.js", "defer": None}
    ]
    assert not [link for link in markup.links() if link.lower().startswith(("javascript", "data"))]
    assert not set(page) & set("\x1b\x07\u202e")
    assert len(page.encode()) < 100_000


@pytest.mark.parametrize("view", VIEWS)
def test_no_page_has_inline_script_or_style(demo: Visitor, view: str) -> None:
    answer = demo.send_request(view)
    assert answer.headers["content-security-policy"] == STRICT_POLICY
    for tag, attrs in Markup(answer.text).tags:
        assert tag != "style"
        assert tag != "script" or attrs["src"]
        assert not [name for name in attrs if name == "style" or name.startswith("on")]


def test_an_external_link_sends_no_referrer(demo: Visitor) -> None:
    links = [attrs for tag, attrs in Markup(demo.page("/article/1")).tags if tag == "a"]
    external_links = [attrs for attrs in links if str(attrs["href"]).startswith("http")]
    assert external_links
    assert all(attrs["rel"] == "noreferrer nofollow noopener" for attrs in external_links)


def test_a_feed_of_hostile_text_is_well_formed(hostile_visitor: Visitor) -> None:
    feed = ElementTree.fromstring(hostile_visitor.send_request("/edits.atom").content)
    assert feed.findall(f"{ATOM}entry")
    assert not [text for text in feed.iter(f"{ATOM}content") if "<script" in str(text.text)]


def test_csv_cells_never_start_a_formula(hostile_visitor: Visitor) -> None:
    csv.field_size_limit(1_000_000)
    rows = list(csv.reader(io.StringIO(hostile_visitor.page("/edits.csv"))))
    cells = [cell.lstrip("\x07\x1b") for row in rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "＝")]
    assert len([cell for cell in cells if "cmd()" in cell]) == 2


# What the server refuses.


@pytest.mark.parametrize(
    "path", ["/", "/edit/1", "/variorum", "/variorum/edits", "/-/logout", "/-/messages"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_no_method_that_writes_is_allowed(demo: Visitor, path: str, method: str) -> None:
    assert demo.send_request(path, method=method).status_code == 405


@pytest.mark.parametrize(
    "sql", ["delete from edits", "attach database '/tmp/x.db' as x", "pragma journal_mode = delete",
            "with x as (select 1) insert into edits (id) values (1)"])  # fmt: skip
def test_sql_cannot_write(demo: Visitor, demo_path: Path, sql: str) -> None:
    before = demo_path.stat().st_mtime_ns
    answer = demo.send_request(f"/variorum.json?sql={quote(sql)}")
    assert answer.status_code == 400
    assert demo_path.stat().st_mtime_ns == before


def test_endless_sql_is_stopped(demo: Visitor) -> None:
    endless_sql = (
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    )
    assert demo.send_request(f"/variorum?sql={quote(endless_sql)}").status_code == 400


def test_sql_cannot_fill_the_memory(demo: Visitor) -> None:
    assert (
        demo.send_request(f"/variorum.json?sql={quote('select zeroblob(500000000)')}").status_code
        == 400
    )


def test_sql_is_for_those_who_ask_for_it(demo_path: Path) -> None:
    with visitor_of(demo_path, sql=False) as visitor:
        assert visitor.send_request("/variorum?sql=select+1").status_code == 403
        assert visitor.send_request("/variorum/edit_log").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "127.0.0.1/x", '127.0.0.1:80"><b>', ""])  # fmt: skip
def test_an_unknown_host_name_is_refused(demo: Visitor, host: str) -> None:
    assert demo.send_request("/edit/1", host=host).status_code == 421


def test_the_configured_host_name_is_accepted(demo_path: Path) -> None:
    with visitor_of(demo_path, url="https://edits.example.org/v") as visitor:
        assert visitor.send_request("/v/", host="edits.example.org").status_code == 200
        assert "https://edits.example.org/v/edit/2" in visitor.page("/v/edit/2")


@pytest.mark.parametrize("path", ["/variorum/edits?_sort=x", "/variorum/edits.json?_sort=x"])
def test_an_invalid_table_query_is_a_bad_request(demo: Visitor, path: str) -> None:
    answer = demo.send_request(path)
    assert answer.status_code == 400
    assert "Cannot sort table by x" in answer.text


@pytest.mark.parametrize("path", ["//evil.example/", "/%5cevil.example/", "/edits%0d%0aX-Evil:1"])
def test_no_path_redirects_to_another_site(demo: Visitor, path: str) -> None:
    answer = demo.send_request(path)
    assert "x-evil" not in answer.headers
    assert answer.headers.get("location", "/")[:2] not in ("//", "/\\", "ht")


@pytest.mark.parametrize(
    "path", ["/-/databases.json", "/-/threads", "/-/auth-token", "/-/plugins", "/variorum.db"]
)
def test_server_internals_are_not_exposed(demo: Visitor, path: str) -> None:
    assert demo.send_request(path).status_code in (403, 404)


def test_table_pages_have_their_own_content_security_policy(demo: Visitor) -> None:
    answer = demo.send_request("/variorum/edit_log?_facet=kind")
    assert answer.status_code == 200
    assert (
        "'unsafe-inline'" not in answer.headers["content-security-policy"].partition("style-src")[0]
    )


# Other databases.


def test_another_database_keeps_datasettes_own_pages(tmp_path: Path) -> None:
    import asyncio
    import sqlite3

    path = tmp_path / "other.db"
    with sqlite3.connect(path) as conn:
        conn.execute("create table things (id)")
    conn.close()
    datasette = Datasette([str(path)])
    assert "things" in asyncio.run(datasette.client.get("/")).text
    datasette.databases["other"].close()


def test_a_file_with_an_odd_name_is_served(tmp_path: Path) -> None:
    path = tmp_path / "what? 100%#.db"
    open_database(path).close()
    with visitor_of(path) as visitor:
        assert "No edits yet" in visitor.page("/")


@pytest.mark.parametrize(
    "path",
    ["/variorum.csv", "/variorum.csv?sql=", "/variorum/edits?id__in=[", "/variorum/edits?_through={}",
     "/variorum/edits?_timelimit=x", "/variorum/edits?_sort=none"],
)  # fmt: skip
def test_a_wrong_option_of_a_table_is_the_fault_of_the_address(
    hostile_visitor: Visitor, path: str
) -> None:
    answer = hostile_visitor.send_request(path)
    assert answer.status_code == 400
    assert "Variorum failed" not in answer.text


def test_an_error_of_our_own_pages_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many_edits(tmp_path / "v.db", articles=1).execute("update versions set byline = '{'")
    with visitor_of(tmp_path / "v.db") as visitor:
        assert visitor.send_request("/article/1").status_code == 500


@pytest.mark.parametrize(
    "path", ["/variorum/articles", "/variorum/versions/1", "/variorum/versions"]
)
def test_tables_show_the_signs_that_nobody_sees(hostile_visitor: Visitor, path: str) -> None:
    page = hostile_visitor.page(path)
    assert "[U+001B][2J[U+202E]" in page
    assert not re.search("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e]", page)


def test_a_hidden_sign_is_named_wherever_its_bytes_are_split() -> None:
    body, shown = NamedSigns(), b""
    for byte in "12\u202e 말\u200b".encode():
        shown += body.feed(bytes([byte]), is_last=False)
    assert shown + body.feed(b"", is_last=True) == "12[U+202E] 말[U+200B]".encode()
