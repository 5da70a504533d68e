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

VERSION = "1.1.1"
PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
STEP = 1 << 20
# What a bundle from elsewhere may hold: files, and bytes of them all when they are opened.
MAX_FILES = 10_000
MAX_BYTES = 20_000_000_000
MAX_PACKAGE = 20_000_000
# Opened, a file may be so many times as large as packed: text is packed to a tenth, a bomb to a thousandth.
MAX_RATIO = 200
SMALL = 10_000_000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
REGULAR_FILE = 0o100644 << 16
UNIX = 3
FIRST_YEAR = 1980


def write_wacz(
    out: IO[bytes], folder: Path, names: list[str], *, about: dict[str, str], at: datetime
) -> None:
    """Pack these files of a folder, and a datapackage.json that tells the hash of each.

    The same files give the same bytes: every file is dated `at`.
    """
    package = {
        "profile": "data-package",
        "wacz_version": VERSION,
        **about,
        "resources": [_resource(folder, name) for name in names],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2).encode() + b"\n"
    (folder / PACKAGE).write_bytes(text)
    digest = {"path": PACKAGE, "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
    (folder / DIGEST).write_text(json.dumps(digest, indent=2) + "\n", encoding="utf-8")
    with zipfile.ZipFile(out, "w") as packed:
        for name in (*names, PACKAGE, DIGEST):
            info = zipfile.ZipInfo(name, (max(at.year, FIRST_YEAR), *at.timetuple()[1:6]))
            info.create_system, info.external_attr = UNIX, REGULAR_FILE
            info.compress_type = (
                zipfile.ZIP_STORED if name.startswith("archive/") else zipfile.ZIP_DEFLATED
            )
            info.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as file, packed.open(info, "w") as target:
                while part := file.read(STEP):
                    target.write(part)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _resource(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    return {
        "name": path.name.lower(),  # a data package allows no capitals in it
        "path": name,
        "hash": f"sha256:{sha256_of(path)}",
        "bytes": path.stat().st_size,
    }


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose every file has the hash that it should have."""

    packed: zipfile.ZipFile
    names: tuple[str, ...]

    def open(self, name: str) -> IO[bytes]:
        return self.packed.open(name)

    def size(self, name: str) -> int:
        """The bytes of a file, opened."""
        return self.packed.getinfo(name).file_size


@contextmanager
def open_bundle(path: Path) -> Iterator[Bundle]:
    """The bundle in a file, verified before anything of it is read; nothing is unpacked to disk.

    Raises ArchiveError, which names the file that was changed, is missing, or was put in.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            yield Bundle(packed, _verified(packed, path.name))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        UnicodeDecodeError,
    ) as error:
        raise ArchiveError(
            f"{path.name}: broken ({error}); nothing of it can be trusted"
        ) from error


def _verified(packed: zipfile.ZipFile, name: str) -> tuple[str, ...]:
    """The paths of the files in it, whose hashes are right."""
    files = _files(packed, name)
    if PACKAGE not in files:
        raise ArchiveError(f"{name}: no {PACKAGE} in it; this is no WACZ")
    text = _text(packed, files[PACKAGE], name)
    if DIGEST in files:
        told = _json(_text(packed, files[DIGEST], name), name, DIGEST).get("hash")
        if told != f"sha256:{hashlib.sha256(text).hexdigest()}":
            raise _changed(name, PACKAGE, DIGEST)
    resources = _resources(_json(text, name, PACKAGE), name)
    for path, (told, size) in resources.items():
        if path not in files:
            raise ArchiveError(f"{name}: {path} was taken out of it; nothing was imported")
        if (files[path].file_size, _hash(packed, files[path], name)) != (size, told):
            raise _changed(name, path, PACKAGE)
    extra = set(files) - set(resources) - {PACKAGE, DIGEST}
    if extra:
        raise ArchiveError(
            f"{name}: {min(extra)} was put into it ({PACKAGE} does not name it); nothing was imported"
        )
    return tuple(resources)


def _files(packed: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The files by their paths, if they may be opened."""
    infos = [info for info in packed.infolist() if not info.is_dir()]
    if len(infos) > MAX_FILES or sum(info.file_size for info in infos) > MAX_BYTES:
        raise ArchiveError(
            f"{name}: more than {MAX_FILES:,} files or {MAX_BYTES:,} bytes in it; not opened"
        )
    for info in infos:
        path = PurePosixPath(info.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in info.filename:
            raise ArchiveError(
                f"{name}: a file in it leads out of it: {info.filename[:100]!r}; nothing was imported"
            )
        if info.compress_type not in METHODS or info.flag_bits & 1:
            raise ArchiveError(
                f"{name}: {info.filename[:100]} is encrypted or packed in a way that no WACZ is"
            )
        if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
            raise ArchiveError(
                f"{name}: {info.filename[:100]} is packed like a zip bomb; not opened"
            )
    files = {info.filename: info for info in infos}
    if len(files) < len(infos):
        raise ArchiveError(f"{name}: two files in it have the same name; nothing was imported")
    return files


def _resources(package: dict[str, Any], name: str) -> dict[str, tuple[str, int]]:
    """Hash and size of each file that the package names."""
    try:
        return {
            str(resource["path"]): (str(resource["hash"]), int(resource["bytes"]))
            for resource in package["resources"]
        }
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveError(
            f"{name}: {PACKAGE} does not tell path, hash and bytes of each file"
        ) from error


def _text(packed: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    if info.file_size > MAX_PACKAGE:
        raise ArchiveError(f"{name}: {info.filename} has more than {MAX_PACKAGE:,} bytes")
    try:
        return packed.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _changed(name, info.filename, "its checksum") from error


def _json(text: bytes, name: str, path: str) -> dict[str, Any]:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"{name}: {path} is no JSON ({error})") from error
    if not isinstance(held, dict):
        raise ArchiveError(f"{name}: {path} is no JSON object")
    return held


def _hash(packed: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with packed.open(info) as file:
            while part := file.read(STEP):
                digest.update(part)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _changed(name, info.filename, "its checksum") from error
    return f"sha256:{digest.hexdigest()}"


def _changed(name: str, path: str, told_by: str) -> ArchiveError:
    return ArchiveError(
        f"{name}: {path} was changed after the bundle was made: it is not what {told_by} says;"
        " nothing was imported. Ask for the bundle anew"
    )
