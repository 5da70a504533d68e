"""What stands apart from the prose of an article waits for a later check, whatever its length."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff import compare
from storage.diff.noise.exclusions import Exclusions, PageNoise, PendingLine
from storage.diff.noise.lines.evidence import Evidence
from storage.diff.noise.lines.replaced_lines import ReplacementResult, hold_back_replacements
from storage.diff.noise.pieces import text_lines
from storage.diff.noise.places.prose import lines_apart
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site

COUNCIL = "The council met on Monday to discuss the new bridge over the river."
VOTE = "Twelve members voted for the plan and three voted against it."
SPRING = "The mayor said that work would begin in the spring of next year."
# Lines of a box between the paragraphs, each of more than sixteen words.
BOXES = (
    "Why the old lighthouse keeper kept every one of his letters in a tin for more than twenty long years.",
    "Nobody on the quay had expected so many herring in June, and yet the boats came home full each day.",
    "A night among the people who keep the tunnel dry, with sandwiches, a radio and a pump from the war.",
    "What was promised to those who live beside the line, what was built, and who pays for the difference.",
)
CORRECTION = "Correction: This article has been amended; the bridge has four arches and not five, as it said before."


@dataclass(frozen=True)
class Page:
    """A page that shows lines in these places, and other lines."""

    places: Mapping[str, str]
    lines: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def placed_lines(self) -> list[tuple[str, str]]:
        return list(self.places.items())


def served(*lines: str) -> Article:
    return Article("https://example.org/a", "Bridge", paragraphs=lines)


def held_back(
    old: Article,
    new: Article,
    pending: tuple[PendingLine, ...] = (),
    *,
    box_place: str = "aside > div box",
    established: bool = True,
    exclusions: Exclusions | None = None,
) -> ReplacementResult:
    """The decision about two versions whose pages have all but three paragraphs in one kind of element.

    Each page names another story beside the article.
    """

    def page(article: Article, story: str) -> Page:
        lines = (*article.paragraphs, *article.captions)
        places = dict.fromkeys(lines, box_place)
        places |= dict.fromkeys((COUNCIL, VOTE, SPRING), "article > p")
        return Page(places, dict.fromkeys((*lines, story), 1))

    now = page(new, "Snow fell in May")

    replaced = {line for entry in pending for line in entry.replaced_lines}
    served = frozenset((*old.paragraphs, *old.captions, *new.paragraphs, *new.captions))
    evidence = Evidence(
        replace(exclusions or Exclusions(), pending=pending),
        established=text_lines(old) | replaced if established else frozenset(),
        pages=(page(old, "A ferry ran aground"), now, now),
        served=served,
    )
    return hold_back_replacements(old, new, evidence)


CHANGED_BOXES = {
    "replaced": (BOXES[:1], BOXES[1:2], 2),
    "came": ((), BOXES[:1], 1),
    "left": (BOXES[:1], (), 1),
    "label and another sentence": (("By the way: The town hall clock stood still twice",), ("By the way: The ferry carries more sheep than people",), 2),
    "one word": (BOXES[:1], (BOXES[0].replace("twenty", "thirty"),), 0),
    "other numbers and words": (("Boats at the quay on day 4 of 9, seen by Ada",), ("Boats at the quay on day 6 of 9, seen by Bo",), 2),
    "a number of a sentence": (("In 12 of 20 years the harbour froze over.",), ("In 13 of 20 years the harbour froze over.",), 1),
    "other numbers in no sentence": (("Harbour side today, mostly dry with a light wind from the south, 12 °C",), ("Harbour side today, mostly dry with a light wind from the south, 17 °C",), 1),
    "a sentence more": (BOXES[:1], (f"{BOXES[0]} They were never posted.",), 0),
    "a correction": ((), (CORRECTION,), 0),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "pending_checks"), CHANGED_BOXES.values(), ids=CHANGED_BOXES.keys()
)
def test_another_text_apart_from_the_prose_is_pending(
    old: tuple[str, ...], new: tuple[str, ...], pending_checks: int
) -> None:
    before, after = served(COUNCIL, *old, VOTE, SPRING), served(COUNCIL, *new, VOTE, SPRING)
    result = held_back(before, after)
    for _ in range(pending_checks):
        assert result.pending
        assert compare(result.old, result.article) == ()
        result = held_back(before, after, result.pending)
    assert (result.old, result.article, result.pending) == (before, after, ())


OWN_PARAGRAPH = "The mayor had asked the council for a bridge of stone, but all twelve members found that it would cost too much."
REPLACED_PARAGRAPHS = {
    "two checks saw it": (BOXES[0], BOXES[1], True, False),
    "one check saw it, and it is about the story": (OWN_PARAGRAPH, BOXES[1], False, False),
    "one check saw it, and the new one is about the story": (BOXES[0], OWN_PARAGRAPH, False, False),
    "it is longer than a pitch": (f"{BOXES[0]} {BOXES[2]}", BOXES[1], False, False),
    "one check saw it, and both are foreign to the story": (BOXES[0], BOXES[1], False, True),
}


@pytest.mark.parametrize(
    ("old", "new", "established", "is_pending"), REPLACED_PARAGRAPHS.values(), ids=REPLACED_PARAGRAPHS.keys()
)  # fmt: skip
def test_among_the_paragraphs_only_a_foreign_one_that_one_check_saw_waits(
    old: str, new: str, established: bool, is_pending: bool
) -> None:
    before, after = served(COUNCIL, old, VOTE), served(COUNCIL, new, VOTE)
    result = held_back(before, after, box_place="article > p", established=established)
    assert bool(result.pending) == is_pending
    assert bool(compare(result.old, result.article)) != is_pending
    again = held_back(result.old, after, result.pending, box_place="article > p", established=established)  # fmt: skip
    assert again.article == after


def test_a_replaced_paragraph_beside_a_replaced_box_is_an_edit_at_once() -> None:
    before, after = (
        served(COUNCIL, SPRING, BOXES[0], VOTE),
        served(COUNCIL, BOXES[1], VOTE),
    )
    result = held_back(before, after)
    assert [(edit.old, edit.new) for edit in compare(result.old, result.article)] == [(SPRING, None)]  # fmt: skip


@pytest.mark.parametrize(("count", "is_pending"), [(10, True), (11, False)])
def test_many_lines_apart_are_a_part_of_the_article(count: int, is_pending: bool) -> None:
    lines = [f"Boat number {number} crossed the harbour at night while the bridge was closed, and nobody on the quay had seen it." for number in range(count)]  # fmt: skip
    result = held_back(served(COUNCIL, VOTE, SPRING), served(COUNCIL, VOTE, SPRING, *lines))
    assert bool(result.pending) == is_pending


def test_a_replaced_caption_is_pending_and_an_added_one_is_not() -> None:
    before = replace(served(COUNCIL, VOTE), captions=("The bridge at dusk | 3:37 | Ada",))
    result = held_back(before, replace(before, captions=("A ferry in fog | 1:56 | Bruno",)))
    assert [line.field for line in result.pending] == ["caption"]
    assert not held_back(before, replace(before, captions=(*before.captions, BOXES[0]))).pending


def test_yet_another_added_text_in_the_place_of_a_pending_one_is_page_noise() -> None:
    pending = held_back(served(COUNCIL, VOTE, SPRING), served(COUNCIL, BOXES[0], VOTE, SPRING)).pending  # fmt: skip
    result = held_back(served(COUNCIL, VOTE, SPRING), served(COUNCIL, BOXES[1], VOTE, SPRING), pending)  # fmt: skip
    assert set(result.page_noise) == {PageNoise(text, after=COUNCIL) for text in BOXES[:2]}
    assert result.article == served(COUNCIL, VOTE, SPRING)


def test_in_a_proven_place_a_text_is_an_edit_at_its_third_check() -> None:
    exclusions = Exclusions(volatile_after=frozenset({COUNCIL}))
    old, new = served(COUNCIL, VOTE, SPRING), served(COUNCIL, BOXES[0], VOTE, SPRING)
    first = held_back(old, new, exclusions=exclusions)
    second = held_back(old, new, first.pending, exclusions=exclusions)
    third = held_back(old, new, second.pending, exclusions=exclusions)
    assert (first.article, second.article, third.article) == (old, old, new)
    assert [line.checks for line in (*first.pending, *second.pending)] == [1, 2]


def test_without_shared_paragraphs_of_one_kind_no_line_is_apart() -> None:
    places = {COUNCIL: "p #a", VOTE: "p #b", SPRING: "p #c", BOXES[0]: "div"}
    assert lines_apart(BOXES[:1], (COUNCIL, VOTE, SPRING), places) == frozenset()
    assert lines_apart(BOXES[:1], (COUNCIL, VOTE), dict.fromkeys((COUNCIL, VOTE), "p")) == frozenset()  # fmt: skip


def test_a_sub_heading_and_a_paragraph_of_other_classes_beside_the_prose_are_not_apart() -> None:
    places = {
        COUNCIL: "article > p text",
        VOTE: "article > p text",
        SPRING: "article > p text last",
        "The bridge": "article > h#",
        BOXES[0]: "article > p promotion",
        BOXES[1]: "aside > p text",
    }
    assert lines_apart(places, (COUNCIL, VOTE), places) == {BOXES[0], BOXES[1]}


def test_text_directly_in_the_element_of_the_paragraphs_is_not_apart() -> None:
    places = dict.fromkeys((COUNCIL, VOTE), "main > div text > p") | {SPRING: "main > div text"}
    assert lines_apart(places, (COUNCIL, VOTE), places) == frozenset()


def test_elements_in_which_most_lines_changed_hold_no_prose() -> None:
    rows = ("Rovers 1:0 United", "City 2:2 Athletic")
    places = dict.fromkeys((COUNCIL, VOTE, SPRING), "p") | dict.fromkeys((*BOXES, *rows), "td")
    shared = (COUNCIL, VOTE, SPRING, *rows)
    assert lines_apart((*shared, *BOXES), shared, places) == {*BOXES, *rows}
    assert lines_apart((*shared, BOXES[0]), shared, places) == frozenset()


LINES = st.lists(st.sampled_from([COUNCIL, VOTE, SPRING, *BOXES, CORRECTION]), max_size=7, unique=True)  # fmt: skip


@given(LINES, LINES)
def test_nothing_that_stays_is_lost_apart_from_the_prose(old: list[str], new: list[str]) -> None:
    before, after = served(*old), served(*new)
    result = held_back(before, after)
    assert set(result.article.paragraphs) <= set(new)
    assert not any(CORRECTION in line.text + line.instead_of for line in result.pending)
    version = before
    for _ in range(3):
        version = result.article if compare(result.old, result.article) else version
        result = held_back(version, after, result.pending)
    assert (result.article, result.pending) == (after, ())


NEXT_PARAGRAPH = "<p>A second bridge"


def test_a_box_that_differs_at_each_check_is_never_an_edit(site: Site, checker: Checker) -> None:
    for box in (*BOXES, BOXES[0]):
        html = article_html().replace(NEXT_PARAGRAPH, f"<blockquote>{box}</blockquote>{NEXT_PARAGRAPH}")  # fmt: skip
        checker(site.page("/a", html))
    assert checker.db["edits"].count == 0
    assert BOXES[0] in str(checker.db.execute("select body from versions").fetchone())


def test_a_box_that_stays_is_logged_at_the_next_check(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html(around="<p>A ferry ran aground</p>"))
    checker(url)
    html = article_html(around="<p>Snow fell in May</p>").replace(NEXT_PARAGRAPH, f"<blockquote>{BOXES[0]}</blockquote>{NEXT_PARAGRAPH}")  # fmt: skip
    site.page("/a", html)
    assert checker(url).result.outcome == "unchanged"
    assert [(edit.old, edit.new) for edit in checker(url).result.edits] == [(None, BOXES[0])]
