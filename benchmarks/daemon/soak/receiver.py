"""The webhook that receives the edits, and remembers them."""

import asyncio
import contextlib
import json
import random
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

CONTENT_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
MESSAGE_ID = re.compile(rb"webhook-id: (\S+)", re.IGNORECASE)
# The share of messages that are answered with 500, and of those whose connection ends without an answer.
REFUSED_SHARE, DROPPED_SHARE = 0.03, 0.02
TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came: its id, its edits, when it came, and whether it was confirmed."""

    message_id: str
    edit_ids: tuple[int, ...]
    at: float
    is_confirmed: bool


@dataclass(slots=True)
class Receiver:
    """Owns the server of the webhook. Times are those of the monotonic clock."""

    rng: random.Random
    messages: list[Message] = field(default_factory=list)
    port: int = 0
    is_calm: bool = False

    async def visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Receive the messages of a connection."""
        with contextlib.suppress(
            ConnectionError, asyncio.IncompleteReadError, TimeoutError, asyncio.CancelledError
        ):
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while await self._receive(reader, writer):
                    pass
        writer.close()

    async def _receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        length, message_id = CONTENT_LENGTH.search(head), MESSAGE_ID.search(head)
        assert length, "every message of Variorum has its length"
        assert message_id, "and an id"
        edits = json.loads(await reader.readexactly(int(length[1])))["edits"]
        luck = 1.0 if self.is_calm else self.rng.random()
        is_confirmed = luck > REFUSED_SHARE + DROPPED_SHARE
        edit_ids = tuple(edit["id"] for edit in edits)
        self.messages.append(
            Message(message_id[1].decode(), edit_ids, time.monotonic(), is_confirmed)
        )
        if luck < DROPPED_SHARE:
            writer.transport.abort()
            return False
        status = 204 if is_confirmed else 500
        writer.write(b"HTTP/1.1 %d -\r\nContent-Length: 0\r\n\r\n" % status)
        await writer.drain()
        return True


@contextlib.asynccontextmanager
async def receiving(rng: random.Random) -> AsyncIterator[Receiver]:
    """A webhook on loopback while the block runs."""
    receiver = Receiver(rng)
    server = await asyncio.start_server(receiver.visit, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
