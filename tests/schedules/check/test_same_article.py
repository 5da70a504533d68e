"""Two addresses show one article only if their texts say so."""

import pytest

from schedules.check.same_article import is_same_article, is_same_text
from scraper.article import Article
from storage.articles.watch import stop_watching, watch_article
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

PARAGRAPHS = (
    "The harbour bridge opened to traffic on Monday after two years.",
    "Repairs cost 12 million crowns, the port authority said.",
    "A second bridge will be closed for inspection in the autumn.",
    "The ferry keeps running on Sundays until the end of the month.",
    "Nobody was hurt when the middle span fell into the river.",
)


def article(*paragraphs: str) -> Article:
    return Article("https://example.org/a", "Bridge", paragraphs=paragraphs)


@pytest.mark.parametrize(
    ("shared", "expected"), [(5, True), (3, True), (2, False), (1, False), (0, False)]
)
def test_most_paragraphs_must_be_identical(shared: int, expected: bool) -> None:
    """A template repeats a paragraph or two on every page of a site."""
    others = tuple(f"Another story, part {number}, of another day." for number in range(5 - shared))
    assert is_same_text(article(*PARAGRAPHS), article(*PARAGRAPHS[:shared], *others)) is expected


def test_an_article_of_one_paragraph_is_the_same_under_another_address() -> None:
    assert is_same_text(article(PARAGRAPHS[0]), article(PARAGRAPHS[0]))
    assert not is_same_text(article(PARAGRAPHS[0]), article(PARAGRAPHS[1]))


def test_a_long_story_is_not_the_short_one_that_it_contains() -> None:
    assert not is_same_text(article(*PARAGRAPHS), article(PARAGRAPHS[0]))
    assert not is_same_text(article(PARAGRAPHS[0]), article(*PARAGRAPHS))


def test_an_empty_text_is_not_the_same_as_any() -> None:
    assert not is_same_text(article(), article())


@pytest.mark.parametrize(("shared", "expected"), [(5, True), (3, True), (1, False)])
def test_an_article_shares_half_of_its_words(shared: int, expected: bool) -> None:
    others = ("Quite different words fill every other paragraph of some unrelated report here.",)
    other = article(*PARAGRAPHS[:shared], *others * (5 - shared))
    assert is_same_article(article(*PARAGRAPHS), other) is expected


CANONICAL_LINK = '<link rel="canonical" href="/story/1">'


def test_a_story_with_the_same_words_and_other_numbers_is_another(
    site: Site, checker: Checker
) -> None:
    """Each names the other's address: some templates link a whole series to one of its parts."""
    pattern = "The county counted {} visitors at the fair in {}, {} more than last year, and fined {} drivers."
    rest = "The next fair begins after the harvest, and stalls can be booked at the town hall from Monday on."
    for path, numbers in (("/a", (812, "Tolvik", 75, 31)), ("/b", (944, "Larkham", 18, 27))):
        head = f'<link rel="canonical" href="{site.url}/a">'
        site.page(
            path, article_html(f"The fair{path}", (pattern.format(*numbers), rest), head=head)
        )
    assert [checker(site.url + path).result.outcome for path in ("/a", "/b")] == ["new", "new"]
    assert checker.db["articles"].count == 2


def test_two_urls_with_one_canonical_url_are_one_article(site: Site, checker: Checker) -> None:
    amp = site.page("/amp/1", article_html(head=CANONICAL_LINK))
    mobile = site.page("/mobile/1", article_html(head=CANONICAL_LINK))
    assert [checker(url).result.outcome for url in (amp, mobile)] == ["new", "unchanged"]
    assert checker.db.execute("select url from articles").fetchall() == [(amp,)]
    assert "/story/1" not in site.paths()  # it is only named, and may lead nowhere


def test_a_changed_slug_is_not_a_new_article(site: Site, checker: Checker) -> None:
    first = site.page("/2026/4711042-mill-burns", article_html())
    checker(first)
    second = site.page("/2026/4711042-mill-burns-down", article_html())
    assert checker(second).result.outcome == "unchanged"
    assert checker.db["articles"].count == 1


def test_the_same_number_with_another_story_is_a_new_article(site: Site, checker: Checker) -> None:
    checker(site.page("/2026/4711042-mill", article_html()))
    other_story = tuple(
        f"Sentence {n} is of another story altogether, with its own words." for n in range(9)
    )
    assert (
        checker(site.page("/2025/4711042-owl", article_html("An owl", other_story))).result.outcome
        == "new"
    )


def test_a_date_in_the_path_is_not_an_article_number(site: Site, checker: Checker) -> None:
    checker(site.page("/20260514/mill-burns", article_html()))
    other_story = article_html().replace("harbour", "mill").replace("12 million", "40 million")
    assert checker(site.page("/20260514/bridge-opens", other_story)).result.outcome == "new"


def test_articles_from_one_template_stay_separate(site: Site, checker: Checker) -> None:
    """Weather of two towns under one section's number: the same words but for a few in each line."""
    lines = tuple(
        f"On day {n} it will be dry in {{}}, with a light wind from the sea and some sun."
        for n in range(8)
    )
    north = article_html("Weather in the north", tuple(line.format("Norham") for line in lines))
    south = article_html("Weather in the south", tuple(line.format("Sutham") for line in lines))
    checker(site.page("/10200/weather-north", north))
    assert checker(site.page("/10200/weather-south", south)).result.outcome == "new"


def test_a_url_that_is_only_another_articles_canonical_link_is_checked(
    site: Site, checker: Checker
) -> None:
    """A wrong canonical link must not hide the article at its own address."""
    checker(site.page("/a", article_html(head='<link rel="canonical" href="/b">')))
    other_story = tuple(
        f"Sentence {n} is of another story altogether, with its own words." for n in range(9)
    )
    url = site.page("/b", article_html("An owl in the library", other_story))
    watch_article(checker.db, url, at=checker.clock.now())
    assert checker(url).result.outcome == "new"
    assert checker.db["articles"].count == 2


def test_a_canonical_url_that_shows_the_article_belongs_to_it(site: Site, checker: Checker) -> None:
    page = article_html(head='<link rel="canonical" href="/b">')
    checker(site.page("/amp/a", page))
    url = site.page("/b", page)
    watch_article(checker.db, url, at=checker.clock.now())
    assert checker(url).result.outcome == "moved"
    assert checker.db.execute("select url from articles").fetchall() == [(url,)]


def test_an_article_does_not_move_to_another_articles_url(site: Site, checker: Checker) -> None:
    checker(site.page("/b", article_html()))
    site.answers["/n"] = Answer(status=302, headers={"Location": "/b"})
    checker(site.url + "/n")
    other_story = tuple(
        f"Sentence {n} is of another story altogether, with its own words." for n in range(9)
    )
    story = article_html("An owl in the library", other_story)
    first = site.page("/a", story)
    checker(first)
    site.page("/n", story)
    site.answers["/a"] = Answer(status=301, headers={"Location": "/n"})
    checker(first)
    urls = [row[0] for row in checker.db.execute("select url from articles order by id").fetchall()]
    assert urls == [site.url + "/b", site.url + "/a"]


def test_an_edit_on_a_copy_is_confirmed_at_the_articles_own_url(
    site: Site, checker: Checker
) -> None:
    own_url = site.page("/story/1", article_html())
    checker(own_url)
    copy_url = site.page("/mobile/1", article_html(head='<link rel="canonical" href="/story/1">'))
    site.page("/story/1", article_html().replace("12 million", "21 million"))
    assert checker(copy_url).result.outcome == "edited"
    assert site.paths()[-3:] == ["/mobile/1", "/story/1", "/story/1"]


def test_a_timetable_given_for_an_alias_applies_to_the_article(
    site: Site, checker: Checker
) -> None:
    checker(site.page("/story/1", article_html()))
    copy_url = site.page("/mobile/1", article_html(head='<link rel="canonical" href="/story/1">'))
    watch_article(checker.db, copy_url, at=checker.clock.now(), every="30m")
    checker(copy_url)
    assert checker.db.execute("select url, every from articles").fetchall() == [(site.url + "/story/1", "30m")]  # fmt: skip


def test_a_manual_check_leaves_a_removed_article_removed(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    stop_watching(checker.db, url, at=checker.clock.now())
    checker(url)
    row = checker.db.execute(
        "select state, next_check_at, next_check_reason from articles"
    ).fetchone()
    assert row[:2] == ("paused", None)
    assert row[2].startswith("you removed it on")


def test_a_portals_copy_is_the_same_article_and_not_an_edit(site: Site, checker: Checker) -> None:
    """The copy names the publisher's address, on another host, and reads a little otherwise."""
    original = site.page("/story/1", article_html()).replace("127.0.0.1", "localhost")
    checker(original)
    link = f'<link rel="canonical" href="{original}">'
    copy_url = site.page(
        "/portal/9", article_html(head=link).replace("Repairs cost", "(Paper) Repairs cost")
    )
    assert checker(copy_url).result.outcome == "unchanged"
    assert checker.db["articles"].count == 1
    assert checker.db.execute("select count(*) from aliases").fetchone()[0] == 2


def test_a_copy_with_an_unknown_canonical_url_is_its_own_article(
    site: Site, checker: Checker
) -> None:
    link = '<link rel="canonical" href="https://publisher.example/story/1">'
    checker(site.page("/portal/9", article_html(head=link)))
    assert [row[0] for row in checker.db.execute("select url from aliases").fetchall()] == [site.url + "/portal/9"]  # fmt: skip


def test_http_and_https_are_one_article(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    article_id = watch_article(checker.db, url.replace("http:", "https:"), at=checker.clock.now())
    assert article_id == 1
    assert checker.db["articles"].count == 1


def test_one_canonical_link_on_every_page_does_not_merge_articles(
    site: Site, checker: Checker
) -> None:
    other_story = ("The library was closed for a week after rain came through its old glass roof.",
             "Books had been carried to a school nearby, where the readers helped to dry them.")  # fmt: skip
    outcomes = [
        checker(site.page("/a", article_html(head=CANONICAL_LINK))).result.outcome,
        checker(
            site.page(
                "/b",
                article_html("Library roof lets the rain in", other_story, head=CANONICAL_LINK),
            )
        ).result.outcome,
    ]
    assert outcomes == ["new", "new"]
    assert checker.db["articles"].count == 2


def test_a_watched_url_that_redirects_to_an_article_becomes_its_alias(
    site: Site, checker: Checker
) -> None:
    new = site.page("/b", article_html())
    site.answers["/a"] = Answer(status=301, headers={"Location": "/b"})
    checker(new)
    watch_article(checker.db, site.url + "/a", at=checker.clock.now())
    assert checker(site.url + "/a").result.outcome == "unchanged"
    assert checker.db.execute("select url from articles").fetchall() == [(new,)]


def test_a_redirect_to_a_stored_article_is_that_article_though_its_text_is_another(
    site: Site, checker: Checker
) -> None:
    new = site.page("/b", article_html(paragraphs=PARAGRAPHS))
    checker(new)
    fair = tuple(
        f"Visitors tasted cheese from village {number} under bright tents." for number in range(9)
    )
    site.page("/b", article_html("Fair draws crowds", fair))
    site.answers["/a"] = Answer(status=301, headers={"Location": "/b"})
    assert checker(site.url + "/a").result.article_id == 1
    assert checker.db.execute("select url from articles").fetchall() == [(new,)]
