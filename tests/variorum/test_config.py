"""The settings file and the file of site rules beside it."""

import sqlite3
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from scraper.extract import EXTRACTOR
from storage.diff.kinds.rules import KINDS
from tests.conftest import Site, article_html
from variorum.cli import main
from variorum.config import (
    EDIT_KINDS,
    WAYS,
    AliveConfig,
    CadenceConfig,
    ChannelConfig,
    Config,
    ConfigError,
    StorageConfig,
    read_config,
    read_sites,
)

ROOT = Path(__file__).parents[2]
RULE = '[paper]\nhosts = "127.0.0.1"\nbody = "article p"\ndrop = "p:last-child"\n'


def settings(folder: Path, text: str, rules: str | None = None) -> Path:
    """The path of a settings file, with one of site rules beside it."""
    if rules is not None:
        (folder / "my-sites.toml").write_text(rules, encoding="utf-8")
    path = folder / "variorum.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("delays = 1", "there is no setting 'delays'"),
        ('delay = "1"', "delay must be a number"),
        ("jobs = 0", "jobs must lie between 1 and"),
        ("extract = 5", "extract must be a table"),
        ("[extract]\nsite = 'a.toml'", "there is no setting 'site' in [extract]"),
        ("[extract]\nsites = 5", "sites must be a text"),
        ("sites = 'a.toml'", "write [extract] above it"),
        ("[storage]\nsnapshots = 'some'", "snapshots must be one of all, changed"),
    ],
)
def test_a_setting_that_cannot_be_used_says_why(tmp_path: Path, text: str, told: str) -> None:
    path = settings(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        read_config(path)
    assert str(raised.value).startswith(str(path))
    assert told in str(raised.value)


EXAMPLE = ROOT / "docs" / "variorum.toml"
CHANNEL = "[[channels]]\nname = 'desk'\n"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("jobs = 3\n\ndelays = 1", 3, "there is no setting 'delays'"),
        ("[cadence]\nlooks_per_article = 'many'", 2, "looks_per_article must be a number"),
        ("[cadence]\nfloor = 600\nceiling = 60", 2, "floor must not be above ceiling"),
        ("jobs = 3\n[alive]\nmetrics_port = 70000", 3, "metrics_port must lie between"),
        ("channels = 3", 1, "write [[channels]]"),
        (CHANNEL, 2, "needs one way out: command, webhook, apprise, atom"),
        (CHANNEL + "atom = 'a'\nwebhook = 'http://a/'", 3, "needs one way out"),
        (CHANNEL + "webhook = 'example.org'", 3, "webhook must be an address that begins with"),
        (CHANNEL + "atom = 'a'\nfields = ['title']", 4, "there is no field 'title'"),
        (CHANNEL + "atom = 'a'\nkinds = ['numbers']", 4, "there is no kind 'numbers'"),
        (CHANNEL + "atom = 'a'\nhosts = 'https://a.example/'", 4, "hosts are names such as"),
        (CHANNEL + "atom = 'a'\nsecret = 's'", 4, "secret signs a webhook, and there is none"),
        (CHANNEL + "webhook = 'https://[abc/'", 3, "webhook must be an address"),
        ("jobs = 3\ncadence.floor = 5", 2, "floor must lie between"),
        ("jobs = 3\ncadence = {floor = 5}", 2, "floor must lie between"),
        ("\ufeffjobs = 0", 1, "jobs must lie between"),
        (CHANNEL + "atom = 'a'\nsilent = 1", 4, "silent must be a true or false"),
        (CHANNEL + "atom = 'a'\n" + CHANNEL + "atom = 'b'", 5, "a name of its own"),
        (CHANNEL + "atom = 'a'\n[[channels]]\nname = 'b'\natom = 3", 6, "atom must be a text"),
        (CHANNEL + "webhook = 'https://a/${NOT_SET_HERE}'", 3, "the environment has no NOT_SET_HERE"),
    ],
)  # fmt: skip
def test_an_error_says_in_which_line(tmp_path: Path, text: str, line: int, told: str) -> None:
    path = settings(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        read_config(path)
    assert str(raised.value).startswith(f"{path}:{line}: ")
    assert told in str(raised.value)


def test_the_example_holds_every_key_with_its_default() -> None:
    assert read_config(EXAMPLE) == Config()
    text = EXAMPLE.read_text(encoding="utf-8")
    tables = {"cadence", "alive", "storage", "channels"}
    for kind in (Config, CadenceConfig, AliveConfig, StorageConfig):
        keys = [key.name for key in fields(kind) if key.name not in tables]
        assert [key for key in keys if f"\n{key} = " not in text] == []


def test_the_example_s_channels_are_channels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VARIORUM_HOOK_SECRET", "MAIL_USER", "MAIL_PASSWORD"):
        monkeypatch.setenv(name, "hush")
    text = EXAMPLE.read_text(encoding="utf-8").partition("# [[channels]]")
    shown = (text[1] + text[2]).replace("\n# ", "\n").removeprefix("# ")
    channels = read_config(settings(tmp_path, shown)).channels
    ways = [way for channel in channels for way in WAYS if getattr(channel, way)]
    assert ways == ["command", "webhook", "apprise", "atom"]
    keys = [key.name for key in fields(ChannelConfig) if key.name != "secrets"]
    assert [key for key in keys if f"\n{key} = " not in shown] == []


def test_the_kinds_of_the_settings_are_those_that_edits_have() -> None:
    assert EDIT_KINDS == KINDS


def test_a_secret_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "hush")
    text = CHANNEL + "webhook = 'https://example.org/${HOOK}'"
    assert read_config(settings(tmp_path, text)).channels[0].webhook == "https://example.org/hush"


def test_config_check_says_what_is_set_and_what_is_wrong(tmp_path: Path) -> None:
    def told(text: str) -> tuple[int, str]:
        path = settings(tmp_path, text)
        result = CliRunner().invoke(main, ["--config", str(path), "config", "check"])
        return result.exit_code, result.output

    assert told(CHANNEL + "atom = 'a.xml'") == (0, f"{tmp_path}/variorum.toml: fine; 0 site rules, 1 channel\n")  # fmt: skip
    code, text = told(CHANNEL + "apprise = 'nothing'")
    assert (code, "channel 'desk': Apprise does not know address 1" in text) == (2, True)


def test_the_file_of_site_rules_lies_beside_the_settings(tmp_path: Path) -> None:
    config = read_config(settings(tmp_path, "[extract]\nsites = 'my-sites.toml'", RULE))
    assert [rule.name for rule in read_sites(config)] == ["my-sites.toml [paper]"]
    assert read_sites(Config()) == ()


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (None, "my-sites.toml: cannot be read (No such file or directory)"),
        ("[paper]\nbody = 'p'", "my-sites.toml [paper]: 'hosts' is missing"),
        ("[paper", "my-sites.toml: not TOML"),
    ],
    ids=["no-file", "no-hosts", "not-toml"],
)
def test_a_file_of_site_rules_that_cannot_be_used_is_a_usage_error(
    tmp_path: Path, rules: str | None, told: str
) -> None:
    path = settings(tmp_path, "[extract]\nsites = 'my-sites.toml'", rules)
    result = CliRunner().invoke(main, ["--config", str(path), "extract", "-"], input="<p>")
    assert result.exit_code == 2
    assert told in result.output
    assert str(tmp_path) in result.output


def test_the_commands_read_pages_by_the_users_rules(site: Site, tmp_path: Path) -> None:
    url = site.page("/a", article_html())
    path = settings(tmp_path, "delay = 0\n[extract]\nsites = 'my-sites.toml'", RULE)
    command = ["--config", str(path), "--db", str(tmp_path / "v.db")]
    told = CliRunner().invoke(main, [*command, "extract", url, "--json"]).output
    assert "my-sites.toml [paper]" in told
    assert "A second bridge" not in told
    assert "new" in CliRunner().invoke(main, [*command, "fetch", url]).output
    shown = CliRunner().invoke(main, [*command, "show", url]).output
    assert "A second bridge" not in shown
    assert f"{EXTRACTOR}+" in _extractor(tmp_path / "v.db")


def _extractor(path: Path) -> str:
    db = sqlite3.connect(path)
    name: str = db.execute("select extractor from versions").fetchone()[0]
    db.close()
    return name
