"""What can go wrong on the command line and on the web pages.

VariorumError
├── ConfigError         the settings, the site rules or a channel cannot be used (exit status 2)
└── UsageError          a command cannot be understood (exit status 2)

Errors of the database, of fetching and of the cluster have roots of their own: see `errors.py` in
`storage/`, `scraper/` and `schedules/`.
"""


class VariorumError(Exception):
    """The root: a message that says what happened, where, and what to try."""

    exit_status = 1


class ConfigError(VariorumError):
    """The settings cannot be used: the message names the file, the line, the key and what it may be."""

    exit_status = 2


class UsageError(VariorumError):
    """A command cannot be understood: the message names the argument and what it may be."""

    exit_status = 2
