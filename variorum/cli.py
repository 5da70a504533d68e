"""`variorum`: the command line."""

import importlib
import logging
import sqlite3
import sys
from pathlib import Path
from typing import Any

import click

from storage.database import as_database_error
from storage.errors import StorageError
from variorum.config import ConfigError, read_config
from variorum.context import Context, UsageError

# The commands of each module in `variorum.commands`. A module is imported when one of its commands is
# asked for: most of what a command takes to start is imports.
MODULES = {
    "fetch": ("demo", "fetch", "extract", "run"),
    "watch": ("add", "list", "remove", "pause", "resume"),
    "log": ("log", "show", "diff", "blame", "search"),
    "stats": ("stats", "doctor"),
    "rebuild": ("rebuild", "prune"),
    "transfer": ("export",),
    "history": ("import",),
    "serve": ("serve",),
    "setup": ("config",),
    "shell": ("completion", "man"),
}
# The help's sections and commands, in the order a newcomer needs them.
SECTIONS = {
    "Look": ("demo", "fetch", "extract"),
    "Read": ("log", "diff", "show", "blame", "search", "serve"),
    "Watch": ("add", "run", "list", "pause", "resume", "remove"),
    "Sum up": ("stats", "doctor"),
    "Keep": ("rebuild", "prune", "export", "import"),
    "Set up": ("config", "completion", "man"),
}
COMMAND_NAME_WIDTH = max(len(name) for names in SECTIONS.values() for name in names)
CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Group(click.Group):
    """Imports a command when it is asked for; turns our errors into messages."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for names in SECTIONS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = next((module for module, names in MODULES.items() if cmd_name in names), None)
        if module is None:
            return None
        module_commands: tuple[click.Command, ...] = importlib.import_module(
            f"variorum.commands.{module}"
        ).COMMANDS
        return next(command for command in module_commands if command.name == cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section, each with the whole first sentence of its help."""
        for section, names in SECTIONS.items():
            commands = ((name, self.get_command(ctx, name)) for name in names)
            rows = [
                (name.ljust(COMMAND_NAME_WIDTH), command.get_short_help_str(200))
                for name, command in commands
                if command
            ]
            with formatter.section(section):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; names one that is spelt alike where there is none."""
        names = self.list_commands(ctx)
        if args[0] not in names and not ctx.resilient_parsing:
            from difflib import get_close_matches

            for suggestion in get_close_matches(args[0], names, n=1):
                ctx.fail(f"No such command {args[0]!r}. Did you mean {suggestion!r}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except StorageError as error:
            raise click.ClickException(str(error)) from error
        except sqlite3.Error as error:
            path = ctx.obj.db_path if isinstance(ctx.obj, Context) else Path("variorum.db")
            raise click.ClickException(str(as_database_error(error, path))) from error
        except BrokenPipeError:  # `variorum log | head`
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:
            raise click.ClickException(f"cannot go on: {error}") from error


@click.group(cls=Group, context_settings=CONTEXT_SETTINGS)
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
    variorum demo                               see it work, without a network
    variorum fetch https://example.org/news/1   look once; again later to see edits
    variorum log --silent                       edits that nobody announced
    variorum add --feed https://example.org/rss.xml
    variorum run                                watch, until Ctrl-C

    Each command has examples: variorum COMMAND --help.
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
        raise UsageError(str(error)) from error
    ctx.obj = Context(db or Path(config.db), config, config_path)


if __name__ == "__main__":
    main(prog_name="variorum")
