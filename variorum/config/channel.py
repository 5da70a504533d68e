"""`[[channels]]`: how notifications are delivered, and of which edits."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.http.addresses import AllowedHosts
from scraper.patterns import lazy_pattern
from storage.vocabulary import FIELD_NAMES, KINDS
from variorum.config.toml import (
    NOT_A_SETTING,
    SettingsFile,
    TableRef,
    number_between,
    parse_table,
    secret_setting,
    variable_values,
)

if TYPE_CHECKING:
    from storage.queue.outbox import ChannelFilter

# The types of channels; `variorum.notify` has a module for each.
CHANNEL_TYPES = ("command", "webhook", "apprise", "atom")
HOST_NAME = lazy_pattern(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """One [[channels]]: how notifications are delivered, and of which edits. `digest` is seconds.

    `secrets` holds the environment variables used in this channel: they must not be logged. `allowed` are
    the private hosts of `allow_private`.
    """

    name: str = ""
    command: tuple[str, ...] = secret_setting(())
    webhook: str = secret_setting("")
    secret: str = secret_setting("")
    apprise: tuple[str, ...] = secret_setting(())
    atom: str = ""
    hosts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    silent: bool = False
    digest: float = number_between(0.0, 0, 7 * 86_400)
    secrets: tuple[str, ...] = field(default=(), repr=False, metadata=NOT_A_SETTING)
    allowed: AllowedHosts = field(default_factory=AllowedHosts, metadata=NOT_A_SETTING)

    @property
    def type(self) -> str:
        """The type of the channel: the one setting of CHANNEL_TYPES that it has."""
        return next(name for name in CHANNEL_TYPES if getattr(self, name))

    @property
    def digest_duration(self) -> timedelta | None:
        """How long edits are gathered for one message; None sends each by itself."""
        return timedelta(seconds=self.digest) if self.digest else None

    @property
    def filter(self) -> "ChannelFilter":
        """The edits that this channel is notified of."""
        from storage.queue.outbox import ChannelFilter  # most users have no channel

        addresses = len(self.apprise) or 1
        return ChannelFilter(self.name, self.hosts, self.fields, self.kinds, self.silent, addresses)


def parse_channels(source: SettingsFile, tables: Any) -> tuple[ChannelConfig, ...]:
    """The channels of the settings file. Raises ConfigError."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise source.error("each channel is a table of its own: write [[channels]]", "channels")
    channels = list[ChannelConfig]()
    for nth, values in enumerate(tables):
        table = TableRef("channels", nth)
        channel = parse_table(source, ChannelConfig, values, table)
        if not channel.name or channel.name in {other.name for other in channels}:
            raise source.error("each channel needs a name of its own", "name", table)
        _check_channel_type(source, channel, table)
        _check_channel_filter(source, channel, table)
        if channel.atom:
            channel = replace(channel, atom=str(source.path.parent / channel.atom))
        hosts = tuple(host.lower() for host in channel.hosts)
        channels.append(replace(channel, hosts=hosts, secrets=variable_values(values)))
    return tuple(channels)


def _check_channel_type(source: SettingsFile, channel: ChannelConfig, table: TableRef) -> None:
    """Raise ConfigError unless a channel has exactly one way to deliver, with a valid address."""
    channel_types = [name for name in CHANNEL_TYPES if getattr(channel, name)]
    if len(channel_types) != 1:
        message = f"channel {channel.name!r} needs exactly one of: {', '.join(CHANNEL_TYPES)}"
        raise source.error(message, channel_types[-1] if channel_types else "name", table)
    if channel.webhook and not is_web_url(channel.webhook):
        message = "webhook must be an address that begins with http:// or https://"
        raise source.error(message, "webhook", table)
    if channel.secret and not channel.webhook:
        message = "secret signs the messages of a webhook, and this channel has no webhook"
        raise source.error(message, "secret", table)


def _check_channel_filter(source: SettingsFile, channel: ChannelConfig, table: TableRef) -> None:
    """Raise ConfigError for a host, a field or a kind that no edit can have."""
    allowed = {"fields": FIELD_NAMES, "kinds": KINDS}
    for key, values in allowed.items():
        unknown = sorted(set(getattr(channel, key)) - set(values))
        if unknown:
            message = f"there is no {key[:-1]} {unknown[0]!r}; choose from: {', '.join(values)}"
            raise source.error(message, key, table)
    for host in channel.hosts:
        if not HOST_NAME.fullmatch(host):
            message = f"hosts must be names such as example.org, not {host!r}"
            raise source.error(message, "hosts", table)


def is_web_url(text: str) -> bool:
    """Is the text an address that begins with http:// or https://?"""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
