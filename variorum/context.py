"""What every command is given: the database, the settings, and how to print."""

import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from storage.database import open_database, open_existing, open_in_memory
from storage.diff.render import (
    COLOUR_STYLE,
    PLAIN_STYLE,
    TERMINAL_CONTROL,
    Style,
    printable,
    redline,
)
from variorum.config import Config, ConfigError, read_site_rules
from variorum.terminal.wrap import wrap_text

if TYPE_CHECKING:
    from rich.progress import Progress

    from schedules.hosts.network import Network
    from scraper.extract.rules.rule import Rule
    from storage.database import Database
    from storage.diff.edit import Edit


# Below this many steps a bar would flash by.
MIN_BAR_STEPS = 5


class UsageError(click.ClickException):
    """The command cannot be understood; exit status 2."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Context:
    """The database's path and the settings of this call, with the file they were read from."""

    db_path: Path
    config: Config
    config_path: Path | None = None

    def open_writable(self) -> "Database":
        """The database, made where there is none."""
        return open_database(self.db_path, synchronous=self.config.storage.synchronous)

    def open_or_empty(self) -> "Database":
        """The database read only, or an empty one in memory where there is none."""
        return open_existing(self.db_path) if self.db_path.is_file() else open_in_memory()

    def open_readable(self) -> "Database":
        """The database, read only."""
        return open_existing(self.db_path)

    def site_rules(self) -> "tuple[Rule, ...]":
        """The user's own rules for sites."""
        try:
            return read_site_rules(self.config)
        except ConfigError as error:
            raise UsageError(str(error)) from error


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def network(
    config: Config, delay: float | None, db: "Database | None" = None
) -> "AsyncIterator[Network]":
    """The way out, with the settings' limits; closes its connections at the end. With a database
    what is known of hosts outlives the run."""
    from schedules.hosts.network import Network
    from schedules.hosts.politeness import Hosts
    from scraper.fetch import Fetcher

    wait = config.host_delay if delay is None else timedelta(seconds=delay)
    async with Fetcher(user_agent=config.user_agent, limits=config.limits) as fetcher:
        yield Network(fetcher, Hosts(now, wait), now, db)


class NoBar:
    """Stands for a progress bar where none is shown."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def add_task(self, name: str, *, total: int) -> Any:
        """What `advance` is to be given."""

    def advance(self, task: Any) -> None:
        """One step further."""

    def update(self, task: Any, *, description: str, completed: int, total: int) -> None:
        """So far, of so much."""

    def start(self) -> None:
        """Show it."""

    def stop(self) -> None:
        """Hide it, for a line that is printed."""


def progress(total: int) -> "Progress | NoBar":
    """A progress bar on standard error, only for a bulk run on a terminal."""
    if not sys.stderr.isatty() or total < MIN_BAR_STEPS:
        return NoBar()
    # Only for those who see a bar: rich takes as long to import as all of ours.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,  # what is piped elsewhere would end on standard error
        redirect_stderr=False,
    )


def has_colour() -> bool:
    """Colour only on a terminal, and never with NO_COLOR (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def style() -> Style:
    """How a redline is set here."""
    return COLOUR_STYLE if has_colour() else PLAIN_STYLE


def print_json(rows: Iterable[dict[str, Any]]) -> int:
    """One JSON object per line, control characters escaped; gives how many."""
    count = 0
    out = sys.stdout  # `click.echo` would flush each of a million lines
    for row in rows:
        out.write(json_line(row) + "\n")
        count += 1
    out.flush()
    return count


def json_line(row: dict[str, Any]) -> str:
    """One JSON object without its line break, control characters escaped."""
    text = json.dumps(row, ensure_ascii=False, default=str)
    return TERMINAL_CONTROL.sub(lambda control: f"\\u{ord(control[0]):04x}", text)


def say(text: str = "", *, err: bool = False, **styles: Any) -> None:
    """One line for a person; scraped text in it cannot command the terminal."""
    text = printable(text)
    if err:
        click.echo(text, err=True)
    else:
        say_styled(click.style(text, **styles) if styles else text)


def say_styled(text: str, *, hanging_indent: int | None = None) -> None:
    """A line that holds our own marks, such as a redline; what was scraped is safe in it already.

    On a terminal it is folded at words, `hang` columns deep; in a pipe it stays one line.
    """
    if sys.stdout.isatty():
        text = wrap_text(text, shutil.get_terminal_size().columns, hanging_indent=hanging_indent)
    click.echo(text, color=has_colour())


def say_edit(edit: "Edit") -> None:
    """An edit of a listing: where, of what kind, and its redline."""
    kind = edit.kind.replace("_", " ")
    label = f"  {edit.field} · " + (f"{kind}: " if edit.op != "move" else "")  # the redline says it
    say_styled(label + redline(edit, style()), hanging_indent=4)


def short_time(time: str | None) -> str:
    """A stored time for a listing: UTC to the minute.

    >>> short_time("2026-05-14T23:24:05.123Z"), short_time(None)
    ('2026-05-14 23:24', '-')
    """
    return time.replace("T", " ")[:16] if time else "-"


def time_range(start: str | None, end: str) -> str:
    """Two stored times for a listing; the day once where it is the same.

    >>> time_range("2026-05-14T23:04:05Z", "2026-05-14T23:24:05Z")
    'between 2026-05-14 23:04 and 23:24'
    """
    first, last = short_time(start), short_time(end)
    return f"between {first} and {last[11:] if first[:10] == last[:10] else last}"


def plural(count: int, noun: str) -> str:
    """A number with its noun.

    >>> plural(1, "edit"), plural(2, "edit")
    ('1 edit', '2 edits')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def stdin_lines(path: str) -> Iterator[str]:
    """The non-empty lines of standard input, for `-`."""
    for line in sys.stdin:
        if line.strip() and not line.startswith("#"):
            yield line.strip()
