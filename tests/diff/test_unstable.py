"""What two looks in a row agree on."""

import pytest

from scraper.article import Article
from storage.diff import compare
from storage.diff.noise.unstable import settle

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
    "a paragraph that both looks have lost": (
        (COUNCIL, VOTE, SPRING), (COUNCIL, SPRING), (COUNCIL, SPRING), [(VOTE, None)],
    ),
    "a paragraph that both looks have gained": (
        (COUNCIL, SPRING), (COUNCIL, VOTE, SPRING), (COUNCIL, VOTE, SPRING), [(None, VOTE)],
    ),
    "an ad that only the first look has": (
        (COUNCIL, SPRING), (COUNCIL, ADS[0], SPRING), (COUNCIL, SPRING), [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_only_what_both_looks_agree_on_is_an_edit(case: str) -> None:
    old, first, second, expected = CASES[case]
    settled = settle(article(*old), article(*first), article(*second), stood=False)
    edits = compare(settled.old, settled.article)
    assert [(edit.old, edit.new) for edit in edits] == expected


def test_a_deletion_beside_an_ad_counts_where_the_text_had_stood() -> None:
    first, second = article(COUNCIL, ADS[0], SPRING), article(COUNCIL, ADS[1], SPRING)
    settled = settle(article(COUNCIL, VOTE, SPRING), first, second, stood=True)
    assert [edit.old for edit in compare(settled.old, settled.article)] == [VOTE]


def test_a_headline_that_differs_between_two_looks_is_no_edit() -> None:
    settled = settle(
        article(COUNCIL), article(COUNCIL, headline="A"), article(COUNCIL, headline="B"), stood=True
    )
    assert settled.article.headline == "Bridge"


def test_captions_that_differ_between_two_looks_are_no_edit() -> None:
    def shown(*captions: str) -> Article:
        return Article("https://example.org/a", "Bridge", paragraphs=(COUNCIL,), captions=captions)

    settled = settle(
        shown("The bridge.", "Ann, 4 min ago"),
        shown("The bridge.", "Bo"),
        shown("The bridge."),
        stood=True,
    )
    assert compare(settled.old, settled.article) == ()


def test_what_was_volatile_is_told_with_its_evidence() -> None:
    settled = settle(
        article(COUNCIL, ADS[0], VOTE),
        article(COUNCIL, ADS[1], VOTE),
        article(COUNCIL, ADS[2], VOTE),
        stood=False,
    )
    assert {text for text, _, _ in settled.volatile} == set(ADS)
