"""Exporting evidence bundles, verified without Variorum."""

import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.support.checker import Checker
from tests.support.exports import records, run
from tests.support.site import Site
from variorum.transfer.bundle import surt


@pytest.mark.parametrize(
    "arguments",
    [["--output", "x.wacz"], ["{a}"], ["{a}", "{b}", "--output", "x"], ["{a}", "--output", "x", "--since", "1d"]],
    ids=["no article", "no file", "two articles", "a part"],
)  # fmt: skip
def test_a_bundle_holds_one_whole_article(
    export_source: Path, site: Site, arguments: list[str]
) -> None:
    filled_arguments = [text.format(a=site.url + "/a", b=site.url + "/b") for text in arguments]
    assert run(export_source, "export", "--format", "bundle", *filled_arguments).exit_code == 2


def bundle(export_source: Path, url: str, path: Path) -> zipfile.ZipFile:
    result = run(export_source, "export", "--format", "bundle", url, "--output", str(path))
    assert result.exit_code == 0, result.output
    return zipfile.ZipFile(path)


def test_a_bundle_lists_size_and_hash_of_each_file(
    export_source: Path, site: Site, tmp_path: Path
) -> None:
    archive = bundle(export_source, site.url + "/a", tmp_path / "e.wacz")
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


def test_the_same_database_gives_the_same_bundle(
    export_source: Path, site: Site, tmp_path: Path
) -> None:
    first_path, second_path = tmp_path / "1.wacz", tmp_path / "2.wacz"
    for path in (first_path, second_path):
        bundle(export_source, site.url + "/a", path).close()
    assert first_path.read_bytes() == second_path.read_bytes()


def test_a_bundles_readme_explains_how_to_verify_it_without_variorum(
    export_source: Path, site: Site, tmp_path: Path
) -> None:
    folder = tmp_path / "evidence"
    bundle(export_source, site.url + "/a", tmp_path / "e.wacz").extractall(folder)
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


def test_the_index_locates_each_record(export_source: Path, site: Site, tmp_path: Path) -> None:
    archive = bundle(export_source, site.url + "/a", tmp_path / "e.wacz")
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


def test_a_bundles_pages_are_its_versions(export_source: Path, site: Site, tmp_path: Path) -> None:
    archive = bundle(export_source, site.url + "/a", tmp_path / "e.wacz")
    head, *pages = map(json.loads, archive.read("pages/pages.jsonl").splitlines())
    assert head["format"] == "json-pages-1.0"
    rows = map(json.loads, archive.read("history.jsonl").splitlines())
    assert [page["ts"] for page in pages] == [
        row["seen_at"] for row in rows if row["table"] == "versions"
    ]


def test_a_redline_page_shows_the_edits_and_has_no_script(
    export_source: Path, site: Site, tmp_path: Path
) -> None:
    text = bundle(export_source, site.url + "/a", tmp_path / "e.wacz").read("redline.html").decode()
    assert "<del>21</del><ins>12</ins>" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text.lower()
    assert "<img" not in text


def test_an_article_without_a_stored_page_gives_no_bundle(
    export_source: Path, checker: Checker, site: Site, tmp_path: Path
) -> None:
    checker.db.execute("update fetches set snapshot_id = null")
    path = tmp_path / "e.wacz"
    result = run(
        export_source, "export", "--format", "bundle", site.url + "/a", "--output", str(path)
    )
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
