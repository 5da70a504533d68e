"""History on its way out: JSON lines, WARC, and evidence bundles that others can read and verify."""

import hashlib
import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from warcio.archiveiterator import ArchiveIterator

from storage.snapshots.store import load_snapshot
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site
from variorum.cli import main
from variorum.transfer.bundle import surt

PAGES = (
    article_html(),
    article_html().replace("21 people", "12 people"),
    article_html().replace("21 people", "12 people"),
    article_html().replace("next year", "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x&gt;"),
)


def run(db: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--db", str(db), *arguments])


@pytest.fixture
def source(site: Site, checker: Checker, tmp_path: Path) -> Path:
    """A database of two articles: /a was edited twice and once seen to stand, /b once seen."""
    for html in PAGES:
        checker(site.page("/a", html, ETag='"é"', Server="test"))
        checker.clock.skip(hours=1)
    checker(site.page("/b", article_html("Another story of the day")))
    return tmp_path / "variorum.db"


def warc(db: Path, *arguments: str) -> bytes:
    result = run(db, "export", "--format", "warc", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def records(raw: bytes) -> list[tuple[str, dict[str, str], dict[str, str], bytes]]:
    """(type, WARC headers, HTTP headers, payload) of each record, digests checked."""
    record_list = []
    iterator = ArchiveIterator(BytesIO(raw), check_digests="raise")
    for record in iterator:
        http = dict(record.http_headers.headers) if record.http_headers else {}
        record_list.append(
            (
                record.rec_type,
                dict(record.rec_headers.headers),
                http,
                record.content_stream().read(),
            )
        )
    return record_list


def test_a_warc_holds_each_fetch_with_its_bytes_and_time(source: Path, checker: Checker) -> None:
    fetches = checker.db.execute(
        "select url, fetched_at, snapshot_id from fetches order by id"
    ).fetchall()
    info, *pages = records(warc(source))
    assert info[0] == "warcinfo"
    assert [(head["WARC-Target-URI"], head["WARC-Date"]) for _, head, _, _ in pages] == [
        (url, at) for url, at, _ in fetches
    ]
    for (kind, _, http, body), (_, _, snapshot) in zip(pages, fetches, strict=True):
        raw = load_snapshot(checker.db, snapshot).raw
        assert (body if kind == "response" else raw) == raw
        assert http["content-length"] == str(len(raw))
        assert not {"content-encoding", "transfer-encoding"} & set(http)


def test_a_revisit_refers_to_the_record_with_the_payload(source: Path) -> None:
    _, *pages = records(warc(source))
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


def test_a_warc_passes_warcio_check(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    assert run(source, "export", "--format", "warc", "--output", str(path)).exit_code == 0
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)], capture_output=True, text=True, timeout=30
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("digest pass") >= 5


def test_a_partial_warc_refers_only_to_its_own_records(source: Path, site: Site) -> None:
    part = records(warc(source, site.url + "/a", "--since", "2026-05-14T14:00Z"))
    assert [kind for kind, *_ in part] == ["warcinfo", "response", "response", "revisit"]
    assert all(
        head.get("WARC-Target-URI", site.url + "/a") == site.url + "/a" for _, head, _, _ in part
    )


def test_without_warcio_an_export_says_what_to_install(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "warcio.warcwriter", None)
    result = run(source, "export", "--format", "warc")
    assert (result.exit_code, "pip install 'variorum[warc]'" in result.output) == (1, True)


def test_an_empty_export_leaves_no_file(source: Path, tmp_path: Path) -> None:
    for form in ("jsonl", "atom", "warc"):
        path = tmp_path / f"none.{form}"
        since = ["--since", "2030-01-01"] if form != "jsonl" else ["https://example.org/nowhere"]
        assert run(source, "export", "--format", form, "--output", str(path), *since).exit_code == 1
        assert not path.exists()
    assert [path for path in tmp_path.iterdir() if "none" in path.name] == []


def test_a_file_holds_the_same_as_standard_output(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    assert run(source, "export", "--output", str(path)).output == ""
    assert path.read_text(encoding="utf-8") == run(source, "export").stdout


@pytest.mark.parametrize(
    "arguments",
    [["--output", "x.wacz"], ["{a}"], ["{a}", "{b}", "--output", "x"], ["{a}", "--output", "x", "--since", "1d"]],
    ids=["no article", "no file", "two articles", "a part"],
)  # fmt: skip
def test_a_bundle_holds_one_whole_article(source: Path, site: Site, arguments: list[str]) -> None:
    filled_arguments = [text.format(a=site.url + "/a", b=site.url + "/b") for text in arguments]
    assert run(source, "export", "--format", "bundle", *filled_arguments).exit_code == 2


def bundle(source: Path, url: str, path: Path) -> zipfile.ZipFile:
    result = run(source, "export", "--format", "bundle", url, "--output", str(path))
    assert result.exit_code == 0, result.output
    return zipfile.ZipFile(path)


def test_a_bundle_lists_size_and_hash_of_each_file(
    source: Path, site: Site, tmp_path: Path
) -> None:
    archive = bundle(source, site.url + "/a", tmp_path / "e.wacz")
    package = json.loads(archive.read("datapackage.json"))
    digest = json.loads(archive.read("datapackage-digest.json"))
    assert (
        digest["hash"] == f"sha256:{hashlib.sha256(archive.read('datapackage.json')).hexdigest()}"
    )
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    resources = {part["path"]: (part["hash"], part["bytes"]) for part in package["resources"]}
    files = {
        name: archive.read(name)
        for name in archive.namelist()
        if not name.startswith("datapackage")
    }
    assert set(files) == {"archive/data.warc.gz", "indexes/index.cdxj", "pages/pages.jsonl", "history.jsonl",
                          "redline.html", "README.txt"}  # fmt: skip
    assert resources == {
        name: (f"sha256:{hashlib.sha256(raw).hexdigest()}", len(raw)) for name, raw in files.items()
    }


def test_the_same_database_gives_the_same_bundle(source: Path, site: Site, tmp_path: Path) -> None:
    first_path, second_path = tmp_path / "1.wacz", tmp_path / "2.wacz"
    for path in (first_path, second_path):
        bundle(source, site.url + "/a", path).close()
    assert first_path.read_bytes() == second_path.read_bytes()


def test_a_bundles_readme_explains_how_to_verify_it_without_variorum(
    source: Path, site: Site, tmp_path: Path
) -> None:
    folder = tmp_path / "evidence"
    bundle(source, site.url + "/a", tmp_path / "e.wacz").extractall(folder)
    command = "grep -E '^[0-9a-f]{64}  ' README.txt | sha256sum -c"
    assert command in (folder / "README.txt").read_text(encoding="utf-8")
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, capture_output=True, text=True, timeout=30
    )
    assert done.stdout.count(": OK") == 5
    (folder / "redline.html").write_text("not this", encoding="utf-8")
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, capture_output=True, text=True, timeout=30
    )
    assert "redline.html: FAILED" in done.stdout


def test_the_index_locates_each_record(source: Path, site: Site, tmp_path: Path) -> None:
    archive = bundle(source, site.url + "/a", tmp_path / "e.wacz")
    raw = archive.read("archive/data.warc.gz")
    assert archive.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
    lines = archive.read("indexes/index.cdxj").decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == len(records(raw)) - 1
    for line in lines:
        _, second, location_json = line.split(" ", 2)
        location = json.loads(location_json)
        offset = int(location["offset"])
        ((kind, head, _, _),) = records(raw[offset : offset + int(location["length"])])
        assert (kind == "revisit") == (location["mime"] == "warc/revisit")
        assert head["WARC-Payload-Digest"] == location["digest"]
        assert head["WARC-Date"].replace("-", "").replace(":", "").replace("T", "")[:14] == second


def test_a_bundles_pages_are_its_versions(source: Path, site: Site, tmp_path: Path) -> None:
    archive = bundle(source, site.url + "/a", tmp_path / "e.wacz")
    head, *pages = map(json.loads, archive.read("pages/pages.jsonl").splitlines())
    assert head["format"] == "json-pages-1.0"
    rows = map(json.loads, archive.read("history.jsonl").splitlines())
    assert [page["ts"] for page in pages] == [
        row["seen_at"] for row in rows if row["table"] == "versions"
    ]


def test_a_redline_page_shows_the_edits_and_has_no_script(
    source: Path, site: Site, tmp_path: Path
) -> None:
    text = bundle(source, site.url + "/a", tmp_path / "e.wacz").read("redline.html").decode()
    assert "<del>21</del><ins>12</ins>" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text.lower()
    assert "<img" not in text


def test_an_article_without_a_stored_page_gives_no_bundle(
    source: Path, checker: Checker, site: Site, tmp_path: Path
) -> None:
    checker.db.execute("update fetches set snapshot_id = null")
    path = tmp_path / "e.wacz"
    result = run(source, "export", "--format", "bundle", site.url + "/a", "--output", str(path))
    assert (result.exit_code, path.exists()) == (1, False)
    assert "no page is stored" in result.output


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/A/b.html", "org,example)/a/b.html"),
        ("http://www2.news.example.co.kr/?b=1&a=2", "kr,co,example,news)/?a=2&b=1"),
        ("http://127.0.0.1:8000/x", "1,0,0,127:8000)/x"),
    ],
)
def test_a_url_gets_the_sort_key_of_web_archives(url: str, expected: str) -> None:
    assert surt(url) == expected
