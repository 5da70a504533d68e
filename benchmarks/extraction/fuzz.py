"""Look for pages that break the extraction, with atheris, for as long as you like.

Coverage leads the mutations, the pages of `fixtures/articles` are the seeds. A page must give
an Article of clean text or raise ExtractError, within seconds. What breaks that is saved once
per place in the code; write it by hand as a row of `tests/scraper/test_hostile.py`, as small as it gets.

    pip install atheris
    python -m benchmarks.extraction.fuzz --seconds 600
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

SEED_FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "articles"
URL = "https://news.example.kr/2026/05/14/story"
CONTENT_TYPES = (
    None,
    "text/html; charset=utf-8",
    "text/html; charset=euc-kr",
    "text/html; charset=iso-8859-1",
    "text/html; charset=iso-2022-jp",
)
MAX_PAGE_SECONDS = 2.0  # of one page; a plain one of this size takes a hundredth of that
HANG_SECONDS = 20  # then libFuzzer ends the run
MAX_MEGABYTES = 1_500
MAX_PAGE_BYTES = 60_000  # bytes; the seeds are shorter


def faults(article: Any) -> list[str]:
    """What is wrong with an article's texts: they go to SQLite and JSON as UTF-8."""
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
    """Tries pages and saves the first that breaks at each place into a folder."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.process_time) -> None:
        from scraper.errors import ExtractError  # under atheris' instruments
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
        except Exception as error:  # noqa: BLE001 - any other exception is what is looked for
            last = traceback.extract_tb(error.__traceback__)[-1]
            self.save(f"{type(error).__name__} {Path(last.filename).name} {last.lineno}", data)
        if self.clock() - started > MAX_PAGE_SECONDS:
            self.save("slow", data)

    def save(self, crash_site: str, data: bytes) -> None:
        """Keep the page, the first time that this place breaks."""
        if crash_site not in self.crash_sites:
            self.crash_sites.add(crash_site)
            path = self.folder / f"{crash_site.replace(' ', '-')}.html"
            path.write_bytes(data)
            print(f"found: {crash_site}: {path}", flush=True)


def fuzz(folder: Path, seconds: int) -> None:
    """Fuzz until the time is up; libFuzzer then ends the process."""
    import atheris  # type: ignore[import-untyped]  # optional, without types

    with atheris.instrument_imports(include=["scraper"]):
        target = FuzzTarget(folder)
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for page in findings(folder):  # of an earlier run: saved again if they still break
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
    """What was saved: pages that break, and libFuzzer's own timeout-… and oom-… files."""
    return sorted(path for path in folder.iterdir() if path.is_file())


def main() -> int:
    """Fuzz in a process of its own, since libFuzzer ends it; 1 where something was found."""
    arguments = _parser().parse_args()
    if not find_spec("atheris"):
        print("atheris is not installed: pip install atheris")
        return 2
    arguments.folder.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    child = os.fork()
    if not child:
        fuzz(arguments.folder, arguments.seconds)
        os._exit(0)
    os.waitpid(child, 0)
    saved_pages = findings(arguments.folder)
    print(f"{len(saved_pages)} pages that break, in {arguments.folder}")
    for path in saved_pages:
        print(f"  {path.name} ({path.stat().st_size} bytes)")
    return 1 if saved_pages else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.extraction.fuzz",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/variorum-fuzz"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
