"""`variorum serve` as a process: what it prints, and that a signal stops it."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from storage.database import open_database

ROOT = Path(__file__).parents[2]
WITHOUT_DATASETTE = (
    "import sys; sys.modules['datasette'] = None; from variorum.cli import main; main()"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "variorum.db"
    open_database(path).close()
    return path


def serve(path: Path, *options: str, program: tuple[str, ...] = ("-m", "variorum.cli")) -> subprocess.CompletedProcess[str]:  # fmt: skip
    command = [sys.executable, *program, "--db", str(path), "serve", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)


def test_without_datasette_serve_says_what_to_install(path: Path) -> None:
    process = serve(path, program=("-c", WITHOUT_DATASETTE))
    assert process.returncode == 1
    assert "pip install 'variorum[web]'" in process.stderr


def test_without_a_database_serve_says_so(tmp_path: Path) -> None:
    process = serve(tmp_path / "none.db", "--port", "0")
    assert process.returncode == 1
    assert "no database here yet" in process.stderr


def test_a_port_in_use_is_an_error(path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = serve(path, "--port", str(listener.getsockname()[1]))
    assert process.returncode == 1
    assert "choose another with --port" in process.stderr


@pytest.mark.parametrize("url", ["edits.example.org", "ftp://edits.example.org"])
def test_an_invalid_address_is_a_usage_error(path: Path, url: str) -> None:
    assert serve(path, "--url", url).returncode == 2


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "terminated"])
def test_serve_prints_its_address_responds_there_and_stops_at_once(
    path: Path, sign: signal.Signals
) -> None:
    command = [
        sys.executable,
        "-m",
        "variorum.cli",
        "--db",
        str(path),
        "serve",
        "--sql",
        "--port",
        "0",
    ]
    server = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    address = server.stdout.readline().split()[0]
    assert address.startswith("http://127.0.0.1:")
    with httpx.Client() as client:  # its connection stays open meanwhile
        assert client.get(address, timeout=20).status_code == 200
        assert client.get(f"{address}variorum", timeout=20).status_code == 200
        assert client.get(f"{address}variorum?sql=select+nothing", timeout=20).status_code == 400
        server.send_signal(sign)
        out, err = server.communicate(timeout=5)
    assert (out, err) == ("", "")
    assert server.returncode in (0, -sign)
