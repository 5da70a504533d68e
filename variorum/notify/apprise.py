"""A channel that sends e-mail, chat messages and more through Apprise."""

import asyncio
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from schedules.delivery import DeliveryError
from storage.database import Database
from storage.queue.outbox import ChannelFilter
from variorum.config.channel import ChannelConfig
from variorum.errors import ConfigError
from variorum.notify.message import message_text, message_title

APPRISE_TIMEOUT_SECONDS = 30.0
# Longer messages are cut here; a service with less room says so itself.
MAX_APPRISE_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class AppriseChannel:
    """Sends a title and a text; `service` is an object of Apprise with its addresses."""

    channel_filter: ChannelFilter
    digest: timedelta | None
    service: Any = field(repr=False)

    async def send(self, edits: Sequence[dict[str, Any]]) -> None:
        """Deliver edits. Raises DeliveryError if Apprise fails or takes too long."""
        server_limits = (server.body_maxlen for server in self.service)
        max_characters = min([MAX_APPRISE_CHARACTERS, *server_limits])
        try:
            async with asyncio.timeout(APPRISE_TIMEOUT_SECONDS):
                is_delivered = await self.service.async_notify(
                    body=message_text(edits, max_characters), title=message_title(edits)
                )
        except TimeoutError as error:
            reason = f"Apprise did not deliver within {APPRISE_TIMEOUT_SECONDS:.0f} s"
            raise DeliveryError(reason) from error
        if not is_delivered:
            raise DeliveryError("Apprise could not deliver; `variorum -v run` shows its messages")


def open_apprise(
    config: ChannelConfig, db: Database, now: Callable[[], datetime]
) -> AppriseChannel:
    """The channel of a setting `apprise`. Raises ConfigError for an address Apprise does not support."""
    try:
        apprise = importlib.import_module("apprise")
    except ImportError as error:
        raise ConfigError(
            f"channel {config.name!r} needs Apprise: pip install 'variorum[notify]'"
        ) from error
    service = apprise.Apprise()
    for number, url in enumerate(config.apprise, 1):
        if not service.add(url):  # the address may be a secret: only its number is named
            raise ConfigError(
                f"channel {config.name!r}: Apprise does not support address {number};"
                " see https://appriseit.com for the forms of addresses"
            )
    return AppriseChannel(config.filter, config.digest_duration, service)
