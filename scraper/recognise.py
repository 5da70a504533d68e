"""Whether an answer is the article: block pages, consent walls, soft 404s and shells are not."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

from scraper.article import Article
from scraper.fetch import Response
from scraper.http.charset import decode
from scraper.http.completeness import is_partial
from scraper.patterns import lazy_pattern
from scraper.phrases.notices import (
    CHALLENGE_MARKUP,
    CHALLENGE_NOTICE,
    CHALLENGE_TITLE,
    CONSENT_TITLE,
    DELETION_NOTICE,
    MISSING_PAGE_NOTICE,
    MISSING_TITLE,
    OUT_OF_SERVICE_NOTICE,
    alert_text,
    asks_consent,
    is_members_only,
    is_notice_title,
    without_quotations,
)
from scraper.urls import is_front_page, is_section, site

PARTIAL_REASON = "only a part of the page came (206 Partial Content)"
# Headers that only a challenge has. Answers with an article have `x-datadome: protected`, too.
CHALLENGE_HEADERS = (
    ("cf-mitigated", "challenge"),
    ("x-amzn-waf-action", "challenge"),
    ("x-amzn-waf-action", "captcha"),
)
BLOCKED_STATUSES = frozenset({401, 402, 403, 405, 406, 429, 451, 503})
# Sources of a publication time that templates write on articles only.
STATED_DATE_SOURCES = ("json-ld", "meta", "microdata", "time")
SCRIPT_SHELL = lazy_pattern(
    r"<noscript|__NEXT_DATA__|id=[\"'](?:root|app|__next|___gatsby)[\"']", re.I
)
# Scripts, the head, comments and tags: no reader sees them.
INVISIBLE_MARKUP = lazy_pattern(
    r"<(script|style|noscript|head)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>", re.I | re.S
)
TITLE_ELEMENT = lazy_pattern(r"<title[^>]*>(.{0,300}?)</title", re.I | re.S)
# In characters. Articles have more text than any notice, walls more than a shell with its menu.
MAX_NOTICE_LENGTH = 700
MAX_NOTICE_START = 120  # of a dated page, in which a deletion notice begins
MAX_NOTICE_LINE_LENGTH = 200
MAX_SHELL_LENGTH = 600
MAX_WALL_LENGTH = 2_500
MAX_CLASSIFIED_BYTES = 300_000  # of a page without an article
# What names no type, as "charset=utf-8" does not, says nothing about the page.
HTML_MEDIA_TYPE = lazy_pattern(r"html|xml|text/plain|^[^/]*$", re.I)
CONSENT_ADDRESS = lazy_pattern(r"consent|cmp\.|privacy", re.I)
LOGIN_PATH = lazy_pattern(
    r"/(?:log-?in|sign-?in|anmelden|connexion|auth|account/login)(?:[/.?]|$)", re.I
)
ERROR_PATH = lazy_pattern(r"/(?:40[34]|error\w*|not-?found)(?:[/.?]|$)", re.I)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an answer is not the article: the outcome of the check, and a reason for a reader."""

    outcome: str  # blocked, gone, failed, refused
    reason: str
    wait: timedelta | None = None  # how long the host asks to wait


def check_response(response: Response) -> Verdict | None:
    """The verdict that status and headers give; None if the answer may be the article."""
    for name, value in CHALLENGE_HEADERS:
        if value in response.headers.get(name, "").lower():
            return Verdict("blocked", f"challenge page (header {name})")
    if response.status == 410:
        return Verdict("gone", "the publisher answers 410 Gone")
    if response.status == 404:
        return Verdict("failed", "404 Not Found")
    if response.status in BLOCKED_STATUSES:
        return Verdict("blocked", _block_reason(response))
    if response.status >= 500:
        return Verdict("failed", f"the server answers {response.status}")
    if not 200 <= response.status < 300:
        return Verdict("failed", f"unexpected status {response.status}")
    if is_partial(response.status, response.headers):
        return Verdict("failed", f"{PARTIAL_REASON}; Variorum asks again")
    return _check_body(response)


def _block_reason(response: Response) -> str:
    wait = response.headers.get("retry-after")
    names = {401: "the server requires a login", 402: "the server requires payment", 403: "access is forbidden",
             429: "too many requests", 451: "unavailable for legal reasons", 503: "the server asks to wait"}  # fmt: skip
    reason = f"{response.status}: {names.get(response.status, 'the server does not accept it')}"
    return f"{reason} (Retry-After {wait})" if wait else reason


def _check_body(response: Response) -> Verdict | None:
    if not response.body.strip():
        return Verdict("failed", "the answer has no body")
    media_type = (response.content_type or "").partition(";")[0].strip()
    if not HTML_MEDIA_TYPE.search(media_type):
        return Verdict("failed", f"not a web page but {media_type}; is the address right?")
    if (
        response.redirects
        and not is_front_page(response.url)
        and (result := _redirect_verdict(response))
    ):
        return result
    if (
        response.redirects
        and site(response.final_url) != site(response.url)
        and _is_consent_host(response.final_url)
    ):
        return Verdict("blocked", f"redirected to a consent wall at {response.final_url}")
    return None


def _redirect_verdict(response: Response) -> Verdict | None:
    """Why a redirect leads to no article: to the home page, a section, a login, an error."""
    target = response.final_url
    path = urlsplit(target).path
    if LOGIN_PATH.search(path) and not LOGIN_PATH.search(urlsplit(response.url).path):
        return Verdict("blocked", f"redirected to a login at {target}")
    if ERROR_PATH.search(path) and not ERROR_PATH.search(urlsplit(response.url).path):
        return Verdict("failed", f"redirected to an error page, {target}")
    if is_front_page(target):
        return Verdict("failed", f"redirected to the front page, {target}")
    if is_section(target) and not is_section(response.url):
        return Verdict("failed", f"redirected to a section page, {target}")
    return None


def _is_consent_host(url: str) -> bool:
    return bool(CONSENT_ADDRESS.search(url))


def classify_empty(response: Response, reason: str) -> Verdict:
    """Why a page gives no article, by the kind of page it looks like; else for the `reason` given."""
    markup = decode(response.body[:MAX_CLASSIFIED_BYTES], response.content_type)[0]
    title = TITLE_ELEMENT.search(markup)
    name = unescape(" ".join(title[1].split())) if title else ""
    text = unescape(" ".join(INVISIBLE_MARKUP.sub(" ", markup).split()))
    if CHALLENGE_MARKUP.search(markup):
        return Verdict("blocked", "challenge page in place of the article")
    if alert := alert_text(markup):
        return _notice_verdict(alert, alert) or Verdict("failed", f"the page only says: {alert}")
    if len(text) <= MAX_WALL_LENGTH:
        if result := _notice_verdict(name, text) or _consent_wall_verdict(name, text):
            return result
    elif is_notice_title(name, MISSING_TITLE):
        return Verdict("failed", SOFT_404)
    if SCRIPT_SHELL.search(markup) and len(text) < MAX_SHELL_LENGTH:
        return Verdict("failed", "a script shell: the page as sent does not have the text")
    return Verdict("failed", reason)


def check_article(response: Response, article: Article) -> Verdict | None:
    """What in the text speaks against an article: a notice that looks like a short one. None if nothing."""
    headline, body = without_quotations(article.headline), without_quotations(article.body)
    if is_members_only(body):
        return Verdict("blocked", "for members only: the page as sent does not have the text")
    if states_date(article):
        notice = DELETION_NOTICE.search(body) if len(body) <= MAX_NOTICE_LENGTH else None
        return _gone_verdict(body) if notice and notice.start() < MAX_NOTICE_START else None
    if is_notice_title(article.headline, MISSING_TITLE):
        return Verdict("failed", SOFT_404)
    if len(body) <= MAX_WALL_LENGTH:
        return _notice_verdict(headline, f"{headline}\n{body}") or _consent_wall_verdict(
            article.headline, f"{article.headline}\n{article.body}"
        )
    return None


def states_date(article: Article) -> bool:
    """Whether the page states when the article was published; notices do not."""
    return article.sources.get("published_at", "").startswith(STATED_DATE_SOURCES)


def check_lines(lines: Collection[str], article: Article) -> Verdict | None:
    """A deletion notice before the text of an article that is something else; None if there is none.

    `lines` are those of the page, in order, at least up to the first paragraph. A notice after that may be
    about a reader's comment.
    """
    first = article.paragraphs[0]
    if first not in lines:  # the text is in script data
        return None
    for line in lines:
        if line == first:
            break
        if len(line) <= MAX_NOTICE_LINE_LENGTH and DELETION_NOTICE.search(without_quotations(line)):
            return _gone_verdict(line)
    return None


def _notice_verdict(title: str, text: str) -> Verdict | None:
    """What a page without a time says about itself in a few lines."""
    if is_notice_title(title, MISSING_TITLE):
        return Verdict("failed", SOFT_404)
    if is_notice_title(title, CHALLENGE_TITLE):
        return Verdict("blocked", f"challenge page in place of the article: {title[:80]}")
    if len(text) <= MAX_NOTICE_LENGTH:
        if result := DELETION_NOTICE.search(text):
            return _gone_verdict(text[result.start() :])
        if MISSING_PAGE_NOTICE.search(text):
            return Verdict("failed", SOFT_404)
        if CHALLENGE_NOTICE.search(text):
            return Verdict("blocked", "challenge page in place of the article")
        if OUT_OF_SERVICE_NOTICE.search(text):
            return Verdict("failed", f"the site is out of service: {text[:80]}")
    return None


def _consent_wall_verdict(title: str, text: str) -> Verdict | None:
    if is_notice_title(title, CONSENT_TITLE) or asks_consent(text):
        return Verdict("blocked", "a consent wall in place of the article")
    return None


SOFT_404 = "a page that says 404 under status 200"


def _gone_verdict(text: str) -> Verdict:
    return Verdict("gone", f"a deletion notice in place of the article: {text[:80]}")
