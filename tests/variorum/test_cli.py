"""The command line as a whole: its table of commands, its help, its errors."""

import importlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.support.pages import article_html
from tests.support.shell import Shell
from tests.support.site import Site
from variorum.cli import COMMAND_MODULES, SECTIONS, main

ROOT = Path(__file__).parents[2]


def test_every_command_has_help_with_an_example() -> None:
    ctx = click.Context(main)
    for name in main.list_commands(ctx):
        command = main.get_command(ctx, name)
        assert command is not None
        result = CliRunner().invoke(main, [name, "--help"])
        assert result.exit_code == 0
        assert f"variorum {name}" in result.output or name == "extract", name
        assert command.help


@pytest.mark.parametrize("module", sorted(set(COMMAND_MODULES.values())))
def test_every_command_of_a_module_is_registered_under_its_name(module: str) -> None:
    variables = vars(importlib.import_module(f"variorum.commands.{module}"))
    subcommands = {sub for one in variables.values() if isinstance(one, click.Group) for sub in one.commands.values()}  # fmt: skip
    commands = {
        name: one
        for name, one in variables.items()
        if isinstance(one, click.Command) and one not in subcommands
    }
    registered = {name for name, of in COMMAND_MODULES.items() if of == module}
    assert {one.name for one in commands.values()} == registered
    assert all(name == f"{one.name}_command" for name, one in commands.items())


@pytest.mark.parametrize(
    ("command", "forbidden_modules"),
    [
        ("list", {"httpx", "rich", "selectolax", "charset_normalizer", "variorum.commands.log"}),
        (
            "fetch http://127.0.0.1:9/",
            {
                "rich",
                "pygments",
                "charset_normalizer",
                "feedparser",
                "statistics",
                "variorum.notify.channels",
                "storage.articles.replace",
            },
        ),
    ],
    ids=["list", "fetch"],
)
def test_a_command_imports_only_what_it_needs(
    tmp_path: Path, command: str, forbidden_modules: set[str]
) -> None:
    import_time_command = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "variorum.cli",
        *command.split(),
    ]
    stderr = subprocess.run(
        import_time_command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ).stderr
    imported_modules = {line.rpartition("|")[2].strip() for line in stderr.splitlines()}
    assert "variorum.context" in imported_modules
    assert not imported_modules & forbidden_modules


def test_a_database_that_is_a_link_to_itself_is_an_error_in_one_line(tmp_path: Path) -> None:
    loop = tmp_path / "loop.db"
    loop.symlink_to(loop)
    result = CliRunner().invoke(main, ["--db", str(loop), "add", "https://example.org/a"])
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (1, True)
    assert result.output.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [("log",), ("list",), ("stats",), ("doctor",), ("search", "x"), ("show", "http://a/")],
)
def test_reading_commands_without_a_database_say_what_to_do(
    shell: Shell, command: tuple[str, ...]
) -> None:
    result = shell(*command)
    assert result.exit_code == 1
    assert "no database here yet" in result.output
    assert not shell.db.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [("delay = 'soon'", "delay must be a number"), ("dealy = 1", "no setting 'dealy'"), ("delay =\njobs = 1", "line 1"),
     ("jobs = 0", "between 1"),
     ("delay = nan", "between 0"), ("contact = 'péter'", "plain ASCII")],
)  # fmt: skip
def test_an_invalid_setting_is_named_in_the_error(shell: Shell, text: str, words: str) -> None:
    Path("variorum.toml").write_text(text)
    result = shell("list")
    assert (result.exit_code, words in result.output) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["log"], "check again with `variorum fetch URL`"),
        (["log", "--silent"], "leave out an option"),
        (["search", "nowhere"], "try fewer"),
        (["--config", "none.toml", "log"], "choose another file with --config"),
    ],
    ids=["log", "filter", "search", "config"],
)
def test_an_empty_result_suggests_a_next_step(
    site: Site, shell: Shell, arguments: list[str], advice: str
) -> None:
    shell("fetch", site.page("/a", article_html()), "--delay", "0")
    result = shell(*arguments)
    assert result.exit_code != 0
    assert advice in result.output


def test_the_help_lists_each_command_once() -> None:
    names = [name for modules in SECTIONS.values() for name in modules]
    lines = CliRunner().invoke(main, ["--help"]).output.partition("Check:")[2].splitlines()
    assert [line.split()[0] for line in lines if line[:2] == "  " != line[2:4]] == names


def test_no_help_line_is_truncated() -> None:
    assert (
        "..."
        not in CliRunner().invoke(main, ["--help"], terminal_width=80).output.partition("Check:")[2]
    )


def examples() -> list[str]:
    """The commands in the help texts, without pipes and redirections."""
    root = click.Context(main)
    commands = [main, *(main.get_command(root, name) for name in main.list_commands(root))]
    subcommands = [sub for each in commands if isinstance(each, click.Group) and each is not main for sub in each.commands.values()]  # fmt: skip
    lines = [line.strip() for each in [*commands, *subcommands] if each for line in (each.help or "").splitlines()]  # fmt: skip
    example_lines = [
        re.split(r"\s{2,}|[|<>]", line)[0] for line in lines if line.startswith("variorum ")
    ]
    return sorted({line.strip() for line in example_lines} - {"variorum COMMAND --help."})


@pytest.mark.parametrize("example", examples())
def test_every_example_in_the_help_parses(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("page.html", "history.jsonl", "evidence.wacz", "crawl-2019.warc.gz", "crawl-2020.warc.gz"):  # fmt: skip
        (tmp_path / name).touch()
    command: click.Command | None = main
    _, *words = shlex.split(example)
    while isinstance(command, click.Group):
        while words[0].startswith("--"):
            words = words[2:]
        name, *words = words
        command = command.get_command(click.Context(command), name)
    assert command is not None
    command.make_context(command.name, words)


def test_help_examples_are_found() -> None:
    assert len(examples()) > 40


def test_a_misspelt_command_gets_a_suggestion() -> None:
    result = CliRunner().invoke(main, ["lgo"])
    assert "Did you mean 'log'?" in result.output
    assert result.exit_code == 2
