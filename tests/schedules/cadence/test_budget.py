"""The threshold and the decay follow the budget and the edits."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from schedules.cadence.budget import (
    DECAY_FIT_EVERY,
    MIN_FIT_EDITS,
    THRESHOLD_RANGE,
    THRESHOLD_UPDATE_EVERY,
    Budget,
    budget_at,
    current_check_rate,
    next_threshold,
    update_check_rate,
)
from schedules.cadence.edit_rate import DEFAULT_DECAY, HORIZON_HOURS
from storage.queue.check_rate import (
    article_ages,
    edit_age_intervals,
    planned_checks_per_day,
    stored_check_rate,
    watched_spans,
)
from storage.timestamps import to_text

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def insert_articles(
    db: Database,
    count: int,
    *,
    age: timedelta = timedelta(hours=1),
    interval: timedelta = timedelta(hours=1),
    state: str = "active",
    every: str | None = None,
) -> None:
    """Articles of this age, checked at noon and next after this interval."""
    start = db["articles"].count
    for number in range(start, start + count):
        db["articles"].insert(
            {
                "url": f"https://a.example/{number}",
                "host": "a.example",
                "first_seen_at": to_text(NOON - age),
                "born_at": to_text(NOON - age),
                "checked_at": to_text(NOON),
                "next_check_at": to_text(NOON + interval),
                "state": state,
                "every": every,
            }
        )


def insert_edits(db: Database, count: int, *, age: timedelta = timedelta(hours=10)) -> None:
    """One article born at noon with `count` versions, each edited twice, an hour's check apart."""
    insert_articles(db, 1, age=timedelta(0))
    article_id = db.execute("select max(id) from articles").fetchone()[0]
    seen_after, seen_at = to_text(NOON + age), to_text(NOON + age + timedelta(hours=1))
    for number in range(1, count + 2):
        db["versions"].insert(
            {
                "article_id": article_id, "number": number, "seen_at": seen_at, "last_seen_at": seen_at,
                "headline": "Story", "body": "text", "content_hash": "", "extractor": "1",
            }
        )  # fmt: skip
    for number in range(1, count + 1):
        for old in ("a", "b"):
            db["edits"].insert(
                {
                    "article_id": article_id, "from_version": number, "to_version": number + 1,
                    "seen_after": seen_after, "seen_at": seen_at, "field": "body", "op": "replace",
                    "kind": "wording", "old": old, "new": "c",
                }
            )  # fmt: skip


@pytest.mark.parametrize(
    ("planned", "budget", "expected"),
    [
        (100, 100, 0.03),
        (200, 100, 0.03 * 2**0.3),
        (50, 100, 0.03 / 2**0.3),
        (1e6, 100, 0.045),
        (1, 1e6, 0.02),
        (0, 100, 0.03),
        (0.5, 0.25, 0.03 * 2**0.3),
        (100, 0, 0.6),
    ],
    ids=[
        "as is",
        "too many",
        "too few",
        "far too many",
        "far too few",
        "none planned",
        "less than one",
        "none allowed",
    ],
)
def test_the_threshold_moves_towards_the_budget(
    planned: float, budget: float, expected: float
) -> None:
    assert next_threshold(0.03, planned=planned, budget=budget) == pytest.approx(expected)


@given(st.floats(1e-4, 0.6), st.floats(0, 1e9), st.floats(0, 1e9))
def test_the_threshold_stays_within_its_bounds(
    threshold: float, planned: float, budget: float
) -> None:
    low_bound, high_bound = THRESHOLD_RANGE
    assert low_bound <= next_threshold(threshold, planned=planned, budget=budget) <= high_bound


def test_the_budget_of_an_article_adds_up_over_its_first_30_days() -> None:
    step = timedelta(minutes=30)
    ages = [step * (number + 0.5) for number in range(30 * 48)]
    assert sum(budget_at(age, 24) for age in ages) / 48 == pytest.approx(24, rel=0.02)
    assert budget_at(timedelta(hours=HORIZON_HOURS), 24) > 0
    assert budget_at(timedelta(hours=HORIZON_HOURS) + SECOND, 24) == 0


def test_the_first_threshold_follows_from_the_checks_per_article(db: Database) -> None:
    assert current_check_rate(db, Budget()).threshold == pytest.approx(2 / 3 / 24)
    assert current_check_rate(db, Budget(checks_per_article=48)).threshold == pytest.approx(
        2 / 3 / 48
    )
    assert current_check_rate(db, Budget(checks_per_article=1)).threshold == 0.5


def test_the_check_rate_has_the_users_bounds(db: Database) -> None:
    budget = Budget(floor=timedelta(minutes=7), ceiling=timedelta(days=3))
    for check_rate in (
        current_check_rate(db, budget),
        update_check_rate(db, budget, now=NOON),
        current_check_rate(db, budget),
    ):
        assert (check_rate.floor, check_rate.ceiling) == (budget.floor, budget.ceiling)
        assert check_rate.decay == DEFAULT_DECAY


def test_the_threshold_is_updated_every_ten_minutes(db: Database) -> None:
    insert_articles(db, 2)  # 48 checks a day
    budget = Budget(checks_per_day=24)
    first = update_check_rate(db, budget, now=NOON)
    assert first.threshold == pytest.approx(2 / 3 / 24)
    early = update_check_rate(db, budget, now=NOON + THRESHOLD_UPDATE_EVERY - SECOND)
    assert early == first == current_check_rate(db, budget)
    later = update_check_rate(db, budget, now=NOON + THRESHOLD_UPDATE_EVERY)
    assert later.threshold == pytest.approx(first.threshold * 2**0.3)
    assert current_check_rate(db, budget) == later


def test_an_update_in_the_future_does_not_hold(db: Database) -> None:
    insert_articles(db, 2)
    budget = Budget(checks_per_day=24)
    first = update_check_rate(db, budget, now=NOON + timedelta(days=400))
    assert update_check_rate(db, budget, now=NOON).threshold > first.threshold


def test_the_budget_per_article_allows_what_the_ages_ask_for(db: Database) -> None:
    """At half an hour 24 checks per article allow about 160 checks a day, more than the 24 planned."""
    insert_articles(db, 1, age=timedelta(minutes=30))
    first = update_check_rate(db, Budget(), now=NOON)
    later = update_check_rate(db, Budget(), now=NOON + THRESHOLD_UPDATE_EVERY)
    assert later.threshold == pytest.approx(first.threshold / 1.5)


def test_without_a_young_article_the_threshold_stays(db: Database) -> None:
    insert_articles(db, 1, age=timedelta(days=40))
    first = update_check_rate(db, Budget(), now=NOON)
    later = update_check_rate(db, Budget(), now=NOON + THRESHOLD_UPDATE_EVERY)
    assert later.threshold == first.threshold


def test_the_decay_is_fitted_every_day(db: Database) -> None:
    insert_edits(db, MIN_FIT_EDITS, age=timedelta(days=20))
    db.execute("update articles set checked_at = ?", [to_text(NOON + timedelta(days=30))])
    assert update_check_rate(db, Budget(), now=NOON).decay == DEFAULT_DECAY
    early = update_check_rate(db, Budget(), now=NOON + DECAY_FIT_EVERY - THRESHOLD_UPDATE_EVERY)
    assert early.decay == DEFAULT_DECAY
    later = update_check_rate(db, Budget(), now=NOON + DECAY_FIT_EVERY)
    assert later.decay != DEFAULT_DECAY
    assert later.decay.mass(0, 24) == pytest.approx(DEFAULT_DECAY.mass(0, 24))
    stored = stored_check_rate(db)
    assert stored is not None
    assert stored.fitted_at == to_text(NOON + DECAY_FIT_EVERY)


def test_with_few_edits_the_decay_stays(db: Database) -> None:
    insert_edits(db, MIN_FIT_EDITS - 1, age=timedelta(days=20))
    db.execute("update articles set checked_at = ?", [to_text(NOON + timedelta(days=30))])
    update_check_rate(db, Budget(), now=NOON)
    assert update_check_rate(db, Budget(), now=NOON + DECAY_FIT_EVERY).decay == DEFAULT_DECAY


@pytest.fixture
def mixed_db(db: Database) -> Database:
    """Two articles checked hourly, and others that do not count for the budget."""
    insert_articles(db, 1)
    insert_articles(db, 1, state="finished")
    insert_articles(db, 1, state="paused")
    insert_articles(db, 1, every="10m")
    insert_articles(db, 1, interval=-timedelta(hours=1))
    return db


def test_the_planned_checks_are_those_of_watched_articles_without_a_timetable(
    mixed_db: Database,
) -> None:
    assert planned_checks_per_day(mixed_db) == pytest.approx(48)


def test_an_interval_of_seconds_counts_as_a_minute(db: Database) -> None:
    insert_articles(db, 1, interval=SECOND)
    assert planned_checks_per_day(db) == pytest.approx(24 * 60)


def test_nothing_planned_is_zero(db: Database) -> None:
    assert planned_checks_per_day(db) == 0.0


def test_ages_are_counted_by_the_hour_and_then_by_the_day(db: Database) -> None:
    for age in (
        timedelta(hours=1.2),
        timedelta(hours=1.8),
        timedelta(hours=47.5),
        timedelta(hours=48.5),
        timedelta(days=2.9),
        timedelta(days=31),
        -timedelta(hours=2),
    ):
        insert_articles(db, 1, age=age)
    insert_articles(db, 1, age=timedelta(hours=1), state="paused")
    insert_articles(db, 1, age=timedelta(hours=1), every="10m")
    ages = {
        age / timedelta(hours=1): count
        for age, count in article_ages(db, NOON, max_age=timedelta(days=30))
    }
    assert ages == {1.5: 2, 47.5: 1, 60.0: 2}


def test_an_article_without_a_date_is_as_old_as_its_first_check(db: Database) -> None:
    insert_articles(db, 1, age=timedelta(hours=5.5))
    db.execute("update articles set born_at = null")
    ((age, count),) = article_ages(db, NOON, max_age=timedelta(days=30))
    assert (age, count) == (timedelta(hours=5.5), 1)


def test_the_edits_of_a_version_count_once_with_the_ages_around_them(db: Database) -> None:
    insert_edits(db, 3)
    intervals = edit_age_intervals(db, limit=10)
    assert len(intervals) == 3
    assert intervals[0] == pytest.approx((10.0, 11.0))
    assert len(edit_age_intervals(db, limit=2)) == 2


def test_an_edit_before_the_articles_date_counts_from_its_birth(db: Database) -> None:
    insert_edits(db, 1, age=-timedelta(minutes=30))
    assert edit_age_intervals(db, limit=10) == [(0.0, pytest.approx(0.5))]
    db.execute("update articles set born_at = ?", [to_text(NOON + timedelta(days=1))])
    assert edit_age_intervals(db, limit=10) == []
    db.execute("update articles set born_at = null")
    assert edit_age_intervals(db, limit=10) == []


def test_articles_are_counted_by_the_ages_at_which_they_were_watched(db: Database) -> None:
    insert_articles(db, 2, age=timedelta(hours=30))
    insert_articles(db, 1, age=timedelta(0))
    db.execute(
        "update articles set first_seen_at = ? where id = 1", [to_text(NOON - timedelta(hours=20))]
    )
    assert sorted(watched_spans(db, since=to_text(NOON))) == [(0.0, 30.0, 1), (10.0, 30.0, 1)]
    assert watched_spans(db, since=to_text(NOON + SECOND)) == []
