"""What two fetches in a row agree on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def paragraph(words: int, word: str = "word") -> str:
    """A paragraph of this many different words."""
    return " ".join(f"{word}{number}" for number in range(words))


# old, first and second paragraphs, established, expected paragraphs, expected page noise
UNSTABLE = {
    "counter in the second of two paragraphs": (
        (VOTE, "Seen by 12 readers so far."), (VOTE, "Seen by 34 readers so far."), (VOTE, "Seen by 35 readers so far."), True,
        (VOTE, "Seen by 12 readers so far."), set(),
    ),
    "counter in only one response": (
        (COUNCIL, "Seen by 12 readers so far.", VOTE), (COUNCIL, VOTE), (COUNCIL, "Seen by 35 readers so far.", VOTE), True,
        (COUNCIL, "Seen by 12 readers so far.", VOTE), set(),
    ),
    "first word in only one response": ((f"Live: {VOTE}",), (VOTE,), (f"New: {VOTE}",), True, (f"Live: {VOTE}",), set()),
    "ad beside a counter": (
        (COUNCIL, "Seen by 12 readers so far.", VOTE), (COUNCIL, "Seen by 34 readers so far.", ADS[0], VOTE),
        (COUNCIL, "Seen by 35 readers so far.", VOTE), True,
        (COUNCIL, "Seen by 12 readers so far.", VOTE), {ADS[0]},
    ),
    "ad before the first paragraph": ((COUNCIL,), (ADS[0], COUNCIL), (ADS[1], COUNCIL), True, (COUNCIL,), {ADS[0], ADS[1]}),
    "ad after the last paragraph": ((COUNCIL,), (COUNCIL, ADS[0]), (COUNCIL, ADS[1]), True, (COUNCIL,), {ADS[0], ADS[1]}),
    "ad in the old version, seen once": (
        (COUNCIL, ADS[2], VOTE), (COUNCIL, ADS[0], VOTE), (COUNCIL, ADS[1], VOTE), False, (COUNCIL, VOTE), set(ADS),
    ),
    "ad in the old version, seen twice": (
        (COUNCIL, ADS[2], VOTE), (COUNCIL, ADS[0], VOTE), (COUNCIL, ADS[1], VOTE), True, (COUNCIL, VOTE), {ADS[0], ADS[1]},
    ),
    "edit and an ad": (
        (COUNCIL, ADS[0], VOTE), (COUNCIL, ADS[1], SPRING), (COUNCIL, ADS[2], SPRING), True, (COUNCIL, SPRING), set(ADS[1:]),
    ),
    "nothing differs": ((COUNCIL,), (COUNCIL, VOTE), (COUNCIL, VOTE), False, (COUNCIL, VOTE), set()),
    "page without an article": ((COUNCIL,), (), (), True, (), set()),
    "three fifths of the words": (
        ("a b c d e",), ("a b c x y",), ("a b c x z",), True, ("a b c d e",), set(),
    ),
    "fewer than three fifths of the words": (
        ("a b c d e f",), ("a b c x y q",), ("a b c x z q",), True, (), {"a b c x y q", "a b c x z q"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "first", "second", "established", "expected", "noise"), UNSTABLE.values(), ids=UNSTABLE.keys()
)  # fmt: skip
def test_the_article_is_what_two_responses_agree_on(
    old: tuple[str, ...],
    first: tuple[str, ...],
    second: tuple[str, ...],
    established: bool,
    expected: tuple[str, ...],
    noise: set[str],
) -> None:
    confirmed = keep_confirmed(
        article(*old), article(*first), article(*second), established=established
    )
    assert confirmed.article.paragraphs == expected
    assert {text for text, _, _ in confirmed.volatile} == noise
    assert not noise & set(confirmed.old.paragraphs)


def test_page_noise_has_what_each_response_showed_in_its_place() -> None:
    confirmed = keep_confirmed(
        article(COUNCIL, ADS[2], VOTE),
        article(COUNCIL, ADS[0], VOTE),
        article(COUNCIL, ADS[1], VOTE),
        established=False,
    )
    assert confirmed.volatile == (
        (ADS[0], ADS[0], ADS[1]),
        (ADS[1], ADS[0], ADS[1]),
        (ADS[2], None, None),
    )
    confirmed = keep_confirmed(article(COUNCIL), article(COUNCIL), article(COUNCIL, ADS[0]), established=True)  # fmt: skip
    assert confirmed.volatile == ((ADS[0], None, ADS[0]),)


@pytest.mark.parametrize(("candidates", "is_kept"), [(20, True), (21, False)])
def test_among_very_many_differing_paragraphs_none_is_matched(
    candidates: int, is_kept: bool
) -> None:
    counter = f"{VOTE} Seen by 12 readers."
    others = [paragraph(4, f"x{number}y") for number in range(candidates - 1)]
    first = article(COUNCIL, counter.replace("12", "34"), *others, SPRING)
    second = article(COUNCIL, counter.replace("12", "35"), *(f"{text} z q r s t u" for text in others), SPRING)  # fmt: skip
    confirmed = keep_confirmed(article(COUNCIL, counter, SPRING), first, second, established=True)
    assert (counter in confirmed.article.paragraphs) == is_kept


@pytest.mark.parametrize(("words", "is_kept"), [(680, True), (800, False)])
def test_a_very_long_paragraph_is_similar_only_to_itself(words: int, is_kept: bool) -> None:
    counter = f"{paragraph(words)} 12 readers"
    first, second = (article(COUNCIL, counter.replace(" 12 ", count)) for count in (" 34 ", " 35 "))
    confirmed = keep_confirmed(article(COUNCIL, counter), first, second, established=True)
    assert (counter in confirmed.article.paragraphs) == is_kept


NINE = datetime(2026, 5, 14, 9, tzinfo=UTC)
TEN = datetime(2026, 5, 14, 10, tzinfo=UTC)
LATER = NINE + timedelta(seconds=1)
# field, old value, first value, second value, expected value
FIELDS = {
    "headline of both": ("headline", "A", "B", "B", "B"),
    "headline of one": ("headline", "A", "B", "C", "A"),
    "dek of both": ("dek", "A", "B", "B", "B"),
    "dek of one": ("dek", "A", "B", None, "A"),
    "byline of both": ("byline", ("A",), ("B",), ("B",), ("B",)),
    "byline of one": ("byline", ("A",), ("B",), (), ("A",)),
    "section of both": ("section", "A", "B", "B", "B"),
    "section of one": ("section", "A", "B", "C", "A"),
    "caption added in both": ("captions", ("A",), ("A", "B", "C"), ("A", "B"), ("A", "B")),
    "caption removed in one": ("captions", ("A", "B"), ("A",), ("A", "B"), ("A", "B")),
    "caption removed in both": ("captions", ("A", "B"), ("A",), ("A",), ("A",)),
    "timestamp of both": ("modified_at", NINE, TEN, TEN, TEN),
    "timestamp a second apart": ("modified_at", NINE, TEN, TEN + timedelta(seconds=1), TEN),
    "timestamp 59 seconds apart": ("published_at", NINE, TEN, TEN + timedelta(seconds=59), TEN),
    "timestamp a minute apart": ("published_at", NINE, TEN, TEN + timedelta(seconds=60), NINE),
    "timestamp of one": ("modified_at", NINE, TEN, None, NINE),
    "timestamp of the other": ("published_at", NINE, None, TEN, NINE),
    "timestamp of neither": ("modified_at", NINE, None, None, None),
}


@pytest.mark.parametrize(("field", "old", "first", "second", "expected"), FIELDS.values(), ids=FIELDS.keys())  # fmt: skip
def test_a_field_changes_only_as_both_responses_have_it(
    field: str, old: object, first: object, second: object, expected: object
) -> None:
    versions = (replace(article(COUNCIL), **{field: value}) for value in (old, first, second))
    confirmed = keep_confirmed(*versions, established=True)
    assert getattr(confirmed.article, field) == expected


PARAGRAPHS = st.lists(st.sampled_from([COUNCIL, VOTE, SPRING, *ADS]), max_size=5)


@given(PARAGRAPHS, PARAGRAPHS)
def test_two_equal_responses_are_the_article(old: list[str], new: list[str]) -> None:
    for established in (True, False):
        confirmed = keep_confirmed(
            article(*old), article(*new), article(*new), established=established
        )
        assert (confirmed.old, confirmed.article) == (article(*old), article(*new))
        assert confirmed.volatile == ()


@given(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS)
def test_every_paragraph_was_served_in_one_of_the_responses(
    old: list[str], first: list[str], second: list[str]
) -> None:
    confirmed = keep_confirmed(article(*old), article(*first), article(*second), established=True)
    assert set(confirmed.article.paragraphs) <= {*old, *first, *second}
