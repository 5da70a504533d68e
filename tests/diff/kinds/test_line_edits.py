"""The edits of a headline and of its tags."""

import pytest

from storage.diff.kinds.line_edits import headline_edits, line_edits

# old headline, new headline, edits as (op, kind, old, new)
HEADLINES = {
    "a tag was added": (
        "Bridge falls into river", "LIVE: Bridge falls into river", [("insert", "added", None, "LIVE:")],
    ),
    "a tag was removed": ("[속보] 해온시 다리 끊겼다", "해온시 다리 끊겼다", [("delete", "removed", "[속보]", None)]),
    "a tag became another": (
        "UPDATE 1-Bank cuts rates", "UPDATE 2-Bank cuts rates", [("replace", "wording", "UPDATE 1-", "UPDATE 2-")],
    ),
    "a tag moved": (
        "[책방]바다가 들려준 이야기", "바다가 들려준 이야기[책방]", [("move", "moved", "[책방]", "[책방]")],
    ),
    "a tag moved and a word changed": (
        "[Opinion] The mayor should stay", "The mayor should leave [Opinion]",
        [("move", "moved", "[Opinion]", "[Opinion]"), ("replace", "negation", "stay", "leave")],
    ),
    "a tag stayed": (
        "[단독] 해온시 새 다리 무너졌다", "[단독] 해온시 옛 다리 무너졌다", [("replace", "wording", "새", "옛")],
    ),
    "words became a tag": (
        "기자 수첩 바다가 들려준 이야기", "[기자 수첩] 바다가 들려준 이야기", [("replace", "punctuation", "기자 수첩", "[기자 수첩]")],
    ),
    "a space beside a tag": ("[책방]바다 이야기", "[책방] 바다 이야기", [("replace", "spelling", "[책방]바다", "[책방] 바다")]),
    "a rewritten headline": (
        "Council to vote on the new ferry", "Five days without a ferry: what the island needs now",
        [("replace", "wording", "Council to vote on the new ferry", "Five days without a ferry: what the island needs now")],
    ),
    "a rewritten headline with its tag": (
        "해온시 다리 공사 또 늦어진다 [현장]", "“배 타고 학교 가요” 섬 아이들의 아침 [현장]",
        [("replace", "wording", "해온시 다리 공사 또 늦어진다", "“배 타고 학교 가요” 섬 아이들의 아침")],
    ),
    "a headline that grew": (
        "Ferry returns", "Ferry returns after a week in which nobody left the island",
        [("insert", "added", None, "after a week in which nobody left the island")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), HEADLINES.values(), ids=HEADLINES.keys())
def test_the_tags_of_a_headline_have_their_own_edits(
    old: str, new: str, expected: list[tuple[object, ...]]
) -> None:
    edits = headline_edits(old, new, lang=None)
    assert [(edit.op, edit.kind, edit.old, edit.new) for edit in edits] == expected


@pytest.mark.parametrize(("old", "new", "expected"), HEADLINES.values(), ids=HEADLINES.keys())
def test_each_edit_of_a_headline_is_where_it_says(
    old: str, new: str, expected: list[tuple[object, ...]]
) -> None:
    for edit in headline_edits(old, new, lang=None):
        assert edit.context == new
        assert new[edit.at : edit.at + len(edit.new or "")] == (edit.new or "")


# old line, new line, edits as (kind, old, new)
LINES = {
    "words that moved": (
        "The mayor on Friday opened the new bridge there.", "The mayor opened the new bridge there on Friday.",
        [("moved", "on Friday", "on Friday")],
    ),
    "neighbours that changed in their own ways": (
        "Es kamen am Sonntag drei Boote an.", "Es kamen am Montag vier Boote an.",
        [("date", "Sonntag", "Montag"), ("number", "drei", "vier")],
    ),
    "a number near a date": (
        "Die Rate stieg im Juli auf 2,3 Prozent an.", "Die Rate stieg im August auf 2,1 Prozent an.",
        [("date", "Juli", "August"), ("number", "2,3 Prozent", "2,1 Prozent")],
    ),
    "words with a short one between": ("We saw most of us there then.", "We saw many of them there then.", [("wording", "most of us", "many of them")]),
    "a part before a mark": (
        "“눈이 온다” 소문에 ‘들썩들썩’ 골목", "“비가 온다니” 점쟁이 말에 ‘들썩들썩’ 골목",
        [("wording", "“눈이 온다” 소문에", "“비가 온다니” 점쟁이 말에")],
    ),
    "a sentence that was added at a split": (
        "수출은 12% 는 3조원, 수입은 2조원이었다.", "수출은 12% 는 3조원으로 늘었다. 배가 잘 팔렸다. 수입은 2조원이었다.",
        [("wording", "3조원,", "3조원으로 늘었다."), ("added", None, "배가 잘 팔렸다.")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), LINES.values(), ids=LINES.keys())
def test_one_change_of_a_line_is_one_edit(
    old: str, new: str, expected: list[tuple[object, ...]]
) -> None:
    edits = line_edits("dek", old, new, lang="de")
    assert [(edit.kind, edit.old, edit.new) for edit in edits] == expected
