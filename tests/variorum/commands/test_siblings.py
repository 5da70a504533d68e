"""Siblings and redesigns as a user sees them: `fetch`, `exclusions` and `doctor`."""

from dataclasses import replace

from sqlite_utils import Database

from tests.diff.siblings.stories import Template, magazine, plain, story
from tests.support.shell import Shell
from tests.support.site import Site

PITCH = "Our letter brings the coast to 4,100 readers every morning, and it costs you nothing."


def serve(site: Site, template: Template, *, line: str = "") -> list[str]:
    """Three stories in a template, with a line after the third paragraph of each."""
    urls = []
    for number in range(3):
        told = story(number)
        texts = [*told.paragraphs[:3], *filter(None, [line]), *told.paragraphs[3:]]
        urls.append(site.page(f"/news/{number}", template(replace(told, paragraphs=tuple(texts)))))
    return urls


def fetch(shell: Shell, *urls: str) -> list[str]:
    return [str(row["outcome"]) for row in shell.json("fetch", *urls, "--json", "--delay", "0")]


def test_a_sibling_that_was_checked_meanwhile_is_not_fetched_again(
    site: Site, shell: Shell
) -> None:
    urls = serve(site, plain)
    fetch(shell, *urls)
    serve(site, plain, line=PITCH)
    site.requests.clear()
    assert [row["url"] for row in shell.json("fetch", *urls, "--json", "--delay", "0")] == urls
    assert sorted(path for path in site.paths() if path != "/robots.txt") == [
        f"/news/{number}" for number in (0, 0, 1, 1, 2, 2)
    ]


def test_an_edit_of_a_sibling_is_reported_at_its_own_address(site: Site, shell: Shell) -> None:
    urls = serve(site, plain)
    fetch(shell, *urls)
    serve(site, plain, line=PITCH)
    told = story(1)
    paragraphs = (*told.paragraphs[:3], PITCH, *told.paragraphs[3:])
    html = plain(replace(told, headline="Nobody wants the ferry of Kelby", paragraphs=paragraphs))
    site.page("/news/1", html)
    assert fetch(shell, *urls) == ["unchanged", "edited", "unchanged"]


def test_exclusions_names_the_sibling(site: Site, shell: Shell) -> None:
    urls = serve(site, plain)
    fetch(shell, *urls)
    serve(site, plain, line=PITCH)
    fetch(shell, *urls)
    output = shell("exclusions", urls[0]).output
    assert PITCH in output
    assert f"another article of the site shows it, too: {site.url}/news/" in output


def test_doctor_tells_of_a_redesign(site: Site, shell: Shell) -> None:
    urls = serve(site, plain)
    fetch(shell, *urls)
    serve(site, magazine)
    assert fetch(shell, *urls) == ["technical"] * 3
    findings = [
        row["finding"] for row in shell.json("doctor", "--json") if row["check"] == "127.0.0.1"
    ]
    (text,) = [str(text) for text in findings if "was redesigned: " in str(text)]
    assert all(word in text for word in ("3 articles", "byline", "caption", "dek"))


def test_a_technical_version_of_a_redesign_survives_an_export(site: Site, shell: Shell) -> None:
    urls = serve(site, plain)
    fetch(shell, *urls)
    serve(site, magazine)
    fetch(shell, *urls)
    file, copy = shell.db.parent / "all.jsonl", Shell(shell.db.parent / "copy")
    copy.db.parent.mkdir()
    file.write_text(shell("export", "--format", "jsonl").stdout)
    copy("import", str(file))
    query = "select template_fields from versions where number = 2 order by article_id"
    assert list(Database(copy.db).query(query)) == list(Database(shell.db).query(query))
