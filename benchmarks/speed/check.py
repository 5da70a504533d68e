"""What a check costs: CPU per page of a second pass over real pages, with the start of the program.

Each of 200 pages of the corpora is a site of its own on loopback (gzip). In the second pass 31
pages are edited, 10 have the same bytes, and in the rest the page noise changes. Variorum makes a
third pass in which every response is 304. The peers, if they are installed, are a 20-line script
around trafilatura, and urlwatch with one selector. All run in turns, as processes.

    python -m benchmarks check
"""

import argparse
import gzip
import importlib.util
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.pages import corpus
from benchmarks.pages.world import Site, build_sites
from benchmarks.support.local_server import Answer, Server, address, serving
from benchmarks.support.paths import ROOT, add_corpora_option
from benchmarks.support.processor_time import SessionTime

EDITED_PAGES, IDENTICAL_PAGES = 31, 10
# One site in this many has noise between its paragraphs too; the others have it around the article.
IN_TEXT_NOISE_EVERY = 5
ROUNDS = 3
SECONDS_BETWEEN_READINGS = 0.01

TRAFILATURA_SCRIPT = """
import difflib, sqlite3, sys, urllib.request, trafilatura
db = sqlite3.connect(sys.argv[1])
db.execute("create table if not exists pages (url text primary key, text text)")
for url in sys.stdin.read().split():
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        html = trafilatura.utils.decode_file(trafilatura.utils.handle_compressed_file(answer.read()))
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    text = f"{found.title}\\n{found.text}" if found else ""
    row = db.execute("select text from pages where url = ?", [url]).fetchone()
    if row and row[0] != text:
        list(difflib.unified_diff(row[0].splitlines(), text.splitlines()))
    db.execute("insert or replace into pages values (?, ?)", [url, text])
    db.commit()
"""

# Checks all URLs once and returns the CPU seconds.
Program = Callable[[Path, Sequence[str]], float]


def by_variorum(folder: Path, urls: Sequence[str]) -> float:
    """`variorum fetch`."""
    options = ["fetch", "--json", "--delay", "0", "--jobs", "8", "-"]
    command = [sys.executable, "-m", "variorum.cli", "--db", str(folder / "v.db"), *options]
    return _cpu_seconds(command, urls, allowed_exit_codes=(0, 1))  # 1: a check failed


def by_trafilatura(folder: Path, urls: Sequence[str]) -> float:
    """A script that fetches, extracts with trafilatura and its metadata, and compares."""
    return _cpu_seconds([sys.executable, "-c", TRAFILATURA_SCRIPT, str(folder / "t.db")], urls)


def by_urlwatch(folder: Path, urls: Sequence[str]) -> float:
    """urlwatch with the text of one selector."""
    jobs = "---\n".join(f"url: {url}\nfilter:\n  - css: body\n  - html2text\n" for url in urls)
    (folder / "urls.yaml").write_text(jobs, encoding="utf-8")
    (folder / "config.yaml").write_text("report: {}\n", encoding="utf-8")
    names = ("urls", "config", "cache", "hooks")
    paths = (folder / "urls.yaml", folder / "config.yaml", folder / "u.db", folder / "hooks.py")
    options = [f"--{name}={path}" for name, path in zip(names, paths, strict=True)]
    return _cpu_seconds([shutil.which("urlwatch") or "urlwatch", *options], urls)


def programs() -> dict[str, Program]:
    """The programs that are installed here."""
    available: dict[str, Program] = {"variorum": by_variorum}
    if importlib.util.find_spec("trafilatura"):
        available["trafilatura script"] = by_trafilatura
    if shutil.which("urlwatch"):
        available["urlwatch"] = by_urlwatch
    return available


def _cpu_seconds(
    command: Sequence[str], urls: Sequence[str], allowed_exit_codes: Sequence[int] = (0,)
) -> float:
    """The CPU seconds of a program that reads the URLs from standard input, with all its processes.

    Python may cache compiled modules, as it does for an installed program. Raises RuntimeError if
    the program does not end with one of `allowed_exit_codes`.
    """
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as inputs:
        inputs.write("\n".join(urls).encode())
        inputs.seek(0)
        process = subprocess.Popen(
            command,
            stdin=inputs,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=env,
            start_new_session=True,
        )
        time_used = SessionTime(process.pid)
        while process.poll() is None:
            seconds = time_used.ask()
            time.sleep(SECONDS_BETWEEN_READINGS)
    if process.returncode not in allowed_exit_codes:
        raise RuntimeError(f"{command[:4]} ended with {process.returncode}")
    return seconds


@dataclass(slots=True)
class PassPages:
    """The responses of each site in the first and second pass, and the number of the pass."""

    first: list[Answer]
    second: list[Answer]
    pass_number: int = 1

    def answer(self, host: str, path: str) -> Answer | None:
        """The page of a host in this pass; a 304 in the third."""
        if path != "/news/1":
            return None
        number = SITE_NUMBERS[host]
        if self.pass_number == 3:
            return Answer(b"", status=304)
        return (self.first if self.pass_number == 1 else self.second)[number]


SITE_NUMBERS = {address(number): number for number in range(400)}


def make_pages(sites: list[Site], seed: int) -> PassPages:
    """The two responses of every site; some sites are edited in between, some give the same bytes."""
    numbers = list(range(len(sites)))
    random.Random(seed).shuffle(numbers)
    editable = [number for number in numbers if 2 in sites[number].edits]
    edited_sites = set(editable[: EDITED_PAGES * len(sites) // 200])
    unedited = [number for number in numbers if number not in edited_sites]
    identical = set(unedited[: IDENTICAL_PAGES * len(sites) // 200])
    first, second = [], []
    for number, site in enumerate(sites):
        if number % IN_TEXT_NOISE_EVERY:
            outside_blocks = tuple(block for block in site.blocks if block.name not in site.forms)
            site = replace(site, blocks=outside_blocks)
        first.append(_gzip_answer(site, check_number=1, response=1))
        if number in identical:
            second.append(first[-1])
        else:
            second_site = site if number in edited_sites else replace(site, edits={})
            second.append(_gzip_answer(second_site, check_number=2, response=2))
    return PassPages(first, second)


def _gzip_answer(site: Site, *, check_number: int, response: int) -> Answer:
    headers = (("Content-Encoding", "gzip"), ("ETag", f'"{check_number}-{response}"'))
    body = gzip.compress(site.html(check_number, response), 6, mtime=0)
    return Answer(body, site.content_type, headers=headers)


def measure(pages: PassPages, server: Server, count: int) -> None:
    """Print the CPU milliseconds of each program per page, the best of the rounds."""
    urls = [server.url(number, "/news/1") for number in range(count)]
    seconds: dict[str, list[list[float]]] = {}
    for _ in range(ROUNDS):
        for name, program in programs().items():
            passes = (1, 2, 3) if program is by_variorum else (1, 2)
            seconds.setdefault(name, []).append(_pass_seconds(program, pages, urls, passes))
    best = {
        name: [min(round_seconds) * 1000 / count for round_seconds in zip(*rounds, strict=True)]
        for name, rounds in seconds.items()
    }
    start = _start_seconds() * 1000 / count
    _, ours, not_modified = best["variorum"]
    print(f"CPU milliseconds a page, {count} pages, start included (of ours: {start:.2f})")
    for name, (_, second, *_) in best.items():
        note = f", a 304 {not_modified:.2f}" if name == "variorum" else ""
        print(f"{name:20} {second:6.2f}  {second / ours:5.1f} times ours{note}")
    print(f"ours without its start: {ours - start:.2f} a page, {not_modified - start:.2f} a 304")


def _pass_seconds(
    program: Program, pages: PassPages, urls: Sequence[str], passes: Sequence[int]
) -> list[float]:
    """The CPU seconds of each pass of a program with a fresh database."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for pages.pass_number in passes:
            seconds.append(program(Path(folder), urls))
    return seconds


def _start_seconds() -> float:
    """The CPU seconds of a `variorum fetch` of one URL that nobody answers."""
    with tempfile.TemporaryDirectory() as folder:
        return min(by_variorum(Path(folder), ["http://127.77.250.250:9/"]) for _ in range(ROUNDS))


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `check`."""
    add_corpora_option(parser)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)


def main(options: argparse.Namespace) -> int:
    """Measure and print the costs."""
    available = list(corpus.pages(options.corpora, limit=options.pages, seed=options.seed))
    if not available:
        print(f"no pages in {options.corpora}", file=sys.stderr)
        return 2
    pages = make_pages(build_sites(available, seed=options.seed), options.seed)
    sizes = [len(gzip.decompress(answer.body)) for answer in pages.first]
    print(f"{len(available)} pages of {sum(sizes) / len(sizes) / 1000:.0f} kB on average")
    with serving(len(available), pages.answer) as server:
        measure(pages, server, len(available))
    return 0
