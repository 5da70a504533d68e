"""Importing WARC files that are truncated, damaged or hostile."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.imports import (
    PAGE_V1,
    PAGE_V2,
    Warc,
    assert_sound,
    counts_of,
    day,
    import_files,
    run,
)


def test_a_truncated_warc_keeps_its_earlier_records(empty_path: Path, tmp_path: Path) -> None:
    warc = Warc().page(day(1), PAGE_V1)
    at = warc.out.tell()
    warc_bytes = warc.page(day(2), PAGE_V2).out.getvalue()
    path = tmp_path / "x.warc.gz"
    for raw, message in ((warc_bytes[:-9], "ends in the middle"), (warc_bytes[:at] + b"\x1f\x8b" + b"x" * 90, "damaged"),
                      (warc_bytes[:at] + b"WARC/1.1 plain", "damaged")):  # fmt: skip
        path.write_bytes(raw)
        empty_path.unlink(missing_ok=True)
        (report,) = import_files(empty_path, path, status=1)
        assert counts_of(report) == (1, 1, 0, 1)
        assert message in report["error"]
        assert f"at byte {at}" in report["error"]


LARGE_RECORD = (
    b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/1\r\nWARC-Date: 2026-05-14T12:00:00Z\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: 400000000\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda raw: b"WARC/1.1\r\n" + b"a: b\r\n" * 200_000 + b"\r\n", "headers of a record are too long"),
        (lambda raw: b"WARC/1.1\r\nWARC-Type: " + b"x" * 3_000_000, "headers of a record are too long"),
        (lambda raw: gzip.compress(b"WARC/1.1\r\n" + b"\0" * 50_000_000), "headers of a record are too long"),
        (lambda raw: raw.replace(b"Content-Length: ", b"Content-Length: -", 1), "has no Content-Length"),
        (lambda raw: raw.replace(b"Content-Length: ", b"Length: ", 1), "has no Content-Length"),
        (lambda raw: raw.replace(b"Content-Length: ", b"Content-Length: 9", 1), "ends in the middle"),
        (lambda raw: gzip.compress(b"hello"), "damaged"),
        (lambda raw: gzip.compress(LARGE_RECORD + bytes(150_000_000), 1), "unpacks to more than 200 times its size"),
    ],
    ids=["many headers", "a long header", "a bomb of a header", "less than nothing", "no length", "too long", "no warc", "a bomb of a page"],
)  # fmt: skip
def test_a_hostile_archive_is_an_error(
    empty_path: Path, tmp_path: Path, make: Callable[[bytes], bytes], message: str
) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(make(Warc(gzip=False).page(day(1), PAGE_V1).out.getvalue()))
    (report,) = import_files(empty_path, path, status=1)
    assert message in report["error"]
    assert report["articles"] == 0


@pytest.mark.parametrize("is_gzipped", [True, False], ids=["warc.gz", "warc"])
def test_a_damaged_byte_causes_at_most_an_error(
    empty_path: Path, tmp_path: Path, is_gzipped: bool
) -> None:
    warc_bytes = Warc(gzip=is_gzipped).page(day(1), PAGE_V1).page(day(2), PAGE_V2).out.getvalue()
    files = []
    for at in range(0, len(warc_bytes), len(warc_bytes) // 40):
        files.append(tmp_path / f"{at}.warc")
        files[-1].write_bytes(
            warc_bytes[:at] + bytes([warc_bytes[at] ^ 0x55]) + warc_bytes[at + 1 :]
        )
    result = run(empty_path, "import", "--json", *files)
    assert result.exit_code in (0, 1), result.output
    assert len(result.stdout.splitlines()) == len(files)
    assert_sound(empty_path)
