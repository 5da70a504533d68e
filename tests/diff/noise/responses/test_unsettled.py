"""What two responses show differently may have been edited twice: the next check decides."""

import pytest

from scraper.article import Article
from storage.diff import compare
from storage.diff.noise import PageArticle, Separated, separate
from storage.diff.noise.exclusions import Exclusions, PageNoise, PendingLine, without_noise
from storage.diff.noise.pieces import text_lines
from tests.diff.noise.test_separate import Page

COUNCIL = "The council met on Monday to discuss the flood in the valley."
TOLL = "The flood has killed {} people in the valley since the weekend."
HELP = "The army has sent two hundred soldiers to help."
END = "The council will meet again on Thursday."


def shown(*paragraphs: str) -> PageArticle:
    article = Article("https://example.org/a", "Flood", paragraphs=paragraphs)
    return PageArticle(article, Page(dict.fromkeys(sorted(paragraphs), 1)))


def decided(
    old: tuple[str, ...],
    first: tuple[str, ...],
    second: tuple[str, ...],
    pending: tuple[PendingLine, ...] = (),
    *,
    established: bool = False,
) -> Separated:
    """What a check finds, if more than one check saw all old lines or none."""
    lines = text_lines(shown(*old).article) if established else frozenset[str]()
    exclusions = Exclusions(pending=pending)
    return separate(
        shown(*old), shown(*first), shown(*second), exclusions=exclusions, established=lines
    )


def toll(number: int) -> tuple[str, ...]:
    return COUNCIL, TOLL.format(number), END


def changes(result: Separated) -> list[tuple[str | None, str | None]]:
    return [(edit.old, edit.new) for edit in compare(result.base, result.article)]


def test_one_check_proves_no_counter() -> None:
    result = decided(toll(21), toll(23), toll(25))
    assert (changes(result), result.page_noise) == ([], ())
    [entry] = result.pending
    assert entry.readings == (TOLL.format(25), TOLL.format(23), TOLL.format(21))
    assert result.article.paragraphs == result.base.paragraphs == (COUNCIL, END)


@pytest.mark.parametrize("number", [21, 23, 25, 27])
def test_the_number_on_which_the_next_check_agrees_counts(number: int) -> None:
    pending = decided(toll(21), toll(23), toll(25)).pending
    result = decided(toll(21), toll(number), toll(number), pending)
    assert changes(result) == ([] if number == 21 else [("21", str(number))])
    assert (result.page_noise, result.pending) == ((), ())


def test_a_number_that_differs_at_two_checks_is_a_counter() -> None:
    pending = decided(toll(21), toll(23), toll(25)).pending
    result = decided(toll(21), toll(26), toll(27), pending)
    assert (changes(result), result.pending) == ([], ())
    assert {noise.text for noise in result.page_noise} == {
        TOLL.format(number) for number in (21, 23, 25, 26, 27)
    }
    proven = Exclusions().with_noise(result.page_noise)
    assert without_noise(shown(*toll(99)).article, proven).paragraphs == (COUNCIL, END)


def test_a_counter_that_is_new_is_pending_and_then_page_noise() -> None:
    old = (COUNCIL, END)
    pending = decided(old, toll(5), toll(6)).pending
    assert {entry.instead_of for entry in pending} == {""}
    result = decided(old, toll(7), toll(8), pending)
    assert changes(result) == []
    assert len(result.page_noise) == 4
    assert changes(decided(old, toll(7), toll(7), pending)) == [(None, TOLL.format(7))]


@pytest.mark.parametrize(
    ("line", "stored", "now"),
    [
        (TOLL, None, TOLL),
        (f"{HELP} {TOLL}", HELP, f"{HELP} {TOLL}"),
        (f"{TOLL} {HELP}", "Soldiers came.", f"{TOLL} Soldiers came."),
    ],
    ids=["a line", "a sentence", "a sentence beside an edited one"],
)
@pytest.mark.parametrize("start", [COUNCIL, "The council met on Tuesday."])
def test_a_sentence_that_another_version_lacks_meanwhile_is_compared_with_what_it_was(
    line: str, stored: str | None, now: str, start: str
) -> None:
    old, *served = ((COUNCIL, line.format(number), END) for number in (21, 23, 25))
    pending = decided(old, *served).pending
    meanwhile = (start, *filter(None, [stored]), END)
    new = (start, now.format(25), END)
    assert changes(decided(meanwhile, new, new, pending)) == [("21", "25")]


@pytest.mark.parametrize("is_established", [True, False])
def test_a_pending_sentence_that_is_gone_was_removed_if_two_checks_had_seen_it(
    is_established: bool,
) -> None:
    pending = decided(toll(21), toll(23), toll(25), established=is_established).pending
    rest = (COUNCIL, END)
    result = decided(toll(21), rest, rest, pending)
    assert changes(result) == ([(TOLL.format(21), None)] if is_established else [])
    assert bool(result.page_noise) != is_established


def test_words_that_two_responses_show_differently_are_pending_if_two_checks_saw_the_old_ones() -> (
    None
):
    old, one, two = ((COUNCIL, HELP.replace("sent", word)) for word in ("sent", "lent", "lost"))
    assert len(decided(old, one, two).page_noise) == 3
    result = decided(old, one, two, established=True)
    assert (changes(result), result.page_noise, len(result.pending)) == ([], (), 1)
    assert changes(decided(old, two, two, result.pending, established=True)) == [("sent", "lost")]
    again = decided(old, one, (COUNCIL, HELP.replace("sent", "left")), result.pending)
    assert (changes(again), again.pending) == ([], ())
    assert len(again.page_noise) == 4


def test_a_text_that_an_earlier_check_proved_to_be_page_noise_makes_a_counter_of_others() -> None:
    exclusions = Exclusions().with_noise((PageNoise(TOLL.format(3), TOLL.format(3)),))
    pages = (shown(COUNCIL, END), shown(*toll(5)), shown(*toll(6)))
    result = separate(*pages, exclusions=exclusions)
    assert (result.pending, len(result.page_noise)) == ((), 2)
