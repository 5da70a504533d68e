"""The README and the docs run, and read as English."""

import ast
import io
import re
import shlex
import subprocess
import sys
import tokenize
from collections.abc import Iterator
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

# The demo has no failed check and no channel, and all its times are of today.
EMPTY_QUERY_MARKS = (
    "failed",
    "disclosed = 0 order by id",
    "from outbox",
    "boilerplate",
    "https://example.org/news/1",
)

# What people read, beside Python: docs, settings, pages and the help of `make`.
PROSE_FILES = (
    "*.md",
    "docs/*.md",
    "docs/variorum.toml",
    "benchmarks/README.md",
    "deploy/*",
    "Makefile",
    "variorum/web/templates/*.html",
    "variorum/web/static/*.js",
    "variorum/web/static/*.css",
)
PACKAGES = ("scraper", "storage", "schedules", "variorum", "benchmarks")
# Phrases that gave the first texts away as translations. Each alternative is wrong in every text of ours.
TRANSLATED_PHRASE = re.compile(
    r"""(?xi) \b(?:
    anew | likewise | seldom | hitherto | thereof | therein | whereof | lessee
    | no\ more (?= [.,;:)] | $ | \ (?:is|are)\b ) | (?:is|are)\ \w+\ no\ more
    | the\ page's (?= [.,;:)] | \ (?:and|or|not)\b )
    | (?:is|are|was|were|be|been|being)\ told | told\ (?:so|apart|as|since|of)
    | tells?\ (?:so|apart|them|since|that|when|what|whether|how|of) | nothing\ tells
    | look(?:s|ed|ing)?\ at
    | (?:a|the|no|each|every|first|second|last|next|one|two|failed)\ looks? (?! [-\w] | \ (?:like|up)\b )
    | stands (?! \ for\b ) | stand\ (?:still|there|as) | stood
    | (?:is|are|was|were)\ to\ be
    | for\ want\ of | in\ silence | keeps?\ (?:its|a)\ book | at\ its\ word
    | the\ (?:seen|known|found|told|held|shown|standing|asked|sought) (?= [.,;:)] | \ (?:is|are)\b )
    )"""
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
        env={"PYTHONPATH": str(ROOT), "PATH": ""}, timeout=120,
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
        "host_stories",
        "host_lines",
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


def python_texts(path: Path) -> Iterator[str]:
    """The docstrings and comments of a module, and outside scraper/ its messages: word lists are data."""
    code = path.read_text(encoding="utf-8")
    has_messages = path.relative_to(ROOT).parts[0] in ("storage", "schedules", "variorum")
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield (ast.get_docstring(node) or "").partition(">>>")[0]
        elif has_messages and isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def command_texts(command: click.Command) -> Iterator[str]:
    """The help of a command, of its options and of its subcommands."""
    yield command.help or ""
    yield from (option.help or "" for option in command.params if isinstance(option, click.Option))
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            subcommand = command.get_command(context, name)
            assert subcommand is not None
            yield from command_texts(subcommand)


def our_texts() -> Iterator[tuple[str, str]]:
    """Each text that we wrote for people, after the name of its file or command."""
    for pattern in PROSE_FILES:
        for path in sorted(ROOT.glob(pattern)):
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".md":
                text = re.sub(r"```.*?```|`[^`]*`", "`…`", text, flags=re.DOTALL)
            yield str(path.relative_to(ROOT)), text
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for text in python_texts(path):
                yield str(path.relative_to(ROOT)), text
    for text in command_texts(main):
        yield "variorum --help", text


def translated_phrases(text: str) -> list[str]:
    """The phrases of a text that TRANSLATED_PHRASE matches, line breaks folded."""
    return [match[0] for match in TRANSLATED_PHRASE.finditer(" ".join(text.split()))]


def test_no_text_of_ours_reads_as_a_translation() -> None:
    found = {(place, phrase) for place, text in our_texts() for phrase in translated_phrases(text)}
    assert found == set(), "say it in plain English"


def test_every_kind_of_text_is_searched() -> None:
    suffixes = {Path(place).suffix for place, _ in our_texts()}
    assert {".md", ".toml", ".html", ".js", ".py"} <= suffixes
    assert "Check each URL once" in " ".join(command_texts(main))


@pytest.mark.parametrize(
    "sentence",
    [
        "A line is no edit because we judge it anew.",
        "What differs is the page's, not the article's.",
        "A feed that is set no more is dropped.",
        "An article that has the words no more is left out.",
        "A wrong file is told, and the old settings hold.",
        "The text of an article stands as it did.",
        "An article as it stood at a time.",
        "A page is looked at again minutes later.",
        "Two looks in a row agree on it.",
        "Everything that is to be recorded of a check.",
        "The sentence tells since when it is there.",
        "Page noise is told apart from edits.",
        "It counts at its word.",
        "Headlines that changed in silence.",
        "The known are left out.",
    ],
)  # fmt: skip
def test_a_translated_phrase_is_noticed(sentence: str) -> None:
    assert len(translated_phrases(sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "There are no more publishers, and no more than 200 fit on a page.",
        "The page's own link, and the page's bytes.",
        "A word that looks like a name, and is looked up once.",
        "V stands for version; the standfirst is the dek.",
        "Nobody is known to have told the desk.",
        "It is known which edits are silent.",
    ],
)
def test_an_english_sentence_passes(sentence: str) -> None:
    assert translated_phrases(sentence) == []
