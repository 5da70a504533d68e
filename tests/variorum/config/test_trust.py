"""A settings file runs commands: one that others could have written is refused."""

import grp
import os
import pwd
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from variorum.cli import main
from variorum.config.settings import read_config
from variorum.config.trust import is_private_group
from variorum.errors import ConfigError

STRANGER_UID = 12345
COMMAND = "[[channels]]\nname = 'desk'\ncommand = ['touch', 'was-run']\n"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "own" / "variorum.toml"
    path.parent.mkdir()
    path.write_text(COMMAND)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o444], ids=oct)
def test_a_file_that_only_its_owner_may_write_is_read(settings: Path, mode: int) -> None:
    settings.chmod(mode)
    assert read_config(settings).channels[0].name == "desk"


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o664, 0o666, 0o777], ids=oct)
def test_a_file_that_others_may_write_is_refused(settings: Path, mode: int) -> None:
    settings.chmod(mode)
    with pytest.raises(ConfigError, match=r"others may write .*variorum\.toml \(mode .*chmod go-w"):
        read_config(settings)


@pytest.mark.parametrize(
    ("members", "name", "is_private"),
    [([], "mina", True), (["mina"], "mina", True), (["mina", "jun"], "mina", False), ([], "desk", False)],
)  # fmt: skip
def test_only_a_users_own_group_is_private(
    members: list[str], name: str, is_private: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = pwd.struct_passwd(("mina", "x", 1000, 1000, "", "/home/mina", "/bin/sh"))
    group = grp.struct_group((name, "x", 1000, members))
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: account)
    monkeypatch.setattr(grp, "getgrgid", lambda gid: group)
    assert is_private_group(1000, 1000) is is_private


def test_a_group_that_is_unknown_or_roots_is_not_private() -> None:
    assert not is_private_group(0, 0)
    assert not is_private_group(54321, 54321)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777], ids=oct)
def test_a_file_in_a_folder_that_others_may_write_is_refused(settings: Path, mode: int) -> None:
    settings.parent.chmod(mode)
    with pytest.raises(ConfigError, match="others may write the folder"):
        read_config(settings)


def test_ones_own_file_in_a_shared_folder_is_read(settings: Path) -> None:
    settings.parent.chmod(0o1777)
    assert read_config(settings).channels[0].name == "desk"


@needs_root
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_belongs_to_somebody_else_is_refused(settings: Path, what: str) -> None:
    os.chown(settings if what == "file" else settings.parent, STRANGER_UID, STRANGER_UID)
    with pytest.raises(ConfigError, match=f"belongs to user {STRANGER_UID}"):
        read_config(settings)


def test_a_link_to_a_file_that_others_may_write_is_refused(settings: Path, tmp_path: Path) -> None:
    settings.chmod(0o666)
    link = tmp_path / "variorum.toml"
    link.symlink_to(settings)
    with pytest.raises(ConfigError, match="others may write"):
        read_config(link)


def test_a_link_to_a_file_in_a_folder_that_others_may_write_is_refused(
    settings: Path, tmp_path: Path
) -> None:
    settings.parent.chmod(0o777)
    link = tmp_path / "variorum.toml"
    link.symlink_to(settings)
    with pytest.raises(ConfigError, match="others may write the folder"):
        read_config(link)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        before = Path.cwd()
        os.chdir(folder)
        yield Path(folder)
        os.chdir(before)


def test_every_command_refuses_the_settings_of_a_folder_that_others_may_write(
    shared_folder: Path,
) -> None:
    (shared_folder / "variorum.toml").write_text(COMMAND)
    result = CliRunner().invoke(main, ["list"])
    assert result.exit_code == 2
    assert "not read: others may write the folder" in result.output
    assert not (shared_folder / "was-run").exists()
