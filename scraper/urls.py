"""One address per article: canonical URLs."""

import re
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from scraper.errors import UrlError
from scraper.patterns import lazy_pattern

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# Query parameters that say where a reader came from, never which article this is.
TRACKING_PARAMETER = lazy_pattern(
    r"^(?:utm_.*|at_.*|pk_.*|mtm_.*|hsa_.*|fb_.*|mc_cid|mc_eid|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid"
    r"|twclid|igshid|igsh|ref|referer|referrer|ref_src|ref_url|src|source|from|isfrom|input|campaign|rss|output"
    r"|ito|clicktrack|cmpid|cmp|ns_.*|ocid|smid|smtyp|xtor|wt_mc|wt\.mc_id|spm|share|shared|sharetype|taid"
    r"|feature|partner|_ga|_gl|outputtype|guccounter|guce_.*|soc_src|soc_trk|sfnsn|s_cid|ncid|cx_.*)$",
    re.I,
)
DEFAULT_PORTS = {"http": 80, "https": 443}
UNESCAPED_CHARACTERS = "/:@!$&'()*+,;=-._~%"
HOST_CHARACTERS = lazy_pattern(r"[a-z0-9._:\-]+")
MAX_URL_LENGTH = 4096
MAX_REMEMBERED_HOSTS = 4096


def canonical_url(url: str) -> str:
    """The address with only the parts that name the article; idempotent.

    Scheme and host are in lower case. A default port, the fragment, tracking parameters and an
    empty query go. Other parameters keep their order. Raises UrlError if it is no web address.

    >>> canonical_url("HTTPS://Example.org:443/a?utm_source=x&id=7#top")
    'https://example.org/a?id=7'
    """
    text = url.strip()
    if len(text) > MAX_URL_LENGTH:
        raise UrlError(
            text[:80] + "…",
            f"the address is longer than {MAX_URL_LENGTH} characters; was it pasted whole?",
        )
    try:
        parts = urlsplit(text)
        port = parts.port
        host = ascii_host(parts.hostname or "")
    except ValueError as error:  # a port that is no number, a broken IPv6 address, a bad name
        raise UrlError(text, f"not a web address ({error})") from error
    if parts.scheme.lower() not in DEFAULT_PORTS or not HOST_CHARACTERS.fullmatch(host):
        raise UrlError(text, "not a web address; it must begin with http:// or https://")
    if ":" in host:
        host = f"[{host}]"
    scheme = parts.scheme.lower()
    if port and port != DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    path = _escaped(parts.path or "/", UNESCAPED_CHARACTERS)
    return urlunsplit((scheme, host, path, _query(parts.query), ""))


def ascii_host(host: str) -> str:
    """The name of a host as the resolver gets it. Raises UnicodeError if it has none.

    As in browsers and in the HTTP client (IDNA 2008, UTS 46). The codec of Python reads "faß.de" as "fass.de",
    which belongs to somebody else.

    >>> ascii_host("faß.de"), ascii_host("EXAMPLE.org.")
    ('xn--fa-hia.de', 'example.org')
    """
    if host.isascii():
        return host.rstrip(".").encode("idna").decode("ascii").lower()
    import idna  # most addresses need none of its tables

    return idna.encode(host, uts46=True).decode("ascii").rstrip(".")


# How addresses say that they show an article without its site: a part of the path, or a parameter.
SITE_PREFIX = lazy_pattern(r"(www|m|mobile|amp|mobil|n)\.")
LONG_NUMBER = lazy_pattern(r"\d{5,}")
INDEX_IN_PATH = lazy_pattern(r"/(?:index|main|home|default)(?:\.\w{2,5})?$")
LANGUAGE_PATH = lazy_pattern("/?(?:[a-z]{2}(?:-[a-z]{2})?/?)?")
BARE_PERCENT = lazy_pattern("%(?![0-9A-Fa-f]{2})")
PERCENT_ESCAPE = lazy_pattern("%[0-9A-Fa-f]{2}")
COPY_IN_PATH = lazy_pattern(r"/(?:amp|print)(?=/|$)|\.(?:amp|print)(?=\.|$)", re.I)
COPY_PARAMETER = lazy_pattern(
    r"(?:amp|print)(?:=(?:1|true|yes|y)?)?|(?:mode|view|type|format|output)=(?:amp|print)", re.I
)
DATE_IN_PATH = lazy_pattern(r"(?:19|20)\d\d[01]\d[0-3]\d(?:\d{4})?")
THREE_DIGITS = lazy_pattern(r"\d{3}")
SECTION_PATH = lazy_pattern(r"/?(?:[a-z]{2,20}/){0,2}(?:[a-z]{2,20}(?:\.\w{2,5})?)?", re.I)


def netloc(url: str) -> str:
    """The host with its port if it gives one: a connection and a robots.txt belong to both."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def hostname(url: str) -> str:
    """The host without its port, as politeness counts it and an article has it.

    >>> hostname("http://example.org:8080/a")
    'example.org'
    """
    return urlsplit(url).hostname or ""


def site(url: str) -> str:
    """The host without the prefixes of mobile and AMP pages, unless the prefix is somebody's own name.

    >>> site("https://m.example.org/a") == site("https://www.example.org/a")
    True
    >>> site("https://m.blogspot.com/a"), site("https://n.blogspot.com/a")
    ('m.blogspot.com', 'n.blogspot.com')
    """
    host = netloc(url)
    prefix = SITE_PREFIX.match(host)
    if prefix is None or (prefix[1] != "www" and is_public_suffix(hostname(url)[prefix.end() :])):
        return host
    return host[prefix.end() :]


def is_same_owner(one: str, other: str) -> bool:
    """Whether two addresses belong to one owner by the names of their hosts.

    >>> is_same_owner("https://news.example.co.kr/a", "https://www.example.co.kr/b")
    True
    >>> is_same_owner("https://a.co.kr/", "https://b.co.kr/")
    False
    """
    if netloc(one) == netloc(other):
        return True
    owners = owner(hostname(one)), owner(hostname(other))
    is_name = literal_address(hostname(one)) is None
    return is_name and owners[0] is not None and owners[0] == owners[1]


def literal_address(host: str) -> str | None:
    """The host if it is an IP address, without brackets; None if it is a name.

    >>> literal_address("[::1]"), literal_address("example.org")
    ('::1', None)
    """
    text = host.strip("[]")
    try:
        ip_address(text)
    except ValueError:
        return None
    return text


def is_public_suffix(host: str) -> bool:
    """Whether the names below this one belong to different people.

    >>> is_public_suffix("co.kr"), is_public_suffix("example.co.kr")
    (True, False)
    """
    return owner(host) is None


@lru_cache(MAX_REMEMBERED_HOSTS)
def owner(host: str) -> str | None:
    """The name that somebody has registered, by which a host belongs to its owner; None for a public suffix.

    An address, and a name without a dot, belongs to itself.

    >>> owner("news.example.co.kr"), owner("127.0.0.1"), owner("blogspot.com")
    ('example.co.kr', '127.0.0.1', None)
    """
    name = host.rstrip(".")
    if literal_address(name) or "." not in name:
        return name
    labels = name.encode("ascii", "replace").decode().lower().split(".")
    try:  # the list has names of other scripts as they are read
        readable = ".".join(label.encode().decode("idna") for label in labels)
    except UnicodeError:
        readable = ".".join(labels)
    registered = _suffixes().privatesuffix(readable)
    return registered and ".".join(labels[-registered.count(".") - 1 :])


@cache
def _suffixes() -> "PublicSuffixList":
    """The list, which the package brings along. Reading it takes 30 ms, hence only when it is needed."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_encoded_idn=False)


def number_in(url: str) -> str | None:
    """The number that names an article, whatever its slug; None if the path has none.

    It is the last one in the path that has at least five digits and is no date.

    >>> number_in("https://example.org/20260514/4711042-the-mill-burns"), number_in("https://a.org/20260514/x")
    ('4711042', None)
    """
    numbers = LONG_NUMBER.findall(urlsplit(url).path)
    return next(
        (number for number in reversed(numbers) if not DATE_IN_PATH.fullmatch(number)), None
    )


def without_copy_mark(url: str) -> str | None:
    """The address of the article of which this is the AMP or print page; None if it is none by its form.

    >>> without_copy_mark("https://example.org/amp/7"), without_copy_mark("https://example.org/a.print.html?id=7")
    ('https://example.org/7', 'https://example.org/a.html?id=7')
    >>> without_copy_mark("https://example.org/a?id=7&print=1"), without_copy_mark("https://example.org/prints")
    ('https://example.org/a?id=7', None)
    """
    parts = urlsplit(url)
    path = COPY_IN_PATH.sub("", parts.path, count=1) or "/"
    query = "&".join(part for part in parts.query.split("&") if not COPY_PARAMETER.fullmatch(part))
    article_url = urlunsplit(parts._replace(path=path, query=query))
    return None if article_url == url or is_front_page(article_url) else article_url


def is_front_page(url: str) -> bool:
    """Whether this is the address of a home page.

    Its path is empty or names an index, and its query has no number.

    >>> is_front_page("https://example.org/"), is_front_page("https://example.org/en/index.html")
    (True, True)
    >>> is_front_page("https://example.org/news/4711"), is_front_page("https://example.org/?id=4711")
    (False, False)
    """
    parts = urlsplit(url)
    path = INDEX_IN_PATH.sub("/", parts.path)
    has_number = THREE_DIGITS.search(parts.query.replace("404", ""))
    return not has_number and LANGUAGE_PATH.fullmatch(path) is not None


def is_section(url: str) -> bool:
    """Whether this is the address of a section: one or two short words and no number.

    >>> is_section("https://example.org/news/politics/"), is_section("https://example.org/list.html?sec=1")
    (True, True)
    >>> is_section("https://example.org/news/the-mill-burns"), is_section("https://example.org/a/4711")
    (False, False)
    """
    parts = urlsplit(url)
    return SECTION_PATH.fullmatch(parts.path) is not None and not THREE_DIGITS.search(parts.query)


def _query(query: str) -> str:
    """The parameters that name the article, unchanged and in their order."""
    parameters = [
        part
        for part in query.split("&")
        if part and not TRACKING_PARAMETER.match(unquote(part.partition("=")[0]))
    ]
    return _escaped("&".join(parameters), UNESCAPED_CHARACTERS + "?")


def _escaped(text: str, safe: str) -> str:
    """The text percent-encoded as needed; an existing encoding stays, in capitals."""
    text = BARE_PERCENT.sub("%25", text)
    return PERCENT_ESCAPE.sub(lambda escape: escape[0].upper(), quote(text, safe=safe))
