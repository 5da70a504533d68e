"""The cookies of one fetch: a redirect may set one, and the next request to the same site sends it back."""

from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from urllib.request import Request

from scraper.urls import is_public_suffix


class SiteCookiePolicy(DefaultCookiePolicy):
    """Keeps cookies to the site that set them (RFC 6265, 5.3): none for all of `co.kr`, and one without a
    domain goes back to its own host only."""

    def __init__(self) -> None:
        super().__init__(strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain)

    def set_ok_domain(self, cookie: Cookie, request: Request) -> bool:
        """Whether a server may set a cookie for this domain."""
        if cookie.domain_specified and is_public_suffix(cookie.domain.lstrip(".")):
            return False
        return bool(super().set_ok_domain(cookie, request))


def site_cookies() -> CookieJar:
    """An empty jar for one fetch with its redirects."""
    return CookieJar(SiteCookiePolicy())
