"""What can go wrong with the database.

StorageError
├── DatabaseError    the file cannot be used: not ours, newer, read-only, full, damaged
├── StaleError       another process recorded a version since this look began
├── RebuildError     history cannot be read to its end
├── ArchiveError     a file that history comes from or goes to cannot be used
└── NotFoundError    nothing is stored under that address
"""


class StorageError(Exception):
    """The root: says what happened, where, and what to try."""


class DatabaseError(StorageError):
    """The file cannot be used: not ours, newer, read-only, full, damaged."""


class ConflictError(StorageError):
    """Another process recorded a version since this look began; compare again."""


class RebuildError(StorageError):
    """History cannot be read to its end; what was rewritten until then stays."""


class ArchiveError(StorageError):
    """A file that history comes from or goes to cannot be used: broken, changed, not ours."""


class NotFoundError(StorageError):
    """Nothing is stored under that address."""
