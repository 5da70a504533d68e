"""`variorum`: the command line."""

import importlib
import logging
import sqlite3
import sys
from pathlib import Path
from typing import Any

import click

from storage.database import explained
from storage.errors import StorageError
from variorum.config import ConfigError, read_config
from variorum.context import Context, Usage

# The commands of each module in `variorum.commands`, in the order a newcomer needs them. A module is
# imported when one of its commands is asked for: most of what a command takes to start is imports.
MODULES = {
    "look": ("demo", "fetch", "extract", "run"),
    "watch": ("add", "list", "remove", "pause", "resume"),
    "read": ("log", "show", "diff", "blame", "search"),
    "health": ("stats", "doctor"),
    "keep": ("rebuild", "prune"),
    "export": ("export",),
    "history": ("import",),
    "serve": ("serve",),
    "settings": ("config",),
}
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Group(click.Group):
    """Imports a command when it is asked for; turns our errors into messages."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for names in MODULES.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = next((module for module, names in MODULES.items() if cmd_name in names), None)
        if module is None:
            return None
        found: tuple[click.Command, ...] = importlib.import_module(
            f"variorum.commands.{module}"
        ).COMMANDS
        return next(command for command in found if command.name == cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except StorageError as error:
            raise click.ClickException(str(error)) from error
        except sqlite3.Error as error:
            path = ctx.obj.db_path if isinstance(ctx.obj, Context) else Path("variorum.db")
            raise click.ClickException(str(explained(error, path))) from error
        except BrokenPipeError:  # `variorum log | head`
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:
            raise click.ClickException(f"cannot go on: {error}") from error


@click.group(cls=Group, context_settings=CONTEXT)
@click.option("--db", type=click.Path(path_type=Path), envvar="VARIORUM_DB", show_envvar=True,
              help="The database. Default: variorum.db in this folder.")  # fmt: skip
@click.option("--config", "config_path", type=click.Path(path_type=Path),
              help="The settings. Default: variorum.toml in this folder, if there is one.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@click.version_option(package_name="variorum", prog_name="variorum")
@click.pass_context
def main(ctx: click.Context, db: Path | None, config_path: Path | None, verbose: bool) -> None:
    """Watch news articles: keep every version, log every edit.

    \b
    variorum demo                        see it work, without a network
    variorum fetch https://example.org/news/1
    variorum log --silent                edits that nobody announced
    """
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(message)s"
    )
    for library in ("httpx", "httpcore"):  # their lines hold addresses, which may be secrets
        logging.getLogger(library).setLevel(logging.WARNING)
    if config_path is None and Path("variorum.toml").is_file():
        config_path = Path("variorum.toml")
    try:
        config = read_config(config_path)
    except ConfigError as error:
        raise Usage(str(error)) from error
    ctx.obj = Context(db or Path(config.db), config, config_path)


if __name__ == "__main__":
    main()
