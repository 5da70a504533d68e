"""The page on security names a test for each promise, and each test it names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROMISES = (ROOT / "docs" / "security.md").read_text("utf-8").partition("## What is not")[0]
NAMED_TESTS = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PROMISES)


@pytest.mark.parametrize(("path", "name"), NAMED_TESTS)
def test_a_test_that_the_page_names_exists(path: str, name: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    definition = rf"def {name}\b" if name else "def test_"
    assert re.search(rf"^(?:async )?{definition}", text, re.MULTILINE)


@pytest.mark.parametrize("promise", re.split(r"\n- ", PROMISES)[1:], ids=lambda text: text[:40])
def test_each_promise_names_a_test(promise: str) -> None:
    assert "`tests/" in promise


def test_the_page_makes_promises() -> None:
    assert len(NAMED_TESTS) > 20
