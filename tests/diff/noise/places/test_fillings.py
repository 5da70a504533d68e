"""A true line that leaves beside page noise is an edit: the place shows no other line instead."""

from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff import compare
from storage.diff.noise import PageArticle, Separated, separate
from storage.diff.noise.exclusions import Exclusions
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

LAST_PARAGRAPH = "<p>A second bridge"
OLD, NEW = "The ferry stops on Sunday evening.", "Nobody answered the telephone at the port."
WORDS = ("amber", "birch", "copper", "dune", "ember", "fjord", "grove", "heath")
PITCHES = (
    "Save on shoes today.",
    "Win a car with us.",
    "Read the letter.",
    "Try the app.",
    "Ask the cook.",
)
CAPTIONS = (
    "Lisa Roth on the quay.",
    "The old crane at dusk.",
    "A tug in the fog.",
    "Herring, salted.",
)


@dataclass(frozen=True)
class Page:
    """A page that shows these lines in these places."""

    placed_lines: list[tuple[str, str]]
    links: dict[str, str] = field(default_factory=dict)

    @property
    def places(self) -> dict[str, str]:
        return dict(self.placed_lines)

    @property
    def lines(self) -> dict[str, int]:
        return {line: 1 for line, _ in self.placed_lines}

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    def teasers_of(self, url: str) -> str:
        return ""


def served(lines: list[tuple[str, str]], captions: tuple[str, ...] = ()) -> PageArticle:
    paragraphs = tuple(line for line, _ in lines)
    article = Article("https://example.org/a", "Bridge", paragraphs=paragraphs, captions=captions)
    return PageArticle(
        article, Page([*lines, *((text, "figure > figcaption") for text in captions)])
    )


def paragraph(word: str, number: int) -> str:
    return f"The {word} council heard of {number} bridges, of what they cost and of who shall pay for the {word} one."


def changes(result: Separated) -> set[tuple[str | None, str | None]]:
    return {(edit.old, edit.new) for edit in compare(result.base, result.article)}


@given(
    st.lists(st.sampled_from(WORDS), min_size=4, max_size=8, unique=True),
    st.data(),
    st.sampled_from(["article > p", "aside box > p", "article > p promo"]),
    st.permutations(PITCHES),
)
def test_a_paragraph_that_leaves_beside_fresh_noise_is_removed(
    words: list[str], data: st.DataObject, place: str, pitches: list[str]
) -> None:
    """Wherever the noise is, and in whatever element, at the second check of the article."""
    story = [(paragraph(word, number), "article > p") for number, word in enumerate(words, 40)]
    gap = data.draw(st.integers(0, len(story)))
    at = data.draw(st.integers(0, len(story) - 1))
    place_before = gap - (at < gap)
    left = [line for line in story if line != story[at]]

    def page(lines: list[tuple[str, str]], position: int, pitch: str) -> PageArticle:
        return served([*lines[:position], (pitch, place), *lines[position:]])

    result = separate(
        page(story, gap, pitches[0]),
        page(left, place_before, pitches[1]),
        page(left, place_before, pitches[2]),
        exclusions=Exclusions(),
    )
    assert changes(result) == {(story[at][0], None)}
    assert {noise.text for noise in result.page_noise} == set(pitches[:3])


def shown(*boxed: str, on_page: tuple[str, ...] = ()) -> PageArticle:
    """A story, and lines of a box at its end, of which extraction takes the first for text."""
    story = [(paragraph(word, 40), "article > p") for word in WORDS]
    article = served([*story, *((line, "aside box > p") for line in boxed)])
    return PageArticle(
        article.article,
        Page([*article.page.placed_lines, *((line, "aside box > p") for line in on_page)]),  # type: ignore[attr-defined]
    )


def test_a_row_of_a_box_of_which_one_response_has_a_likeness_is_page_noise() -> None:
    """Else it would be an edit once both responses have other rows."""
    rows = ("Lisa Roth: a night among those who keep the tunnel dry.", "Tea, rope and herring.")
    result = separate(
        shown(*rows),
        shown("Jo Fenn: a night among those who keep the tunnel dry.", "Snow in May."),
        shown("What the crane saw.", "A letter from the quay."),
        exclusions=Exclusions(),
    )
    assert changes(result) == set()
    assert set(rows) <= {noise.text for noise in result.page_noise}


def test_a_counter_that_one_response_lacks_is_page_noise() -> None:
    result = separate(
        shown("Still 27 minutes to read"),
        shown("Still 6 minutes to read"),
        shown(on_page=("268 people are reading this",)),
        exclusions=Exclusions(),
    )
    assert changes(result) == set()
    assert "Still 27 minutes to read" in {noise.text for noise in result.page_noise}


def test_a_caption_of_another_kind_than_those_of_the_gallery_is_no_page_noise() -> None:
    story = [(paragraph(word, 40), "article > p") for word in WORDS]

    def page(gallery: str, *pictures: str) -> PageArticle:
        lines = [*story, *((text, "figure > figcaption") for text in pictures)]
        article = served(story, (*pictures, gallery)).article
        return PageArticle(article, Page([*lines, (gallery, "div gallery > p")]))

    result = separate(
        page(CAPTIONS[1], CAPTIONS[0]),
        page(CAPTIONS[2]),
        page(CAPTIONS[3]),
        exclusions=Exclusions(),
    )
    assert {noise.text for noise in result.page_noise} == set(CAPTIONS[1:])
    assert [line.instead_of for line in result.pending] == [CAPTIONS[0]]


@pytest.mark.parametrize("element", ["p", 'p class="promo"', "aside"])
def test_a_paragraph_replaced_beside_a_fresh_line_is_logged(
    site: Site, checker: Checker, element: str
) -> None:
    """Also at the check after an edit elsewhere: checks before that saw the paragraph."""
    requests = count()

    def serve(headline: str, closing: str) -> None:
        def answer(_: dict[str, str]) -> Answer:
            pitch = PITCHES[next(requests) % len(PITCHES)]
            line = f"<{element}>{pitch}</{element.split()[0]}><p>{closing}</p>{LAST_PARAGRAPH}"
            html = article_html(headline).replace(LAST_PARAGRAPH, line)
            return Answer(html.encode(), headers={"Content-Type": "text/html; charset=utf-8"})

        site.answers["/a"] = answer

    url, logged = site.url + "/a", set[tuple[str | None, str | None]]()
    for headline, closing in (("Bridge opens", OLD), ("Bridge open", OLD), ("Bridge open", NEW)):
        serve(headline, closing)
        logged = {(edit.old, edit.new) for edit in checker(url).result.edits}
    assert logged in ({(OLD, None), (None, NEW)}, {(OLD, NEW)})
