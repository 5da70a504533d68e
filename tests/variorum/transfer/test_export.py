"""Exporting JSON lines, Atom and WARC."""

import subprocess
import sys
from pathlib import Path

import feedparser
import pytest

from storage.snapshots.store import load_snapshot
from tests.support.checker import Checker
from tests.support.exports import records, run, warc
from tests.support.pages import article_html
from tests.support.shell import Shell
from tests.support.site import Site


def test_a_warc_holds_each_fetch_with_its_bytes_and_time(
    export_source: Path, checker: Checker
) -> None:
    fetches = checker.db.execute(
        "select url, fetched_at, snapshot_id from fetches order by id"
    ).fetchall()
    info, *pages = records(warc(export_source))
    assert info[0] == "warcinfo"
    assert [(head["WARC-Target-URI"], head["WARC-Date"]) for _, head, _, _ in pages] == [
        (url, at) for url, at, _ in fetches
    ]
    for (kind, _, http, body), (_, _, snapshot) in zip(pages, fetches, strict=True):
        raw = load_snapshot(checker.db, snapshot).raw
        assert (body if kind == "response" else raw) == raw
        assert http["content-length"] == str(len(raw))
        assert not {"content-encoding", "transfer-encoding"} & set(http)


def test_a_revisit_refers_to_the_record_with_the_payload(export_source: Path) -> None:
    _, *pages = records(warc(export_source))
    record_by_digest = {
        head["WARC-Payload-Digest"]: (
            head["WARC-Target-URI"],
            head["WARC-Date"],
            head["WARC-Record-ID"],
        )
        for kind, head, _, _ in pages
        if kind == "response"
    }
    revisits = [head for kind, head, _, _ in pages if kind == "revisit"]
    assert len(revisits) == 3
    for head in revisits:
        reference = (
            head["WARC-Refers-To-Target-URI"],
            head["WARC-Refers-To-Date"],
            head["WARC-Refers-To"],
        )
        assert record_by_digest[head["WARC-Payload-Digest"]] == reference
        assert head["WARC-Profile"].endswith("warc/1.1/revisit/identical-payload-digest")


def test_a_warc_passes_warcio_check(export_source: Path, tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    assert run(export_source, "export", "--format", "warc", "--output", str(path)).exit_code == 0
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)], capture_output=True, text=True, timeout=30
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("digest pass") >= 5


def test_a_partial_warc_refers_only_to_its_own_records(export_source: Path, site: Site) -> None:
    part = records(warc(export_source, site.url + "/a", "--since", "2026-05-14T14:00Z"))
    assert [kind for kind, *_ in part] == ["warcinfo", "response", "response", "revisit"]
    assert all(
        head.get("WARC-Target-URI", site.url + "/a") == site.url + "/a" for _, head, _, _ in part
    )


def test_without_warcio_an_export_says_what_to_install(
    export_source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "warcio.warcwriter", None)
    result = run(export_source, "export", "--format", "warc")
    assert (result.exit_code, "pip install 'variorum[warc]'" in result.output) == (1, True)


def test_an_empty_export_leaves_no_file(export_source: Path, tmp_path: Path) -> None:
    for form in ("jsonl", "atom", "warc"):
        path = tmp_path / f"none.{form}"
        since = ["--since", "2030-01-01"] if form != "jsonl" else ["https://example.org/nowhere"]
        assert (
            run(export_source, "export", "--format", form, "--output", str(path), *since).exit_code
            == 1
        )
        assert not path.exists()
    assert [path for path in tmp_path.iterdir() if "none" in path.name] == []


def test_a_file_holds_the_same_as_standard_output(export_source: Path, tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    assert run(export_source, "export", "--output", str(path)).output == ""
    assert path.read_text(encoding="utf-8") == run(export_source, "export").stdout


def test_export_prints_every_stored_row(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    site.page("/a", article_html().replace("12 million", "21 million"))
    shell("fetch", url, site.page("/b", article_html("Another story")), "--delay", "0")
    rows = shell.json("export")
    counts = {table: sum(row["table"] == table for row in rows) for table in ("articles", "aliases", "versions", "fetches", "edits")}  # fmt: skip
    assert counts == {"articles": 2, "aliases": 2, "versions": 3, "fetches": 4, "edits": 1}
    assert [row["table"] for row in shell.json("export", site.url + "/b")] == [
        "articles",
        "aliases",
        "versions",
        "fetches",
    ]


def test_exported_atom_is_a_valid_feed(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    site.page("/a", article_html().replace("12 million", "21 million <b>&amp;"))
    shell("fetch", url, "--delay", "0")
    feed = feedparser.parse(shell("export", "--format", "atom").stdout)
    assert not feed.bozo
    assert {(entry.link, "<ins>" in entry.summary) for entry in feed.entries} == {(url, True)}


def test_an_empty_export_exits_1(site: Site, shell: Shell) -> None:
    shell("fetch", site.page("/a", article_html()), "--delay", "0")
    assert shell("export", "--format", "atom").exit_code == 1
    assert shell("export", "https://example.org/nowhere").exit_code == 1


def test_an_export_into_a_missing_folder_names_the_file(
    site: Site, shell: Shell, tmp_path: Path
) -> None:
    shell("fetch", site.page("/a", article_html()), "--delay", "0")
    path = tmp_path / "missing" / "history.jsonl"
    result = shell("export", "--output", str(path))
    assert result.exit_code == 1
    assert result.stderr == f"Error: {path}: cannot be written (No such file or directory); name another file with --output\n"  # fmt: skip
