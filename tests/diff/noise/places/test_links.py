"""A line in which only the link is another one recommends another article."""

import pytest

from storage.diff.noise.places.links import lines_with_other_links
from tests.diff.noise.places.test_boxes import Page
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site

STORIES = ("Snow fell in May", "A ferry ran aground", "The clock stood still", "Sheep on the quay")
FRAME = "In an earlier report we described how {}."
LINE, OTHER_LINE = (FRAME.format(story) for story in STORIES[:2])

# the lines, the links of the two pages, whether the line is held back
CHANGES = {
    "another link": (OTHER_LINE, {STORIES[0]: "/1"}, {STORIES[1]: "/2"}, True),
    "another text of one link": (OTHER_LINE, {STORIES[0]: "/1"}, {STORIES[1]: "/1"}, False),
    "other words around it": (f"We said: {STORIES[1]}", {STORIES[0]: "/1"}, {STORIES[1]: "/2"}, False),
    "no link": (OTHER_LINE, {}, {STORIES[1]: "/2"}, False),
}  # fmt: skip


@pytest.mark.parametrize(("line", "before", "now", "differs"), CHANGES.values(), ids=CHANGES.keys())
def test_only_the_text_and_the_address_of_a_link_may_differ(
    line: str, before: dict[str, str], now: dict[str, str], differs: bool
) -> None:
    pages = Page([], links=before), Page([], links=now)
    assert lines_with_other_links([LINE], [line], *pages) == ({LINE, line} if differs else set())


NEXT_PARAGRAPH = "<p>A second bridge"


def test_a_paragraph_with_another_link_at_each_check_is_never_an_edit(
    site: Site, checker: Checker
) -> None:
    for number, story in enumerate((*STORIES, STORIES[0])):
        line = FRAME.format(f"<a href='/news/{number}'>{story}</a>")
        html = f"<p>{line}</p>{NEXT_PARAGRAPH}"
        checker(site.page("/a", article_html().replace(NEXT_PARAGRAPH, html)))
    assert checker.db["edits"].count == 0


def test_a_paragraph_with_another_link_counts_at_the_third_check(
    site: Site, checker: Checker
) -> None:
    outcomes = []
    for number in (0, 1, 1, 1):
        line = FRAME.format(f"<a href='/news/{number}'>{STORIES[number]}</a>")
        html = f"<p>{line}</p>{NEXT_PARAGRAPH}"
        checked = checker(site.page("/a", article_html().replace(NEXT_PARAGRAPH, html)))
        outcomes.append(checked.result.outcome)
    assert outcomes == ["new", "unchanged", "unchanged", "edited"]
