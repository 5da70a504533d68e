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

# What opens a channel of each type, by the setting that gives it its address.
OPENERS: dict[str, Callable[[ChannelConfig, Database, Callable[[], datetime]], Channel]] = {
    "command": open_command,
    "webhook": open_webhook,
    "apprise": open_apprise,
    "atom": open_feed_file,
}


def open_channels(config: Config, db: Database, now: Callable[[], datetime]) -> tuple[Channel, ...]:
    """The channels of the settings. Raises ConfigError if one of them cannot work."""
    return tuple(
        OPENERS[channel_config.type](channel_config, db, now) for channel_config in config.channels
    )
