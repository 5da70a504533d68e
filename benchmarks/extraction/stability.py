"""Articles that stood still while their pages moved: does what is extracted stand still too?

The pairs of saved versions that were labelled `noise` are joined into groups, each a run of
versions of one article between which nothing was edited. Every version is extracted by ours and
by each installed peer (trafilatura, readability-lxml, resiliparse), by itself, as the first look
at a page is; a group counts where not all its versions give the same text.

    python -m benchmarks.extraction.stability
    python -m benchmarks.extraction.stability --list --gate
"""

import argparse
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.edits.pairs import Pair, read_pairs
from benchmarks.edits.trackers import LIBRARY_READERS
from benchmarks.pages.corpus import DEFAULT_CORPORA
from scraper.errors import ExtractError
from scraper.extract import extract

COMPARED_FIELDS = ("body", "headline", "dek", "byline", "captions")
PEER_MODULES = {
    "trafilatura": "trafilatura",
    "readability": "readability",
    "resiliparse": "resiliparse",
}
OUR_NAME = "variorum"
# Shares of the groups; they only fall. The requirement is under 3 % for the body.
CEILINGS = {"body": 0.029, "headline": 0.0, "dek": 0.0, "byline": 0.0, "captions": 0.0}
MAX_SENTENCE_CHARACTERS = 160  # characters of a sentence that moved
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")

Texts = Mapping[str, str]  # by field; empty where there is none
Reader = Callable[[bytes, str], Texts]


@dataclass(frozen=True, slots=True)
class Group:
    """The versions of an article that stood still: (number, page), in order."""

    article_id: str
    url: str
    versions: tuple[tuple[int, bytes], ...]

    def __str__(self) -> str:
        numbers = ", ".join(str(number) for number, _ in self.versions)
        return f"{self.article_id} ({numbers})"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an extractor read of a group, version by version."""

    group: Group
    texts: tuple[Texts, ...]

    def unstable(self) -> tuple[str, ...]:
        """The fields that are not the same in all versions."""
        return tuple(
            field
            for field in COMPARED_FIELDS
            if len({texts.get(field) for texts in self.texts}) > 1
        )

    def is_empty(self) -> bool:
        """Whether no version gave a body: it stands still, but says nothing."""
        return not any(texts["body"] for texts in self.texts)


def groups(pairs: Iterable[Pair]) -> list[Group]:
    """The runs of versions that noise pairs connect, by article.

    A pair without an edited field is noise: stamps are fields too.
    """
    runs: list[tuple[Pair, dict[int, bytes]]] = []
    for pair in sorted(pairs, key=lambda pair: (pair.article_id, pair.numbers)):
        if pair.fields:
            continue
        versions = dict(zip(pair.numbers, pair.pages, strict=True))
        first, run = runs[-1] if runs else (None, {})
        if first and first.article_id == pair.article_id and pair.numbers[0] in run:
            run.update(versions)
        else:
            runs.append((pair, versions))
    return [Group(pair.article_id, _url(pair), tuple(run.items())) for pair, run in runs]


def _url(pair: Pair) -> str:
    return pair.url if pair.url.startswith("http") else ""


def readers() -> dict[str, Reader]:
    """Ours, and the peers that are installed."""
    entries: dict[str, Reader] = {OUR_NAME: read_with_variorum}
    for name, module in PEER_MODULES.items():
        if find_spec(module):
            entries[name] = _peer(LIBRARY_READERS[name])
    return entries


def read_with_variorum(page: bytes, url: str) -> Texts:
    """Every text of the article; an ExtractError has none."""
    try:
        article = extract(page, url)
    except ExtractError:
        return dict.fromkeys(COMPARED_FIELDS, "")
    return {
        "body": article.body,
        "headline": article.headline,
        "dek": article.dek or "",
        "byline": ", ".join(article.byline),
        "captions": "\n".join(article.captions),
    }


def _peer(read: Callable[[bytes, str], tuple[str, str]]) -> Reader:
    def texts(page: bytes, url: str) -> Texts:
        try:
            headline, body = read(page, url)
        except Exception:  # noqa: BLE001 - a peer's fault must not end the run
            headline = body = ""
        return {"headline": headline, "body": " ".join(body.split())}

    return texts


def readings(noise_groups: Sequence[Group], read: Reader) -> Iterator[Reading]:
    """What one extractor reads of each group."""
    for group in noise_groups:
        yield Reading(group, tuple(read(page, group.url) for _, page in group.versions))


def unstable_share(entries: Sequence[Reading], field: str) -> float:
    """The groups in which a field moved, of all."""
    return sum(field in reading.unstable() for reading in entries) / len(entries)


def print_table(results: Mapping[str, Sequence[Reading]]) -> None:
    """The share of groups in which each field moved; "-" where an extractor does not give it."""
    print(f"{'':14}" + "".join(f"{field:>10}" for field in COMPARED_FIELDS) + f"{'no body':>10}")
    for name, entries in results.items():
        given_fields = {field for reading in entries for texts in reading.texts for field in texts}
        cells = [
            f"{100 * unstable_share(entries, field):8.1f} %"
            if field in given_fields
            else f"{'-':>10}"
            for field in COMPARED_FIELDS
        ]
        empty = sum(reading.is_empty() for reading in entries)
        print(f"{name:14}" + "".join(cells) + f"{empty:>10}")


def print_list(name: str, entries: Sequence[Reading]) -> None:
    """The groups that moved, each with the sentences that not all versions have."""
    for reading in entries:
        for field in reading.unstable():
            print(f"\n{name}: {field}: {reading.group}")
            for (number, _), unstable in zip(
                reading.group.versions, _unshared_sentences(reading, field), strict=True
            ):
                for sentence in unstable:
                    print(f"  {number}: {sentence[:MAX_SENTENCE_CHARACTERS]}")
        if reading.is_empty():
            print(f"\n{name}: no body: {reading.group}")


def _unshared_sentences(reading: Reading, field: str) -> list[list[str]]:
    """For each version the sentences that another one does not have."""
    sentences = [SENTENCE_END.split(texts[field]) for texts in reading.texts]
    common = set(sentences[0]).intersection(*sentences)
    return [[text for text in version if text and text not in common] for version in sentences]


def above_ceiling(entries: Sequence[Reading]) -> list[str]:
    """The shares that are too high."""
    return [
        f"{field}: {unstable_share(entries, field):.3f} is over {ceiling:.3f}"
        for field, ceiling in CEILINGS.items()
        if unstable_share(entries, field) > ceiling
    ]


def main() -> int:
    """Print the table; with --gate, exit 1 where ours moves more than it may."""
    arguments = _parser().parse_args()
    logging.disable(logging.CRITICAL)  # trafilatura and readability speak of every odd page
    stable_groups = groups(read_pairs(arguments.corpora / "pairs"))
    versions = sum(len(group.versions) for group in stable_groups)
    print(f"{len(stable_groups)} groups of {versions} versions whose article stood still\n")
    results = {name: list(readings(stable_groups, read)) for name, read in readers().items()}
    print_table(results)
    if arguments.list:
        for name, entries in results.items():
            print_list(name, entries)
    failures = above_ceiling(results[OUR_NAME]) if arguments.gate else []
    print("\n".join(failures), end="\n" if failures else "")
    return 1 if failures else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.extraction.stability",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--corpora", type=Path, default=DEFAULT_CORPORA)
    parser.add_argument("--list", action="store_true", help="name the groups and the lines")
    parser.add_argument("--gate", action="store_true", help="exit 1 over the ceilings")
    return parser


if __name__ == "__main__":
    sys.exit(main())
