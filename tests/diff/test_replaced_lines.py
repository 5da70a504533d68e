"""A replaced line is pending until a later check finds it an edit or page noise."""

from scraper.article import Article
from storage.diff.noise.replaced_lines import hold_back_replacements
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site

COUNCIL = "The council met on Monday to discuss the new bridge over the river."
VOTE = "Twelve members voted for the plan and three voted against it."
ADS = (
    "Save on shoes this weekend only.",
    "Our newsletter brings the news to you.",
    "Win a car with our quiz.",
)
LAST_PARAGRAPH = "<p>A second bridge, further up the river, will be closed for inspection in the autumn of next year."


def article(*paragraphs: str) -> Article:
    return Article("https://example.org/a", "Bridge", paragraphs=paragraphs)


def test_a_replaced_line_is_pending_and_the_old_text_stays() -> None:
    result = hold_back_replacements(
        article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[1], VOTE), pending={}
    )
    assert result.article.paragraphs == (COUNCIL, ADS[0], VOTE)
    assert result.newly_pending == {ADS[1]: ADS[0]}


def test_a_replacement_seen_again_is_confirmed() -> None:
    result = hold_back_replacements(
        article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[1], VOTE), pending={ADS[1]: ADS[0]}
    )
    assert result.article.paragraphs == (COUNCIL, ADS[1], VOTE)
    assert not result.newly_pending


def test_a_third_text_in_one_position_proves_all_three_page_noise() -> None:
    result = hold_back_replacements(
        article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[2], VOTE), pending={ADS[1]: ADS[0]}
    )
    assert set(result.volatile) == set(ADS)
    assert result.old.paragraphs == result.article.paragraphs == (COUNCIL, VOTE)


def test_an_edited_paragraph_beside_a_replaced_line_is_not_held_back() -> None:
    edited_vote = VOTE.replace("three", "four")
    result = hold_back_replacements(
        article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[1], edited_vote), pending={}
    )
    assert result.article.paragraphs == (COUNCIL, ADS[0], edited_vote)


def test_replacing_an_established_line_is_an_edit_at_once() -> None:
    old, new = article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[1], VOTE)
    assert hold_back_replacements(old, new, pending={}, established=True).article == new


def test_an_added_label_is_pending_until_seen_again() -> None:
    old, new = article(COUNCIL, VOTE), article(COUNCIL, "From our partners", VOTE)
    result = hold_back_replacements(old, new, pending={})
    assert (result.article, result.newly_pending) == (old, {"From our partners": ""})
    assert hold_back_replacements(old, new, pending=result.newly_pending).article == new


def test_an_added_sentence_is_an_edit_at_once() -> None:
    old, new = article(COUNCIL, VOTE), article(COUNCIL, "Both sides agreed.", VOTE)
    assert hold_back_replacements(old, new, pending={}).article == new


def test_a_label_with_a_sentence_is_an_edit_at_once() -> None:
    old, new = article(COUNCIL, VOTE), article(COUNCIL, "What is next", "Both sides agreed.", VOTE)
    assert hold_back_replacements(old, new, pending={}).article == new


def test_another_added_label_is_pending_and_no_page_noise() -> None:
    """Nothing was there before that a third text could be compared with."""
    old, new = article(COUNCIL, VOTE), article(COUNCIL, "Best of the week", VOTE)
    result = hold_back_replacements(old, new, pending={"From our partners": ""})
    assert (result.newly_pending, result.volatile) == ({"Best of the week": ""}, {})


def page_with_line(line: str) -> str:
    return article_html().replace(LAST_PARAGRAPH, f"<p>{line}</p>{LAST_PARAGRAPH}")


def test_a_line_that_differs_at_each_check_is_never_an_edit(site: Site, checker: Checker) -> None:
    lines = (
        "Many readers of this page have gone on to tell a friend about it.",
        "The tide tables for the week are to be found in the harbour office.",
        "Old rope, new uses: six ideas for a rainy weekend with your children.",
        "A ferry pass costs less than you think, and it makes a fine present.",
    )
    for line in lines:
        url = site.page("/a", page_with_line(line))
        checker(url)
    assert checker.db["edits"].count == 0


def test_a_replaced_paragraph_is_logged_at_the_next_check(site: Site, checker: Checker) -> None:
    before, after = (
        "Nobody was hurt, the harbour office said at noon.",
        "Two dockers broke an arm when ropes snapped.",
    )
    url = site.page("/a", page_with_line(before))
    checker(url)
    last_seen_at = checker.db.execute("select last_seen_at from versions").fetchone()[0]
    site.page("/a", page_with_line(after))
    first, second = checker(url), checker(url)
    assert (first.result.outcome, first.result.pending) == ("unchanged", {after: before})
    assert [(edit.old, edit.new) for edit in second.result.edits] == [(before, None), (None, after)]
    assert checker.db.execute("select distinct seen_after from edits").fetchall() == [
        (last_seen_at,)
    ]
