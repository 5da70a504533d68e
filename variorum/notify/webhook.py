"""A channel that sends a POST request for each message, signed as standardwebhooks.com defines."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from schedules.delivery import DeliveryError
from schedules.hosts.user_address import UserAddress, post_to_user
from scraper.errors import FetchError, UrlError
from storage.database import Database
from storage.queue.outbox import ChannelFilter
from variorum.config.channel import ChannelConfig
from variorum.notify.message import message_json, message_number

WEBHOOK_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """Sends the message as JSON; a status of 2xx confirms it.

    The header `webhook-id` stays the same on every retry of a message.
    """

    channel_filter: ChannelFilter
    digest: timedelta | None
    db: Database
    target: UserAddress = field(repr=False)
    secret: str = field(repr=False)
    now: Callable[[], datetime]
    address: int = 0

    async def send(self, edits: Sequence[dict[str, Any]]) -> None:
        """Deliver edits. Raises DeliveryError, without the address, which may be a secret."""
        text = json.dumps(message_json(edits), ensure_ascii=False).encode()
        headers = self._headers(edits, text)
        host = urlsplit(self.target.url).hostname
        try:
            answer = await post_to_user(
                self.db, self.target, text,
                headers=headers, timeout=WEBHOOK_TIMEOUT_SECONDS, at=self.now(),
            )  # fmt: skip
        except (FetchError, UrlError) as error:
            raise DeliveryError(f"{host} did not answer: {error.reason}") from None
        if not 200 <= answer.status < 300:
            raise DeliveryError(f"{host} answers with status {answer.status}")

    def _headers(self, edits: Sequence[dict[str, Any]], text: bytes) -> dict[str, str]:
        name = f"{self.channel_filter.channel}-{message_number(edits)}"
        message_id = name.encode("ascii", "replace").decode()
        timestamp = str(int(self.now().timestamp()))
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
        }
        if self.secret:
            signature = webhook_signature(self.secret, message_id, timestamp, text)
            headers["webhook-signature"] = f"v1,{signature}"
        return headers


def open_webhook(
    config: ChannelConfig, db: Database, now: Callable[[], datetime]
) -> tuple[WebhookChannel]:
    """The channel of a setting `webhook`."""
    target = UserAddress(config.webhook, config.allowed)
    return (WebhookChannel(config.filter, config.digest_duration, db, target, config.secret, now),)


def webhook_signature(secret: str, message_id: str, timestamp: str, text: bytes) -> str:
    """The signature of a message: base64 of HMAC-SHA256 over "id.timestamp.body" (Standard Webhooks)."""
    payload = f"{message_id}.{timestamp}.".encode() + text
    return base64.b64encode(hmac.digest(secret.encode(), payload, hashlib.sha256)).decode()
