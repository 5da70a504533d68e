"""Importing evidence bundles: complete, changed and hostile ones."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.support.imports import (
    PAGE_V1,
    PAGE_V2,
    URL,
    Warc,
    assert_sound,
    counts_of,
    day,
    import_files,
    rows,
    run,
)
from tests.support.site import Site


@pytest.fixture(scope="module")
def bundle_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A bundle of an article with two versions."""
    folder = tmp_path_factory.mktemp("bundled")
    import_files(
        folder / "v.db", Warc().page(day(1), PAGE_V1).page(day(2), PAGE_V2).save(folder / "x")
    )
    run(folder / "v.db", "export", "--format", "bundle", URL, "--output", folder / "e.wacz")
    return (folder / "e.wacz").read_bytes()


@pytest.fixture
def bundle_path(bundle_bytes: bytes, tmp_path: Path) -> Path:
    """A bundle for a test to change."""
    path = tmp_path / "packed.wacz"
    path.write_bytes(bundle_bytes)
    return path


@pytest.fixture
def evidence_bundle(source: Path, site: Site, tmp_path: Path) -> Path:
    path = tmp_path / "evidence.wacz"
    run(source, "export", "--format", "bundle", site.url + "/a", "--output", path)
    return path


def test_an_imported_bundle_reads_like_the_original(
    source: Path, empty_path: Path, evidence_bundle: Path, site: Site
) -> None:
    url = site.url + "/a"
    (report,) = import_files(empty_path, evidence_bundle)
    assert report["articles"] == 1
    pages = [["show", url, "--format", "html", "--version", n] for n in "1234"]
    for command in (
        ["log"],
        ["blame", url],
        ["exclusions", url],
        ["rebuild", url, "--dry-run"],
        *pages,
    ):
        marked = run(empty_path, *command).output
        output = marked.replace(": on the word of a file", "").replace(" · imported", "")
        assert output == run(source, *command).output != ""
    assert rows(run(empty_path, "export").stdout)[1:] == rows(run(source, "export", url).stdout)[1:]
    assert Database(empty_path).execute("select state, next_check_at from articles").fetchall() == [
        ("paused", None)
    ]
    assert_sound(empty_path)


def test_a_bundle_round_trips(
    empty_path: Path, evidence_bundle: Path, site: Site, tmp_path: Path
) -> None:
    import_files(empty_path, evidence_bundle)
    second_bundle = tmp_path / "again.wacz"
    run(empty_path, "export", "--format", "bundle", site.url + "/a", "--output", second_bundle)
    (report,) = import_files(empty_path, second_bundle)
    assert "same history" in report["skipped_articles"][0]["reason"]
    for name in ("indexes/index.cdxj", "pages/pages.jsonl", "redline.html"):
        assert _files(second_bundle)[name].count(b"\n") == _files(evidence_bundle)[name].count(
            b"\n"
        )
    redline = _files(second_bundle)["redline.html"].replace(" · imported".encode(), b"")
    assert redline == _files(evidence_bundle)["redline.html"]


def _files(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _pack(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return path


BUNDLE_FILES = ("archive/data.warc.gz", "indexes/index.cdxj", "pages/pages.jsonl", "history.jsonl", "redline.html",
         "README.txt", "datapackage.json")  # fmt: skip


@pytest.mark.parametrize("name", BUNDLE_FILES)
@pytest.mark.parametrize("change", ["changed", "longer", "out"])
def test_a_changed_bundle_is_refused_naming_the_file(
    empty_path: Path, bundle_path: Path, name: str, change: str
) -> None:
    files = _files(bundle_path)
    raw = files.pop(name)
    middle = len(raw) // 2
    if change == "changed":
        files[name] = raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]
    elif change == "longer":
        files[name] = raw + b" "
    (report,) = import_files(empty_path, _pack(bundle_path, files), status=1)
    assert name in report["error"]
    assert Database(empty_path).execute("select count(*) from articles").fetchone() == (0,)


DIGESTS = {"empty": b"", "an empty object": b"{}", "another file": b'{"path": "README.txt", "hash": "%s"}',
           "no hash": b'{"path": "datapackage.json"}', "another hash": b'{"path": "datapackage.json", "hash": "sha256:00"}'}  # fmt: skip


@pytest.mark.parametrize("digest", [None, *DIGESTS.values()], ids=["out", *DIGESTS])
def test_a_bundle_without_the_digest_of_its_package_is_refused(
    empty_path: Path, bundle_path: Path, digest: bytes | None
) -> None:
    files = _files(bundle_path)
    own_hash = json.loads(files.pop("datapackage-digest.json"))["hash"].encode()
    if digest is not None:
        files["datapackage-digest.json"] = digest.replace(b"%s", own_hash)
    (report,) = import_files(empty_path, _pack(bundle_path, files), status=1)
    assert "datapackage-digest.json" in report["error"]
    assert Database(empty_path).execute("select count(*) from articles").fetchone() == (0,)


@pytest.mark.parametrize(
    "size",
    ["1e400", "-1e400", "NaN", "null", "[]", '"x"', "-1", "9" * 5000],
    ids=lambda size: size[:8],
)
def test_a_size_that_is_none_is_an_error_in_one_line(
    empty_path: Path, tmp_path: Path, size: str
) -> None:
    package = f'{{"resources": [{{"path": "a", "hash": "sha256:00", "bytes": {size}}}]}}'
    files = {"datapackage.json": package.encode(), "a": b"a"}
    (report,) = import_files(empty_path, _pack(tmp_path / "x.wacz", files), status=1)
    assert "\n" not in report["error"]


@pytest.mark.parametrize("name", ["", "/", "//", "."], ids=["empty", "root", "roots", "dot"])
def test_a_file_without_a_name_is_an_error_in_one_line(
    empty_path: Path, bundle_path: Path, name: str
) -> None:
    with zipfile.ZipFile(bundle_path, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"x")
    (report,) = import_files(empty_path, bundle_path, status=1 if name in ("", ".") else 0)
    assert "\n" not in (report["error"] or "")


def test_a_changed_byte_in_a_bundle_names_its_file(empty_path: Path, bundle_path: Path) -> None:
    raw = bytearray(bundle_path.read_bytes())
    with zipfile.ZipFile(bundle_path) as archive:
        at = archive.getinfo("archive/data.warc.gz").header_offset + 200
    raw[at] ^= 1
    bundle_path.write_bytes(raw)
    (report,) = import_files(empty_path, bundle_path, status=1)
    assert "archive/data.warc.gz was changed" in report["error"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../../evil.sh", "leads out of the bundle"),
        ("/etc/evil", "leads out of the bundle"),
        ("a\\..\\evil", "leads out of the bundle"),
        ("more.txt", "more.txt was added to the bundle"),
    ],
)
def test_a_bundle_with_an_added_file_is_refused(
    empty_path: Path, bundle_path: Path, tmp_path: Path, name: str, message: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    (report,) = import_files(
        empty_path, _pack(bundle_path, {**_files(bundle_path), name: b"x"}), status=1
    )
    assert message in report["error"]
    assert {path for path in tmp_path.rglob("*") if "empty.db" not in path.name} == set(before)


def test_a_decompression_bomb_in_a_bundle_is_not_opened(
    empty_path: Path, bundle_path: Path
) -> None:
    files = {**_files(bundle_path), "history.jsonl": b"\n" * 30_000_000}
    (report,) = import_files(empty_path, _pack(bundle_path, files, zipfile.ZIP_DEFLATED), status=1)
    assert "zip bomb" in report["error"]


@pytest.mark.parametrize(
    "raw",
    [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 500, b"PK\x03\x04 hello PK\x05\x06" + b"\xff" * 18],
    ids=["cut", "zeros", "nonsense"],
)
def test_a_broken_zip_is_reported(empty_path: Path, tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.wacz"
    path.write_bytes(raw)
    (report,) = import_files(empty_path, path, status=1)
    assert "damaged" in report["error"]


def test_an_unrelated_zip_is_reported(empty_path: Path, tmp_path: Path) -> None:
    (report,) = import_files(empty_path, _pack(tmp_path / "x.zip", {"a.txt": b"a"}), status=1)
    assert "not a WACZ file" in report["error"]


def test_another_programs_web_archive_is_imported_as_pages(
    empty_path: Path, tmp_path: Path
) -> None:
    raw = Warc().page(day(1), PAGE_V1).page(day(2), PAGE_V2).out.getvalue()
    package = {"resources": [{"path": "archive/a.warc.gz", "bytes": len(raw),
                              "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}"}]}  # fmt: skip
    files = {"archive/a.warc.gz": raw, "datapackage.json": json.dumps(package).encode()}
    (report,) = import_files(empty_path, _pack(tmp_path / "other.wacz", files))
    assert (report["kind"], counts_of(report)) == ("bundle", (1, 2, 1, 2))
