"""`exclusions`, and what `fetch` and `run` leave out of articles because several of a publisher share it."""

from itertools import count
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.support.pages import NEXT_PITCH, PITCH, STORIES, article_html, story_html
from tests.support.shell import Shell
from tests.support.site import Answer, Site

HTML = {"Content-Type": "text/html; charset=utf-8"}
CORRECTION = "Correction: an earlier version of this article gave the wrong day for the council's meeting in spring."


def publish(site: Site, *lines: str, stories: int = 4) -> list[str]:
    """Serve stories with these lines in each; gives their addresses."""
    return [site.page(f"/{n}", story_html(n, lines)) for n in range(stories)]


def fetch(shell: Shell, *urls: str) -> list[str]:
    """Check each address once; gives the outcomes."""
    return [str(row["outcome"]) for row in shell.json("fetch", *urls, "--json", "--delay", "0")]


def bodies(shell: Shell, *urls: str) -> str:
    """The latest text of these articles."""
    return "\n".join(shell("show", url).output for url in urls)


def edit_count(shell: Shell) -> int:
    return int(Database(shell.db).execute("select count(*) from edits").fetchone()[0])


def test_page_noise_is_listed_with_its_evidence_and_put_back(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    numbers = count(137)

    def answer(headers: dict[str, str]) -> Answer:
        line = f"<p>The harbour clock shows number {next(numbers) * 137} at this hour, says its keeper.</p>"
        html = article_html().replace("<p>A second", f"{line}<p>A second")
        return Answer(html.replace("21 people", "12 people").encode(), headers=HTML)

    site.answers["/a"] = answer
    shell("fetch", url, "--delay", "0")
    assert "in this place; the next check decides" in shell("exclusions", url).output
    shell("fetch", url, "--delay", "0")
    result = shell("exclusions", url)
    assert (result.exit_code, "The harbour clock" in result.output) == (0, True)
    assert "two fetches made seconds apart" in result.output
    assert "the next check decides" not in result.output
    (row, *_) = shell.json("exclusions", url, "--json")
    undone = shell("exclusions", url, "--restore", str(row["id"]))
    assert "restored" in undone.output


def test_without_exclusions_the_command_says_so_and_exits_1(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    result = shell("exclusions", url)
    assert (result.exit_code, result.output) == (1, "nothing is left out of this article\n")
    assert "no such text" in shell("exclusions", url, "--restore", "3").output


def test_a_line_of_three_stories_is_in_no_first_version_after(site: Site, shell: Shell) -> None:
    urls = publish(site, PITCH)
    assert fetch(shell, *urls) == ["new"] * 4
    assert PITCH in bodies(shell, *urls[:2])
    assert PITCH not in bodies(shell, *urls[2:])
    (row,) = shell.json("exclusions", urls[3], "--json")
    assert (row["kind"], row["text"]) == ("boilerplate", PITCH)
    assert row["evidence"]["articles"] == urls[:3]  # type: ignore[index]
    assert f"3 of 3 stories of this host have it: {urls[0]}" in shell("exclusions", urls[3]).output


def test_earlier_versions_lose_the_line_without_an_edit(site: Site, shell: Shell) -> None:
    urls = publish(site, PITCH)
    fetch(shell, *urls)
    assert fetch(shell, *urls) == ["technical", "technical", "unchanged", "unchanged"]
    assert PITCH not in bodies(shell, *urls)
    assert fetch(shell, *urls) == ["unchanged"] * 4
    assert edit_count(shell) == 0


def test_a_line_of_the_publisher_may_leave_and_return_unnoticed(site: Site, shell: Shell) -> None:
    urls = publish(site, PITCH)
    fetch(shell, *urls)
    fetch(shell, *urls)
    publish(site)
    assert fetch(shell, *urls) == ["unchanged"] * 4
    publish(site, PITCH)
    assert fetch(shell, *urls) == ["unchanged"] * 4
    assert edit_count(shell) == 0


def test_an_edit_beside_a_line_of_the_publisher_is_logged(site: Site, shell: Shell) -> None:
    urls = publish(site, PITCH)
    fetch(shell, *urls)
    site.page("/0", story_html(0, [PITCH]).replace("Thursday", "Friday"))
    assert fetch(shell, *urls)[0] == "edited"
    assert edit_count(shell) == 1


@pytest.mark.parametrize(
    "line",
    [
        "Aún le queda el {} % de este artículo; quien se abona lo lee entero por poco dinero al mes.",
        "이 기사의 {}퍼센트가 남았습니다. 정기 구독을 하시면 모든 기사를 끝까지 보실 수 있습니다.",
    ],
    ids=["Spanish", "Korean"],
)
def test_figures_in_a_line_of_the_publisher_may_differ(site: Site, shell: Shell, line: str) -> None:
    urls = [site.page(f"/{n}", story_html(n, [line.format(31 + 7 * n)])) for n in range(4)]
    fetch(shell, *urls)
    fetch(shell, *urls)
    for n in range(4):
        site.page(f"/{n}", story_html(n, [line.format(62 + n)]))
    assert fetch(shell, *urls) == ["unchanged"] * 4
    assert line[:10] not in bodies(shell, *urls)


def test_an_exchange_of_the_publisher_s_line_is_no_edit(site: Site, shell: Shell) -> None:
    urls = publish(site, PITCH)
    fetch(shell, *urls)
    fetch(shell, *urls)
    publish(site, NEXT_PITCH)
    assert fetch(shell, *urls) == ["unchanged"] * 4
    assert NEXT_PITCH not in bodies(shell, *urls)
    rows = {row["text"]: row["evidence"] for row in shell.json("exclusions", urls[0], "--json")}
    assert rows[NEXT_PITCH]["instead_of"] == PITCH  # type: ignore[index]
    assert "took the place of a line of the publisher" in shell("exclusions", urls[3]).output


def test_an_edit_made_during_an_exchange_is_logged_alone(site: Site, shell: Shell) -> None:
    urls = publish(site, PITCH)
    fetch(shell, *urls)
    fetch(shell, *urls)
    added = (
        "The union of the ferry crews met the company at the landing after dark, and nobody sailed."
    )
    site.page("/0", story_html(0, [added, NEXT_PITCH]))
    site.page("/1", story_html(1, [NEXT_PITCH]).replace("retired teacher", "retired tailor"))
    site.page("/2", story_html(2, [CORRECTION]))
    assert fetch(shell, *urls[:3]) == ["edited"] * 3
    query = "select old, new from edits order by article_id"
    logged = Database(shell.db).execute(query).fetchall()
    assert logged == [(None, added), ("teacher", "tailor"), (None, CORRECTION)]


def test_a_paragraph_in_the_place_that_the_publisher_s_line_left_is_logged_by_the_next_check(
    site: Site, shell: Shell
) -> None:
    urls = publish(site, PITCH)
    fetch(shell, *urls)
    fetch(shell, *urls)
    added = (
        "The union of the ferry crews met the company at the landing after dark, and nobody sailed."
    )
    site.page("/0", story_html(0, [added]).replace("</article>", f"<p>{NEXT_PITCH}</p></article>"))
    fetch(shell, urls[0])
    fetch(shell, urls[0])
    logged = Database(shell.db).execute("select new from edits").fetchall()
    assert (added,) in logged


def test_a_line_that_names_the_reporter_is_the_publisher_s_under_every_name(
    site: Site, shell: Shell
) -> None:
    names = ("Mina Oswell", "Jo Pardee", "Ada Quell", "Tom Verrin")
    urls = []
    for n, name in enumerate(names):
        line = (
            f"{name} has covered the harbour and its people for this paper since the flood of 2014."
        )
        head = f'<meta name="author" content="{name}">'
        html = story_html(n, [line]).replace("</head>", f"{head}</head>")
        urls.append(site.page(f"/{n}", html))
    fetch(shell, *urls)
    assert fetch(shell, *urls) == ["technical", "technical", "unchanged", "unchanged"]
    assert "since the flood" not in bodies(shell, *urls)
    assert shell.json("show", urls[3], "--format", "json")[0]["byline"] == ["Tom Verrin"]


def test_a_restored_line_returns_to_the_articles_and_is_not_learned_again(
    site: Site, shell: Shell
) -> None:
    urls = publish(site, PITCH)
    fetch(shell, *urls)
    fetch(shell, *urls)
    (row,) = shell.json("exclusions", urls[0], "--json")
    assert "restored" in shell("exclusions", urls[0], "--restore", str(row["id"])).output
    assert fetch(shell, *urls) == ["technical"] * 4
    assert bodies(shell, *urls).count(PITCH) == 4
    late = [site.page(f"/{n}", story_html(n, [PITCH])) for n in (4, 5)]
    fetch(shell, *urls, *late)
    assert bodies(shell, *late).count(PITCH) == 2
    assert edit_count(shell) == 0


def test_a_restored_line_stays_through_an_exchange_and_a_rebuild(site: Site, shell: Shell) -> None:
    urls = publish(site, PITCH)
    fetch(shell, *urls)
    (row,) = shell.json("exclusions", urls[0], "--json")
    shell("exclusions", urls[0], "--restore", str(row["id"]))
    fetch(shell, *urls)
    publish(site)
    fetch(shell, *urls)
    publish(site, PITCH)
    fetch(shell, *urls)
    shell("rebuild")
    assert "0 articles of 4 would change" in shell("rebuild", "--dry-run").output
    rows = shell.json("exclusions", urls[0], "--json")
    assert [bool(row["restored_at"]) for row in rows if row["kind"] == "boilerplate"] == [True]
    assert edit_count(shell) == 0


def test_page_noise_of_an_article_stays_restored(site: Site, shell: Shell) -> None:
    urls = publish(site)
    fetch(shell, *urls)
    publish(site, PITCH)
    fetch(shell, *urls)
    (row,) = shell.json("exclusions", urls[0], "--json")
    shell("exclusions", urls[0], "--restore", str(row["id"]))
    assert fetch(shell, *urls) == ["technical", *["unchanged"] * 3]
    fetch(shell, *urls)
    assert (PITCH in bodies(shell, urls[0]), PITCH in bodies(shell, *urls[1:])) == (True, False)
    assert edit_count(shell) == 0
    shell("rebuild")
    assert "0 articles of 4 would change" in shell("rebuild", "--dry-run").output
    assert PITCH in bodies(shell, urls[0])
    assert Database(shell.db).execute("select new from edits").fetchall() == [(PITCH,)]


def test_a_line_that_came_to_four_articles_at_once_teaches_their_host_nothing(
    site: Site, shell: Shell
) -> None:
    note = (
        "The council has since answered, and its spokesman calls all of these figures far too high."
    )
    urls = publish(site)
    fetch(shell, *urls)
    publish(site, note)
    assert fetch(shell, *urls) == ["unchanged"] * 4
    assert [row["kind"] for row in shell.json("exclusions", urls[0], "--json")] == ["volatile"]


def test_a_correction_note_is_never_the_publisher_s(site: Site, shell: Shell) -> None:
    urls = publish(site, CORRECTION, stories=5)
    fetch(shell, *urls)
    assert bodies(shell, *urls).count(CORRECTION) == 5


def test_a_story_under_four_addresses_proves_nothing(site: Site, shell: Shell) -> None:
    headlines = ("", "Crews still on strike", "No boats in Norhaven", "Landing stays empty")
    urls = [
        site.page(f"/{name}", story_html(0, headline=headline))
        for name, headline in zip("abcd", headlines, strict=True)
    ]
    assert fetch(shell, *urls) == ["new"] * 4
    assert shell("exclusions", urls[3]).exit_code == 1


def test_a_sub_heading_of_three_of_six_stories_stays(site: Site, shell: Shell) -> None:
    urls = [
        site.page(f"/{n}", story_html(n, ["What happens next"] if n % 2 else [])) for n in range(6)
    ]
    fetch(shell, *urls)
    assert bodies(shell, *urls).count("What happens next") == 3


def test_an_article_of_nothing_but_lines_of_the_publisher_keeps_them(
    site: Site, shell: Shell
) -> None:
    urls = publish(site, PITCH)
    fetch(shell, *urls)
    url = site.page("/short", article_html("Tonight's weather", (PITCH,)))
    assert fetch(shell, url) == ["new"]
    assert PITCH in bodies(shell, url)


def test_a_host_teaches_no_other_host(site: Site, shell: Shell) -> None:
    fetch(shell, *publish(site, PITCH))
    other = site.page("/other", story_html(5, [PITCH])).replace("127.0.0.1", "localhost")
    assert fetch(shell, other) == ["new"]
    assert PITCH in bodies(shell, other)


def test_learning_can_be_switched_off(site: Site, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "variorum.toml").write_text('[extract]\nlearn = "off"\n')
    urls = publish(site, PITCH)
    fetch(shell, *urls)
    assert bodies(shell, *urls).count(PITCH) == 4
    assert Database(shell.db).execute("select count(*) from host_stories").fetchone() == (0,)


def test_run_learns_as_fetch_does(site: Site, shell: Shell) -> None:
    urls = publish(site, PITCH, stories=len(STORIES))
    shell("add", *urls)
    shell("run", "--once", "--delay", "0")
    assert bodies(shell, *urls).count(PITCH) == 2


def test_rebuild_takes_back_what_the_publisher_s_lines_left_in_an_older_history(
    site: Site, shell: Shell, tmp_path: Path
) -> None:
    settings = tmp_path / "variorum.toml"
    settings.write_text('[extract]\nlearn = "off"\n')
    urls = publish(site, PITCH)
    fetch(shell, urls[0])
    site.page("/0", story_html(0, [NEXT_PITCH]).replace("Thursday", "Friday"))
    fetch(shell, urls[0])  # no sibling is known yet
    fetch(shell, *urls)
    settings.unlink()
    before = edit_count(shell)
    preview = shell("rebuild", "--dry-run").output
    assert ("Enjoying this?" in preview, "Thursday" in preview) == (True, False)
    assert (edit_count(shell), shell("exclusions", urls[0]).exit_code) == (before, 1)
    shell("rebuild")
    logged = Database(shell.db).execute("select old, new from edits").fetchall()
    assert logged == [("Thursday", "Friday")]
    assert fetch(shell, *urls) == ["unchanged"] * 4
    assert "0 articles of 4 would change" in shell("rebuild", "--dry-run").output


def test_an_exported_article_brings_the_lines_of_its_publisher_for_itself_alone(
    site: Site, shell: Shell, tmp_path: Path
) -> None:
    urls = publish(site, PITCH)
    fetch(shell, *urls)
    fetch(shell, *urls)
    exported = tmp_path / "history.jsonl"
    shell("export", "--output", str(exported), urls[2])
    (tmp_path / "elsewhere").mkdir()
    other = Shell(tmp_path / "elsewhere")
    assert other("import", str(exported)).exit_code == 0
    assert fetch(other, urls[2]) == ["unchanged"]
    assert other("export", urls[2]).stdout.count('"boilerplate"') == 1
    assert "imported: on the word of a file" in other("exclusions", urls[2]).output
    late = site.page("/late", story_html(5, [PITCH]))
    assert fetch(other, late) == ["new"]
    assert PITCH in bodies(other, late)  # a file hides nothing of what is checked here


def test_imported_articles_teach_their_host(site: Site, shell: Shell, tmp_path: Path) -> None:
    urls = publish(site, PITCH, stories=2)
    fetch(shell, *urls)
    exported = tmp_path / "history.jsonl"
    shell("export", "--output", str(exported))
    (tmp_path / "elsewhere").mkdir()
    other = Shell(tmp_path / "elsewhere")
    other("import", str(exported))
    third = site.page("/late", story_html(4, [PITCH]))
    fetch(other, third)
    assert PITCH not in bodies(other, third)


def test_siblings_make_the_first_version_of_a_host_clean(
    site: Site, shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "variorum.toml").write_text('[extract]\nlearn = "siblings"\n')
    paths = [f"/news/2026/05/14/{70041 + n}-story" for n in range(6)]
    links = "".join(f"<a href={path}>Next</a>" for path in ("/news/", *paths))
    for n, path in enumerate(paths):
        site.page(path, story_html(n, [PITCH]).replace("<aside>", f"<aside>{links}"))
    assert fetch(shell, site.url + paths[0]) == ["new"]
    assert PITCH not in bodies(shell, site.url + paths[0])
    assert site.paths().count(paths[4]) == 0
    requests = len(site.requests)
    assert fetch(shell, site.url + paths[5]) == ["new"]
    assert len(site.requests) == requests + 1
    assert len(shell.json("list", "--json")) == 2


def serve_with_sibling(site: Site, sibling: Answer) -> str:
    """An article that links to one sibling, and that sibling's answer."""
    site.answers["/news/70042-story"] = sibling
    link = "<aside><a href=/news/70042-story>Next</a>"
    return site.page("/news/70041-story", story_html(0, [PITCH]).replace("<aside>", link))


@pytest.mark.parametrize(
    "sibling",
    [Answer(b"", 404), Answer(b"", 500), Answer(b"<html>" + b" " * 30_000_000), Answer(b"x" * 900, cut=9)],
    ids=["missing", "broken", "huge", "cut off"],
)  # fmt: skip
def test_a_sibling_that_fails_leaves_the_article_new(
    site: Site, shell: Shell, tmp_path: Path, sibling: Answer
) -> None:
    (tmp_path / "variorum.toml").write_text('[extract]\nlearn = "siblings"\n')
    url = serve_with_sibling(site, sibling)
    assert fetch(shell, url) == ["new"]
    assert [row["outcome"] for row in shell.json("fetch", url, "--json")][-1] != "failed"


def test_siblings_that_robots_txt_forbids_are_not_read(
    site: Site, shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "variorum.toml").write_text('[extract]\nlearn = "siblings"\n')
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /private/\n")
    links = "".join(f"<a href=/private/{n}0041-story>Next</a>" for n in range(1, 4))
    for n in range(1, 4):
        site.page(f"/private/{n}0041-story", story_html(n, [PITCH]))
    url = site.page(
        "/news/70041-story", story_html(0, [PITCH]).replace("<aside>", f"<aside>{links}")
    )
    assert fetch(shell, url) == ["new"]
    assert not any(path.startswith("/private/") for path in site.paths())
