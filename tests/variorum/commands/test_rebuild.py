"""`rebuild`."""

from pathlib import Path

from storage.database import open_existing
from storage.queries.health import integrity
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
