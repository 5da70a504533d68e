"""A channel that sends e-mail, chat messages and more through Apprise."""

import asyncio
import importlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from schedules.delivery import DeliveryError
from schedules.hosts.user_address import UserAddress, check_user_host
from scraper.errors import PrivateAddressError
from scraper.http.addresses import AllowedHosts
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
    """Sends a title and a text to one address; `service` is an object of Apprise that has it."""

    channel_filter: ChannelFilter
    digest: timedelta | None
    address: int
    service: Any = field(repr=False)
    db: Database
    allowed: AllowedHosts
    now: Callable[[], datetime]

    async def send(self, edits: Sequence[dict[str, Any]]) -> None:
        """Deliver edits. Raises DeliveryError if Apprise fails or takes too long."""
        (server,) = self.service
        await self._check_host(server)
        max_characters = min(MAX_APPRISE_CHARACTERS, server.body_maxlen)
        try:
            async with asyncio.timeout(APPRISE_TIMEOUT_SECONDS):
                is_delivered = await self.service.async_notify(
                    body=message_text(edits, max_characters),
                    title=message_title(edits),
                    body_format="text",  # else a service may take the words of an article for HTML
                )
        except TimeoutError as error:
            reason = f"did not deliver within {APPRISE_TIMEOUT_SECONDS:.0f} s"
            raise DeliveryError(f"Apprise {reason} to address {self.address + 1}") from error
        if not is_delivered:
            raise DeliveryError(
                f"Apprise could not deliver to address {self.address + 1};"
                " `variorum -v run` shows its messages"
            )

    async def _check_host(self, server: Any) -> None:
        """Raise DeliveryError if a host that was public leads inside now. Apprise connects by itself.

        A service without a host of its own is a public one.
        """
        host = getattr(server, "smtp_host", None) or getattr(server, "host", None)
        if not isinstance(host, str) or not host:
            return
        port = f":{server.port}" if getattr(server, "port", None) else ""
        target = UserAddress(f"//{host}{port}", self.allowed)
        try:
            await check_user_host(self.db, target, at=self.now())
        except PrivateAddressError as error:
            reason = f"address {self.address + 1} leads inside: {error.reason}"
            raise DeliveryError(reason) from error


def open_apprise(
    config: ChannelConfig, db: Database, now: Callable[[], datetime]
) -> tuple[AppriseChannel, ...]:
    """A channel for each address of a setting `apprise`.

    Raises ConfigError for an address that Apprise does not support.
    """
    try:
        apprise = importlib.import_module("apprise")
    except ImportError as error:
        raise ConfigError(
            f"channel {config.name!r} needs Apprise: pip install 'variorum[notify]'"
        ) from error
    channels = list[AppriseChannel]()
    for address, url in enumerate(config.apprise):
        service = apprise.Apprise()
        with _secrets_unlogged():
            is_supported = service.add(url)
        if not is_supported:  # the address may be a secret: only its number is named
            raise ConfigError(
                f"channel {config.name!r}: Apprise does not support address {address + 1};"
                " see https://appriseit.com for the forms of addresses"
            )
        channels.append(
            AppriseChannel(
                config.filter, config.digest_duration, address, service, db, config.allowed, now
            )
        )
    return tuple(channels)


@contextmanager
def _secrets_unlogged() -> Iterator[None]:
    """Inside, Apprise logs nothing: of an address that it cannot read, it logs what it takes for no secret."""
    logger = logging.getLogger("apprise")
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = False
