"""The edits of a headline and of its tags."""

import pytest

from storage.diff.kinds.line_edits import headline_edits

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
        [("move", "moved", "[Opinion]", "[Opinion]"), ("replace", "wording", "stay", "leave")],
    ),
    "a tag stayed": (
        "[단독] 해온시 새 다리 무너졌다", "[단독] 해온시 옛 다리 무너졌다", [("replace", "wording", "새", "옛")],
    ),
    "words became a tag": (
        "기자 수첩 바다가 들려준 이야기", "[기자 수첩] 바다가 들려준 이야기", [("replace", "punctuation", "기자 수첩", "[기자 수첩]")],
    ),
    "a space beside a tag": ("[책방]바다 이야기", "[책방] 바다 이야기", [("replace", "typography", "[책방]바다", "[책방] 바다")]),
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
