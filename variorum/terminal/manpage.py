"""The manual page, made from what `--help` says."""

from collections.abc import Iterator
from importlib.metadata import version

import click

# The paragraph that follows this in a help text is set as it stands.
VERBATIM_MARKER = "\b"


def manual_page(ctx: click.Context) -> str:
    """The page variorum(1) in the markup of man(7), of the program that a context belongs to."""
    program = ctx.command
    assert isinstance(program, click.Group)
    lines = [f'.TH VARIORUM 1 "" "variorum {version("variorum")}"', ".SH NAME", "variorum \\- keep every version of news articles, log every edit"]  # fmt: skip
    lines += [".SH SYNOPSIS", ".B variorum", _escape_troff("[OPTIONS] COMMAND [ARGS]...")]
    lines += [".SH DESCRIPTION", *_prose(program), ".SH OPTIONS", *_options(program, ctx)]
    lines += [".SH COMMANDS", *_commands(program, ctx)]
    lines += [
        ".SH EXIT STATUS",
        "0 is fine, 1 a look failed or nothing was found, 2 a usage error.",
    ]
    return "\n".join(lines)


def _commands(group: click.Group, ctx: click.Context) -> Iterator[str]:
    """Each command of a group with its options, and those of the groups in it."""
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        inner = click.Context(command, ctx, name)
        yield f".SS {_escape_troff(' '.join([inner.command_path, *command.collect_usage_pieces(inner)]))}"
        yield from _prose(command)
        yield from _options(command, inner)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)


def _prose(command: click.Command) -> Iterator[str]:
    """A help text: its paragraphs filled, its examples as they stand."""
    for paragraph in (command.help or "").split("\n\n"):
        first, _, rest = paragraph.partition("\n")
        if first.strip() == VERBATIM_MARKER:
            yield from (".PP", ".nf", *map(_escape_troff, rest.splitlines()), ".fi")
        else:
            yield from (".PP", _escape_troff(" ".join(paragraph.split())))


def _options(command: click.Command, ctx: click.Context) -> Iterator[str]:
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record and record[1]:  # newer click has an empty one for an argument
            yield from (".TP", f".B {_escape_troff(record[0])}", _escape_troff(record[1]))


def _escape_troff(text: str) -> str:
    """Text that troff takes as text: its escapes, its hyphens, a line that would be a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text
