"""The time of the next look, from what this one was. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from schedules.cadence import (
    Habits,
    NextCheck,
    Pace,
    after_look,
    plan,
    retry,
    span,
    visit_gone,
    within,
)
from schedules.cadence.edit_rate import Belief
from schedules.cadence.timetable import by_timetable
from schedules.check.plausible import AGAIN
from storage.articles.result import DOUBT, Known, Look
from storage.articles.state import FAILURES
from storage.timestamps import moment_of

# Older than this an article need not be taken to be.
OLDEST = timedelta(days=3650)
# A change that waits to be seen again is looked for within this.
SETTLE = timedelta(hours=1)


def scheduled(
    known: Known, look: Look, *, now: datetime, wait: timedelta | None, pace: Pace
) -> Look:
    """The look with the time of the next one, not before the host's `wait` is over."""
    born_at = _born_at(known, look, now)
    failed = look.outcome in FAILURES
    if look.outcome == "gone" or (known.state == "gone" and failed):
        check = within(visit_gone(now=now), pace, now=now)
    elif failed:
        check = within(retry(known.failures + 1, now=now), pace, now=now)
    else:
        look, check = _learned(known, look, now=now, born_at=born_at, pace=pace)
    if known.every:
        check = by_timetable(known.every, now=now)
    if (look.reason or "").startswith(DOUBT):
        check = NextCheck(now + AGAIN, "to see whether it stands")
    elif look.suspects and not known.suspects and check.at > now + SETTLE:
        check = NextCheck(
            now + SETTLE, "a line has changed that may be the page's: to see it again"
        )
    if wait and now + wait > check.at:
        check = NextCheck(now + wait, f"the host asked to be left alone for {span(wait)}")
    return replace(
        look,
        next_check_at=check.at,
        next_check_reason=check.reason,
        born_at=born_at,
        late_seconds=_late(known, look),
    )


def _late(known: Known, look: Look) -> float | None:
    """How long after its time the look was; None where it was made by hand before that."""
    due_at = moment_of(known.next_check_at)
    at = look.fetches[0].fetched_at
    return (at - due_at).total_seconds() if due_at and due_at <= at else None


def _learned(
    known: Known, look: Look, *, now: datetime, born_at: datetime, pace: Pace
) -> tuple[Look, NextCheck]:
    """What a look that saw the article has shown of how much it is edited, and the next look."""
    habits = Habits(*known.habits)
    belief = Belief(*known.belief) if known.belief else habits.prior()
    mass = 0.0
    seen_at = moment_of(known.last_seen_at)
    if seen_at is not None:
        belief, mass = after_look(
            belief, max(seen_at - born_at, timedelta(0)), now - born_at,
            was_edited=bool(look.edits), course=pace.course,
        )  # fmt: skip
    check = plan(
        belief,
        habits,
        now=now,
        born_at=born_at,
        first_seen_at=moment_of(known.first_seen_at) or now,
        edits=known.edited_looks + bool(look.edits),
        pace=pace,
    )
    state = look.state
    if known.state in ("active", "finished") and not look.state:
        state = "finished" if check.is_rare and not known.every else "active"
    return replace(look, belief=(belief.a, belief.b), expected=mass, state=state), check


def _born_at(known: Known, look: Look, now: datetime) -> datetime:
    """When the article was published, as far as the page tells, else when it was first seen."""
    article = look.article or known.article
    published = article.published_at if article else None
    first_seen = moment_of(known.first_seen_at) or now
    if isinstance(published, datetime) and published < first_seen:
        return max(published, now - OLDEST)
    return first_seen
