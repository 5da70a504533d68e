"""What one request showed: an article, or the verdict why there is none. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schedules.hosts.politeness import retry_after
from scraper.article import Article, Fingerprint
from scraper.errors import ExtractError, RefusedError, ScraperError, UrlError
from scraper.extract import look_at
from scraper.extract.html.document import Document
from scraper.extract.rules.rule import Rule
from scraper.fetch import Response, Validators
from scraper.recognise import (
    Verdict,
    check_article,
    check_lines,
    check_response,
    classify_empty,
    states_date,
)
from scraper.urls import canonical_url, is_front_page, site
from storage.articles.result import ArticleState, Fetch
from storage.snapshots.store import Snapshot
from storage.timestamps import parse_instant

NOT_MODIFIED = 304
NO_VALIDATORS = Validators()
# So long at most an article is held to stand without the page being read whole.
MAX_EXTRACTION_AGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Observation:
    """One request and what it showed: an article, or the verdict why there is none.

    `link` is the canonical link of the page, where it leads to an article of the same site, `origin`
    where it leads to another; `error` is why no page came,
    `shown` the page as it was read.
    """

    fetch: Fetch
    page: Response | None = None
    article: Article | None = None
    verdict: Verdict | None = None
    link: str | None = None
    origin: str | None = None
    error: ScraperError | None = None
    document: Document | None = None

    @property
    def answer(self) -> Response | ScraperError | None:
        """What the host said to the request; None if it was not asked."""
        return self.error or self.page


@dataclass(frozen=True, slots=True)
class Expected:
    """What a page showed when it was read whole: the article and how to tell that it stands, the element
    that it stood in, when that was, and the hash of the page."""

    fingerprint: Fingerprint
    container_path: str | None
    extracted_at: datetime
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, and how the answer is to be read: by which rules, from where the article
    stood at the last look (`anchor`), and as what it is `expected` to stand."""

    url: str
    validators: Validators = NO_VALIDATORS
    rules: tuple[Rule, ...] = ()
    container_path: str | None = None
    expected: Expected | None = None


def observe(request: Request, at: datetime, page: Response | ScraperError | Verdict) -> Observation:
    """What one attempt showed; extracts the article where the page may hold one, from where it
    stood at the last look if it still does. Where it stands as expected (nothing that it
    was read from has changed), it is that very article."""
    if isinstance(page, Verdict):
        return Observation(Fetch(request.url, at), verdict=page)
    if isinstance(page, ScraperError):
        outcome = "refused" if isinstance(page, RefusedError) else "failed"
        return Observation(
            Fetch(request.url, at), verdict=Verdict(outcome, page.reason), error=page
        )
    expected = request.expected
    snapshot = Snapshot(page.body, page.headers) if page.status == 200 and page.body else None
    fetch = Fetch(
        url=request.url,
        fetched_at=at,
        http_status=page.status,
        etag=page.headers.get("etag"),
        last_modified=page.headers.get("last-modified"),
        elapsed_ms=page.elapsed_ms,
        size=len(page.body) if snapshot else None,
        sha256=snapshot.sha256 if snapshot else None,
        snapshot=snapshot,
        final_url=page.final_url,
    )
    if page.status == NOT_MODIFIED:
        return Observation(fetch, page)
    verdict = check_response(page)
    if verdict:
        wait = retry_after(page.headers.get("retry-after"), now=at)
        return Observation(fetch, page, verdict=replace(verdict, wait=wait))
    if expected and fetch.sha256 and fetch.sha256 == expected.sha256:
        return _unchanged_observation(fetch, page, expected)
    document = Document(page.body, page.final_url, page.content_type)
    try:
        article, fingerprint = look_at(
            page.body,
            page.final_url,
            content_type=page.content_type,
            rules=request.rules,
            before=expected.fingerprint if expected else None,
            container_path=request.container_path,
            document=document,
        )
    except ExtractError as error:
        return Observation(fetch, page, verdict=classify_empty(page, error.reason))
    except Exception as error:  # noqa: BLE001 - a page is hostile input: a fault of ours in reading
        # one of them must become a row, not the end of the watch over all the others.
        return Observation(
            fetch, page, verdict=Verdict("failed", f"extractor fault: {error!r}"[:300])
        )
    if expected and article is expected.fingerprint.article:
        return _unchanged_observation(fetch, page, expected)
    verdict = check_article(page, article)
    if verdict is None and not states_date(article):
        verdict = check_lines(document.lines, article)
    if verdict:
        return Observation(fetch, page, verdict=verdict)
    fetch = replace(
        fetch,
        container_path=article.container_path,
        container=fingerprint.container if fingerprint else None,
        ignored_places=fingerprint.ignored_places if fingerprint else frozenset(),
        fingerprint=fingerprint.hash if fingerprint else None,
        extracted_at=at,
    )
    link = _article_address(article.url)
    if link and site(link) != site(page.final_url):
        link = None
    origin = _article_address(article.origin)
    return Observation(fetch, page, article, link=link, origin=origin, document=document)


def expected_of(previous: ArticleState, at: datetime) -> Expected | None:
    """What a look may expect; None where the page must be read whole: it has not been for a day, or
    something about the article is in doubt."""
    extracted_at = parse_instant(previous.extracted_at)
    if previous.article is None or not previous.container or extracted_at is None:
        return None
    is_uncertain = (
        previous.pending
        or previous.was_restored
        or previous.state == "gone"
        or previous.unconfirmed_since
    )
    if is_uncertain or not timedelta(0) <= at - extracted_at < MAX_EXTRACTION_AGE:
        return None
    fingerprint = Fingerprint(
        previous.article, previous.container, previous.fingerprint, previous.ignored_places
    )
    return Expected(fingerprint, previous.container_path, extracted_at, previous.page_sha256)


def expected_again(first: Observation) -> Expected | None:
    """What a second request may expect after the first."""
    fetch = first.fetch
    if first.article is None or not fetch.container or fetch.extracted_at is None:
        return None
    fingerprint = Fingerprint(
        first.article, fetch.container, fetch.fingerprint, fetch.ignored_places
    )
    return Expected(fingerprint, fetch.container_path, fetch.extracted_at, fetch.sha256)


def _unchanged_observation(fetch: Fetch, page: Response, expected: Expected) -> Observation:
    """A look at an article that stands as it was expected."""
    fingerprint = expected.fingerprint
    fetch = replace(
        fetch,
        container_path=expected.container_path,
        container=fingerprint.container,
        ignored_places=fingerprint.ignored_places,
        fingerprint=fingerprint.hash,
        extracted_at=expected.extracted_at,
    )
    return Observation(fetch, page, fingerprint.article)


def _article_address(claim: str | None) -> str | None:
    """The address that a page names, if it can be one of an article."""
    try:
        address = canonical_url(claim or "")
    except UrlError:  # the page names something else than a web address
        return None
    return None if is_front_page(address) else address
