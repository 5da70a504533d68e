"""Is every change that extraction sees logged by a check?

Each page of the corpora and of the fixtures is changed in one field at a time: one character of
a text wherever the page has it, a time by a minute, a line removed, added or moved. If
`compare(extract(old), extract(new))` sees an edit, a check hours later must log it. A
change that both answers of a check show is no page noise, but a filter may hold it back until a
later check (late). A line that both pages have as often as before does not count as changed (kept; silent
if extraction sees nothing else).

    python -m benchmarks sensitivity
    python -m benchmarks sensitivity --pages 300 --serve 120 --verbose
"""

import argparse
import json
import random
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks.edits.pairs import read_pairs
from benchmarks.edits.product import variorum_tracker
from benchmarks.edits.road import Verdict, judge
from benchmarks.edits.trackers import TrackerResult
from benchmarks.edits.verdict import Logged
from benchmarks.pages.corpus import read_truths, saved_page
from benchmarks.pages.mutations import mutations
from benchmarks.support.local_server import Answer, address, serving
from benchmarks.support.paths import ROOT, add_corpora_option
from scraper.errors import ScraperError
from scraper.extract import extract
from scraper.http.charset import decode

MAX_PAGE_BYTES = 2_000_000
HOSTS_PER_SERVER = 400
NAMES = ("unseen", "logged", "kept", "late", "silent", "refused", "missed")
MAX_EDITS_SHOWN, MAX_CHARACTERS_SHOWN = 4, 100


@dataclass(frozen=True, slots=True)
class Page:
    """A saved page, and where to find it again."""

    name: str
    url: str
    raw: bytes
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A page before and after one change: the field, and what was done."""

    field: str
    what: str
    old: Page
    new: Page


@dataclass(frozen=True, slots=True)
class Trial:
    """A change of a page, and what a check made of it."""

    page: str
    field: str
    what: str
    verdict: Verdict


def corpus_pages(corpora: Path) -> Iterator[Page]:
    """Every saved page of the corpora and of the fixtures, in a fixed order."""
    for folder in sorted((ROOT / "fixtures" / "articles").glob("*/expected.json")):
        expected = json.loads(folder.read_text(encoding="utf-8"))
        raw = (folder.parent / "v1.html").read_bytes()
        yield Page(folder.parent.name, expected["url"], raw, expected["content_type"])
    for pair in read_pairs(corpora / "pairs"):
        yield Page(f"{pair.article_id} {pair.numbers[1]}", _address(pair.url), pair.pages[1])
    for truth in read_truths(corpora):
        name = f"{truth['corpus']}/{truth['id']}"
        yield Page(name, _address(str(truth.get("url"))), saved_page(corpora, truth))


def _address(url: str) -> str:
    return url if url.startswith(("http://", "https://")) else "https://news.example/world/1234567"


def try_page(page: Page, seed: int) -> list[Trial]:
    """Every change of a page, judged; none if the page gives no article."""
    return [
        Trial(page.name, change.field, change.what, judge(change.old, change.new))
        for change in changes_of(page, seed)
    ]


def changes_of(page: Page, seed: int) -> Iterator[Change]:
    """Each change of a page, one at a time."""
    if len(page.raw) > MAX_PAGE_BYTES:
        return
    markup, _ = decode(page.raw, page.content_type)
    old = _utf8(page, markup)
    try:
        article = extract(old.raw, old.url, content_type=old.content_type)
    except ScraperError:
        return
    rng = random.Random(zlib.crc32(f"{page.name} {seed}".encode()))
    for mutation in mutations(markup, article, rng):
        yield Change(mutation.field, mutation.change, old, _utf8(page, mutation.markup))


def _utf8(page: Page, markup: str) -> Page:
    raw = markup.encode("utf-8", "replace")
    return Page(page.name, page.url, raw, "text/html; charset=utf-8")


def served_trials(changes: Sequence[Change]) -> list[Trial]:
    """These changes, judged by what `variorum fetch` logs: a round, the change, a second round."""
    trials: list[Trial] = []
    for start in range(0, len(changes), HOSTS_PER_SERVER):
        trials += _trials_on_one_server(changes[start : start + HOSTS_PER_SERVER])
    return trials


def _trials_on_one_server(changes: Sequence[Change]) -> list[Trial]:
    hosts = {address(number): change for number, change in enumerate(changes)}
    is_changed = False

    def route(host: str, path: str) -> Answer | None:
        if path == "/robots.txt":
            return None
        change = hosts[host]
        page = change.new if is_changed else change.old
        return Answer(page.raw, page.content_type or "text/html")

    with tempfile.TemporaryDirectory() as scratch, serving(len(changes), route) as server:
        tracker = variorum_tracker(Path(scratch) / "sensitivity.db")
        urls = [server.url(number, "/news/1") for number in range(len(changes))]
        tracker(urls, _no_fetch)
        is_changed = True
        results = tracker(urls, _no_fetch)
    return [
        _served_trial(change, url, results[url]) for change, url in zip(changes, urls, strict=True)
    ]


def _served_trial(change: Change, url: str, result: TrackerResult) -> Trial:
    """A served change: the verdict on its address, "missed" if `variorum fetch` logged something else."""
    old, new = replace(change.old, url=url), replace(change.new, url=url)
    verdict = judge(old, new)
    logged = Counter(Logged(edit.field, edit.old, edit.new) for edit in verdict.logged)
    if logged != Counter(result.edits):
        verdict = replace(verdict, name="missed", logged=(), reason=result.failure)
    return Trial(change.old.name, change.field, change.what, verdict)


def _no_fetch(url: str) -> bytes:
    raise AssertionError("`variorum fetch` sends its own requests")


def print_table(trials: Sequence[Trial]) -> None:
    """Print how often each verdict was given, by field and change."""
    counts: dict[str, Counter[str]] = {}
    for trial in trials:
        counts.setdefault(f"{trial.field}, {trial.what}", Counter())[trial.verdict.name] += 1
    counts["all"] = sum(counts.values(), Counter())
    print(f"{'':24}{'changed':>9}{'seen':>9}" + "".join(f"{name:>14}" for name in NAMES[1:]))
    for name, by_verdict in sorted(counts.items(), key=lambda item: (item[0] == "all", item[0])):
        changed = by_verdict.total()
        cells = "".join(f"{by_verdict[verdict]:>14}" for verdict in NAMES[1:])
        print(f"{name:24}{changed:>9}{changed - by_verdict['unseen']:>9}{cells}")


def print_failures(trials: Sequence[Trial]) -> None:
    """Print each change that was seen but not logged in the same words."""
    for trial in trials:
        if trial.verdict.name in ("unseen", "logged"):
            continue
        verdict = trial.verdict
        print(f"\n{verdict.name}: {trial.field}, {trial.what}: {trial.page}: {verdict.reason}")
        for title, edits in (("seen", verdict.seen), ("logged", verdict.logged)):
            for edit in edits[:MAX_EDITS_SHOWN]:
                texts = (str(text)[:MAX_CHARACTERS_SHOWN] for text in (edit.old, edit.new))
                print(f"  {title} {edit.field} {edit.op}: {' -> '.join(texts)}")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `sensitivity`."""
    add_corpora_option(parser)
    parser.add_argument("--pages", type=int, metavar="N", help="only N pages, chosen by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--serve",
        type=int,
        default=0,
        metavar="N",
        help="every change of N of the pages through `variorum fetch`, too",
    )
    parser.add_argument("--verbose", action="store_true", help="list what was not logged")
    parser.add_argument("--gate", action="store_true", help="exit 1 if a check missed a change")


def main(options: argparse.Namespace) -> int:
    """Print the tables; with --gate, return 1 if a check missed a change."""
    pages = list(corpus_pages(options.corpora))
    random.Random(options.seed).shuffle(pages)
    pages = pages[: options.pages]
    with ProcessPoolExecutor(options.jobs) as processes:
        by_page = processes.map(partial(try_page, seed=options.seed), pages, chunksize=4)
        trials = [trial for page_trials in by_page for trial in page_trials]
    print(f"{len(pages)} pages, seed {options.seed}\n")
    print_table(trials)
    if options.serve:
        served = served_trials(
            [change for page in pages[: options.serve] for change in changes_of(page, options.seed)]
        )
        print("\nthrough `variorum fetch`:\n")
        print_table(served)
        trials += served
    if options.verbose:
        print_failures(trials)
    missed = sum(trial.verdict.name == "missed" for trial in trials)
    print(f"\n{missed} missed")
    return 1 if options.gate and missed else 0
