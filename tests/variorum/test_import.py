"""History on its way in: WARCs, JSON lines and bundles, whole, broken and hostile."""

import gzip
import hashlib
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlite_utils import Database
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.database import open_database
from storage.queries import articles as queries
from storage.queries.health import integrity
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site
from variorum.cli import main

ID_COLUMNS = {"id", "article_id", "version_id", "snapshot_id", "confirms", "declared_by"}
HTML = "text/html; charset=utf-8"
URL = "https://example.org/news/the-bridge-4711042"
PAGE_V1 = article_html()
PAGE_V2 = PAGE_V1.replace("21 people", "12 people")
PAGE_V3 = PAGE_V2.replace("next year", "this year")


@pytest.fixture(autouse=True)
def in_tmp_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(db: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["--db", str(db), *map(str, arguments)])


def import_files(db: Path, *files: Path, status: int = 0) -> list[dict[str, Any]]:
    """What `import --json` says of each file."""
    result = run(db, "import", "--json", *files)
    assert result.exit_code == status, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def counts_of(report: dict[str, Any]) -> tuple[int, int, int, int]:
    return report["articles"], report["versions"], report["edits"], report["checks"]


def rows(text: str) -> list[dict[str, Any]]:
    """Exported rows without their ids."""
    row_list = [json.loads(line) for line in text.splitlines()]
    return [
        {name: value for name, value in row.items() if name not in ID_COLUMNS} for row in row_list
    ]


@pytest.fixture
def source(site: Site, checker: Checker, tmp_path: Path) -> Path:
    """A database of two articles, one of which was edited thrice, and back, on a page with a counter."""
    for at, html in enumerate((PAGE_V1, PAGE_V1, PAGE_V2, PAGE_V3, PAGE_V1)):
        around = f"<p>{at * 37} people are reading this now, and some of them for long</p>"
        checker(site.page("/a", html.replace("</article>", f"{around}</article>"), ETag='"x"'))
        checker.clock.skip(hours=1)
    checker(site.page("/b", article_html("Another story of the day"), **{"Last-Modified": "soon"}))
    site.answers.pop("/b")
    checker(site.url + "/b")
    return tmp_path / "variorum.db"


@pytest.fixture
def empty_path(tmp_path: Path) -> Path:
    return tmp_path / "empty.db"


def assert_sound(path: Path) -> None:
    db = open_database(path)
    assert integrity(db) == queries.articles_with_number_gaps(db) == []
    db.execute("insert into version_words (version_words) values ('integrity-check')")
    db.close()


# JSON lines


def test_json_lines_round_trip(source: Path, empty_path: Path, tmp_path: Path) -> None:
    lines = tmp_path / "history.jsonl"
    run(source, "export", "--output", lines)
    (report,) = import_files(empty_path, lines)
    assert report["articles"] == 2
    assert rows(run(empty_path, "export").stdout) == rows(run(source, "export").stdout)
    assert_sound(empty_path)


def test_an_imported_history_reads_like_the_original(
    source: Path, empty_path: Path, site: Site, tmp_path: Path
) -> None:
    lines = tmp_path / "history.jsonl"
    run(source, "export", "--output", lines)
    import_files(empty_path, lines)
    url = site.url + "/a"
    for command in (["log"], ["blame", url], ["blame", url, "--deleted"], ["show", url], ["diff", url, "1", "3"],
                    ["search", "ferry"], ["list"]):  # fmt: skip
        assert run(empty_path, *command).output == run(source, *command).output != ""


def test_an_existing_history_is_left_untouched_and_reported(
    source: Path, empty_path: Path, site: Site, tmp_path: Path
) -> None:
    lines = tmp_path / "history.jsonl"
    run(source, "export", "--output", lines)
    import_files(empty_path, lines)
    db = Database(empty_path)
    db.execute("update versions set last_seen_at = '2026-06-01T00:00:00.000Z' where number = 4")
    db.conn.commit()
    before = run(empty_path, "export").stdout
    (report,) = import_files(empty_path, lines)
    assert counts_of(report) == (0, 0, 0, 0)
    assert [(entry["url"][-2:], "same history" in entry["reason"]) for entry in report["left"]] == [
        ("/a", False),
        ("/b", True),
    ]
    assert run(empty_path, "export").stdout == before


def test_an_imported_watch_continues_from_its_last_version(
    source: Path, empty_path: Path, site: Site, checker: Checker, tmp_path: Path
) -> None:
    lines = tmp_path / "history.jsonl"
    run(source, "export", "--output", lines)
    import_files(empty_path, lines)
    site.page("/a", PAGE_V1.replace("Mina", "Nina"))
    new_db = open_database(empty_path)
    outcome = Checker(new_db, checker.clock)(site.url + "/a").result.outcome
    new_db.close()
    assert outcome == "edited"


ARTICLE_ROW = {"table": "articles", "id": 7, "url": URL, "host": "example.org", "headline": "Bridge opens", "state": "active",
           "first_seen_at": "2026-05-14T12:00:00.000Z", "latest_version": 1}  # fmt: skip
VERSION_ROW = {"table": "versions", "id": 3, "article_id": 7, "number": 1, "seen_at": "2026-05-14T12:00:00.000Z",
           "last_seen_at": "2026-05-14T12:00:00.000Z", "headline": "Bridge opens", "body": "It opened.",
           "byline": ["A"], "content_hash": "0", "extractor": "3"}  # fmt: skip
FETCH_ROW = {"table": "fetches", "id": 5, "article_id": 7, "url": URL, "fetched_at": "2026-05-14T12:00:00.000Z",
         "outcome": "new", "version_id": 3}  # fmt: skip
EDIT_ROW = {"table": "edits", "id": 1, "article_id": 7, "from_version": 0, "to_version": 1, "old": "a", "new": "b",
        "seen_after": "2026-05-14T12:00:00.000Z", "seen_at": "2026-05-14T12:00:00.000Z", "field": "body",
        "op": "replace", "kind": "wording"}  # fmt: skip
EXCLUSION_ROW = {"table": "exclusions", "id": 1, "article_id": 7, "host": "example.org", "kind": "volatile", "text": "a",
        "since": "2026-05-14T12:00:00.000Z", "evidence": {"first": "a", "second": None, "after": None}}  # fmt: skip
GOOD_ROWS = (ARTICLE_ROW, VERSION_ROW, FETCH_ROW, EDIT_ROW, EXCLUSION_ROW)
OTHER_ARTICLE_ROW = {**ARTICLE_ROW, "id": 8, "url": URL + "/b", "latest_version": None}


def jsonl(*lines: dict[str, Any] | bytes) -> bytes:
    return b"".join(
        line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines
    )


def with_changed_row(at: int, **values: Any) -> bytes:
    """The good lines, some values of one of them changed."""
    lines = list(GOOD_ROWS)
    lines[at] = {**lines[at], **values}
    return jsonl(*lines)


def test_lines_written_by_another_program_are_imported(empty_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + jsonl(*GOOD_ROWS, b"\n", OTHER_ARTICLE_ROW))
    (report,) = import_files(empty_path, path)
    assert counts_of(report) == (2, 1, 1, 1)
    assert_sound(empty_path)


@pytest.mark.parametrize(
    ("raw", "line", "expected"),
    [
        (jsonl(*GOOD_ROWS, b'{"table": "articles", "id"'), 6, "is the file cut short"),
        (jsonl(*GOOD_ROWS, b'{"table": "\xff"}'), 6, "not UTF-8"),
        (jsonl(*GOOD_ROWS, b"[" * 100_000 + b"\n"), 6, "not JSON"),
        (jsonl(*GOOD_ROWS, b"[1]\n"), 6, "not a JSON object"),
        (jsonl(*GOOD_ROWS, b'{"table": "articles", "id": NaN}\n'), 6, "NaN"),
        (jsonl(*GOOD_ROWS, b'{"table": "articles", "id": ' + b"9" * 5000 + b"}\n"), 6, "not JSON"),
        (jsonl(*GOOD_ROWS, {"table": "outbox", "id": 1}), 6, "its table is 'outbox'"),
        (jsonl(*GOOD_ROWS, {"table": ["articles"]}), 6, "its table is"),
        (jsonl(*GOOD_ROWS, {"table": "aliases", "article_id": 9, "url": URL}), 6, "another article"),
        (jsonl({"table": "aliases", "article_id": 7, "url": URL}), 1, "before any article"),
        (with_changed_row(0, url="ftp://example.org/a"), 1, "must begin with http"),
        (with_changed_row(0, url="file:///etc/passwd"), 1, "must begin with http"),
        (with_changed_row(0, url="HTTPS://Example.org/a#b"), 1, "it would be https://example.org/a"),
        (with_changed_row(0, host="example.com"), 1, "the host of"),
        (with_changed_row(0, id="7"), 1, "id must be a number"),
        (with_changed_row(0, id=True), 1, "id must be a number"),
        (with_changed_row(0, id=2**63), 1, "out of range"),
        (with_changed_row(0, id=10**400), 1, "out of range"),
        (with_changed_row(0, rate_shape="much"), 1, "rate_shape must be a number"),
        (with_changed_row(0, first_seen_at="yesterday"), 1, "first_seen_at is no time"),
        (with_changed_row(0, first_seen_at="2026-13-01T00:00:00Z"), 1, "first_seen_at is no time"),
        (with_changed_row(0, rate_scale=-1.5), 1, "rate_scale must be more than 0"),
        (with_changed_row(3, kind='"><script>'), 4, "no kind of edit"),
        (with_changed_row(0, headline=["a"]), 1, "headline must be a text"),
        (with_changed_row(0, headline="\ud800"), 1, "surrogate"),
        (with_changed_row(0, state="watched"), 1, "cannot be written"),
        (with_changed_row(0, every="whenever"), 1, "not an interval"),
        (with_changed_row(0, latest_version=2), 1, "latest_version"),
        (with_changed_row(0, colour="red"), 1, "no column 'colour'"),
        (with_changed_row(1, number=2), 1, "not numbered 1 to n"),
        (with_changed_row(1, body=None), 2, "without body"),
        (with_changed_row(1, byline="A"), 2, "byline must be a JSON list"),
        (with_changed_row(1, byline=[1]), 2, "byline must be a JSON list"),
        (with_changed_row(1, headlines=["a"]), 2, "headlines must be a JSON object"),
        (with_changed_row(1, reverts_to=1), 1, "goes back to one that is not before it"),
        (with_changed_row(1, published_at="2026-05-14 12:00"), 2, "published_at is no time"),
        (with_changed_row(2, version_id=4), 1, "shows a version that is not in the file"),
        (with_changed_row(2, confirms=5), 1, "confirms a look that is not before it"),
        (with_changed_row(2, outcome="seen"), 1, "cannot be written"),
        (with_changed_row(3, to_version=2), 1, "between versions that are not in the file"),
        (with_changed_row(3, old=None, new=None), 1, "cannot be written"),
        (with_changed_row(4, evidence={"first": "a"}), 5, "evidence of a text lacks after, second"),
        (with_changed_row(4, evidence=None), 5, "evidence of a text lacks"),
    ],
)  # fmt: skip
def test_an_invalid_line_is_reported_and_its_article_not_written(
    empty_path: Path, tmp_path: Path, raw: bytes, line: int, expected: str
) -> None:
    path = tmp_path / "h.jsonl"
    path.write_bytes(raw)
    (report,) = import_files(empty_path, path, status=1)
    assert expected in report["error"]
    assert f"line {line}:" in report["error"]
    assert_sound(empty_path)
    (count,) = Database(empty_path).execute("select count(*) from articles").fetchone()
    assert count == report["articles"] == 0


def test_articles_before_an_invalid_line_are_imported(empty_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl"
    path.write_bytes(jsonl(*GOOD_ROWS, OTHER_ARTICLE_ROW, b"{\n"))
    (report,) = import_files(empty_path, path, status=1)
    assert counts_of(report) == (1, 1, 1, 1)
    assert run(empty_path, "show", URL).exit_code == 0


def test_an_endless_line_is_not_read_in_full(
    empty_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.transfer.jsonl.MAX_LINE_BYTES", 1000)
    path = tmp_path / "h.jsonl"
    path.write_bytes(b'{"table": "' + b"x" * 5000)
    (report,) = import_files(empty_path, path, status=1)
    assert "longer than 1,000 bytes" in report["error"]


def test_unrecognised_files_are_reported(empty_path: Path, tmp_path: Path) -> None:
    path, other_path = tmp_path / "a.txt", tmp_path / "b.txt"
    path.write_bytes(b"\x00\x01")
    other_path.write_bytes(b"")
    report = import_files(empty_path, path, other_path, status=1)
    assert ["is not a WARC" in file_report["error"] for file_report in report] == [True, True]
    assert run(empty_path, "import", tmp_path / "none.warc").exit_code == 2


# WARC


class Warc:
    """A web archive that a test writes, record by record."""

    def __init__(self, *, gzip: bool = True) -> None:
        self.out = BytesIO()
        self.writer = WARCWriter(self.out, gzip=gzip, warc_version="WARC/1.1")

    def page(
        self,
        at: str,
        html: str | bytes,
        url: str = URL,
        *,
        kind: str = HTML,
        status: str = "200 OK",
        **headers: str,
    ) -> "Warc":
        raw = html if isinstance(html, bytes) else html.encode()
        http_headers = [
            ("Content-Type", kind),
            *((name.replace("_", "-"), value) for name, value in headers.items()),
        ]
        self.writer.write_record(
            self.writer.create_warc_record(
                url, "response", payload=BytesIO(raw), length=len(raw), warc_headers_dict={"WARC-Date": at},
                http_headers=StatusAndHeaders(status, http_headers, protocol="HTTP/1.1"),
            )
        )  # fmt: skip
        return self

    def revisit(self, at: str, first_at: str, digest: str, url: str = URL) -> "Warc":
        self.writer.write_record(
            self.writer.create_revisit_record(
                url, digest, url, first_at, warc_headers_dict={"WARC-Date": at},
                http_headers=StatusAndHeaders("200 OK", [("Content-Type", HTML)], protocol="HTTP/1.1"),
            )
        )  # fmt: skip
        return self

    def other_records(self) -> "Warc":
        self.writer.write_record(
            self.writer.create_warcinfo_record("x.warc", {"software": "other"})
        )
        self.writer.write_record(
            self.writer.create_warc_record(
                "dns:example.org", "resource", payload=BytesIO(b"1.2.3.4"), length=7
            )
        )
        return self

    def save(self, path: Path) -> Path:
        path.write_bytes(self.out.getvalue())
        return path


def day(number: int) -> str:
    return f"2025-03-{number:02}T09:00:00Z"


def bodies(db: Path) -> list[tuple[int, bool, bool]]:
    """Of each version: its number, does it tell of 21 people, of next year."""
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
    ).page("2999-01-01", PAGE_V1, URL + "/2")
    warc.page(day(2), "<html><title>Menu</title><a href=/>Home</a>", "https://example.org/")
    (report,) = import_files(empty_path, warc.page(day(2), b"", URL + "/3").save(tmp_path / "x"))
    assert counts_of(report) == (1, 1, 0, 1)
    assert report["skipped"] == {"no article": 1, "skipped": 8}


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


def test_a_truncated_warc_keeps_its_earlier_records(empty_path: Path, tmp_path: Path) -> None:
    warc = Warc().page(day(1), PAGE_V1)
    at = warc.out.tell()
    warc_bytes = warc.page(day(2), PAGE_V2).out.getvalue()
    path = tmp_path / "x.warc.gz"
    for raw, message in ((warc_bytes[:-9], "ends in the middle"), (warc_bytes[:at] + b"\x1f\x8b" + b"x" * 90, "broken"),
                      (warc_bytes[:at] + b"WARC/1.1 plain", "broken")):  # fmt: skip
        path.write_bytes(raw)
        empty_path.unlink(missing_ok=True)
        (report,) = import_files(empty_path, path, status=1)
        assert counts_of(report) == (1, 1, 0, 1)
        assert message in report["error"]
        assert f"at byte {at}" in report["error"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda raw: b"WARC/1.1\r\n" + b"a: b\r\n" * 200_000 + b"\r\n", "longer than any should be"),
        (lambda raw: b"WARC/1.1\r\nWARC-Type: " + b"x" * 3_000_000, "longer than any should be"),
        (lambda raw: gzip.compress(b"WARC/1.1\r\n" + b"\0" * 50_000_000), "longer than any should be"),
        (lambda raw: raw.replace(b"Content-Length: ", b"Content-Length: -", 1), "without its length"),
        (lambda raw: raw.replace(b"Content-Length: ", b"Length: ", 1), "without its length"),
        (lambda raw: raw.replace(b"Content-Length: ", b"Content-Length: 9", 1), "ends in the middle"),
        (lambda raw: gzip.compress(b"hello"), "broken"),
    ],
    ids=["many headers", "a long header", "a bomb of a header", "less than nothing", "no length", "too long", "no warc"],
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


# bundles


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
        ["show", url, "--volatile"],
        ["rebuild", url, "--dry-run"],
        *pages,
    ):
        assert run(empty_path, *command).output == run(source, *command).output != ""
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
    assert "same history" in report["left"][0]["reason"]
    for name in ("indexes/index.cdxj", "pages/pages.jsonl", "redline.html"):
        assert _files(second_bundle)[name].count(b"\n") == _files(evidence_bundle)[name].count(
            b"\n"
        )
    assert _files(second_bundle)["redline.html"] == _files(evidence_bundle)["redline.html"]


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
        ("../../evil.sh", "leads out of it"),
        ("/etc/evil", "leads out of it"),
        ("a\\..\\evil", "leads out of it"),
        ("more.txt", "more.txt was put into it"),
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
    assert "broken" in report["error"]


def test_an_unrelated_zip_is_reported(empty_path: Path, tmp_path: Path) -> None:
    (report,) = import_files(empty_path, _pack(tmp_path / "x.zip", {"a.txt": b"a"}), status=1)
    assert "this is no WACZ" in report["error"]


def test_another_programs_web_archive_is_imported_as_pages(
    empty_path: Path, tmp_path: Path
) -> None:
    raw = Warc().page(day(1), PAGE_V1).page(day(2), PAGE_V2).out.getvalue()
    package = {"resources": [{"path": "archive/a.warc.gz", "bytes": len(raw),
                              "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}"}]}  # fmt: skip
    files = {"archive/a.warc.gz": raw, "datapackage.json": json.dumps(package).encode()}
    (report,) = import_files(empty_path, _pack(tmp_path / "other.wacz", files))
    assert (report["kind"], counts_of(report)) == ("bundle", (1, 2, 1, 2))


# what it says


def test_each_file_prints_one_line_and_one_failure_exits_1(
    empty_path: Path, tmp_path: Path
) -> None:
    good = Warc().page(day(1), PAGE_V1).save(tmp_path / "good.warc.gz")
    bad = tmp_path / "bad.warc.gz"
    bad.write_bytes(b"WARC/9.9\r\n\r\n")
    result = run(empty_path, "import", bad, good)
    assert result.exit_code == 1
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == [str(bad), str(good)]
    assert "1 article, 1 version, 0 edits, 1 check imported" in result.stdout
    assert "Error: bad.warc.gz: broken at byte 0" in result.stderr
