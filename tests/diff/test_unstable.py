"""What two fetches in a row agree on."""

import pytest

from scraper.article import Article
from storage.diff import compare
from storage.diff.noise.unstable import keep_confirmed

COUNCIL = "The council met on Monday to discuss the new bridge over the river."
VOTE = "Twelve members voted for the plan and three voted against it."
SPRING = "The mayor said that work would begin in the spring of next year."
ADS = (
    "Save on shoes this weekend only.",
    "Our newsletter brings the news to you.",
    "Win a car with our quiz.",
)


def article(*paragraphs: str, headline: str = "Bridge") -> Article:
    return Article("https://example.org/a", headline, paragraphs=paragraphs)


CASES = {
    "an ad that differs in every response": (
        (COUNCIL, ADS[0], VOTE), (COUNCIL, ADS[1], VOTE), (COUNCIL, ADS[2], VOTE), [],
    ),
    "an edit beside such an ad": (
        (COUNCIL, ADS[0], VOTE, SPRING),
        (COUNCIL, ADS[1], VOTE.replace("three", "four"), SPRING),
        (COUNCIL, ADS[2], VOTE.replace("three", "four"), SPRING),
        [("three", "four")],
    ),
    "a counter inside a paragraph": (
        (COUNCIL, f"{VOTE} Read 12 times."), (COUNCIL, f"{VOTE} Read 34 times."), (COUNCIL, f"{VOTE} Read 35 times."), [],
    ),
    "an edit in the paragraph of a counter": (
        (COUNCIL, f"{VOTE} Read 12 times."),
        (COUNCIL, f"{VOTE.replace('Twelve', 'Ten')} Read 34 times."),
        (COUNCIL, f"{VOTE.replace('Twelve', 'Ten')} Read 35 times."),
        [("Twelve", "Ten")],
    ),
    "a paragraph that both fetches have lost": (
        (COUNCIL, VOTE, SPRING), (COUNCIL, SPRING), (COUNCIL, SPRING), [(VOTE, None)],
    ),
    "a paragraph that both fetches have gained": (
        (COUNCIL, SPRING), (COUNCIL, VOTE, SPRING), (COUNCIL, VOTE, SPRING), [(None, VOTE)],
    ),
    "an ad that only the first fetch has": (
        (COUNCIL, SPRING), (COUNCIL, ADS[0], SPRING), (COUNCIL, SPRING), [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_only_what_both_fetches_agree_on_is_an_edit(case: str) -> None:
    old, first, second, expected = CASES[case]
    confirmed = keep_confirmed(article(*old), article(*first), article(*second), established=False)
    edits = compare(confirmed.old, confirmed.article)
    assert [(edit.old, edit.new) for edit in edits] == expected


def test_deleting_an_established_text_beside_an_ad_is_an_edit() -> None:
    first, second = article(COUNCIL, ADS[0], SPRING), article(COUNCIL, ADS[1], SPRING)
    confirmed = keep_confirmed(article(COUNCIL, VOTE, SPRING), first, second, established=True)
    assert [edit.old for edit in compare(confirmed.old, confirmed.article)] == [VOTE]


def test_a_paragraph_that_one_fetch_lacks_stays_as_it_was() -> None:
    """Its other response has it in other words: neither an edit nor a removal is proven."""
    edited_vote = VOTE.replace("three", "four")
    confirmed = keep_confirmed(
        article(COUNCIL, VOTE, SPRING),
        article(COUNCIL, edited_vote, SPRING),
        article(COUNCIL, SPRING),
        established=True,
    )
    assert compare(confirmed.old, confirmed.article) == ()
    assert confirmed.volatile == ()


def test_a_headline_that_differs_between_two_fetches_is_not_an_edit() -> None:
    confirmed = keep_confirmed(
        article(COUNCIL),
        article(COUNCIL, headline="A"),
        article(COUNCIL, headline="B"),
        established=True,
    )
    assert confirmed.article.headline == "Bridge"


def test_captions_that_differ_between_two_fetches_are_not_an_edit() -> None:
    def with_captions(*captions: str) -> Article:
        return Article("https://example.org/a", "Bridge", paragraphs=(COUNCIL,), captions=captions)

    confirmed = keep_confirmed(
        with_captions("The bridge.", "Ann, 4 min ago"),
        with_captions("The bridge.", "Bo"),
        with_captions("The bridge."),
        established=True,
    )
    assert compare(confirmed.old, confirmed.article) == ()


def test_page_noise_is_reported_with_its_evidence() -> None:
    confirmed = keep_confirmed(
        article(COUNCIL, ADS[0], VOTE),
        article(COUNCIL, ADS[1], VOTE),
        article(COUNCIL, ADS[2], VOTE),
        established=False,
    )
    assert {text for text, _, _ in confirmed.volatile} == set(ADS)
