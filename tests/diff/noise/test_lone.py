"""A line that changed alone on its page is an edit at once, wherever it is."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from storage.diff.noise.exclusions import PendingLine
from storage.diff.noise.lone import is_lone_change, lone_moves
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site

NEXT_PARAGRAPH = "<p>A second bridge"
LABEL = "The way across"
OTHER_LABEL = "Fares and times"


@dataclass(frozen=True)
class Page:
    """A page that shows these lines."""

    lines: Mapping[str, int]


# the pending line and what it replaced, the lines of the page before and after, whether it is alone
CHANGES = {
    "came": ((LABEL, ""), ("One.",), ("One.", LABEL), True),
    "left": (("", LABEL), ("One.", LABEL), ("One.",), True),
    "came where nobody sees it": ((LABEL, ""), ("One.",), ("One.",), True),
    "came, the time moved": ((LABEL, ""), ("At 12:05",), ("At 14:20", LABEL), True),
    "came with its neighbour": ((LABEL, ""), ("One.",), ("One.", LABEL, OTHER_LABEL), True),
    "came with three": ((LABEL, ""), ("One.",), ("One.", LABEL, OTHER_LABEL, "Two.", "Three."), False),
    "came, another elsewhere": ((LABEL, ""), ("One.",), (OTHER_LABEL, "One.", LABEL), False),
    "came, another left": ((LABEL, ""), (OTHER_LABEL,), (LABEL,), False),
    "another number": (("4 of 9", "3 of 9"), ("One.", "3 of 9"), ("One.", "4 of 9"), True),
    "one number in two lines": (("May 4", "May 3"), ("May 3", "On May 3"), ("May 4", "On May 4"), True),
    "another number, the time moved": (("4 of 9", "3 of 9"), ("At 12:05", "3 of 9"), ("At 14:20", "4 of 9"), False),
    "another number, a line came": (("4 of 9", "3 of 9"), ("3 of 9",), (LABEL, "4 of 9"), False),
    "replaced": ((LABEL, OTHER_LABEL), (OTHER_LABEL,), (LABEL,), False),
}  # fmt: skip


@pytest.mark.parametrize(("line", "before", "now", "is_lone"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_alone_if_the_page_shows_no_other(
    line: tuple[str, str], before: tuple[str, ...], now: tuple[str, ...], is_lone: bool
) -> None:
    pages = (Page(dict.fromkeys(lines, 1)) for lines in (before, now))
    assert is_lone_change(PendingLine(*line), *pages) == is_lone


# the lines of a page before and after, and the one that moved
MOVES = {
    "down": ("abcd", "bcda", {"a"}),
    "up": ("abcd", "dabc", {"d"}),
    "neighbours": ("abcd", "acbd", {"b", "c"}),
    "two": ("abcdef", "bcfade", set()),
    "none": ("abcd", "abcd", set()),
    "one left": ("abcd", "bcd", set()),
}


@pytest.mark.parametrize(("before", "now", "moved"), MOVES.values(), ids=MOVES.keys())
def test_a_line_moved_alone_if_all_others_are_in_order(
    before: str, now: str, moved: set[str]
) -> None:
    pages = (Page(dict.fromkeys(lines, 1)) for lines in (before, now))
    assert lone_moves(*pages) == moved


def test_a_paragraph_that_moves_out_of_the_article_alone_is_logged(
    site: Site, checker: Checker
) -> None:
    paragraph = "<p>Ferries run until the end of March.</p>"
    inside = page_with(paragraph)
    checker(site.page("/a", inside))
    outside = inside.replace(paragraph, "").replace(
        "</body>", f"<footer>{paragraph}</footer></body>"
    )
    assert outside != inside.replace(paragraph, "")
    (edit,) = checker(site.page("/a", outside)).result.edits
    assert (edit.op, edit.old) == ("delete", "Ferries run until the end of March.")


def page_with(markup: str) -> str:
    return article_html().replace(NEXT_PARAGRAPH, markup + NEXT_PARAGRAPH)


FIGURE = '<figure><img src="/b.jpg" alt=""><figcaption>{}</figcaption></figure>'
PAIRS = {
    "a sub-heading": (f"<h2>{LABEL}</h2>", ""),
    "a box": ("<blockquote>Nobody on the quay had expected so many herring in June.</blockquote>", ""),
    "a caption": (FIGURE.format("The bridge at dusk, seen from the ferry"), ""),
    "a caption with its credit": (
        '<figure><img src="/b.jpg" alt=""><figcaption><span>The bridge at dusk</span><p>Ada Quill</p></figcaption></figure>', ""
    ),
    "a number in a label": ("<h2>Part 3</h2>", "<h2>Part 4</h2>"),
    "a number in a caption": (FIGURE.format("Bridge 3"), FIGURE.format("Bridge 4")),
    "a letter in a caption": (FIGURE.format("The bridge"), FIGURE.format("The brigde")),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), PAIRS.values(), ids=PAIRS.keys())
def test_what_changes_alone_is_logged_by_the_check_that_sees_it(
    site: Site, checker: Checker, one: str, other: str
) -> None:
    for number, (before, after) in enumerate(((one, other), (other, one))):
        checker(site.page(f"/{number}", page_with(before)))
        assert checker(site.page(f"/{number}", page_with(after))).result.outcome == "edited"


def test_a_lone_counter_is_logged_once_and_then_proven_page_noise(
    site: Site, checker: Checker
) -> None:
    outcomes = []
    for count in (3, 5, 8, 12, 19):
        checked = checker(site.page("/a", page_with(f"<h2>{count} readers</h2>")))
        outcomes.append(checked.result.outcome)
    assert outcomes == ["new", "edited", "unchanged", "unchanged", "unchanged"]
    assert checker.db["edits"].count == 1
