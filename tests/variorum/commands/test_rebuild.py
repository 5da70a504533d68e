"""`rebuild`."""

from pathlib import Path

from storage.database import open_database, open_existing
from storage.queries.health import integrity
from tests.support.checker import Checker
from tests.support.first_history import write_first_history
from tests.support.pages import article_html
from tests.support.shell import Shell
from tests.support.site import Site


def test_rebuild_previews_and_then_applies_changes(
    site: Site, shell: Shell, tmp_path: Path
) -> None:
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    site.page("/a", article_html().replace("next year", "this year"))
    shell("fetch", url, "--delay", "0")
    (tmp_path / "my.toml").write_text(
        '[a]\nhosts = "127.0.0.1"\nbody = "article"\ndrop = "p:last-child"'
    )
    (tmp_path / "variorum.toml").write_text('[extract]\nsites = "my.toml"')
    assert "1 article of 1 would change" in shell("rebuild", "--dry-run").output
    assert "- " in shell("rebuild", "--dry-run").output
    (row,) = shell.json("rebuild", "--json")
    assert (row["versions_before"], row["versions_after"]) == (2, 1)
    assert "0 articles of 1 changed" in shell("rebuild").output
    assert shell("log").exit_code == 1


def edit_times(shell: Shell) -> list[tuple[object, object]]:
    """The times and kinds of the edits that the log shows, oldest first."""
    return sorted((row["seen_at"], row["kind"]) for row in shell.json("log", "--json"))


def test_rebuild_takes_back_what_an_older_program_logged_of_a_wrong_page(shell: Shell) -> None:
    write_first_history(shell.db)
    (row,) = shell.json("rebuild", "--dry-run", "--json")
    removed = {edit["seen_at"][11:16] for edit in row["edits_removed"]}  # type: ignore[attr-defined]  # a list
    assert (row["versions_before"], row["versions_after"]) == (5, 4)
    assert removed == {"18:00", "22:00"}
    before = edit_times(shell)
    shell("rebuild")
    kept = [edit for edit in before if edit[0][11:16] not in removed]  # type: ignore[index]  # a text
    *older, label = edit_times(shell)
    assert older == kept
    assert [kind for _, kind in kept] == ["number", "added", "added", "wording"]
    (added,) = row["edits_added"]  # type: ignore[misc]  # the label that waited: it came alone
    assert (added["seen_at"], added["new"]) == (label[0], "Lanterns along the river")


def test_a_second_rebuild_of_an_older_history_changes_nothing(shell: Shell) -> None:
    write_first_history(shell.db)
    shell("rebuild")
    assert "0 articles of 1 would change" in shell("rebuild", "--dry-run").output
    assert integrity(open_existing(shell.db)) == []


def test_prune_deletes_pages_by_rule_and_says_how_many(
    site: Site, edited_url: str, shell: Shell
) -> None:
    for number in range(2):
        html = article_html().replace("21 people", "12 people")
        site.page("/a", f"{html}<!-- served by {number} -->")
        shell("fetch", edited_url, "--delay", "0")
    assert "1 page would be deleted" in shell("prune", "--keep", "changed", "--dry-run").output
    assert "1 page deleted" in shell("prune", "--keep", "changed", "--vacuum").output
    assert "0 pages deleted" in shell("prune", "--keep", "changed").output


def test_an_unknown_url_is_not_rebuilt(edited_url: str, shell: Shell) -> None:
    assert shell("rebuild", edited_url + "/none").exit_code == 1


NEWS = tuple(f"/news/{number}" for number in range(3))


def check_hosts_news(site: Site, checker: Checker) -> list[str]:
    return [checker(site.url + path).result.outcome for path in NEWS]


def history_of_an_outage(site: Site, checker: Checker, *, hours: int) -> None:
    """Three articles that answered 404 for some hours, as a program recorded it that took each for gone at once."""
    for path in NEWS:
        site.page(path, article_html(f"Bridge number {path[-1]} opens"))
    check_hosts_news(site, checker)
    site.answers.clear()
    for _ in range(hours):
        checker.clock.skip(hours=1)
        check_hosts_news(site, checker)
    checker.db.execute(
        "update fetches set outcome = 'gone', reason = '404' where http_status = 404"
    )
    checker.db.execute("update articles set state = 'gone'")
    checker.db.conn.commit()


def test_rebuild_takes_back_that_the_articles_of_a_failing_site_are_gone(
    site: Site, checker: Checker, tmp_path: Path
) -> None:
    history_of_an_outage(site, checker, hours=2)
    for path in NEWS[:2]:
        site.page(path, article_html(f"Bridge number {path[-1]} opens"))
        checker.clock.skip(hours=1)
        assert checker(site.url + path).result.outcome == "restored"
    shell = Shell(tmp_path)
    shell.db = tmp_path / "variorum.db"
    rows = shell.json("rebuild", "--dry-run", "--json")
    changes = [[(one["before"], one["after"]) for one in row["outcomes_changed"]] for row in rows]  # type: ignore[attr-defined]  # a list
    back = [("gone", "failed"), ("gone", "failed"), ("restored", "unchanged")]
    assert changes == [back, back, back[:2]]
    assert "gone → failed" in shell("rebuild").output
    assert checker.db.execute("select distinct state from articles").fetchall() == [("active",)]
    assert checker.db.execute("select count(*) from fetches where outcome in ('gone', 'restored')").fetchone() == (0,)  # fmt: skip
    (row,) = checker.db.execute(
        "select next_check_at = checked_at from articles where url like '%/2'"
    )
    assert row == (1,)
    assert "0 articles of 3 changed" in shell("rebuild").output


def test_rebuild_leaves_gone_what_stayed_away_while_its_site_was_there(
    site: Site, checker: Checker, tmp_path: Path
) -> None:
    for path in NEWS:
        site.page(path, article_html(f"Bridge number {path[-1]} opens"))
    check_hosts_news(site, checker)
    del site.answers[NEWS[0]]
    outcomes = []
    for _ in range(8):
        checker.clock.skip(hours=1)
        outcomes.append(check_hosts_news(site, checker)[0])
    assert outcomes[-1] == "gone"
    shell = Shell(tmp_path)
    shell.db = tmp_path / "variorum.db"
    assert "0 articles of 3 changed" in shell("rebuild").output
    states = checker.db.execute("select state from articles order by id").fetchall()
    assert states == [("gone",), ("active",), ("active",)]


def test_a_dry_run_names_the_versions_and_edits_that_it_would_take_back(shell: Shell) -> None:
    write_first_history(shell.db)
    output = shell("rebuild", "--dry-run").output
    assert "- v3 2026-05-14T18:00 'We are working on our servers'" in output
    assert (
        "- v3 2026-05-14T18:00 headline: 'Harbour bridge opens after long repair' → 'We are"
        in output
    )
    assert "… and 4 more; --json lists all" in output
    (row,) = shell.json("rebuild", "--dry-run", "--json")
    assert [one["number"] for one in row["versions_removed"]] == [3, 4]  # type: ignore[attr-defined]  # a list
    assert len(row["edits_removed"]) == 16  # type: ignore[arg-type]  # a list


def test_rebuild_lists_the_kinds_that_change_and_writes_missing_evidence(
    edited_url: str, shell: Shell
) -> None:
    with open_database(shell.db).conn as conn:
        conn.execute("update edits set kind = 'wording', evidence = null")
    assert "wording → number" in shell("rebuild", "--dry-run").output
    assert [row["kind"] for row in shell.json("log", "--json")] == ["wording"]
    shell("rebuild")
    assert [row["kind"] for row in shell.json("log", "--json")] == ["number"]
    with open_database(shell.db).conn as conn:
        conn.execute("update edits set evidence = null")
    assert "0 articles of 1 changed" in shell("rebuild").output
    (row,) = shell.json("log", "--json")
    assert row["evidence"] == "the span is a number with its unit"
