"""The same edits in four forms, none of which scraped text can break out of."""

import json
from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff import compare
from storage.diff.edit import Edit
from storage.diff.render import (
    COLOUR_STYLE,
    HTML_STYLE,
    PLAIN_STYLE,
    Style,
    as_html,
    as_unified,
    redline,
)
from variorum.context import print_json

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


@pytest.mark.parametrize(
    ("old", "new", "expected_text"),
    [
        ("He did not answer.", "He did answer.", "He did [-not-] answer."),
        ("It rains today.", "It rains.", "It rains [-today-]."),
        ("Now he sleeps.", "he sleeps.", "[-Now-] he sleeps."),
        ("She came, he says.", "She came.", "She came[-, he says-]."),
        ("농부들은 매우 지쳤다.", "농부들은 지쳤다.", "농부들은 [-매우-] 지쳤다."),
        ("灯台は今も光る。", "灯台は光る。", "灯台は[-今も-]光る。"),
        ("החברה לא הגיבה.", "החברה הגיבה.", "החברה [-לא-] הגיבה."),
    ],
    ids=["word", "last", "first", "clause", "korean", "japanese", "hebrew"],
)
def test_a_removed_word_keeps_its_space(old: str, new: str, expected_text: str) -> None:
    (edit,) = compare(article([old]), article([new]))
    assert redline(edit) == expected_text


@given(LINES, LINES)
def test_a_unified_diff_applies_to_the_old_text(old: list[str], new: list[str]) -> None:
    diff = as_unified(article(old), article(new), "a", "b").splitlines()
    before, after = ([line.replace("\n", " ") for line in ["# Fire", *side]] for side in (old, new))
    assert apply_hunks(before, diff) == after
    assert diff[:2] == (["--- a", "+++ b"] if before != after else [])


def test_long_versions_are_compared_in_bounded_time() -> None:
    lines = [f"line {number % 150}" for number in range(20_000)]
    assert as_unified(article(lines), article(lines[::-1]), "a", "b")


HOSTILE_TEXT = "a\x1b[2J\x9b31m\x9d\u202e</ins><script>alert(1)</script>\x07"
EDIT = Edit(
    "body",
    "replace",
    "wording",
    HOSTILE_TEXT,
    HOSTILE_TEXT,
    0,
    f"{HOSTILE_TEXT} and {HOSTILE_TEXT}",
    0,
)


@pytest.mark.parametrize("style", [PLAIN_STYLE, COLOUR_STYLE], ids=["plain", "colour"])
def test_scraped_text_cannot_control_a_terminal(style: Style) -> None:
    line = redline(EDIT, style)
    without_styles = line.replace("\x1b[9;31m", "").replace("\x1b[1;32m", "").replace("\x1b[0m", "")
    assert not set(without_styles) & set("\x1b\x9b\x9d\x07\u202e")


def test_scraped_text_cannot_become_markup() -> None:
    assert "<script" not in redline(EDIT, HTML_STYLE)
    assert as_html([EDIT]).count("</ins>") == 1


def test_json_has_no_control_characters_and_round_trips(capsys: pytest.CaptureFixture[str]) -> None:
    print_json([{"text": HOSTILE_TEXT}])
    out = capsys.readouterr().out
    assert not set(out) & set("\x1b\x9b\x9d\x07\u202e")
    assert json.loads(out) == {"text": HOSTILE_TEXT}
