"""`rebuild`."""

from pathlib import Path

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
