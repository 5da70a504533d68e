"""Lines on a terminal: folded at words, never wider than the window, whole in a pipe."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from variorum.terminal.wrap import display_width, wrap_text

ROOT = Path(__file__).parents[3]
TEXTS = {
    "english": "The ambulance service said 21 people were treated at the scene, three of them in hospital.",
    "korean": "해온시가 화력발전소에서 버려지던 열로 온실을 데우는 농업단지를 짓는다고 밝혔다.",
    "japanese": "「帰る人の目印に」岬の灯台、三十年ぶり点灯へ。浜野瀬市が修復終える。",
    "arabic": "قالت خدمة الإسعاف إن واحدا وعشرين شخصا عولجوا في مكان الحادث",
    "coloured": "  body · number: said \x1b[9;31mtwelve of the many\x1b[0m\x1b[1;32mtwenty-one\x1b[0m people were treated.",
    "combining": "un homme a e\u0301te\u0301 blesse\u0301 dans l’accident de ce matin, dit la police",
}


@pytest.mark.parametrize("width", [80, 40, 24])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_line_is_wider_than_the_terminal(text: str, width: int) -> None:
    assert max(display_width(line) for line in wrap_text(text, width).split("\n")) <= width


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_wrapping_loses_no_word(text: str) -> None:
    def without_escapes(string: str) -> str:
        return re.sub(r"\x1b\[[0-9;]*m|\s", "", string)

    assert without_escapes(wrap_text(text, 24)) == without_escapes(text)


def test_a_url_is_not_broken() -> None:
    address = "https://example.org/2026/regional/port-ansel-ferry-pier-collision"
    assert address in wrap_text(f"edited v2 {address} · silent", 30)


def test_the_indent_is_not_struck_through() -> None:
    second = wrap_text(TEXTS["coloured"], 30, hanging_indent=4).split("\n")[1]
    assert second.startswith("    \x1b[9;31m")


def test_japanese_punctuation_never_begins_a_line() -> None:
    lines = wrap_text(TEXTS["japanese"], 10).split("\n")
    assert not [line for line in lines if line[0] in "、。」"]


@pytest.mark.parametrize("colour", [True, False], ids=["colour", "NO_COLOR"])
def test_output_fits_a_40_column_terminal(tmp_path: Path, colour: bool) -> None:
    page = tmp_path / "page.html"
    body = "".join(f"<p>{text} {text}</p>" for text in TEXTS.values())
    page.write_text(f"<title>x</title><article><h1>해온시 폐열로 온실 데운다</h1>{body}</article>")
    output = run_in_terminal(
        ["extract", str(page)], display_width=40, env={} if colour else {"NO_COLOR": "1"}
    )
    assert max(display_width(line) for line in output.splitlines()) <= 40
    assert ("\x1b[" in output) is colour


def run_in_terminal(arguments: list[str], *, display_width: int, env: dict[str, str]) -> str:
    """What a command writes to a terminal of this many columns."""
    main, terminal = pty.openpty()
    process = subprocess.run(
        [sys.executable, "-m", "variorum.cli", *arguments], stdout=terminal, check=True, timeout=20,
        env={"PYTHONPATH": str(ROOT), "COLUMNS": str(display_width), "PYTHONUTF8": "1", **env},
    )  # fmt: skip
    os.close(terminal)
    assert process.returncode == 0
    output = b""
    try:
        while chunk := os.read(main, 65536):
            output += chunk
    except OSError:  # Linux reports a closed terminal so
        pass
    finally:
        os.close(main)
    return output.decode().replace("\r\n", "\n")


def test_in_a_pipe_a_paragraph_is_one_line(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    paragraph = " ".join([TEXTS["english"]] * 3)
    page.write_text(f"<title>x</title><article><h1>Fire in mill</h1><p>{paragraph}</p></article>")
    output = subprocess.run(
        [sys.executable, "-m", "variorum.cli", "extract", str(page)], capture_output=True, text=True,
        check=True, env={"PYTHONPATH": str(ROOT), "COLUMNS": "40"}, timeout=20,
    ).stdout  # fmt: skip
    assert paragraph in output.splitlines()
