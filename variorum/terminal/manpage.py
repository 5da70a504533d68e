"""The manual page, made from what `--help` prints."""

from collections.abc import Iterator
from importlib.metadata import version

import click

# click does not rewrap the paragraph that follows this line of a help text.
VERBATIM_MARKER = "\b"


def manual_page(ctx: click.Context) -> str:
    """The page variorum(1), in the markup of man(7), of the program that a context belongs to."""
    program = ctx.command
    assert isinstance(program, click.Group)
    lines = [
        f'.TH VARIORUM 1 "" "variorum {version("variorum")}"',
        ".SH NAME",
        "variorum \\- keep every version of news articles, log every edit",
        ".SH SYNOPSIS",
        ".B variorum",
        _escape_troff("[OPTIONS] COMMAND [ARGS]..."),
        ".SH DESCRIPTION",
        *_description(program),
        ".SH OPTIONS",
        *_options(program, ctx),
        ".SH COMMANDS",
        *_commands(program, ctx),
        ".SH EXIT STATUS",
        "0: success. 1: a check failed, or nothing was found. 2: the command or the settings are invalid.",
    ]
    return "\n".join(lines)


def _commands(group: click.Group, ctx: click.Context) -> Iterator[str]:
    """Each command of a group with its options, then the commands of the groups in it."""
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        inner = click.Context(command, ctx, name)
        usage = " ".join([inner.command_path, *command.collect_usage_pieces(inner)])
        yield f".SS {_escape_troff(usage)}"
        yield from _description(command)
        yield from _options(command, inner)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)


def _description(command: click.Command) -> Iterator[str]:
    """A help text: its paragraphs filled, its examples line by line."""
    for paragraph in (command.help or "").split("\n\n"):
        first, _, rest = paragraph.partition("\n")
        if first.strip() == VERBATIM_MARKER:
            yield from (".PP", ".nf", *map(_escape_troff, rest.splitlines()), ".fi")
        else:
            yield from (".PP", _escape_troff(" ".join(paragraph.split())))


def _options(command: click.Command, ctx: click.Context) -> Iterator[str]:
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record and record[1]:  # click 8.2 gives an empty record for an argument
            yield from (".TP", f".B {_escape_troff(record[0])}", _escape_troff(record[1]))


def _escape_troff(text: str) -> str:
    """Text that troff prints literally: escapes, hyphens, and a first character that begins a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text
