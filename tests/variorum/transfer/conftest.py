"""Fixtures: databases with a history, and the path of an empty one."""

from pathlib import Path

import pytest

from tests.support.checker import Checker
from tests.support.imports import PAGE_V1, PAGE_V2, PAGE_V3
from tests.support.pages import article_html
from tests.support.site import Site

PAGES = (
    article_html(),
    article_html().replace("21 people", "12 people"),
    article_html().replace("21 people", "12 people"),
    article_html().replace("next year", "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x&gt;"),
)


@pytest.fixture(autouse=True)
def in_tmp_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a settings file: the current folder is empty."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def source(site: Site, checker: Checker, tmp_path: Path) -> Path:
    """A database of two articles, one edited three times, the last time back, on a page with a counter."""
    for at, html in enumerate((PAGE_V1, PAGE_V1, PAGE_V2, PAGE_V3, PAGE_V1)):
        around = f"<p>{at * 37} people are reading this now, and some of them for long</p>"
        checker(site.page("/a", html.replace("</article>", f"{around}</article>"), ETag='"x"'))
        checker.clock.skip(hours=1)
    checker(site.page("/b", article_html("Another story of the day"), **{"Last-Modified": "soon"}))
    site.answers.pop("/b")
    checker(site.url + "/b")
    return tmp_path / "variorum.db"


@pytest.fixture
def empty_path(tmp_path: Path) -> Path:
    """The path of a database that does not exist yet."""
    return tmp_path / "empty.db"


@pytest.fixture
def export_source(site: Site, checker: Checker, tmp_path: Path) -> Path:
    """A database of two articles: /a with two edits and an unchanged check, /b with one check."""
    for html in PAGES:
        checker(site.page("/a", html, ETag='"é"', Server="test"))
        checker.clock.skip(hours=1)
    checker(site.page("/b", article_html("Another story of the day")))
    return tmp_path / "variorum.db"
