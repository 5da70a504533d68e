"""The channels of the settings, ready to send.

A new type of channel is a module beside this one, a line in `OPENERS` and a setting in
`variorum.config.channel.ChannelConfig`.
"""

from collections.abc import Callable
from datetime import datetime

from schedules.delivery import Channel
from storage.database import Database
from variorum.config.channel import ChannelConfig
from variorum.config.settings import Config
from variorum.notify.apprise import open_apprise
from variorum.notify.command import open_command
from variorum.notify.feed_file import open_feed_file
from variorum.notify.webhook import open_webhook

# What opens the channels of each type, one for each address, by the setting that gives the addresses.
Opener = Callable[[ChannelConfig, Database, Callable[[], datetime]], tuple[Channel, ...]]
OPENERS: dict[str, Opener] = {
    "command": open_command,
    "webhook": open_webhook,
    "apprise": open_apprise,
    "atom": open_feed_file,
}


def open_channels(config: Config, db: Database, now: Callable[[], datetime]) -> tuple[Channel, ...]:
    """The channels of the settings, one for each address. Raises ConfigError if one of them cannot work."""
    return tuple(
        channel
        for channel_config in config.channels
        for channel in OPENERS[channel_config.type](channel_config, db, now)
    )
