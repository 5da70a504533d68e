"""What commands write: lines for people, JSON for programs, and a progress bar."""

import json
import os
import shutil
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

import click

from storage.diff.render import (
    COLOUR_STYLE,
    PLAIN_STYLE,
    TERMINAL_CONTROL,
    Style,
    printable,
)
from variorum.terminal.wrap import wrap_text

if TYPE_CHECKING:
    from rich.progress import Progress

# With fewer steps a progress bar would appear and vanish at once.
MIN_BAR_STEPS = 5


def say(text: str = "", *, err: bool = False, **styles: Any) -> None:
    """Print one line for a person. Control characters are left out: the text may be scraped."""
    text = printable(text)
    if err:
        click.echo(text, err=True)
    else:
        say_styled(click.style(text, **styles) if styles else text)


def say_styled(text: str, *, hanging_indent: int | None = None) -> None:
    """Print a line with our own styles, such as a redline. Scraped text in it must be `printable` already.

    On a terminal the line is wrapped at words; the rest is indented by `hanging_indent` columns.
    In a pipe it stays one line.
    """
    if sys.stdout.isatty():
        text = wrap_text(text, shutil.get_terminal_size().columns, hanging_indent=hanging_indent)
    click.echo(text, color=has_colour())


def print_json(rows: Iterable[dict[str, Any]]) -> int:
    """Print one JSON object per line; gives the number of lines."""
    count = 0
    out = sys.stdout  # `click.echo` would flush each of a million lines
    for row in rows:
        out.write(json_line(row) + "\n")
        count += 1
    out.flush()
    return count


def json_line(row: dict[str, Any]) -> str:
    """One JSON object as text, without a line break; control characters are escaped."""
    text = json.dumps(row, ensure_ascii=False, default=str)
    return TERMINAL_CONTROL.sub(lambda control: f"\\u{ord(control[0]):04x}", text)


def has_colour() -> bool:
    """Does standard output take colour? Only a terminal does, and never with NO_COLOR (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def redline_style() -> Style:
    """The style of a redline on standard output: coloured or plain."""
    return COLOUR_STYLE if has_colour() else PLAIN_STYLE


def short_time(time: str | None) -> str:
    """A stored time for a listing: UTC to the minute, `-` if there is none.

    >>> short_time("2026-05-14T23:24:05.123Z"), short_time(None)
    ('2026-05-14 23:24', '-')
    """
    return time.replace("T", " ")[:16] if time else "-"


def time_range(start: str | None, end: str) -> str:
    """Two stored times for a listing; a day that both share is given once.

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


class NoBar:
    """A progress bar that shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def add_task(self, name: str, *, total: int) -> Any:
        """A task for `advance` and `update`."""

    def advance(self, task: Any) -> None:
        """Count one step."""

    def update(self, task: Any, *, description: str, completed: int, total: int) -> None:
        """Set how much is done."""

    def start(self) -> None:
        """Show the bar."""

    def stop(self) -> None:
        """Hide the bar while a line is printed."""


def progress(total: int) -> "Progress | NoBar":
    """A progress bar on standard error. It shows nothing in a pipe or for a few steps."""
    if not sys.stderr.isatty() or total < MIN_BAR_STEPS:
        return NoBar()
    # Imported only when a bar is shown: rich takes as long to import as all our own code.
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
        redirect_stdout=False,  # redirected output would end up on standard error
        redirect_stderr=False,
    )
