"""Bundles and JSON lines that somebody has changed, with every hash made to fit."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from storage.articles.versions import article_from_row, content_hash, details_hash
from tests.support.checker import Checker
from tests.support.imports import Warc, day, import_files, run
from tests.support.pages import article_html, story_html
from tests.support.site import Site

Row = dict[str, Any]
Change = Callable[[Row], object]
HEAD = '<meta name=author content="Mina Oswell"><meta property="article:published_time" content="2026-05-14T09:00:00Z">'
PAGES = [
    article_html(head=HEAD).replace("21 people", people)
    for people in ("21 people", "12 people", "34 people")
]


@pytest.fixture
def bundle(site: Site, checker: Checker, tmp_path: Path) -> Path:
    """The bundle of an article with three versions."""
    for html in PAGES:
        checker(site.page("/a", html))
        checker.clock.skip(hours=1)
    path = tmp_path / "evidence.wacz"
    result = run(
        tmp_path / "variorum.db", "export", "--format", "bundle", site.url + "/a", "--output", path
    )
    assert result.exit_code == 0, result.output
    return path


def forge(path: Path, table: str, number: int, change: Change, *more: Row) -> Path:
    """Change a row of the history in a bundle, add more rows, and change every hash that would tell."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    lines = [json.loads(line) for line in files["history.jsonl"].splitlines()]
    row = [line for line in lines if line["table"] == table][number - 1]
    change(row)
    if table == "versions":
        columns = {
            **row,
            **{name: json.dumps(row[name]) for name in ("byline", "captions", "headlines")},
        }
        row["content_hash"] = content_hash(article_from_row(columns, ""))
        row["details_hash"] = details_hash(article_from_row(columns, ""))
    lines += more
    files["history.jsonl"] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    package = json.loads(files["datapackage.json"])
    for resource in package["resources"]:
        raw = files[resource["path"]]
        resource |= {"hash": f"sha256:{hashlib.sha256(raw).hexdigest()}", "bytes": len(raw)}
    files["datapackage.json"] = json.dumps(package).encode()
    digest = f"sha256:{hashlib.sha256(files['datapackage.json']).hexdigest()}"
    files["datapackage-digest.json"] = json.dumps(
        {"path": "datapackage.json", "hash": digest}
    ).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return path


def replace_in(column: str, old: str, new: str) -> Change:
    def change(row: Row) -> None:
        assert old in row[column]
        row[column] = row[column].replace(old, new)

    return change


def without_last_paragraph(row: Row) -> None:
    row["body"] = row["body"].rpartition("\n\n")[0]


FORGERIES: dict[str, tuple[int, Change, str]] = {
    "a number": (2, replace_in("body", "12 people", "17 people"), "is not on its page"),
    "a word": (1, replace_in("body", "port authority", "prime minister"), "is not on its page"),
    "an added paragraph": (3, lambda row: row.update(body=row["body"] + "\n\nHe took a bribe."), "He took a bribe"),
    "a headline": (1, replace_in("headline", "opens", "closes"), "is not on its page"),
    "a headline's mark": (1, replace_in("headline", "repair", "repair?"), "another headline"),
    "a reporter": (1, lambda row: row.update(byline=["Someone Else"]), "is not on its page"),
    "no reporter": (1, lambda row: row.update(byline=[]), "another byline"),
    "a standfirst": (2, lambda row: row.update(dek="It cost a fortune."), "is not on its page"),
    "a caption": (1, lambda row: row.update(captions=["The mayor in handcuffs"]), "is not on its page"),
    "a time": (1, lambda row: row.update(published_at="2026-05-13T09:00:00Z"), "another published_at"),
    "a paragraph left out": (1, without_last_paragraph, "it lacks"),
    "a paragraph removed later": (3, without_last_paragraph, "it lacks"),
    "the text of another version": (3, replace_in("body", "34 people", "21 people"), "is not on its page"),
    "text from beside the article": (1, lambda row: row.update(body=row["body"] + "\n\nHome"), "does not show"),
    "a quotation": (1, replace_in("body", "“We can finally cross again,”", "We can finally cross again,"), "it lacks"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_version_that_its_page_does_not_show_is_refused(
    bundle: Path, empty_path: Path, site: Site, name: str
) -> None:
    number, change, expected = FORGERIES[name]
    (report,) = import_files(empty_path, forge(bundle, "versions", number, change), status=1)
    assert f"version {number} of {site.url}/a: " in report["error"]
    assert expected in report["error"]
    assert "history.jsonl, line " in report["error"]
    assert Database(empty_path)["articles"].count == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.update(old="17"),
        lambda row: row.update(new="a bribe"),
        lambda row: row.update(field="headline"),
        lambda row: row.update(field="rumour"),
        lambda row: row.update(op="insert", old=None),
        lambda row: row.update(from_version=1, to_version=3, new="12"),
        lambda row: row.update(disclosed=0),
        lambda row: row.update(disclosed=1),
    ],
    ids=["old", "new", "field", "unknown-field", "operation", "versions", "silent", "disclosed"],
)
def test_an_edit_that_is_no_difference_of_its_versions_is_refused(
    bundle: Path, empty_path: Path, change: Change
) -> None:
    (report,) = import_files(empty_path, forge(bundle, "edits", 1, change), status=1)
    assert "edit 1 of" in report["error"]
    assert "history.jsonl, line " in report["error"]


def test_an_edit_gets_the_kind_that_our_rules_give_it_not_that_of_the_file(
    bundle: Path, empty_path: Path
) -> None:
    named = {"kind": "negation", "evidence": "the minister lied", "differ": "9"}
    import_files(empty_path, forge(bundle, "edits", 1, lambda row: row.update(named)))
    row = next(Database(empty_path)["edits"].rows)
    assert (row["kind"], row["evidence"]) == ("number", "the span is a number with its unit")


def test_an_edit_that_older_rules_cut_otherwise_is_imported_without_evidence(
    bundle: Path, empty_path: Path
) -> None:
    wider = {"old": "21 people", "new": "12 people", "differ": None, "evidence": "a rumour"}
    import_files(empty_path, forge(bundle, "edits", 1, lambda row: row.update(wider)))
    row = next(Database(empty_path)["edits"].rows)
    assert (row["old"], row["evidence"]) == ("21 people", None)


def test_a_text_that_does_not_have_its_hash_is_refused_in_json_lines(
    source: Path, empty_path: Path, site: Site, tmp_path: Path
) -> None:
    lines = tmp_path / "history.jsonl"
    text = run(source, "export").stdout
    changed = text.replace("12 million", "21 million", 1)
    assert changed != text
    lines.write_text(changed)
    (report,) = import_files(empty_path, lines, status=1)
    assert "its text does not have the hash that is stored with it" in report["error"]
    assert report["articles"] == 1  # the other one, which nobody changed


def test_a_version_by_another_extractor_is_imported_and_counted(
    bundle: Path, empty_path: Path
) -> None:
    """Nobody can say today what an older extractor left out. But no word may be on no page."""
    forged = forge(bundle, "versions", 1, lambda row: row.update(extractor="0"))
    (report,) = import_files(empty_path, forged)
    assert (report["versions"], report["other_extractor"], report["text_only"]) == (3, 1, 0)


HIDDEN = "The minister took a bribe from the builder, two people said."
EVIDENCE = {
    "volatile": {"first": HIDDEN, "second": None, "after": None, "sibling": None},
    "boilerplate": {"field": "text", "articles": [], "stories": "9 of 9", "instead_of": None},
}


@pytest.mark.parametrize("kind", EVIDENCE)
def test_what_a_file_alone_calls_page_noise_is_marked_and_hides_nothing_of_other_articles(
    site: Site, checker: Checker, empty_path: Path, tmp_path: Path, kind: str
) -> None:
    """An exclusion is the one way to a version that lacks what its page shows."""
    url = site.page("/a", article_html().replace("</h1>", f"</h1><p>{HIDDEN}</p>"))
    checker(url)
    bundle = tmp_path / "evidence.wacz"
    run(tmp_path / "variorum.db", "export", "--format", "bundle", url, "--output", bundle)
    article_id = checker.db.execute("select id from articles").fetchone()[0]
    row = {"table": "exclusions", "id": 1, "article_id": article_id, "host": "127.0.0.1", "kind": kind, "text": HIDDEN,
           "evidence": EVIDENCE[kind], "since": "2026-05-14T12:00:00Z", "imported": 0}  # fmt: skip

    def hide(version: Row) -> None:
        assert HIDDEN in version["body"]
        version["body"] = version["body"].replace(f"{HIDDEN}\n\n", "")

    (report,) = import_files(empty_path, forge(bundle, "versions", 1, hide, row))
    assert (report["versions"], report["left_out"]) == (1, 1)
    assert "imported: on the word of a file" in run(empty_path, "exclusions", url).output
    other = site.page("/other", story_html(4, [HIDDEN]))
    assert run(empty_path, "fetch", "--delay", "0", other).exit_code == 0
    assert HIDDEN in run(empty_path, "show", other).output


def test_what_follows_from_the_pages_is_left_out_on_nobody_s_word(
    bundle: Path, empty_path: Path
) -> None:
    (report,) = import_files(empty_path, bundle)
    assert report["left_out"] == 0


STAMP = '<meta property="article:modified_time" content="2026-05-14T1{}:00:00Z">'


@pytest.mark.parametrize(
    ("hours", "disclosed", "forged"),
    [((0, 0), 0, 1), ((0, 1), 1, 0)],
    ids=["silent", "disclosed"],
)
def test_whether_an_edit_was_disclosed_must_follow_from_its_pages(
    site: Site,
    checker: Checker,
    empty_path: Path,
    tmp_path: Path,
    hours: tuple[int, int],
    disclosed: int,
    forged: int,
) -> None:
    for hour, people in zip(hours, ("21 people", "12 people"), strict=True):
        checker(site.page("/a", article_html(head=STAMP.format(hour)).replace("21 people", people)))
        checker.clock.skip(hours=1)
    bundle = tmp_path / "evidence.wacz"
    run(tmp_path / "variorum.db", "export", "--format", "bundle", site.url + "/a", "--output", bundle)  # fmt: skip
    assert {row["disclosed"] for row in checker.db["edits"].rows} == {disclosed}
    changed = forge(bundle, "edits", 1, lambda row: row.update(disclosed=forged))
    (report,) = import_files(empty_path, changed, status=1)
    assert f"is called {'disclosed' if forged else 'silent'}" in report["error"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda row: row.update(section="Corruption"), "“Corruption” is not on its page"),
        (lambda row: row.update(published_at="2026-05-11T09:00:00Z"), "another published_at"),
        (lambda row: row.update(modified_at="2026-05-14T09:00:00Z"), "another modified_at"),
        (lambda row: row.update(headlines={"h1": "Mayor arrested"}), "“Mayor arrested” is not on"),
    ],
    ids=["section", "published", "modified", "headlines"],
)
def test_another_extractor_adds_no_section_time_or_headline(
    bundle: Path, empty_path: Path, change: Change, expected: str
) -> None:
    def by_another(row: Row) -> None:
        row["extractor"] = "0"
        change(row)

    (report,) = import_files(empty_path, forge(bundle, "versions", 1, by_another), status=1)
    assert expected in report["error"]


def test_what_is_imported_is_marked_in_every_export(
    bundle: Path, empty_path: Path, site: Site, tmp_path: Path
) -> None:
    url = site.url + "/a"
    import_files(empty_path, bundle)
    exported = map(json.loads, run(empty_path, "export").stdout.splitlines())
    fetches = [row for row in exported if row["table"] == "fetches"]
    assert {row["imported"] for row in fetches} == {1}
    assert b"Variorum-Imported: true" in _warc_text(
        run(empty_path, "export", "--format", "warc").stdout_bytes
    )
    assert "imported" in run(empty_path, "export", "--format", "atom").stdout
    assert {
        row["imported"]
        for row in map(json.loads, run(empty_path, "log", "--json").stdout.splitlines())
    } == {1}
    assert "· imported ·" in run(empty_path, "log").stdout
    again = tmp_path / "again.wacz"
    run(empty_path, "export", "--format", "bundle", url, "--output", again)
    with zipfile.ZipFile(again) as archive:
        readme, redline = (archive.read(name).decode() for name in ("README.txt", "redline.html"))
        assert json.loads(archive.read("datapackage.json"))["importedRequests"] == len(fetches)
    assert f"Imported  {len(fetches)} of these requests" in readme
    assert "Variorum checked this address again and again" not in readme
    assert "number · imported" in redline


def test_what_this_database_requested_is_not_marked(bundle: Path, tmp_path: Path) -> None:
    own = tmp_path / "variorum.db"
    assert {row["imported"] for row in Database(own)["fetches"].rows} == {0}
    assert b"Variorum-Imported" not in _warc_text(
        run(own, "export", "--format", "warc").stdout_bytes
    )
    with zipfile.ZipFile(bundle) as archive:
        readme = archive.read("README.txt").decode()
    assert "Imported  none of these requests" in readme
    assert "Variorum checked this address again and again" in readme


def test_pages_of_a_web_archive_count_as_imported(empty_path: Path, tmp_path: Path) -> None:
    warc = Warc().page(day(1), story_html(1)).save(tmp_path / "x.warc.gz")
    import_files(empty_path, warc)
    assert {row["imported"] for row in Database(empty_path)["fetches"].rows} == {1}


def _warc_text(raw: bytes) -> bytes:
    import gzip

    return gzip.decompress(raw)
