"""Variorum recognises an unchanged article without extracting it, and never misses an edit so."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from scraper.extract import extract
from scraper.extract.html.document import Document
from scraper.extract.rules.rule import Rule, read_rules
from scraper.extract.unchanged import Extracted, Unchanged, read
from scraper.fingerprint import Fingerprint
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site

URL = "https://example.org/news/1"
HEAD = (
    '<meta property="og:title" content="Harbour bridge opens after long repair">'
    '<meta property="article:modified_time" content="2026-05-14T10:00:00Z"><meta name="csrf-token" content="{}">'
)
PAGE = article_html(head=HEAD.format("abc"), around="<p>Read now: 17 people</p>").replace(
    "</h1>", "</h1><p class=byline>By Mina Oswell</p><p class=dek>The middle span is back.</p>"
)


NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


def read_page(
    page: str, previous: Fingerprint | None = None, rules: Sequence[Rule] = ()
) -> Unchanged | Extracted:
    return read(Document(page.encode(), URL), previous=previous, at=NOON, rules=rules)


def extracted(page: str, rules: Sequence[Rule] = ()) -> Extracted:
    """What a page gives at the first check."""
    content = read_page(page, rules=rules)
    assert isinstance(content, Extracted)
    return content


def reads_as_unchanged(page: str, previous: Fingerprint) -> bool:
    return read_page(page, previous) == Unchanged(previous)


@pytest.fixture
def before() -> Fingerprint:
    return extracted(PAGE).fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("17 people", "20,481 people, and a ranking of stories: one, two, three"),
        ("<nav>", "<nav><a href=/live>Live now: something else altogether</a>"),
        ('content="abc"', 'content="def"'),
        ("<article>", "<article data-build=77>"),
        ("<p>Repairs", "<script>var ad = 9</script><p>Repairs"),
    ],
    ids=["beside", "above", "token", "attribute", "script"],
)
def test_changes_around_an_article_do_not_trigger_extraction(
    before: Fingerprint, old: str, new: str
) -> None:
    page = PAGE.replace(old, new)
    assert page != PAGE
    assert reads_as_unchanged(page, before)
    assert extract(page.encode(), URL) == extract(PAGE.encode(), URL)


@pytest.mark.parametrize(
    "name",
    ["csrf-param", "page-token", "nonce", "request-id", "session", "trace", "render-time", "build"],
)
def test_a_meta_that_changes_with_every_response_does_not_trigger_extraction(name: str) -> None:
    page = article_html(head=f'<meta name="{name}" content="abc">')
    assert reads_as_unchanged(page.replace("abc", "def"), extracted(page).fingerprint)


def test_an_article_that_no_selector_finds_is_recognised_by_the_whole_page() -> None:
    page = article_html()
    for tag in ("main", "article", "nav", "aside"):
        page = page.replace(f"<{tag}>", "<div><div><div>").replace(
            f"</{tag}>", "</div></div></div>"
        )
    before = extracted(page).fingerprint
    assert before.container == "body"
    assert reads_as_unchanged(page, before)
    assert not reads_as_unchanged(page.replace("12 million", "21 million"), before)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 million", "21 million"),
        ("We can", "We cannot"),
        ("<h1>Harbour bridge opens", "<h1>Harbour bridge to open"),
        ('content="Harbour bridge opens', 'content="Harbour bridge to open'),
        ("10:00:00Z", "11:00:00Z"),
        ("Mina Oswell</p>", "Mina Oswell and Jon Ferry</p>"),
        ("middle span is", "middle span was"),
        ("</article>", "<p>Correction: the bridge opened on Tuesday, not on Monday.</p></article>"),
        ("<p>Repairs", "<p>A new paragraph that was not there.</p><p>Repairs"),
    ],
)
def test_any_edit_triggers_full_extraction(before: Fingerprint, old: str, new: str) -> None:
    page = PAGE.replace(old, new)
    assert page != PAGE
    assert not reads_as_unchanged(page, before)


def test_an_edit_in_a_short_paragraph_far_below_the_headline_triggers_extraction() -> None:
    paragraphs = tuple(f"Line {number} of the harbour council's minutes." for number in range(40))
    page = article_html(paragraphs=paragraphs)
    before = extracted(page).fingerprint
    assert reads_as_unchanged(page, before)
    assert not reads_as_unchanged(page.replace("Line 38 of", "Line 83 of"), before)


ASIDE_MARKUP = "<aside class=teaser><h4>{}</h4><p>{}</p></aside><p>Repairs"


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Ferry fares rise", "Read what it costs.", True),
        ("Correction", "The bridge opened on Tuesday, not on Monday. " * 3, False),
        ("Correction", "It opened on Tuesday.", False),
        ("정정", "다리는 화요일에 열렸습니다.", False),
        ("Harbour bridge opens after long repair", "Read what it costs.", True),
    ],
    ids=["teaser", "long note", "short note", "short note in Korean", "own headline"],
)
def test_teasers_between_paragraphs_may_change_but_a_note_in_their_place_triggers_extraction(
    title: str, text: str, expected: bool
) -> None:
    first = PAGE.replace(
        "<p>Repairs", ASIDE_MARKUP.format("Tram stops move", "Where they are now.")
    )
    article, before = extracted(first).article, extracted(first).fingerprint
    assert "Where they are now." not in article.body
    page = PAGE.replace("<p>Repairs", ASIDE_MARKUP.format(title, text))
    assert reads_as_unchanged(page, before) is expected
    assert not reads_as_unchanged(page.replace("12 million", "21 million"), before)


def test_a_long_row_of_links_between_paragraphs_may_change() -> None:
    def page(word: str) -> str:
        links = "".join(f"<a href=/{n}>{word} number {n} of the day</a> " for n in range(9))
        return PAGE.replace("<p>Repairs", f"<aside class=more>{links}</aside><p>Repairs")

    assert reads_as_unchanged(page("Ticker"), extracted(page("Ranking")).fingerprint)


def test_the_container_follows_the_body_into_another_element() -> None:
    before = extracted(PAGE).fingerprint
    teaser = "<article><p>Read the other news of the day.</p></article>"
    page = PAGE.replace("<article>", f"{teaser}<div class=story>").replace("</article></main>", "</div></main>")  # fmt: skip
    content = read_page(page, before)
    assert isinstance(content, Extracted)
    assert before.container == "article"
    assert content.fingerprint.container == 'div[class="story"]'


def test_a_line_in_a_new_element_triggers_full_extraction() -> None:
    before = extracted(PAGE).fingerprint
    page = PAGE.replace("<p>Repairs", "<div class=note>Corrected on Tuesday.</div><p>Repairs")
    assert not reads_as_unchanged(page, before)


def test_an_element_with_article_text_is_not_an_ignored_place() -> None:
    page = PAGE.replace("<p>Repairs", "<div class=x>Read on</div><p>Repairs")
    page_with_dek = page.replace("Read on", "The middle span is back.")  # the dek
    places = [extracted(html).fingerprint.ignored_places for html in (page, page_with_dek)]
    assert len(places[1]) == len(places[0]) - 1


def test_the_fingerprint_covers_what_a_site_rule_reads() -> None:
    rules = read_rules('[a]\nhosts = "example.org"\nbody = "article"\nbyline = ".desk"', "my.toml")
    page = article_html(around="<p class=desk>Mina Oswell</p>")
    before = extracted(page, rules).fingerprint
    assert read_page(page, before, rules) == Unchanged(before)
    content = read_page(page.replace("Mina Oswell</p>", "Jon Ferry</p>"), before, rules)
    assert isinstance(content, Extracted)
    assert content.article.byline == ("Jon Ferry",)


def test_the_fingerprint_covers_an_attribute_that_a_site_rule_reads() -> None:
    rules = read_rules(
        '[a]\nhosts = "example.org"\nbody = "article"\nmodified = "i.upd::attr(title)"', "my.toml"
    )
    page = article_html(around='<i class=upd title="2026-05-14 09:10">changed</i>')
    before = extracted(page, rules).fingerprint
    assert read_page(page, before, rules) == Unchanged(before)
    content = read_page(page.replace("09:10", "11:25"), before, rules)
    assert isinstance(content, Extracted)
    assert content.article.modified_at == datetime(2026, 5, 14, 11, 25, tzinfo=UTC)


def test_a_page_is_extracted_in_full_once_a_day(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html(around="<p>1 reader</p>"))
    checker(url)
    extracted_at = []
    for hours, readers in ((1, 2), (2, 3), (23, 4), (1, 5)):
        checker.clock.skip(hours=hours)
        site.page("/a", article_html(around=f"<p>{readers} readers</p>"))
        assert checker(url).result.outcome == "unchanged"
        row = checker.db.execute(
            "select json_extract(fingerprint, '$.extracted_at') from last_pages"
        ).fetchone()
        extracted_at.append(row[0])
    assert extracted_at[0] == extracted_at[1]
    assert extracted_at[1] < extracted_at[2]
    assert extracted_at[2] == extracted_at[3]


def test_an_edit_after_unchanged_checks_is_logged(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    for readers in range(3):
        checker.clock.skip(hours=1)
        site.page("/a", article_html(around=f"<p>{readers} readers</p>"))
        checker(url)
    checker.clock.skip(hours=1)
    site.page("/a", article_html(around="<p>9 readers</p>").replace("12 million", "21 million"))
    (edit,) = checker(url).result.edits
    assert (edit.old, edit.new) == ("12 million", "21 million")


def test_an_element_without_a_valid_selector_is_covered_by_its_parents_container() -> None:
    page = PAGE.replace("<article>", "<article><o:p>").replace("</article>", "</o:p></article>")
    assert page != PAGE
    assert extracted(page).fingerprint.container == "article"
