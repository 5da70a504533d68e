"""Three filters, in one order, separate page noise from the article."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scraper.article import Article
from storage.diff import compare
from storage.diff.noise import PageArticle, Separated, separate
from storage.diff.noise.exclusions import Exclusions, PendingLine
from storage.diff.noise.pieces import text_lines

COUNCIL = "The council met on Monday to discuss the new bridge over the river."
VOTE = "Twelve members voted for the plan and three voted against it."
EDITED_VOTE = VOTE.replace("three", "four")
CREDIT = "Reported from the town hall"
ADS = (
    "Save on shoes this weekend only.",
    "Our newsletter brings the news to you.",
    "Win a car with our quiz.",
)


@dataclass(frozen=True)
class Page:
    """The text of a page, given by its lines."""

    lines: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def placed_lines(self) -> list[tuple[str, str]]:
        return [(line, self.places.get(line, "")) for line in self.lines]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def served(*paragraphs: str, beside: tuple[str, ...] = ()) -> PageArticle:
    """An article, on a page that also shows the lines `beside` it; all pages have them in one order."""
    article = Article("https://example.org/a", "Bridge", paragraphs=paragraphs)
    return PageArticle(article, Page(dict.fromkeys(sorted((*paragraphs, *beside)), 1)))


def separated(
    previous: PageArticle,
    first: PageArticle,
    second: PageArticle | None,
    *,
    exclusions: Exclusions | None = None,
    established: bool = False,
) -> Separated:
    lines = text_lines(previous.article) if established else frozenset[str]()
    return separate(
        previous, first, second, exclusions=exclusions or Exclusions(), established=lines
    )


def changes(result: Separated) -> list[tuple[str | None, str | None]]:
    return [(edit.old, edit.new) for edit in compare(result.base, result.article)]


def test_an_edit_that_both_responses_have_is_left() -> None:
    first = served(COUNCIL, EDITED_VOTE)
    result = separated(served(COUNCIL, VOTE), first, first)
    assert changes(result) == [("three", "four")]
    assert (result.page_noise, result.pending) == ((), ())
    assert result.second == result.article


def test_an_untouched_line_that_joined_the_article_is_not_an_edit() -> None:
    previous = served(COUNCIL, VOTE, beside=(CREDIT,))
    first = served(COUNCIL, CREDIT, VOTE)
    assert changes(separated(previous, first, first)) == []


def test_an_untouched_line_that_left_the_article_is_not_an_edit() -> None:
    first = served(COUNCIL, VOTE, beside=(CREDIT,))
    assert changes(separated(served(COUNCIL, CREDIT, VOTE), first, first)) == []


def test_an_untouched_sentence_that_joined_the_article_is_not_an_edit() -> None:
    first = served(COUNCIL, VOTE)
    assert changes(separated(served(COUNCIL, beside=(VOTE,)), first, first)) == []


def test_of_two_lines_that_left_the_article_the_untouched_one_is_not_an_edit() -> None:
    first = served(COUNCIL, beside=(CREDIT,))
    assert changes(separated(served(COUNCIL, CREDIT, VOTE), first, first)) == [(VOTE, None)]


def test_without_a_second_response_only_classification_and_known_noise_apply() -> None:
    previous, first = served(COUNCIL, VOTE), served(COUNCIL, ADS[0], EDITED_VOTE)
    result = separated(previous, first, None, exclusions=Exclusions(volatile=frozenset({ADS[0]})))
    assert changes(result) == [("three", "four")]
    assert result.second is None
    assert result.first == first.article


def test_a_line_that_differs_between_two_responses_is_page_noise_and_never_pending() -> None:
    """The second filter comes before the third."""
    result = separated(
        served(COUNCIL, ADS[0], VOTE), served(COUNCIL, ADS[1], VOTE), served(COUNCIL, ADS[2], VOTE)
    )
    assert {noise.text for noise in result.page_noise} == set(ADS)
    assert not result.pending
    assert changes(result) == []


def test_page_noise_names_what_both_responses_had() -> None:
    result = separated(served(COUNCIL, VOTE), served(COUNCIL, ADS[0], VOTE), served(COUNCIL, VOTE))
    (noise,) = result.page_noise
    assert (noise.text, noise.first, noise.second, noise.after) == (ADS[0], ADS[0], None, None)


def test_a_replaced_line_is_pending_and_no_version_has_it() -> None:
    first = served(COUNCIL, ADS[1], VOTE)
    result = separated(served(COUNCIL, ADS[0], VOTE), first, first)
    assert result.pending == (PendingLine(ADS[1], ADS[0], COUNCIL),)
    assert result.base.paragraphs == result.article.paragraphs == (COUNCIL, VOTE)
    assert result.previous.paragraphs == (COUNCIL, ADS[0], VOTE)


def test_a_replaced_line_in_an_established_text_is_an_edit_at_once() -> None:
    first = served(COUNCIL, ADS[1], VOTE)
    result = separated(served(COUNCIL, ADS[0], VOTE), first, first, established=True)
    assert not result.pending
    assert changes(result)


def test_a_third_text_in_place_of_a_pending_one_is_page_noise_after_its_paragraph() -> None:
    first = served(COUNCIL, ADS[2], VOTE)
    result = separated(
        served(COUNCIL, ADS[0], VOTE),
        first,
        first,
        exclusions=Exclusions(pending=(PendingLine(ADS[1], ADS[0], COUNCIL),)),
    )
    assert {(noise.text, noise.after) for noise in result.page_noise} == {
        (text, COUNCIL) for text in ADS
    }
    assert result.second == result.article


def test_a_new_line_after_a_paragraph_that_is_followed_by_ads_is_pending() -> None:
    first = served(COUNCIL, ADS[0], VOTE)
    exclusions = Exclusions(volatile_after=frozenset({COUNCIL}))
    result = separated(served(COUNCIL, VOTE), first, first, exclusions=exclusions, established=True)
    assert result.pending == (PendingLine(ADS[0], after=COUNCIL),)
    assert changes(result) == []


def test_a_sentence_that_two_fillings_of_one_line_share_is_pending() -> None:
    first, second = (served(COUNCIL, f"{ADS[0]} {rest}", VOTE) for rest in ADS[1:])
    result = separated(served(COUNCIL, VOTE), first, second)
    assert [line.text for line in result.pending] == [ADS[0]]
    assert changes(result) == []
