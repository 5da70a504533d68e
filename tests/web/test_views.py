"""The web pages, asked for as a browser, a feed reader and a program would, and as somebody who means harm."""

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

from benchmarks.support.demo_history import make
from scraper.article import Article
from storage.database import open_database, open_existing
from storage.search import search
from storage.search.highlight import held_in
from tests.support.web_history import Visitor, add_article, hostile, many_edits, unusual, visited
from variorum.web.security import STRICT
from variorum.web.views.publisher import LISTED

ATOM = "{http://www.w3.org/2005/Atom}"
VIEWS = (
    "/edits", "/edit/1", "/article/1", "/article/1/sentences", "/publishers", "/publisher/www.ansel-courier.example",
    "/search?q=harbour", "/search?q=people&among=left", "/article/3?from=1&to=3&view=side", "/edit/999",
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
    make(path)
    return path


@pytest.fixture(scope="module")
def demo(demo_path: Path) -> Iterator[Visitor]:
    with visited(demo_path) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, Path]]:
    path = tmp_path_factory.mktemp("web") / "many.db"
    many_edits(path, articles=60).close()
    with visited(path) as visitor:
        yield visitor, path


@pytest.fixture(scope="module")
def enemy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    path = tmp_path_factory.mktemp("web") / "hostile.db"
    hostile(path).close()
    with visited(path) as visitor:
        yield visitor


def shown(page: str) -> str:
    """The edits on a page, without what is around them."""
    return page.partition('<div class="stream">')[2].partition("</main>")[0]


def with_ending(view: str, ending: str) -> str:
    path, mark, query = view.partition("?")
    return f"{path}.{ending}{mark}{query}"


# What is served.


@pytest.mark.parametrize("view", VIEWS[:-1])
@pytest.mark.parametrize("ending", ["atom", "json", "csv"])
def test_a_view_has_every_ending(demo: Visitor, view: str, ending: str) -> None:
    answer = demo.ask(with_ending(view, ending))
    assert answer.status_code == 200
    if ending == "atom":
        feed = ElementTree.fromstring(answer.content)
        assert feed.findtext(f"{ATOM}id")
    elif ending == "json":
        assert json.loads(answer.text)["title"]
    else:
        assert next(csv.reader(io.StringIO(answer.text)))


def test_the_front_page_tells_what_was_edited_and_between_which_looks(demo: Visitor) -> None:
    page = demo.page("/")
    assert "<del>있다고</del><ins>없다고</ins>" in page
    assert 'between <time datetime="2026-05-13T12:30:' in page


def test_a_page_says_where_its_feed_is(demo: Visitor) -> None:
    links = [
        attrs
        for tag, attrs in Markup(demo.page("/publisher/www.ansel-courier.example")).tags
        if tag == "link"
    ]
    (feed,) = [attrs["href"] for attrs in links if attrs.get("rel") == "alternate"]
    assert feed == "/publisher/www.ansel-courier.example.atom"
    assert demo.ask(str(feed)).headers["content-type"].startswith("application/atom+xml")


def test_an_entry_of_a_feed_leads_to_the_edit(demo: Visitor) -> None:
    feed = ElementTree.fromstring(demo.page("/edits.atom"))
    link = feed.find(f"{ATOM}entry/{ATOM}link")
    assert link is not None
    path = link.attrib["href"].removeprefix("http://localhost")
    assert path.startswith("/edit/")
    assert demo.ask(path).status_code == 200


def card(page: str) -> dict[str, str]:
    """What a page says of itself to those who show its address elsewhere."""
    metas = [attrs for tag, attrs in Markup(page).tags if tag == "meta"]
    return {
        str(attrs.get("property") or attrs.get("name")): str(attrs.get("content"))
        for attrs in metas
    }


def test_a_shared_edit_has_a_card(demo: Visitor) -> None:
    found = card(demo.page("/edit/2"))
    assert found["og:title"].startswith("Body edited silently: Ferry")
    assert "[-12-]{+21+}" in found["og:description"]
    assert (found["og:type"], found["og:site_name"]) == ("article", "Variorum")
    assert found["twitter:card"] == "summary"
    assert found["article:published_time"] == demo.rows("/edit/2.json")[0]["seen_at"]


def test_a_card_has_an_address_only_where_the_site_was_told_its_own(
    demo: Visitor, demo_path: Path
) -> None:
    assert "og:url" not in card(demo.page("/edit/2"))
    with visited(demo_path, url="https://edits.example.org/v") as visitor:
        assert card(visitor.page("/v/edit/2"))["og:url"] == "https://edits.example.org/v/edit/2"


ODD = (
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
ASKED_ODDLY = (
    *(f"/edits?{name}=" for name in ("before", "publisher", "article", "kind", "silent", "since", "until", "words", "x")),
    *(f"/search?q=fire&{name}=" for name in ("q", "among", "before")), "/publishers?before=",
    "/article/1?from=", "/article/1?view=side&to=", "/edit/", "/article/", "/publisher/",
)  # fmt: skip


@pytest.mark.parametrize("ending", ["html", "atom", "json", "csv"])
@pytest.mark.parametrize("is_empty", [True, False], ids=["empty", "unusual"])
def test_nothing_that_is_asked_makes_a_page_fail(
    tmp_path: Path, is_empty: bool, ending: str
) -> None:
    path = tmp_path / "odd.db"
    (open_database if is_empty else unusual)(path).close()
    with visited(path) as visitor:
        for view in ASKED_ODDLY:
            for value in ODD:
                whole = view + value
                answer = visitor.ask(whole if ending == "html" else with_ending(whole, ending))
                assert answer.status_code < 500, whole
                assert is_well_formed(answer), whole


def is_well_formed(answer: httpx.Response) -> bool:
    """Is the answer what its type says? Raises what its reader raises where it is not."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == "application/atom+xml":
        return ElementTree.fromstring(answer.content).tag == f"{ATOM}feed"
    if kind == "application/json":
        return isinstance(json.loads(answer.text), dict)
    return len(answer.content) < 100_000


def test_a_feed_is_the_same_feed_however_its_address_is_put(demo: Visitor) -> None:
    queries = (
        "field=body&silent=1",
        "silent=1&field=body&utm_source=letter",
        "kind=&silent=1&field=body",
    )
    feeds = [ElementTree.fromstring(demo.page(f"/edits.atom?{query}")) for query in queries]
    assert len({feed.findtext(f"{ATOM}id") for feed in feeds}) == 1


def test_what_is_not_there_is_a_page_that_says_so(demo: Visitor) -> None:
    for path in (
        "/edit/999",
        "/article/999",
        "/publisher/nobody.example",
        "/nothing",
        "/variorum/nothing",
    ):
        answer = demo.ask(path)
        assert answer.status_code == 404, path
        assert "<h1>Not found</h1>" in answer.text


@pytest.mark.parametrize(
    "query", ["field=body'", "kind=x", "before=-1", "since=yesterday", "silent=2", "since=0000-01-01", "until=10000-01-01",
              "until=9999-12-31T23:59-14:00", "since=0001-01-01T00:00%2B14:00", "since=2026-02-30"]
)  # fmt: skip
def test_what_makes_no_sense_is_said_and_not_guessed(demo: Visitor, query: str) -> None:
    assert demo.ask(f"/edits?{query}").status_code == 400


def test_a_headline_that_comes_and_goes_is_told(demo: Visitor) -> None:
    page = demo.page("/article/4")
    assert page.count("back again") >= 2
    assert "of the time seen" in page


def test_an_article_has_its_picture_and_the_reason_for_the_next_look(demo: Visitor) -> None:
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


def test_of_a_long_article_what_changed_is_shown(tmp_path: Path) -> None:
    long_article(tmp_path / "long.db")
    with visited(tmp_path / "long.db") as visitor:
        for view in ("inline", "side"):
            page = visitor.page(f"/article/1?view={view}")
            assert "모두" in page.partition('id="redline"')[2].partition('id="edits"')[0]
            assert "… 189 paragraphs unchanged …" in page
            assert len(page.encode()) < 100_000
        assert len(visitor.page("/article/1/sentences").encode()) < 100_000


def test_a_change_that_has_no_room_is_counted_and_not_called_unchanged(tmp_path: Path) -> None:
    url = "https://long.example/1"
    versions = [Article(url, "Long", paragraphs=(f"{word} " * 9_000, "End.")) for word in ("old", "new")]  # fmt: skip
    db = open_database(tmp_path / "long.db")
    add_article(db, url, "long.example", versions)
    db.close()
    with visited(tmp_path / "long.db") as visitor:
        assert "not shown, 1 changed" in visitor.page("/article/1")


def test_of_many_versions_the_last_are_drawn_and_listed(tmp_path: Path) -> None:
    unusual(tmp_path / "unusual.db").close()
    with visited(tmp_path / "unusual.db") as visitor:
        page = visitor.page("/article/3?from=1")
        assert "Drawn are the last 100 of 200 versions" in page
        assert page.count('<rect class="bar"') == 100
        assert "<option selected>1</option>" in page
        assert len(page.encode()) < 80_000
        assert len(json.loads(visitor.page("/article/3.json"))["headlines"]) == 200


def test_an_unchanged_paragraph_stands_as_it_was_written(demo: Visitor, demo_path: Path) -> None:
    db = open_existing(demo_path)
    (body,) = db.execute("select body from versions where article_id = 4 and number = 1").fetchone()
    db.close()
    page = demo.page("/article/4").partition('<div class="text">')[2].partition("</div>")[0]
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    longest = max(body.split("\n"), key=lambda paragraph: paragraph.count("。"))
    assert longest.count("。") > 1
    assert longest in text


def test_sentences_that_left_are_listed(demo: Visitor) -> None:
    page = demo.page("/article/2/sentences").partition("Sentences that left")[2]
    assert "The ambulance service said 12 people" in page


def test_every_publisher_is_listed_once(tmp_path: Path) -> None:
    path = tmp_path / "hosts.db"
    db = open_database(path)
    for number in range(LISTED + 30):
        for copy in range(1 + number % 3):
            url = f"https://h{number}.example/{copy}"
            add_article(db, url, f"h{number}.example", [Article(url, "Fire", paragraphs=("It burns.",))])  # fmt: skip
    db.close()
    with visited(path) as visitor:
        first = json.loads(visitor.page("/publishers.json"))
        assert "Smaller" in visitor.page("/publishers")
        rest = json.loads(visitor.page(first["older"].removeprefix("http://localhost")))
    rows = [*first["rows"], *rest["rows"]]
    assert rest["older"] is None
    assert len({row["host"] for row in rows}) == len(rows) == LISTED + 30
    assert [row["articles"] for row in rows] == sorted((row["articles"] for row in rows), reverse=True)  # fmt: skip


def test_a_publisher_has_limits_to_its_figures(demo: Visitor) -> None:
    habits = json.loads(demo.page("/publisher/www.ansel-courier.example.json"))["habits"]
    assert habits["per_day"]["low"] < habits["per_day"]["value"] < habits["per_day"]["high"]
    assert habits["silent"]["value"] == 0.25


def test_a_korean_word_of_two_syllables_is_found(demo: Visitor) -> None:
    rows = demo.rows(f"/search.json?q={quote('온실')}")
    assert [row["article_id"] for row in rows] == [1]
    assert "<mark>온실</mark>" in demo.page(f"/search?q={quote('온실')}")


def test_a_sentence_that_left_is_found(demo: Visitor) -> None:
    rows = demo.rows("/search.json?q=12+people+treated&among=left")
    assert [row["article_id"] for row in rows] == [2]
    assert all("12 people" in sentence for sentence in rows[0]["sentences"])


def test_deleted_means_what_it_means_in_the_command_line(demo: Visitor, demo_path: Path) -> None:
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
        wanted = {row["url"] for row in search(db, words, deleted=True)}
        found = demo.rows(f"/search.json?among=deleted&q={quote(words)}")
        assert {row["url"] for row in found} == wanted
        assert all(row["deleted"] for row in found)
    assert search(db, "있다고", deleted=True)
    db.close()


@pytest.mark.parametrize("among", ["versions", "deleted", "left"])
def test_older_pages_of_a_search_bring_every_article_once(
    many: tuple[Visitor, Path], among: str
) -> None:
    visitor, _ = many
    found: list[int] = []
    at = f"/search.json?q=burns&among={among}"
    while at:
        document = json.loads(visitor.page(at))
        found += [row["article_id"] for row in document["rows"]]
        at = (document["older"] or "").removeprefix("http://localhost")
    left = [] if among == "left" else list(range(60, 0, -1))  # it is the headlines that lost it
    assert found == left


def test_an_address_leads_to_its_article(demo: Visitor) -> None:
    address = quote("https://www.hamanose.example/articles/DA4K20601.html")
    assert 'href="/article/4"' in demo.page(f"/search?q={address}")


# The cursor and the filters.


def test_older_pages_bring_every_edit_once(many: tuple[Visitor, Path]) -> None:
    visitor, path = many
    found: list[int] = []
    at = "/edits.json?field=headline"
    while at:
        document = json.loads(visitor.page(at))
        found += [row["id"] for row in document["rows"]]
        at = (document["older"] or "").removeprefix("http://localhost")
    db = open_existing(path)
    wanted = [
        row[0]
        for row in db.execute("select id from edits where field = 'headline' order by id desc")
    ]
    assert found == wanted
    db.close()


def test_a_new_edit_does_not_move_the_older_page(tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    db = many_edits(path, articles=30)
    with visited(path) as visitor:
        (older,) = [link for link in Markup(visitor.page("/")).links() if "before=" in link]
        before = shown(visitor.page(older))
        one = Article("https://new.example/1", "Fire", paragraphs=("It burns.",))
        two = Article("https://new.example/1", "Fire is out", paragraphs=("It burns.",))
        add_article(db, one.url, "new.example", [one, two])
        assert "Fire is out" in visitor.page("/")
        assert shown(visitor.page(older)) == before
    db.close()


def test_history_that_is_imported_stands_where_it_was_seen(tmp_path: Path) -> None:
    path = tmp_path / "imported.db"
    db = open_database(path)
    for number, hour in enumerate((0, -48, -24)):
        url = f"https://a.example/{number}"
        texts = [Article(url, f"Fire {part}", paragraphs=("It burns.",)) for part in ("one", "two")]
        add_article(db, url, "a.example", texts, hour=hour)
    db.close()
    with visited(path) as visitor:
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
def test_a_filter_leaves_what_fits_and_nothing_else(many: tuple[Visitor, Path], query: str) -> None:
    visitor, path = many
    db = open_existing(path)
    wanted = [
        row[0]
        for row in db.execute(
            f"select id from edit_log where {FILTERS[query]} order by id desc limit 100"
        )
    ]
    assert [row["id"] for row in visitor.rows(f"/edits.json?{query}")] == wanted
    assert wanted or query in ("since=2026-05-15", "until=2026-05-13")
    db.close()


@pytest.mark.parametrize("words", ["harbour 45", "mill 17", "burnt", "nowhere"])
def test_words_find_the_edits_that_hold_them(many: tuple[Visitor, Path], words: str) -> None:
    visitor, path = many
    db = open_existing(path)
    holds = held_in(words)
    every = db.execute("select id, old, new, context from edits order by id desc").fetchall()
    wanted = [row[0] for row in every if holds(f"{row[1]} \n {row[2]} \n {row[3]}")]
    assert [row["id"] for row in visitor.rows(f"/edits.json?words={quote(words)}")] == wanted[:100]
    db.close()


# What strangers wrote.


@pytest.mark.parametrize("view", [*VIEWS[:4], "/publishers", "/", "/search?q=stands", "/article/1?view=side",
                                  "/publisher/%22%3E%3Cimg%20src%3Dx%3E", "/search?q=alert&among=left"])  # fmt: skip
def test_scraped_text_stays_text(enemy: Visitor, view: str) -> None:
    page = enemy.page(view)
    made = Markup(page)
    assert {tag for tag, _ in made.tags} & {"img", "b", "iframe", "object", "style"} == set()
    assert [attrs for tag, attrs in made.tags if tag == "script"] == [
        {"src": "/-/variorum/keys.js", "defer": None}
    ]
    assert not [link for link in made.links() if link.lower().startswith(("javascript", "data"))]
    assert not set(page) & set("\x1b\x07\u202e")
    assert len(page.encode()) < 100_000


@pytest.mark.parametrize("view", VIEWS)
def test_no_page_has_script_or_style_of_its_own(demo: Visitor, view: str) -> None:
    answer = demo.ask(view)
    assert answer.headers["content-security-policy"] == STRICT
    for tag, attrs in Markup(answer.text).tags:
        assert tag != "style"
        assert tag != "script" or attrs["src"]
        assert not [name for name in attrs if name == "style" or name.startswith("on")]


def test_a_link_that_leads_away_tells_nobody(demo: Visitor) -> None:
    links = [attrs for tag, attrs in Markup(demo.page("/article/1")).tags if tag == "a"]
    away = [attrs for attrs in links if str(attrs["href"]).startswith("http")]
    assert away
    assert all(attrs["rel"] == "noreferrer nofollow noopener" for attrs in away)


def test_a_feed_of_hostile_text_is_well_formed(enemy: Visitor) -> None:
    feed = ElementTree.fromstring(enemy.ask("/edits.atom").content)
    assert feed.findall(f"{ATOM}entry")
    assert not [text for text in feed.iter(f"{ATOM}content") if "<script" in str(text.text)]


def test_a_spreadsheet_runs_nothing(enemy: Visitor) -> None:
    csv.field_size_limit(1_000_000)
    rows = list(csv.reader(io.StringIO(enemy.page("/edits.csv"))))
    cells = [cell.lstrip("\x07\x1b") for row in rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "＝")]
    assert len([cell for cell in cells if "cmd()" in cell]) == 2


# What the server lets nobody do.


@pytest.mark.parametrize(
    "path", ["/", "/edit/1", "/variorum", "/variorum/edits", "/-/logout", "/-/messages"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(demo: Visitor, path: str, method: str) -> None:
    assert demo.ask(path, method=method).status_code == 405


@pytest.mark.parametrize(
    "sql", ["delete from edits", "attach database '/tmp/x.db' as x", "pragma journal_mode = delete",
            "with x as (select 1) insert into edits (id) values (1)"])  # fmt: skip
def test_sql_cannot_write(demo: Visitor, demo_path: Path, sql: str) -> None:
    before = demo_path.stat().st_mtime_ns
    answer = demo.ask(f"/variorum.json?sql={quote(sql)}")
    assert answer.status_code == 400
    assert demo_path.stat().st_mtime_ns == before


def test_sql_that_does_not_end_is_ended(demo: Visitor) -> None:
    endless = (
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    )
    assert demo.ask(f"/variorum?sql={quote(endless)}").status_code == 400


def test_sql_cannot_fill_the_memory(demo: Visitor) -> None:
    assert demo.ask(f"/variorum.json?sql={quote('select zeroblob(500000000)')}").status_code == 400


def test_sql_can_be_left_out(demo_path: Path) -> None:
    with visited(demo_path, sql=False) as visitor:
        assert visitor.ask("/variorum?sql=select+1").status_code == 403
        assert visitor.ask("/variorum/edit_log").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "127.0.0.1/x", '127.0.0.1:80"><b>', ""])  # fmt: skip
def test_another_name_is_refused(demo: Visitor, host: str) -> None:
    assert demo.ask("/edit/1", host=host).status_code == 421


def test_a_name_that_was_given_is_answered_to(demo_path: Path) -> None:
    with visited(demo_path, url="https://edits.example.org/v") as visitor:
        assert visitor.ask("/v/", host="edits.example.org").status_code == 200
        assert "https://edits.example.org/v/edit/2" in visitor.page("/v/edit/2")


@pytest.mark.parametrize("path", ["/variorum/edits?_sort=x", "/variorum/edits.json?_sort=x"])
def test_a_table_asked_for_wrongly_is_no_failure(demo: Visitor, path: str) -> None:
    answer = demo.ask(path)
    assert answer.status_code == 400
    assert "Cannot sort table by x" in answer.text


@pytest.mark.parametrize("path", ["//evil.example/", "/%5cevil.example/", "/edits%0d%0aX-Evil:1"])
def test_no_address_leads_a_visitor_elsewhere(demo: Visitor, path: str) -> None:
    answer = demo.ask(path)
    assert "x-evil" not in answer.headers
    assert answer.headers.get("location", "/")[:2] not in ("//", "/\\", "ht")


@pytest.mark.parametrize(
    "path", ["/-/databases.json", "/-/threads", "/-/auth-token", "/-/plugins", "/variorum.db"]
)
def test_the_machine_is_not_told_of(demo: Visitor, path: str) -> None:
    assert demo.ask(path).status_code in (403, 404)


def test_the_tables_are_there_with_a_policy_of_their_own(demo: Visitor) -> None:
    answer = demo.ask("/variorum/edit_log?_facet=kind")
    assert answer.status_code == 200
    assert (
        "'unsafe-inline'" not in answer.headers["content-security-policy"].partition("style-src")[0]
    )


# Beside others.


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
    with visited(path) as visitor:
        assert "No edit was seen yet" in visitor.page("/")
