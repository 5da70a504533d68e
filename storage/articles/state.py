"""What the database holds of an article, and what it holds after a check. Pure.

`load.article_state` reads an `ArticleState`, a check is decided against it, and `record` writes
the result. `ArticleState.after` gives the same state without a database: a rebuild decides
hundreds of checks in a row and writes once. `tests/storage/test_state.py` compares the two ways.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from scraper.article import Article
from storage.articles.result import CheckResult, HostEdits, RateParameters
from storage.articles.versions import content_hash
from storage.diff.noise.boilerplate import boilerplate_of
from storage.diff.noise.exclusions import Exclusions, PageNoise, PendingLine
from storage.diff.noise.pieces import text_lines
from storage.timestamps import parse_timestamp, publisher_text, to_text
from storage.vocabulary import ARTICLE_THERE, NO_ARTICLE, STILL_THERE

# With these outcomes a check compared the page with the last version, and so decided on every
# pending text.
COMPARED_OUTCOMES = frozenset({"edited", "restored", "unchanged", "technical"})
# This many checks without the article are read back: days of them, even if it is checked each minute.
MAX_FAILED_CHECKS = 5_000
MISSING_STATUSES = frozenset({404, 410})
# Page noise kept per article: a page that differs in every response would add some at each check.
MAX_VOLATILE_PER_ARTICLE = 60


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """The latest version: a row of `versions`.

    `earlier_lines` are those of the version that the check before saw. `was_compared` says that a later
    check found this version again, apart from what it held back.
    """

    number: int
    article: Article
    content_hash: str
    extractor: str
    snapshot_id: int | None
    seen_at: str
    last_seen_at: str
    earlier_lines: frozenset[str] = frozenset()
    was_compared: bool = False

    @property
    def was_seen_again(self) -> bool:
        """Whether a later check has seen all of this version."""
        return self.seen_at != self.last_seen_at

    @property
    def is_just_edited(self) -> bool:
        """Whether an edit made this version, and no check has seen it since."""
        return self.number > 1 and not self.was_seen_again

    @property
    def lines(self) -> frozenset[str]:
        """The lines of its body and captions, as a reader sees them."""
        return text_lines(self.article)

    def established_lines(self, pending: Iterable[PendingLine]) -> frozenset[str]:
        """The lines that more than one check saw.

        A check that held lines back saw all others: those that these replaced were gone.
        """
        if self.was_seen_again:
            return self.lines
        if not self.was_compared:
            return self.earlier_lines
        replaced = {line for entry in pending for line in (*entry.replaced_lines, entry.old_line)}
        return self.earlier_lines | (self.lines - replaced)


@dataclass(frozen=True, slots=True)
class LastPage:
    """The last response that showed the article: a row of `last_pages`.

    `snapshot_id` is the last such page that is stored, `sha256` the hash of the last one.
    """

    fetched_at: str | None = None
    snapshot_id: int | None = None
    sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """How one check that did not show the article ended, by its first request.

    `sketch` is of what it showed instead, if that waits for later checks.
    """

    at: str
    http_status: int | None
    outcome: str
    sketch: str | None = None

    @property
    def is_missing(self) -> bool:
        """Whether the server said that there is nothing at the address."""
        return self.http_status in MISSING_STATUSES

    @property
    def has_page(self) -> bool:
        """Whether the server sent a page, if not the article."""
        return self.http_status is not None and 200 <= self.http_status < 300


@dataclass(frozen=True, slots=True)
class Trouble:
    """The checks since the article was last there, at most `MAX_FAILED_CHECKS`, the newest first."""

    checks: tuple[FailedCheck, ...] = ()

    @property
    def failures(self) -> int:
        """How many checks in a row saw no article."""
        return len(list(takewhile(lambda check: check.outcome in NO_ARTICLE, self.checks)))

    @property
    def since(self) -> str | None:
        """Since when no check showed the article; None if the last one did."""
        return _first_at(self.checks)

    @property
    def missing_since(self) -> str | None:
        """Since when the address is missing (404 or 410); None if it was not, or if a page came since.

        A server that fails or does not answer says nothing about the article.
        """
        checks = takewhile(lambda check: not check.has_page, self.checks)
        return _first_at(check for check in checks if check.is_missing)

    @property
    def gone_since(self) -> str | None:
        """Since when the article is gone, or missing; None if no check found it so."""
        return _first_at(check for check in self.checks if check.is_missing or check.outcome == "gone")  # fmt: skip

    @property
    def unconfirmed_since(self) -> str | None:
        """Since when every check was unconfirmed; None if the last was not."""
        return _first_at(takewhile(lambda check: check.sketch is not None, self.checks))


def _first_at(newest_first: Iterable[FailedCheck]) -> str | None:
    """The time of the earliest of these checks; None if there is none."""
    checks = list(newest_first)
    return checks[-1].at if checks else None


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the time of the next check depends on.

    `edited_checks` counts the checks that saw an edit. `every` is the user's own timetable.
    """

    first_seen_at: str | None = None
    changed_at: str | None = None
    edited_checks: int = 0
    edit_rate: RateParameters | None = None
    host_edits: HostEdits = field(default_factory=HostEdits)
    every: str | None = None
    next_check_at: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleState:
    """What the database holds of an article before a check.

    `status` is the column `articles.state`. `version` is None until a check has seen the article.
    `validators_hid_edit_at` is when a check of its host found an edit that a 304 would have hidden.
    """

    article_id: int | None = None
    url: str | None = None
    status: str = "active"
    version: StoredVersion | None = None
    last_page: LastPage = field(default_factory=LastPage)
    exclusions: Exclusions = field(default_factory=Exclusions)
    trouble: Trouble = field(default_factory=Trouble)
    schedule: Schedule = field(default_factory=Schedule)
    validators_hid_edit_at: str | None = None

    @property
    def article(self) -> Article | None:
        """The text of the latest version."""
        return self.version.article if self.version else None

    @property
    def was_restored(self) -> bool:
        """Whether the user has restored page noise since a check last saw the article."""
        return self.version is not None and self.exclusions.restored_at > self.version.last_seen_at

    @property
    def is_uncertain(self) -> bool:
        """Whether something about the article waits for a check that reads the whole page."""
        return bool(
            self.exclusions.pending
            or self.was_restored
            or self.status == "gone"
            or self.trouble.unconfirmed_since
            or self.has_steady_text
            or self.has_open_withdrawal
        )

    @property
    def has_steady_text(self) -> bool:
        """Whether the last check showed a text that is left out, and the next ones decide whether it stays so."""
        return any(streak.checks for streak in self.exclusions.streaks.values())

    @property
    def has_open_withdrawal(self) -> bool:
        """Whether a text counts again since a check, and no version was seen whole since."""
        return self.version is not None and self.exclusions.withdrawn_at > self.version.last_seen_at

    @property
    def known_sha256(self) -> str | None:
        """The hash of a response that need not be read; None if each must be."""
        # The last page may show a text that was left out of the version, and that is pending now or counts again.
        # What a counter shows, only reading it tells.
        is_open = (
            self.exclusions.pending
            or self.exclusions.ticking
            or self.has_steady_text
            or self.has_open_withdrawal
        )
        return None if is_open else self.last_page.sha256

    def after(
        self,
        result: CheckResult,
        *,
        extractor: str,
        article_id: int | None = None,
        snapshot_ids: Sequence[int | None] = (),
    ) -> "ArticleState":
        """The state that `record(result)` leaves in the database, if this one was in it.

        `article_id` and `snapshot_ids` (one per fetch) are the ids that the database gave; without
        them the pages count as not stored. Two things do not change, because only the database
        has them: what an absorbed entry adds, and the edits of a host that the article moved to.
        """
        if self.article_id is None and result.outcome != "new":
            return self
        snapshot_ids = snapshot_ids or [None] * len(result.fetches)
        url = _url_after(self, result)
        return ArticleState(
            article_id=self.article_id if article_id is None else article_id,
            url=url,
            status=_status_after(self.status, result),
            version=_version_after(self.version, result, url, extractor, snapshot_ids[0]),
            last_page=_last_page_after(self.last_page, result, snapshot_ids),
            exclusions=_exclusions_after(self.exclusions, result),
            trouble=_trouble_after(self.trouble, result),
            schedule=_schedule_after(self, result),
            validators_hid_edit_at=(
                to_text(result.fetches[0].fetched_at)
                if result.validators_hid_edit
                else self.validators_hid_edit_at
            ),
        )


def _url_after(state: ArticleState, result: CheckResult) -> str:
    article_url = result.addresses.article_url
    if result.outcome in ("new", "moved") and article_url:
        return article_url
    return state.url or article_url or result.url


def _status_after(status: str, result: CheckResult) -> str:
    if status == "paused" and result.status != "gone":
        return status
    return result.status or status


def _version_after(
    version: StoredVersion | None,
    result: CheckResult,
    url: str,
    extractor: str,
    snapshot_id: int | None,
) -> StoredVersion | None:
    if result.article is not None:
        seen_at = to_text(result.fetches[0].fetched_at)
        number = (version.number if version else 0) + 1
        if result.outcome == "technical" and not result.template_fields:
            # Nothing is new but our reading of the page that brought the version before.
            snapshot_id = version.snapshot_id if version else None
            seen_at = version.last_seen_at if version else seen_at
        elif result.technical is not None:
            number += 1
        article = _as_stored(result.article, url)
        version_hash = content_hash(article)
        return StoredVersion(
            number, article, version_hash, extractor, snapshot_id, seen_at, seen_at,
            earlier_lines=_earlier_lines(version, result, seen_at),
            was_compared=result.outcome == "technical",
        )  # fmt: skip
    if version is None:
        return None
    if result.outcome in STILL_THERE:
        version = replace(version, was_compared=True)
        if not result.holds_back:
            last_seen_at = to_text(result.fetches[-1].fetched_at)
            version = replace(version, last_seen_at=last_seen_at, earlier_lines=frozenset())
    return replace(version, article=replace(version.article, url=url))


def _earlier_lines(
    version: StoredVersion | None, result: CheckResult, seen_at: str
) -> frozenset[str]:
    """The lines that an earlier check saw of the version before the one that a check brings."""
    if version is None:
        return frozenset()
    if version.seen_at == seen_at:
        return version.earlier_lines
    is_edited = result.outcome != "technical"
    return text_lines((result.technical if is_edited else None) or version.article)


def _as_stored(article: Article, url: str) -> Article:
    """An article as it is read back from `versions`."""
    return replace(
        article,
        url=url,
        published_at=parse_timestamp(publisher_text(article.published_at)),
        modified_at=parse_timestamp(publisher_text(article.modified_at)),
        sources={},
        container_path=None,
        origin=None,
    )


def _last_page_after(
    last_page: LastPage, result: CheckResult, snapshot_ids: Sequence[int | None]
) -> LastPage:
    fetch = result.fetches[-1]
    if not result.shows_version or fetch.http_status != 200:
        if result.article is None:
            return last_page
        return LastPage(last_page.fetched_at, snapshot_ids[0] or last_page.snapshot_id)
    return LastPage(
        to_text(fetch.fetched_at),
        snapshot_ids[-1] or last_page.snapshot_id,
        fetch.sha256,
        fetch.etag,
        fetch.last_modified,
    )


def _exclusions_after(exclusions: Exclusions, result: CheckResult) -> Exclusions:
    kept = exclusions.with_streaks(result.streaks).without(result.withdrawn)
    if result.withdrawn:
        kept = replace(kept, withdrawn_at=to_text(result.fetches[-1].fetched_at))
    # Another text that is left out may prove the place of one that was withdrawn.
    places = {streak.after for streak in kept.streaks.values() if streak.after is not None}
    proven = places & exclusions.volatile_after
    exclusions = replace(kept, volatile_after=kept.volatile_after | proven)
    page_noise = new_page_noise(exclusions.volatile | exclusions.restored, result.page_noise)
    decides = result.outcome in COMPARED_OUTCOMES
    pending = result.pending if decides else exclusions.pending
    lines = result.boilerplate if result.outcome in ARTICLE_THERE else ()
    new_lines = tuple(line for line in lines if not exclusions.restored_boilerplate.holds(line))
    return replace(
        exclusions.with_noise(tuple(page_noise)),
        pending=pending,
        boilerplate=exclusions.boilerplate | boilerplate_of(new_lines),
    )


def new_page_noise(stored: Collection[str], page_noise: Sequence[PageNoise]) -> list[PageNoise]:
    """The page noise to store besides the `stored` texts, at most `MAX_VOLATILE_PER_ARTICLE` in all.

    No stored text is stored again, not even one that the user has restored.
    """
    room = max(MAX_VOLATILE_PER_ARTICLE - len(stored), 0)
    return [noise for noise in page_noise[:room] if noise.text not in stored]


def _trouble_after(trouble: Trouble, result: CheckResult) -> Trouble:
    if result.outcome in ARTICLE_THERE:
        return Trouble()
    fetch = result.fetches[0]
    check = FailedCheck(to_text(fetch.fetched_at), fetch.http_status, result.outcome, result.sketch)
    return Trouble((check, *trouble.checks)[:MAX_FAILED_CHECKS])


def _schedule_after(state: ArticleState, result: CheckResult) -> Schedule:
    schedule, plan = state.schedule, result.plan
    at = to_text(result.fetches[-1].fetched_at)
    host = schedule.host_edits
    next_check_at = to_text(plan.next_check_at) if plan.next_check_at else None
    return replace(
        schedule,
        first_seen_at=schedule.first_seen_at or at,
        changed_at=at if result.edits else schedule.changed_at,
        edited_checks=schedule.edited_checks + bool(result.edits),
        edit_rate=plan.edit_rate or schedule.edit_rate,
        host_edits=HostEdits(
            host.edited_checks + bool(result.edits), host.expected + plan.expected_edits
        ),
        next_check_at=schedule.next_check_at if state.status == "paused" else next_check_at,
    )
