"""Damaged pages and texts, through every command that reads them: the rest goes on, and what is left out is named."""

import json
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.support.exports import records
from tests.support.pages import article_html, story_html
from tests.support.shell import Shell
from tests.support.site import Site

BRIDGE = article_html()


@pytest.fixture
def urls(site: Site, shell: Shell) -> list[str]:
    """The addresses of two articles: one with two versions, then one with a single one."""
    bridge, story = site.page("/bridge", BRIDGE), site.page("/story", story_html(1))
    shell("fetch", bridge, story, "--delay", "0")
    site.page("/bridge", BRIDGE.replace("21 people", "12 people"))
    shell("fetch", bridge, "--delay", "0")
    return [bridge, story]


def damage_page(shell: Shell, url: str) -> None:
    """Flip a bit in the first stored page of an article."""
    db = Database(shell.db)
    (key,) = db.execute("select min(snapshot_id) from fetches where url = ?", [url]).fetchone()
    data = bytearray(db["snapshots"].get(key)["data"])
    data[len(data) // 2] ^= 1
    db["snapshots"].update(key, {"data": bytes(data)})
    db.close()


def change_text(shell: Shell, url: str, number: int) -> None:
    """Change a word in a stored version, as a flipped bit would."""
    db = Database(shell.db)
    db.execute(
        "update versions set body = replace(body, 'Monday', 'Monbay') where number = ?"
        " and article_id = (select id from articles where url = ?)",
        [number, url],
    )
    db.conn.commit()
    db.close()


def test_doctor_names_each_damaged_page_and_version(urls: list[str], shell: Shell) -> None:
    assert "damaged" not in shell("doctor").output
    assert "3 pages and 3 versions verified, 0 damaged" in shell("doctor", "--full").output
    damage_page(shell, urls[1])
    change_text(shell, urls[0], 2)
    result = shell("doctor", "--full", "--json")
    damaged = [row for row in map(json.loads, result.stdout.splitlines()) if "damaged" in row]
    assert result.exit_code == 1
    assert [(row["check"], row["damaged"], row["version"]) for row in damaged] == [
        (urls[0], "version", 2),
        (urls[1], "page", 1),
    ]
    assert "version 2 is damaged" in shell("doctor", "--full").output


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update versions set section = 'Spurt'", "version 1 is damaged: its section, times"),
        ("update versions set published_at = '2026-05-13T09:00:00Z'", "version 1 is damaged: its section, times"),
        ("update versions set modified_at = '2026-05-13'", "version 1 is damaged: its section, times"),
        ("update versions set lang = 'eo'", "version 1 is damaged: its section, times"),
        ("update versions set headlines = '{}'", "version 1 is damaged: its section, times"),
        ("update sentences set sentence = replace(sentence, 'the', 'thm')", "is not in the text of version 1"),
        ("update edits set new = '13'", "edit 1: its words are not those of versions 1 and 2"),
        ("update edits set old = '22'", "edit 1: its words are not those of versions 1 and 2"),
        ("update edits set field = 'headline'", "edit 1: its words are not those of versions 1 and 2"),
        ("update edits set context = replace(context, 'people', 'peoble')", "edit 1: its words are not those"),
        ("update edits set to_version = 3", "edit 1: it is between versions 1 and 3"),
        ("update edits set seen_at = '2020-05-13T09:00:00.000Z'", "edit 1: its times are not those of version 2"),
        ("update articles set edits = edits + 1 where edits > 0", "it counts 2 edits, and 1 are stored"),
        ("update articles set checks = 7 where edits > 0", "it counts 7 checks, and 2 are stored"),
        ("update fetches set bytes = bytes + 4 where id = 1", "fetch 1 counts"),
        ("update fetches set version_id = 2 where id = 1", "fetch 1 shows a version of another article"),
        ("update fetches set confirms = 2 where id = 4", "fetch 4 confirms a fetch of another check"),
        ("delete from version_words_docsize where id = 2", "version_words lacks 1 version"),
        ("update version_words_data set block = zeroblob(length(block)) where id > 10", "version_words: "),
        ("update removed_words_data set block = zeroblob(length(block)) where id > 10", "removed_words: "),
    ],
)  # fmt: skip
def test_doctor_names_damage_beside_the_text(
    urls: list[str], shell: Shell, statement: str, expected: str
) -> None:
    assert shell("doctor", "--full").exit_code == 0
    with Database(shell.db).conn as conn:
        conn.execute(statement)
    result = shell("doctor", "--full")
    assert (result.exit_code, expected in result.output) == (1, True)


def test_doctor_verifies_the_search_index_while_another_program_writes(
    urls: list[str], shell: Shell
) -> None:
    db = Database(shell.db)
    db.conn.execute("begin immediate")
    assert "search index: sound" in shell("doctor", "--full").output
    db.close()


def test_fetch_goes_on_with_a_damaged_last_page_and_stores_the_next_one_whole(
    urls: list[str], site: Site, shell: Shell
) -> None:
    damage_page(shell, urls[0])
    site.page("/bridge", BRIDGE.replace("21 people", "34 people"))
    result = shell("fetch", *urls, "--delay", "0", "--json")
    outcomes = [json.loads(line)["outcome"] for line in result.stdout.splitlines()]
    assert (result.exit_code, outcomes) == (0, ["edited", "unchanged"])
    page = shell("show", urls[0], "--format", "html").stdout
    assert page == BRIDGE.replace("21 people", "34 people")


def test_a_damaged_text_is_read_again_from_its_page_and_is_no_edit(
    urls: list[str], shell: Shell
) -> None:
    change_text(shell, urls[0], 2)
    assert "version 2 is damaged" in shell("show", urls[0]).output
    (row,) = shell.json("fetch", urls[0], "--delay", "0", "--json")
    assert (row["outcome"], row["edits"]) == ("technical", [])
    assert "on Monday" in shell("show", urls[0]).output


def test_an_article_of_which_nothing_sound_is_stored_fails_alone(
    urls: list[str], shell: Shell
) -> None:
    damage_page(shell, urls[1])
    db = Database(shell.db)
    db.execute("update versions set body = 'x' where headline like 'Museum%'")
    db.conn.commit()
    result = shell("fetch", urls[1], urls[0], "--delay", "0", "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["outcome"] for row in rows] == ["failed", "unchanged"]
    assert (result.exit_code, "version 1 is damaged" in rows[0]["reason"]) == (1, True)


def test_the_daemon_goes_on_and_postpones_what_is_damaged(urls: list[str], shell: Shell) -> None:
    damage_page(shell, urls[1])
    db = Database(shell.db)
    db.execute("update versions set body = 'x' where headline like 'Museum%'")
    db.execute("update articles set next_check_at = '2026-01-01T00:00:00.000Z'")
    db.conn.commit()
    result = shell("run", "--once", "--delay", "0", "--json")
    assert [json.loads(line)["url"] for line in result.stdout.splitlines()] == [urls[0]]
    reasons = {row["url"]: row["next_check_reason"] for row in shell.json("list", "--json")}
    assert "version 1 is damaged" in str(reasons[urls[1]])


@pytest.mark.parametrize("form", ["warc", "bundle"])
def test_an_export_leaves_out_a_damaged_page_and_says_so(
    urls: list[str], shell: Shell, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "out"
    damage_page(shell, urls[0])
    result = shell("export", "--format", form, "--output", str(path), *urls[: 1 + (form == "warc")])
    if form == "bundle":
        # The second version is a delta of the first page, so no page is left.
        assert (result.exit_code, "no page is stored" in result.output) == (1, True)
        return
    assert (result.exit_code, f"left out: the page of {urls[0]}" in result.stderr) == (1, True)
    pages = [payload for kind, *_, payload in records(path.read_bytes()) if kind == "response"]
    assert pages == [story_html(1).encode()]


def test_a_bundle_without_a_damaged_page_names_it_and_can_be_imported(
    urls: list[str], site: Site, shell: Shell, tmp_path: Path
) -> None:
    damage_page(shell, urls[0])
    site.page("/bridge", BRIDGE.replace("21 people", "34 people"))
    shell("fetch", urls[0], "--delay", "0")
    path = tmp_path / "b.wacz"
    result = shell("export", "--format", "bundle", "--output", str(path), urls[0])
    assert (result.exit_code, f"left out: the page of {urls[0]}" in result.stderr) == (1, True)
    shell.db = tmp_path / "other.db"
    assert shell("import", str(path)).exit_code == 0
    assert "of 2 versions no page is stored: text only" in shell("doctor", "--full").output


def test_json_lines_leave_out_an_article_with_a_damaged_text(urls: list[str], shell: Shell) -> None:
    change_text(shell, urls[0], 1)
    result = shell("export")
    articles = [
        row["url"]
        for row in map(json.loads, result.stdout.splitlines())
        if row["table"] == "articles"
    ]
    assert (result.exit_code, articles) == (1, [urls[1]])
    assert f"left out: {urls[0]}: the text of version 1 is damaged" in result.stderr


def test_rebuild_skips_damaged_pages_and_restores_damaged_texts(
    urls: list[str], shell: Shell
) -> None:
    damage_page(shell, urls[1])
    change_text(shell, urls[0], 1)
    result = shell("rebuild")
    assert f"skipped: {urls[1]}: the page of" in result.stderr
    assert "1 article of 2 changed, 1 skipped" in result.stdout, result.stderr
    assert "on Monday" in shell("show", urls[0], "--version", "1").output


def test_prune_leaves_an_article_alone_whose_remaining_page_is_damaged(
    site: Site, shell: Shell
) -> None:
    url = site.page("/a", article_html(around="<p>one</p>"))
    shell("fetch", url, "--delay", "0")
    for word in ("two", "three", "four"):
        site.page("/a", article_html(around=f"<p>{word}</p>"))
        shell("fetch", url, "--delay", "0")
    damage_page(shell, url)
    result = shell("prune", "--keep", "changed")
    assert f"skipped: {url}: the page of" in result.stderr
    assert "0 pages deleted" in result.stdout


def test_a_part_of_the_file_that_cannot_be_read_hides_nothing_else(
    urls: list[str], shell: Shell
) -> None:
    db = Database(shell.db)
    db.execute("pragma wal_checkpoint(truncate)")
    page_size = db.execute("pragma page_size").fetchone()[0]
    root = db.execute("select rootpage from sqlite_schema where name = 'last_pages'").fetchone()[0]
    db.close()
    with shell.db.open("r+b") as file:
        file.seek((root - 1) * page_size)
        file.write(b"\xff" * 8)
    result = shell("doctor", "--full")
    assert (result.exit_code, result.exception.__class__) == (1, SystemExit)
    assert "3 pages and 3 versions verified, 0 damaged" in result.output
    result = shell("fetch", *urls, "--delay", "0", "--json")
    assert [json.loads(line)["outcome"] for line in result.stdout.splitlines()] == ["failed"] * 2


def test_a_damaged_article_can_be_erased_and_is_not_found_any_more(
    urls: list[str], shell: Shell
) -> None:
    change_text(shell, urls[0], 1)
    assert shell("remove", "--erase", "--yes", urls[0]).exit_code == 0
    assert shell("search", "bridge").exit_code == 1
    assert shell("doctor", "--full").exit_code == 0
