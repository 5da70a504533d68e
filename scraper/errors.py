"""What can go wrong between a URL and an Article.

ScraperError
├── UrlError        the address is none, or one we must not open
├── FetchError      no usable answer came
│   └── AnswerError     an answer came that cannot be used: too large, or it leads nowhere
├── RefusedError    the host's rules do not allow the look
│   └── RedirectError   it leads on, and whether it may be followed is decided elsewhere
├── ExtractError    there is no article in what came
└── RuleError       a file of site rules cannot be used
"""


class ScraperError(Exception):
    """The root: every error carries the URL and a reason a reader can act on."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url or 'page'}: {reason}")
        self.url = url
        self.reason = reason

    def __reduce__(self) -> tuple[type["ScraperError"], tuple[str, str]]:
        return type(self), (self.url, self.reason)


class UrlError(ScraperError):
    """The address is none, or one we must not open."""


class FetchError(ScraperError):
    """No usable answer came."""


class AnswerError(FetchError):
    """An answer came that cannot be used: too large, or it leads nowhere."""


class RefusedError(ScraperError):
    """The host's rules do not allow the look."""


class RedirectError(RefusedError):
    """The address leads on, and whether that may be followed is decided elsewhere."""


class ExtractError(ScraperError):
    """There is no article in what came."""


class RuleError(ScraperError):
    """A file of site rules cannot be used; `url` is the file, with the rule where it is one's."""
