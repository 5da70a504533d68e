"""History read again from the stored pages, as if today's extractor had been there all along."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

from schedules.check.decide import (
    PreviousPage,
    decide,
    needs_confirmation,
    with_previous_classification,
)
from schedules.check.observe import Observation, Request, observe
from scraper.article import Article
from scraper.extract.rules.rule import Rule
from scraper.fetch import Response
from storage.articles.content import content_hash
from storage.articles.replace import (
    Difference,
    ReplayedCheck,
    ReplayedHistory,
    ReplayedVersion,
    StoredCheck,
    difference,
    restored_texts,
    stored_checks,
)
from storage.articles.result import DOUBT, ArticleState, CheckResult
from storage.database import Database, open_existing
from storage.errors import RebuildError
from storage.snapshots.store import Snapshot, load_snapshot
from storage.timestamps import to_text
from storage.vocabulary import STILL_THERE

SNAPSHOT_STATUS = 200
# So many articles are handed to a process at a time; and no more are read ahead of who takes them, since
# memory holds them until then.
ARTICLES_PER_TASK, TASKS_AHEAD = 20, 10
# The last page of an archive, which no other could confirm, was recorded so when it was imported.
UNCONFIRMED_OUTCOMES = ("edited", "restored")


@dataclass(slots=True)
class _History:
    """What the replay knows so far; it is what the database would have held then."""

    previous: ArticleState
    page: Snapshot | None = None
    restored_texts: frozenset[str] = frozenset()
    versions: list[ReplayedVersion] = field(default_factory=list)
    checks: list[ReplayedCheck] = field(default_factory=list)

    def apply(self, stored: StoredCheck, check: CheckResult, first: Observation) -> None:
        """Go on as after this look was recorded."""
        at = to_text(stored.fetched_at)
        if check.article is not None:
            self._add_version(check.article, check, stored.snapshot_id, at)
        elif check.outcome in STILL_THERE and not check.pending:
            self.mark_seen(at)
        if check.shows_version:
            self.page = first.fetch.snapshot
            self.previous = replace(
                self.previous,
                page_id=stored.snapshot_id,
                page_sha256=first.fetch.sha256,
                last_modified=first.fetch.last_modified,
                container_path=first.fetch.fingerprint.container_path
                if first.fetch.fingerprint
                else None,
            )
        new_noise = {noise.text for noise in check.volatile} - self.restored_texts
        after = {noise.after for noise in check.volatile if noise.after is not None}
        updates_pending = check.outcome in ("edited", "restored", "unchanged")
        self.previous = replace(
            self.previous,
            pending=check.pending if updates_pending else self.previous.pending,
            volatile=self.previous.volatile | new_noise,
            volatile_after=self.previous.volatile_after | after,
            state=check.state or self.previous.state,
            unconfirmed_since=at if (check.reason or "").startswith(DOUBT) else None,
        )
        version = len(self.versions) if check.shows_version else None
        for fetch_id in stored.fetch_ids:
            self.checks.append(ReplayedCheck(fetch_id, check.outcome, check.reason, version))

    def mark_seen(self, at: str) -> None:
        """The last version was seen to stand."""
        if self.versions:
            self.versions[-1] = replace(self.versions[-1], last_seen_at=at)
            self.previous = replace(self.previous, last_seen_at=at)

    def _add_version(
        self, article: Article, check: CheckResult, snapshot_id: int | None, at: str
    ) -> None:
        seen_after = self.previous.last_seen_at or at
        self.versions.append(
            ReplayedVersion(article, at, at, snapshot_id, check.edits, check.disclosure, seen_after)
        )
        self.previous = replace(
            self.previous,
            version=len(self.versions),
            article=article,
            content_hash=content_hash(article),
            seen_at=at,
            last_seen_at=at,
        )


@dataclass(frozen=True, slots=True)
class ReplayedArticle:
    """An article read again: what a rebuild would change and, where it would, the history as it should
    be; None where no stored page shows an article."""

    article_id: int
    url: str
    difference: Difference | None
    replayed: ReplayedHistory | None


def replay_all(
    path: Path, articles: Sequence[tuple[int, str]], rules: Sequence[Rule], *, jobs: int
) -> Iterator[ReplayedArticle]:
    """Read articles again, in their order, with so many processes; the database is only read.

    Raises RebuildError where one of the processes is killed.
    """
    replay_article = partial(_replay_one, path, tuple(rules))
    if jobs == 1:
        yield from map(replay_article, articles)
        return
    ahead = jobs * ARTICLES_PER_TASK * TASKS_AHEAD
    try:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as processes:
            for start in range(0, len(articles), ahead):
                yield from processes.map(
                    replay_article, articles[start : start + ahead], chunksize=ARTICLES_PER_TASK
                )
    except BrokenProcessPool as error:
        raise RebuildError(
            "a process that read was ended from outside, for want of memory perhaps; what was rewritten"
            " stays: rebuild once more, with fewer --jobs"
        ) from error


def _replay_one(path: Path, rules: tuple[Rule, ...], article: tuple[int, str]) -> ReplayedArticle:
    db = _database(path)
    replayed = replay(db, *article, rules)
    if not replayed.versions:
        return ReplayedArticle(*article, None, None)
    result = difference(db, replayed)
    return ReplayedArticle(*article, result, replayed if result else None)


@cache
def _database(path: Path) -> Database:
    """One connection for each process that reads."""
    return open_existing(path)


def replay(db: Database, article_id: int, url: str, rules: Sequence[Rule] = ()) -> ReplayedHistory:
    """Every look at an article decided anew from its stored pages, in the order of time.

    A look whose page is not stored stands as it was recorded. Where today's extractor sees an
    edit that no second request confirmed then, the next stored page confirms it or does not; the
    last page of an imported archive counts at its word, as it did then.
    The database is only read.
    """
    history = _History(
        ArticleState(article_id=article_id, url=url), restored_texts=restored_texts(db, article_id)
    )
    stored = list(stored_checks(db, article_id))
    for at, check in enumerate(stored):
        if check.snapshot_id is None:
            if check.outcome == "gone":
                history.previous = replace(history.previous, state="gone")
            elif check.outcome in STILL_THERE:
                history.mark_seen(to_text(check.fetched_at))
            continue
        first = _observe_snapshot(db, history, check, check.snapshot_id, url, rules)
        second = None
        if needs_confirmation(history.previous, first):
            confirming_id = check.second_snapshot_id or _next_snapshot_id(stored[at + 1 :])
            if confirming_id is not None:
                second = _observe_snapshot(db, history, check, confirming_id, url, rules)
            elif check.outcome in UNCONFIRMED_OUTCOMES:
                second = first
        decision = decide(history.previous, first, second, now=check.fetched_at)
        if second is None and needs_confirmation(history.previous, first):
            # Its edit waits for another page: the next look must not go by this one.
            decision = replace(decision, shows_version=False)
        history.apply(check, decision, first)
    last = stored[-1].fetch_ids[-1] if stored else None
    return ReplayedHistory(article_id, url, tuple(history.versions), tuple(history.checks), last)


def _observe_snapshot(
    db: Database,
    history: _History,
    check: StoredCheck,
    snapshot_id: int,
    url: str,
    rules: Sequence[Rule],
) -> Observation:
    snapshot = load_snapshot(db, snapshot_id)
    page = Response(
        check.url, check.url, SNAPSHOT_STATUS, dict(snapshot.headers), snapshot.raw, 0, ()
    )
    request = Request(url, rules=tuple(rules), container_path=history.previous.container_path)
    result = observe(request, check.fetched_at, page)
    last = history.page
    return with_previous_classification(
        history.previous, result, PreviousPage((lambda: last) if last else None, url)
    )


def _next_snapshot_id(later_checks: list[StoredCheck]) -> int | None:
    return next(
        (check.snapshot_id for check in later_checks if check.snapshot_id is not None), None
    )
