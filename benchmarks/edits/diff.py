"""How long a comparison of two versions takes, and how much text its answer calls changed.

The cases are real pairs (pages in several languages, Korean headlines and ledes) and invented
worst cases. The peers are difflib and rapidfuzz on words, and diff-match-patch on characters with
its own time-out of a second. Variorum also aligns sentences, detects moves and names the kind of
each edit.

    python -m benchmarks diff
"""

import argparse
import difflib
import importlib
import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rapidfuzz.distance import Indel

from benchmarks.edits.pairs import read_pairs
from benchmarks.support.paths import add_corpora_option
from scraper.article import Article
from scraper.errors import ScraperError
from scraper.extract import extract
from storage.diff import compare
from storage.diff.text.tokens import tokens

ArticlePair = tuple[Article, Article]
# A differ returns how many characters it calls removed or added.
Differ = Callable[[Article, Article], int]
ROUNDS = 3
MAX_PEER_SECONDS = 20.0  # a differ slower than this gets no further round
LARGEST_CASE = "1 MB, rewritten"


def by_variorum(old: Article, new: Article) -> int:
    """`storage.diff.compare`."""
    return sum(len(edit.old or "") + len(edit.new or "") for edit in compare(old, new))


def by_difflib(old: Article, new: Article) -> int:
    """`difflib.SequenceMatcher` on the words of both texts."""
    old_side, new_side = tokens(_text(old)), tokens(_text(new))
    codes = difflib.SequenceMatcher(None, old_side, new_side, autojunk=False).get_opcodes()
    return _size([(old_side[a:b], new_side[c:d]) for op, a, b, c, d in codes if op != "equal"])


def by_rapidfuzz(old: Article, new: Article) -> int:
    """rapidfuzz's opcodes on the words of both texts."""
    old_side, new_side = tokens(_text(old)), tokens(_text(new))
    codes = [code for code in Indel.opcodes(old_side, new_side) if code.tag != "equal"]
    return _size(
        [(old_side[c.src_start : c.src_end], new_side[c.dest_start : c.dest_end]) for c in codes]
    )


def differs() -> dict[str, Differ]:
    """By name: Variorum, and every peer that is installed."""
    result = {"variorum": by_variorum, "difflib": by_difflib, "rapidfuzz": by_rapidfuzz}
    try:
        engine = importlib.import_module("diff_match_patch").diff_match_patch()
    except ImportError:
        return result

    def by_patch(old: Article, new: Article) -> int:
        parts = engine.diff_main(_text(old), _text(new))
        engine.diff_cleanupSemantic(parts)
        return sum(len(text) for op, text in parts if op)

    return {**result, "diff-match-patch": by_patch}


def _text(article: Article) -> str:
    return f"{article.headline}\n{article.dek or ''}\n{article.body}"


def _size(changes: list[tuple[list[str], list[str]]]) -> int:
    return sum(len(word) for removed, added in changes for word in removed + added)


def real_pairs(corpora: Path) -> list[ArticlePair]:
    """The pairs of saved pages whose texts differ."""
    result = []
    for pair in read_pairs(corpora / "pairs"):
        try:
            old, new = (extract(page, pair.url) for page in pair.pages)
        except ScraperError:
            continue
        if _text(old) != _text(new):
            result.append((old, new))
    return result


def korean_pairs(corpora: Path) -> list[ArticlePair]:
    """Neighbouring versions of headline and lede in Korean feeds."""
    last: dict[str, Article] = {}
    result = []
    with (corpora / "korean" / "feed_versions.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            article = Article(row["url"], row["title"], paragraphs=(row["body"],) if row["body"] else (), lang="ko")  # fmt: skip
            previous = last.get(row["article_id"])
            if previous and _text(previous) != _text(article):
                result.append((previous, article))
            last[row["article_id"]] = article
    return result


def worst_cases() -> Iterator[tuple[str, ArticlePair]]:
    """One edit in a long text, an edit in each sentence, a shuffle, and complete rewrites."""
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghijklmnop", k=rng.randint(2, 9))) for _ in range(4_000)]

    def sentences(count: int) -> list[str]:
        return [" ".join(rng.choices(words, k=15)).capitalize() + "." for _ in range(count)]

    text = sentences(200)
    yield (
        "one word in 3,000",
        _article_pair(text, [*text[:99], text[99].replace("a", "b", 1), *text[100:]]),
    )
    yield "each sentence in 3,000 words", _article_pair(text, [f"Now {line}" for line in text])
    yield "200 sentences shuffled", _article_pair(text, rng.sample(text, len(text)))
    yield "3,000 words, rewritten", _article_pair(text, sentences(200))
    yield LARGEST_CASE, _article_pair(sentences(11_000), sentences(11_000))
    chinese = ["".join(chr(0x4E00 + rng.randrange(3_000)) for _ in range(500)) for _ in range(2)]
    yield "500 Chinese characters, rewritten", _article_pair(chinese[:1], chinese[1:])


def _article_pair(old: list[str], new: list[str]) -> ArticlePair:
    old_side, new_side = (Article("https://example.org/a", "Title", paragraphs=tuple(_in_paragraphs(lines))) for lines in (old, new))  # fmt: skip
    return old_side, new_side


def _in_paragraphs(lines: list[str]) -> list[str]:
    return [" ".join(lines[at : at + 4]) for at in range(0, len(lines), 4)]


def measure(name: str, pairs: list[ArticlePair]) -> None:
    """Print a line per differ: time per pair and size of the answer, with ratios to Variorum's."""
    print(f"\n{name} ({len(pairs)} pairs, {sum(len(_text(new)) for _, new in pairs):,} characters)")
    seconds: dict[str, float] = {}
    sizes: dict[str, int] = {}
    for differ, diff in differs().items():
        if name == LARGEST_CASE and differ == "difflib":
            print(f"  {differ:18} left out: quadratic, it takes minutes")
            continue
        best = float("inf")
        for _ in range(ROUNDS):
            started = time.perf_counter()
            sizes[differ] = sum(diff(old, new) for old, new in pairs)
            best = min(best, time.perf_counter() - started)
            if best > MAX_PEER_SECONDS:
                break
        seconds[differ] = best
    for differ, best_seconds in seconds.items():
        milliseconds, ratio = best_seconds / len(pairs) * 1e3, best_seconds / seconds["variorum"]
        size_ratio = sizes[differ] / max(1, sizes["variorum"])
        print(
            f"  {differ:18}{milliseconds:12.3f} ms a pair {ratio:10.2f} times ours"
            f"{sizes[differ]:12,} characters changed {size_ratio:8.2f}"
        )


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `diff`."""
    add_corpora_option(parser)


def main(options: argparse.Namespace) -> int:
    """Print the tables."""
    measure("real pages that changed", real_pairs(options.corpora))
    measure("Korean headlines and ledes", korean_pairs(options.corpora))
    for name, pair in worst_cases():
        measure(name, [pair])
    return 0
