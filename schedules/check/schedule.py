"""The time of the next look, from what this one was. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from schedules.cadence import CheckRate
from schedules.cadence.edit_rate import EditRate, HostPrior, after_check
from schedules.cadence.plan import (
    NextCheck,
    next_gone_check,
    next_retry,
    plan_check,
    within_bounds,
)
from schedules.cadence.timetable import by_timetable
from schedules.cadence.wording import duration_text
from schedules.check.plausible import CONFIRM_AFTER
from storage.articles.result import DOUBT, ArticleState, CheckResult
from storage.timestamps import parse_instant
from storage.vocabulary import NO_ARTICLE

# Older than this an article need not be taken to be.
MAX_ARTICLE_AGE = timedelta(days=3650)
# A change that waits to be seen again is looked for within this.
PENDING_RECHECK_WITHIN = timedelta(hours=1)


def with_next_check(
    previous: ArticleState,
    result: CheckResult,
    *,
    now: datetime,
    wait: timedelta | None,
    check_rate: CheckRate,
) -> CheckResult:
    """The look with the time of the next one, not before the host's `wait` is over."""
    born_at = _born_at(previous, result, now)
    has_failed = result.outcome in NO_ARTICLE
    if result.outcome == "gone" or (previous.state == "gone" and has_failed):
        check = within_bounds(next_gone_check(now=now), check_rate, now=now)
    elif has_failed:
        check = within_bounds(next_retry(previous.failures + 1, now=now), check_rate, now=now)
    else:
        result, check = _with_edit_rate(
            previous, result, now=now, born_at=born_at, check_rate=check_rate
        )
    if previous.every:
        check = by_timetable(previous.every, now=now)
    if (result.reason or "").startswith(DOUBT):
        check = NextCheck(now + CONFIRM_AFTER, "to see whether it stands")
    elif result.pending and not previous.pending and check.at > now + PENDING_RECHECK_WITHIN:
        check = NextCheck(
            now + PENDING_RECHECK_WITHIN,
            "a line has changed that may be the page's: to see it again",
        )
    if wait and now + wait > check.at:
        check = NextCheck(now + wait, f"the host asked to be left alone for {duration_text(wait)}")
    return replace(
        result,
        next_check_at=check.at,
        next_check_reason=check.reason,
        born_at=born_at,
        late_seconds=_late_seconds(previous, result),
    )


def _late_seconds(previous: ArticleState, result: CheckResult) -> float | None:
    """How long after its time the look was; None where it was made by hand before that."""
    due_at = parse_instant(previous.next_check_at)
    at = result.fetches[0].fetched_at
    return (at - due_at).total_seconds() if due_at and due_at <= at else None


def _with_edit_rate(
    previous: ArticleState,
    result: CheckResult,
    *,
    now: datetime,
    born_at: datetime,
    check_rate: CheckRate,
) -> tuple[CheckResult, NextCheck]:
    """What a look that saw the article has shown of how much it is edited, and the next look."""
    host_prior = HostPrior(*previous.host_prior)
    edit_rate = EditRate(*previous.edit_rate) if previous.edit_rate else host_prior.prior()
    mass = 0.0
    seen_at = parse_instant(previous.last_seen_at)
    if seen_at is not None:
        edit_rate, mass = after_check(
            edit_rate, max(seen_at - born_at, timedelta(0)), now - born_at,
            was_edited=bool(result.edits), decay=check_rate.decay,
        )  # fmt: skip
    check = plan_check(
        edit_rate,
        host_prior,
        now=now,
        born_at=born_at,
        first_seen_at=parse_instant(previous.first_seen_at) or now,
        edits=previous.edited_checks + bool(result.edits),
        check_rate=check_rate,
    )
    state = result.state
    if previous.state in ("active", "finished") and not result.state:
        state = "finished" if check.is_rare and not previous.every else "active"
    return replace(result, edit_rate=(edit_rate.a, edit_rate.b), expected=mass, state=state), check


def _born_at(previous: ArticleState, result: CheckResult, now: datetime) -> datetime:
    """When the article was published, as far as the page tells, else when it was first seen."""
    article = result.article or previous.article
    published_at = article.published_at if article else None
    first_seen_at = parse_instant(previous.first_seen_at) or now
    if isinstance(published_at, datetime) and published_at < first_seen_at:
        return max(published_at, now - MAX_ARTICLE_AGE)
    return first_seen_at
