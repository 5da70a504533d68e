"""Commands for the shell: completion, and the manual page."""

import click
from click.shell_completion import get_completion_class

from variorum.context import UsageError
from variorum.terminal.manpage import manual_page

COMPLETION_VARIABLE = "_VARIORUM_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands and options with the Tab key.

    \b
    variorum completion bash >> ~/.bashrc
    variorum completion zsh >> ~/.zshrc
    variorum completion fish > ~/.config/fish/completions/variorum.fish
    """
    completion_class = get_completion_class(shell)
    if completion_class is None:
        raise UsageError(f"no completion is known for {shell}")
    program = ctx.find_root().command
    click.echo(completion_class(program, {}, "variorum", COMPLETION_VARIABLE).source())


@click.command()
@click.pass_context
def man(ctx: click.Context) -> None:
    """Print the manual page: every command with its options, made from this help.

    \b
    variorum man | man -l -
    variorum man > ~/.local/share/man/man1/variorum.1
    """
    click.echo(manual_page(ctx.find_root()))


COMMANDS = (completion, man)
