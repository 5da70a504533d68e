"""The settings file and the file of site rules beside it."""

import sqlite3
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scraper.extract import EXTRACTOR
from tests.support.pages import article_html
from tests.support.site import Site
from variorum.cli import main
from variorum.config.channel import CHANNEL_TYPES, ChannelConfig
from variorum.config.settings import (
    AliveConfig,
    CadenceConfig,
    Config,
    ExtractConfig,
    StorageConfig,
    read_config,
    read_site_rules,
)
from variorum.errors import ConfigError

ROOT = Path(__file__).parents[3]
SITE_RULE = '[paper]\nhosts = "127.0.0.1"\nbody = "article p"\ndrop = "p:last-child"\n'


def write_settings(folder: Path, text: str, rules: str | None = None) -> Path:
    """The path of a settings file, with one of site rules beside it."""
    if rules is not None:
        (folder / "my-sites.toml").write_text(rules, encoding="utf-8")
    path = folder / "variorum.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("delays = 1", "there is no setting 'delays'"),
        ('delay = "1"', "delay must be a number"),
        ("jobs = 0", "jobs must be between 1 and"),
        ("extract = 5", "extract must be a table"),
        ("[extract]\nsite = 'a.toml'", "there is no setting 'site' in [extract]"),
        ("[extract]\nsites = 5", "sites must be a string"),
        ("sites = 'a.toml'", "write [extract] above it"),
        ("[storage]\nsnapshots = 'some'", "snapshots must be one of all, changed"),
        ('db = "a\\u0000b"', "db has a NUL"),
        ('[alive]\nfile = "a\\u0000b"', "file has a NUL"),
        ("jobs = " + "9" * 5000, "digits"),
        ("jobs = " + "[" * 100_000, "recursion"),
    ],
)
def test_an_invalid_setting_says_why(tmp_path: Path, text: str, message: str) -> None:
    path = write_settings(tmp_path, text)
    with pytest.raises(ConfigError) as error_info:
        read_config(path)
    assert str(error_info.value).startswith(str(path))
    assert message in str(error_info.value)


EXAMPLE_SETTINGS = ROOT / "docs" / "variorum.toml"
CHANNEL_HEADER = "[[channels]]\nname = 'desk'\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("jobs = 3\n\ndelays = 1", 3, "there is no setting 'delays'"),
        ("[cadence]\nchecks_per_article = 'many'", 2, "checks_per_article must be a number"),
        ("[cadence]\nfloor = 600\nceiling = 60", 2, "floor must not be above ceiling"),
        ("jobs = 3\n[alive]\nmetrics_port = 70000", 3, "metrics_port must be between"),
        ("channels = 3", 1, "write [[channels]]"),
        (CHANNEL_HEADER, 2, "needs exactly one of: command, webhook, apprise, atom"),
        (CHANNEL_HEADER + "atom = 'a'\nwebhook = 'http://a/'", 3, "needs exactly one of"),
        (CHANNEL_HEADER + "webhook = 'example.org'", 3, "webhook must be an address that begins with"),
        (CHANNEL_HEADER + "atom = 'a'\nfields = ['title']", 4, "there is no field 'title'"),
        (CHANNEL_HEADER + "atom = 'a'\nkinds = ['numbers']", 4, "there is no kind 'numbers'"),
        (CHANNEL_HEADER + "atom = 'a'\nhosts = 'https://a.example/'", 4, "hosts must be names such as"),
        (CHANNEL_HEADER + "atom = 'a'\nsecret = 's'", 4, "secret signs the messages of a webhook, and this channel has no webhook"),
        (CHANNEL_HEADER + "webhook = 'https://[abc/'", 3, "webhook must be an address"),
        ("jobs = 3\nallow_private = ['*.example']", 2, "is neither a host name nor an address"),
        ("jobs = 3\ncadence.floor = 5", 2, "floor must be between"),
        ("jobs = 3\ncadence = {floor = 5}", 2, "floor must be between"),
        ("\ufeffjobs = 0", 1, "jobs must be between"),
        (CHANNEL_HEADER + "atom = 'a'\nsilent = 1", 4, "silent must be true or false"),
        (CHANNEL_HEADER + "atom = 'a'\n" + CHANNEL_HEADER + "atom = 'b'", 5, "a name of its own"),
        (CHANNEL_HEADER + "atom = 'a'\n[[channels]]\nname = 'b'\natom = 3", 6, "atom must be a string"),
        (CHANNEL_HEADER + "webhook = 'https://a/${NOT_SET_HERE}'", 3, "webhook needs the environment variable NOT_SET_HERE"),
    ],
)  # fmt: skip
def test_a_config_error_gives_the_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = write_settings(tmp_path, text)
    with pytest.raises(ConfigError) as error_info:
        read_config(path)
    assert str(error_info.value).startswith(f"{path}:{line}: ")
    assert message in str(error_info.value)


def settings_of(table: type[Any]) -> list[str]:
    """The keys that a table of the file may have."""
    return [key.name for key in fields(table) if key.metadata.get("is_setting", True)]


def test_the_example_has_every_key_with_its_default() -> None:
    assert read_config(EXAMPLE_SETTINGS) == Config()
    text = EXAMPLE_SETTINGS.read_text(encoding="utf-8")
    for kind in (Config, ExtractConfig, CadenceConfig, AliveConfig, StorageConfig):
        keys = settings_of(kind)
        assert [key for key in keys if f"\n{key} = " not in text] == []


def test_the_examples_channels_are_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VARIORUM_HOOK_SECRET", "MAIL_USER", "MAIL_PASSWORD"):
        monkeypatch.setenv(name, "hush")
    text = EXAMPLE_SETTINGS.read_text(encoding="utf-8").partition("# [[channels]]")
    shown_text = (text[1] + text[2]).replace("\n# ", "\n").removeprefix("# ")
    channels = read_config(write_settings(tmp_path, shown_text)).channels
    delivery_methods = [
        method for channel in channels for method in CHANNEL_TYPES if getattr(channel, method)
    ]
    assert delivery_methods == ["command", "webhook", "apprise", "atom"]
    keys = settings_of(ChannelConfig)
    assert [key for key in keys if f"\n{key} = " not in shown_text] == []


def test_a_secret_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "hush")
    text = CHANNEL_HEADER + "webhook = 'https://example.org/${HOOK}'"
    assert (
        read_config(write_settings(tmp_path, text)).channels[0].webhook
        == "https://example.org/hush"
    )


def test_config_check_reports_settings_and_errors(tmp_path: Path) -> None:
    def message(text: str) -> tuple[int, str]:
        path = write_settings(tmp_path, text)
        result = CliRunner().invoke(main, ["--config", str(path), "config", "check"])
        return result.exit_code, result.output

    assert message(CHANNEL_HEADER + "atom = 'a.xml'") == (0, f"{tmp_path}/variorum.toml: valid; 0 site rules, 1 channel\n")  # fmt: skip
    code, text = message(CHANNEL_HEADER + "apprise = 'nothing'")
    assert (code, "channel 'desk': Apprise does not support address 1" in text) == (2, True)


def test_the_site_rules_path_is_relative_to_the_settings_file(tmp_path: Path) -> None:
    config = read_config(write_settings(tmp_path, "[extract]\nsites = 'my-sites.toml'", SITE_RULE))
    assert [rule.name for rule in read_site_rules(config)] == ["my-sites.toml [paper]"]
    assert read_site_rules(Config()) == ()


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (None, "my-sites.toml: cannot be read (No such file or directory)"),
        ("[paper]\nbody = 'p'", "my-sites.toml [paper]: 'hosts' is missing"),
        ("[paper", "my-sites.toml: not TOML"),
        ("paper = " + "[" * 100_000, "my-sites.toml: not TOML"),
    ],
    ids=["no-file", "no-hosts", "not-toml", "too-deep"],
)
def test_an_invalid_site_rules_file_is_a_usage_error(
    tmp_path: Path, rules: str | None, message: str
) -> None:
    path = write_settings(tmp_path, "[extract]\nsites = 'my-sites.toml'", rules)
    result = CliRunner().invoke(main, ["--config", str(path), "extract", "-"], input="<p>")
    assert result.exit_code == 2
    assert message in result.output
    assert str(tmp_path) in result.output


def test_commands_extract_with_the_users_rules(site: Site, tmp_path: Path) -> None:
    url = site.page("/a", article_html())
    path = write_settings(tmp_path, "delay = 0\n[extract]\nsites = 'my-sites.toml'", SITE_RULE)
    command = ["--config", str(path), "--db", str(tmp_path / "v.db")]
    message = CliRunner().invoke(main, [*command, "extract", url, "--json"]).output
    assert "my-sites.toml [paper]" in message
    assert "A second bridge" not in message
    assert "new" in CliRunner().invoke(main, [*command, "fetch", url]).output
    shown_text = CliRunner().invoke(main, [*command, "show", url]).output
    assert "A second bridge" not in shown_text
    assert f"{EXTRACTOR}+" in _extractor(tmp_path / "v.db")


def _extractor(path: Path) -> str:
    db = sqlite3.connect(path)
    name: str = db.execute("select extractor from versions").fetchone()[0]
    db.close()
    return name


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (("ca.pem", "own.pem"), "key must name a file"),
        (("ca.pem", "own.pem", "own.key"), None),
        (("own.pem", "own.key"), "authority must name a file"),
    ],
    ids=["no-key", "all", "no-authority"],
)
def test_the_certificates_of_a_cluster_are_all_there(
    tmp_path: Path, files: tuple[str, ...], message: str | None
) -> None:
    keys = {"ca.pem": "authority", "own.pem": "certificate", "own.key": "key"}
    for file in files:
        (tmp_path / file).touch()
    path = write_settings(
        tmp_path, "[cluster]\n" + "".join(f"{keys[file]} = '{file}'\n" for file in files)
    )
    if message is None:
        assert read_config(path).cluster.key == str(tmp_path / "own.key")
    else:
        with pytest.raises(ConfigError, match=message):
            read_config(path)
