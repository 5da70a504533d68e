"""The channels: a command, a webhook, Apprise, an Atom file."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import importlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from schedules.daemon.delivery import Channel, DeliveryError
from scraper.errors import FetchError
from scraper.fetch import post
from storage.database import Database
from storage.queue.outbox import ChannelFilter, latest_edits
from variorum.config import ChannelConfig, Config
from variorum.errors import ConfigError
from variorum.notify.atom import edits_feed
from variorum.notify.message import body, title
from variorum.transfer.atomic_file import write_atomically

TIMEOUT_SECONDS = 30.0
# The summary in words beside the fields of each edit.
MAX_SUMMARY_CHARACTERS = 2_000
# Messages that Apprise hands on; a service with less room says so itself.
MAX_APPRISE_CHARACTERS = 4_000
MAX_CHANNEL_FEED_EDITS = 100
MAX_STDERR_CHARACTERS = 200
STDERR_WAIT_SECONDS = 1.0


def open_channels(config: Config, db: Database, now: Callable[[], datetime]) -> tuple[Channel, ...]:
    """The channels of the settings, ready to send; raises ConfigError where one cannot work."""
    return tuple(_channel(channel_config, db, now) for channel_config in config.channels)


def _channel(config: ChannelConfig, db: Database, now: Callable[[], datetime]) -> Channel:
    channel_filter = config.filter
    digest = timedelta(seconds=config.digest) if config.digest else None
    if config.command:
        return Command(channel_filter, digest, config.command, config.secrets)
    if config.webhook:
        return Webhook(channel_filter, digest, config.webhook, config.secret, now)
    if config.atom:
        return AtomFile(channel_filter, digest, Path(config.atom), db, now)
    return Apprise(channel_filter, digest, _apprise_service(config))


def message(edits: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What a command and a webhook are given: a title, a text, and every edit with its delivery id."""
    return {
        "title": title(edits),
        "text": body(edits, MAX_SUMMARY_CHARACTERS),
        "edits": [
            {name: edit[name] for name in ("delivery", "id", "url", "host", "headline", "field", "op", "kind",
             "old", "new", "context", "disclosed", "seen_after", "seen_at", "from_version", "to_version")}
            for edit in edits
        ],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Command:
    """A program that reads the message as JSON on its standard input; exit 0 means taken."""

    channel_filter: ChannelFilter
    digest: timedelta | None
    command: tuple[str, ...] = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    async def send(self, edits: Sequence[dict[str, Any]]) -> None:
        text = json.dumps(message(edits), ensure_ascii=False).encode()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            raise DeliveryError(f"the command cannot be run ({error.strerror})") from error
        stderr_task = asyncio.create_task(_stderr_tail(process.stderr))
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await _write_stdin(process.stdin, text)
                await process.wait()
        except TimeoutError as error:
            reason = f"the command did not end within {TIMEOUT_SECONDS:.0f} s"
            raise DeliveryError(reason) from error
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
            # A child that it left behind may hold its standard error open for ever.
            await asyncio.wait([stderr_task], timeout=STDERR_WAIT_SECONDS)
            stderr_task.cancel()
        if process.returncode:
            stderr_text = (
                stderr_task.result() if stderr_task.done() and not stderr_task.cancelled() else ""
            )
            reason = f"the command ended with {process.returncode}: {stderr_text.strip()[-MAX_STDERR_CHARACTERS:]}"
            raise DeliveryError(_redact(reason, self.secrets))


async def _write_stdin(stdin: asyncio.StreamWriter | None, text: bytes) -> None:
    """Write to a program's standard input; one that does not read it may be content all the same."""
    assert stdin is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        stdin.write(text)
        await stdin.drain()
    stdin.close()


async def _stderr_tail(stderr: asyncio.StreamReader | None) -> str:
    """The end of what a program says, however much it says."""
    assert stderr is not None
    tail = b""
    while part := await stderr.read(4096):
        tail = (tail + part)[-4 * MAX_STDERR_CHARACTERS :]
    return tail.decode(errors="replace")


def _redact(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


@dataclass(frozen=True, slots=True)
class Webhook:
    """A POST of the message as JSON, signed as standardwebhooks.com says; 2xx means taken.

    `webhook-id` stays the same however often a message is sent. The signature is the base64 of
    HMAC-SHA256 over "id.timestamp.body".
    """

    channel_filter: ChannelFilter
    digest: timedelta | None
    url: str = field(repr=False)
    secret: str = field(repr=False)
    now: Callable[[], datetime]

    async def send(self, edits: Sequence[dict[str, Any]]) -> None:
        text = json.dumps(message(edits), ensure_ascii=False).encode()
        host = urlsplit(self.url).hostname
        try:
            status = await post(
                self.url, text, headers=self._webhook_headers(edits, text), timeout=TIMEOUT_SECONDS
            )
        except FetchError as error:  # without the address, which may be a secret
            raise DeliveryError(f"{host} did not answer: {error.reason}") from None
        if not 200 <= status < 300:
            raise DeliveryError(f"{host} answers {status}")

    def _webhook_headers(self, edits: Sequence[dict[str, Any]], text: bytes) -> dict[str, str]:
        first, last = edits[0]["delivery"], edits[-1]["delivery"]
        name = f"{self.channel_filter.channel}-{first}" + (f"-{last}" if last != first else "")
        message_id, timestamp = (
            name.encode("ascii", "replace").decode(),
            str(int(self.now().timestamp())),
        )
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
        }
        if self.secret:
            headers["webhook-signature"] = "v1," + sign(self.secret, message_id, timestamp, text)
        return headers


def sign(secret: str, message_id: str, timestamp: str, text: bytes) -> str:
    """The signature of a webhook's message: base64 of HMAC-SHA256 over "id.timestamp.body"."""
    payload = f"{message_id}.{timestamp}.".encode() + text
    return base64.b64encode(hmac.digest(secret.encode(), payload, hashlib.sha256)).decode()


@dataclass(frozen=True, slots=True)
class AtomFile:
    """A feed file with the newest edits, replaced whole."""

    channel_filter: ChannelFilter
    digest: timedelta | None
    path: Path
    db: Database
    now: Callable[[], datetime]

    async def send(self, edits: Sequence[dict[str, Any]]) -> None:
        latest = latest_edits(self.db, self.channel_filter, limit=MAX_CHANNEL_FEED_EDITS)
        text = edits_feed(
            latest,
            name=self.channel_filter.channel,
            updated_at=self.now().isoformat(timespec="seconds"),
        )
        try:
            write_atomically(self.path, text)
        except OSError as error:
            raise DeliveryError(f"{self.path} cannot be written ({error.strerror})") from error


@dataclass(frozen=True, slots=True)
class Apprise:
    """E-mail, chat and the rest through Apprise; `service` is its object."""

    channel_filter: ChannelFilter
    digest: timedelta | None
    service: Any = field(repr=False)

    async def send(self, edits: Sequence[dict[str, Any]]) -> None:
        max_characters = min(
            [MAX_APPRISE_CHARACTERS, *(server.body_maxlen for server in self.service)]
        )
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                is_delivered = await self.service.async_notify(
                    body=body(edits, max_characters), title=title(edits)
                )
        except TimeoutError as error:
            raise DeliveryError(
                f"Apprise did not deliver within {TIMEOUT_SECONDS:.0f} s"
            ) from error
        if not is_delivered:
            raise DeliveryError("Apprise could not deliver; `variorum -v run` shows what it says")


def _apprise_service(config: ChannelConfig) -> Any:
    try:
        apprise = importlib.import_module("apprise")
    except ImportError as error:
        raise ConfigError(
            f"channel {config.name!r} needs Apprise: pip install 'variorum[notify]'"
        ) from error
    service = apprise.Apprise()
    for number, url in enumerate(config.apprise, 1):
        if not service.add(url):
            raise ConfigError(f"channel {config.name!r}: Apprise does not know address {number}")
    return service
