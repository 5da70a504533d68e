"""Commands on the settings file."""

import click

from variorum.config import ConfigError, read_site_rules
from variorum.context import Context, UsageError, now, plural, say


@click.group()
def config() -> None:
    """The settings file and its channels.

    \b
    variorum config check
    variorum config forget old-desk
    """


@config.command()
@click.pass_obj
def check(context: Context) -> None:
    """Read the settings, the site rules and the channels, and say what is wrong.

    \b
    variorum config check
    variorum --config other.toml config check
    """
    from storage.database import open_in_memory
    from variorum.notify.channels import open_channels

    try:
        rules = read_site_rules(context.config)
        channels = open_channels(context.config, open_in_memory(), now)
    except ConfigError as error:
        raise UsageError(str(error)) from error
    settings_name = context.config_path or "no settings file: the defaults"
    say(
        f"{settings_name}: fine; {plural(len(rules), 'site rule')}, {plural(len(channels), 'channel')}"
    )


@config.command()
@click.argument("channel")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def forget(context: Context, channel: str, yes: bool) -> None:
    """Drop the announcements that wait for a channel, such as one that is set no more.

    The edits themselves stay.

    \b
    variorum config forget old-desk
    """
    from storage.queue.outbox import drop_channel

    if not yes:
        click.confirm(f"Drop every announcement that waits for {channel}?", abort=True)
    say(f"dropped {plural(drop_channel(context.open_writable(), channel), 'announcement')}")


COMMANDS = (config,)
