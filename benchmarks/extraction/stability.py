"""Pages that changed around an unchanged article: is the extraction unchanged too?

The pairs labelled `noise` in the corpora are joined into groups: versions of one article without
an edit between them. Variorum and each installed peer (trafilatura, readability-lxml,
resiliparse) extract every version by itself, as in a first check. A group is unstable if its
versions do not all give the same text.

    python -m benchmarks stability
    python -m benchmarks stability --list --gate
"""

import argparse
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from benchmarks.edits.pairs import Pair, read_pairs
from benchmarks.edits.trackers import LIBRARY_READERS
from benchmarks.support.paths import add_corpora_option
from scraper.errors import ExtractError
from scraper.extract import extract

COMPARED_FIELDS = ("body", "headline", "dek", "byline", "captions")
PEER_MODULES = {
    "trafilatura": "trafilatura",
    "readability": "readability",
    "resiliparse": "resiliparse",
}
OUR_NAME = "variorum"
# The largest unstable shares. They only fall; the body must stay under 3 %.
CEILINGS = {"body": 0.029, "headline": 0.0, "dek": 0.0, "byline": 0.0, "captions": 0.0}
MAX_SENTENCE_CHARACTERS = 160
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")

Texts = Mapping[str, str]  # by field; empty if the article has none
TextReader = Callable[[bytes, str], Texts]


@dataclass(frozen=True, slots=True)
class Group:
    """Versions of one article without an edit between them: (number, page), in order."""

    article_id: str
    url: str
    versions: tuple[tuple[int, bytes], ...]

    def __str__(self) -> str:
        numbers = ", ".join(str(number) for number, _ in self.versions)
        return f"{self.article_id} ({numbers})"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an extractor gave for a group, version by version."""

    group: Group
    texts: tuple[Texts, ...]

    def unstable(self) -> tuple[str, ...]:
        """The fields that differ between the versions."""
        return tuple(
            field
            for field in COMPARED_FIELDS
            if len({texts.get(field) for texts in self.texts}) > 1
        )

    def is_empty(self) -> bool:
        """Whether no version gave a body, which is stable but useless."""
        return not any(texts["body"] for texts in self.texts)


def groups(pairs: Iterable[Pair]) -> list[Group]:
    """The groups of versions that noise pairs connect, by article.

    A pair without any edited field is a noise pair. Timestamps are fields too.
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


def text_readers() -> dict[str, TextReader]:
    """By name: Variorum, and every peer that is installed."""
    entries: dict[str, TextReader] = {OUR_NAME: read_with_variorum}
    for name, module in PEER_MODULES.items():
        if find_spec(module):
            entries[name] = _peer(LIBRARY_READERS[name])
    return entries


def read_with_variorum(page: bytes, url: str) -> Texts:
    """Every text of the article, all empty if the extraction raises ExtractError."""
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


def _peer(read: Callable[[bytes, str], tuple[str, str]]) -> TextReader:
    def texts(page: bytes, url: str) -> Texts:
        try:
            headline, body = read(page, url)
        except Exception:  # noqa: BLE001 - a peer's failure must not end the run
            headline = body = ""
        return {"headline": headline, "body": " ".join(body.split())}

    return texts


def readings(noise_groups: Sequence[Group], read: TextReader) -> Iterator[Reading]:
    """What one extractor gives for each group."""
    for group in noise_groups:
        yield Reading(group, tuple(read(page, group.url) for _, page in group.versions))


def unstable_share(entries: Sequence[Reading], field: str) -> float:
    """The share of the groups in which a field is unstable."""
    return sum(field in reading.unstable() for reading in entries) / len(entries)


def print_table(results: Mapping[str, Sequence[Reading]]) -> None:
    """Print the unstable share of each field, "-" if an extractor does not give the field."""
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
    """Print the unstable groups, each with the sentences that some of its versions lack."""
    for reading in entries:
        for field in reading.unstable():
            print(f"\n{name}: {field}: {reading.group}")
            for (number, _), unshared in zip(
                reading.group.versions, _unshared_sentences(reading, field), strict=True
            ):
                for sentence in unshared:
                    print(f"  {number}: {sentence[:MAX_SENTENCE_CHARACTERS]}")
        if reading.is_empty():
            print(f"\n{name}: no body: {reading.group}")


def _unshared_sentences(reading: Reading, field: str) -> list[list[str]]:
    """For each version, its sentences that another version lacks."""
    sentences = [SENTENCE_END.split(texts[field]) for texts in reading.texts]
    common = set(sentences[0]).intersection(*sentences)
    return [[text for text in version if text and text not in common] for version in sentences]


def above_ceiling(entries: Sequence[Reading]) -> list[str]:
    """A line for each share that is above its ceiling."""
    return [
        f"{field}: {unstable_share(entries, field):.3f} is above {ceiling:.3f}"
        for field, ceiling in CEILINGS.items()
        if unstable_share(entries, field) > ceiling
    ]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `stability`."""
    add_corpora_option(parser)
    parser.add_argument("--list", action="store_true", help="print unstable groups and sentences")
    parser.add_argument("--gate", action="store_true", help="exit 1 above a ceiling")


def main(options: argparse.Namespace) -> int:
    """Print the table; with --gate, return 1 if a share of Variorum is above its ceiling."""
    logging.disable(logging.CRITICAL)  # trafilatura and readability log every odd page
    noise_groups = groups(read_pairs(options.corpora / "pairs"))
    versions = sum(len(group.versions) for group in noise_groups)
    print(f"{len(noise_groups)} groups of {versions} versions with an unchanged article\n")
    results = {name: list(readings(noise_groups, read)) for name, read in text_readers().items()}
    print_table(results)
    if options.list:
        for name, entries in results.items():
            print_list(name, entries)
    failures = above_ceiling(results[OUR_NAME]) if options.gate else []
    print("\n".join(failures), end="\n" if failures else "")
    return 1 if failures else 0
