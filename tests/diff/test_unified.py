"""A unified diff applies to the old version and gives the new one."""

from itertools import takewhile

from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff.unified import as_unified

LINES = st.lists(
    st.sampled_from(["One stood.", "Two left.", "Three came.", "Four\n--- a"]), max_size=9
)


def article(paragraphs: list[str]) -> Article:
    return Article("https://example.org/a", "Fire", paragraphs=tuple(paragraphs))


def apply_hunks(before: list[str], diff: list[str]) -> list[str]:
    """The old lines with every hunk of a unified diff carried out, whose headers must be right."""
    after: list[str] = []
    at = 0
    remaining = diff[2:]
    while remaining:
        header, body = (
            remaining[0],
            list(takewhile(lambda line: not line.startswith("@@"), remaining[1:])),
        )
        remaining = remaining[1 + len(body) :]
        start, size = (int(part) for part in header.split()[1][1:].split(","))
        first = start - (size > 0)
        assert [line[1:] for line in body if line[0] in " -"] == before[first : first + size]
        after += before[at:first] + [line[1:] for line in body if line[0] in " +"]
        at = first + size
    return after + before[at:]


@given(LINES, LINES)
def test_a_unified_diff_applies_to_the_old_text(old: list[str], new: list[str]) -> None:
    diff = as_unified(article(old), article(new), "a", "b").splitlines()
    before, after = ([line.replace("\n", " ") for line in ["# Fire", *side]] for side in (old, new))
    assert apply_hunks(before, diff) == after
    assert diff[:2] == (["--- a", "+++ b"] if before != after else [])


def test_long_versions_are_compared_in_bounded_time() -> None:
    lines = [f"line {number % 150}" for number in range(20_000)]
    assert as_unified(article(lines), article(lines[::-1]), "a", "b")
