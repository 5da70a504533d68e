"""Imports point inward, and each library has one door."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("scraper", "storage", "schedules", "variorum")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
# A folder may import from itself and from those before it.
INWARD = {folder: set(FOLDERS[: at + 1]) for at, folder in enumerate(FOLDERS)}
DOORS = {
    "httpx": ("scraper/fetch.py",),
    "selectolax": ("scraper/",),
    "apscheduler": ("schedules/",),
    "distributed": ("schedules/cluster/client.py",),
    "warcio": ("storage/transfer/warc_read.py", "storage/transfer/warc_write.py"),
    "sqlite_utils": ("storage/", "variorum/sqlite_plugin.py"),
    "datasette": ("variorum/web/",),
    "jinja2": ("variorum/web/",),
}


def imported(path: Path) -> set[str]:
    """The top-level names of every module a file imports, at run time or for types."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_source_files_are_found() -> None:
    assert len(FILES) > 30


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_inward(path: Path) -> None:
    folder = name(path).partition("/")[0]
    outward = imported(path) & set(FOLDERS) - INWARD[folder]
    assert not outward, f"{name(path)} imports {outward}, which lies further out"


@pytest.mark.parametrize("library", DOORS)
def test_a_library_is_imported_only_in_its_own_modules(library: str) -> None:
    users = [name(path) for path in FILES if library in imported(path)]
    strangers = [user for user in users if not user.startswith(DOORS[library])]
    assert users
    assert strangers == []


# The packages whose one public function is what the folder is named for.
DOORS_OF_PACKAGES = (
    "scraper/extract", "scraper/extract/body", "scraper/extract/metadata", "storage/articles", "storage/diff", "storage/diff/noise",
    "storage/search", "schedules/cadence", "schedules/check", "schedules/daemon", "schedules/replay",
)  # fmt: skip
MAX_ENTRIES = 12
PACKAGES = sorted({path.parent for path in FILES})


@pytest.mark.parametrize("path", [path for path in FILES if path.name == "__init__.py"], ids=name)
def test_a_package_init_holds_only_a_docstring(path: Path) -> None:
    if name(path.parent) in DOORS_OF_PACKAGES:
        return
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)
