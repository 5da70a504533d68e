"""The addresses that a page gives as its article's own."""

from urllib.parse import urljoin, urlsplit

from scraper.errors import ExtractError, UrlError
from scraper.extract.html.document import Document
from scraper.urls import canonical_url


def canonical_and_origin(document: Document) -> tuple[str | None, str | None]:
    """The canonical address on the page's own site, and the origin: the first one on another site.

    Both are absolute and neither is a home page. A portal's copy of an article names its origin.
    """
    page_host = urlsplit(document.url).hostname
    canonical = origin = None
    for claim in filter(None, (document.tags.canonical, document.tags.meta("og:url"))):
        address = claim.strip()
        try:
            if not address.startswith(("http://", "https://")):
                address = urljoin(document.url, address)
            parts = urlsplit(address)
            labels = _publisher_labels(parts.hostname)
        except ValueError:
            continue
        if parts.scheme not in ("http", "https") or not parts.path.strip("/"):
            continue
        if labels == _publisher_labels(page_host) or not document.url:
            canonical = canonical or address
        else:
            origin = origin or address
    return canonical, origin


def _publisher_labels(host: str | None) -> list[str]:
    """The last labels of a host, enough to distinguish one publisher from another.

    `scraper.urls.site` distinguishes what this does not: sport.example.org and www.example.org.
    """
    labels = (host or "").split(".")
    return labels[-3:] if len(labels) > 2 and len(labels[-2]) <= 3 else labels[-2:]


def claimed_addresses(document: Document) -> tuple[str, ...]:
    """Every address that a page gives as its own, as canonical URLs: a home page and other sites, too.

    They come from the canonical link, `og:url` and the JSON-LD of the article. Empty if the bytes are no HTML.
    """
    try:
        thing = document.article
        claims = [document.tags.canonical, document.tags.meta("og:url")]
    except ExtractError:
        return ()
    for value in (thing.get("url"), thing.get("mainEntityOfPage")):
        claims.append(value.get("@id") if isinstance(value, dict) else value)
    return tuple(dict.fromkeys(filter(None, (_absolute(document.url, claim) for claim in claims))))


def _absolute(base: str, claim: object) -> str | None:
    """The canonical URL of an address on a page; None if it is no web address."""
    if not isinstance(claim, str) or not claim.strip():
        return None
    try:
        return canonical_url(urljoin(base, claim.strip()))
    except (UrlError, ValueError):
        return None
