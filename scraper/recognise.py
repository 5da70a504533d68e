"""Is this the article at all? Block pages, consent walls, soft 404s and shells are outcomes."""

import re
from dataclasses import dataclass
from datetime import timedelta

from scraper.article import Article
from scraper.charset import decode
from scraper.fetch import Page
from scraper.urls import is_front_page, site_of

# Headers that only a challenge carries.
CHALLENGE_HEADERS = (
    ("cf-mitigated", "challenge"),
    ("x-amzn-waf-action", "challenge"),
    ("x-amzn-waf-action", "captcha"),
    ("x-datadome", "protected"),
)
BLOCK_STATUS = frozenset({401, 402, 403, 405, 406, 429, 451, 503})

CHALLENGE = re.compile(
    r"just a moment\.\.\.|attention required! \| cloudflare|checking your browser before|verify you are (?:a )?human"
    r"|are you a robot\?|unusual traffic from your|please enable (?:js|javascript) and (?:disable any ad blocker|cookies)"
    r"|access to this page has been denied|pardon our interruption|request unsuccessful\. incapsula"
    r"|/cdn-cgi/challenge-platform|captcha-delivery\.com|_incapsula_resource|px-captcha|awswafcaptcha",
    re.I,
)
CONSENT = re.compile(
    r"before you continue|we value your privacy|manage your (?:privacy|consent)|cookie[- ]?(?:wall|consent required)"
    r"|privacy settings|zustimmung|datenschutz-?einstellungen|pur-abo|consentement|acepta(?:r)? las cookies",
    re.I,
)
# A notice in place of the article; matched on short pages and headlines only.
DELETED = re.compile(
    r"삭제된\s*기사|존재하지\s*않는\s*(?:기사|페이지)|서비스(?:하지|되지)\s*않는\s*기사|삭제(?:되었거나|되었습니다|된\s*(?:게시물|페이지))"
    r"|(?:article|story|page)\s+(?:has\s+been|was)\s+(?:removed|deleted|withdrawn|retracted|taken\s+down)"
    r"|(?:artikel|beitrag)\s+(?:wurde|ist)\s+(?:gelöscht|entfernt|nicht\s+mehr\s+verfügbar)"
    r"|article\s+(?:a\s+été\s+)?(?:supprimé|retiré)|記事は(?:削除|掲載を終了)|(?:文章|内容|頁面|页面)(?:已被?|已經)(?:删除|刪除)",
    re.I,
)
MISSING = re.compile(
    r"(?:error|fehler|erreur|오류)\s*404\b|\b404\b\W*(?:error|page|not\s+found|$)|page\s+(?:not\s+found|could\s?n[o']t\s+be\s+found)|(?:페이지|기사)를?\s*찾을\s*수\s*없|요청하신\s*페이지"
    r"|seite\s+(?:wurde\s+)?nicht\s+gefunden|page\s+introuvable|página\s+no\s+encontrada|ページが見つかりません"
    r"|(?:页面|頁面)(?:不存在|找不到)",
    re.I,
)
SCRIPT_SHELL = re.compile(
    r"<noscript|__NEXT_DATA__|id=[\"'](?:root|app|__next|___gatsby)[\"']", re.I
)
# What no reader sees: scripts, the head, tags.
UNSEEN = re.compile(
    r"<(script|style|noscript|head)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>", re.I | re.S
)
TITLE = re.compile(r"<title[^>]*>(.{0,300}?)</title", re.I | re.S)
# Real articles have more text than any notice, a wall more than a shell with its menu.
NOTICE_CHARACTERS = 600
LINE_CHARACTERS = 200
SHELL_CHARACTERS = 600
WALL_CHARACTERS = 5_000
LOOKED_AT = 300_000  # bytes of a page without an article
HTML = re.compile(r"html|xml|text/plain|^$", re.I)


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
    if page.hops and is_front_page(page.final_url) and not is_front_page(page.url):
        return Verdict("failed", f"redirected to the front page {page.final_url}")
    if (
        page.hops
        and site_of(page.final_url) != site_of(page.url)
        and _is_consent_host(page.final_url)
    ):
        return Verdict("blocked", f"redirected to a consent wall at {page.final_url}")
    return None


def _is_consent_host(url: str) -> bool:
    return bool(re.search(r"consent|cmp\.|privacy", url, re.I))


def explain_empty(page: Page, reason: str) -> Verdict:
    """Why a page gave no article: the sort of page it looks like."""
    markup = decode(page.body[:LOOKED_AT], page.content_type)[0]
    title = TITLE.search(markup)
    name = title[1] if title else ""
    text = " ".join(UNSEEN.sub(" ", markup).split())
    if CHALLENGE.search(markup):
        return Verdict("blocked", "challenge page in place of the article")
    if DELETED.search(text):
        return Verdict("gone", "a deletion notice stands in place of the article")
    if MISSING.search(name):
        return Verdict("failed", "a page that says 404 under status 200")
    if CONSENT.search(name) or (CONSENT.search(text) and len(text) < WALL_CHARACTERS):
        return Verdict("blocked", "a consent wall in place of the article")
    if SCRIPT_SHELL.search(markup) and len(text) < SHELL_CHARACTERS:
        return Verdict("failed", "a script shell: the text is not in the page as sent")
    return Verdict("failed", reason)


def refuse_article(page: Page, article: Article) -> Verdict | None:
    """What the extracted text tells against it: a notice that looks like a short article."""
    headline, body = article.headline, article.body
    if len(body) > NOTICE_CHARACTERS:
        return None
    if DELETED.search(headline) or (len(body) < LINE_CHARACTERS and DELETED.match(body)):
        return Verdict("gone", f"a deletion notice stands in place of the article: {headline[:80]}")
    if MISSING.search(headline):
        return Verdict("failed", "a page that says 404 under status 200")
    if CHALLENGE.search(f"{headline}\n{body}"):
        return Verdict("blocked", "challenge page in place of the article")
    if CONSENT.match(headline) and "cookie" in body.lower():
        return Verdict("blocked", "a consent wall in place of the article")
    return None
