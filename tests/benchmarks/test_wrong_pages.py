"""The short form of `wrong-pages`: worlds of six articles, and the judge that reads their databases."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from benchmarks.wrong.compare import WorldResult, run_world
from benchmarks.wrong.judge import Ledger
from benchmarks.wrong.markup import Frame
from benchmarks.wrong.records import Row, plain
from benchmarks.wrong.replies.intruders import front_page
from benchmarks.wrong.site import MadeClock, Scene
from benchmarks.wrong.stories import Fate, Story, write_stories
from benchmarks.wrong.worlds import WORLDS, good_page

STARTED_AT = datetime(2026, 5, 14, 12, tzinfo=UTC)
# Worlds that Variorum survives. One that it survives from now on belongs here.
CLEAN_WORLDS = (
    "good", "good-etag", "empty-template", "half-gzip", "404-one", "410-one", "storm-500", "canonical-home",
    "canonical-other", "amp-later", "rewritten", "home-3-days", "one-article-bare", "neighbour-bare", "notice-some",
    "maintenance-ja", "half-206-ko", "404-day", "stale-copies", "stale-copies-ko", "reused-address-ja",
    "foreign-text", "foreign-text-some", "endless", "half-lost-ja", "translated", "twice-encoded-de", "placeholders",
    "rollout-de", "two-servers", "request-times", "swapped",
)  # fmt: skip


def short_form(name: str) -> WorldResult:
    return run_world(name, articles=6, seed=2)


def edited_story() -> Story:
    stories = write_stories("en", 12, 3, [(1, 2), (3, 4), (5, 6)])
    return next(story for story in stories if any(edit.field == "body" for edit in story.edits))


def scene_of(story: Story) -> Scene:
    frame = Frame("en", "http://127.0.0.1", "plain", frozenset(), STARTED_AT)
    return Scene(frame, {story.number: story}, MadeClock(STARTED_AT), good_page, front_page)


def row_of(story: Story) -> Row:
    edit = next(edit for edit in story.edits if edit.field == "body")
    return Row(story.number, 2, edit.at + 1, "body", plain(edit.old), plain(edit.new))


@pytest.mark.slow
@pytest.mark.parametrize("name", CLEAN_WORLDS)
def test_a_site_that_goes_wrong_leaves_no_false_edit(name: str) -> None:
    verdict = short_form(name).verdict
    assert verdict.is_clean, verdict
    assert verdict.true_rows > 0


def test_a_tracker_without_rules_takes_the_home_page_for_an_edit() -> None:
    result = short_form("home")
    assert result.peer_rows is not None
    assert result.peer_rows > 50
    assert result.verdict.outcomes.total() > 6


def test_the_names_of_the_worlds_differ() -> None:
    names = [world.name for world in WORLDS]
    assert len(set(names)) == len(names) > 20


def test_a_row_of_a_real_edit_is_explained_once() -> None:
    story = edited_story()
    ledger, row = Ledger(story), row_of(story)
    assert [ledger.explains(row, scene_of(story)) for _ in range(2)] == [True, False]


@pytest.mark.parametrize(
    "wrong",
    [{"at": 0.1}, {"field": "headline"}, {"new": "We are rebuilding"}, {"old": "Never written."}],
    ids=["too early", "another field", "words never written", "words never removed"],
)
def test_a_row_that_no_real_edit_explains_is_false(wrong: dict[str, object]) -> None:
    story = edited_story()
    assert not Ledger(story).explains(replace(row_of(story), **wrong), scene_of(story))


def test_a_real_edit_without_a_row_is_missed() -> None:
    story = edited_story()
    assert len(Ledger(story).untold()) == len(story.edits)


def test_a_replaced_text_is_one_row() -> None:
    story = replace(edited_story(), edits=(), fate=Fate("replaced", 2.0))
    ledger, row = Ledger(story), Row(story.number, 2, 3.0, "body", "old", "new")
    rows = [row, replace(row, field="headline")]
    assert [ledger.explains(row, scene_of(story)) for row in rows] == [True, False]
    assert ledger.untold() == []
