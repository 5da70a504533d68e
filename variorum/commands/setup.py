"""Commands for setting up: config, completion, man."""

import click
from click.shell_completion import get_completion_class

from variorum.commands.options import yes_option
from variorum.context import Context, now
from variorum.errors import UsageError
from variorum.terminal.manpage import manual_page
from variorum.terminal.output import plural, say

COMPLETION_VARIABLE = "_VARIORUM_COMPLETE"


@click.group("config")
def config_command() -> None:
    """Work on the settings file and its channels.

    \b
    variorum config check
    variorum config forget old-desk
    """


@config_command.command("check")
@click.pass_obj
def config_check_command(context: Context) -> None:
    """Validate settings, site rules and channels.

    \b
    variorum config check
    variorum --config other.toml config check
    """
    from storage.database import open_in_memory
    from variorum.notify.channels import open_channels

    rules = context.site_rules()
    open_channels(context.config, open_in_memory(), now)
    settings_name = context.config_path or "no settings file, so the defaults apply"
    say(
        f"{settings_name}: valid; {plural(len(rules), 'site rule')}, {plural(len(context.config.channels), 'channel')}"
    )


@config_command.command("forget")
@click.argument("channel")
@yes_option
@click.pass_obj
def config_forget_command(context: Context, channel: str, yes: bool) -> None:
    """Discard the pending notifications of a channel.

    Use it after you remove a channel, or one of its addresses, from the settings. The edits themselves are kept.

    \b
    variorum config forget old-desk
    """
    from storage.queue.outbox import drop_channel

    if not yes:
        click.confirm(f"Discard every pending notification of {channel}?", abort=True)
    count = drop_channel(context.open_writable(), channel)
    say(f"discarded {plural(count, 'notification')}")


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print a shell completion script.

    With it the shell completes commands and options when you press Tab.

    \b
    variorum completion bash >> ~/.bashrc
    variorum completion zsh >> ~/.zshrc
    variorum completion fish > ~/.config/fish/completions/variorum.fish
    """
    completion_class = get_completion_class(shell)
    if completion_class is None:
        raise UsageError(f"there is no completion for {shell}; choose bash, zsh or fish")
    program = ctx.find_root().command
    click.echo(completion_class(program, {}, "variorum", COMPLETION_VARIABLE).source())


@click.command("man")
@click.pass_context
def man_command(ctx: click.Context) -> None:
    """Print the manual page, which describes every command and option.

    \b
    variorum man | man -l -
    variorum man > ~/.local/share/man/man1/variorum.1
    """
    click.echo(manual_page(ctx.find_root()))
