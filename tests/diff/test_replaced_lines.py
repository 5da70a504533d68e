"""Exchanged paragraphs wait until a later look believes them or proves them the page's."""

from scraper.article import Article
from storage.diff.noise.replaced_lines import weigh_swaps
from tests.conftest import Looker, Site, article_html

COUNCIL = "The council met on Monday to discuss the new bridge over the river."
VOTE = "Twelve members voted for the plan and three voted against it."
ADS = (
    "Save on shoes this weekend only.",
    "Our newsletter brings the news to you.",
    "Win a car with our quiz.",
)
LAST = "<p>A second bridge, further up the river, will be closed for inspection in the autumn of next year."


def article(*paragraphs: str) -> Article:
    return Article("https://example.org/a", "Bridge", paragraphs=paragraphs)


def test_an_exchange_waits_with_the_old_text_in_its_place() -> None:
    weighed = weigh_swaps(
        article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[1], VOTE), suspects={}
    )
    assert weighed.article.paragraphs == (COUNCIL, ADS[0], VOTE)
    assert weighed.waiting == {ADS[1]: ADS[0]}


def test_an_exchange_seen_again_is_believed() -> None:
    weighed = weigh_swaps(
        article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[1], VOTE), suspects={ADS[1]: ADS[0]}
    )
    assert weighed.article.paragraphs == (COUNCIL, ADS[1], VOTE)
    assert not weighed.waiting


def test_a_third_text_in_one_place_proves_all_three_the_page_s() -> None:
    weighed = weigh_swaps(
        article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[2], VOTE), suspects={ADS[1]: ADS[0]}
    )
    assert set(weighed.volatile) == set(ADS)
    assert weighed.old.paragraphs == weighed.article.paragraphs == (COUNCIL, VOTE)


def test_an_edited_paragraph_beside_an_exchange_is_not_held_back() -> None:
    edited = VOTE.replace("three", "four")
    weighed = weigh_swaps(
        article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[1], edited), suspects={}
    )
    assert weighed.article.paragraphs == (COUNCIL, ADS[0], edited)


def test_an_exchange_of_a_line_that_had_stood_counts_at_once() -> None:
    old, new = article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[1], VOTE)
    assert weigh_swaps(old, new, suspects={}, stood=True).article == new


def test_a_label_that_came_alone_waits_until_it_is_seen_again() -> None:
    old, new = article(COUNCIL, VOTE), article(COUNCIL, "From our partners", VOTE)
    weighed = weigh_swaps(old, new, suspects={})
    assert (weighed.article, weighed.waiting) == (old, {"From our partners": ""})
    assert weigh_swaps(old, new, suspects=weighed.waiting).article == new


def test_a_sentence_that_came_alone_counts_at_once() -> None:
    old, new = article(COUNCIL, VOTE), article(COUNCIL, "Both sides agreed.", VOTE)
    assert weigh_swaps(old, new, suspects={}).article == new


def with_line(line: str) -> str:
    return article_html().replace(LAST, f"<p>{line}</p>{LAST}")


def test_a_line_that_is_another_at_each_look_is_never_an_edit(site: Site, look: Looker) -> None:
    lines = (
        "Many readers of this page have gone on to tell a friend about it.",
        "The tide tables for the week are to be found in the harbour office.",
        "Old rope, new uses: six ideas for a rainy weekend with your children.",
        "A ferry pass costs less than you think, and it makes a fine present.",
    )
    for line in lines:
        url = site.page("/a", with_line(line))
        look(url)
    assert look.db["edits"].count == 0


def test_a_paragraph_that_was_really_exchanged_is_logged_at_the_next_look(
    site: Site, look: Looker
) -> None:
    before, after = (
        "Nobody was hurt, the harbour office said at noon.",
        "Two dockers broke an arm when ropes snapped.",
    )
    url = site.page("/a", with_line(before))
    look(url)
    seen = look.db.execute("select last_seen_at from versions").fetchone()[0]
    site.page("/a", with_line(after))
    first, second = look(url), look(url)
    assert (first.look.outcome, first.look.suspects) == ("unchanged", {after: before})
    assert [(edit.old, edit.new) for edit in second.look.edits] == [(before, None), (None, after)]
    assert look.db.execute("select distinct seen_after from edits").fetchall() == [(seen,)]
