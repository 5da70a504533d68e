"""Evidence bundles: web archives as WACZ 1.1.1 (specs.webrecorder.net), each file with its SHA-256."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from storage.errors import ArchiveError

WACZ_VERSION = "1.1.1"
PACKAGE_FILE, DIGEST_FILE = "datapackage.json", "datapackage-digest.json"
COPY_CHUNK_BYTES = 1 << 20
# The largest bundle that is opened: its files, and their uncompressed bytes in all.
MAX_BUNDLE_FILES = 10_000
MAX_BUNDLE_BYTES = 20_000_000_000
MAX_PACKAGE_BYTES = 20_000_000
# A file larger than MIN_ZIP_BOMB_BYTES that shrank more than this is a zip bomb: text shrinks to a tenth, a
# bomb to a thousandth.
MAX_COMPRESSION_RATIO = 200
MIN_ZIP_BOMB_BYTES = 10_000_000
ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ZIP_REGULAR_FILE = 0o100644 << 16
ZIP_UNIX = 3
FIRST_ZIP_YEAR = 1980


def write_wacz(
    out: IO[bytes], folder: Path, names: list[str], *, metadata: dict[str, str | int], at: datetime
) -> None:
    """Write these files of a folder as a WACZ, with a datapackage.json that has the hash of each.

    The same files give the same bytes, because every file is dated `at`.
    """
    package = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        **metadata,
        "resources": [_resource(folder, name) for name in names],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2).encode() + b"\n"
    (folder / PACKAGE_FILE).write_bytes(text)
    digest = {"path": PACKAGE_FILE, "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
    (folder / DIGEST_FILE).write_text(json.dumps(digest, indent=2) + "\n", encoding="utf-8")
    with zipfile.ZipFile(out, "w") as zip_file:
        for name in (*names, PACKAGE_FILE, DIGEST_FILE):
            info = zipfile.ZipInfo(name, (max(at.year, FIRST_ZIP_YEAR), *at.timetuple()[1:6]))
            info.create_system, info.external_attr = ZIP_UNIX, ZIP_REGULAR_FILE
            info.compress_type = (
                zipfile.ZIP_STORED if name.startswith("archive/") else zipfile.ZIP_DEFLATED
            )
            info.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as file, zip_file.open(info, "w") as target:
                while part := file.read(COPY_CHUNK_BYTES):
                    target.write(part)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _resource(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    return {
        "name": path.name.lower(),  # data packages allow no capitals in names
        "path": name,
        "hash": f"sha256:{sha256_of(path)}",
        "bytes": path.stat().st_size,
    }


@dataclass(frozen=True, slots=True)
class Bundle:
    """A verified bundle: each of its files has the hash that the bundle gives for it."""

    zip_file: zipfile.ZipFile
    names: tuple[str, ...]

    def open(self, name: str) -> IO[bytes]:
        return self.zip_file.open(name)

    def size(self, name: str) -> int:
        """The uncompressed size of a file, in bytes."""
        return self.zip_file.getinfo(name).file_size


@contextmanager
def open_bundle(path: Path, history: str) -> Iterator[Bundle]:
    """A bundle, verified before any of it is used; nothing is unpacked to disk.

    One with the file `history` is Variorum's own, and must have the digest of its package. Archives of other
    programs may lack it. Raises ArchiveError with the name of the file that was changed, removed or added.
    """
    try:
        with zipfile.ZipFile(path) as zip_file:
            yield Bundle(zip_file, _verify(zip_file, path.name, history))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        UnicodeDecodeError,
    ) as error:
        raise ArchiveError(
            f"{path.name}: the file is damaged ({error}); nothing was imported"
        ) from error


def _verify(zip_file: zipfile.ZipFile, name: str, history: str) -> tuple[str, ...]:
    """The paths of the files in a bundle. Raises ArchiveError if any differs from the hash given for it."""
    files = _zip_entries(zip_file, name)
    if PACKAGE_FILE not in files:
        raise ArchiveError(f"{name}: not a WACZ file: it has no {PACKAGE_FILE}")
    text = _entry_bytes(zip_file, files[PACKAGE_FILE], name)
    if DIGEST_FILE in files:
        digest = _json_object(_entry_bytes(zip_file, files[DIGEST_FILE], name), name, DIGEST_FILE)
        expected = PACKAGE_FILE, f"sha256:{hashlib.sha256(text).hexdigest()}"
        if (digest.get("path"), digest.get("hash")) != expected:
            raise _changed_error(name, PACKAGE_FILE, DIGEST_FILE)
    elif history in files:
        raise _removed_error(name, DIGEST_FILE)
    resources = _resources(_json_object(text, name, PACKAGE_FILE), name)
    for path, (expected_hash, size) in resources.items():
        if path not in files:
            raise _removed_error(name, path)
        if (files[path].file_size, _entry_hash(zip_file, files[path], name)) != (
            size,
            expected_hash,
        ):
            raise _changed_error(name, path, PACKAGE_FILE)
    extra = set(files) - set(resources) - {PACKAGE_FILE, DIGEST_FILE}
    if extra:
        raise ArchiveError(
            f"{name}: {min(extra)} was added to the bundle ({PACKAGE_FILE} does not list it); nothing was imported"
        )
    return tuple(resources)


def _zip_entries(zip_file: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The files by their paths. Raises ArchiveError if one is unsafe to open."""
    infos = [info for info in zip_file.infolist() if not info.filename.endswith("/")]
    if len(infos) > MAX_BUNDLE_FILES or sum(info.file_size for info in infos) > MAX_BUNDLE_BYTES:
        raise ArchiveError(
            f"{name}: the bundle has more than {MAX_BUNDLE_FILES:,} files or {MAX_BUNDLE_BYTES:,} bytes; it was not opened"
        )
    for info in infos:
        path = PurePosixPath(info.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in info.filename:
            raise ArchiveError(
                f"{name}: a path leads out of the bundle: {info.filename[:100]!r}; nothing was imported"
            )
        if info.compress_type not in ZIP_METHODS or info.flag_bits & 1:
            raise ArchiveError(
                f"{name}: {info.filename[:100]} is encrypted, or compressed by a method that WACZ does not use"
            )
        if info.file_size > max(MIN_ZIP_BOMB_BYTES, MAX_COMPRESSION_RATIO * info.compress_size):
            raise ArchiveError(
                f"{name}: {info.filename[:100]} is compressed like a zip bomb; the bundle was not opened"
            )
    files = {info.filename: info for info in infos}
    if len(files) < len(infos):
        raise ArchiveError(
            f"{name}: two files in the bundle have the same name; nothing was imported"
        )
    return files


def _resources(package: dict[str, Any], name: str) -> dict[str, tuple[str, int]]:
    """Hash and size in bytes of each file that the package lists."""
    try:
        return {
            str(resource["path"]): (str(resource["hash"]), int(resource["bytes"]))
            for resource in package["resources"]
        }
    except (KeyError, TypeError, ValueError, OverflowError) as error:  # 1e400 is no integer
        raise ArchiveError(
            f"{name}: {PACKAGE_FILE} lacks the path, hash or bytes of a file"
        ) from error


def _entry_bytes(zip_file: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    if info.file_size > MAX_PACKAGE_BYTES:
        raise ArchiveError(f"{name}: {info.filename} has more than {MAX_PACKAGE_BYTES:,} bytes")
    try:
        return zip_file.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _changed_error(name, info.filename, "its checksum") from error


def _json_object(text: bytes, name: str, path: str) -> dict[str, Any]:
    try:
        decoded = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"{name}: {path} is not JSON ({error})") from error
    if not isinstance(decoded, dict):
        raise ArchiveError(f"{name}: {path} is not a JSON object")
    return decoded


def _entry_hash(zip_file: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with zip_file.open(info) as file:
            while part := file.read(COPY_CHUNK_BYTES):
                digest.update(part)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _changed_error(name, info.filename, "its checksum") from error
    return f"sha256:{digest.hexdigest()}"


def _removed_error(name: str, path: str) -> ArchiveError:
    return ArchiveError(f"{name}: {path} was removed from the bundle; nothing was imported")


def _changed_error(name: str, path: str, reference: str) -> ArchiveError:
    return ArchiveError(
        f"{name}: {path} was changed after the bundle was made: it does not match {reference};"
        " nothing was imported. Ask for another copy of the bundle"
    )
