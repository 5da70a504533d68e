"""History extracted again from the stored pages, as if today's extractor had been there all along."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

from schedules.cadence import CheckRate
from schedules.check.observe import Observation
from schedules.check.previous import Previous, last_page_text
from schedules.check.same_article import move_to_own_address
from schedules.replay import Visit, decide_missing, decide_visit, observe_visit
from scraper.article import Article
from scraper.extract import extractor_for
from scraper.extract.rules.rule import Rule
from scraper.http.completeness import PARTIAL_CONTENT
from scraper.recognise import PARTIAL_REASON
from scraper.urls import hostname
from storage.articles.load import host_exclusions
from storage.articles.replace import (
    ReplayedCheck,
    ReplayedHistory,
    ReplayedVersion,
    StoredCheck,
    restored_texts,
    stored_checks,
)
from storage.articles.result import Addresses, CheckResult, Fetch
from storage.articles.state import MISSING_STATUSES, ArticleState
from storage.database import Database, damage_located, open_existing
from storage.diff.disclosure import Disclosure
from storage.diff.noise.boilerplate import BoilerplateLine
from storage.diff.noise.exclusions import Exclusions
from storage.errors import DamagedError, RebuildError
from storage.queries.differences import Difference, difference
from storage.snapshots.store import load_snapshot
from storage.timestamps import to_text

# A process takes this many articles at a time, and this many times as many are read ahead. Their
# results wait in memory until the caller takes them.
ARTICLES_PER_TASK, TASKS_AHEAD = 20, 10
# The last page of an imported archive was recorded like this, though no other could confirm it.
LAST_WORD_OUTCOMES = ("edited", "restored")
NO_ARTICLE_SHOWN = "no stored page shows an article"
# What a check whose page is not stored did to `articles.state`.
STATUS_BY_OUTCOME = {"gone": "gone", "restored": "active"}


@dataclass(frozen=True, slots=True)
class ReplayedArticle:
    """An article extracted again.

    `difference` is what a rebuild would change, None if there is an `obstacle`: why it cannot be rebuilt.
    `replayed` is the history as it should be, None if neither that nor a check would change.
    """

    article_id: int
    url: str
    difference: Difference | None
    replayed: ReplayedHistory | None
    obstacle: str | None = None


def replay_all(
    path: Path,
    articles: Sequence[tuple[int, str]],
    rules: Sequence[Rule],
    *,
    jobs: int,
    compared_with: Path | None = None,
) -> Iterator[ReplayedArticle]:
    """Extract articles again, in their order, in `jobs` processes. The database is only read.

    The difference is from the history in the database at `compared_with`, by default the same one.

    Raises RebuildError if one of the processes is killed.
    """
    replay_article = partial(_replay_one, path, compared_with or path, tuple(rules))
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
            "one of the processes was killed, perhaps because memory ran out; what was rebuilt so far"
            " stays: run `variorum rebuild` again with fewer --jobs"
        ) from error


def _replay_one(
    path: Path,
    compared_with: Path,
    rules: tuple[Rule, ...],
    article: tuple[int, str],
) -> ReplayedArticle:
    try:
        with damage_located("its rows"):
            replayed = replay(_database(path), *article, rules)
            result = difference(_database(compared_with), replayed)
    except DamagedError as error:
        return ReplayedArticle(*article, None, None, str(error))
    if not replayed.versions:
        return ReplayedArticle(*article, None, None, NO_ARTICLE_SHOWN)
    is_changed = bool(result) or result.changed_evidence > 0 or result.changed_checks > 0
    return ReplayedArticle(*article, result, replayed if is_changed else None)


@cache
def _database(path: Path) -> Database:
    """The connection of this process."""
    return open_existing(path)


def replay(db: Database, article_id: int, url: str, rules: Sequence[Rule] = ()) -> ReplayedHistory:
    """Every check of an article decided again from its stored pages, oldest first.

    A check whose page is not stored keeps its outcome. Where today's extractor sees an edit that no
    second fetch confirmed then, the next stored page must confirm it. The last page of an imported
    archive is accepted as it is, as it was then. Lines that are now known to be the publisher's are left
    out from the first check on. The database is only read.
    """
    known = host_exclusions(db, hostname(url), article_id)
    exclusions = Exclusions(
        restored=restored_texts(db, article_id),
        boilerplate=known.boilerplate,
        restored_boilerplate=known.restored_boilerplate,
    )
    state = ArticleState(article_id, url, exclusions=exclusions)
    history = _History(db, url, tuple(rules), extractor_for(url, rules), state)
    checks = list(stored_checks(db, article_id))
    for position, check in enumerate(checks):
        history.replay_check(check, checks[position + 1 :])
    last_id = checks[-1].fetch_ids[-1] if checks else None
    return ReplayedHistory(
        article_id,
        url,
        tuple(history.versions),
        tuple(history.checks),
        last_id,
        history.state.status == "gone",
        tuple(history.boilerplate),
    )


@dataclass(slots=True)
class _History:
    """Owns the history of one article while it is replayed; `state` is its memory."""

    db: Database
    url: str
    rules: tuple[Rule, ...]
    extractor: str
    state: ArticleState
    versions: list[ReplayedVersion] = field(default_factory=list)
    checks: list[ReplayedCheck] = field(default_factory=list)
    boilerplate: list[BoilerplateLine] = field(default_factory=list)

    def replay_check(self, check: StoredCheck, later: Sequence[StoredCheck]) -> None:
        """Decide one check again, and remember it."""
        if check.snapshot_id is None:
            self._replay_without_page(check)
            return
        load = partial(load_snapshot, self.db)
        previous = Previous(self.state, last_page_text(self.state, load))
        visit = self._visit(check, later)
        known_sha256 = self.state.known_sha256
        first = observe_visit(previous, visit, visit.page, self.rules, known_sha256)
        result = self._decide(previous, check, visit, first)
        # A later check's page may confirm an edit, but is no part of this check.
        fetches = result.fetches[: len(check.fetch_ids)]
        self._remember(check, replace(result, fetches=fetches))
        version = len(self.versions) if result.shows_version else None
        for fetch_id in check.fetch_ids:
            self.checks.append(
                ReplayedCheck(fetch_id, result.outcome, result.reason, result.sketch, version)
            )

    def _replay_without_page(self, check: StoredCheck) -> None:
        """A check whose page is not stored: as it was recorded, unless its row alone says otherwise now.

        A part of a page is no article, and an address that is missing for a while is not gone.
        """
        result = self._decide_without_page(check)
        self.checks += [
            ReplayedCheck(fetch_id, result.outcome, result.reason, result.sketch, None)
            for fetch_id in check.fetch_ids
        ]
        self._remember(check, result)

    def _decide_without_page(self, check: StoredCheck) -> CheckResult:
        if check.http_status in MISSING_STATUSES:
            previous = Previous(
                self.state, last_page_text(self.state, partial(load_snapshot, self.db))
            )
            return decide_missing(
                self.db, previous, check.url, check.http_status, at=check.fetched_at
            )
        result = _as_recorded(check)
        if check.http_status == PARTIAL_CONTENT:
            return replace(result, outcome="failed", reason=PARTIAL_REASON)
        if check.outcome == "restored" and self.state.status != "gone":
            return replace(result, outcome="unchanged", reason=None)
        return result

    def _decide(
        self, previous: Previous, check: StoredCheck, visit: Visit, first: Observation
    ) -> CheckResult:
        """What a check comes to now; one that moved the article saw another copy of it, and no edit."""
        if check.outcome != "moved" or self.state.version is None or first.content is None:
            return decide_visit(self.db, previous, visit, first, self.rules)
        result = move_to_own_address(previous, first, now=visit.at, check_rate=CheckRate())
        return replace(result, reason=check.reason, addresses=Addresses())

    def _visit(self, check: StoredCheck, later: Sequence[StoredCheck]) -> Visit:
        assert check.snapshot_id is not None
        later_ids = (stored.snapshot_id for stored in later if stored.snapshot_id is not None)
        confirming_id = check.second_snapshot_id or next(later_ids, None)
        return Visit(
            check.url,
            check.fetched_at,
            load_snapshot(self.db, check.snapshot_id),
            lambda: None if confirming_id is None else load_snapshot(self.db, confirming_id),
            check.outcome in LAST_WORD_OUTCOMES,
        )

    def _remember(self, check: StoredCheck, result: CheckResult) -> None:
        """Go on as after this check was recorded."""
        before = self.state
        self.state = before.after(
            result,
            extractor=self.extractor,
            snapshot_ids=(check.snapshot_id, check.second_snapshot_id)[: len(result.fetches)],
        )
        version = self.state.version
        if self.state.exclusions.boilerplate != before.exclusions.boilerplate:
            self.boilerplate += result.boilerplate
        if result.article is not None:
            self._add_versions(check, result, result.article, before)
        elif version is not None:
            self.versions[-1] = replace(self.versions[-1], last_seen_at=version.last_seen_at)

    def _add_versions(
        self, check: StoredCheck, result: CheckResult, article: Article, before: ArticleState
    ) -> None:
        """Add what a check brought: a version, after what changed with the template of the site."""
        at, base = to_text(check.fetched_at), before.version
        seen_after = base.last_seen_at if base else at
        is_technical = result.outcome in ("technical", "moved")
        if base and result.technical is not None:
            self.versions.append(
                ReplayedVersion(
                    result.technical, seen_after, seen_after, base.snapshot_id, (), Disclosure(),
                    seen_after, technical=True, template_fields=result.template_fields,
                )
            )  # fmt: skip
        self.versions.append(
            ReplayedVersion(
                article, at, at, check.snapshot_id, result.edits, result.disclosure, seen_after,
                technical=is_technical, template_fields=result.template_fields if is_technical else (),
            )
        )  # fmt: skip


def _as_recorded(check: StoredCheck) -> CheckResult:
    """A check whose page is not stored, as it was recorded."""
    return CheckResult(
        check.url,
        check.outcome,
        tuple(Fetch(check.url, check.fetched_at, check.http_status) for _ in check.fetch_ids),
        reason=check.reason,
        sketch=check.sketch,
        status=STATUS_BY_OUTCOME.get(check.outcome),
    )
