"""What two fetches in a row agree on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff import compare
from storage.diff.noise.exclusions import Exclusions, PageNoise, without_noise
from storage.diff.noise.pieces import text_lines
from storage.diff.noise.responses.unstable import Confirmed, keep_confirmed, without_request_times
from storage.diff.text.sentences import sentences

COUNCIL = "The council met on Monday to discuss the new bridge over the river."
VOTE = "Twelve members voted for the plan and three voted against it."
SPRING = "The mayor said that work would begin in the spring of next year."
ADS = (
    "Save on shoes this weekend only.",
    "Our newsletter brings the news to you.",
    "Win a car with our quiz.",
)


def confirmed_by(old: Article, first: Article, second: Article, *, established: bool) -> Confirmed:
    """What two responses agree on, of a version of which more than one check saw all lines or none."""
    lines = text_lines(old) if established else frozenset[str]()
    return keep_confirmed(old, first, second, established=lines)


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
    "a new counter": (
        (COUNCIL, VOTE), (COUNCIL, f"{VOTE} Read 34 times."), (COUNCIL, f"{VOTE} Read 35 times."), [],
    ),
    "a counter between two sentences of a paragraph, one of them edited": (
        (f"{COUNCIL} Read 12 times. {VOTE}",),
        (f"{COUNCIL} Read 34 times. {VOTE.replace('three', 'four')}",),
        (f"{COUNCIL} Read 35 times. {VOTE.replace('three', 'four')}",),
        [("three", "four")],
    ),
    "words that two counters share by chance": (
        (COUNCIL, VOTE),
        (COUNCIL, "3 comments · updated 5 minutes ago", VOTE),
        (COUNCIL, "4 comments · updated 5 minutes ago", VOTE),
        [],
    ),
    "a sentence added where a counter stands": (
        (COUNCIL, "Read 12 times.", VOTE),
        (COUNCIL, "Both sides agreed.", "Read 34 times.", VOTE),
        (COUNCIL, "Both sides agreed.", "Read 35 times.", VOTE),
        [(None, "Both sides agreed.")],
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
    confirmed = confirmed_by(article(*old), article(*first), article(*second), established=False)
    edits = compare(confirmed.old, confirmed.article)
    assert [(edit.old, edit.new) for edit in edits] == expected


def test_deleting_an_established_text_beside_an_ad_is_an_edit() -> None:
    first, second = article(COUNCIL, ADS[0], SPRING), article(COUNCIL, ADS[1], SPRING)
    confirmed = confirmed_by(article(COUNCIL, VOTE, SPRING), first, second, established=True)
    assert [edit.old for edit in compare(confirmed.old, confirmed.article)] == [VOTE]


def test_a_sentence_that_only_one_fetch_has_in_other_words_proves_nothing() -> None:
    """Neither an edit nor a removal: no version has it until both agree."""
    edited_vote = VOTE.replace("three", "four")
    confirmed = confirmed_by(
        article(COUNCIL, VOTE, SPRING),
        article(COUNCIL, edited_vote, SPRING),
        article(COUNCIL, SPRING),
        established=True,
    )
    assert compare(confirmed.old, confirmed.article) == ()
    assert confirmed.article.paragraphs == (COUNCIL, SPRING)
    assert confirmed.page_noise == ()


@pytest.mark.parametrize("is_first", [True, False])
def test_an_edit_that_reached_one_server_only_waits_until_both_have_it(is_first: bool) -> None:
    stored, edited = article(COUNCIL, VOTE), article(COUNCIL, VOTE.replace("three", "four"))
    answers = (edited, stored) if is_first else (stored, edited)
    confirmed = confirmed_by(stored, *answers, established=True)
    assert confirmed.old == confirmed.article == stored
    assert confirmed.page_noise == ()
    confirmed = confirmed_by(stored, edited, edited, established=True)
    assert [(edit.old, edit.new) for edit in compare(stored, confirmed.article)] == [
        ("three", "four")
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [((COUNCIL, VOTE), (f"{COUNCIL} {SPRING}", VOTE)), ((COUNCIL, VOTE), (COUNCIL, f"{SPRING} {VOTE}"))],
)  # fmt: skip
def test_a_sentence_that_one_fetch_still_has_stays_in_its_place(
    first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    stored = article(COUNCIL, SPRING, VOTE)
    for answers in ((first, second), (second, first)):
        confirmed = confirmed_by(stored, *(article(*lines) for lines in answers), established=True)  # fmt: skip
        assert compare(confirmed.old, confirmed.article) == ()
        assert confirmed.article.body.split() == stored.body.split()


def test_a_headline_that_differs_between_two_fetches_is_not_an_edit() -> None:
    for first, second, expected in (("A", "B", "A"), ("A", "Bridge", "Bridge"), ("Bridge", "A", "Bridge")):  # fmt: skip
        confirmed = confirmed_by(
            article(COUNCIL),
            article(COUNCIL, headline=first),
            article(COUNCIL, headline=second),
            established=True,
        )
        assert confirmed.article.headline == expected
        assert compare(confirmed.old, confirmed.article) == ()


def test_a_headline_is_compared_by_the_sources_of_the_response_it_is_from() -> None:
    stored, first, second = (
        replace(article(COUNCIL, headline=text), headlines={"h1": text}) for text in ("A", "B", "A")
    )
    confirmed = confirmed_by(stored, first, second, established=True)
    assert [edit.new for edit in compare(confirmed.article, first)] == ["B"]


def test_captions_that_differ_between_two_fetches_are_not_an_edit() -> None:
    def with_captions(*captions: str) -> Article:
        return Article("https://example.org/a", "Bridge", paragraphs=(COUNCIL,), captions=captions)

    confirmed = confirmed_by(
        with_captions("The bridge.", "Ann, 4 min ago"),
        with_captions("The bridge.", "Bo"),
        with_captions("The bridge."),
        established=True,
    )
    assert compare(confirmed.old, confirmed.article) == ()


def test_page_noise_is_reported_with_its_evidence() -> None:
    confirmed = confirmed_by(
        article(COUNCIL, ADS[0], VOTE),
        article(COUNCIL, ADS[1], VOTE),
        article(COUNCIL, ADS[2], VOTE),
        established=False,
    )
    assert {noise.text for noise in confirmed.page_noise} == set(ADS)


def paragraph(words: int, word: str = "word") -> str:
    """A paragraph of this many different words."""
    return " ".join(f"{word}{number}" for number in range(words))


# old, first and second paragraphs, established, expected paragraphs, expected page noise
UNSTABLE = {
    "counter in the second of two paragraphs": (
        (VOTE, "Seen by 12 readers so far."), (VOTE, "Seen by 34 readers so far."), (VOTE, "Seen by 35 readers so far."), True,
        (VOTE,), {"Seen by 12 readers so far.", "Seen by 34 readers so far.", "Seen by 35 readers so far."},
    ),
    "counter in only one response": (
        (COUNCIL, "Seen by 12 readers so far.", VOTE), (COUNCIL, VOTE), (COUNCIL, "Seen by 35 readers so far.", VOTE), True,
        (COUNCIL, VOTE), set(),
    ),
    "first word in only one response": (
        (COUNCIL, f"Live: {VOTE}"), (COUNCIL, VOTE), (COUNCIL, f"New: {VOTE}"), True,
        (COUNCIL,), {f"Live: {VOTE}", f"New: {VOTE}", VOTE},
    ),
    "ad beside a counter": (
        (COUNCIL, "Seen by 12 readers so far.", VOTE), (COUNCIL, "Seen by 34 readers so far.", ADS[0], VOTE),
        (COUNCIL, "Seen by 35 readers so far.", VOTE), True, (COUNCIL, VOTE),
        {"Seen by 12 readers so far.", "Seen by 34 readers so far.", "Seen by 35 readers so far.", ADS[0]},
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
        ("a b c d e",), ("a b c x y",), ("a b c x z",), True, (), {"a b c d e", "a b c x y", "a b c x z"},
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
    confirmed = confirmed_by(
        article(*old), article(*first), article(*second), established=established
    )
    assert confirmed.article.paragraphs == expected
    assert {noise.text for noise in confirmed.page_noise} == noise
    assert not noise & set(confirmed.old.paragraphs)


def test_page_noise_has_what_each_response_showed_in_its_place() -> None:
    confirmed = confirmed_by(
        article(COUNCIL, ADS[2], VOTE),
        article(COUNCIL, ADS[0], VOTE),
        article(COUNCIL, ADS[1], VOTE),
        established=False,
    )
    assert confirmed.page_noise == (
        PageNoise(ADS[0], ADS[0], ADS[1]),
        PageNoise(ADS[1], ADS[0], ADS[1]),
        PageNoise(ADS[2]),
    )
    confirmed = confirmed_by(article(COUNCIL), article(COUNCIL), article(COUNCIL, ADS[0]), established=True)  # fmt: skip
    assert confirmed.page_noise == (PageNoise(ADS[0], None, ADS[0]),)


def test_a_counter_has_its_other_reading_as_evidence_whatever_stands_before_it() -> None:
    confirmed = confirmed_by(
        article(COUNCIL),
        article(COUNCIL, ADS[0], "Read 34 times."),
        article(COUNCIL, ADS[1], "Read 35 times."),
        established=True,
    )
    assert PageNoise("Read 34 times.", "Read 34 times.", "Read 35 times.") in confirmed.page_noise
    proven = Exclusions().with_noise(confirmed.page_noise)
    later = article(COUNCIL, "Read 99 times.", "Read by 99 people.")
    assert without_noise(later, proven) == article(COUNCIL, "Read by 99 people.")


def test_the_last_sentence_of_a_paragraph_above_a_counter_may_be_removed() -> None:
    confirmed = confirmed_by(
        article(COUNCIL, f"{VOTE} He says the crane fell.", "41 minutes left to read", SPRING),
        article(COUNCIL, VOTE, "36 minutes left to read", SPRING),
        article(COUNCIL, VOTE, "Read by 859 people", SPRING),
        established=False,
    )
    edits = compare(confirmed.old, confirmed.article)
    assert [(edit.old, edit.new) for edit in edits] == [("He says the crane fell.", None)]


def test_a_sentence_gone_from_a_paragraph_that_differs_itself_is_page_noise() -> None:
    confirmed = confirmed_by(
        article(COUNCIL, f"{VOTE} {ADS[0]}", SPRING),
        article(COUNCIL, f"{VOTE} {ADS[1]}", SPRING),
        article(COUNCIL, f"{VOTE} {ADS[2]}", SPRING),
        established=False,
    )
    assert confirmed.old == confirmed.article == article(COUNCIL, VOTE, SPRING)


@pytest.mark.parametrize(("candidates", "is_reading"), [(20, True), (21, False)])
def test_among_very_many_differing_sentences_only_other_numbers_are_a_reading(
    candidates: int, is_reading: bool
) -> None:
    others = [f"{paragraph(4, f'x{number}y')}." for number in range(candidates - 1)]
    for old, first, second, is_noise in (
        (f"Live: {VOTE}", VOTE, f"New: {VOTE}", is_reading),
        ("Seen by 12.", "Seen by 34.", "Seen by 35.", True),
    ):
        one, two = (article(COUNCIL, text, *others[:count], SPRING) for text, count in ((first, candidates), (second, 0)))  # fmt: skip
        confirmed = confirmed_by(article(COUNCIL, old, SPRING), one, two, established=True)
        assert (old in {noise.text for noise in confirmed.page_noise}) == is_noise


@pytest.mark.parametrize(("words", "is_reading"), [(680, True), (800, False)])
def test_a_very_long_sentence_is_similar_only_to_itself(words: int, is_reading: bool) -> None:
    counter = f"{paragraph(words)} twelve readers"
    first, second = (article(COUNCIL, counter.replace("twelve", count)) for count in ("ten", "nine"))  # fmt: skip
    confirmed = confirmed_by(article(COUNCIL, counter), first, second, established=True)
    assert (counter not in confirmed.old.paragraphs) == is_reading


NINE = datetime(2026, 5, 14, 9, tzinfo=UTC)
TEN = datetime(2026, 5, 14, 10, tzinfo=UTC)
LATER = NINE + timedelta(seconds=1)
LATER_THAN_TEN = TEN + timedelta(seconds=2)
# field, old value, first value, second value, expected value
FIELDS = {
    "headline of both": ("headline", "A", "B", "B", "B"),
    "headline as it was in one": ("headline", "A", "B", "A", "A"),
    "headline of one": ("headline", "A", "B", "C", "B"),
    "dek of both": ("dek", "A", "B", "B", "B"),
    "dek of one": ("dek", "A", "B", None, "B"),
    "dek as it was in the other": ("dek", "A", None, "A", "A"),
    "byline of both": ("byline", ("A",), ("B",), ("B",), ("B",)),
    "byline of one": ("byline", ("A",), ("B",), (), ("B",)),
    "section of both": ("section", "A", "B", "B", "B"),
    "section of one": ("section", "A", "B", "C", "B"),
    "caption added in both": ("captions", ("A",), ("A", "B", "C"), ("A", "B"), ("A", "B")),
    "caption removed in one": ("captions", ("A", "B"), ("A",), ("A", "B"), ("A", "B")),
    "caption removed in both": ("captions", ("A", "B"), ("A",), ("A",), ("A",)),
    "timestamp of both": ("modified_at", NINE, TEN, TEN, TEN),
    "timestamp a second apart": ("modified_at", NINE, TEN, TEN + timedelta(seconds=1), TEN),
    "timestamp 59 seconds apart": ("published_at", NINE, TEN, TEN + timedelta(seconds=59), TEN),
    "timestamp a minute apart": ("published_at", NINE, TEN, TEN + timedelta(seconds=60), TEN),
    "timestamp of one": ("modified_at", NINE, TEN, None, TEN),
    "timestamp of the other": ("published_at", NINE, None, TEN, None),
    "timestamp that stood in one": ("modified_at", NINE, TEN, LATER, NINE),
    "timestamp of neither": ("modified_at", NINE, None, None, None),
}


@pytest.mark.parametrize(("field", "old", "first", "second", "expected"), FIELDS.values(), ids=FIELDS.keys())  # fmt: skip
def test_a_field_changes_only_as_both_responses_have_it(
    field: str, old: object, first: object, second: object, expected: object
) -> None:
    versions = [replace(article(COUNCIL), **{field: value}) for value in (old, first, second)]
    confirmed = confirmed_by(*versions, established=True)
    assert getattr(confirmed.article, field) == expected


@pytest.mark.parametrize("field", ["published_at", "modified_at"])
def test_a_time_that_is_that_of_each_request_is_no_edit(field: str) -> None:
    old, first, second = (
        replace(article(COUNCIL), **{field: value}) for value in (NINE, TEN, LATER_THAN_TEN)
    )
    shown = without_request_times(old, (first, second), (TEN, LATER_THAN_TEN))
    assert [getattr(response, field) for response in shown] == [NINE, NINE]


def test_a_time_between_the_requests_or_the_same_in_both_responses_may_be_an_edit() -> None:
    old, first, second = (
        replace(article(COUNCIL), modified_at=value) for value in (NINE, TEN, LATER_THAN_TEN)
    )
    noon = TEN + timedelta(hours=2)
    assert without_request_times(old, (first, second), (noon, noon)) == (first, second)
    assert without_request_times(old, (first, first), (TEN, LATER_THAN_TEN)) == (first, first)


PARAGRAPHS = st.lists(st.sampled_from([COUNCIL, VOTE, SPRING, *ADS]), max_size=5)


@given(PARAGRAPHS, PARAGRAPHS)
def test_two_equal_responses_are_the_article(old: list[str], new: list[str]) -> None:
    for established in (True, False):
        confirmed = confirmed_by(
            article(*old), article(*new), article(*new), established=established
        )
        assert (confirmed.old, confirmed.article) == (article(*old), article(*new))
        assert confirmed.page_noise == ()


SENTENCES = (COUNCIL, VOTE, SPRING, *ADS, "Read 12 times.", "Read 34 times.", "Read 35 times.")
LINES = st.lists(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map(" ".join), max_size=5
)
FLAGS = st.booleans()


def all_sentences(version: Article) -> list[str]:
    lines = (*version.paragraphs, *version.captions)
    return [sentence for line in lines for sentence in sentences(line)]


@given(LINES, LINES, LINES, LINES, FLAGS)
def test_every_sentence_of_the_new_version_stands_in_a_response(
    old: list[str], first: list[str], second: list[str], captions: list[str], established: bool
) -> None:
    answers = [replace(article(*first), captions=tuple(captions)), article(*second)]
    confirmed = confirmed_by(article(*old), *answers, established=established)
    served = {sentence for answer in answers for sentence in all_sentences(answer)}
    assert set(all_sentences(confirmed.article)) <= served
    assert set(all_sentences(confirmed.old)) <= set(all_sentences(article(*old)))


@given(st.lists(st.sampled_from(SENTENCES), max_size=6, unique=True), LINES, LINES, FLAGS)
def test_a_sentence_that_only_one_response_has_is_no_edit(
    old: list[str], first: list[str], second: list[str], established: bool
) -> None:
    one, two = article(*first), article(*second)
    confirmed = confirmed_by(article(*old), one, two, established=established)
    unstable = set(all_sentences(one)) ^ set(all_sentences(two))
    edits = compare(confirmed.old, confirmed.article)
    # Which of two sentences moved past the other, nobody can say.
    assert not {edit.new for edit in edits if edit.op != "move"} & unstable


@st.composite
def edited_stories(draw: st.DrawFn) -> tuple[list[str], list[str], list[str]]:
    """A text of distinct sentences, a number edited in some, and a counter behind some lines."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=6, unique=True))
    stored = [f"The {word} council heard of {index} {word} bridges that day." for index, word in enumerate(words, 40)]  # fmt: skip
    edited = [text.replace(f"of {index}", f"of {index + 50}") if draw(FLAGS) else text for index, text in enumerate(stored, 40)]  # fmt: skip
    return stored, edited, draw(st.lists(FLAGS, min_size=len(words), max_size=len(words)))


WORDS = ("amber", "birch", "copper", "dune", "ember", "fjord", "grove", "heath")


@given(edited_stories(), st.lists(st.integers(1, 999), min_size=3, max_size=3, unique=True), FLAGS)
def test_edits_beside_counters_are_all_found(
    story: tuple[list[str], list[str], list[bool]], counts: list[int], established: bool
) -> None:
    stored, edited, has_counter = story

    def page(texts: list[str], count: int) -> Article:
        lines = [
            f"{text} Shared {count} times by {number} people."[: None if counter else len(text)]
            for number, (text, counter) in enumerate(zip(texts, has_counter, strict=True))
        ]
        return article(*lines)

    confirmed = confirmed_by(
        page(stored, counts[0]), page(edited, counts[1]), page(edited, counts[2]),
        established=established,
    )  # fmt: skip
    edits = {(edit.old, edit.new) for edit in compare(confirmed.old, confirmed.article)}
    expected = {
        (str(index), str(index + 50))
        for index, (one, other) in enumerate(zip(stored, edited, strict=True), 40)
        if one != other
    }
    assert edits == expected
