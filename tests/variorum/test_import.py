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
from tests.conftest import Looker, Site, article_html
from variorum.cli import main

IDS = {"id", "article_id", "version_id", "snapshot_id", "confirms", "named_by"}
HTML = "text/html; charset=utf-8"
URL = "https://example.org/news/the-bridge-4711042"
ONE = article_html()
TWO = ONE.replace("21 people", "12 people")
THREE = TWO.replace("next year", "this year")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(db: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["--db", str(db), *map(str, arguments)])


def imported(db: Path, *files: Path, status: int = 0) -> list[dict[str, Any]]:
    """What `import --json` says of each file."""
    result = run(db, "import", "--json", *files)
    assert result.exit_code == status, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def counted(told: dict[str, Any]) -> tuple[int, int, int, int]:
    return told["articles"], told["versions"], told["edits"], told["looks"]


def rows(text: str) -> list[dict[str, Any]]:
    """Exported rows without their ids."""
    found = [json.loads(line) for line in text.splitlines()]
    return [{name: value for name, value in row.items() if name not in IDS} for row in found]


@pytest.fixture
def source(site: Site, look: Looker, tmp_path: Path) -> Path:
    """A database of two articles, one of which was edited thrice, and back, on a page with a counter."""
    for at, html in enumerate((ONE, ONE, TWO, THREE, ONE)):
        around = f"<p>{at * 37} people are reading this now, and some of them for long</p>"
        look(site.page("/a", html.replace("</article>", f"{around}</article>"), ETag='"x"'))
        look.clock.skip(hours=1)
    look(site.page("/b", article_html("Another story of the day"), **{"Last-Modified": "soon"}))
    site.answers.pop("/b")
    look(site.url + "/b")
    return tmp_path / "variorum.db"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return tmp_path / "empty.db"


def sound(path: Path) -> None:
    db = open_database(path)
    assert integrity(db) == queries.gaps_in_numbers(db) == []
    db.execute("insert into version_words (version_words) values ('integrity-check')")
    db.close()


# JSON lines


def test_json_lines_come_back_as_they_went(source: Path, empty: Path, tmp_path: Path) -> None:
    lines = tmp_path / "history.jsonl"
    run(source, "export", "--output", lines)
    (told,) = imported(empty, lines)
    assert told["articles"] == 2
    assert rows(run(empty, "export").stdout) == rows(run(source, "export").stdout)
    sound(empty)


def test_an_imported_history_is_read_like_any_other(
    source: Path, empty: Path, site: Site, tmp_path: Path
) -> None:
    lines = tmp_path / "history.jsonl"
    run(source, "export", "--output", lines)
    imported(empty, lines)
    url = site.url + "/a"
    for command in (["log"], ["blame", url], ["blame", url, "--deleted"], ["show", url], ["diff", url, "1", "3"],
                    ["search", "ferry"], ["list"]):  # fmt: skip
        assert run(empty, *command).output == run(source, *command).output != ""


def test_what_is_here_already_is_left_and_said_so(
    source: Path, empty: Path, site: Site, tmp_path: Path
) -> None:
    lines = tmp_path / "history.jsonl"
    run(source, "export", "--output", lines)
    imported(empty, lines)
    db = Database(empty)
    db.execute("update versions set last_seen_at = '2026-06-01T00:00:00.000Z' where number = 4")
    db.conn.commit()
    before = run(empty, "export").stdout
    (told,) = imported(empty, lines)
    assert counted(told) == (0, 0, 0, 0)
    assert [(left["url"][-2:], "same history" in left["reason"]) for left in told["left"]] == [
        ("/a", False),
        ("/b", True),
    ]
    assert run(empty, "export").stdout == before


def test_a_moved_watch_goes_on_where_it_was(
    source: Path, empty: Path, site: Site, look: Looker, tmp_path: Path
) -> None:
    lines = tmp_path / "history.jsonl"
    run(source, "export", "--output", lines)
    imported(empty, lines)
    site.page("/a", ONE.replace("Mina", "Nina"))
    moved = open_database(empty)
    outcome = Looker(moved, look.clock)(site.url + "/a").look.outcome
    moved.close()
    assert outcome == "edited"


ARTICLE = {"table": "articles", "id": 7, "url": URL, "host": "example.org", "headline": "Bridge opens", "state": "active",
           "first_seen_at": "2026-05-14T12:00:00.000Z", "latest_version": 1}  # fmt: skip
VERSION = {"table": "versions", "id": 3, "article_id": 7, "number": 1, "seen_at": "2026-05-14T12:00:00.000Z",
           "last_seen_at": "2026-05-14T12:00:00.000Z", "headline": "Bridge opens", "body": "It opened.",
           "byline": ["A"], "content_hash": "0", "extractor": "3"}  # fmt: skip
FETCH = {"table": "fetches", "id": 5, "article_id": 7, "url": URL, "fetched_at": "2026-05-14T12:00:00.000Z",
         "outcome": "new", "version_id": 3}  # fmt: skip
EDIT = {"table": "edits", "id": 1, "article_id": 7, "from_version": 0, "to_version": 1, "old": "a", "new": "b",
        "seen_after": "2026-05-14T12:00:00.000Z", "seen_at": "2026-05-14T12:00:00.000Z", "field": "body",
        "op": "replace", "kind": "wording"}  # fmt: skip
SITE = {"table": "sites", "id": 1, "article_id": 7, "host": "example.org", "kind": "volatile", "text": "a",
        "seen_at": "2026-05-14T12:00:00.000Z", "evidence": {"first": "a", "second": None, "after": None}}  # fmt: skip
GOOD = (ARTICLE, VERSION, FETCH, EDIT, SITE)
OTHER = {**ARTICLE, "id": 8, "url": URL + "/b", "latest_version": None}


def jsonl(*lines: dict[str, Any] | bytes) -> bytes:
    return b"".join(
        line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines
    )


def changed(at: int, **values: Any) -> bytes:
    """The good lines, some values of one of them changed."""
    lines = list(GOOD)
    lines[at] = {**lines[at], **values}
    return jsonl(*lines)


def test_lines_by_another_hand_come_in(empty: Path, tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + jsonl(*GOOD, b"\n", OTHER))
    (told,) = imported(empty, path)
    assert counted(told) == (2, 1, 1, 1)
    sound(empty)


@pytest.mark.parametrize(
    ("raw", "line", "expected"),
    [
        (jsonl(*GOOD, b'{"table": "articles", "id"'), 6, "is the file cut short"),
        (jsonl(*GOOD, b'{"table": "\xff"}'), 6, "not UTF-8"),
        (jsonl(*GOOD, b"[" * 100_000 + b"\n"), 6, "not JSON"),
        (jsonl(*GOOD, b"[1]\n"), 6, "not a JSON object"),
        (jsonl(*GOOD, b'{"table": "articles", "id": NaN}\n'), 6, "NaN"),
        (jsonl(*GOOD, b'{"table": "articles", "id": ' + b"9" * 5000 + b"}\n"), 6, "not JSON"),
        (jsonl(*GOOD, {"table": "outbox", "id": 1}), 6, "its table is 'outbox'"),
        (jsonl(*GOOD, {"table": ["articles"]}), 6, "its table is"),
        (jsonl(*GOOD, {"table": "aliases", "article_id": 9, "url": URL}), 6, "another article"),
        (jsonl({"table": "aliases", "article_id": 7, "url": URL}), 1, "before any article"),
        (changed(0, url="ftp://example.org/a"), 1, "must begin with http"),
        (changed(0, url="file:///etc/passwd"), 1, "must begin with http"),
        (changed(0, url="HTTPS://Example.org/a#b"), 1, "it would be https://example.org/a"),
        (changed(0, host="example.com"), 1, "the host of"),
        (changed(0, id="7"), 1, "id must be a number"),
        (changed(0, id=True), 1, "id must be a number"),
        (changed(0, id=2**63), 1, "out of range"),
        (changed(0, id=10**400), 1, "out of range"),
        (changed(0, rate_shape="much"), 1, "rate_shape must be a number"),
        (changed(0, first_seen_at="yesterday"), 1, "first_seen_at is no time"),
        (changed(0, first_seen_at="2026-13-01T00:00:00Z"), 1, "first_seen_at is no time"),
        (changed(0, rate_scale=-1.5), 1, "rate_scale must be more than 0"),
        (changed(3, kind='"><script>'), 4, "no kind of edit"),
        (changed(0, headline=["a"]), 1, "headline must be a text"),
        (changed(0, headline="\ud800"), 1, "surrogate"),
        (changed(0, state="watched"), 1, "cannot be written"),
        (changed(0, every="whenever"), 1, "no interval"),
        (changed(0, latest_version=2), 1, "latest_version"),
        (changed(0, colour="red"), 1, "no column 'colour'"),
        (changed(1, number=2), 1, "not numbered 1 to n"),
        (changed(1, body=None), 2, "without body"),
        (changed(1, byline="A"), 2, "byline must be a JSON list"),
        (changed(1, byline=[1]), 2, "byline must be a JSON list"),
        (changed(1, headlines=["a"]), 2, "headlines must be a JSON object"),
        (changed(1, reverts_to=1), 1, "goes back to one that is not before it"),
        (changed(1, published_at="2026-05-14 12:00"), 2, "published_at is no time"),
        (changed(2, version_id=4), 1, "shows a version that is not in the file"),
        (changed(2, confirms=5), 1, "confirms a look that is not before it"),
        (changed(2, outcome="seen"), 1, "cannot be written"),
        (changed(3, to_version=2), 1, "between versions that are not in the file"),
        (changed(3, old=None, new=None), 1, "cannot be written"),
        (changed(4, evidence={"first": "a"}), 5, "evidence of a text lacks after, second"),
        (changed(4, evidence=None), 5, "evidence of a text lacks"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_and_nothing_of_its_article_written(
    empty: Path, tmp_path: Path, raw: bytes, line: int, expected: str
) -> None:
    path = tmp_path / "h.jsonl"
    path.write_bytes(raw)
    (told,) = imported(empty, path, status=1)
    assert expected in told["error"]
    assert f"line {line}:" in told["error"]
    sound(empty)
    (count,) = Database(empty).execute("select count(*) from articles").fetchone()
    assert count == told["articles"] == 0


def test_what_came_before_a_wrong_line_is_kept(empty: Path, tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl"
    path.write_bytes(jsonl(*GOOD, OTHER, b"{\n"))
    (told,) = imported(empty, path, status=1)
    assert counted(told) == (1, 1, 1, 1)
    assert run(empty, "show", URL).exit_code == 0


def test_a_line_without_end_is_not_read_whole(
    empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.transfer.jsonl.MAX_LINE", 1000)
    path = tmp_path / "h.jsonl"
    path.write_bytes(b'{"table": "' + b"x" * 5000)
    (told,) = imported(empty, path, status=1)
    assert "longer than 1,000 bytes" in told["error"]


def test_files_that_are_nothing_of_ours_are_told(empty: Path, tmp_path: Path) -> None:
    path, other = tmp_path / "a.txt", tmp_path / "b.txt"
    path.write_bytes(b"\x00\x01")
    other.write_bytes(b"")
    told = imported(empty, path, other, status=1)
    assert ["no WARC" in one["error"] for one in told] == [True, True]
    assert run(empty, "import", tmp_path / "none.warc").exit_code == 2


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
        named = [
            ("Content-Type", kind),
            *((name.replace("_", "-"), value) for name, value in headers.items()),
        ]
        self.writer.write_record(
            self.writer.create_warc_record(
                url, "response", payload=BytesIO(raw), length=len(raw), warc_headers_dict={"WARC-Date": at},
                http_headers=StatusAndHeaders(status, named, protocol="HTTP/1.1"),
            )
        )  # fmt: skip
        return self

    def again(self, at: str, first_at: str, digest: str, url: str = URL) -> "Warc":
        self.writer.write_record(
            self.writer.create_revisit_record(
                url, digest, url, first_at, warc_headers_dict={"WARC-Date": at},
                http_headers=StatusAndHeaders("200 OK", [("Content-Type", HTML)], protocol="HTTP/1.1"),
            )
        )  # fmt: skip
        return self

    def other(self) -> "Warc":
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
    found = Database(db).execute("select number, body from versions order by number").fetchall()
    return [(number, "21 people" in body, "next year" in body) for number, body in found]


def test_a_warc_of_a_history_makes_that_history(
    source: Path, empty: Path, site: Site, tmp_path: Path
) -> None:
    path = tmp_path / "p.warc.gz"
    run(source, "export", "--format", "warc", "--output", path)
    imported(empty, path)
    same = "select number, seen_at, content_hash, reverts_to from versions v join articles a on a.id = article_id order by url, number"  # fmt: skip
    edits = "select to_version, field, op, kind, old, new, seen_at from edits order by seen_at, id"
    for query in (same, edits):
        assert (
            Database(empty).execute(query).fetchall() == Database(source).execute(query).fetchall()
        )
    sound(empty)


@pytest.mark.parametrize("is_packed", [True, False], ids=["warc.gz", "warc"])
def test_the_pages_of_an_archive_become_looks_in_the_order_of_time(
    empty: Path, tmp_path: Path, is_packed: bool
) -> None:
    warc = Warc(gzip=is_packed).other().page(day(3), TWO).page(day(5), THREE).page(day(1), ONE)
    warc.page(day(4), TWO).page(day(2), ONE).page(day(6), THREE)
    (told,) = imported(empty, warc.save(tmp_path / "x"))
    assert counted(told) == (1, 3, 2, 6)
    assert bodies(empty) == [(1, True, True), (2, False, True), (3, False, False)]
    seen = Database(empty).execute("select seen_after, seen_at from edits order by id").fetchall()
    assert [(after[:10], at[:10]) for after, at in seen] == [
        ("2025-03-02", "2025-03-03"),
        ("2025-03-04", "2025-03-05"),
    ]


def test_importing_twice_changes_nothing(empty: Path, tmp_path: Path) -> None:
    path = (
        Warc()
        .page(day(1), ONE)
        .page(day(2), TWO)
        .page(day(1), "<p>hm", URL + "/x")
        .save(tmp_path / "x")
    )
    imported(empty, path)
    before = run(empty, "export").stdout
    (told,) = imported(empty, path)
    assert counted(told) == (0, 0, 0, 0)
    assert told["skipped"] == {"older": 2, "no article": 1}
    assert run(empty, "export").stdout == before


def test_a_later_archive_goes_on_where_the_last_one_ended(empty: Path, tmp_path: Path) -> None:
    first = Warc().page(day(1), ONE).page(day(2), ONE).save(tmp_path / "1")
    second = Warc().page(day(2), TWO).page(day(3), TWO).page(day(4), TWO).save(tmp_path / "2")
    told = imported(empty, first, second)
    assert [counted(one) for one in told] == [(1, 1, 0, 2), (0, 1, 1, 2)]
    assert told[1]["skipped"] == {"older": 1}


def test_the_last_page_counts_at_its_word_and_others_where_the_next_agrees(
    empty: Path, tmp_path: Path
) -> None:
    warc = Warc().page(day(1), ONE).page(day(2), ONE).page(day(3), ONE.replace("Monday", "Sunday"))
    imported(empty, warc.page(day(4), ONE).page(day(5), TWO).save(tmp_path / "x"))
    edits = Database(empty).execute("select old, new, seen_at from edits").fetchall()
    assert edits == [("21", "12", "2025-03-05T09:00:00.000Z")]


def test_a_revisit_is_a_look_at_the_earlier_page(empty: Path, tmp_path: Path) -> None:
    digest = f"sha256:{hashlib.sha256(TWO.encode()).hexdigest()}"
    warc = Warc().page(day(1), ONE).page(day(2), TWO).again(day(3), day(2), digest)
    (told,) = imported(
        empty, warc.again(day(4), day(3), "sha1:none", URL + "/x").save(tmp_path / "x")
    )
    assert counted(told) == (1, 2, 1, 3)
    assert told["skipped"] == {"unresolved": 1}
    (last,) = (
        Database(empty).execute("select last_seen_at from versions where number = 2").fetchone()
    )
    assert last == "2025-03-03T09:00:00.000Z"


def test_what_is_no_web_page_of_an_article_is_skipped_and_counted(
    empty: Path, tmp_path: Path
) -> None:
    warc = Warc().other().page(day(1), ONE)
    warc.page(day(2), b"\x89PNG", kind="image/png").page(day(2), "not here", status="404 Not Found")
    warc.page(day(2), ONE, "https://example.org:99999/a").page("not a day", ONE, URL + "/1").page(
        "2999-01-01", ONE, URL + "/2"
    )
    warc.page(day(2), "<html><title>Menu</title><a href=/>Home</a>", "https://example.org/")
    (told,) = imported(empty, warc.page(day(2), b"", URL + "/3").save(tmp_path / "x"))
    assert counted(told) == (1, 1, 0, 1)
    assert told["skipped"] == {"no article": 1, "skipped": 8}


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        (gzip.compress(ONE.encode()), {"Content_Encoding": "gzip"}),
        (ONE.encode(), {"Content_Encoding": "gzip"}),
        (ONE.encode(), {"Content_Encoding": "br"}),
        (b"%x\r\n%s\r\n0\r\n\r\n" % (len(ONE.encode()), ONE.encode()), {"Transfer_Encoding": "chunked"}),
        (ONE.encode(), {"Transfer_Encoding": "chunked"}),
    ],
    ids=["gzip", "opened already", "opened already, br", "chunked", "put together already"],
)  # fmt: skip
def test_a_page_is_opened_as_its_archive_left_it(
    empty: Path, tmp_path: Path, raw: bytes, headers: dict[str, str]
) -> None:
    imported(empty, Warc().page(day(1), raw, **headers).save(tmp_path / "x"))
    assert run(empty, "show", URL, "--format", "html").output == ONE


def test_a_page_that_is_a_bomb_is_not_opened(empty: Path, tmp_path: Path) -> None:
    bomb = gzip.compress(b"<html>" + b" " * 30_000_000)
    (told,) = imported(empty, Warc().page(day(1), bomb, Content_Encoding="gzip").page(day(2), b" " * 11_000_000)
                       .page(day(3), ONE).save(tmp_path / "x"))  # fmt: skip
    assert (counted(told), told["skipped"]) == ((1, 1, 0, 1), {"skipped": 2})


def test_an_imported_article_is_watched_when_it_is_resumed(empty: Path, tmp_path: Path) -> None:
    imported(empty, Warc().page(day(1), ONE).page(day(2), TWO).save(tmp_path / "x"))
    state = "select state, next_check_at, next_check_reason from articles"
    assert Database(empty).execute(state).fetchall() == [
        ("paused", None, f"imported; `variorum resume {URL}` watches it from now on")
    ]
    assert run(empty, "resume", URL).exit_code == 0
    assert Database(empty).execute("select state from articles").fetchall() == [("active",)]


@pytest.mark.parametrize("command", ["resume", "pause"])
def test_an_article_that_is_watched_stays_as_it_is(
    empty: Path, tmp_path: Path, command: str
) -> None:
    run(empty, "add", URL, "--every", "2h")
    run(empty, command, URL)
    state = "select state, next_check_at, next_check_reason, every from articles"
    before = Database(empty).execute(state).fetchall()
    (told,) = imported(empty, Warc().page(day(1), ONE).page(day(2), TWO).save(tmp_path / "x"))
    assert counted(told) == (1, 2, 1, 2)
    assert Database(empty).execute(state).fetchall() == before


def test_nobody_is_told_of_imported_edits(empty: Path, tmp_path: Path) -> None:
    Path("variorum.toml").write_text(
        '[[channels]]\nname = "file"\natom = "edits.xml"\n', encoding="utf-8"
    )
    imported(empty, Warc().page(day(1), ONE).page(day(2), TWO).save(tmp_path / "x"))
    assert Database(empty).execute("select count(*) from outbox").fetchone() == (0,)


def test_pages_are_read_by_the_rules_of_the_user(empty: Path, tmp_path: Path) -> None:
    Path("rules.toml").write_text('[a]\nhosts = "example.org"\nbody = "article"\ndrop = "p:last-child"\n', encoding="utf-8")  # fmt: skip
    Path("variorum.toml").write_text('[extract]\nsites = "rules.toml"\n', encoding="utf-8")
    (told,) = imported(empty, Warc().page(day(1), TWO).page(day(2), THREE).save(tmp_path / "x"))
    assert counted(told) == (1, 1, 0, 2)


def test_a_dry_run_tells_the_same_and_writes_nothing(empty: Path, tmp_path: Path) -> None:
    path = Warc().page(day(1), ONE).page(day(2), TWO).save(tmp_path / "x")
    result = run(empty, "import", "--dry-run", path)
    assert "1 article, 2 versions, 1 edit, 2 looks would come in" in result.output
    assert not empty.exists()
    imported(empty, Warc().page(day(1), ONE).save(tmp_path / "y"))
    before = run(empty, "export").stdout
    assert (
        "0 articles, 1 version, 1 edit, 1 look would come in"
        in run(empty, "import", "--dry-run", path).output
    )
    assert run(empty, "export").stdout == before


def test_a_copy_under_another_address_is_no_article_of_its_own(empty: Path, tmp_path: Path) -> None:
    link = f'<link rel=canonical href="{URL}">'
    copy = article_html(head=link)
    warc = (
        Warc()
        .page(day(1), article_html(head=link))
        .page(day(2), copy, "https://m.example.org/4711042")
    )
    (told,) = imported(
        empty, warc.page(day(3), copy, URL.replace("https", "http")).save(tmp_path / "x")
    )
    assert counted(told) == (1, 1, 0, 2)
    assert told["skipped"] == {"another address": 1}


def test_a_warc_that_breaks_off_keeps_what_came_before(empty: Path, tmp_path: Path) -> None:
    warc = Warc().page(day(1), ONE)
    at = warc.out.tell()
    whole = warc.page(day(2), TWO).out.getvalue()
    path = tmp_path / "x.warc.gz"
    for raw, says in ((whole[:-9], "ends in the middle"), (whole[:at] + b"\x1f\x8b" + b"x" * 90, "broken"),
                      (whole[:at] + b"WARC/1.1 plain", "broken")):  # fmt: skip
        path.write_bytes(raw)
        empty.unlink(missing_ok=True)
        (told,) = imported(empty, path, status=1)
        assert counted(told) == (1, 1, 0, 1)
        assert says in told["error"]
        assert f"at byte {at}" in told["error"]


@pytest.mark.parametrize(
    ("make", "says"),
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
def test_a_hostile_archive_ends_in_an_error(
    empty: Path, tmp_path: Path, make: Callable[[bytes], bytes], says: str
) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(make(Warc(gzip=False).page(day(1), ONE).out.getvalue()))
    (told,) = imported(empty, path, status=1)
    assert says in told["error"]
    assert told["articles"] == 0


@pytest.mark.parametrize("is_packed", [True, False], ids=["warc.gz", "warc"])
def test_a_damaged_byte_is_never_worse_than_an_error(
    empty: Path, tmp_path: Path, is_packed: bool
) -> None:
    whole = Warc(gzip=is_packed).page(day(1), ONE).page(day(2), TWO).out.getvalue()
    files = []
    for at in range(0, len(whole), len(whole) // 40):
        files.append(tmp_path / f"{at}.warc")
        files[-1].write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
    result = run(empty, "import", "--json", *files)
    assert result.exit_code in (0, 1), result.output
    assert len(result.stdout.splitlines()) == len(files)
    sound(empty)


def test_a_rebuild_says_what_the_import_said(empty: Path, tmp_path: Path) -> None:
    warc = Warc().page(day(1), ONE).page(day(2), TWO).page(day(3), TWO).page(day(4), ONE)
    imported(empty, warc.page(day(5), THREE).save(tmp_path / "x"))
    assert "0 articles of 1 would change" in run(empty, "rebuild", "--dry-run").output


# bundles


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A bundle of an article with two versions."""
    folder = tmp_path_factory.mktemp("bundled")
    imported(folder / "v.db", Warc().page(day(1), ONE).page(day(2), TWO).save(folder / "x"))
    run(folder / "v.db", "export", "--format", "bundle", URL, "--output", folder / "e.wacz")
    return (folder / "e.wacz").read_bytes()


@pytest.fixture
def packed(bundled: bytes, tmp_path: Path) -> Path:
    """A bundle for a test to change."""
    path = tmp_path / "packed.wacz"
    path.write_bytes(bundled)
    return path


@pytest.fixture
def evidence(source: Path, site: Site, tmp_path: Path) -> Path:
    path = tmp_path / "evidence.wacz"
    run(source, "export", "--format", "bundle", site.url + "/a", "--output", path)
    return path


def test_a_bundle_says_the_same_where_it_comes_in(
    source: Path, empty: Path, evidence: Path, site: Site
) -> None:
    url = site.url + "/a"
    (told,) = imported(empty, evidence)
    assert told["articles"] == 1
    pages = [["show", url, "--format", "html", "--version", n] for n in "1234"]
    for command in (
        ["log"],
        ["blame", url],
        ["show", url, "--volatile"],
        ["rebuild", url, "--dry-run"],
        *pages,
    ):
        assert run(empty, *command).output == run(source, *command).output != ""
    assert rows(run(empty, "export").stdout)[1:] == rows(run(source, "export", url).stdout)[1:]
    assert Database(empty).execute("select state, next_check_at from articles").fetchall() == [
        ("paused", None)
    ]
    sound(empty)


def test_a_bundle_that_came_in_goes_out_the_same(
    empty: Path, evidence: Path, site: Site, tmp_path: Path
) -> None:
    imported(empty, evidence)
    again = tmp_path / "again.wacz"
    run(empty, "export", "--format", "bundle", site.url + "/a", "--output", again)
    (told,) = imported(empty, again)
    assert "same history" in told["left"][0]["reason"]
    for name in ("indexes/index.cdxj", "pages/pages.jsonl", "redline.html"):
        assert _files(again)[name].count(b"\n") == _files(evidence)[name].count(b"\n")
    assert _files(again)["redline.html"] == _files(evidence)["redline.html"]


def _files(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _pack(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as packed:
        for name, raw in files.items():
            packed.writestr(name, raw)
    return path


NAMES = ("archive/data.warc.gz", "indexes/index.cdxj", "pages/pages.jsonl", "history.jsonl", "redline.html",
         "README.txt", "datapackage.json")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", ["changed", "longer", "out"])
def test_a_changed_bundle_is_refused_and_the_file_named(
    empty: Path, packed: Path, name: str, how: str
) -> None:
    files = _files(packed)
    raw = files.pop(name)
    middle = len(raw) // 2
    if how == "changed":
        files[name] = raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]
    elif how == "longer":
        files[name] = raw + b" "
    (told,) = imported(empty, _pack(packed, files), status=1)
    assert name in told["error"]
    assert Database(empty).execute("select count(*) from articles").fetchone() == (0,)


def test_a_byte_changed_within_a_bundle_names_its_file(empty: Path, packed: Path) -> None:
    raw = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as opened:
        at = opened.getinfo("archive/data.warc.gz").header_offset + 200
    raw[at] ^= 1
    packed.write_bytes(raw)
    (told,) = imported(empty, packed, status=1)
    assert "archive/data.warc.gz was changed" in told["error"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../../evil.sh", "leads out of it"),
        ("/etc/evil", "leads out of it"),
        ("a\\..\\evil", "leads out of it"),
        ("more.txt", "more.txt was put into it"),
    ],
)
def test_a_file_that_was_put_into_a_bundle_is_refused(
    empty: Path, packed: Path, tmp_path: Path, name: str, says: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    (told,) = imported(empty, _pack(packed, {**_files(packed), name: b"x"}), status=1)
    assert says in told["error"]
    assert {path for path in tmp_path.rglob("*") if "empty.db" not in path.name} == set(before)


def test_a_bomb_in_a_bundle_is_not_opened(empty: Path, packed: Path) -> None:
    files = {**_files(packed), "history.jsonl": b"\n" * 30_000_000}
    (told,) = imported(empty, _pack(packed, files, zipfile.ZIP_DEFLATED), status=1)
    assert "zip bomb" in told["error"]


@pytest.mark.parametrize(
    "raw",
    [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 500, b"PK\x03\x04 hello PK\x05\x06" + b"\xff" * 18],
    ids=["cut", "zeros", "nonsense"],
)
def test_a_broken_zip_is_told(empty: Path, tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.wacz"
    path.write_bytes(raw)
    (told,) = imported(empty, path, status=1)
    assert "broken" in told["error"]


def test_a_zip_of_something_else_is_told(empty: Path, tmp_path: Path) -> None:
    (told,) = imported(empty, _pack(tmp_path / "x.zip", {"a.txt": b"a"}), status=1)
    assert "this is no WACZ" in told["error"]


def test_the_web_archive_of_another_program_is_read_as_pages(empty: Path, tmp_path: Path) -> None:
    raw = Warc().page(day(1), ONE).page(day(2), TWO).out.getvalue()
    package = {"resources": [{"path": "archive/a.warc.gz", "bytes": len(raw),
                              "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}"}]}  # fmt: skip
    files = {"archive/a.warc.gz": raw, "datapackage.json": json.dumps(package).encode()}
    (told,) = imported(empty, _pack(tmp_path / "other.wacz", files))
    assert (told["kind"], counted(told)) == ("bundle", (1, 2, 1, 2))


# what it says


def test_one_line_is_printed_per_file_and_a_failed_one_fails_it_all(
    empty: Path, tmp_path: Path
) -> None:
    good = Warc().page(day(1), ONE).save(tmp_path / "good.warc.gz")
    bad = tmp_path / "bad.warc.gz"
    bad.write_bytes(b"WARC/9.9\r\n\r\n")
    result = run(empty, "import", bad, good)
    assert result.exit_code == 1
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == [str(bad), str(good)]
    assert "1 article, 1 version, 0 edits, 1 look came in" in result.stdout
    assert "Error: bad.warc.gz: broken at byte 0" in result.stderr
