"""A line that stands on the page as before keeps the verdict it had."""

import pytest

from scraper.article import Article
from scraper.extract.html.lines import Shown
from storage.diff import compare
from storage.diff.noise.reclassified import came_or_left, with_old_verdicts
from tests.conftest import Looker, Site, article_html

COUNCIL = "The council met on Monday to discuss the new bridge over the river."
VOTE = "Twelve members voted for the plan and three voted against it."
NOTE = "Reported from the town hall"
URL = "https://example.org/a"


def article(*paragraphs: str, **fields: object) -> Article:
    return Article(URL, "Bridge", paragraphs=paragraphs, **fields)  # type: ignore[arg-type]


CASES = {
    "came into the body": (article(COUNCIL, VOTE), article(COUNCIL, NOTE, VOTE)),
    "left the body": (article(COUNCIL, NOTE, VOTE), article(COUNCIL, VOTE)),
    "body to caption": (article(COUNCIL, NOTE), article(COUNCIL, captions=(NOTE,))),
    "body to standfirst": (article(NOTE, COUNCIL), article(COUNCIL, dek=NOTE)),
}


@pytest.mark.parametrize(("old", "new"), CASES.values(), ids=CASES.keys())
def test_a_line_that_stood_still_is_no_edit(old: Article, new: Article) -> None:
    lines = {COUNCIL: 1, NOTE: 1, VOTE: 1}
    assert came_or_left(old, new)
    assert not compare(old, with_old_verdicts(old, new, before=lines, now=lines))


def test_a_line_that_came_onto_the_page_is_an_edit() -> None:
    old, new = article(COUNCIL), article(COUNCIL, NOTE)
    held = with_old_verdicts(old, new, before={COUNCIL: 1}, now={COUNCIL: 1, NOTE: 1})
    assert held == new


def test_a_line_that_came_once_more_is_an_edit() -> None:
    old, new = article(COUNCIL), article(COUNCIL, NOTE)
    held = with_old_verdicts(old, new, before={NOTE: 1}, now={NOTE: 2})
    assert held == new


def test_an_edit_beside_a_flip_stays() -> None:
    edited = VOTE.replace("three", "four")
    old, new = article(COUNCIL, VOTE), article(COUNCIL, NOTE, edited)
    held = with_old_verdicts(
        old, new, before={COUNCIL: 1, NOTE: 1, VOTE: 1}, now={COUNCIL: 1, NOTE: 1, edited: 1}
    )
    assert held.paragraphs == (COUNCIL, edited)


def test_hidden_lines_are_not_shown_and_descriptions_are() -> None:
    html = (
        f"<meta name='description' content='{VOTE}'><p>{COUNCIL}</p><p hidden>{NOTE}</p>"
        "<script>var a</script>"
    )
    assert Shown(html.encode(), URL).lines == {COUNCIL: 1, VOTE: 1}


def test_a_renamed_class_moves_no_line_out_of_the_article(site: Site, look: Looker) -> None:
    line = "The harbour office will show the plans until the end of the month"
    page = article_html().replace("<p>A second", f"<p class='{{}}'>{line}</p><p>A second")
    url = site.page("/a", page.format("body"))
    look(url)
    assert line in look.db.execute("select body from versions").fetchone()[0]
    site.page("/a", page.format("caption"))
    assert look(url).look.outcome == "unchanged"
    assert look.db["edits"].count == 0
