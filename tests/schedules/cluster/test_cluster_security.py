"""A hostile cluster runs nothing in the daemon, and TLS keeps strangers out of a cluster."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.database import open_existing
from tests.schedules.daemon.test_daemon import ENVIRONMENT, add, variorum, write_settings
from tests.support.pages import article_html
from tests.support.site import Site
from tests.support.workers import ROOT, running_workers

EVIL = """
import os
class Evil:
    def __reduce__(self):
        return (os.system, ("echo $PPID >> {mark}",))
class EvilError(Exception):
    def __reduce__(self):
        return (os.system, ("echo $PPID >> {mark}",))
def evil_batch(batch):
    {action}
def dask_setup(worker):
    import schedules.cluster.worker
    schedules.cluster.worker.send_batch.__code__ = (lambda batch: __import__("evil").evil_batch(batch)).__code__
"""
EVIL_ACTIONS = {
    "result": "return Evil()",
    "replies": 'return ("", (Evil(),))',
    "nested": 'return ("", ((b"{}", {"a": [Evil()]}),))',
    "error": "raise EvilError('x')",
    "bytes": 'return ("", ((b"{}", b"{}"),))',
    "none": "return None",
    "endless": 'return ("", ((b"[" * 1_000_000, None),))',
}  # fmt: skip
# It answers every connection with a pickle in the first message of Dask's protocol.
EVIL_SCHEDULER = """
import asyncio, os, struct, sys
from distributed.protocol import dumps
from distributed.protocol.serialize import Serialize, ToPickle
from distributed.protocol.utils import pack_frames_prelude
class Evil:
    def __reduce__(self):
        return (os.system, ("echo $PPID >> {mark}",))
async def greet(reader, writer):
    for wrap in (ToPickle, Serialize):
        frames = dumps({"op": wrap(Evil()), "status": "OK"})
        body = pack_frames_prelude(frames) + b"".join(frames)
        writer.write(struct.pack("Q", len(body)) + body)
    await writer.drain()
async def main():
    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


@dataclass(frozen=True)
class Pass:
    """A pass of the daemon that has ended."""

    pid: int
    status: int
    out: str
    err: str


def run_once(db: Path, settings: Path, address: str) -> Pass:
    command = variorum(db, "--config", str(settings), "run", "--once", "--delay", "0", "--cluster", address)  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    out, err = process.communicate(timeout=90)
    return Pass(process.pid, process.returncode, out, err)


def pids_of_attack(mark: Path) -> list[int]:
    """The processes that ran the command of the attack. Dask's own workers do, when they pickle an error."""
    return list(map(int, mark.read_text().split())) if mark.exists() else []


@pytest.mark.slow
@pytest.mark.parametrize("action", EVIL_ACTIONS.values(), ids=EVIL_ACTIONS)
def test_a_hostile_worker_runs_nothing_in_the_daemon(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    mark = tmp_path / "was-run"
    text = EVIL.replace("{mark}", str(mark)).replace("{action}", action)
    (tmp_path / "evil.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")
    db, settings = tmp_path / "v.db", write_settings(tmp_path, "check_timeout = 5.0")
    add(db, [site.page("/a", article_html())])
    with running_workers(tmp_path, 1, worker_options=("--preload", "evil")) as workers:
        process = run_once(db, settings, workers.address)
    assert process.pid not in pids_of_attack(mark)
    assert "a worker" in process.out + process.err
    assert open_existing(db)["versions"].count == 0


@pytest.mark.slow
def test_a_hostile_scheduler_runs_nothing_in_the_daemon(site: Site, tmp_path: Path) -> None:
    mark = tmp_path / "was-run"
    program = EVIL_SCHEDULER.replace("{mark}", str(mark))
    scheduler = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    try:
        assert scheduler.stdout is not None
        port = int(scheduler.stdout.readline())
        db, settings = tmp_path / "v.db", write_settings(tmp_path, "")
        add(db, [site.page("/a", article_html())])
        process = run_once(db, settings, f"tcp://127.0.0.1:{port}")
    finally:
        scheduler.kill()
        scheduler.communicate()
    assert pids_of_attack(mark) == []
    assert process.status == 2
    assert "no scheduler answers" in process.err


def test_what_dask_unpickles_names_nothing_and_our_own_does() -> None:
    program = (
        "import pickle, threading, datetime\n"
        "from schedules.cluster.foreign import ForeignObjectError, refuse_foreign_objects\n"
        "from distributed.protocol import pickle as dasks\n"
        "refuse_foreign_objects()\n"
        "text = pickle.dumps(datetime.date(2026, 5, 14))\n"
        "assert pickle.loads(text) == datetime.date(2026, 5, 14)\n"
        "assert dasks.loads(pickle.dumps(['a', 1, b'x', None])) == ['a', 1, b'x', None]\n"
        "for protocol in range(6):\n"
        "    try:\n"
        "        dasks.loads(pickle.dumps(print, protocol))\n"
        "    except ForeignObjectError as error:\n"
        "        print(error)\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    refusals = [line.partition("names ")[2] for line in process.stdout.splitlines()]
    assert refusals == ["__builtin__.print"] * 3 + ["builtins.print"] * 3


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the certificates of a cluster's own authority, as the docs make them, and of another one."""
    folder = tmp_path_factory.mktemp("tls")
    for name in ("cluster", "other"):
        authority = ["-x509", "-days", "2", "-nodes", "-subj", f"/CN={name} authority"]
        openssl(folder, "req", *authority, "-newkey", "rsa:2048", "-keyout", f"{name}-ca.key", "-out", f"{name}-ca.pem")  # fmt: skip
        openssl(folder, "req", "-nodes", "-subj", f"/CN={name}", "-newkey", "rsa:2048", "-keyout", f"{name}.key", "-out", f"{name}.csr")  # fmt: skip
        openssl(folder, "x509", "-req", "-days", "2", "-in", f"{name}.csr", "-CA", f"{name}-ca.pem", "-CAkey", f"{name}-ca.key", "-CAcreateserial", "-out", f"{name}.pem")  # fmt: skip
    return folder


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


def tls_settings(folder: Path, certificates: Path, *, authority: str, own: str) -> Path:
    return write_settings(
        folder,
        f"[cluster]\nauthority = '{certificates}/{authority}-ca.pem'\ncertificate = '{certificates}/{own}.pem'\n"
        f"key = '{certificates}/{own}.key'\n",
    )


@pytest.fixture(scope="module")
def tls_address(certificates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    options = ("--protocol=tls", f"--tls-ca-file={certificates}/cluster-ca.pem", f"--tls-cert={certificates}/cluster.pem",
               f"--tls-key={certificates}/cluster.key")  # fmt: skip
    with running_workers(tmp_path_factory.mktemp("dask"), 1, options=options) as workers:
        yield workers.address


@pytest.mark.slow
def test_a_cluster_with_tls_checks_articles(
    site: Site, tmp_path: Path, certificates: Path, tls_address: str
) -> None:
    db = tmp_path / "v.db"
    add(db, [site.page("/a", article_html())])
    settings = tls_settings(tmp_path, certificates, authority="cluster", own="cluster")
    process = run_once(db, settings, tls_address)
    assert (process.status, process.err) == (0, "")
    assert open_existing(db)["versions"].count == 1


@pytest.mark.slow
@pytest.mark.parametrize(("authority", "own"), [("other", "cluster"), ("cluster", "other")])
def test_a_certificate_of_another_authority_is_refused(
    site: Site, tmp_path: Path, certificates: Path, tls_address: str, authority: str, own: str
) -> None:
    db = tmp_path / "v.db"
    add(db, [site.page("/a", article_html())])
    settings = tls_settings(tmp_path, certificates, authority=authority, own=own)
    process = run_once(db, settings, tls_address)
    assert process.status == 2
    assert "no scheduler answers" in process.err
    assert site.paths() == []


@pytest.mark.slow
@pytest.mark.parametrize("has_certificates", [True, False])
def test_encryption_is_never_left_out_by_mistake(
    tmp_path: Path, certificates: Path, has_certificates: bool
) -> None:
    settings = write_settings(tmp_path, "")
    if has_certificates:
        settings = tls_settings(tmp_path, certificates, authority="cluster", own="cluster")
    address = "tcp://127.0.0.1:9" if has_certificates else "tls://127.0.0.1:9"
    process = run_once(tmp_path / "v.db", settings, address)
    assert process.status == 2
    assert "[cluster]" in process.err
