"""What a visitor asks for: the address taken apart, and addresses put together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from storage.timestamps import to_text
from variorum.errors import VariorumError

ENDINGS = ("html", "atom", "json", "csv")
# A longer word or cursor was not written by a person.
MAX_ARGUMENT_CHARACTERS = 200
# What may be asked, in the order in which addresses give it; anything else, such as what a mailing adds to a
# link to count its readers, is not handed on into links and names of feeds.
ARGUMENTS = (
    "q", "among", "publisher", "article", "field", "kind", "silent", "since", "until", "words", "from", "to", "view",
    "before",
)  # fmt: skip


class BadRequestError(VariorumError):
    """The address makes no sense; the text says what to do. `status` is the HTTP status of the answer."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class WebRequest:
    """An address: `path` without its ending, what it names, its arguments, and where the site stands.

    `root` is the scheme, host and folder that others reach the site by, `base` that folder alone,
    ending in a slash; `tables` is what Datasette calls the database. `is_named` says that `root` was given
    by who runs the site: otherwise it is what the visitor called it.
    """

    path: str
    ending: str
    path_values: Mapping[str, str]
    arguments: Mapping[str, str]
    root: str
    base: str
    now: datetime
    database_name: str = "variorum"
    has_public_url: bool = False

    def text(self, name: str) -> str | None:
        """An argument without white space around it; None where it is empty or not there."""
        return self.arguments.get(name, "").strip()[:MAX_ARGUMENT_CHARACTERS] or None

    def number(self, name: str) -> int | None:
        """An argument that is a whole number; raises AskedWrongError where it is none."""
        text = self.text(name)
        if text is None:
            return None
        if not re.fullmatch(r"[0-9]{1,18}", text):
            raise BadRequestError(f"{name}: give a whole number")
        return int(text)

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        """An argument that is one of a few; raises AskedWrongError where it is another."""
        text = self.text(name)
        if text is not None and text not in choices:
            raise BadRequestError(f"{name}: give one of {', '.join(choices)}")
        return text

    def day(self, name: str, *, plus_days: int = 0) -> str | None:
        """An argument that is a day, or a time, as the database holds it; `plus` days later for a plain day."""
        text = self.text(name)
        if text is None:
            return None
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                later = timedelta(days=plus_days)
                return (min(date.fromisoformat(text), date.max - later) + later).isoformat()
            time = datetime.fromisoformat(text)
            return to_text(time if time.tzinfo else time.replace(tzinfo=UTC))
        except (ValueError, OverflowError) as error:
            raise BadRequestError(f"{name}: give a day such as 2026-05-14") from error

    def url_for(self, path: str, **arguments: Any) -> str:
        """An address on this site; arguments that are None, "" or False are left out.

        >>> WebRequest("/", "html", {}, {}, "http://127.0.0.1:8001", "/", datetime.now(UTC)).url_for("search", q="불 & 물")
        '/search?q=%EB%B6%88+%26+%EB%AC%BC'
        """
        remaining = {
            name: value for name, value in arguments.items() if value not in (None, "", False)
        }
        query = f"?{urlencode(remaining)}" if remaining else ""
        return self.base + quote(path, safe="/:~") + query

    def self_url(self, ending: str = "html", **changes: Any) -> str:
        """The address of this very page with another ending, or with some arguments changed."""
        path = (self.path.strip("/") or "edits") + ("" if ending == "html" else f".{ending}")
        current = {name: value[:MAX_ARGUMENT_CHARACTERS] for name, value in self.arguments.items()}
        return self.url_for(path, **{**current, **changes})

    def absolute(self, address: str) -> str:
        """An address of this site as others reach it."""
        return self.root + "/" + address.removeprefix(self.base)

    def without(self, *names: str) -> "WebRequest":
        """The same without some arguments."""
        remaining = {name: value for name, value in self.arguments.items() if name not in names}
        return replace(self, arguments=remaining)
