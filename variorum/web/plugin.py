"""The Datasette plugin: routes our pages, in front of Datasette's tables."""

import logging
import mimetypes
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

from scraper.patterns import lazy_pattern
from storage.database import Database, read_snapshot
from storage.diff.render import printable
from variorum.web.request import ARGUMENTS, ENDINGS, BadRequestError, WebRequest
from variorum.web.response import RenderedView, View, render_view
from variorum.web.security import with_security
from variorum.web.views.article import article_page, sentences_page
from variorum.web.views.edits import edit_page, stream_page
from variorum.web.views.publisher import publisher_page, publishers_page
from variorum.web.views.search import search_page

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself half loaded
    from datasette.app import Datasette
    from datasette.database import Database as DatasetteDatabase

ViewFunction = Callable[[Database, WebRequest], View]

log = logging.getLogger(__name__)
PLUGIN_NAME = "variorum"
ENDING_PATTERN = rf"(?:\.(?P<ending>{'|'.join(ENDINGS)}))?"
ROUTES: tuple[tuple[str, ViewFunction], ...] = (
    (rf"/{ENDING_PATTERN}", stream_page),
    (rf"/edits{ENDING_PATTERN}", stream_page),
    (rf"/edit/(?P<id>[0-9]{{1,18}}){ENDING_PATTERN}", edit_page),
    (rf"/article/(?P<id>[0-9]{{1,18}}){ENDING_PATTERN}", article_page),
    (rf"/article/(?P<id>[0-9]{{1,18}})/sentences{ENDING_PATTERN}", sentences_page),
    (rf"/publishers{ENDING_PATTERN}", publishers_page),
    (rf"/publisher/(?P<host>[^/]+?){ENDING_PATTERN}", publisher_page),
    (rf"/search{ENDING_PATTERN}", search_page),
)
STATIC_ROUTE = r"/-/variorum/(?P<name>[a-z]+\.(?:css|js|svg))"
GROUP_NAME = lazy_pattern(r"\?P<\w+>")
OUR_PATHS = lazy_pattern("|".join(GROUP_NAME.sub("?:", pattern) for pattern, _ in ROUTES))
# What Datasette's pages raise for an ending or an option that they cannot use.
WRONG_OPTION_ERRORS = (LookupError, ValueError, TypeError)
ERROR_TITLES = {403: "Not allowed", 404: "Not found", 500: "Internal error", 503: "Took too long"}
# A slower page is cancelled, so that nobody can keep the machine busy.
VIEW_TIME_LIMIT_MS = 4_000
# The longest value that a query may make, in bytes: more could fill the memory.
MAX_VALUE_BYTES = 20_000_000


@hookimpl
def register_routes(datasette: "Datasette") -> list[tuple[str, Callable[..., Any]]]:
    """The routes of our pages, if one of the databases is ours."""
    if _our_database(datasette) is None:
        return []
    routes = [(f"{pattern}$", _request_handler(view_function)) for pattern, view_function in ROUTES]
    return [*routes, (f"{STATIC_ROUTE}$", _static_response)]


@hookimpl
def asgi_wrapper(datasette: "Datasette") -> Callable[[Any], Any]:
    """Our security rules around every response, Datasette's own too."""
    if _our_database(datasette) is None:
        return lambda app: app
    config = datasette.plugin_config(PLUGIN_NAME) or {}
    hostnames = frozenset(config["names"]) if "names" in config else None
    base = datasette.setting("base_url")
    return lambda app: with_security(app, our_paths=OUR_PATHS, hostnames=hostnames, base=base)


@hookimpl
def extra_js_urls(datasette: "Datasette") -> list[str]:
    """A script for Datasette's own pages: it makes them accessible."""
    return ["/-/variorum/tables.js"] if _our_database(datasette) else []


@hookimpl
def extra_css_urls(datasette: "Datasette") -> list[str]:
    """A style sheet for Datasette's own pages: it makes them accessible."""
    return ["/-/variorum/tables.css"] if _our_database(datasette) else []


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Limit how much memory one value of a query may take."""
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)


@hookimpl
def handle_exception(
    datasette: "Datasette", request: Request, exception: Exception
) -> Response | None:
    """Our error page, without internals of the program; those go to the log."""
    if _our_database(datasette) is None:
        return None
    web_request = _web_request(datasette, request)
    status = _error_status(exception, is_our_page=bool(OUR_PATHS.fullmatch(web_request.path)))
    if status == 500:
        log.error("%s", printable(request.path), exc_info=exception)
    ending = "json" if request.path.endswith(".json") else "html"
    error = BadRequestError(_error_text(exception, status), status)
    return _as_response(_error_view(error, replace(web_request, ending=ending)))


def _error_status(exception: Exception, *, is_our_page: bool) -> int:
    """The HTTP status. Datasette's own errors are about the address, though it gives them status 500.

    Its pages do not check each option of an address, and fail at the first use of a wrong one.
    """
    from datasette.views.base import DatasetteError

    status = int(getattr(exception, "status", 500))
    is_about_address = isinstance(exception, DatasetteError) or (
        not is_our_page and isinstance(exception, WRONG_OPTION_ERRORS)
    )
    return 400 if status == 500 and is_about_address else status


def _error_text(exception: Exception, status: int) -> str:
    if status == 400 and isinstance(exception, WRONG_OPTION_ERRORS):
        return "Datasette has no page for this address: an option is wrong, or a query is missing."
    if status == 404:
        return "There is no page at this address."
    if status == 500:
        return "Variorum failed to make this page. The server's log has the error."
    title = getattr(exception, "title", None)
    text = "" if getattr(exception, "message_is_html", False) else str(exception)
    return ": ".join(part for part in (title, text) if part)


def _request_handler(view_function: ViewFunction) -> Callable[..., Awaitable[Response]]:
    async def answer(datasette: "Datasette", request: Request) -> Response:
        web_request = _web_request(datasette, request)
        our_database = _our_database(datasette)
        assert our_database is not None
        return _as_response(
            await our_database.execute_fn(
                lambda conn: _render_in_snapshot(conn, view_function, web_request)
            )
        )

    return answer


def _render_in_snapshot(
    conn: sqlite3.Connection, view_function: ViewFunction, web_request: WebRequest
) -> RenderedView:
    """One view, rendered from one state of the database within a time limit."""
    try:
        db = Database(conn, execute_plugins=False)
        with sqlite_timelimit(conn, VIEW_TIME_LIMIT_MS), read_snapshot(db):
            return render_view(view_function(db, web_request), web_request)
    except BadRequestError as error:
        return _error_view(error, web_request)
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return _error_view(BadRequestError("The page took too long and was cancelled. Narrow it down: one publisher, one day, or rarer words.", 503), web_request)  # fmt: skip


def _error_view(error: BadRequestError, web_request: WebRequest) -> RenderedView:
    title = ERROR_TITLES.get(error.status, "Invalid request")
    view = View(
        template="message.html",
        title=title,
        variables=lambda: {"text": str(error)},
        document=lambda: {"error": str(error)},
        status=error.status,
    )
    return render_view(view, web_request)


def _as_response(answer: RenderedView) -> Response:
    headers = {"cache-control": "no-cache"}
    return Response(answer.body, answer.status, headers, answer.content_type)


def _web_request(datasette: "Datasette", request: Request) -> WebRequest:
    config = datasette.plugin_config(PLUGIN_NAME) or {}
    our_database = _our_database(datasette)
    base = datasette.setting("base_url")
    path_values: Mapping[str, str] = {
        name: value for name, value in request.url_vars.items() if value is not None
    }
    path = "/" + request.path.removeprefix(base).lstrip("/")
    ending = path_values.get("ending", "html")
    root = config.get("url") or f"{request.scheme}://{request.host}{base.rstrip('/')}"
    return WebRequest(
        path.removesuffix(f".{ending}"),
        ending,
        path_values,
        {name: request.args[name] for name in ARGUMENTS if name in request.args},
        root,
        base,
        datetime.now(UTC),
        our_database.route if our_database else PLUGIN_NAME,
        has_public_url=bool(config.get("url")),
    )


def _our_database(datasette: "Datasette") -> "DatasetteDatabase | None":
    """The first database that Variorum made."""
    return next(
        (candidate for candidate in datasette.databases.values() if _is_ours(candidate)), None
    )


@cache
def _is_ours(database: "DatasetteDatabase") -> bool:
    if database.is_memory:
        return False
    conn = database.connect()
    try:
        row = conn.execute(
            "select count(*) from sqlite_master where name in ('edits', 'versions', 'version_words', 'edits_by_time')"
        ).fetchone()
        return bool(row[0] == 4)
    except sqlite3.Error:
        return False
    finally:
        conn.close()


def _static_response(request: Request) -> Response:
    name = request.url_vars["name"]
    file_text = _static_files().get(name)
    if file_text is None:
        return Response.text("There is no file at this address.", status=404)
    kind = mimetypes.guess_type(name)[0] or "text/plain"
    return Response(file_text, 200, {"cache-control": "max-age=3600"}, f"{kind}; charset=utf-8")


@cache
def _static_files() -> dict[str, str]:
    """The style sheets, scripts and icon, by file name."""
    folder = files("variorum.web").joinpath("static")
    return {each.name: each.read_text("utf-8") for each in folder.iterdir() if each.is_file()}
