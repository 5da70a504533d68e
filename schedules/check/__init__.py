"""One check of one article: fetch, recognise, extract, compare, decide, record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from schedules.cadence import CheckRate
from schedules.check.batch_writer import Writer
from schedules.check.boilerplate import apart_by, ask_siblings, with_lesson
from schedules.check.confirm.evidence import look_elsewhere
from schedules.check.confirm.siblings.pages import PackedSibling, StoredPages, packed
from schedules.check.confirm.siblings.stored import (
    MAX_PROVING_SIBLINGS,
    each_once,
    sibling_under_check,
    stored_siblings,
    unrelated_siblings,
)
from schedules.check.decide import decide, seems_edited
from schedules.check.observe import (
    Extracted,
    Observation,
    Request,
    Unchanged,
    observe,
    usable_validators,
)
from schedules.check.previous import Previous, load_previous_with
from schedules.check.request import observe_politely
from schedules.check.same_article import find_same_article_with, is_own_page, move_to_own_address
from schedules.check.settings import CheckSettings
from schedules.hosts.lease import Write
from schedules.hosts.network import Network
from schedules.processes import WorkEndedError
from scraper.extract import extractor_for
from scraper.extract.rules.rule import Rule
from scraper.fetch import Validators
from scraper.http.completeness import is_closed
from scraper.recognise import Verdict
from scraper.urls import canonical_url, hostname
from storage.articles import record
from storage.articles.result import CheckResult, Recorded
from storage.articles.state import ArticleState
from storage.database import Database, damage_located
from storage.diff.siblings.sibling import Sibling
from storage.diff.variants import NO_VARIANTS, Variants
from storage.errors import ConflictError, DamagedError, ErasedError
from storage.queries.elsewhere import Elsewhere

# A check is decided this often if other processes keep recording versions meanwhile.
MAX_CONFLICTS = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """A check and what recording it wrote; a dry run wrote nothing.

    `siblings` are the checks of other articles that it moved up, to learn what is the publisher's.
    """

    result: CheckResult
    recorded: Recorded
    siblings: tuple["Checked", ...] = ()


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


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the fetches of a check showed of its target."""

    target: _CheckTarget
    first: Observation
    second: Observation | None


@dataclass(frozen=True, slots=True)
class _Run:
    """What a check works with. The checks of `siblings` wait for this one."""

    db: Database
    network: Network
    settings: CheckSettings
    writer: Writer | None
    is_dry: bool
    siblings: tuple[PackedSibling, ...]


async def check(
    db: Database,
    url: str,
    network: Network,
    *,
    settings: CheckSettings | None = None,
    writer: Writer | None = None,
    dry_run: bool = False,
    siblings: tuple[PackedSibling, ...] = (),
) -> Checked:
    """Check the article of `url` once and record the check; with `dry_run` only read the database.

    An address that has shown an article before is checked under that article's own address. A
    `writer` records this check together with others. Every failure of the page or the network is an
    outcome of the check. If an edit may be the publisher's own change, other articles of the host are
    checked as well, unless they are among the `siblings`, whose checks are running, or were checked within
    minutes.

    Raises UrlError if `url` is no web address, ConflictError if other processes keep recording
    versions meanwhile, DamagedError if what is stored of the article cannot be used, ErasedError
    if the user erases it meanwhile, and sqlite3.Error if the file cannot be written.
    """
    run = _Run(db, network, settings or CheckSettings(), writer, dry_run, siblings)
    requested_url = canonical_url(url)
    with damage_located(requested_url):
        return await _check(run, requested_url)


async def _check(run: _Run, requested_url: str) -> Checked:
    previous = await _load_previous(run, requested_url)
    target = _CheckTarget(requested_url, previous, run.settings.rules)
    target, first = await _observe_first(run, target)
    checked = await _decide_and_record(run, target, first)
    if target.own_page is None or run.is_dry:
        return checked
    moved = await _move(run, target, target.own_page)
    return checked if checked.result.edits else replace(moved, siblings=checked.siblings)


async def _decide_and_record(run: _Run, target: _CheckTarget, first: Observation) -> Checked:
    """Confirm what the first fetch shows, decide, and record; again if another process was faster."""
    second: Observation | None = None
    for _ in range(MAX_CONFLICTS):
        if second is None and await _seems_edited(run, target, first):
            second = await _fetch(run.network, target, Validators(), first.fetch.sha256)
        result, asked = await _decide_with_siblings(run, _Shown(target, first, second))
        result = _as_requested(result, target, run.settings)
        if run.is_dry:
            return Checked(result, _recorded_by_dry_run(target.state))
        try:
            recorded = await _record(run, result, target)
            return Checked(result, recorded, asked)
        except ConflictError:
            first = _named(first, target.state)
            previous = await _load_previous(run, target.address)
            if target.state.article_id not in (None, previous.state.article_id):
                raise ErasedError(
                    f"{target.requested_url}: it was erased during this check"
                ) from None
            target = replace(target, previous=previous)
    raise ConflictError(
        f"{target.requested_url}: other processes recorded a version during each of {MAX_CONFLICTS} tries;"
        " check it again later"
    )


async def _seems_edited(run: _Run, target: _CheckTarget, first: Observation) -> bool:
    """Whether a second fetch must confirm an edit: it must if the comparison was ended."""
    work = partial(seems_edited, target.previous, first)
    content = first.content
    if not isinstance(content, Extracted) or content.article == target.state.article:
        return work()
    target.previous.page.load()  # the database stays in this thread
    try:
        size = len(first.page.body) if first.page else 0
        return await run.network.reader.run(work, size=size, about=first.fetch.url)
    except WorkEndedError:
        return True


async def _observe_first(run: _Run, target: _CheckTarget) -> tuple[_CheckTarget, Observation]:
    """The article that the check is about, and its first fetch without lines of the publisher."""
    first = await _fetch_first(run.network, target)
    target, first = await _at_stored_article(run.db, run.network, target, first)
    if run.settings.learn == "siblings" and not run.is_dry:
        await ask_siblings(
            run.db, run.network, target.previous, first, rules=run.settings.rules, write=_write(run)
        )
    return target, with_lesson(run.db, target.previous, first, learn=run.settings.learn)


async def _decide_with_siblings(
    run: _Run, shown: _Shown
) -> tuple[CheckResult, tuple[Checked, ...]]:
    """The result of a check, and the checks of the siblings that it asked.

    What two responses of an earlier check showed side by side only alternates. Stored pages are enough for
    a line in which only numbers changed. If another edit may be the publisher's own change, the siblings
    that were fetched within minutes are read. If they leave the question open, others are checked.
    """
    state, at = shown.target.state, shown.first.fetch.fetched_at
    pages = _stored_pages(run, shown)
    # Without a second fetch nothing is compared.
    siblings = waiting = await pages.of_other_stories(run.siblings if shown.second else ())
    elsewhere = _look_elsewhere(run, shown)
    result = await _decide(run, shown, siblings, elsewhere)
    variants = await pages.variants(result.edits, at) if result.edits else NO_VARIANTS
    if variants != NO_VARIANTS or pages.was_ended:
        elsewhere = _with_pages(elsewhere, variants, pages)
        result = await _decide(run, shown, siblings, elsewhere)
    if result.has_counting_line:
        unrelated = await pages.answered(unrelated_siblings(run.db, state, at=at))
        siblings = each_once(siblings, unrelated)
        elsewhere = _with_pages(elsewhere, variants, pages)
        result = await _decide(run, shown, siblings, elsewhere)
    asked: list[Checked] = []
    tried = {sibling.url for sibling in run.siblings}
    while result.wanted_siblings:
        known = await pages.answered(stored_siblings(run.db, state, at=at))
        elsewhere = _with_pages(elsewhere, variants, pages)
        result = await _decide(run, shown, each_once(waiting, known.siblings, siblings), elsewhere)
        askable = [url for url in known.candidates(result) if url not in tried]
        fresh = known.fresh | {sibling.url for sibling in waiting}
        if (
            len(fresh) >= result.wanted_siblings
            or not askable
            or len(tried) >= MAX_PROVING_SIBLINGS + len(run.siblings)
            or not _may_ask(run, shown)
        ):
            break
        tried.add(askable[0])
        asked += await _check_sibling(run, _as_sibling(shown, result), askable[0])
        elsewhere = _look_elsewhere(run, shown)
    return result, tuple(asked)


def _stored_pages(run: _Run, shown: _Shown) -> StoredPages:
    """The stored pages that a decision may need, none of them read yet."""
    state = shown.target.state
    contents = (shown.first.content, shown.second.content if shown.second else None)
    articles = [state.article, *(one.article for one in contents if isinstance(one, Extracted))]
    urls = dict.fromkeys(article.url for article in articles if article)
    return StoredPages(run.db, run.network.reader, state, tuple(urls), tuple(run.settings.rules))


def _with_pages(elsewhere: Elsewhere, variants: Variants, pages: StoredPages) -> Elsewhere:
    """What is stored about the host, with what stored pages of the article show."""
    return replace(elsewhere, variants=variants, has_unread_pages=pages.was_ended)


def _look_elsewhere(run: _Run, shown: _Shown) -> Elsewhere:
    """What is stored about the host now."""
    return look_elsewhere(
        run.db, shown.target.state, shown.first, shown.second, at=run.network.now()
    )


async def _decide(
    run: _Run, shown: _Shown, siblings: tuple[PackedSibling, ...], elsewhere: Elsewhere
) -> CheckResult:
    """Everything to record of a check, decided with what is known of its siblings and of its host."""
    first, previous, now = shown.first, shown.target.previous, run.network.now()
    decide_now = partial(decide, now=now, check_rate=run.settings.check_rate, elsewhere=elsewhere)
    html = first.page.body if first.page else b""
    if not _compares_pages(shown, elsewhere):
        return decide_now(previous, first, None)
    previous.page.load()  # the database stays in this thread
    try:
        return await run.network.reader.run(
            partial(_decide_with, siblings, partial(decide_now, previous, first, shown.second)),
            size=len(html),
            about=first.fetch.url,
        )
    except WorkEndedError as error:
        failed = replace(first, content=None, verdict=Verdict("failed", str(error)))
        return decide_now(previous, failed, shown.second)


def _compares_pages(shown: _Shown, elsewhere: Elsewhere) -> bool:
    """Whether a decision reads pages, or compares whole texts.

    It does not if the page shows the stored text or no article, and did not break off. But texts that are left out are
    looked for on the last page, and those of other addresses in a new article.
    """
    if shown.second is not None:
        return True
    state, first = shown.target.state, shown.first
    match first.content:
        case None:
            return False
        case Unchanged() if state.exclusions.streaks:
            return True
        case Extracted() if state.version is None and elsewhere.sketches:
            return True
    return not is_closed(first.page.body if first.page else b"")


def _decide_with(
    siblings: Sequence[PackedSibling], decide_now: Callable[[Sequence[Sibling]], CheckResult]
) -> CheckResult:
    """What `decide_now` makes of siblings; a reader opens them."""
    return decide_now([sibling.opened() for sibling in siblings])


async def _move(run: _Run, target: _CheckTarget, own_page: Observation) -> Checked:
    """Record that the article is at its own address, after a check of the copy that was stored."""
    previous = await _load_previous(run, target.address)
    check_rate = run.settings.check_rate or CheckRate()
    own_page = await apart_by(run.network.reader, previous, own_page)
    result = move_to_own_address(previous, own_page, now=run.network.now(), check_rate=check_rate)
    result = replace(result, url=target.requested_url)
    return Checked(result, await _record(run, result, target))


def _may_ask(run: _Run, shown: _Shown) -> bool:
    """Whether this check may wait for that of a sibling.

    Not if others wait for this one already, and not if another host than the article's was asked for:
    then only that host is leased.
    """
    target = shown.target
    is_own_host = hostname(target.requested_url) == hostname(target.address)
    return is_own_host and not run.is_dry and len(run.siblings) < MAX_PROVING_SIBLINGS


def _as_sibling(shown: _Shown, result: CheckResult) -> PackedSibling | None:
    """The article of the check as a sibling of those that it asks; its pages are read where it is opened."""
    own = sibling_under_check(shown.target.previous, shown.first)
    return packed(replace(own, has_returned=result.has_returned)) if own else None


async def _check_sibling(run: _Run, own: PackedSibling | None, url: str) -> tuple[Checked, ...]:
    """The check of a sibling and those that it asked; none if it is damaged or erased, or others keep recording it."""
    running = (own, *run.siblings) if own else run.siblings
    try:
        checked = await check(
            run.db, url, run.network,
            settings=run.settings, writer=run.writer, siblings=running,
        )  # fmt: skip
    except (ConflictError, DamagedError, ErasedError):
        return ()
    return (*checked.siblings, replace(checked, siblings=()))


async def _fetch_first(network: Network, target: _CheckTarget) -> Observation:
    """The first fetch of a check, conditional on the validators of the last page if they are usable."""
    validators = usable_validators(target.state, network.now())
    return await _fetch(network, target, validators, target.state.known_sha256)


async def _fetch(
    network: Network, target: _CheckTarget, validators: Validators, known_sha256: str | None
) -> Observation:
    """One request; robots.txt or a host that backs off may forbid it."""
    at = network.now()
    request = Request(target.address, validators, tuple(target.rules), known_sha256)
    if unread := target.previous.unread:
        return observe(request, at, Verdict("failed", unread))
    refusal = await network.refusal(target.address)
    if refusal:
        return observe(request, at, refusal)
    observation = await observe_politely(network, request)
    return await apart_by(network.reader, target.previous, observation)


async def _at_stored_article(
    db: Database, network: Network, target: _CheckTarget, first: Observation
) -> tuple[_CheckTarget, Observation]:
    """The target and its first fetch; another target if the page shows an article that is stored.

    That article is fetched at its own address: a copy on a portal or for phones may read otherwise.
    """
    if target.state.version is not None:
        return target, first
    first, stored = await find_same_article_with(network.reader, db, first, target.rules)
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


async def _load_previous(run: _Run, address: str) -> Previous:
    return await load_previous_with(run.network.reader, run.db, address, run.settings.rules)


def _write(run: _Run) -> Write:
    """Writes in a transaction that is shared with other checks, if this one has a writer."""
    return (run.writer or Writer(run.db, lambda: 1)).write


async def _record(run: _Run, result: CheckResult, target: _CheckTarget) -> Recorded:
    write = _write(run)
    url = result.addresses.article_url or target.state.url or target.requested_url
    extractor = extractor_for(url, run.settings.rules)
    return await write(
        record, run.db, result, extractor=extractor, channel_filters=run.settings.channel_filters
    )


def _recorded_by_dry_run(state: ArticleState) -> Recorded:
    """Nothing: the article and its version stay as they are."""
    number = state.version.number if state.version else None
    return Recorded(state.article_id, number, number)
