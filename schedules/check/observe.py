"""What one request showed: an article, or the verdict why there is none. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from schedules.check.page_text import LazyPageText, page_text
from schedules.hosts.politeness import retry_after
from scraper.article import Article
from scraper.errors import (
    ExtractError,
    PrivateAddressError,
    RefusedError,
    ScraperError,
    UrlError,
)
from scraper.extract import extract_document
from scraper.extract.html.document import Document
from scraper.extract.metadata.canonical import claimed_addresses
from scraper.extract.rules.rule import Rule
from scraper.fetch import Response, Validators
from scraper.http.reach import Reach
from scraper.recognise import (
    Verdict,
    check_article,
    check_lines,
    check_response,
    classify_empty,
    states_date,
)
from scraper.urls import canonical_url, is_front_page, site
from storage.articles.result import Fetch
from storage.articles.state import ArticleState
from storage.diff.noise.boilerplate import BoilerplateLine
from storage.diff.noise.shared_lines import Story
from storage.snapshots.store import Snapshot
from storage.timestamps import parse_instant

NOT_MODIFIED = 304
UNASKED_NOT_MODIFIED = Verdict("failed", "304 Not Modified, though the whole page was requested")
NO_VALIDATORS = Validators()
# For less than this long a 304 is believed: some servers answer nothing else, whatever was edited.
MAX_NOT_MODIFIED_AGE = timedelta(days=1)
# A host whose validators hid an edit is asked without them for so long.
DISTRUST_AFTER_HIDDEN_EDIT = timedelta(days=30)
MAX_FAULT_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The response is one that was read already, to the byte."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """The page was read: `article` is what `extract` gives for it."""

    article: Article


@dataclass(frozen=True, slots=True)
class Request:
    """One request and how to read the response.

    `rules` are the user's site rules. A response whose bytes have the hash `known_sha256` is not
    read again. `reach` says whether the host may be in a private network.
    """

    url: str
    validators: Validators = NO_VALIDATORS
    rules: tuple[Rule, ...] = ()
    known_sha256: str | None = None
    reach: Reach = "private"


@dataclass(frozen=True, slots=True)
class Observation:
    """One request and what it showed.

    - `content`: `Unchanged` if the response is the known one to the byte, `Extracted` with the
      article of any other, None if there was none to read (a verdict, or 304 Not Modified).
    - `verdict`: why the response is not the article; None if it may be.
    - `link`: the canonical link of the page, if it leads to an article on the same site.
    - `origin`: the article on another site that the page names as its original.
    - `claims`: the addresses that the page gives as its own, on whatever site.
    - `error`: why there was no response; None if there was one.
    - `page_text`: the text of the parsed page; None if it was read by another process or not at all.
    - `boilerplate`: lines that it proves to be the publisher's; `content` holds none of them.
    - `doubtful_lines`: lines that may be the publisher's or the reporter's, each with the publisher's
      line whose place it took.
    - `story`: what a new article teaches its host, None if it teaches nothing.
    """

    fetch: Fetch
    page: Response | None = None
    content: Unchanged | Extracted | None = None
    verdict: Verdict | None = None
    link: str | None = None
    origin: str | None = None
    claims: tuple[str, ...] = ()
    error: ScraperError | None = None
    page_text: LazyPageText | None = None
    boilerplate: tuple[BoilerplateLine, ...] = ()
    doubtful_lines: Mapping[str, str] = field(default_factory=dict)
    story: Story | None = None

    @property
    def answer(self) -> Response | ScraperError | None:
        """The host's answer, or why none came; None if no request was made."""
        return self.error or self.page


def page_of(observation: Observation) -> LazyPageText:
    """The text of an observed page, parsed again only if another process read it."""
    page = observation.page
    assert page is not None
    return observation.page_text or page_text(page.body, page.final_url, page.content_type)


def observe(
    request: Request, at: datetime, answer: Response | ScraperError | Verdict
) -> Observation:
    """What one request showed at the time `at`.

    `answer` is the response, the error in its place, or the verdict that forbade the request.
    Never raises for a page: a fault of ours in reading it is a verdict, too.
    """
    if isinstance(answer, Verdict):
        return Observation(Fetch(request.url, at), verdict=answer)
    if isinstance(answer, ScraperError):
        return Observation(Fetch(request.url, at), verdict=_error_verdict(answer), error=answer)
    fetch = fetch_row(request.url, at, answer)
    if answer.status == NOT_MODIFIED:
        is_conditional = request.validators.headers() and not answer.redirects
        return Observation(fetch, answer, verdict=None if is_conditional else UNASKED_NOT_MODIFIED)
    if verdict := check_response(answer):
        wait = retry_after(answer.headers.get("retry-after"), now=at)
        return Observation(fetch, answer, verdict=replace(verdict, wait=wait))
    if fetch.sha256 and fetch.sha256 == request.known_sha256:
        return Observation(fetch, answer, Unchanged())
    return _read_page(request, fetch, answer)


def is_read_already(request: Request, answer: Response) -> bool:
    """Whether there is nothing to read: no page, or one with the bytes that the request knows."""
    if answer.status != 200 or not answer.body:
        return True
    return Snapshot(answer.body, answer.headers).sha256 == request.known_sha256


def fetch_row(url: str, at: datetime, page: Response) -> Fetch:
    """The row that a response becomes; the page is kept if it is complete and has status 200."""
    snapshot = Snapshot(page.body, page.headers) if page.status == 200 and page.body else None
    return Fetch(
        url=url,
        fetched_at=at,
        http_status=page.status,
        etag=page.headers.get("etag"),
        last_modified=page.headers.get("last-modified"),
        elapsed_ms=page.elapsed_ms,
        size=len(page.body) if snapshot else None,
        sha256=snapshot.sha256 if snapshot else None,
        snapshot=snapshot,
    )


def _error_verdict(error: ScraperError) -> Verdict:
    """The verdict that an error in place of a response is recorded as."""
    is_refused = isinstance(error, RefusedError | PrivateAddressError)
    return Verdict("refused" if is_refused else "failed", error.reason)


def _read_page(request: Request, fetch: Fetch, page: Response) -> Observation:
    """The article on a page that passed `check_response`, or the verdict against it."""
    text = page_text(page.body, page.final_url, page.content_type)
    document = text.document
    try:
        article = extract_document(document, request.rules)
    except ExtractError as error:
        return Observation(fetch, page, verdict=classify_empty(page, error.reason))
    except Exception as error:  # noqa: BLE001 - a page is hostile input: a fault of ours in reading
        # one of them must become a row, not the end of the daemon that checks all others.
        reason = f"extractor fault: {error!r}"[:MAX_FAULT_CHARACTERS]
        return Observation(fetch, page, verdict=Verdict("failed", reason))
    if verdict := _article_verdict(page, document, article):
        return Observation(fetch, page, verdict=verdict)
    link, origin = _links(article, page)
    return Observation(
        replace(fetch, container_path=article.container_path),
        page,
        Extracted(article),
        link=link,
        origin=origin,
        claims=claimed_addresses(document),
        page_text=text,
    )


def _article_verdict(page: Response, document: Document, article: Article) -> Verdict | None:
    """Why the text of a page is a notice and not the article."""
    verdict = check_article(page, article)
    if verdict is None and not states_date(article):
        verdict = check_lines(document.lines_until(article.paragraphs[0]), article)
    return verdict


def _links(article: Article, page: Response) -> tuple[str | None, str | None]:
    """The article's canonical link on the same site, and the address of its original elsewhere."""
    link = _article_address(article.url)
    if link and site(link) != site(page.final_url):
        link = None
    return link, _article_address(article.origin)


def _article_address(claim: str | None) -> str | None:
    """The address that a page names; None if it cannot be one of an article."""
    try:
        address = canonical_url(claim or "")
    except UrlError:  # the page names something other than a web address
        return None
    return None if is_front_page(address) else address


def usable_validators(state: ArticleState, at: datetime) -> Validators:
    """What a check at the time `at` may send to be spared an unchanged page; nothing if it must not be.

    Validators lie. So the whole page is requested at least once a day, while something about the
    article is uncertain, and from a host whose validators hid an edit.
    """
    last_page = state.last_page
    fetched_at = parse_instant(last_page.fetched_at)
    hid_edit_at = parse_instant(state.validators_hid_edit_at)
    is_distrusted = hid_edit_at and at - hid_edit_at < DISTRUST_AFTER_HIDDEN_EDIT
    if fetched_at is None or state.is_uncertain or is_distrusted:
        return NO_VALIDATORS
    # The next check comes about as long after this one as this one came after the last.
    seen_at = parse_instant(state.version.last_seen_at) if state.version else None
    next_at = at + (at - (seen_at or fetched_at))
    if not timedelta(0) <= at - fetched_at <= next_at - fetched_at < MAX_NOT_MODIFIED_AGE:
        return NO_VALIDATORS
    return Validators(last_page.etag, last_page.last_modified)
