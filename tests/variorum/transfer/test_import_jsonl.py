"""Importing JSON lines: our own, those of other programs, invalid ones."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from storage.articles.load import article_state
from storage.database import open_database
from tests.support.checker import Checker
from tests.support.imports import (
    PAGE_V1,
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
        output = run(empty_path, *command).output.replace(" · imported", "")
        assert output == run(source, *command).output != ""


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
    assert [
        (entry["url"][-2:], "same history" in entry["reason"])
        for entry in report["skipped_articles"]
    ] == [
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
           "first_seen_at": "2026-05-14T12:00:00.000Z", "latest_version": 2}  # fmt: skip
VERSION_ROW = {"table": "versions", "id": 3, "article_id": 7, "number": 1, "seen_at": "2026-05-14T12:00:00.000Z",
           "last_seen_at": "2026-05-14T12:00:00.000Z", "headline": "Bridge opens", "body": "It opened on Monday.",
           "byline": ["A"], "extractor": "3"}  # fmt: skip
FETCH_ROW = {"table": "fetches", "id": 5, "article_id": 7, "url": URL, "fetched_at": "2026-05-14T12:00:00.000Z",
         "outcome": "new", "version_id": 3}  # fmt: skip
EDIT_ROW = {"table": "edits", "id": 1, "article_id": 7, "from_version": 1, "to_version": 2, "old": "Monday", "new": "Sunday",
        "seen_after": "2026-05-14T12:00:00.000Z", "seen_at": "2026-05-14T12:00:00.000Z", "field": "body",
        "op": "replace", "kind": "wording"}  # fmt: skip
EXCLUSION_ROW = {"table": "exclusions", "id": 1, "article_id": 7, "host": "example.org", "kind": "volatile", "text": "a",
        "since": "2026-05-14T12:00:00.000Z", "evidence": {"first": "a", "second": None, "after": None}}  # fmt: skip
SECOND_VERSION_ROW = {**VERSION_ROW, "id": 4, "number": 2, "body": "It opened on Sunday."}
GOOD_ROWS = (ARTICLE_ROW, VERSION_ROW, FETCH_ROW, EDIT_ROW, EXCLUSION_ROW, SECOND_VERSION_ROW)
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


def noise(**values: Any) -> dict[str, Any]:
    """The evidence of page noise, and more."""
    return {"first": "a", "second": None, "after": None, **values}


def test_what_later_checks_found_of_page_noise_is_imported(
    empty_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "h.jsonl"
    streak = {"checks": 2, "lapses": 1, "steady_since": "2026-05-14T12:00:00.000Z"}
    path.write_bytes(with_changed_row(4, evidence=noise(sibling=None, was_stored=False, **streak)))
    import_files(empty_path, path)
    url = GOOD_ROWS[0]["url"]
    (found,) = article_state(Database(empty_path), url).exclusions.streaks.values()
    assert (found.checks, found.lapses, found.since) == tuple(streak.values())


def test_lines_written_by_another_program_are_imported(empty_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + jsonl(*GOOD_ROWS, b"\n", OTHER_ARTICLE_ROW))
    (report,) = import_files(empty_path, path)
    assert counts_of(report) == (2, 2, 1, 1)
    assert_sound(empty_path)


@pytest.mark.parametrize(
    ("raw", "line", "expected"),
    [
        (jsonl(*GOOD_ROWS, b'{"table": "articles", "id"'), 7, "is the file cut short"),
        (jsonl(*GOOD_ROWS, b'{"table": "\xff"}'), 7, "not UTF-8"),
        (jsonl(*GOOD_ROWS, b"[" * 100_000 + b"\n"), 7, "not JSON"),
        (jsonl(*GOOD_ROWS, b"[1]\n"), 7, "not a JSON object"),
        (jsonl(*GOOD_ROWS, b'{"table": "articles", "id": NaN}\n'), 7, "NaN"),
        (jsonl(*GOOD_ROWS, b'{"table": "articles", "id": ' + b"9" * 5000 + b"}\n"), 7, "not JSON"),
        (jsonl(*GOOD_ROWS, {"table": "outbox", "id": 1}), 7, "unknown table 'outbox'"),
        (jsonl(*GOOD_ROWS, {"table": ["articles"]}), 7, "unknown table"),
        (jsonl(*GOOD_ROWS, {"table": "aliases", "article_id": 9, "url": URL}), 7, "a different article"),
        (jsonl({"table": "aliases", "article_id": 7, "url": URL}), 1, "before any article"),
        (with_changed_row(0, url="ftp://example.org/a"), 1, "must begin with http"),
        (with_changed_row(0, url="file:///etc/passwd"), 1, "must begin with http"),
        (with_changed_row(0, url="HTTPS://Example.org/a#b"), 1, "it should be https://example.org/a"),
        (with_changed_row(0, host="example.com"), 1, "the host of"),
        (with_changed_row(0, id="7"), 1, "id must be a number"),
        (with_changed_row(0, id=True), 1, "id must be a number"),
        (with_changed_row(0, id=2**63), 1, "out of range"),
        (with_changed_row(0, id=10**400), 1, "out of range"),
        (with_changed_row(0, rate_shape="much"), 1, "rate_shape must be a number"),
        (with_changed_row(0, first_seen_at="yesterday"), 1, "first_seen_at is not a time"),
        (with_changed_row(0, first_seen_at="2026-13-01T00:00:00Z"), 1, "first_seen_at is not a time"),
        (with_changed_row(0, rate_scale=-1.5), 1, "rate_scale must be more than 0"),
        (with_changed_row(3, kind='"><script>'), 4, "not a kind of edit"),
        (with_changed_row(0, headline=["a"]), 1, "headline must be a string"),
        (with_changed_row(0, headline="\ud800"), 1, "surrogate"),
        (with_changed_row(0, state="watched"), 1, "cannot write"),
        (with_changed_row(0, every="whenever"), 1, "not an interval"),
        (with_changed_row(0, latest_version=3), 1, "latest_version"),
        (with_changed_row(0, colour="red"), 1, "no column 'colour'"),
        (with_changed_row(1, number=2), 1, "not numbered 1 to n"),
        (with_changed_row(1, body=None), 2, "lacks body"),
        (with_changed_row(1, byline="A"), 2, "byline must be a JSON list"),
        (with_changed_row(1, byline=[1]), 2, "byline must be a JSON list"),
        (with_changed_row(1, headlines=["a"]), 2, "headlines must be a JSON object"),
        (with_changed_row(1, reverts_to=1), 1, "reverts to a version that is not before it"),
        (with_changed_row(1, published_at="2026-05-14 12:00"), 2, "published_at is not a time"),
        (with_changed_row(2, version_id=9), 1, "refers to a version that is not in the file"),
        (with_changed_row(2, confirms=5), 1, "confirms a fetch that is not before it"),
        (with_changed_row(2, outcome="seen"), 1, "cannot write"),
        (with_changed_row(3, to_version=3), 1, "refers to versions that are not in the file"),
        (with_changed_row(3, old=None, new=None), 1, "cannot write"),
        (with_changed_row(4, evidence={"first": "a"}), 5, "evidence of an exclusion lacks after, second"),
        (with_changed_row(4, evidence=None), 5, "evidence of an exclusion lacks"),
        (with_changed_row(4, evidence={"first": "a", "second": 7, "after": None}), 5, "lacks second"),
        (with_changed_row(4, evidence=noise(steady_since=None)), 5, "lacks checks, lapses"),
        (with_changed_row(4, evidence=noise(is_withdrawn=True)), 5, "lacks checks, lapses, steady_since"),
        (with_changed_row(4, evidence=noise(checks="3", lapses=0, steady_since=None)), 5, "lacks checks"),
        (with_changed_row(4, evidence=noise(checks=3, lapses=0, steady_since="noon")), 5, "lacks steady_since"),
        (with_changed_row(4, evidence=noise(checks=3, lapses=0, steady_since="2026-05-14T12:00:00")), 5, "steady_since"),
        (with_changed_row(4, evidence=noise(sibling=7)), 5, "lacks sibling"),
        (with_changed_row(4, text=None), 5, "lacks text"),
        (with_changed_row(3, field=None), 4, "lacks field"),
        (with_changed_row(1, headlines=None), 2, "headlines must be a JSON object"),
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
    assert counts_of(report) == (1, 2, 1, 1)
    assert run(empty_path, "show", URL).exit_code == 0


def test_an_endless_line_is_not_read_in_full(
    empty_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.transfer.jsonl.MAX_LINE_BYTES", 1000)
    path = tmp_path / "h.jsonl"
    path.write_bytes(b'{"table": "' + b"x" * 5000)
    (report,) = import_files(empty_path, path, status=1)
    assert "longer than 1,000 bytes" in report["error"]


def test_a_file_of_many_versions_and_edits_is_verified_within_seconds(
    empty_path: Path, tmp_path: Path
) -> None:
    """Every edit was looked for between all versions: a file of 6 MB took hours."""
    paragraphs = [f"The pier at berth {number} stays closed this week." for number in range(400)]
    versions, edits = list[dict[str, Any]](), list[dict[str, Any]]()
    for number in range(1, 41):
        paragraphs[number] = f"The pier at berth {number} is open to traffic again."
        body = "\n\n".join(paragraphs)
        versions.append({**VERSION_ROW, "id": number, "number": number, "body": body})
        if number > 1:
            row = {**EDIT_ROW, "from_version": number - 1, "to_version": number, "field": "body"}
            same = {"old": "is open to traffic again", "new": "stays closed this week"}
            edits += [{**row, **same, "id": number * 1000 + copy} for copy in range(40)]
    path = tmp_path / "h.jsonl"
    path.write_bytes(jsonl({**ARTICLE_ROW, "latest_version": 40}, *versions, *edits))
    began_at = time.process_time()
    (report,) = import_files(empty_path, path)
    assert report["edits"] == 39 * 40
    assert time.process_time() - began_at < 20


def test_unrecognised_files_are_reported(empty_path: Path, tmp_path: Path) -> None:
    path, other_path = tmp_path / "a.txt", tmp_path / "b.txt"
    path.write_bytes(b"\x00\x01")
    other_path.write_bytes(b"")
    report = import_files(empty_path, path, other_path, status=1)
    assert ["not a WARC" in file_report["error"] for file_report in report] == [True, True]
    assert run(empty_path, "import", tmp_path / "none.warc").exit_code == 2


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
    assert "Error: bad.warc.gz: the record at byte 0 is damaged" in result.stderr


def test_an_import_claims_no_address_on_another_site(empty_path: Path, tmp_path: Path) -> None:
    claimed, own = "https://victim.example/story", URL.replace("://", "://www.")
    aliases = ({"table": "aliases", "article_id": 7, "url": url} for url in (claimed, own))
    path = tmp_path / "h.jsonl"
    path.write_bytes(jsonl(*GOOD_ROWS, *aliases))
    import_files(empty_path, path)
    stored = {row[0] for row in open_database(empty_path).execute("select url from aliases")}
    assert (claimed in stored, own in stored) == (False, True)
