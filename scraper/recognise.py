"""Is this the article at all? Block pages, consent walls, soft 404s and shells are outcomes."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

from scraper.article import Article
from scraper.fetch import Page
from scraper.http.charset import decode
from scraper.patterns import pattern
from scraper.phrases.notices import (
    CHALLENGE,
    CHALLENGE_MARKUP,
    CHALLENGE_TITLE,
    CLOSED,
    CONSENT_TITLE,
    DELETED,
    MISSING,
    MISSING_TITLE,
    alerted,
    asks_consent,
    is_members_only,
    is_title,
    unquoted,
)
from scraper.urls import is_front_page, is_section, site_of

# Headers that only a challenge carries; `x-datadome: protected` is on allowed answers, too.
CHALLENGE_HEADERS = (
    ("cf-mitigated", "challenge"),
    ("x-amzn-waf-action", "challenge"),
    ("x-amzn-waf-action", "captcha"),
)
BLOCK_STATUS = frozenset({401, 402, 403, 405, 406, 429, 451, 503})
# Sources of a time that a template writes on articles only.
STATED = ("json-ld", "meta", "microdata", "time")
SCRIPT_SHELL = pattern(r"<noscript|__NEXT_DATA__|id=[\"'](?:root|app|__next|___gatsby)[\"']", re.I)
# What no reader sees: scripts, the head, tags.
UNSEEN = pattern(
    r"<(script|style|noscript|head)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>", re.I | re.S
)
TITLE = pattern(r"<title[^>]*>(.{0,300}?)</title", re.I | re.S)
# Real articles have more text than any notice, a wall more than a shell with its menu.
NOTICE_CHARACTERS = 700
LEAD_CHARACTERS = 120  # in which a notice that a date stands over begins
LINE_CHARACTERS = 200
SHELL_CHARACTERS = 600
WALL_CHARACTERS = 2_500
LOOKED_AT = 300_000  # bytes of a page without an article
HTML = pattern(r"html|xml|text/plain|^$", re.I)
LOGIN_PATH = pattern(
    r"/(?:log-?in|sign-?in|anmelden|connexion|auth|account/login)(?:[/.?]|$)", re.I
)
ERROR_PATH = pattern(r"/(?:40[34]|error\w*|not-?found)(?:[/.?]|$)", re.I)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a page is not the article: the outcome of the look and a reason a reader understands."""

    outcome: str  # blocked, gone, failed, refused
    reason: str
    wait: timedelta | None = None  # how long the host asks to be left alone


def refuse_answer(page: Page) -> Verdict | None:
    """What the status and headers alone tell against a page; None where it may be the article."""
    for name, value in CHALLENGE_HEADERS:
        if value in page.headers.get(name, "").lower():
            return Verdict("blocked", f"challenge page (header {name})")
    if page.status == 410:
        return Verdict("gone", "the publisher answers 410 Gone")
    if page.status == 404:
        return Verdict(
            "failed", "404 Not Found; seen once, looked at again before it counts as gone"
        )
    if page.status in BLOCK_STATUS:
        return Verdict("blocked", _block_reason(page))
    if page.status >= 500:
        return Verdict("failed", f"the server answers {page.status}")
    if not 200 <= page.status < 300:
        return Verdict("failed", f"unexpected status {page.status}")
    return _refuse_body(page)


def _block_reason(page: Page) -> str:
    wait = page.headers.get("retry-after")
    names = {401: "a login is asked for", 402: "payment is asked for", 403: "access is forbidden",
             429: "too many requests", 451: "unavailable for legal reasons", 503: "the server asks to wait"}  # fmt: skip
    reason = f"{page.status}: {names.get(page.status, 'the request is not accepted')}"
    return f"{reason} (Retry-After {wait})" if wait else reason


def _refuse_body(page: Page) -> Verdict | None:
    if not page.body.strip():
        return Verdict("failed", "the answer has no body")
    kind = (page.content_type or "").partition(";")[0].strip()
    if not HTML.search(kind):
        return Verdict("failed", f"not a web page but {kind}")
    if page.hops and not is_front_page(page.url) and (found := _led_away(page)):
        return found
    if (
        page.hops
        and site_of(page.final_url) != site_of(page.url)
        and _is_consent_host(page.final_url)
    ):
        return Verdict("blocked", f"redirected to a consent wall at {page.final_url}")
    return None


def _led_away(page: Page) -> Verdict | None:
    """A redirect to what is no article: the home page, a section, a login, an error."""
    target = page.final_url
    path = urlsplit(target).path
    if LOGIN_PATH.search(path) and not LOGIN_PATH.search(urlsplit(page.url).path):
        return Verdict("blocked", f"redirected to a login at {target}")
    if ERROR_PATH.search(path) and not ERROR_PATH.search(urlsplit(page.url).path):
        return Verdict("failed", f"redirected to an error page {target}")
    if is_front_page(target):
        return Verdict("failed", f"redirected to the front page {target}")
    if is_section(target) and not is_section(page.url):
        return Verdict("failed", f"redirected to a section page {target}")
    return None


def _is_consent_host(url: str) -> bool:
    return bool(re.search(r"consent|cmp\.|privacy", url, re.I))


def explain_empty(page: Page, reason: str) -> Verdict:
    """Why a page gave no article: the sort of page it looks like."""
    markup = decode(page.body[:LOOKED_AT], page.content_type)[0]
    title = TITLE.search(markup)
    name = unescape(" ".join(title[1].split())) if title else ""
    text = unescape(" ".join(UNSEEN.sub(" ", markup).split()))
    if CHALLENGE_MARKUP.search(markup):
        return Verdict("blocked", "challenge page in place of the article")
    if box := alerted(markup):
        return _notice(box, box) or Verdict("failed", f"the page only says: {box}")
    if len(text) <= WALL_CHARACTERS:
        if found := _notice(name, text) or _wall(name, text):
            return found
    elif is_title(name, MISSING_TITLE):
        return Verdict("failed", SOFT_404)
    if SCRIPT_SHELL.search(markup) and len(text) < SHELL_CHARACTERS:
        return Verdict("failed", "a script shell: the text is not in the page as sent")
    return Verdict("failed", reason)


def refuse_article(page: Page, article: Article) -> Verdict | None:
    """What the extracted text tells against it: a notice that looks like a short article."""
    headline, body = unquoted(article.headline), unquoted(article.body)
    if is_members_only(body):
        return Verdict("blocked", "only for members: the text is not in the page as sent")
    if tells_time(article):
        lead = DELETED.search(body) if len(body) <= NOTICE_CHARACTERS else None
        return _gone(body) if lead and lead.start() < LEAD_CHARACTERS else None
    if is_title(article.headline, MISSING_TITLE):
        return Verdict("failed", SOFT_404)
    if len(body) <= WALL_CHARACTERS:
        return _notice(headline, f"{headline}\n{body}") or _wall(
            article.headline, f"{article.headline}\n{article.body}"
        )
    return None


def tells_time(article: Article) -> bool:
    """Whether the page states when the article was published, as no notice does."""
    return article.sources.get("published_at", "").startswith(STATED)


def refuse_lines(lines: Collection[str], article: Article) -> Verdict | None:
    """A deletion notice among the lines of a page, in order, where something else passed for its
    text: it stands before that. After it a reader's comment may have been removed.
    """
    first = article.paragraphs[0]
    if first not in lines:  # the text is in script data
        return None
    for line in lines:
        if line == first:
            break
        if len(line) <= LINE_CHARACTERS and DELETED.search(unquoted(line)):
            return _gone(line)
    return None


def _notice(title: str, text: str) -> Verdict | None:
    """What a page without any time says of itself in a few lines."""
    if is_title(title, MISSING_TITLE):
        return Verdict("failed", SOFT_404)
    if is_title(title, CHALLENGE_TITLE):
        return Verdict("blocked", f"challenge page in place of the article: {title[:80]}")
    if len(text) <= NOTICE_CHARACTERS:
        if found := DELETED.search(text):
            return _gone(text[found.start() :])
        if MISSING.search(text):
            return Verdict("failed", SOFT_404)
        if CHALLENGE.search(text):
            return Verdict("blocked", "challenge page in place of the article")
        if CLOSED.search(text):
            return Verdict("failed", f"the site says that it is out of service: {text[:80]}")
    return None


def _wall(title: str, text: str) -> Verdict | None:
    if is_title(title, CONSENT_TITLE) or asks_consent(text):
        return Verdict("blocked", "a consent wall in place of the article")
    return None


SOFT_404 = "a page that says 404 under status 200"


def _gone(text: str) -> Verdict:
    return Verdict("gone", f"a deletion notice stands in place of the article: {text[:80]}")
