"""What siblings prove of fields and places, as laws of one pure function."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff import compare
from storage.diff.noise import PageArticle
from storage.diff.siblings.lines import all_lines
from storage.diff.siblings.proof import Proven, has_counting_line, prove, wanted_siblings
from storage.diff.siblings.sibling import Sibling
from tests.diff.siblings.stories import story

AT = datetime(2026, 5, 14, 8, tzinfo=UTC)
NEWS = "The owners of the mill withdrew their complaint against the town late on Friday."


@dataclass(frozen=True)
class Page:
    """A page that shows the lines of its article and nothing else."""

    lines: dict[str, int]
    places: dict[str, str] = field(default_factory=dict)
    text: str = ""

    def teasers_of(self, url: str) -> str:
        return ""


def article(number: int, **values: Any) -> Article:
    """The article of a story, with other values in some fields."""
    told = story(number)
    one = Article(
        f"http://x/{number}",
        told.headline,
        byline=(told.author,),
        published_at=AT + timedelta(days=number),
        section=told.section,
        paragraphs=told.paragraphs,
    )
    return replace(one, **values)


def page(shown: Article) -> PageArticle:
    """Its page: the lines that ask something stand in `h3`, the others in `p`."""
    places = {line: "h3" if line.endswith("?") else "p" for line in shown.paragraphs}
    return PageArticle(shown, Page(dict(all_lines(shown)), places))


def sibling(number: int, before: dict[str, Any], now: dict[str, Any]) -> Sibling:
    return Sibling(
        f"http://x/{number}", page(article(number, **now)), page(article(number, **before))
    )


def proof(before: dict[str, Any], now: dict[str, Any], *siblings: Sibling) -> Proven:
    """What siblings prove of a change of the first article."""
    return prove(page(article(0, **before)), page(article(0, **now)), siblings)


CHANGES = {
    "a section became the same": ({}, {"section": "Coast"}),
    "times moved by as much": (
        {"published_at": AT},
        {"published_at": AT - timedelta(hours=2)},
    ),
    "names got the same ending": (
        {"byline": ("Ada Brandt",)},
        {"byline": ("Ada Brandt, Courier",)},
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_field_that_changed_in_one_way_in_a_sibling_is_the_templates(
    change: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    proven = proof(*change, sibling(1, *change))
    assert proven.template_fields
    assert compare(proven.base, proven.article) == ()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_field_that_no_sibling_changed_is_an_edit(
    change: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    proven = proof(*change, sibling(1, {}, {}))
    assert proven.template_fields == ()
    assert compare(proven.base, proven.article)


def test_a_byline_that_came_in_one_sibling_proves_too_little() -> None:
    change: tuple[dict[str, Any], dict[str, Any]] = ({"byline": ()}, {"byline": ("Ada Brandt",)})
    other = ({"byline": ()}, {"byline": ("Tomas Rell",)})
    assert proof(*change, sibling(1, *other)).is_thin
    assert proof(*change, sibling(1, *other), sibling(2, *other)).template_fields == ("byline",)


def test_headlines_that_got_one_beginning_are_two_edits() -> None:
    new = {"headline": f"Breaking: {story(0).headline}"}
    other = sibling(1, {}, {"headline": f"Breaking: {story(1).headline}"})
    assert proof({}, new, other).template_fields == ()


def test_sub_headings_that_a_template_hides_are_no_edit() -> None:
    def with_question(number: int) -> dict[str, Any]:
        paragraphs = story(number).paragraphs
        return {"paragraphs": (*paragraphs[:3], f"What did {number} see?", *paragraphs[3:])}

    others = [sibling(number, with_question(number), {}) for number in (1, 2)]
    proven = proof(with_question(0), {}, *others)
    assert compare(proven.base, proven.article) == ()


def redesigned(shown: Article) -> PageArticle:
    """Its page in another template."""
    return PageArticle(shown, Page(dict(all_lines(shown)), dict.fromkeys(shown.paragraphs, "div")))


SHOWN = {"section": "Coast", "byline": ("Ada Brandt",), "dek": "What the neighbours say about it."}
HIDDEN = {"section": None, "byline": (), "dek": None}


@pytest.mark.parametrize(("before", "now"), [(SHOWN, HIDDEN), (HIDDEN, SHOWN)])
def test_fields_that_come_or_leave_with_new_markup_around_the_same_text_are_the_templates(
    before: dict[str, Any], now: dict[str, Any]
) -> None:
    proven = prove(page(article(0, **before)), redesigned(article(0, **now)), ())
    assert proven.template_fields == ("dek", "byline", "section")
    assert compare(proven.base, proven.article) == ()


@pytest.mark.parametrize(
    ("field", "edit"),
    [
        ("byline", {"byline": ("Nora Vale",)}),
        ("headline", {"headline": "Another one"}),
        ("body", {"paragraphs": story(5).paragraphs}),
    ],
)
def test_what_is_rewritten_under_new_markup_is_an_edit(field: str, edit: dict[str, Any]) -> None:
    proven = prove(page(article(0, **SHOWN)), redesigned(article(0, **SHOWN | edit)), ())
    assert {change.field for change in compare(proven.base, proven.article)} == {field}


def test_a_section_that_comes_under_the_same_markup_is_an_edit() -> None:
    proven = prove(page(article(0, **HIDDEN)), page(article(0, **SHOWN)), ())
    assert proven.template_fields == ()


def test_a_new_paragraph_asks_one_sibling_and_a_count_none() -> None:
    told = story(0).paragraphs
    added = proof({}, {"paragraphs": (*told, NEWS)})
    counted = proof(
        {"paragraphs": (*told, NEWS + " 12 saw it.")}, {"paragraphs": (*told, NEWS + " 21 saw it.")}
    )
    assert (wanted_siblings(added), has_counting_line(added)) == (1, False)
    assert (wanted_siblings(counted), has_counting_line(counted)) == (0, True)


PARAGRAPHS = st.lists(st.sampled_from([*story(0).paragraphs, NEWS]), min_size=1, max_size=6).map(tuple)  # fmt: skip
VALUES = st.fixed_dictionaries(
    {
        "paragraphs": PARAGRAPHS,
        "section": st.sampled_from([None, "Coast", "Culture"]),
        "byline": st.sampled_from([(), ("Ada Brandt",), ("Tomas Rell", "Ada Brandt")]),
        "headline": st.sampled_from(["Mill burns", "Mill burnt down"]),
    }
)


@given(VALUES, VALUES)
def test_without_siblings_nothing_changes(before: dict[str, Any], now: dict[str, Any]) -> None:
    proven = proof(before, now)
    assert (proven.base, proven.article) == (article(0, **before), article(0, **now))


@given(VALUES, VALUES, VALUES)
def test_what_is_proven_is_never_new(
    before: dict[str, Any], now: dict[str, Any], other: dict[str, Any]
) -> None:
    """Nothing stands in the two versions that neither version had."""
    proven = proof(before, now, sibling(1, other, now), sibling(2, before, other))
    served = set(before["paragraphs"]) | set(now["paragraphs"])
    assert served.issuperset(proven.base.paragraphs + proven.article.paragraphs)


@given(VALUES, VALUES)
def test_a_reworded_headline_is_logged_whatever_siblings_changed(
    before: dict[str, Any], now: dict[str, Any]
) -> None:
    renamed = before | {"headline": "Ferry sails"}, now | {"headline": "Lorne mourns its ferry"}
    proven = proof(before, now, *(sibling(number, *renamed) for number in (1, 2)))
    assert proven.base.headline == before["headline"]
    assert proven.article.headline == now["headline"]


@given(VALUES, VALUES, VALUES)
def test_a_sibling_that_stood_still_proves_nothing_more(
    before: dict[str, Any], now: dict[str, Any], other: dict[str, Any]
) -> None:
    changed, still = sibling(1, other, now), sibling(2, {}, {})
    less, more = proof(before, now, changed), proof(before, now, changed, still)
    assert set(more.lines) <= set(less.lines)
    assert set(more.template_fields) <= set(less.template_fields)
