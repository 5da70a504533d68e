"""What every answer is held to: only reading, only names that are ours, no script but our file."""

import base64
import hashlib
import ipaddress
import re
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Our pages: nothing from elsewhere, no inline script or style, nobody's frame.
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
# Of Datasette's own pages only what the tables need: the rest tells of the machine, or logs in.
OPEN = re.compile(r"/-/(?:static|static-plugins|variorum)/")
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
LOCAL = ("localhost",)
# A name or number and a port; what else a client writes there would stand in our links.
HOST = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]+)?")
PLAIN = [(b"content-type", b"text/plain; charset=utf-8")]


def guarded(app: App, *, own: re.Pattern[str], names: frozenset[str] | None, base: str) -> App:
    """The application behind our rules.

    `own` matches the paths of our pages; `names` are the host names it answers to, numbers and localhost
    aside (None: any); `base` is the folder it stands in. Another name is refused so that a page elsewhere
    cannot have its own name point here and read along.
    """
    lax = _datasette_policy()

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        path = scope["path"]
        inside = "/" + path.removeprefix(base) if path.startswith(base) else path
        policy = STRICT if own.fullmatch(inside) else lax

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _headers(message.get("headers", []), policy)}
            await send(message)

        refusal = _refusal(scope, inside, names)
        if refusal:
            await _answer(send_with_headers, *refusal)
        else:
            await app(scope, receive, send_with_headers)

    return guard


def is_ours(host: str, names: frozenset[str]) -> bool:
    """Is a Host header one that this site answers to?

    >>> [is_ours(host, frozenset({"edits.example.org"})) for host in ("127.0.0.1:8001", "[::1]", "evil.example")]
    [True, True, False]
    """
    if not HOST.fullmatch(host):
        return False
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in LOCAL or name in names:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _refusal(scope: Scope, path: str, names: frozenset[str] | None) -> tuple[int, str] | None:
    if scope["method"] not in ("GET", "HEAD"):
        return 405, "Nothing can be written here.\n"
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    if names is not None and not is_ours(host, names):
        return 421, "This site goes by another name; `variorum serve --url` gives it one.\n"
    if path.startswith("/-/") and not OPEN.match(path):
        return 404, "There is no such page.\n"
    return None


async def _answer(send: Send, status: int, text: str) -> None:
    allowed = [(b"allow", b"GET, HEAD")] if status == 405 else []
    await send({"type": "http.response.start", "status": status, "headers": PLAIN + allowed})
    await send({"type": "http.response.body", "body": text.encode()})


def _headers(headers: Any, policy: str) -> list[tuple[bytes, bytes]]:
    ours = {name for name, _ in HEADERS} | {b"content-security-policy"}
    kept = [(name, value) for name, value in headers if name.lower() not in ours]
    return [*kept, *HEADERS, (b"content-security-policy", policy.encode())]


def _datasette_policy() -> str:
    """What Datasette's own pages need: the scripts that its templates hold word for word, by their hashes."""
    import datasette

    folder = Path(datasette.__file__).parent / "templates"
    scripts = {
        script.replace("{{ datasette_allow_facet }}", value)
        for path in sorted(folder.glob("*.html"))
        for script in INLINE.findall(path.read_text("utf-8"))
        for value in ("true", "false")
    }
    hashes = " ".join(sorted(_hash(script) for script in scripts if "{" + "{" not in script))
    return (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
