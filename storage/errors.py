"""What can go wrong with the database.

StorageError
├── DatabaseError    the file cannot be used: not ours, newer, read-only, full, damaged
├── StaleError       another process recorded a version since this look began
└── NotFoundError    nothing is stored under that address
"""


class StorageError(Exception):
    """The root: says what happened, where, and what to try."""


class DatabaseError(StorageError):
    """The file cannot be used: not ours, newer, read-only, full, damaged."""


class StaleError(StorageError):
    """Another process recorded a version since this look began; compare again."""


class NotFoundError(StorageError):
    """Nothing is stored under that address."""
