"""The world of `publishers`: its pages, its campaigns, and the tracker that reads several pages of a host."""

import contextlib
import html
import itertools
import random
import re
import sqlite3
import string
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.edits.product import variorum_tracker
from benchmarks.publishers.campaigns import LINE_KINDS, make_campaigns
from benchmarks.publishers.edits import EDIT_KINDS
from benchmarks.publishers.learning import print_learning_cost
from benchmarks.publishers.score import VERSIONS_TO_READ, articles_with_lines, check_rounds
from benchmarks.publishers.second.sites import build_sites
from benchmarks.publishers.second.slots import Reading, Shown, Slot
from benchmarks.publishers.second.texts import text_languages, text_table
from benchmarks.publishers.served import ServedWorld
from benchmarks.publishers.stories import languages, phrases
from benchmarks.publishers.world import build_publishers
from storage.articles.stories import MAX_STORIES_PER_HOST

SLOTS = {
    "headlines": {"who", "place", "org", "topic", "n", "k", "day"},
    "lines": {"brand", "reporter", "n", "k", "p"},
}


def _words(page: bytes) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page.decode())).split())


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", languages())
def test_every_phrase_of_a_language_has_only_slots_that_are_filled(language: str) -> None:
    table = phrases(language)
    stories = [text for name in ("headlines", "deks", "captions", "corrections", "sentences")
               for text in table[name]]  # fmt: skip
    lines = [text for kind in (*LINE_KINDS, "figure") for text in table["lines"][kind]]
    assert set().union(*map(_slots, stories)) <= SLOTS["headlines"]
    assert set().union(*map(_slots, lines)) <= SLOTS["lines"]


def test_the_same_seed_builds_the_same_world() -> None:
    first, second = (build_publishers(3, rounds=4, seed=5) for _ in range(2))
    assert first == second
    assert first != build_publishers(3, rounds=4, seed=6)


def test_the_page_of_a_round_shows_the_edit_and_the_page_before_does_not() -> None:
    kinds = set()
    for publisher in build_publishers(16, rounds=5, seed=2):
        for article in publisher.articles:
            for number, edit in article.edits.items():
                kinds.add(edit.kind)
                before, after = (
                    _words(publisher.page(article, n, "http://news.example"))
                    for n in (number - 1, number)
                )
                assert " ".join(edit.before.split()) in before
                assert " ".join(edit.after.split()) in after
                assert before != after
    assert kinds == set(EDIT_KINDS)


def test_one_after_another_half_of_the_articles_show_a_campaign_a_round_later() -> None:
    campaigns = make_campaigns("Echo", "en", "one after another", rounds=6, rng=random.Random(3))
    start = min(number for number in campaigns.starts if number > 1)
    places = {(n, i): campaigns.places(n, i) for n in (start - 1, start, start + 1) for i in (0, 1)}
    assert places[start, 0] != places[start, 1] == places[start - 1, 1]
    assert places[start + 1, 0] == places[start + 1, 1]


def test_the_edits_of_a_story_reach_its_second_address() -> None:
    pairs = [
        (first, second)
        for publisher in build_publishers(8, rounds=3, seed=1)
        for first, second in itertools.combinations(publisher.articles, 2)
        if first.stories == second.stories
    ]
    assert pairs
    for first, second in pairs:
        assert first.path != second.path
        assert first.edits == second.edits


def test_hours_pass_between_two_rounds_on_the_clock_of_the_command(tmp_path: Path) -> None:
    world = ServedWorld(build_publishers(1, rounds=2, seed=1))
    with world.serving():
        check_rounds(world, variorum_tracker(tmp_path / "world.db", hours_apart=3), 2)
    with contextlib.closing(sqlite3.connect(tmp_path / "world.db")) as db:
        (hours,) = db.execute(
            "select 24 * (julianday(max(fetched_at)) - julianday(min(fetched_at))) from fetches"
        ).fetchone()
    assert 3 <= hours < 3.5


def test_the_tracker_tells_several_articles_of_one_host_apart(tmp_path: Path) -> None:
    world = ServedWorld(build_publishers(1, rounds=2, seed=1))
    edited = {a.path for a in world.publishers[0].articles if a.edits}
    with world.serving():
        checks = check_rounds(world, variorum_tracker(tmp_path / "world.db"), 2)
        _, number, round_number = VERSIONS_TO_READ[0]
        with_lines = articles_with_lines(tmp_path / "world.db", world, number, round_number)
    logged = {check.article.path for check in checks if check.is_logged}
    assert not [check.result.failure for check in checks if check.result.failure]
    assert edited <= logged
    assert set(with_lines) <= set(world.articles)


@pytest.mark.parametrize("language", text_languages())
def test_every_text_of_the_second_world_has_only_slots_that_are_filled(language: str) -> None:
    table = text_table(language)
    names = ("headlines", "deks", "captions", "corrections", "retractions", "stock", "sentences")
    lines = [text for texts in table["lines"].values() for text in texts]
    assert (
        set().union(*(map(_slots, [text for name in names for text in table[name]])))
        <= SLOTS["headlines"]
    )
    assert set().union(*map(_slots, lines)) <= {"brand", "n", "topic", "city"}


def test_the_same_seed_builds_the_same_second_world() -> None:
    first, second = (build_sites(3, rounds=4, seed=5) for _ in range(2))
    assert first == second
    assert first != build_sites(3, rounds=4, seed=6)


def test_a_page_of_the_second_world_shows_the_edit_of_its_round() -> None:
    for site in build_sites(16, rounds=5, seed=2):
        for article in site.articles:
            for number, edit in article.edits.items():
                before, after = (
                    _words(site.page(article, n, "http://news.example"))
                    for n in (number - 1, number)
                )
                assert " ".join(edit.before.split()) in before
                assert " ".join(edit.after.split()) in after
                assert before != after


def test_lines_of_the_second_world_change_by_request_by_section_and_by_age() -> None:
    shown = Shown(index=1, section=1, age=2, topic="", reporter="")
    slot = Slot("between", 2, "by request", (), (("one",), ("two",)), figure=1, growth=0)
    assert {slot.texts(Reading(1, n), shown) for n in range(20)} == {("one",), ("two",)}
    assert replace(slot, rhythm="section").texts(Reading(1), replace(shown, section=0)) == ()
    old = replace(slot, rhythm="old articles")
    assert (old.texts(Reading(1), shown), old.texts(Reading(1), replace(shown, age=9))) == ((), ("one",))  # fmt: skip


def test_the_cost_of_learning_is_printed_for_the_stories_that_a_host_keeps(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_learning_cost(MAX_STORIES_PER_HOST + 1, seed=1)
    rows = [line.replace(",", "").split() for line in capsys.readouterr().out.splitlines()[2:]]
    assert [row[0] for row in rows] == ["100", str(MAX_STORIES_PER_HOST + 1)]
    assert [row[7] for row in rows] == ["100", str(MAX_STORIES_PER_HOST)]
