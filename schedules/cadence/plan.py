"""The next check of one article, with a sentence that says why it is then."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schedules.cadence import RARE_CHECK_AGE_FACTOR, RARE_CHECK_INTERVAL, CheckRate, next_check
from schedules.cadence.edit_rate import HORIZON_HOURS, EditRate, HostPrior
from schedules.cadence.wording import clock_text, duration_text, share_text, times_text

# An article that was old when it was first checked is checked again within this.
FIRST_CHECK_INTERVAL = timedelta(days=1)
# After a check that shows no article the next one comes after this, then after twice as long each time.
FIRST_RETRY_INTERVAL = timedelta(minutes=10)
MAX_RETRY_INTERVAL = timedelta(days=1)
MAX_RETRY_DOUBLINGS = 10
# A drastic change is checked again after this, then after twice as long each time up to the second. After so many checks,
# most of a day, the site is at fault: the third.
FIRST_CONFIRMATION, MAX_CONFIRMATION_INTERVAL = timedelta(minutes=5), timedelta(hours=2)
MAX_CONFIRMATIONS, WRONG_PAGE_INTERVAL = 12, timedelta(hours=6)
# After trouble that lasted so long, an article is checked again within as long: its edits may have waited for the end.
MIN_LONG_TROUBLE = timedelta(hours=6)
# An article that is gone is checked again after as long as it has been gone, within these.
MIN_GONE_INTERVAL, MAX_GONE_INTERVAL = timedelta(hours=3), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NextCheck:
    """The time of the next check and a sentence that says why; `is_rare` if no edit is expected any more."""

    at: datetime
    reason: str
    is_rare: bool = False


def plan_check(
    edit_rate: EditRate,
    host_prior: HostPrior,
    *,
    now: datetime,
    born_at: datetime,
    first_seen_at: datetime,
    edits: int,
    check_rate: CheckRate,
) -> NextCheck:
    """The next check of an article whose page was read just now and that was edited `edits` times so far.

    >>> noon = datetime.fromisoformat("2026-05-14T12:00Z")
    >>> times = {"now": noon, "born_at": noon - timedelta(hours=2), "first_seen_at": noon - timedelta(hours=2)}
    >>> plan_check(EditRate(2, 1), HostPrior(), **times, edits=2, check_rate=CheckRate()).reason
    '2 h old, edited twice; this publisher edits 25 % of its articles after 2 h; next check 12:15'
    """
    age = max(now - born_at, timedelta(0))
    check_rate = _with_first_ceiling(check_rate, age, max(now - first_seen_at, timedelta(0)))
    due_age = next_check(edit_rate, age, check_rate.threshold, check_rate=check_rate)
    at = born_at + due_age if now >= born_at else now + due_age
    reason = (
        f"{_history_text(host_prior, age, edits, check_rate)}; next check {clock_text(at, now)}"
    )
    return NextCheck(at, reason, is_rare=at - now >= min(RARE_CHECK_INTERVAL, check_rate.ceiling))


def _with_first_ceiling(check_rate: CheckRate, age: timedelta, watched_for: timedelta) -> CheckRate:
    """Check an article sooner that was old when it was first checked: nobody knows its edit rate yet."""
    if watched_for >= age / 2:
        return check_rate
    first_ceiling = max(FIRST_CHECK_INTERVAL, watched_for * RARE_CHECK_AGE_FACTOR)
    return replace(check_rate, ceiling=min(check_rate.ceiling, first_ceiling))


def _history_text(host_prior: HostPrior, age: timedelta, edits: int, check_rate: CheckRate) -> str:
    hours = age / timedelta(hours=1)
    remaining_mass = check_rate.decay.mass(hours, max(hours, HORIZON_HOURS))
    later_chance = host_prior.prior().chance_of_edit(remaining_mass)
    edits_text = f"edited {times_text(edits)}" if edits else "no edit yet"
    return (
        f"{duration_text(age)} old, {edits_text}; this publisher edits {share_text(later_chance)}"
        f" of its articles after {duration_text(age)}"
    )


def next_retry(failures: int, *, now: datetime) -> NextCheck:
    """The next check after `failures` checks in a row that showed no article.

    >>> next_retry(3, now=datetime.fromisoformat("2026-05-14T12:00Z")).reason
    'the last 3 checks showed no article; next check in 40 min'
    """
    doublings = min(failures - 1, MAX_RETRY_DOUBLINGS)
    wait = min(FIRST_RETRY_INTERVAL * 2**doublings, MAX_RETRY_INTERVAL)
    checks = "the last check" if failures == 1 else f"the last {failures} checks"
    return NextCheck(now + wait, f"{checks} showed no article; next check in {duration_text(wait)}")


def next_confirmation(failures: int, *, now: datetime) -> NextCheck:
    """The next check of a drastic change, after `failures` checks in a row that showed no article before.

    >>> noon = datetime.fromisoformat("2026-05-14T12:00Z")
    >>> [next_confirmation(failures, now=noon).at.strftime("%H:%M") for failures in (0, 1, 2, 9, 30)]
    ['12:05', '12:10', '12:20', '14:00', '18:00']
    """
    if failures >= MAX_CONFIRMATIONS:
        wait = WRONG_PAGE_INTERVAL
    else:
        wait = min(FIRST_CONFIRMATION * 2**failures, MAX_CONFIRMATION_INTERVAL)
    return NextCheck(
        now + wait, f"checking again in {duration_text(wait)} to confirm a drastic change"
    )


def soon_after_trouble(check: NextCheck, trouble: timedelta, *, now: datetime) -> NextCheck:
    """The next check of an article that is there again, after `trouble` during which it was not.

    What was not edited while the site was broken is edited after that, whatever the age of the article.

    >>> noon = datetime.fromisoformat("2026-05-14T12:00Z")
    >>> planned = NextCheck(noon + timedelta(days=10), "3 d old, no edit yet")
    >>> soon_after_trouble(planned, timedelta(hours=30), now=noon).reason
    'the page is back after 30 h of trouble; next check in 30 h'
    """
    if trouble < MIN_LONG_TROUBLE or check.at <= now + trouble:
        return check
    wait = duration_text(trouble)
    return NextCheck(
        now + trouble, f"the page is back after {wait} of trouble; next check in {wait}"
    )


def next_gone_check(gone_for: timedelta, *, now: datetime) -> NextCheck:
    """The next check of an article that its publisher deleted: within hours, then within days.

    >>> noon = datetime.fromisoformat("2026-05-14T12:00Z")
    >>> [next_gone_check(timedelta(hours=hours), now=noon).reason for hours in (0, 24)]
    ['the article is gone; next check in 3 h', 'the article is gone; next check in 24 h']
    """
    wait = min(max(gone_for, MIN_GONE_INTERVAL), MAX_GONE_INTERVAL)
    return NextCheck(now + wait, f"the article is gone; next check in {duration_text(wait)}")


def within_bounds(check: NextCheck, check_rate: CheckRate, *, now: datetime) -> NextCheck:
    """The next check, moved to the floor or the ceiling that the user has set if it lies beyond."""
    at = min(max(check.at, now + check_rate.floor), now + check_rate.ceiling)
    if at == check.at:
        return check
    reason = f"{check.reason} (moved to {clock_text(at, now)} by your floor or ceiling)"
    return NextCheck(at, reason)
