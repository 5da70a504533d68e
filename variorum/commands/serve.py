"""The command that serves the web pages: serve."""

import click

from variorum.context import Context
from variorum.errors import UsageError
from variorum.terminal.output import say

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8001
WEB_PACKAGES = ("datasette", "uvicorn")


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True,
              help="The port; 0 chooses a free one.")  # fmt: skip
@click.option("--host", default=DEFAULT_HOST, show_default=True,
              help="The address to listen on. Any but the default opens the pages to the network.")  # fmt: skip
@click.option("--url", help="The public address of the pages if they are behind a proxy.")
@click.option("--sql/--no-sql", default=False, help="Let visitors write SQL. The tables can be browsed without it.")  # fmt: skip
@click.pass_obj
def serve_command(context: Context, port: int, host: str, url: str | None, sql: bool) -> None:
    """Show edits, articles and publishers as web pages, by default on this machine only.

    Everyone who reaches the port can read the whole database, and nobody can write to it. Stop it with Ctrl-C.

    \b
    variorum serve
    variorum --db variorum-demo.db serve --port 8080
    variorum serve --url https://edits.example.org
    variorum serve --sql                 for yourself, or for visitors you trust
    """
    try:
        from variorum.web import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in WEB_PACKAGES:
            raise
        raise click.ClickException(
            "the web pages need Datasette: pip install 'variorum[web]'"
        ) from error
    if url and not url.startswith(("http://", "https://")):
        raise UsageError(f"--url {url}: give a full address, such as https://edits.example.org")
    context.open_readable().close()  # an unusable database is reported before the port is opened
    try:
        listener = server.listening_socket(host, port)
    except server.CannotListenError as error:
        raise click.ClickException(str(error)) from error
    url_host = f"[{host}]" if ":" in host else host
    say(f"http://{url_host}:{listener.getsockname()[1]}/  (stop with Ctrl-C)")
    server.serve(server.Website(context.db_path, url, host, sql), listener)
