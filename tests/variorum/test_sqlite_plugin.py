"""The sqlite-utils plugin, loaded as sqlite-utils loads it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site
from variorum.sqlite_plugin import text_diff, text_similarity

ROOT = Path(__file__).parents[2]
# Where Variorum is installed its entry point has loaded the plugin; in a bare checkout this does.
LOAD = (
    "from sqlite_utils.plugins import ensure_plugins_loaded, pm; ensure_plugins_loaded();"
    " import variorum.sqlite_plugin as p; pm.is_registered(p) or pm.register(p); "
)


def sqlite_utils(*arguments: str) -> str:
    code = LOAD + "from sqlite_utils.cli import cli; p.register_commands(cli); cli()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_loading_the_plugin_imports_nothing_heavy() -> None:
    code = LOAD + (
        "import sys; p.register_commands(__import__('sqlite_utils.cli').cli.cli);"
        " heavy = {'httpx', 'selectolax', 'apscheduler', 'rapidfuzz', 'rich'} & set(sys.modules);"
        " sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_sql_functions_show_what_changed() -> None:
    out = sqlite_utils(
        "memory", "select text_diff('12 died', '21 died') as d, similarity('a b', 'a b') as s"
    )
    assert out.strip() == '[{"d": "[-12-]{+21+} died", "s": 1.0}]'


def test_history_and_diff_commands_print_an_article(
    site: Site, checker: Checker, tmp_path: Path
) -> None:
    url = site.page("/a", article_html())
    checker(url)
    site.page("/a", article_html().replace("21 people", "12 people"))
    checker(url)
    path = str(tmp_path / "variorum.db")
    assert "[-21-]{+12+}" in sqlite_utils("article-history", path, url)
    assert "[-21-]{+12+}" in sqlite_utils("article-diff", path, url, "1", "2")


@pytest.mark.parametrize("values", [(None, None), (None, "a"), (1, 2), ("", "x")])
def test_sql_functions_accept_nulls_and_numbers(values: tuple[object, object]) -> None:
    assert isinstance(text_diff(*values), str)  # type: ignore[arg-type]
    assert 0 <= text_similarity(*values) <= 1  # type: ignore[arg-type]


@given(st.text(max_size=30), st.text(max_size=30))
def test_similarity_lies_between_0_and_1_and_is_1_for_equal_texts(a: str, b: str) -> None:
    assert 0 <= text_similarity(a, b) <= 1
    assert text_similarity(a, a) == 1
