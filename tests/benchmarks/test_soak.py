"""The soak's short form, and what its judge must see."""

import asyncio
import random
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.daemon.soak.faults import FAULTS
from benchmarks.daemon.soak.judge import (
    History,
    LoggedEdit,
    confirmed_editions,
    judge_history,
    judge_messages,
    judge_requests,
    recorded_by,
)
from benchmarks.daemon.soak.plan import MAX_SHARES, make_plan
from benchmarks.daemon.soak.receiver import Message
from benchmarks.daemon.soak.result import SoakResult
from benchmarks.daemon.soak.run import SoakOptions, soak
from benchmarks.daemon.soak.world import Host, SoakWorld, Story, make_world

URL = "http://127.88.0.1/news/1"


@pytest.mark.slow
def test_the_daemon_loses_doubles_and_rushes_nothing_on_a_machine_that_fails(
    tmp_path: Path,
) -> None:
    started = time.monotonic()
    world = make_world(hosts=6, articles=60, seconds=45, delay=0.05, seed=3)
    options = SoakOptions(seconds=45, every=10, delay=0.05, seed=3, calm_seconds=15)
    result = asyncio.run(soak(world, tmp_path, options))
    assert result.edits > 20
    assert {*result.machine_faults, *result.skipped} == set(MAX_SHARES)
    assert result.is_clean, result.wrongs
    assert time.monotonic() - started < 240


def test_a_plan_has_every_fault_and_ends_with_the_run() -> None:
    plan = make_plan(1200, seed=5)
    assert set(Counter(incident.fault for incident in plan)) == set(FAULTS)
    assert all(incident.begins_at + incident.seconds <= 1200 for incident in plan)


def world_with(story: Story) -> SoakWorld:
    return SoakWorld([Host(1, 0.2, {story.path: story})], random.Random(1))


def story_with(*served: tuple[float, int | None]) -> Story:
    return Story("/news/1", datetime(2026, 5, 14, tzinfo=UTC), (10.0, 20.0), list(served))


def logged(edit_id: int, old: int, new: int, number: int, field: str = "body") -> LoggedEdit:
    return LoggedEdit(edit_id, URL, (old, new), field, "number", (number, number + 1))


GOOD = History(
    {URL: [0, 1, 2]},
    [logged(1, 0, 1, 1), logged(2, 1, 2, 2)],
    {11: (1, True), 12: (2, True)},
)
WRONG_HISTORIES = {
    "the last edit is missing": History({URL: [0, 1]}, [logged(1, 0, 1, 1)], {}),
    "an edit is missing": History({URL: [0, 1, 2]}, [logged(1, 0, 1, 1)], {}),
    "an edit is doubled": History({URL: [0, 1, 2]}, [*GOOD.edits, logged(3, 1, 2, 2)], {}),
    "a version is doubled": History({URL: [0, 1, 1, 2]}, GOOD.edits, {}),
    "a field never changed": History({URL: [0, 1, 2]}, [logged(1, 0, 1, 1), logged(2, 1, 2, 2, "dek")], {}),
    "a body is another page's": History({URL: [0, None, 2]}, GOOD.edits, {}),
    "an article was never checked": History({}, [], {}),
}  # fmt: skip


def judged(history: History, *served: tuple[float, int | None]) -> SoakResult:
    result, story = SoakResult(), story_with(*served)
    judge_history(world_with(story), [(URL, story)], history, result)
    return result


def test_the_judge_passes_a_history_with_every_edit_once() -> None:
    assert judged(GOOD, (1, 0), (11, 1), (12, 1), (22, 2), (23, 2)).wrongs == {}


@pytest.mark.parametrize("history", WRONG_HISTORIES.values(), ids=WRONG_HISTORIES)
def test_the_judge_sees_what_is_wrong_with_a_history(history: History) -> None:
    assert judged(history, (1, 0), (11, 1), (12, 1), (22, 2), (23, 2)).wrongs


def test_the_judge_sees_a_version_that_was_never_served() -> None:
    assert "version that was never served" in judged(GOOD, (1, 0), (22, 2), (23, 2)).wrongs


def test_an_edition_counts_once_two_answers_in_a_row_showed_it() -> None:
    story = story_with((1, 0), (11, 1), (12, None), (13, 1), (22, 2), (23, 2))
    assert confirmed_editions(story, world_with(story)) == {2}


def test_a_check_that_ended_with_its_process_may_be_lost() -> None:
    story = story_with((22, 2), (23, 2))
    world = world_with(story)
    world.stops.append(80.0)
    assert confirmed_editions(story, world) == {2}
    world.blocked.append((40.0, 70.0))  # it waited to be written when the process was ended
    assert confirmed_editions(story, world) == set()


def test_writes_wait_for_each_time_when_nothing_can_be_written() -> None:
    assert recorded_by(10, [(100, 120)]) == 55
    assert recorded_by(10, [(80, 90), (25, 45)]) == 135


def messages_judged(messages: list[Message], *stops: float) -> SoakResult:
    result = SoakResult()
    judge_messages(messages, GOOD, stops, result)
    return result


def test_the_judge_passes_a_message_that_was_sent_again_because_it_was_not_confirmed() -> None:
    sent = [Message("m-11", (1,), 5.0, False), Message("m-11", (1,), 9.0, True)]
    result = messages_judged([*sent, Message("m-12", (2,), 6.0, True)])
    assert result.wrongs == {}
    assert result.repeated_messages == 1


@pytest.mark.parametrize(
    "again",
    [Message("m-11", (1,), 9.0, True), Message("m-11", (1, 2), 9.0, True), Message("m-13", (1,), 9.0, True)],
    ids=["confirmed before", "with other edits", "under another id"],
)  # fmt: skip
def test_the_judge_sees_a_message_that_was_sent_twice(again: Message) -> None:
    first = [Message("m-11", (1,), 5.0, True), Message("m-12", (2,), 6.0, True)]
    assert messages_judged([*first, again]).wrongs


def test_a_message_that_was_sent_before_a_kill_may_come_again() -> None:
    sent = [Message("m-11", (1,), 5.0, True), Message("m-11", (1,), 90.0, True)]
    assert messages_judged([*sent, Message("m-12", (2,), 6.0, True)], 7.0).wrongs == {}


def test_the_judge_sees_a_silence_that_no_fault_excuses() -> None:
    world = world_with(story_with((130, 0)))
    world.request_times += [1.0, 60.0, 130.0]
    world.outages.append((2.0, 30.0))
    result = SoakResult()
    judge_requests(world, every=10, result=result)
    assert list(result.wrongs) == ["nothing was requested"]
    assert result.longest_return == 30.0
