"""The README and the docs run."""

import re
import shlex
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import click
import pytest
from sqlite_utils import Database

from storage.database import open_existing
from tests.support.pages import article_html
from tests.support.site import Site
from tests.variorum.test_sqlite_plugin import sqlite_utils
from variorum.cli import main
from variorum.config.settings import Config, read_config

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FIRST_EXAMPLE, *CONSOLE_BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
QUERIES = [
    query
    for page in sorted((ROOT / "docs").glob("*.md"))
    for query in re.findall(r"```sql\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
]

# A demo has no failed look and no channel, and is of this day.
EMPTY_QUERY_MARKS = (
    "failed",
    "disclosed = 0 order by id",
    "from outbox",
    "https://example.org/news/1",
)


def examples() -> list[tuple[str, list[str]]]:
    """Each shown command with the lines of output that the README shows."""
    commands: list[tuple[str, list[str]]] = []
    for block in CONSOLE_BLOCKS:
        for line in block.splitlines():
            if line.startswith("$ "):
                commands.append((line[2:], []))
            elif commands:
                commands[-1][1].append(line)
    return commands


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which `variorum demo` left its database."""
    folder = tmp_path_factory.mktemp("demo")
    subprocess.run(
        [sys.executable, "-m", "variorum.cli", "demo"], cwd=folder, check=True, capture_output=True,
        env={"PYTHONPATH": str(ROOT), "PATH": ""}, timeout=20,
    )  # fmt: skip
    return folder


@pytest.mark.parametrize(
    ("command", "output_lines"), examples(), ids=[command[:60] for command, _ in examples()]
)
def test_a_command_in_the_readme_prints_the_output_shown(
    demo: Path, command: str, output_lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo)
    program, *arguments = shlex.split(command)
    if program == "sqlite-utils":
        out = sqlite_utils(*arguments)
    else:
        process = subprocess.run(
            [sys.executable, "-m", "variorum.cli", *arguments], capture_output=True, text=True, check=True,
            env={"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        out = process.stdout
    assert output_lines
    for line in output_lines:
        assert line in out


def test_the_first_example_prints_the_output_shown(site: Site, tmp_path: Path) -> None:
    """The example fetches one address twice; here a server on this machine edits the page between."""
    text = (
        "The ambulance service said {} people were treated at the scene, three of whom were taken to hospital.",
        "The ferry struck the pier at Port Ansel shortly after noon, while passengers were queueing to leave.",
        "The harbour office said that an inspector would examine the vessel before it sails again this week.",
    )
    numbers = iter((12, 21))
    out = ""
    for line in FIRST_EXAMPLE.splitlines():
        if line.startswith("$ "):
            body = (text[0].format(next(numbers)), *text[1:])
            site.page("/news/1", article_html("Ferry strikes pier at Port Ansel", body))
            command = line[2:].replace("https://example.org", site.url)
            _, *arguments = shlex.split(command, comments=True)
            process = subprocess.run(
                [sys.executable, "-m", "variorum.cli", *arguments], capture_output=True, text=True, check=True,
                cwd=tmp_path, env={"PYTHONPATH": str(ROOT)},
            )  # fmt: skip
            out = process.stdout.replace(site.url, "https://example.org")
        else:
            assert line.removesuffix(" …") in out


def test_readme_examples_are_found() -> None:
    assert len(examples()) >= 5
    assert len(QUERIES) >= 5


def test_the_docs_list_every_command_and_no_other() -> None:
    cells = "".join(
        re.split(r"(?<!\\)\|", line)[1] for line in COMMANDS.splitlines() if line.startswith("| `")
    )
    command_names = {span.split()[0] for span in re.findall(r"`([a-z-]+[^`]*)`", cells)}
    assert command_names == set(main.list_commands(click.Context(main)))


@pytest.mark.parametrize("query", QUERIES, ids=[query[:40] for query in QUERIES])
def test_a_query_in_the_docs_runs(demo: Path, query: str) -> None:
    db = open_existing(demo / "variorum-demo.db")
    rows = db.execute(query).fetchall()
    assert rows or any(text in query for text in EMPTY_QUERY_MARKS)


def test_the_docs_list_every_column(db: Database) -> None:
    text = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8").partition("## Columns")[2]
    for table in (
        "articles",
        "aliases",
        "fetches",
        "snapshots",
        "versions",
        "edits",
        "sentences",
        "watches",
        "exclusions",
        "outbox",
        "hosts",
        "mentions",
        "robots",
        "check_rate",
        "last_pages",
        "sentence_life",
        "flapping",
    ):
        (line,) = [line for line in text.splitlines() if line.startswith(f"| `{table}` |")]
        missing = [name for name in db[table].columns_dict if f"`{name}`" not in line]
        assert missing == [], table


def test_the_docs_list_every_table_and_view(db: Database) -> None:
    text = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8").partition("## Columns")[2]
    names = [*db.table_names(), *db.view_names()]
    public_names = [name for name in names if not re.search(r"^_|^sqlite_|_words_", name)]
    assert [name for name in public_names if f"`{name}`" not in text] == []


def test_the_example_settings_are_the_defaults() -> None:
    assert asdict(read_config(ROOT / "docs" / "variorum.toml")) == asdict(Config())
