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
    as_json,
    clipped_sides,
    printable,
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


def edit(op: str, old: str | None, new: str | None, context: str = "", at: int = 0) -> Edit:
    return Edit("body", op, "wording", old, new, 0, context, at)


REDLINES = {
    "replaced": (edit("replace", "12", "21", "Fire kills 21.", 11), "Fire kills [-12-]{+21+}."),
    "inserted": (edit("insert", None, "not", "He did not go.", 7), "He did {+not+} go."),
    "added sentence": (edit("insert", None, "He left."), "{+He left.+}"),
    "removed sentence": (edit("delete", "He left.", None), "[-He left.-]"),
    "moved": (edit("move", "He left.", "He left."), "moved: {+He left.+}"),
    "replaced at the end": (edit("replace", "!", "?", "So?", 2), "So[-!-]{+?+}"),
    "removed before a mark": (edit("delete", "today", None, "It rains!", 8), "It rains [-today-]!"),
    "removed mark": (edit("delete", ",", None, "He came and saw.", 7), "He came[-,-] and saw."),
    "removed at the end": (edit("delete", "today", None, "It rains", 8), "It rains [-today-]"),
    "removed after a mark": (edit("delete", "now", None, "(it rains) ", 10), "(it rains)[-now-] "),
    "removed between spaces": (edit("delete", "not", None, "He did  go", 7), "He did [-not-] go"),
    "first word": (edit("delete", "Now", None, "he sleeps.", 0), "[-Now-] he sleeps."),
    "first Chinese word": (edit("delete", "今天", None, "下雨。", 0), "[-今天-]下雨。"),
    "Chinese word at the end": (edit("delete", "今天", None, "下雨。", 2), "下雨[-今天-]。"),
    "Chinese word after a space": (edit("delete", "今天", None, "a 下雨。", 2), "a [-今天-] 下雨。"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), REDLINES.values(), ids=REDLINES.keys())
def test_a_redline_marks_the_change_in_its_sentence(change: Edit, expected: str) -> None:
    assert redline(change) == expected


@pytest.mark.parametrize("words", [18, 19])
def test_a_long_sentence_is_cut_between_words_on_both_sides(words: int) -> None:
    side = "four " * words
    change = edit("replace", "12", "21", f"{side}21 {side.strip()}", len(side))
    if words == 18:  # 90 characters
        assert redline(change) == f"{side}[-12-]{{+21+}} {side.strip()}"
    else:
        assert clipped_sides(change) == ("…" + "four " * 17, " four" * 17 + "…")


def test_edits_are_a_list_of_html() -> None:
    change = Edit("body", "insert", "correction_note", None, "<b> & “c”")
    assert as_html([change]) == (
        '<ul class="edits">\n<li class="edit correction_note"><span class="field">body</span>'
        ' <span class="kind">correction note</span> <p><ins>&lt;b&gt; &amp; “c”</ins></p></li>\n</ul>'
    )
    assert as_html([]) == '<ul class="edits">\n</ul>'


def test_an_edit_is_a_dictionary_of_its_fields() -> None:
    change = Edit("headline", "replace", "number", "12", "21", None, "21 died", 0, "og", "why")
    assert as_json(change) == {
        "field": "headline", "op": "replace", "kind": "number", "old": "12", "new": "21",
        "paragraph": None, "context": "21 died", "at": 0, "source": "og", "evidence": "why",
    }  # fmt: skip


def test_colours_mark_removed_and_added_text() -> None:
    change = edit("replace", "12", "21", "21 died", 0)
    assert redline(change, COLOUR_STYLE) == "\x1b[9;31m12\x1b[0m\x1b[1;32m21\x1b[0m died"


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "가나다", "עברית", "é"])
def test_printable_text_keeps_what_a_reader_sees(text: str) -> None:
    assert printable(text) == text


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
