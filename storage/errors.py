"""The errors of this folder.

StorageError
├── DatabaseError    the file cannot be used: not Variorum's, of another schema, read-only, damaged; or the disk is full
├── DamagedError     a stored page or version is not what was stored
├── ConflictError    another process has recorded a version since this check began
├── ErasedError      the user erased the article during this check
├── RebuildError     a rebuild stopped before the end of the history
├── ArchiveError     a file to import or export is broken, changed, or of another format
└── NotFoundError    the database has nothing under that address, name or number
"""


class StorageError(Exception):
    """The root of the tree; its text says what happened, where, and what to try."""


class DatabaseError(StorageError):
    """The file cannot be used: not Variorum's, of another schema, read-only, damaged; or the disk is full."""


class DamagedError(StorageError):
    """A stored page or version is not what was stored: its hash does not fit, or it cannot be read at all."""


class ConflictError(StorageError):
    """Another process has recorded a version since this check began; compare with that one."""


class ErasedError(StorageError):
    """The user erased the article during this check; nothing of the check was recorded."""


class RebuildError(StorageError):
    """A rebuild stopped before the end of the history; the articles rebuilt so far stay rebuilt."""


class ArchiveError(StorageError):
    """A file to import or export is broken, changed, or of another format."""


class NotFoundError(StorageError):
    """The database has nothing under that address, name or number."""
