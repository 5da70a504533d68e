"""Rules for every request: read only, only our host names, nothing that another site asks for or embeds."""

import base64
import codecs
import hashlib
import ipaddress
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scraper.patterns import lazy_pattern
from storage.diff.render import with_named_signs
from variorum.web.spreadsheet import SafeCsv

AsgiScope = MutableMapping[str, Any]
AsgiMessage = MutableMapping[str, Any]
AsgiReceive = Callable[[], Awaitable[AsgiMessage]]
AsgiSend = Callable[[AsgiMessage], Awaitable[None]]
AsgiApp = Callable[[AsgiScope, AsgiReceive, AsgiSend], Awaitable[None]]

# For our pages: nothing from other sites, no inline script or style, no framing.
STRICT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
# The only paths of Datasette's own that are open: the tables need them. The others describe the machine, or log in.
OPEN_DATASETTE_PATH = lazy_pattern(r"/-/(?:static|static-plugins|variorum)/")
INLINE_SCRIPT = lazy_pattern(r"<script>([^<]*+(?:<(?!/?script>)[^<]*+)*+)</script>")
LOCAL_HOSTNAMES = ("localhost",)
# A host name or an IP address, and a port. Anything else that a client sends would get into our links.
HOST_HEADER = lazy_pattern(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]+)?")
PLAIN_TEXT_HEADERS = [(b"content-type", b"text/plain; charset=utf-8")]


def with_security(
    app: AsgiApp, *, our_paths: re.Pattern[str], hostnames: frozenset[str] | None, base: str
) -> AsgiApp:
    """The application behind our rules.

    `our_paths` matches the paths of our pages. `hostnames` are the host names that the site accepts beside
    localhost and IP addresses (None: any). Others are refused, or a foreign page could point its own name
    at this machine and read the database (DNS rebinding). `base` is the site's folder.
    """
    datasette_policy = _datasette_policy()

    async def guard(scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        path = scope["path"]
        path_in_site = "/" + path.removeprefix(base) if path.startswith(base) else path
        is_our_page = bool(our_paths.fullmatch(path_in_site))
        policy = STRICT_POLICY if is_our_page else datasette_policy
        send_safely = _safe_send(send, policy)
        refusal = _refusal(scope, path_in_site, hostnames, is_our_page=is_our_page)
        if refusal:
            await _send_text(send_safely, *refusal)
        else:
            await app(scope, receive, send_safely)

    return guard


def is_our_host(host: str, hostnames: frozenset[str]) -> bool:
    """Is this Host header localhost, an IP address or one of the names?

    >>> [is_our_host(host, frozenset({"edits.example.org"})) for host in ("127.0.0.1:8001", "[::1]", "evil.example")]
    [True, True, False]
    """
    if not HOST_HEADER.fullmatch(host):
        return False
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in LOCAL_HOSTNAMES or name in hostnames:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_from_other_site(headers: Mapping[str, str], *, is_our_page: bool) -> bool:
    """Does a page of another site make this request? A link that somebody follows to one of our pages is none.

    Datasette's pages are for those who are on the site: a link to one could start a query.
    Browsers before 2023 do not say where a request comes from, but most send Origin or Referer.

    >>> is_from_other_site({"sec-fetch-site": "cross-site", "sec-fetch-dest": "image"}, is_our_page=True)
    True
    """
    site = headers.get("sec-fetch-site")
    if site is None:
        source = headers.get("origin") or (None if is_our_page else headers.get("referer"))
        return source is not None and source.partition("://")[2].partition("/")[0] != headers.get(
            "host"
        )
    mode, target = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    is_followed_link = is_our_page and (mode, target) == ("navigate", "document")
    return site not in ("same-origin", "none") and not is_followed_link


def _refusal(
    scope: AsgiScope, path: str, hostnames: frozenset[str] | None, *, is_our_page: bool
) -> tuple[int, str] | None:
    if scope["method"] not in ("GET", "HEAD"):
        return 405, "This site is read only: use GET or HEAD.\n"
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get("host", "")
    if hostnames is not None and not is_our_host(host, hostnames):
        return (
            421,
            "This site does not accept this host name; set it with `variorum serve --url`.\n",
        )
    if is_from_other_site(headers, is_our_page=is_our_page):
        return 403, "Another site asked for this. To see it, type its address, or paste it.\n"
    if path.startswith("/-/") and not OPEN_DATASETTE_PATH.match(path):
        return 404, "There is no such page.\n"
    return None


async def _send_text(send: AsgiSend, status: int, text: str) -> None:
    allowed = [(b"allow", b"GET, HEAD")] if status == 405 else []
    await send(
        {"type": "http.response.start", "status": status, "headers": PLAIN_TEXT_HEADERS + allowed}
    )
    await send({"type": "http.response.body", "body": text.encode()})


@dataclass(slots=True)
class NamedSigns:
    """Makes a page of another writer show the signs that nobody sees, as it comes."""

    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace")
    )

    def feed(self, raw: bytes, *, is_last: bool) -> bytes:
        """The characters that are complete after these bytes."""
        return with_named_signs(self._decoder.decode(raw, is_last)).encode()


def _safe_send(send: AsgiSend, policy: str) -> AsgiSend:
    """Sends a response with our headers. Datasette's get no formula in CSV, and no hidden sign in a page."""
    body: SafeCsv | NamedSigns | None = None

    async def send_safely(message: AsgiMessage) -> None:
        nonlocal body
        if message["type"] == "http.response.start":
            headers = _with_security_headers(message.get("headers", []), policy)
            if policy != STRICT_POLICY and (body := _safe_body(headers)):
                headers = [(name, value) for name, value in headers if name != b"content-length"]
            message = {**message, "headers": headers}
        elif body:
            is_last = not message.get("more_body", False)
            message = {**message, "body": body.feed(message.get("body", b""), is_last=is_last)}
        await send(message)

    return send_safely


def _safe_body(headers: list[tuple[bytes, bytes]]) -> SafeCsv | NamedSigns | None:
    """What makes a body of Datasette's safe. It sends CSV as plain text unless the visitor saves it as a file."""
    content_type = dict(headers).get(b"content-type", b"")
    if content_type.startswith((b"text/csv", b"text/plain")):
        return SafeCsv()
    return NamedSigns() if content_type.startswith(b"text/html") else None


def _with_security_headers(headers: Any, policy: str) -> list[tuple[bytes, bytes]]:
    our_names = {name for name, _ in SECURITY_HEADERS} | {b"content-security-policy"}
    lower_case = [(name.lower(), value) for name, value in headers]
    other_headers = [(name, value) for name, value in lower_case if name not in our_names]
    return [*other_headers, *SECURITY_HEADERS, (b"content-security-policy", policy.encode())]


def _datasette_policy() -> str:
    """The policy for Datasette's own pages: it allows the inline scripts of its templates by their hashes."""
    import datasette

    folder = Path(datasette.__file__).parent / "templates"
    scripts = {
        script.replace("{{ datasette_allow_facet }}", value)
        for path in sorted(folder.glob("*.html"))
        for script in INLINE_SCRIPT.findall(path.read_text("utf-8"))
        for value in ("true", "false")
    }
    hashes = " ".join(sorted(_script_hash(script) for script in scripts if "{" + "{" not in script))
    return (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _script_hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
