"""Whether an article is gone, or its server only says so for a while."""

from datetime import datetime, timedelta

from schedules.cadence.wording import duration_text
from storage.articles.state import ArticleState
from storage.queries.host_answers import HostAnswers
from storage.timestamps import parse_instant

GONE = 410
# How long an address must be missing. While other articles of the host are there, a fault of the whole
# site is out of the question; without them it must outlast a fault, and if most of them are missing, too,
# a long one.
MIN_MISSING_BESIDE_OTHERS = timedelta(hours=6)
MIN_MISSING_ALONE = timedelta(hours=12)
MIN_MISSING_UNPROVEN = timedelta(hours=36)
MIN_MISSING_WITH_OTHERS = timedelta(days=7)


def min_missing(status: int, host: HostAnswers) -> timedelta:
    """How long an address must answer 404 or 410 before its article counts as gone.

    >>> min_missing(410, HostAnswers(articles=9, there=5)), min_missing(404, HostAnswers(articles=9, there=5))
    (datetime.timedelta(0), datetime.timedelta(seconds=21600))
    """
    if host.missing and host.missing >= host.there:
        return MIN_MISSING_WITH_OTHERS
    if status == GONE:
        return timedelta(0)
    if host.there:
        return MIN_MISSING_BESIDE_OTHERS
    return MIN_MISSING_UNPROVEN if host.articles else MIN_MISSING_ALONE


def is_gone(state: ArticleState, status: int, host: HostAnswers, *, now: datetime) -> bool:
    """Whether an article whose address answers 404 or 410 at a check counts as gone."""
    if state.article_id is None:
        return False
    if state.status == "gone":
        return True
    missing_since = parse_instant(state.trouble.missing_since) or now
    return now - missing_since >= min_missing(status, host)


def missing_reason(state: ArticleState, status: int, host: HostAnswers) -> str:
    """What happened to an article that is missing and not gone yet, and what Variorum does next."""
    name = "410 Gone" if status == GONE else "404 Not Found"
    if state.article_id is None:
        return name
    wait = duration_text(min_missing(status, host))
    since = state.trouble.missing_since
    if host.missing and host.missing >= host.there:
        others = f", as are {host.missing} other articles of the host"
    else:
        others = ""
    return (
        f"{name}{f' since {since}' if since else ''}{others}; the article counts as gone once this has"
        f" lasted {wait}, and Variorum keeps checking"
    )
