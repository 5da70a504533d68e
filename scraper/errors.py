"""What can go wrong between a URL and an Article.

ScraperError
├── UrlError        not a web address, or one that must not be opened
│   └── PrivateAddressError     a stranger's address leads into a private network
├── FetchError      no usable answer came
│   ├── SuspendedError     this program did not run while it waited
│   ├── AnswerError     the answer is too large, broken, or leads nowhere
│   └── ConnectionFailedError   no connection was made; the fault may be this machine's
│       ├── UnresolvedError     the name of the host does not resolve
│       ├── NoRouteError        no network leads to the host
│       ├── NoAnswerInTimeError     nobody answered in time
│       └── NoDescriptorsError  this machine is out of descriptors, ports or memory
├── RefusedError    the host's rules do not allow the request
│   └── RedirectError   the caller decides whether to follow the redirect
├── ExtractError    no article on the page
└── RuleError       a file of site rules is invalid
"""


class ScraperError(Exception):
    """The root. Every error has the URL and a reason that a reader can act on."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url or 'page'}: {reason}")
        self.url = url
        self.reason = reason

    def __reduce__(self) -> tuple[type["ScraperError"], tuple[str, str]]:
        return type(self), (self.url, self.reason)


class UrlError(ScraperError):
    """Not a web address, or one that must not be opened."""


class PrivateAddressError(UrlError):
    """A stranger's address leads into a private network."""


class FetchError(ScraperError):
    """No usable answer came."""


class SuspendedError(FetchError):
    """This program did not run while it waited: the machine slept, or the process was stopped."""


class AnswerError(FetchError):
    """The answer is too large, broken, or leads nowhere: its host takes requests all the same."""


class ConnectionFailedError(FetchError):
    """No connection was made; the fault may be this machine's."""


class UnresolvedError(ConnectionFailedError):
    """The name of the host does not resolve."""


class NoRouteError(ConnectionFailedError):
    """No network leads to the host."""


class NoAnswerInTimeError(ConnectionFailedError):
    """Nobody answered in time."""


class NoDescriptorsError(ConnectionFailedError):
    """This machine is out of descriptors, ports or memory."""


class RefusedError(ScraperError):
    """The host's rules do not allow the request."""


class RedirectError(RefusedError):
    """The address redirects; the caller decides whether to follow."""


class ExtractError(ScraperError):
    """No article on the page."""


class RuleError(ScraperError):
    """A file of site rules is invalid. `url` is the file, and the rule if the fault is in one."""
