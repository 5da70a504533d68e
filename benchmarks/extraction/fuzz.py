"""Search for pages that break the extraction, with atheris, for as long as you like.

The fuzzer mutates the pages of `fixtures/articles`, guided by coverage. Every page must give an
Article of clean text or raise ExtractError, within seconds. A page that does neither is saved,
one per place in the code. Reduce it and add it as a row to `tests/scraper/test_hostile.py`.

    pip install atheris
    python -m benchmarks fuzz --seconds 600
"""

import argparse
import contextlib
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.support.paths import ROOT

SEED_FOLDER = ROOT / "fixtures" / "articles"
URL = "https://news.example.kr/2026/05/14/story"
CONTENT_TYPES = (
    None,
    "text/html; charset=utf-8",
    "text/html; charset=euc-kr",
    "text/html; charset=iso-8859-1",
    "text/html; charset=iso-2022-jp",
)
MAX_PAGE_SECONDS = 2.0  # CPU; a plain page of MAX_PAGE_BYTES takes a hundredth of that
HANG_SECONDS = 20  # libFuzzer then ends the run
MAX_MEGABYTES = 1_500
MAX_PAGE_BYTES = 60_000  # the seed pages are shorter


def faults(article: Any) -> list[str]:
    """What is wrong with an article's texts, which SQLite and JSON store as UTF-8."""
    texts = [article.url, article.headline, article.dek, article.section, article.lang]
    texts += [*article.byline, *article.paragraphs, *article.captions]
    findings = []
    for text in filter(None, texts):
        if "\x00" in text:
            findings.append(f"NUL in {text[:40]!r}")
        if any("\ud800" <= character <= "\udfff" for character in text):
            findings.append(f"a lone surrogate in {text[:40]!r}")
    if not article.headline or not all(article.paragraphs):
        findings.append("an empty headline or paragraph")
    return findings


class FuzzTarget:
    """Extracts pages, and saves into a folder the first one that fails at each place in the code."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.process_time) -> None:
        from scraper.errors import ExtractError  # here, so that atheris instruments them
        from scraper.extract import extract

        self.extract = extract
        self.no_article = ExtractError
        self.folder = folder
        self.clock = clock
        self.crash_sites: set[str] = set()

    def __call__(self, data: bytes) -> None:
        header = CONTENT_TYPES[data[-1] % len(CONTENT_TYPES)] if data else None
        started = self.clock()
        try:
            with contextlib.suppress(self.no_article):
                for fault in faults(self.extract(data, URL, content_type=header)):
                    self.save(fault.partition(" in ")[0], data)
        except Exception as error:  # noqa: BLE001 - every other exception is a finding
            last = traceback.extract_tb(error.__traceback__)[-1]
            self.save(f"{type(error).__name__} {Path(last.filename).name} {last.lineno}", data)
        if self.clock() - started > MAX_PAGE_SECONDS:
            self.save("slow", data)

    def save(self, crash_site: str, data: bytes) -> None:
        """Save the page, unless this place has failed before."""
        if crash_site not in self.crash_sites:
            self.crash_sites.add(crash_site)
            path = self.folder / f"{crash_site.replace(' ', '-')}.html"
            path.write_bytes(data)
            print(f"found: {crash_site}: {path}", flush=True)


def fuzz(folder: Path, seconds: int) -> None:
    """Fuzz for `seconds`; libFuzzer then ends the process."""
    import atheris  # type: ignore[import-untyped]  # optional, without types

    with atheris.instrument_imports(include=["scraper"]):
        target = FuzzTarget(folder)
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for page in findings(folder):  # of an earlier run: saved again if they still fail
        page.rename(corpus / page.name)
    for page in SEED_FOLDER.glob("*/v*.html"):
        (corpus / f"{page.parent.name}-{page.name}").write_bytes(page.read_bytes())
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={MAX_PAGE_BYTES}",
        f"-timeout={HANG_SECONDS}",
    ]
    options += [f"-rss_limit_mb={MAX_MEGABYTES}", f"-artifact_prefix={folder}/"]
    atheris.Setup(["fuzz", *options, str(corpus)], target)
    atheris.Fuzz()


def findings(folder: Path) -> Sequence[Path]:
    """The saved files: pages that fail, and libFuzzer's own timeout-… and oom-… files."""
    return sorted(path for path in folder.iterdir() if path.is_file())


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `fuzz`."""
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument(
        "--folder", type=Path, default=Path("/tmp/variorum-fuzz"), help="where findings are saved"
    )


def main(options: argparse.Namespace) -> int:
    """Fuzz in a child process, since libFuzzer ends its own; return 1 if a page failed."""
    if not find_spec("atheris"):
        print("atheris is not installed: pip install atheris")
        return 2
    options.folder.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    child = os.fork()
    if not child:
        fuzz(options.folder, options.seconds)
        os._exit(0)
    os.waitpid(child, 0)
    saved_pages = findings(options.folder)
    print(f"{len(saved_pages)} pages that fail, in {options.folder}")
    for path in saved_pages:
        print(f"  {path.name} ({path.stat().st_size} bytes)")
    return 1 if saved_pages else 0
