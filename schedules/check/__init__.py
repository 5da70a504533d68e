"""One check of one article: fetch, recognise, extract, compare, decide, record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from schedules.cadence import CheckRate
from schedules.check.batch_writer import Writer
from schedules.check.boilerplate import apart_from_boilerplate, ask_siblings, with_lesson
from schedules.check.confirm.evidence import look_elsewhere
from schedules.check.decide import decide, seems_edited
from schedules.check.observe import (
    Extracted,
    Observation,
    Request,
    Unchanged,
    observe,
    usable_validators,
)
from schedules.check.previous import Previous, load_previous
from schedules.check.request import in_thread_if_large, observe_politely
from schedules.check.same_article import find_same_article, is_own_page, move_to_own_address
from schedules.check.settings import CheckSettings
from schedules.hosts.network import Network
from scraper.extract import extractor_for
from scraper.extract.rules.rule import Rule
from scraper.fetch import Validators
from scraper.http.completeness import is_closed
from scraper.urls import canonical_url
from storage.articles import record
from storage.articles.result import CheckResult, Recorded
from storage.articles.state import ArticleState
from storage.database import Database
from storage.errors import ConflictError

# A check is decided this often if other processes keep recording versions meanwhile.
MAX_CONFLICTS = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """A check and what recording it wrote; a dry run wrote nothing."""

    result: CheckResult
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class _CheckTarget:
    """The article that a check is about, and what is stored of it.

    `requested_url` may be an alias of it. `absorbed_id` is an entry without versions that turned
    out to be this article. `own_page` is the page at its own address, if a copy is stored so far.
    """

    requested_url: str
    previous: Previous
    rules: Sequence[Rule]
    absorbed_id: int | None = None
    own_page: Observation | None = None

    @property
    def state(self) -> ArticleState:
        return self.previous.state

    @property
    def address(self) -> str:
        return self.previous.state.url or self.requested_url


async def check(
    db: Database,
    url: str,
    network: Network,
    *,
    settings: CheckSettings | None = None,
    writer: Writer | None = None,
    dry_run: bool = False,
) -> Checked:
    """Check the article of `url` once and record the check; with `dry_run` only read the database.

    An address that has shown an article before is checked under that article's own address. A
    `writer` records this check together with others. Every failure of the page or the network is an
    outcome of the check.

    Raises UrlError if `url` is no web address, ConflictError if other processes keep recording
    versions meanwhile, and sqlite3.Error if the file cannot be written.
    """
    settings = settings or CheckSettings()
    requested_url = canonical_url(url)
    previous = load_previous(db, requested_url, settings.rules)
    target = _CheckTarget(requested_url, previous, settings.rules)
    target, first = await _observe_first(db, network, target, settings, dry_run=dry_run)
    checked = await _decide_and_record(
        db, network, target, first, settings=settings, writer=writer, dry_run=dry_run
    )
    if target.own_page is None or dry_run:
        return checked
    moved = await _move(db, target, target.own_page, network.now(), settings, writer)
    return checked if checked.result.edits else moved


async def _decide_and_record(
    db: Database,
    network: Network,
    target: _CheckTarget,
    first: Observation,
    *,
    settings: CheckSettings,
    writer: Writer | None,
    dry_run: bool,
) -> Checked:
    """Confirm what the first fetch shows, decide, and record; again if another process was faster."""
    second: Observation | None = None
    for _ in range(MAX_CONFLICTS):
        if second is None and seems_edited(target.previous, first):
            second = await _fetch(network, target, Validators(), first.fetch.sha256)
        now = network.now()
        elsewhere = look_elsewhere(db, target.state, first, second, at=now)
        work = partial(decide, target.previous, first, second, now=now, check_rate=settings.check_rate, elsewhere=elsewhere)  # fmt: skip
        result = await _decided(target, first, second, work)
        result = _as_requested(result, target, settings)
        if dry_run:
            return Checked(result, _recorded_by_dry_run(target.state))
        try:
            return Checked(result, await _record(db, result, target, settings, writer))
        except ConflictError:
            first = _named(first, target.state)
            previous = load_previous(db, target.address, settings.rules)
            target = replace(target, previous=previous)
    raise ConflictError(
        f"{target.requested_url}: other processes recorded a version during each of {MAX_CONFLICTS} tries;"
        " check it again later"
    )


async def _observe_first(
    db: Database,
    network: Network,
    target: _CheckTarget,
    settings: CheckSettings,
    *,
    dry_run: bool,
) -> tuple[_CheckTarget, Observation]:
    """The article that the check is about, and its first fetch without lines of the publisher."""
    first = await _fetch_first(network, target)
    target, first = await _at_stored_article(db, network, target, first)
    if settings.learn == "siblings" and not dry_run:
        await ask_siblings(db, network, target.previous, first, rules=settings.rules)
    return target, with_lesson(db, target.previous, first, learn=settings.learn)


async def _decided(
    target: _CheckTarget,
    first: Observation,
    second: Observation | None,
    work: Callable[[], CheckResult],
) -> CheckResult:
    """The decision, made in a thread if the page is large; the database stays in this thread."""
    html = first.page.body if first.page else b""
    if second is not None or not is_closed(
        html
    ):  # only the last page can show that this one breaks off
        target.previous.page.load()
    return await in_thread_if_large(len(html), work)


async def _move(
    db: Database,
    target: _CheckTarget,
    own_page: Observation,
    now: datetime,
    settings: CheckSettings,
    writer: Writer | None,
) -> Checked:
    """Record that the article is at its own address, after a check of the copy that was stored."""
    previous = load_previous(db, target.address, settings.rules)
    check_rate = settings.check_rate or CheckRate()
    own_page = apart_from_boilerplate(previous, own_page)
    result = move_to_own_address(previous, own_page, now=now, check_rate=check_rate)
    result = replace(result, url=target.requested_url)
    return Checked(result, await _record(db, result, target, settings, writer))


async def _fetch_first(network: Network, target: _CheckTarget) -> Observation:
    """The first fetch of a check, conditional on the validators of the last page if they are usable."""
    validators = usable_validators(target.state, network.now())
    return await _fetch(network, target, validators, target.state.last_page.sha256)


async def _fetch(
    network: Network, target: _CheckTarget, validators: Validators, known_sha256: str | None
) -> Observation:
    """One request; robots.txt or a host that backs off may forbid it."""
    at = network.now()
    request = Request(target.address, validators, tuple(target.rules), known_sha256)
    refusal = await network.refusal(target.address)
    if refusal:
        return observe(request, at, refusal)
    return apart_from_boilerplate(target.previous, await observe_politely(network, request))


async def _at_stored_article(
    db: Database, network: Network, target: _CheckTarget, first: Observation
) -> tuple[_CheckTarget, Observation]:
    """The target and its first fetch; another target if the page shows an article that is stored.

    That article is fetched at its own address: a copy on a portal or for phones may read otherwise.
    """
    if target.state.version is not None:
        return target, first
    first, stored = find_same_article(db, first, target.rules)
    if stored is None:
        return target, first
    absorbed_id = target.state.article_id
    own_page = first if is_own_page(db, first, stored.state.url or "") else None
    target = replace(target, previous=stored, absorbed_id=absorbed_id, own_page=own_page)
    if first.page is None or canonical_url(first.page.final_url) != stored.state.url:
        first = await _fetch_first(network, target)
    return target, first


def _named(observation: Observation, state: ArticleState) -> Observation:
    """The observation with its article in place of `Unchanged`, once `state` is outdated."""
    match observation.content:
        case Unchanged() if state.article is not None:
            return replace(observation, content=Extracted(state.article))
    return observation


def _as_requested(
    result: CheckResult, target: _CheckTarget, settings: CheckSettings
) -> CheckResult:
    """The result under the requested URL, without the pages that the settings do not keep."""
    result = replace(result, url=target.requested_url, absorbed_id=target.absorbed_id)
    shows_news = result.outcome != "unchanged" or result.pending or result.page_noise
    if settings.keeps_unchanged or shows_news:
        return result
    fetches = tuple(replace(fetch, snapshot=None) for fetch in result.fetches)
    return replace(result, fetches=fetches)


async def _record(
    db: Database,
    result: CheckResult,
    target: _CheckTarget,
    settings: CheckSettings,
    writer: Writer | None,
) -> Recorded:
    write = (writer or Writer(db, lambda: 1)).write
    url = result.addresses.article_url or target.state.url or target.requested_url
    extractor = extractor_for(url, settings.rules)
    return await write(
        record, db, result, extractor=extractor, channel_filters=settings.channel_filters
    )


def _recorded_by_dry_run(state: ArticleState) -> Recorded:
    """Nothing: the article and its version stay as they are."""
    number = state.version.number if state.version else None
    return Recorded(state.article_id, number, number)
