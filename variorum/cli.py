"""`variorum`: the command line."""

import importlib
import logging
import sqlite3
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from storage.database import as_database_error
from storage.diff.render import printable
from storage.errors import StorageError
from variorum.config.settings import read_config
from variorum.context import Context
from variorum.errors import VariorumError
from variorum.monitor.log import LineFormatter

# Every command by its section of the help, in the order in which a newcomer needs them. The value is the
# module of `variorum.commands` that defines it: `log` is `log_command` in `variorum/commands/log.py`.
SECTIONS: dict[str, dict[str, str]] = {
    "Check": {"demo": "run", "fetch": "fetch", "extract": "fetch"},
    "Read": {
        "log": "log",
        "diff": "log",
        "show": "show",
        "blame": "show",
        "exclusions": "exclusions",
        "search": "show",
        "serve": "serve",
    },
    "Watch": {
        "add": "watch",
        "run": "run",
        "list": "watch",
        "pause": "watch",
        "resume": "watch",
        "remove": "watch",
    },
    "Report": {"stats": "stats", "doctor": "stats"},
    "Maintain": {
        "rebuild": "rebuild",
        "prune": "rebuild",
        "export": "transfer",
        "import": "transfer",
    },
    "Set up": {"config": "setup", "completion": "setup", "man": "setup"},
}
COMMAND_MODULES = {
    name: module for modules in SECTIONS.values() for name, module in modules.items()
}
COMMAND_NAME_WIDTH = max(map(len, COMMAND_MODULES))
CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
DEFAULT_CONFIG_PATH = Path("variorum.toml")


class CommandError(click.ClickException):
    """An error as click prints it, with the exit status of the program."""

    def __init__(self, message: str, exit_status: int = 1) -> None:
        super().__init__(printable(message))
        self.exit_code = exit_status  # type: ignore[misc]  # click declares it for the class


class LazyGroup(click.Group):
    """Imports a command only when it is called, because imports take most of the start; reports errors."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMAND_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMAND_MODULES:
            return None
        module = importlib.import_module(f"variorum.commands.{COMMAND_MODULES[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section, each with the first sentence of its help."""
        for section, modules in SECTIONS.items():
            commands = ((name, self.get_command(ctx, name)) for name in modules)
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
        """The command of a name. For an unknown name the error suggests a similar one."""
        if args[0] not in COMMAND_MODULES and not ctx.resilient_parsing:
            for suggestion in get_close_matches(args[0], COMMAND_MODULES, n=1):
                ctx.fail(f"No such command {args[0]!r}. Did you mean {suggestion!r}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error that a user can act on becomes a message and an exit status."""
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            # It may quote a server, or the name of a file.
            error.message = printable(error.message)  # type: ignore[misc]  # click means no subclass may
            raise
        except VariorumError as error:
            raise CommandError(str(error), error.exit_status) from error
        except StorageError as error:
            raise CommandError(str(error)) from error
        except sqlite3.Error as error:
            path = ctx.obj.db_path if isinstance(ctx.obj, Context) else Path("variorum.db")
            raise CommandError(str(as_database_error(error, path))) from error
        except BrokenPipeError:  # `variorum log | head`
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:
            raise CommandError(f"cannot continue: {error}") from error
        except (click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            if problem := _problem_of_database(ctx.obj):
                raise CommandError(problem) from error
            raise


def _problem_of_database(context: object) -> str | None:
    """What is in the database that no Variorum has written, after an error that nobody expected; None if nothing is.

    Without this, a file that a stranger made or that has rotted would look like a fault of the program.
    """
    from storage.database import open_existing
    from storage.queries.health import suspicious_row

    if not isinstance(context, Context) or not context.db_path.is_file():
        return None
    try:
        row = suspicious_row(open_existing(context.db_path))
    except (StorageError, sqlite3.Error) as error:
        return str(error)
    if row is None:
        return None
    return f"{context.db_path}: damaged, or changed by another program: {row}; `variorum doctor --full` lists what is damaged"


@click.group(cls=LazyGroup, context_settings=CONTEXT_SETTINGS)
@click.option("--db", type=click.Path(path_type=Path), envvar="VARIORUM_DB", show_envvar=True,
              help="The database. Default: variorum.db in this folder.")  # fmt: skip
@click.option("--config", "config_path", type=click.Path(path_type=Path),
              help="The settings file. Default: variorum.toml in this folder, if there is one.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Also print log messages of level INFO.")
@click.version_option(package_name="variorum", prog_name="variorum")
@click.pass_context
def main(ctx: click.Context, db: Path | None, config_path: Path | None, verbose: bool) -> None:
    """Watch news articles: keep every version, log every edit.

    \b
    variorum demo                               try it, without a network
    variorum fetch https://example.org/news/1   check once; again later to see edits
    variorum log --silent                       edits that the publisher did not disclose
    variorum add --feed https://example.org/rss.xml
    variorum run                                keep checking, until Ctrl-C

    Each command has examples: variorum COMMAND --help.
    """
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(LineFormatter("%(levelname)s %(message)s"))
    for library in ("httpx", "httpcore"):  # their messages hold addresses, which may be secrets
        logging.getLogger(library).setLevel(logging.WARNING)
    if config_path is None and DEFAULT_CONFIG_PATH.is_file():
        config_path = DEFAULT_CONFIG_PATH
    config = read_config(config_path)
    ctx.obj = Context(db or Path(config.db), config, config_path)


if __name__ == "__main__":
    main(prog_name="variorum")
