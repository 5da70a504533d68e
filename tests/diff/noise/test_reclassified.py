"""A line that nobody touched keeps its earlier classification."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from scraper.extract.html.document import Document
from storage.diff import compare
from storage.diff.noise.reclassified import keep_classification, removed_and_added
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site

COUNCIL = "The council met on Monday to discuss the new bridge over the river."
VOTE = "Twelve members voted for the plan and three voted against it."
MOVED_LINE = "Reported from the town hall"
URL = "https://example.org/a"
WORDS = ("amber", "birch", "copper", "dune", "ember", "fjord", "grove", "heath")


def article(*paragraphs: str, **fields: object) -> Article:
    return Article(URL, "Bridge", paragraphs=paragraphs, **fields)  # type: ignore[arg-type]


CASES = {
    "came into the body": (article(COUNCIL, VOTE), article(COUNCIL, MOVED_LINE, VOTE)),
    "left the body": (article(COUNCIL, MOVED_LINE, VOTE), article(COUNCIL, VOTE)),
    "body to caption": (article(COUNCIL, MOVED_LINE), article(COUNCIL, captions=(MOVED_LINE,))),
    "body to standfirst": (article(MOVED_LINE, COUNCIL), article(COUNCIL, dek=MOVED_LINE)),
}


@pytest.mark.parametrize(("old", "new"), CASES.values(), ids=CASES.keys())
def test_a_reclassified_line_that_stayed_on_the_page_is_not_an_edit(
    old: Article, new: Article
) -> None:
    lines = {COUNCIL: 1, MOVED_LINE: 1, VOTE: 1}
    assert any(removed_and_added(old, new))
    assert not compare(old, keep_classification(old, new, before=lines, now=lines))


def test_a_line_with_the_words_of_the_earlier_headline_is_not_an_edit() -> None:
    """Extraction takes it for text once the headline has other words."""
    old, new = article(COUNCIL), replace(article("Bridge", COUNCIL), headline="Bridges")
    before, now = {"Bridge": 2, COUNCIL: 1}, {"Bridge": 1, "Bridges": 1, COUNCIL: 1}
    assert keep_classification(old, new, before=before, now=now).paragraphs == (COUNCIL,)


def test_a_line_new_to_the_page_is_an_edit() -> None:
    old, new = article(COUNCIL), article(COUNCIL, MOVED_LINE)
    result = keep_classification(old, new, before={COUNCIL: 1}, now={COUNCIL: 1, MOVED_LINE: 1})
    assert result == new


def test_a_line_shown_on_neither_page_is_an_edit() -> None:
    """Text in script data is on no line of the page."""
    old, new = article(COUNCIL), article(COUNCIL, MOVED_LINE)
    lines = {COUNCIL: 1}
    assert keep_classification(old, new, before=lines, now=lines) == new


def test_a_second_copy_of_a_line_is_an_edit() -> None:
    old, new = article(COUNCIL), article(COUNCIL, MOVED_LINE)
    result = keep_classification(old, new, before={MOVED_LINE: 1}, now={MOVED_LINE: 2})
    assert result == new


def test_an_edit_beside_a_reclassified_line_stays() -> None:
    edited_vote = VOTE.replace("three", "four")
    old, new = article(COUNCIL, VOTE), article(COUNCIL, MOVED_LINE, edited_vote)
    result = keep_classification(
        old,
        new,
        before={COUNCIL: 1, MOVED_LINE: 1, VOTE: 1},
        now={COUNCIL: 1, MOVED_LINE: 1, edited_vote: 1},
    )
    assert result.paragraphs == (COUNCIL, edited_vote)


def test_document_lines_omit_hidden_text_and_include_descriptions() -> None:
    html = (
        f"<meta name='description' content='{VOTE}'><p>{COUNCIL}</p><p hidden>{MOVED_LINE}</p>"
        "<script>var a</script>"
    )
    assert Document(html.encode(), URL).lines == {COUNCIL: 1, VOTE: 1}


def test_a_renamed_class_removes_no_line_from_the_article(site: Site, checker: Checker) -> None:
    line = "The harbour office will show the plans until the end of the month"
    page = article_html().replace("<p>A second", f"<p class='{{}}'>{line}</p><p>A second")
    url = site.page("/a", page.format("body"))
    checker(url)
    assert line in checker.db.execute("select body from versions").fetchone()[0]
    site.page("/a", page.format("caption"))
    assert checker(url).result.outcome == "unchanged"
    assert checker.db["edits"].count == 0


def test_a_line_that_neither_page_shows_is_an_edit() -> None:
    """It is in script data only, so nothing proves that nobody touched it."""
    old, new = article(COUNCIL), article(COUNCIL, MOVED_LINE)
    assert keep_classification(old, new, before={}, now={}) == new
    assert keep_classification(new, old, before={}, now={}) == old


def test_a_standfirst_that_became_the_body_stays_the_standfirst() -> None:
    old, new = article(COUNCIL, dek=MOVED_LINE), article(MOVED_LINE, COUNCIL)
    lines = {COUNCIL: 1, MOVED_LINE: 1}
    assert keep_classification(old, new, before=lines, now=lines) == old


def test_each_line_of_a_standfirst_has_its_own_classification() -> None:
    old = article(COUNCIL, dek=f"{VOTE}\n{MOVED_LINE}")
    new = article(MOVED_LINE, COUNCIL, dek=VOTE.replace("three", "four"))
    lines = {COUNCIL: 1, MOVED_LINE: 1}
    result = keep_classification(old, new, before={**lines, VOTE: 1}, now=lines)
    assert result.paragraphs == (COUNCIL,)
    assert (result.dek or "").splitlines() == [MOVED_LINE, VOTE.replace("three", "four")]


@given(st.data())
def test_lines_that_keep_their_classification_stay_in_the_order_of_the_page(
    data: st.DataObject,
) -> None:
    """Whichever of them extraction leaves out now, and whichever were edited."""
    words = data.draw(st.lists(st.sampled_from(WORDS), min_size=1, unique=True))
    stored = [f"The {word} ferry sailed on Monday." for word in words]
    edited = [
        text.replace("Monday", "Friday") if data.draw(st.booleans()) else text for text in stored
    ]
    shown = [
        text
        for one, text in zip(stored, edited, strict=True)
        if text != one or data.draw(st.booleans())
    ]
    result = keep_classification(
        article(*stored), article(*shown),
        before=dict.fromkeys(stored, 1), now=dict.fromkeys(edited, 1),
    )  # fmt: skip
    assert result.paragraphs == tuple(edited)


def test_an_edited_standfirst_is_an_edit() -> None:
    old, new = article(COUNCIL, dek=VOTE), article(COUNCIL, dek=MOVED_LINE)
    lines = {COUNCIL: 1}
    result = keep_classification(old, new, before={**lines, VOTE: 1}, now={**lines, MOVED_LINE: 1})
    assert result == new


def test_a_removed_standfirst_is_an_edit() -> None:
    old, new = article(COUNCIL, dek=VOTE), article(COUNCIL)
    assert keep_classification(old, new, before={COUNCIL: 1, VOTE: 1}, now={COUNCIL: 1}) == new


def test_a_line_that_moved_inside_the_body_is_an_edit() -> None:
    old, new = article(COUNCIL, MOVED_LINE, VOTE), article(MOVED_LINE, COUNCIL, VOTE)
    lines = {COUNCIL: 1, MOVED_LINE: 1, VOTE: 1}
    assert keep_classification(old, new, before=lines, now=lines) == new


def test_a_line_that_the_article_has_twice_is_kept_as_often_as_before() -> None:
    old, new = article(MOVED_LINE, COUNCIL, MOVED_LINE), article(MOVED_LINE, COUNCIL)
    lines = {COUNCIL: 1, MOVED_LINE: 2}
    assert keep_classification(old, new, before=lines, now=lines) == old


def test_of_two_copies_of_a_line_the_one_that_joined_the_article_stays_out() -> None:
    lines = {COUNCIL: 1, VOTE: 1, MOVED_LINE: 2}
    old = article(MOVED_LINE, COUNCIL, VOTE)
    for new in (article(MOVED_LINE, COUNCIL, VOTE, MOVED_LINE), article(COUNCIL, MOVED_LINE, VOTE, MOVED_LINE)):  # fmt: skip
        result = keep_classification(old, new, before=lines, now=lines)
        assert Counter(result.paragraphs) == Counter(old.paragraphs)


REMOVED_AND_ADDED = {
    "nothing": (article(COUNCIL), article(COUNCIL), [], []),
    "an invisible character": (article(f"{COUNCIL}\u200b"), article(COUNCIL), [], []),
    "another order": (article(COUNCIL, VOTE), article(VOTE, COUNCIL), [], []),
    "a paragraph removed": (article(COUNCIL, VOTE), article(COUNCIL), [VOTE], []),
    "a paragraph added": (article(COUNCIL), article(COUNCIL, VOTE), [], [VOTE]),
    "a second copy": (article(COUNCIL), article(COUNCIL, COUNCIL), [], [COUNCIL]),
    "body to caption": (article(VOTE), article(captions=(VOTE,)), [VOTE], [VOTE]),
    "line of the standfirst": (article(dek=f"{COUNCIL}\n{VOTE}"), article(dek=VOTE), [COUNCIL], []),
}


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"), REMOVED_AND_ADDED.values(), ids=REMOVED_AND_ADDED.keys()
)
def test_the_lines_that_one_version_has_are_listed(
    old: Article, new: Article, removed: list[str], added: list[str]
) -> None:
    assert removed_and_added(old, new) == (removed, added)


PARAGRAPHS = st.lists(st.sampled_from([COUNCIL, VOTE, MOVED_LINE]), unique=True)


@given(PARAGRAPHS, PARAGRAPHS)
def test_lines_that_both_pages_show_equally_often_are_no_edits(
    old: list[str], new: list[str]
) -> None:
    lines = {COUNCIL: 1, VOTE: 1, MOVED_LINE: 1}
    result = keep_classification(article(*old), article(*new), before=lines, now=lines)
    assert Counter(result.paragraphs) == Counter(old)


@given(PARAGRAPHS, PARAGRAPHS)
def test_without_lines_on_the_pages_nothing_is_reclassified(old: list[str], new: list[str]) -> None:
    assert keep_classification(article(*old), article(*new), before={}, now={}) == article(*new)
