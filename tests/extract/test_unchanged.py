"""An article stands as it did: told without reading it again, and never of one that was edited."""

import pytest

from scraper.article import Standing
from scraper.extract import extract, look_at
from scraper.extract.rules.rule import read_rules
from tests.conftest import Looker, Site, article_html

URL = "https://example.org/news/1"
HEAD = (
    '<meta property="og:title" content="Harbour bridge opens after long repair">'
    '<meta property="article:modified_time" content="2026-05-14T10:00:00Z"><meta name="csrf-token" content="{}">'
)
PAGE = article_html(head=HEAD.format("abc"), around="<p>Read now: 17 people</p>").replace(
    "</h1>", "</h1><p class=byline>By Mina Oswell</p><p class=dek>The middle span is back.</p>"
)


def again(page: str, before: Standing | None) -> bool:
    """Is the article told to stand?"""
    assert before is not None
    article, _ = look_at(page.encode(), URL, before=before)
    return article is before.article


@pytest.fixture
def before() -> Standing | None:
    return look_at(PAGE.encode(), URL)[1]


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
def test_what_moves_around_an_article_does_not_have_it_read_again(
    before: Standing | None, old: str, new: str
) -> None:
    page = PAGE.replace(old, new)
    assert page != PAGE
    assert again(page, before)
    assert extract(page.encode(), URL) == extract(PAGE.encode(), URL)


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
def test_whatever_is_edited_has_the_page_read_whole(
    before: Standing | None, old: str, new: str
) -> None:
    page = PAGE.replace(old, new)
    assert page != PAGE
    assert not again(page, before)


ASIDE = "<aside class=teaser><h4>{}</h4><p>{}</p></aside><p>Repairs"


@pytest.mark.parametrize(
    ("title", "text", "stands"),
    [
        ("Ferry fares rise", "Read what it costs.", True),
        ("Correction", "The bridge opened on Tuesday, not on Monday. " * 3, False),
        ("Correction", "It opened on Tuesday.", False),
        ("정정", "다리는 화요일에 열렸습니다.", False),
        ("Harbour bridge opens after long repair", "Read what it costs.", True),
    ],
    ids=["teaser", "long note", "short note", "short note in Korean", "own headline"],
)
def test_teasers_between_paragraphs_may_move_but_a_note_in_their_place_is_read(
    title: str, text: str, stands: bool
) -> None:
    first = PAGE.replace("<p>Repairs", ASIDE.format("Tram stops move", "Where they are now."))
    article, before = look_at(first.encode(), URL)
    assert "Where they are now." not in article.body
    page = PAGE.replace("<p>Repairs", ASIDE.format(title, text))
    assert again(page, before) is stands
    assert not again(page.replace("12 million", "21 million"), before)


def test_a_line_in_a_place_that_was_not_there_has_the_page_read_whole() -> None:
    _, before = look_at(PAGE.encode(), URL)
    page = PAGE.replace("<p>Repairs", "<div class=note>Corrected on Tuesday.</div><p>Repairs")
    assert not again(page, before)


def test_where_the_article_says_anything_is_no_aside() -> None:
    page = PAGE.replace("<p>Repairs", "<div class=x>Read on</div><p>Repairs")
    twin = page.replace("Read on", "The middle span is back.")  # the standfirst
    _, before = look_at(page.encode(), URL)
    _, with_own = look_at(twin.encode(), URL)
    assert before is not None
    assert with_own is not None
    assert len(with_own.asides) == len(before.asides) - 1


def test_what_a_site_s_rule_reads_is_held_together_too() -> None:
    rules = read_rules('[a]\nhosts = "example.org"\nbody = "article"\nbyline = ".desk"', "my.toml")
    page = article_html(around="<p class=desk>Mina Oswell</p>")
    article, before = look_at(page.encode(), URL, rules=rules)
    assert before is not None
    other = page.replace("Mina Oswell</p>", "Jon Ferry</p>")
    assert look_at(page.encode(), URL, rules=rules, before=before)[0] is article
    assert look_at(other.encode(), URL, rules=rules, before=before)[0].byline == ("Jon Ferry",)


def test_a_page_is_read_whole_once_a_day(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html(around="<p>1 reader</p>"))
    look(url)
    read_at = []
    for hours, readers in ((1, 2), (2, 3), (23, 4), (1, 5)):
        look.clock.skip(hours=hours)
        site.page("/a", article_html(around=f"<p>{readers} readers</p>"))
        assert look(url).look.outcome == "unchanged"
        row = look.db.execute("select whole_at from standing").fetchone()
        read_at.append(row[0])
    assert read_at[0] == read_at[1]
    assert read_at[1] < read_at[2]
    assert read_at[2] == read_at[3]


def test_an_edit_after_looks_that_found_it_standing_is_logged(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html())
    look(url)
    for readers in range(3):
        look.clock.skip(hours=1)
        site.page("/a", article_html(around=f"<p>{readers} readers</p>"))
        look(url)
    look.clock.skip(hours=1)
    site.page("/a", article_html(around="<p>9 readers</p>").replace("12 million", "21 million"))
    (edit,) = look(url).look.edits
    assert (edit.old, edit.new) == ("12 million", "21 million")


def test_an_element_that_no_selector_can_name_is_held_together_by_the_one_around_it() -> None:
    page = PAGE.replace("<article>", "<article><o:p>").replace("</article>", "</o:p></article>")
    assert page != PAGE
    standing = look_at(page.encode(), URL)[1]
    assert standing is not None
    assert standing.region == "article"
