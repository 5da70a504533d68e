"""The log: lines for people, or JSON lines for a log collector."""

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from storage.diff.render import printable
from storage.timestamps import to_text
from variorum.terminal.output import json_line

if TYPE_CHECKING:
    from schedules.check import Checked

LOGGER = logging.getLogger("variorum")


class LineFormatter(logging.Formatter):
    """Formats a message as one line that cannot command a terminal: it may quote a server."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The message as one line."""
        return " ".join(super().formatMessage(record).splitlines())

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line; the traceback of a fault follows it."""
        return printable(super().format(record))


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object: time, level, event, and the fields of a check."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line = {
            "at": to_text(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return json_line(line)


def log_as_json() -> None:
    """From now on, write every log record as JSON, from level INFO on."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonFormatter())
    LOGGER.setLevel(logging.INFO)


def log_check(checked: "Checked") -> None:
    """Log the result of a check as the event "check"."""
    result, recorded = checked.result, checked.recorded
    fetch = result.fetches[0] if result.fetches else None
    fields = {
        "url": result.url,
        "article_id": recorded.article_id,
        "outcome": result.outcome,
        "http_status": fetch.http_status if fetch else None,
        "version": recorded.version,
        "edits": len(result.edits),
        "reason": result.reason,
        "elapsed_ms": fetch.elapsed_ms if fetch else None,
        "late_seconds": result.plan.late_seconds,
        "next_check_at": to_text(result.plan.next_check_at) if result.plan.next_check_at else None,
    }
    LOGGER.info("check", extra={"fields": fields})
