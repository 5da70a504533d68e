"""Fixtures: a shell, and an article that was edited."""

from pathlib import Path

import pytest

from tests.support.pages import article_html
from tests.support.shell import Shell
from tests.support.site import Site


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell whose current folder and database are fresh."""
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path)


@pytest.fixture
def edited_url(site: Site, shell: Shell) -> str:
    """The address of an article with two versions."""
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    site.page("/a", article_html().replace("21 people", "12 people"))
    shell("fetch", url, "--delay", "0")
    return url
