"""Pages written here in the shapes of real ones: extraction is right, and only edits are reported."""

import json
from pathlib import Path
from typing import Any

import pytest

from scraper.article import Article
from scraper.extract import extract
from storage.diff import compare
from storage.diff.text.visible import visible
from storage.timestamps import publisher_text
from storage.vocabulary import FIELDS

FOLDERS = sorted(
    path.parent
    for path in (Path(__file__).parents[2] / "fixtures" / "articles").glob("*/expected.json")
)
ATTRIBUTES = (*(field.attribute for field in FIELDS), "lang")


def read(folder: Path, name: str) -> tuple[Article, dict[str, Any]]:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    raw = (folder / f"{name}.html").read_bytes()
    return extract(raw, expected["url"], content_type=expected["content_type"]), expected


def normalised(value: Any) -> Any:
    """A field as the expectation writes it, white space folded."""
    if isinstance(value, (list, tuple)):
        return [visible(text) for text in value]
    return visible(value) if isinstance(value, str) else publisher_text(value)


def test_fixture_folders_are_found() -> None:
    assert len(FOLDERS) >= 12


@pytest.mark.parametrize("field", ATTRIBUTES)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_fixture_page_gives_the_expected_article(folder: Path, field: str) -> None:
    for name in ("v1", "v2"):
        article, expected = read(folder, name)
        assert normalised(getattr(article, field)) == normalised(expected[name][field])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_only_the_expected_edits_are_found(folder: Path) -> None:
    old, expected = read(folder, "v1")
    new, _ = read(folder, "v2")
    edits = [(edit.field, edit.op, edit.kind, edit.old, edit.new) for edit in compare(old, new)]
    expected_edits = [
        tuple(edit[key] for key in ("field", "op", "kind", "old", "new"))
        for edit in expected["edits"]
    ]
    assert sorted(edits, key=str) == sorted(expected_edits, key=str)
