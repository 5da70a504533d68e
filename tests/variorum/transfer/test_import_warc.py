"""Importing WARC files: pages become checks, in the order of time."""

import gzip
import hashlib
import time
from base64 import b32encode
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.support.imports import (
    PAGE_V1,
    PAGE_V2,
    PAGE_V3,
    URL,
    Warc,
    assert_sound,
    counts_of,
    day,
    import_files,
    run,
)
from tests.support.pages import article_html
from tests.support.site import Site


def bodies(db: Path) -> list[tuple[int, bool, bool]]:
    """Of each version its number, and whether it has "21 people" and "next year"."""
    row_list = Database(db).execute("select number, body from versions order by number").fetchall()
    return [(number, "21 people" in body, "next year" in body) for number, body in row_list]


def test_importing_an_exported_warc_gives_the_same_history(
    source: Path, empty_path: Path, site: Site, tmp_path: Path
) -> None:
    path = tmp_path / "p.warc.gz"
    run(source, "export", "--format", "warc", "--output", path)
    import_files(empty_path, path)
    version_query = "select number, seen_at, content_hash, reverts_to from versions v join articles a on a.id = article_id order by url, number"  # fmt: skip
    edits = "select to_version, field, op, kind, old, new, seen_at from edits order by seen_at, id"
    for query in (version_query, edits):
        assert (
            Database(empty_path).execute(query).fetchall()
            == Database(source).execute(query).fetchall()
        )
    assert_sound(empty_path)


@pytest.mark.parametrize("is_gzipped", [True, False], ids=["warc.gz", "warc"])
def test_archived_pages_become_checks_in_time_order(
    empty_path: Path, tmp_path: Path, is_gzipped: bool
) -> None:
    warc = (
        Warc(gzip=is_gzipped)
        .other_records()
        .page(day(3), PAGE_V2)
        .page(day(5), PAGE_V3)
        .page(day(1), PAGE_V1)
    )
    warc.page(day(4), PAGE_V2).page(day(2), PAGE_V1).page(day(6), PAGE_V3)
    (report,) = import_files(empty_path, warc.save(tmp_path / "x"))
    assert counts_of(report) == (1, 3, 2, 6)
    assert bodies(empty_path) == [(1, True, True), (2, False, True), (3, False, False)]
    edit_times = (
        Database(empty_path).execute("select seen_after, seen_at from edits order by id").fetchall()
    )
    assert [(after[:10], at[:10]) for after, at in edit_times] == [
        ("2025-03-02", "2025-03-03"),
        ("2025-03-04", "2025-03-05"),
    ]


def test_importing_twice_changes_nothing(empty_path: Path, tmp_path: Path) -> None:
    path = (
        Warc()
        .page(day(1), PAGE_V1)
        .page(day(2), PAGE_V2)
        .page(day(1), "<p>hm", URL + "/x")
        .save(tmp_path / "x")
    )
    import_files(empty_path, path)
    before = run(empty_path, "export").stdout
    (report,) = import_files(empty_path, path)
    assert counts_of(report) == (0, 0, 0, 0)
    assert report["skipped"] == {"older": 2, "no article": 1}
    assert run(empty_path, "export").stdout == before


def test_a_later_archive_continues_the_history(empty_path: Path, tmp_path: Path) -> None:
    first = Warc().page(day(1), PAGE_V1).page(day(2), PAGE_V1).save(tmp_path / "1")
    second = (
        Warc()
        .page(day(2), PAGE_V2)
        .page(day(3), PAGE_V2)
        .page(day(4), PAGE_V2)
        .save(tmp_path / "2")
    )
    report = import_files(empty_path, first, second)
    assert [counts_of(file_report) for file_report in report] == [(1, 1, 0, 2), (0, 1, 1, 2)]
    assert report[1]["skipped"] == {"older": 1}


def test_the_last_capture_is_accepted_and_earlier_ones_need_confirmation(
    empty_path: Path, tmp_path: Path
) -> None:
    warc = (
        Warc()
        .page(day(1), PAGE_V1)
        .page(day(2), PAGE_V1)
        .page(day(3), PAGE_V1.replace("Monday", "Sunday"))
    )
    import_files(empty_path, warc.page(day(4), PAGE_V1).page(day(5), PAGE_V2).save(tmp_path / "x"))
    edits = Database(empty_path).execute("select old, new, seen_at from edits").fetchall()
    assert edits == [("21", "12", "2025-03-05T09:00:00.000Z")]


def test_a_revisit_is_a_check_of_the_earlier_page(empty_path: Path, tmp_path: Path) -> None:
    digest = f"sha256:{hashlib.sha256(PAGE_V2.encode()).hexdigest()}"
    warc = Warc().page(day(1), PAGE_V1).page(day(2), PAGE_V2).revisit(day(3), day(2), digest)
    (report,) = import_files(
        empty_path, warc.revisit(day(4), day(3), "sha1:none", URL + "/x").save(tmp_path / "x")
    )
    assert counts_of(report) == (1, 2, 1, 3)
    assert report["skipped"] == {"unresolved": 1}
    (last,) = (
        Database(empty_path)
        .execute("select last_seen_at from versions where number = 2")
        .fetchone()
    )
    assert last == "2025-03-03T09:00:00.000Z"


def test_records_without_an_article_are_skipped_and_counted(
    empty_path: Path, tmp_path: Path
) -> None:
    warc = Warc().other_records().page(day(1), PAGE_V1)
    warc.page(day(2), b"\x89PNG", kind="image/png").page(day(2), "not here", status="404 Not Found")
    warc.page(day(2), PAGE_V1, "https://example.org:99999/a").page(
        "not a day", PAGE_V1, URL + "/1"
    ).page("2999-01-01", PAGE_V1, URL + "/2").page("0001-01-01", PAGE_V1, URL + "/4")
    warc.page(day(2), "<html><title>Menu</title><a href=/>Home</a>", "https://example.org/")
    (report,) = import_files(empty_path, warc.page(day(2), b"", URL + "/3").save(tmp_path / "x"))
    assert counts_of(report) == (1, 1, 0, 1)
    assert report["skipped"] == {"no article": 1, "skipped": 9}


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        (gzip.compress(PAGE_V1.encode()), {"Content_Encoding": "gzip"}),
        (PAGE_V1.encode(), {"Content_Encoding": "gzip"}),
        (PAGE_V1.encode(), {"Content_Encoding": "br"}),
        (b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE_V1.encode()), PAGE_V1.encode()), {"Transfer_Encoding": "chunked"}),
        (PAGE_V1.encode(), {"Transfer_Encoding": "chunked"}),
    ],
    ids=["gzip", "opened already", "opened already, br", "chunked", "put together already"],
)  # fmt: skip
def test_a_page_is_decoded_whether_or_not_the_archive_decoded_it(
    empty_path: Path, tmp_path: Path, raw: bytes, headers: dict[str, str]
) -> None:
    import_files(empty_path, Warc().page(day(1), raw, **headers).save(tmp_path / "x"))
    assert run(empty_path, "show", URL, "--format", "html").output == PAGE_V1


def test_chunks_of_one_byte_are_put_together_within_seconds(
    empty_path: Path, tmp_path: Path
) -> None:
    """9 MB of them took a minute."""
    page = PAGE_V1.replace("</body>", "<!--" + "a" * 300_000 + "--></body>")
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in page.encode()) + b"0\r\n\r\n"
    archive = Warc().page(day(1), chunks, Transfer_Encoding="chunked").save(tmp_path / "x")
    began_at = time.process_time()
    import_files(empty_path, archive)
    assert time.process_time() - began_at < 5
    assert run(empty_path, "show", URL, "--format", "html").output == page


def test_a_decompression_bomb_is_skipped(empty_path: Path, tmp_path: Path) -> None:
    bomb = gzip.compress(b"<html>" + b" " * 30_000_000)
    (report,) = import_files(empty_path, Warc().page(day(1), bomb, Content_Encoding="gzip").page(day(2), b" " * 11_000_000)
                       .page(day(3), PAGE_V1).save(tmp_path / "x"))  # fmt: skip
    assert (counts_of(report), report["skipped"]) == ((1, 1, 0, 1), {"skipped": 2})


def test_an_imported_article_is_watched_when_it_is_resumed(
    empty_path: Path, tmp_path: Path
) -> None:
    import_files(
        empty_path, Warc().page(day(1), PAGE_V1).page(day(2), PAGE_V2).save(tmp_path / "x")
    )
    state = "select state, next_check_at, next_check_reason from articles"
    assert Database(empty_path).execute(state).fetchall() == [
        ("paused", None, f"imported; `variorum resume {URL}` watches it from now on")
    ]
    assert run(empty_path, "resume", URL).exit_code == 0
    assert Database(empty_path).execute("select state from articles").fetchall() == [("active",)]


@pytest.mark.parametrize("command", ["resume", "pause"])
def test_importing_leaves_an_existing_watch_unchanged(
    empty_path: Path, tmp_path: Path, command: str
) -> None:
    run(empty_path, "add", URL, "--every", "2h")
    run(empty_path, command, URL)
    state = "select state, next_check_at, next_check_reason, every from articles"
    before = Database(empty_path).execute(state).fetchall()
    (report,) = import_files(
        empty_path, Warc().page(day(1), PAGE_V1).page(day(2), PAGE_V2).save(tmp_path / "x")
    )
    assert counts_of(report) == (1, 2, 1, 2)
    assert Database(empty_path).execute(state).fetchall() == before


def test_imported_edits_send_no_notifications(empty_path: Path, tmp_path: Path) -> None:
    Path("variorum.toml").write_text(
        '[[channels]]\nname = "file"\natom = "edits.xml"\n', encoding="utf-8"
    )
    import_files(
        empty_path, Warc().page(day(1), PAGE_V1).page(day(2), PAGE_V2).save(tmp_path / "x")
    )
    assert Database(empty_path).execute("select count(*) from outbox").fetchone() == (0,)


def test_imported_pages_are_extracted_with_the_users_rules(
    empty_path: Path, tmp_path: Path
) -> None:
    Path("rules.toml").write_text('[a]\nhosts = "example.org"\nbody = "article"\ndrop = "p:last-child"\n', encoding="utf-8")  # fmt: skip
    Path("variorum.toml").write_text('[extract]\nsites = "rules.toml"\n', encoding="utf-8")
    (report,) = import_files(
        empty_path, Warc().page(day(1), PAGE_V2).page(day(2), PAGE_V3).save(tmp_path / "x")
    )
    assert counts_of(report) == (1, 1, 0, 2)


def test_a_dry_run_reports_the_same_and_writes_nothing(empty_path: Path, tmp_path: Path) -> None:
    path = Warc().page(day(1), PAGE_V1).page(day(2), PAGE_V2).save(tmp_path / "x")
    result = run(empty_path, "import", "--dry-run", path)
    assert "1 article, 2 versions, 1 edit, 2 checks would be imported" in result.output
    assert not empty_path.exists()
    import_files(empty_path, Warc().page(day(1), PAGE_V1).save(tmp_path / "y"))
    before = run(empty_path, "export").stdout
    assert (
        "0 articles, 1 version, 1 edit, 1 check would be imported"
        in run(empty_path, "import", "--dry-run", path).output
    )
    assert run(empty_path, "export").stdout == before


def test_a_copy_under_another_url_is_not_a_separate_article(
    empty_path: Path, tmp_path: Path
) -> None:
    link = f'<link rel=canonical href="{URL}">'
    copy = article_html(head=link)
    warc = (
        Warc()
        .page(day(1), article_html(head=link))
        .page(day(2), copy, "https://m.example.org/4711042")
    )
    (report,) = import_files(
        empty_path, warc.page(day(3), copy, URL.replace("https", "http")).save(tmp_path / "x")
    )
    assert counts_of(report) == (1, 1, 0, 2)
    assert report["skipped"] == {"another address": 1}


def test_a_rebuild_agrees_with_the_import(empty_path: Path, tmp_path: Path) -> None:
    warc = (
        Warc()
        .page(day(1), PAGE_V1)
        .page(day(2), PAGE_V2)
        .page(day(3), PAGE_V2)
        .page(day(4), PAGE_V1)
    )
    import_files(empty_path, warc.page(day(5), PAGE_V3).save(tmp_path / "x"))
    assert "0 articles of 1 would change" in run(empty_path, "rebuild", "--dry-run").output


@pytest.mark.parametrize(
    ("protocol", "status"),
    [("HTTP/1.0", "200 OK"), ("HTTP/1.1", "200"), ("HTTP/2", "200"), ("HTTP/2", "200 OK"), ("HTTP/2.0", "200 "),
     ("HTTP/3", "200"), ("h2", "200"), ("h3", "200 OK"), ("http/1.1", "200 OK"), ("HTTP/1.1", " 200 OK"), ("HTTP", "200 OK")],
)  # fmt: skip
def test_a_page_is_imported_whatever_its_status_line_looks_like(
    empty_path: Path, tmp_path: Path, protocol: str, status: str
) -> None:
    warc = Warc().page(day(1), PAGE_V1, protocol=protocol, status=status)
    warc.page(day(2), PAGE_V2, protocol=protocol, status=status)
    (report,) = import_files(empty_path, warc.save(tmp_path / "x"))
    assert (report["articles"], report["versions"], report["skipped"]) == (1, 2, {})


@pytest.mark.parametrize("status", ["301 Moved", "404 Not Found", "206 Partial Content", ""])
def test_an_answer_that_is_no_page_is_not_imported(
    empty_path: Path, tmp_path: Path, status: str
) -> None:
    warc = Warc().page(day(1), PAGE_V1, protocol="HTTP/2", status=status).page(day(2), PAGE_V2)
    (report,) = import_files(empty_path, warc.save(tmp_path / "x"))
    assert counts_of(report) == (1, 1, 0, 1)


@pytest.mark.parametrize(
    ("body", "headers"),
    [(gzip.compress(PAGE_V1.encode()) + b"\r\n", {"Content_Encoding": "gzip"}),
     (PAGE_V1.encode(), {"Content_Encoding": "utf-8"}),
     (PAGE_V1.encode(), {"Content_Encoding": "gzip", "Transfer_Encoding": "chunked"}),
     (gzip.compress(PAGE_V1.encode()), {"Transfer_Encoding": "Chunked"})],
    ids=["bytes after gzip", "a charset as encoding", "decoded already", "gzip without a label"],
)  # fmt: skip
def test_a_stored_body_is_read_whatever_its_headers_claim(
    empty_path: Path, tmp_path: Path, body: bytes, headers: dict[str, str]
) -> None:
    (report,) = import_files(empty_path, Warc().page(day(1), body, **headers).save(tmp_path / "x"))
    assert counts_of(report)[1] == 1


@pytest.mark.parametrize(
    "padding", [b"\r\n", b"\0" * 70_000, b"\n\0\r\n"], ids=["a line end", "zeros", "both"]
)
def test_what_pads_a_compressed_file_is_no_damage(
    empty_path: Path, tmp_path: Path, padding: bytes
) -> None:
    path = Warc().page(day(1), PAGE_V1).page(day(2), PAGE_V2).save(tmp_path / "x")
    path.write_bytes(path.read_bytes() + padding)
    (report,) = import_files(empty_path, path)
    assert (counts_of(report), report["error"]) == ((1, 2, 1, 2), None)


def test_a_page_without_its_http_answer_is_imported(empty_path: Path, tmp_path: Path) -> None:
    warc = Warc().resource(day(1), PAGE_V1).resource(day(2), PAGE_V2, kind="text/plain")
    (report,) = import_files(empty_path, warc.resource(day(3), PAGE_V2).save(tmp_path / "x"))
    assert (counts_of(report), report["skipped"]) == ((1, 2, 1, 2), {"skipped": 1})


@pytest.mark.parametrize("change", ["21 people", "closed for inspection"])
def test_a_page_that_does_not_have_its_digest_is_skipped_and_counted(
    empty_path: Path, tmp_path: Path, change: str
) -> None:
    raw = Warc(gzip=False).page(day(1), PAGE_V1).page(day(2), PAGE_V2).out.getvalue()
    assert change.encode() in raw
    path = tmp_path / "x.warc"
    path.write_bytes(raw.replace(change.encode(), change[::-1].encode(), 1))
    (report,) = import_files(empty_path, path)
    assert (counts_of(report), report["skipped"]) == ((1, 1, 0, 1), {"altered": 1})


@pytest.mark.parametrize(
    "digest", ["sha256:{hex}", "SHA1:{base32}", "sha1:{hex}", "blake3:00", "none"]
)
def test_every_way_to_write_a_digest_is_understood(
    empty_path: Path, tmp_path: Path, digest: str
) -> None:
    name = digest.partition(":")[0].lower()
    value = hashlib.new(name if name.startswith("sha") else "sha1", PAGE_V1.encode()).digest()
    text = digest.format(hex=value.hex(), base32=b32encode(value).decode())
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{PAGE_V1}"
    path = tmp_path / "x.warc"
    path.write_text(
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {URL}\r\nWARC-Date: {day(1)}\r\nWARC-Payload-Digest: {text}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http.encode())}\r\n\r\n{http}\r\n\r\n",
        newline="",
    )
    (report,) = import_files(empty_path, path)
    assert (counts_of(report), report["skipped"]) == ((1, 1, 0, 1), {})
