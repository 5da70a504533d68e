"""Commands for the shell: completion, and the manual page."""

import click
from click.shell_completion import get_completion_class

from variorum.context import Usage
from variorum.terminal.manpage import manual

VARIABLE = "_VARIORUM_COMPLETE"


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
    found = get_completion_class(shell)
    if found is None:
        raise Usage(f"no completion is known for {shell}")
    program = ctx.find_root().command
    click.echo(found(program, {}, "variorum", VARIABLE).source())


@click.command()
@click.pass_context
def man(ctx: click.Context) -> None:
    """Print the manual page: every command with its options, made from this help.

    \b
    variorum man | man -l -
    variorum man > ~/.local/share/man/man1/variorum.1
    """
    click.echo(manual(ctx.find_root()))


COMMANDS = (completion, man)
