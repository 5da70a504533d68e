"""The Datasette plugin: our pages at their addresses, in front of Datasette's tables."""

import logging
import mimetypes
import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request, Response

from storage.database import Database, reading
from storage.diff.render import printable
from variorum.web.request import ARGUMENTS, ENDINGS, Asked, AskedWrongError
from variorum.web.response import Page, Rendered, rendered
from variorum.web.security import guarded
from variorum.web.views.article import article_page, sentences_page
from variorum.web.views.edits import edit_page, stream_page
from variorum.web.views.publisher import publisher_page, publishers_page
from variorum.web.views.search import search_page

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself half loaded
    from datasette.app import Datasette
    from datasette.database import Database as Served

View = Callable[[Database, Asked], Page]

LOGGER = logging.getLogger(__name__)
NAME = "variorum"
ENDING = rf"(?:\.(?P<ending>{'|'.join(ENDINGS)}))?"
VIEWS: tuple[tuple[str, View], ...] = (
    (rf"/{ENDING}", stream_page),
    (rf"/edits{ENDING}", stream_page),
    (rf"/edit/(?P<id>[0-9]{{1,18}}){ENDING}", edit_page),
    (rf"/article/(?P<id>[0-9]{{1,18}}){ENDING}", article_page),
    (rf"/article/(?P<id>[0-9]{{1,18}})/sentences{ENDING}", sentences_page),
    (rf"/publishers{ENDING}", publishers_page),
    (rf"/publisher/(?P<host>[^/]+?){ENDING}", publisher_page),
    (rf"/search{ENDING}", search_page),
)
STATIC = r"/-/variorum/(?P<name>[a-z]+\.(?:css|js|svg))"
OWN = re.compile("|".join(re.sub(r"\?P<\w+>", "?:", pattern) for pattern, _ in VIEWS))
TITLES = {403: "Not open", 404: "Not found", 500: "Failed", 503: "Too much at once"}
# A page that takes longer is given up, so that nobody can keep the machine busy.
TIME_LIMIT_MS = 4_000
# No value that an SQL query makes up may be longer, in bytes.
LONGEST_VALUE = 20_000_000


@hookimpl
def register_routes(datasette: "Datasette") -> list[tuple[str, Callable[..., Any]]]:
    """Our pages, where one of the databases is ours."""
    if _served(datasette) is None:
        return []
    pages = [(f"{pattern}$", _answering(view)) for pattern, view in VIEWS]
    return [*pages, (f"{STATIC}$", _static)]


@hookimpl
def asgi_wrapper(datasette: "Datasette") -> Callable[[Any], Any]:
    """Our rules around every answer, Datasette's own too."""
    if _served(datasette) is None:
        return lambda app: app
    config = datasette.plugin_config(NAME) or {}
    names = frozenset(config["names"]) if "names" in config else None
    base = datasette.setting("base_url")
    return lambda app: guarded(app, own=OWN, names=names, base=base)


@hookimpl
def extra_js_urls(datasette: "Datasette") -> list[str]:
    """What the pages of Datasette itself are given, so that everybody can use them."""
    return ["/-/variorum/tables.js"] if _served(datasette) else []


@hookimpl
def extra_css_urls(datasette: "Datasette") -> list[str]:
    """The same, in their style."""
    return ["/-/variorum/tables.css"] if _served(datasette) else []


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """No query may fill the memory with one value."""
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)


@hookimpl
def handle_exception(
    datasette: "Datasette", request: Request, exception: Exception
) -> Response | None:
    """What went wrong is told on a page of ours, without the inside of the program."""
    if _served(datasette) is None:
        return None
    status = _status(exception)
    if status == 500:
        LOGGER.error("%s", printable(request.path), exc_info=exception)
    ending = "json" if request.path.endswith(".json") else "html"
    asked = replace(_asked(datasette, request), ending=ending)
    return _response(_wrong(AskedWrongError(_reason(exception, status), status), asked))


def _status(exception: Exception) -> int:
    """The HTTP status; what Datasette itself has to say is about the address, though it calls it 500."""
    from datasette.views.base import DatasetteError

    status = int(getattr(exception, "status", 500))
    return 400 if status == 500 and isinstance(exception, DatasetteError) else status


def _reason(exception: Exception, status: int) -> str:
    if status == 404:
        return "There is no such page."
    if status == 500:
        return "Something is wrong in this program; the log says what."
    title = getattr(exception, "title", None)
    text = "" if getattr(exception, "message_is_html", False) else str(exception)
    return ": ".join(part for part in (title, text) if part)


def _answering(view: View) -> Callable[..., Awaitable[Response]]:
    async def answer(datasette: "Datasette", request: Request) -> Response:
        asked = _asked(datasette, request)
        served = _served(datasette)
        assert served is not None
        return _response(await served.execute_fn(lambda conn: _read(conn, view, asked)))

    return answer


def _read(conn: sqlite3.Connection, view: View, asked: Asked) -> Rendered:
    """One view, from one state of the database."""
    try:
        db = Database(conn, execute_plugins=False)
        with sqlite_timelimit(conn, TIME_LIMIT_MS), reading(db):
            return rendered(view(db, asked), asked)
    except AskedWrongError as error:
        return _wrong(error, asked)
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return _wrong(AskedWrongError("This took too long. Ask for less: a publisher, a day, rarer words.", 503), asked)  # fmt: skip


def _wrong(error: AskedWrongError, asked: Asked) -> Rendered:
    title = TITLES.get(error.status, "Not understood")
    page = Page(
        "message.html",
        title,
        {"text": str(error)},
        document={"error": str(error)},
        status=error.status,
    )
    return rendered(page, asked)


def _response(answer: Rendered) -> Response:
    headers = {"cache-control": "no-cache"}
    return Response(answer.body, answer.status, headers, answer.content_type)


def _asked(datasette: "Datasette", request: Request) -> Asked:
    config = datasette.plugin_config(NAME) or {}
    served = _served(datasette)
    base = datasette.setting("base_url")
    named: Mapping[str, str] = {
        name: value for name, value in request.url_vars.items() if value is not None
    }
    path = "/" + request.path.removeprefix(base).lstrip("/")
    ending = named.get("ending", "html")
    root = config.get("url") or f"{request.scheme}://{request.host}{base.rstrip('/')}"
    return Asked(
        path.removesuffix(f".{ending}"),
        ending,
        named,
        {name: request.args[name] for name in ARGUMENTS if name in request.args},
        root,
        base,
        datetime.now(UTC),
        served.route if served else NAME,
        is_named=bool(config.get("url")),
    )


def _served(datasette: "Datasette") -> "Served | None":
    """The first database that is one of ours."""
    return next((one for one in datasette.databases.values() if _is_ours(one)), None)


@cache
def _is_ours(database: "Served") -> bool:
    if database.is_memory:
        return False
    conn = database.connect()
    try:
        tables = conn.execute(
            "select count(*) from sqlite_master where name in ('edits', 'versions', 'version_words', 'edits_by_time')"
        )
        return bool(tables.fetchone()[0] == 4)
    except sqlite3.Error:
        return False
    finally:
        conn.close()


def _static(request: Request) -> Response:
    name = request.url_vars["name"]
    found = _files().get(name)
    if found is None:
        return Response.text("There is no such file.", status=404)
    kind = mimetypes.guess_type(name)[0] or "text/plain"
    return Response(found, 200, {"cache-control": "max-age=3600"}, f"{kind}; charset=utf-8")


@cache
def _files() -> dict[str, str]:
    """The style, the script and the picture of the site."""
    folder = files("variorum.web").joinpath("static")
    return {each.name: each.read_text("utf-8") for each in folder.iterdir() if each.is_file()}
