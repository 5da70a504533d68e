"""Edits as text, HTML and JSON: readable, and safe whatever a page contains."""

import json

import pytest

from scraper.article import Article
from storage.diff import compare
from storage.diff.edit import Edit
from storage.diff.render import (
    COLOUR_STYLE,
    HTML_STYLE,
    PLAIN_STYLE,
    Style,
    as_html,
    redline,
)
from variorum.terminal.output import print_json


def article(paragraphs: list[str]) -> Article:
    return Article("https://example.org/a", "Fire", paragraphs=tuple(paragraphs))


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
