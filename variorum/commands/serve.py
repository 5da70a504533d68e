"""The command that shows the history in a browser: serve."""

import click

from variorum.context import Context, UsageError, say

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8001


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True,
              help="The port; 0 takes a free one.")  # fmt: skip
@click.option(
    "--host",
    default=DEFAULT_HOST,
    show_default=True,
    help="The address to listen on. Any other than this opens the pages to the network.",
)
@click.option("--url", help="The address that others reach the pages by, behind a proxy.")
@click.option(
    "--no-sql",
    is_flag=True,
    help="Take no SQL from visitors; the tables stay open to reading.",
)
@click.pass_obj
def serve(context: Context, port: int, host: str, url: str | None, no_sql: bool) -> None:
    """Show edits, articles and publishers as web pages, on this machine alone unless told.

    Whoever reaches the port reads all of the database; nothing can be written. Ctrl-C ends it.

    \b
    variorum serve
    variorum --db variorum-demo.db serve --port 8080
    variorum serve --url https://edits.example.org --no-sql
    """
    try:
        from variorum.web import server as serving
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("datasette", "uvicorn"):
            raise
        raise click.ClickException(
            "the web pages need Datasette: pip install 'variorum[web]'"
        ) from error
    if url and not url.startswith(("http://", "https://")):
        raise UsageError(f"--url {url}: give a whole address, such as https://edits.example.org")
    context.open_readable().close()  # says what is wrong with the database before anything is opened
    try:
        sock = serving.listening_socket(host, port)
    except serving.CannotListenError as error:
        raise click.ClickException(str(error)) from error
    url_host = f"[{host}]" if ":" in host else host
    say(f"http://{url_host}:{sock.getsockname()[1]}/  (Ctrl-C ends it)")
    serving.serve(serving.Website(context.db_path, url, host, not no_sql), sock)


COMMANDS = (serve,)
