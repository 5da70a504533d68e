"""The addresses that a page gives as its article's own."""

from urllib.parse import urljoin, urlsplit

from scraper.extract.html.document import Document


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
