"""A box that its template fills again at each check is page noise, whichever of its lines are text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from scraper.article import Article
from storage.diff import compare
from storage.diff.noise.exclusions import Exclusions, PageNoise, PendingLine
from storage.diff.noise.lines.evidence import Evidence
from storage.diff.noise.lines.replaced_lines import ReplacementResult, hold_back_replacements
from storage.diff.noise.places.boxes import read_boxes
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site

COUNCIL = "The council met on Monday to discuss the new bridge over the river."
VOTE = "Twelve members voted for the plan and three voted against it."
SPRING = "The mayor said that work would begin in the spring of next year."
PROSE = (COUNCIL, VOTE, SPRING)
FACTS = (
    "The town hall clock has stood still twice.",
    "The ferry carries more sheep than people.",
    "The oldest sign in town shows a fish.",
)
BOX = "article > div fact"


@dataclass(frozen=True)
class Page:
    """A page of these lines, each with its place, and of a teaser for another story."""

    placed_lines: Sequence[tuple[str, str]]
    story: str = "A ferry ran aground"
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def places(self) -> dict[str, str]:
        return dict(self.placed_lines)

    @property
    def lines(self) -> dict[str, int]:
        return dict.fromkeys((*(line for line, _ in self.placed_lines), self.story), 1)


def page(*box: str, place: str = BOX) -> Page:
    """A page with a box after the first paragraph."""
    first, *others = ((line, "article > p") for line in PROSE)
    return Page([first, *((line, place) for line in box), *others])


def article(*box: str) -> Article:
    first, *others = PROSE
    return Article("https://example.org/a", "Bridge", paragraphs=(first, *box, *others))


def decided(
    old: tuple[Article, Page],
    new: tuple[Article, Page],
    *,
    second: Page | None = None,
    pending: Sequence[PendingLine] = (),
    volatile: frozenset[str] = frozenset(),
) -> ReplacementResult:
    served = frozenset((*old[0].paragraphs, *new[0].paragraphs))
    now = replace(new[1], story="Snow fell in May")
    pages = old[1], now, second or now
    exclusions = Exclusions(pending=tuple(pending), volatile=volatile)
    evidence = Evidence(exclusions, pages=pages, served=served)
    return hold_back_replacements(old[0], new[0], evidence)


def test_a_box_is_the_lines_of_one_kind_of_element_between_two_paragraphs() -> None:
    rows = [("9 a.m.", "td"), ("Choir", "td"), ("Open", "th"), ("10 a.m.", "td")]
    far = [("Menu", "li")] * 4 + [("Late row", "td")]
    boxes = read_boxes(Page([*rows, *far, (COUNCIL, "p"), ("Choir", "td")]), {COUNCIL})
    assert boxes.readings[boxes.keys["Choir"]] == ("9 a.m.", "Choir", "10 a.m.")
    assert sorted(map(len, boxes.readings.values())) == [1, 1, 1, 3, 4]


@pytest.mark.parametrize("names", [("left", "came"), ("came", "left")])
def test_a_line_whose_box_shows_another_text_outside_the_article_is_page_noise(
    names: tuple[str, str],
) -> None:
    with_fact = article(FACTS[0]), page(FACTS[0])
    without = article(), page(FACTS[1])
    old, new = (with_fact, without) if names[0] == "left" else (without, with_fact)
    result = decided(old, new)
    assert result.page_noise == (PageNoise(FACTS[0], after=COUNCIL),)
    assert result.old == result.article == article()


def test_a_line_that_left_an_empty_box_is_an_edit_at_the_second_check() -> None:
    old, new = (article(FACTS[0]), page(FACTS[0])), (article(), page())
    result = decided(old, new)
    assert (result.page_noise, result.article, result.old) == ((), article(), article())
    again = decided(old, new, pending=result.pending)
    assert [(edit.old, edit.new) for edit in compare(again.old, again.article)] == [(FACTS[0], None)]  # fmt: skip


def test_a_line_that_left_before_its_box_was_filled_again_is_page_noise() -> None:
    old = article(FACTS[0]), page(FACTS[0])
    pending = decided(old, (article(), page())).pending
    result = decided(old, (article(FACTS[2]), page(FACTS[2])), pending=pending)
    assert {noise.text for noise in result.page_noise} == {FACTS[0], FACTS[2]}
    assert result.old == result.article == article()


def test_a_line_that_came_and_left_again_apart_from_the_prose_is_page_noise() -> None:
    old = article(), page()
    pending = decided(old, (article(FACTS[0]), page(FACTS[0]))).pending
    result = decided(old, old, pending=pending)
    assert result.page_noise == (PageNoise(FACTS[0], after=COUNCIL),)


def test_a_paragraph_leaves_for_page_noise_only_where_that_is_proven() -> None:
    place = "article > p"
    old, new = (article(FACTS[0]), page(FACTS[0], place=place)), (article(), page(FACTS[1], place=place))  # fmt: skip
    removed = [(FACTS[0], None)]
    assert [(edit.old, edit.new) for edit in compare(decided(old, new).old, article())] == removed
    assert decided(old, new, volatile=frozenset(FACTS[1:2])).old == article()
    assert decided(old, new, second=page(FACTS[2], place=place)).old == article()


def test_a_long_paragraph_leaves_for_page_noise_like_a_short_one() -> None:
    place, line = "article > p", " ".join(FACTS)
    old, new = (article(line), page(line, place=place)), (article(), page(FACTS[1], place=place))
    assert decided(old, new).old == old[0]
    assert decided(old, new, volatile=frozenset(FACTS[1:2])).page_noise == (PageNoise(line, after=COUNCIL),)  # fmt: skip


def test_a_paragraph_that_leaves_beside_page_noise_is_removed() -> None:
    place = "article > p"
    old = article(FACTS[0]), page(FACTS[0], FACTS[1], place=place)
    new = article(), page(FACTS[2], place=place)
    result = decided(old, new, volatile=frozenset(FACTS[1:]))
    assert (result.old, result.article, result.page_noise) == (old[0], article(), ())


def test_rows_that_resemble_the_earlier_ones_are_pending_if_their_box_was_filled_again() -> None:
    before = [f"{FACTS[n]} Told by {name}" for n, name in enumerate(("Ada", "Bo", "Cy"))]
    after = [f"{FACTS[n]} Told by {name}" for n, name in enumerate(("Dan", "Eve", "Fay"))]
    result = decided((article(*before), page(*before)), (article(*after), page(*after)))
    assert result.old == result.article == article()
    one = [after[0], *before[1:]]
    result = decided((article(*before), page(*before)), (article(*one), page(*one)))
    assert [(edit.old, edit.new) for edit in compare(result.old, result.article)] == [("Ada", "Dan")]  # fmt: skip


NEXT_PARAGRAPH = "<p>A second bridge"
COUNTERS = (304, 172, 102, 233)


@pytest.mark.parametrize(
    "box",
    [
        "<div class='feedback'><p>{number} readers found this useful.</p></div>",
        "<div class='feedback'><p>{number} readers found this useful.</p><p>Only {fact}</p></div>",
        "<figure class='gallery'><img src='/{number}.jpg'><figcaption>Boats at the quay ({fact}) {number} of 400</figcaption></figure>",
        "<table class='matches'><tr><td>Rovers {fact}</td><td>United</td></tr><tr><td>City</td><td>Rovers {number}</td></tr></table>",
    ],
    ids=["counter", "counter and text", "gallery", "table"],
)
def test_a_box_with_other_figures_at_each_check_is_never_an_edit(
    site: Site, checker: Checker, box: str
) -> None:
    for number, fact in zip(COUNTERS, (*FACTS, FACTS[0]), strict=True):
        html = box.format(number=number, fact=fact) + NEXT_PARAGRAPH
        page = article_html(around=f"<p>{number} ferries ran: {fact}</p>")
        checker(site.page("/a", page.replace(NEXT_PARAGRAPH, html)))
    assert checker.db["edits"].count == 0


def test_the_rest_of_a_caption_in_the_place_of_another_one_is_page_noise() -> None:
    """Its first sentence was left out: an earlier check found that it changes."""
    old = article(), page("Boats wait. Photo: Ada Moss", place="figure > figcaption")
    new = (
        replace(article(), captions=("Photo: Bruno Vale",)),
        page("A crane at dusk. Photo: Bruno Vale", place="figure > figcaption"),
    )
    result = decided(old, new)
    assert [noise.text for noise in result.page_noise] == ["Photo: Bruno Vale"]
    assert result.article == article()


TEAMS = ("Rovers", "City", "United", "Athletic", "Town", "Albion")


def results(round_number: int) -> str:
    """A table of seven matches, of which each has a team or a figure in common with those of other rounds."""
    rows = (
        (TEAMS[(n + round_number) % 6], (n * round_number) % 4, round_number % 3, TEAMS[n % 6], f"{9 * n + round_number}′")
        for n in range(7)
    )  # fmt: skip
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table class='matches'>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def test_a_table_of_results_that_are_coming_in_is_never_an_edit(
    site: Site, checker: Checker
) -> None:
    for number in range(1, 6):
        page = article_html(around=f"<p>{number} ferries ran: {FACTS[number % 3]}</p>")
        checker(site.page("/a", page.replace(NEXT_PARAGRAPH, results(number) + NEXT_PARAGRAPH)))
    assert checker.db["edits"].count == 0


QUOTES = (
    ("I learned to swim before I could walk.", "Ada Moss"),
    ("My boat is older than my house.", "Bruno Vale"),
    ("Nobody ever asked the dockers.", "Bruno Vale"),
    ("I count the gulls every morning.", "Cleo Hart"),
)


def test_a_name_that_returns_beside_another_quotation_is_no_edit(
    site: Site, checker: Checker
) -> None:
    """A box of two texts: the next check finds one of them again, by chance."""
    for quote, name in QUOTES:
        box = f"<blockquote><p>{quote}</p><cite>{name}</cite></blockquote>"
        page = article_html(around=f"<p>{name} sails on: {quote}</p>")
        checker(site.page("/a", page.replace(NEXT_PARAGRAPH, box + NEXT_PARAGRAPH)))
    assert checker.db["edits"].count == 0


POINTS = (
    ("The vote was put off.", "Costs rise faster than planned.", "Neighbours fear the noise."),
    ("Costs rise faster than planned.", "The vote was put off.", "Neighbours fear the noise."),
    ("Costs rise faster than planned.", "Experts doubt the figures.", "Neighbours fear the noise."),
)


def test_a_summary_that_is_written_anew_in_part_is_no_edit(site: Site, checker: Checker) -> None:
    """Its points change places, then one of them is another."""
    for number, points in enumerate(POINTS):
        items = "".join(f"<li>{point}</li>" for point in points)
        box = f"<details class='summary'><ul>{items}</ul></details>"
        page = article_html(around=f"<p>{number} ferries ran: {FACTS[number]}</p>")
        checker(site.page("/a", page.replace(NEXT_PARAGRAPH, box + NEXT_PARAGRAPH)))
    assert checker.db["edits"].count == 0
