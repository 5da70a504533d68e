"""What one request showed: an article, or the verdict why there is none. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schedules.hosts.politeness import retry_after
from scraper.article import Article, Standing
from scraper.errors import ExtractError, RefusedError, ScraperError, UrlError
from scraper.extract import look_at
from scraper.extract.html.lines import Shown
from scraper.extract.rules.rule import Rule
from scraper.fetch import Page, Validators
from scraper.recognise import (
    Verdict,
    explain_empty,
    refuse_answer,
    refuse_article,
    refuse_lines,
    tells_time,
)
from scraper.urls import canonical_url, is_front_page, site_of
from storage.articles.result import Fetch, Known
from storage.snapshots.store import Snapshot
from storage.timestamps import moment_of

NOT_MODIFIED = 304
NOTHING = Validators()
# So long at most an article is held to stand without the page being read whole.
READ_WHOLE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """One request and what it showed: an article, or the verdict why there is none.

    `link` is the canonical link of the page, where it leads to an article of the same site, `origin`
    where it leads to another; `error` is why no page came,
    `shown` the page as it was read.
    """

    fetch: Fetch
    page: Page | None = None
    article: Article | None = None
    verdict: Verdict | None = None
    link: str | None = None
    origin: str | None = None
    error: ScraperError | None = None
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a page showed when it was read whole: the article and how to tell that it stands, the element
    that it stood in, when that was, and the hash of the page."""

    standing: Standing
    anchor: str | None
    whole_at: datetime
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, and how the answer is to be read: by which rules, from where the article
    stood at the last look (`anchor`), and as what it is `expected` to stand."""

    url: str
    validators: Validators = NOTHING
    rules: tuple[Rule, ...] = ()
    anchor: str | None = None
    expected: Expected | None = None


def seen(request: Request, at: datetime, page: Page | ScraperError | Verdict) -> Seen:
    """What one attempt showed; extracts the article where the page may hold one, from where it
    stood at the last look if it still does. Where it stands as expected (nothing that it
    was read from has changed), it is that very article."""
    if isinstance(page, Verdict):
        return Seen(Fetch(request.url, at), verdict=page)
    if isinstance(page, ScraperError):
        outcome = "refused" if isinstance(page, RefusedError) else "failed"
        return Seen(Fetch(request.url, at), verdict=Verdict(outcome, page.reason), error=page)
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
        return Seen(fetch, page)
    verdict = refuse_answer(page)
    if verdict:
        wait = retry_after(page.headers.get("retry-after"), now=at)
        return Seen(fetch, page, verdict=replace(verdict, wait=wait))
    if expected and fetch.sha256 and fetch.sha256 == expected.sha256:
        return _as_expected(fetch, page, expected)
    shown = Shown(page.body, page.final_url, page.content_type)
    try:
        article, now = look_at(
            page.body,
            page.final_url,
            content_type=page.content_type,
            rules=request.rules,
            before=expected.standing if expected else None,
            anchor=request.anchor,
            shown=shown,
        )
    except ExtractError as error:
        return Seen(fetch, page, verdict=explain_empty(page, error.reason))
    except Exception as error:  # noqa: BLE001 - a page is hostile input: a fault of ours in reading
        # one of them must become a row, not the end of the watch over all the others.
        return Seen(fetch, page, verdict=Verdict("failed", f"extractor fault: {error!r}"[:300]))
    if expected and article is expected.standing.article:
        return _as_expected(fetch, page, expected)
    verdict = refuse_article(page, article)
    if verdict is None and not tells_time(article):
        verdict = refuse_lines(shown.lines, article)
    if verdict:
        return Seen(fetch, page, verdict=verdict)
    fetch = replace(
        fetch,
        anchor=article.anchor,
        region=now.region if now else None,
        asides=now.asides if now else frozenset(),
        digest=now.digest if now else None,
        whole_at=at,
    )
    link = _address_of(article.url)
    if link and site_of(link) != site_of(page.final_url):
        link = None
    origin = _address_of(article.origin)
    return Seen(fetch, page, article, link=link, origin=origin, shown=shown)


def expected_of(known: Known, at: datetime) -> Expected | None:
    """What a look may expect; None where the page must be read whole: it has not been for a day, or
    something about the article is in doubt."""
    whole_at = moment_of(known.whole_at)
    if known.article is None or not known.region or whole_at is None:
        return None
    in_doubt = known.suspects or known.was_undone or known.state == "gone" or known.doubted_at
    if in_doubt or not timedelta(0) <= at - whole_at < READ_WHOLE:
        return None
    standing = Standing(known.article, known.region, known.digest, known.asides)
    return Expected(standing, known.anchor, whole_at, known.page_sha256)


def expected_again(first: Seen) -> Expected | None:
    """What a second request may expect after the first."""
    fetch = first.fetch
    if first.article is None or not fetch.region or fetch.whole_at is None:
        return None
    standing = Standing(first.article, fetch.region, fetch.digest, fetch.asides)
    return Expected(standing, fetch.anchor, fetch.whole_at, fetch.sha256)


def _as_expected(fetch: Fetch, page: Page, expected: Expected) -> Seen:
    """A look at an article that stands as it was expected."""
    standing = expected.standing
    fetch = replace(
        fetch,
        anchor=expected.anchor,
        region=standing.region,
        asides=standing.asides,
        digest=standing.digest,
        whole_at=expected.whole_at,
    )
    return Seen(fetch, page, standing.article)


def _address_of(claim: str | None) -> str | None:
    """The address that a page names, if it can be one of an article."""
    try:
        address = canonical_url(claim or "")
    except UrlError:  # the page names something else than a web address
        return None
    return None if is_front_page(address) else address
