"""Datasette with our pages on one database, and the HTTP server for it."""

import socket
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from datasette.app import Datasette
from datasette.database import Database as DatasetteDatabase
from datasette.database import Results
from datasette.plugins import pm

from storage.database import read_only_uri
from variorum.errors import VariorumError
from variorum.web import plugin
from variorum.web.plugin import PLUGIN_NAME
from variorum.web.visitor_sql import QueryProcesses, VisitorQuery

DATASETTE_SETTINGS = {
    "sql_time_limit_ms": 1_000,
    "facet_time_limit_ms": 200,
    "max_returned_rows": 500,
    "num_sql_threads": 8,
    "max_csv_mb": 50,
    "allow_download": False,
    "allow_csv_stream": True,
    "suggest_facets": False,
    "default_page_size": 50,
}
DATABASE_DESCRIPTION = "The database behind the pages, read only."
# It prints each missing page with all variables, so scraped text would reach the terminal.
NOISY_PLUGIN = "datasette.handle_exception"
# How long an unfinished response may take once the server is to stop.
SHUTDOWN_GRACE_SECONDS = 1


class CannotListenError(VariorumError):
    """The server cannot listen on an address; the text says why and what to try."""


@dataclass(frozen=True, slots=True)
class Website:
    """A site: the database file, its public address, the host to listen on, and whether visitors may write SQL."""

    path: Path
    url: str | None = None
    host: str = "127.0.0.1"
    sql: bool = False


class ReadOnlyDatabase(DatasetteDatabase):  # type: ignore[misc] # Datasette ships no type information
    """A Datasette database that is opened read only, as our commands read it.

    Every statement of Datasette's own pages holds something of the visitor's: SQL, a filter, a facet or an
    order. So all of them run in other processes.
    """

    def __init__(self, datasette: Datasette, path: Path) -> None:
        super().__init__(datasette, str(path))
        self.query_processes = QueryProcesses(read_only_uri(path))

    def close(self) -> None:
        """Close the connections, and end the processes."""
        self.query_processes.close()
        super().close()

    async def attached_databases(self) -> list[Any]:
        """None: no statement may attach one."""
        return []

    def connect(self, write: bool = False) -> sqlite3.Connection:
        conn = sqlite3.connect(read_only_uri(Path(self.path)), uri=True, check_same_thread=False)
        conn.execute("pragma query_only = on")
        self._all_file_connections.append(conn)
        return conn

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: float | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = False,
    ) -> Results:
        """Run a visitor's query. Only the visitor sees its errors, not the terminal."""
        time_limit_ms = min(
            custom_time_limit or self.ds.sql_time_limit_ms, self.ds.sql_time_limit_ms
        )
        max_rows = self.ds.max_returned_rows
        if max_rows == (page_size or self.ds.page_size):
            max_rows += 1  # Datasette reads one row more to see whether there is a next page
        query = VisitorQuery(
            sql, params or {}, time_limit_ms / 1000, max_rows + 1 if truncate else None
        )
        results = await self.query_processes.run(query)
        if truncate and len(results.rows) > max_rows:
            return Results(results.rows[:max_rows], True, results.description)
        return results


def datasette_for(site: Website) -> Datasette:
    """Datasette with our pages and one database, named `variorum` whatever its file name."""
    if not pm.is_registered(plugin):
        pm.register(plugin, PLUGIN_NAME)
    if pm.has_plugin(NOISY_PLUGIN):
        pm.unregister(name=NOISY_PLUGIN)
    base = urlsplit(site.url or "").path.rstrip("/") + "/"
    names = [name for name in (urlsplit(site.url or "").hostname, site.host.lower()) if name]
    config = {"url": (site.url or "").rstrip("/") or None, "names": names}
    datasette_app = Datasette(
        [],
        memory=True,
        settings={**DATASETTE_SETTINGS, "base_url": base, "default_allow_sql": site.sql},
        metadata={
            "title": "Variorum",
            "description": DATABASE_DESCRIPTION,
            "plugins": {PLUGIN_NAME: config},
        },
    )
    datasette_app.remove_database("_memory")
    datasette_app.add_database(ReadOnlyDatabase(datasette_app, site.path), name=PLUGIN_NAME)
    return datasette_app


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises CannotListenError if the address is in use or invalid."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        # asyncio turns off Nagle's algorithm only if the socket says it is TCP; else each page waits 40 ms.
        sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(128)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotListenError(
            f"cannot listen on {host}, port {port}: {reason}; choose another with --port or --host"
        ) from error
    return sock


def serve(site: Website, sock: socket.socket) -> None:
    """Serve the site on the socket until SIGINT or SIGTERM."""
    config = uvicorn.Config(
        datasette_for(site).app(),
        log_level="warning",
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=SHUTDOWN_GRACE_SECONDS,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[sock])
