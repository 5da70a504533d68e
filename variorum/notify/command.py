"""A channel that runs a program for each message."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from schedules.delivery import DeliveryError
from storage.database import Database
from storage.queue.outbox import ChannelFilter
from variorum.config.channel import ChannelConfig
from variorum.notify.message import message_json

COMMAND_TIMEOUT_SECONDS = 30.0
# After the program has ended, a child of it may keep its standard error open forever.
STDERR_TIMEOUT_SECONDS = 1.0
MAX_STDERR_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class CommandChannel:
    """Runs a program that reads the message as JSON on standard input; exit status 0 confirms it."""

    channel_filter: ChannelFilter
    digest: timedelta | None
    command: tuple[str, ...] = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    address: int = 0

    async def send(self, edits: Sequence[dict[str, Any]]) -> None:
        """Deliver edits. Raises DeliveryError if the program fails or takes too long."""
        message = json.dumps(message_json(edits), ensure_ascii=False).encode()
        status, stderr = await _run_program(self.command, message)
        if status:
            reason = f"the command ended with {status}: {stderr.strip()[-MAX_STDERR_CHARACTERS:]}"
            raise DeliveryError(_redact(reason, self.secrets))


def open_command(
    config: ChannelConfig, db: Database, now: Callable[[], datetime]
) -> tuple[CommandChannel]:
    """The channel of a setting `command`."""
    return (CommandChannel(config.filter, config.digest_duration, config.command, config.secrets),)


async def _run_program(command: Sequence[str], stdin: bytes) -> tuple[int, str]:
    """The exit status of a program and the end of its standard error.

    Raises DeliveryError if it cannot be run, or does not end in time.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise DeliveryError(f"the command cannot be run ({error.strerror})") from error
    stderr_task = asyncio.create_task(_stderr_tail(process.stderr))
    try:
        async with asyncio.timeout(COMMAND_TIMEOUT_SECONDS):
            await _write_stdin(process.stdin, stdin)
            status = await process.wait()
    except TimeoutError as error:
        reason = f"the command did not end within {COMMAND_TIMEOUT_SECONDS:.0f} s"
        raise DeliveryError(reason) from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        await asyncio.wait([stderr_task], timeout=STDERR_TIMEOUT_SECONDS)
        stderr_task.cancel()
    is_read = stderr_task.done() and not stderr_task.cancelled()
    return status, stderr_task.result() if is_read else ""


async def _write_stdin(stdin: asyncio.StreamWriter | None, text: bytes) -> None:
    """Write to the standard input of a program. A program that does not read it may still succeed."""
    assert stdin is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        stdin.write(text)
        await stdin.drain()
    stdin.close()


async def _stderr_tail(stderr: asyncio.StreamReader | None) -> str:
    """The end of what a program writes to standard error, however much it writes."""
    assert stderr is not None
    tail = b""
    while part := await stderr.read(4096):
        tail = (tail + part)[-4 * MAX_STDERR_CHARACTERS :]
    return tail.decode(errors="replace")


def _redact(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "***")
    return text
