"""A request as the views read it: its path and arguments, and addresses for links."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from scraper.patterns import lazy_pattern
from storage.timestamps import to_text
from variorum.errors import VariorumError

ENDINGS = ("html", "atom", "json", "csv")
WHOLE_NUMBER = lazy_pattern("[0-9]{1,18}")
PLAIN_DAY = lazy_pattern(r"\d{4}-\d\d-\d\d")
# Nobody types a longer word or cursor.
MAX_ARGUMENT_CHARACTERS = 200
# The arguments of all views, in the order in which addresses have them. Others, such as the tracking codes of
# mailings, do not pass on into links and feed ids.
ARGUMENTS = (
    "q", "scope", "publisher", "article", "field", "kind", "silent", "since", "until", "words", "from", "to", "view",
    "before",
)  # fmt: skip


class BadRequestError(VariorumError):
    """The address makes no sense; the text says what to try. `status` is the HTTP status of the response."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class WebRequest:
    """A request: `path` without its ending, the values in the path, the arguments, and the site's address.

    `root` is the public scheme, host and folder of the site; `base` is the folder alone, with a slash at
    its end. `database_name` is Datasette's name for the database. If `has_public_url` is false, `root` is
    only what the visitor typed, not what the operator configured.
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
        """An argument without white space around it; None if it is empty or missing."""
        return self.arguments.get(name, "").strip()[:MAX_ARGUMENT_CHARACTERS] or None

    def number(self, name: str) -> int | None:
        """An argument as a whole number. Raises BadRequestError if it is not one."""
        text = self.text(name)
        if text is None:
            return None
        if not WHOLE_NUMBER.fullmatch(text):
            raise BadRequestError(f'"{name}" must be a whole number, not "{text}".')
        return int(text)

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        """An argument that must be one of `choices`. Raises BadRequestError if it is another."""
        text = self.text(name)
        if text is not None and text not in choices:
            raise BadRequestError(f'Unknown {name} "{text}"; choose one: {", ".join(choices)}.')
        return text

    def day(self, name: str, *, plus_days: int = 0) -> str | None:
        """An argument that is a day or a time, as the database stores times; a plain day `plus_days` later.

        Raises BadRequestError if it is neither.
        """
        text = self.text(name)
        if text is None:
            return None
        try:
            if PLAIN_DAY.fullmatch(text):
                later = timedelta(days=plus_days)
                return (min(date.fromisoformat(text), date.max - later) + later).isoformat()
            time = datetime.fromisoformat(text)
            return to_text(time if time.tzinfo else time.replace(tzinfo=UTC))
        except (ValueError, OverflowError) as error:
            raise BadRequestError(
                f'"{name}" must be a day such as 2026-05-14, not "{text}".'
            ) from error

    def url_for(self, path: str, **arguments: Any) -> str:
        """An address on this site, without the arguments that are None, "" or False.

        >>> WebRequest("/", "html", {}, {}, "http://127.0.0.1:8001", "/", datetime.now(UTC)).url_for("search", q="불 & 물")
        '/search?q=%EB%B6%88+%26+%EB%AC%BC'
        """
        remaining = {
            name: value for name, value in arguments.items() if value not in (None, "", False)
        }
        query = f"?{urlencode(remaining)}" if remaining else ""
        return self.base + quote(path, safe="/:~") + query

    def self_url(self, ending: str = "html", **changes: Any) -> str:
        """The address of this page, with another ending or with some arguments changed."""
        path = (self.path.strip("/") or "edits") + ("" if ending == "html" else f".{ending}")
        current = {name: value[:MAX_ARGUMENT_CHARACTERS] for name, value in self.arguments.items()}
        return self.url_for(path, **{**current, **changes})

    def absolute(self, address: str) -> str:
        """An address of this site with its scheme and host."""
        return self.root + "/" + address.removeprefix(self.base)

    def without(self, *names: str) -> "WebRequest":
        """The same request without some arguments."""
        remaining = {name: value for name, value in self.arguments.items() if name not in names}
        return replace(self, arguments=remaining)
