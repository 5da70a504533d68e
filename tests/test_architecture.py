"""The map of the code holds: imports point inward, each library has one door, folders stay small, names are unique."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("scraper", "storage", "schedules", "variorum")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
# Of each folder the rooms from the outermost to the innermost; a room imports only from rooms after its own line.
# "__init__" is the folder's own public function; a room that is missing here may be imported by all and imports none.
ROOMS: dict[str, tuple[str, ...]] = {
    "": ("variorum", "schedules", "storage", "scraper"),
    "scraper": (
        "recognise feeds", "extract", "fetch", "feed_markup http", "phrases", "article", "urls", "errors patterns",
    ),
    "scraper/extract": (
        "__init__", "rules", "body", "metadata", "byline dates", "html",
    ),
    "storage": (
        "transfer", "queries", "articles", "search queue snapshots", "database", "schema", "diff",
        "timestamps vocabulary errors",
    ),
    "storage/diff": (
        "noise", "__init__", "disclosure unified", "render", "kinds", "align", "text edit",
    ),
    "schedules": ("daemon replay cluster", "check delivery", "cadence", "hosts", "processes"),
    "variorum": (
        "sqlite_plugin", "cli", "commands", "web demo", "notify monitor", "transfer", "context", "config",
        "terminal errors",
    ),
}  # fmt: skip
# Each library has one door.
DOORS = {
    "httpx": ("scraper/http/pools.py",),
    "httpcore": ("scraper/http/connect.py",),
    "idna": ("scraper/urls.py",),
    "selectolax": ("scraper/",),
    "apscheduler": ("schedules/",),
    "distributed": ("schedules/cluster/client.py",),
    "warcio": ("storage/transfer/warc_read.py", "storage/transfer/warc_write.py"),
    "sqlite_utils": ("storage/", "variorum/sqlite_plugin.py"),
    "datasette": ("variorum/web/",),
    "jinja2": ("variorum/web/",),
}
# The folders whose one public function is in their `__init__.py`.
FOLDERS_WITH_A_FUNCTION = (
    "scraper/extract", "scraper/extract/body", "scraper/extract/metadata", "storage/articles", "storage/diff",
    "storage/diff/noise", "storage/search", "schedules/cadence", "schedules/check", "schedules/daemon", "schedules/replay",
)  # fmt: skip
MAX_ENTRIES = 12
MAX_FUNCTION_LINES = 45
# Longer functions, and why they are not split.
LONG_FUNCTIONS = {
    "scraper/extract/html/blocks.py:walk": "reading the blocks of 200 pages takes 4 % longer in parts",
}
# Names that several modules define because they are one interface.
INTERFACES = frozenset(
    {
        "log",  # each module's own logger
        "T",  # type variables
        "prepare_connection",  # the hook of sqlite-utils and that of Datasette
    }
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """The dotted name of everything that a file imports, at run time or for types."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_in(folder: str, path: str) -> str | None:
    """The room of a folder that a file or a dotted name belongs to; None outside the folder.

    >>> room_in("storage", "storage/diff/edit.py"), room_in("storage", "storage.diff.edit.Edit")
    ('diff', 'diff')
    """
    parts = path.removesuffix(".py").replace(".", "/").split("/")
    prefix = folder.split("/") if folder else []
    if parts[: len(prefix)] != prefix or len(parts) <= len(prefix):
        return None
    return parts[len(prefix)]


def test_source_files_are_found() -> None:
    assert len(FILES) > 30


@pytest.mark.parametrize("folder", ROOMS, ids=lambda folder: folder or "all")
def test_rooms_import_only_from_the_rooms_within(folder: str) -> None:
    depth = {room: at for at, line in enumerate(ROOMS[folder]) for room in line.split()}
    outward = []
    for path in FILES:
        own = room_in(folder, name(path))
        if own not in depth:
            continue
        for target in imports(path):
            room = room_in(folder, target)
            room = room if room in depth or room is None else "__init__"
            if room in depth and room != own and depth[room] <= depth[own]:
                outward.append(f"{name(path)} imports {target}")
    assert outward == []


@pytest.mark.parametrize("library", DOORS)
def test_a_library_is_imported_only_in_its_own_modules(library: str) -> None:
    users = [
        name(path)
        for path in FILES
        if any(target.partition(".")[0] == library for target in imports(path))
    ]
    strangers = [user for user in users if not user.startswith(DOORS[library])]
    assert users
    assert strangers == []


@pytest.mark.parametrize("path", [path for path in FILES if path.name == "__init__.py"], ids=name)
def test_a_package_init_holds_a_docstring_and_at_most_one_public_function(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert ast.get_docstring(ast.Module(body, []))
    if name(path.parent) not in FOLDERS_WITH_A_FUNCTION:
        assert len(body) == 1


@pytest.mark.parametrize("top", [*FOLDERS, "benchmarks", "tests"])
def test_a_folder_has_few_entries(top: str) -> None:
    crowded = {}
    for folder in [ROOT / top, *(path for path in (ROOT / top).rglob("*") if path.is_dir())]:
        entries = [
            path.name
            for path in folder.iterdir()
            if path.name not in ("__pycache__", "__init__.py") and (path.is_dir() or path.suffix == ".py")
        ]  # fmt: skip
        if len(entries) > MAX_ENTRIES:
            crowded[name(folder)] = len(entries)
    assert crowded == {}


def test_a_public_name_is_defined_in_one_module() -> None:
    modules = defaultdict(set)
    for path in FILES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                modules[node.name].add(name(path))
            elif isinstance(node, ast.Assign):
                names = [part for target in node.targets for part in ast.walk(target)]
                for part in names:
                    if isinstance(part, ast.Name):
                        modules[part.id].add(name(path))
    repeated = {
        word: sorted(paths)
        for word, paths in modules.items()
        if len(paths) > 1 and word not in INTERFACES and not word.startswith("_")
    }
    assert repeated == {}


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=name)
def test_the_files_that_the_docs_name_exist(page: Path) -> None:
    paths = re.findall(
        r"`((?:scraper|storage|schedules|variorum|tests|benchmarks|docs|deploy|fixtures)/[\w./-]*)`",
        page.read_text(encoding="utf-8"),
    )
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_functions_are_short() -> None:
    long = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    long[f"{name(path)}:{node.name}"] = lines
    assert set(long) == set(LONG_FUNCTIONS), long
