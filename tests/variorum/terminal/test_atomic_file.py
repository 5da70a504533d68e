"""Files for output: replaced as a whole, with the user's modes, and pipes and devices written through."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support.shell import Shell
from variorum.terminal.atomic_file import atomic_file, output_file, write_atomically

UMASKS = [0o022, 0o027, 0o077, 0o002]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", UMASKS, ids=oct)
def test_a_new_file_has_the_modes_of_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "out.xml"
    program = f"import os; os.umask({umask}); from pathlib import Path; from variorum.terminal.atomic_file import write_atomically as w; w(Path({str(path)!r}), b'x')"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
    assert mode(path) == 0o666 & ~umask


def test_a_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "out.xml"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write_atomically(path, b"new")
    assert (path.read_bytes(), mode(path)) == (b"new", 0o600)


def test_a_link_keeps_leading_to_the_file_it_led_to(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_atomically(link, b"new")
    assert (link.is_symlink(), target.read_bytes()) == (True, b"new")


def write_half(path: Path) -> None:
    with atomic_file(path) as file:
        file.write(b"half")
        raise ValueError("stop")


def test_an_error_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "out.xml"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="stop"):
        write_half(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.xml"]
    assert path.read_bytes() == b"old"


def test_the_names_of_temporary_files_differ(tmp_path: Path) -> None:
    names = set()
    for _ in range(3):
        with atomic_file(tmp_path / "out.xml"):
            names |= {entry.name for entry in tmp_path.iterdir() if entry.name != "out.xml"}
    assert len(names) == 3


def test_a_pipe_is_written_through_and_stays_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    received = list[bytes]()
    reader = threading.Thread(target=lambda: received.append(path.read_bytes()), daemon=True)
    reader.start()
    while True:
        try:
            with output_file(path) as file:
                file.write(b"through")
            break
        except OSError:  # the reader has not opened it yet
            continue
    reader.join(5)
    assert received == [b"through"]
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_a_device_is_written_and_not_replaced() -> None:
    with output_file(Path("/dev/null")) as file:
        file.write(b"away")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_export_to_a_pipe_that_nothing_reads_ends_at_once(shell: Shell, edited_url: str) -> None:
    os.mkfifo(shell.db.parent / "pipe")
    result = shell("export", "--output", str(shell.db.parent / "pipe"))
    assert result.exit_code == 1
    assert "nothing reads from this pipe" in result.output


def test_export_to_standard_output_by_name_is_streamed(shell: Shell, edited_url: str) -> None:
    command = [
        sys.executable,
        "-m",
        "variorum.cli",
        "--db",
        str(shell.db),
        "export",
        "--output",
        "/dev/stdout",
    ]
    process = subprocess.run(command, capture_output=True, timeout=30)
    assert process.stdout.startswith(b'{"table"')
    assert process.returncode == 0
