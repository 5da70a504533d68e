"""The time of the next check, from what this one saw. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from schedules.cadence import CheckRate
from schedules.cadence.edit_rate import EditRate, HostPrior, after_check
from schedules.cadence.plan import (
    NextCheck,
    next_confirmation,
    next_gone_check,
    next_retry,
    plan_check,
    soon_after_trouble,
    within_bounds,
)
from schedules.cadence.timetable import by_timetable
from schedules.cadence.wording import duration_text
from storage.articles.result import CheckResult, Plan, RateParameters
from storage.articles.state import ArticleState
from storage.diff.steady import MIN_STEADY_TIME, is_under_way
from storage.timestamps import parse_instant
from storage.vocabulary import NO_ARTICLE

# An older article counts as this old.
MAX_ARTICLE_AGE = timedelta(days=3650)
# A pending change is checked again within this time, and a text that may be no page noise within the second.
PENDING_RECHECK_WITHIN, STEADY_RECHECK_WITHIN = timedelta(hours=1), MIN_STEADY_TIME / 2


def with_next_check(
    state: ArticleState,
    result: CheckResult,
    *,
    now: datetime,
    wait: timedelta | None,
    check_rate: CheckRate,
) -> CheckResult:
    """The result with its plan: the next check, not before the host's `wait` is over."""
    born_at = _born_at(state, result, now)
    plan = Plan(late_seconds=_late_seconds(state, result), born_at=born_at)
    has_failed = result.outcome in NO_ARTICLE
    if result.outcome == "gone" or (state.status == "gone" and has_failed):
        gone_since = parse_instant(state.trouble.gone_since) or now
        check = within_bounds(next_gone_check(now - gone_since, now=now), check_rate, now=now)
    elif has_failed:
        failures = state.trouble.failures + 1
        check = within_bounds(next_retry(failures, now=now), check_rate, now=now)
    else:
        plan, check = _with_edit_rate(state, result, plan, now, born_at, check_rate)
        result = replace(result, status=_status(state, result, check))
        if since := parse_instant(state.trouble.since):
            check = soon_after_trouble(check, max(now - since, check_rate.floor), now=now)
    check = _with_exceptions(state, result, check, now=now, wait=wait)
    return replace(result, plan=replace(plan, next_check_at=check.at, reason=check.reason))


def _with_exceptions(
    state: ArticleState,
    result: CheckResult,
    check: NextCheck,
    *,
    now: datetime,
    wait: timedelta | None,
) -> NextCheck:
    """The next check, moved by the user's timetable, by what waits for it, or by the host."""
    if state.schedule.every:
        check = by_timetable(state.schedule.every, now=now)
    if result.unconfirmed:
        check = next_confirmation(state.trouble.failures, now=now)
    elif (
        result.pending and not state.exclusions.pending and check.at > now + PENDING_RECHECK_WITHIN
    ):
        reason = "checking again soon: a line changed that may be an ad or a counter"
        check = NextCheck(now + PENDING_RECHECK_WITHIN, reason)
    elif _has_steady_text(result) and check.at > now + STEADY_RECHECK_WITHIN:
        reason = "checking again soon: a text that came and went may be the article's"
        check = NextCheck(now + STEADY_RECHECK_WITHIN, reason)
    if wait and now + wait > check.at:
        check = NextCheck(now + wait, f"the host wants no request for {duration_text(wait)}")
    return check


def _has_steady_text(result: CheckResult) -> bool:
    """Whether the next checks decide whether a text that is left out or held back is the article's."""
    return result.has_variants or any(
        is_under_way(one) and one.text not in result.withdrawn for one in result.streaks
    )


def _late_seconds(state: ArticleState, result: CheckResult) -> float | None:
    """How long after its due time the check began; None if it was not due."""
    due_at = parse_instant(state.schedule.next_check_at)
    at = result.fetches[0].fetched_at
    return (at - due_at).total_seconds() if due_at and due_at <= at else None


def _with_edit_rate(
    state: ArticleState,
    result: CheckResult,
    plan: Plan,
    now: datetime,
    born_at: datetime,
    check_rate: CheckRate,
) -> tuple[Plan, NextCheck]:
    """The plan with what a check that saw the article says about its edit rate, and the next check."""
    schedule = state.schedule
    host_prior = HostPrior(schedule.host_edits.edited_checks, schedule.host_edits.expected)
    stored = schedule.edit_rate
    edit_rate = EditRate(stored.shape, stored.scale) if stored else host_prior.prior()
    expected_edits = 0.0
    seen_at = parse_instant(state.version.last_seen_at) if state.version else None
    if seen_at is not None:
        edit_rate, expected_edits = after_check(
            edit_rate, max(seen_at - born_at, timedelta(0)), now - born_at,
            was_edited=bool(result.edits), decay=check_rate.decay,
        )  # fmt: skip
    check = plan_check(
        edit_rate,
        host_prior,
        now=now,
        born_at=born_at,
        first_seen_at=parse_instant(schedule.first_seen_at) or now,
        edits=schedule.edited_checks + bool(result.edits),
        check_rate=check_rate,
    )
    rate = RateParameters(edit_rate.a, edit_rate.b)
    return replace(plan, edit_rate=rate, expected_edits=expected_edits), check


def _status(state: ArticleState, result: CheckResult, check: NextCheck) -> str | None:
    """The new status: an active article is finished once hardly any edit is expected."""
    if result.status or state.status not in ("active", "finished"):
        return result.status
    return "finished" if check.is_rare and not state.schedule.every else "active"


def _born_at(state: ArticleState, result: CheckResult, now: datetime) -> datetime:
    """When the article was published, if the page says so, else when a check first saw it."""
    article = result.article or state.article
    published_at = article.published_at if article else None
    first_seen_at = parse_instant(state.schedule.first_seen_at) or now
    if isinstance(published_at, datetime) and published_at < first_seen_at:
        return max(published_at, now - MAX_ARTICLE_AGE)
    return first_seen_at
