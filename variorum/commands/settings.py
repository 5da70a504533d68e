"""Commands on the settings file."""

import click

from variorum.config import ConfigError, read_sites
from variorum.context import Context, Usage, now, plural, say


@click.group()
def config() -> None:
    """The settings file: `variorum config check`."""


@config.command()
@click.pass_obj
def check(context: Context) -> None:
    """Read the settings, the site rules and the channels, and say what is wrong.

    \b
    variorum config check
    variorum --config other.toml config check
    """
    from storage.database import open_nowhere
    from variorum.notify import open_channels

    try:
        rules = read_sites(context.config)
        channels = open_channels(context.config, open_nowhere(), now)
    except ConfigError as error:
        raise Usage(str(error)) from error
    where = context.config_path or "no settings file: the defaults"
    say(f"{where}: fine; {plural(len(rules), 'site rule')}, {plural(len(channels), 'channel')}")


COMMANDS = (config,)
