"""The settings file and the file of site rules beside it."""

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from scraper.extract import EXTRACTOR
from tests.conftest import Site, article_html
from variorum.cli import main
from variorum.config import Config, ConfigError, read_config, read_sites

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
    ],
)
def test_a_setting_that_cannot_be_used_says_why(tmp_path: Path, text: str, told: str) -> None:
    path = settings(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        read_config(path)
    assert str(raised.value).startswith(str(path))
    assert told in str(raised.value)


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
