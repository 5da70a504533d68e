"""`completion` and `man`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import get_completion_class
from click.testing import CliRunner

from variorum.cli import main

ROOT = Path(__file__).parents[3]


def complete(words: str) -> list[str]:
    """What the program answers a bash that completes the last of these words."""
    process = subprocess.run(
        [sys.executable, "-m", "variorum.cli"], capture_output=True, text=True, check=True, timeout=20,
        env={"PYTHONPATH": str(ROOT), "_VARIORUM_COMPLETE": "bash_complete", "COMP_WORDS": words,
             "COMP_CWORD": str(len(words.split(" ")) - 1), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    return [line.partition(",")[2] for line in process.stdout.splitlines()]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_is_clicks_own(shell: str) -> None:
    completion_class = get_completion_class(shell)
    assert completion_class is not None
    result = CliRunner().invoke(main, ["completion", shell])
    assert (
        result.stdout
        == completion_class(main, {}, "variorum", "_VARIORUM_COMPLETE").source() + "\n"
    )


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("variorum bl", ["blame"]),
        ("variorum log --si", ["--silent", "--since"]),
        ("variorum log --kind ne", ["negation"]),
    ],
    ids=["command", "option", "choice"],
)
def test_a_word_is_completed(words: str, answers: list[str]) -> None:
    assert sorted(complete(words)) == answers


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_loads_the_completion_without_output(shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} here")
    source = CliRunner().invoke(main, ["completion", shell]).stdout
    before = "autoload -U compinit; compinit -D\n" if shell == "zsh" else ""
    process = subprocess.run([program, "-c", before + source], capture_output=True, text=True, timeout=20)  # fmt: skip
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")


def test_the_man_page_has_every_command_and_option() -> None:
    page = CliRunner().invoke(main, ["man"], prog_name="variorum").output.replace("\\-", "-")
    for name in main.list_commands(click.Context(main)):
        command = main.get_command(click.Context(main), name)
        assert command is not None
        assert f".SS variorum {name}" in page
        options = {option for param in command.params for option in param.opts if option[0] == "-"}
        assert [option for option in options if option not in page] == []


def test_the_man_page_uses_only_a_few_troff_requests() -> None:
    page = CliRunner().invoke(main, ["man"]).output
    requests = {line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))}
    assert requests == {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".nf", ".fi"}
